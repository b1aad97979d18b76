//! What the colors mean.

use flatland_drawing::{ColorScale, Kind, Legend, ScaleMark};
use plotters::style::RGBColor;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    chart::palette,
    numbers::{DIGITS, percent, significant},
};

/// A color.
type Rgb = [u8; 3];

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The meanings.
    pub legend: Legend,
    /// Whether the Lab's own run is a point of a drawing.
    pub has_dot: bool,
}

/// The ends of a scale in words: beyond them lie outliers, which have the color of the end.
pub fn ends(scale: &ColorScale) -> [String; 2] {
    let end = |number: f64, sign: &str, beyond: usize| {
        format!("{}{}", if beyond > 0 { sign } else { "" }, significant(number, DIGITS))
    };
    [end(scale.low, "≤ ", scale.below), end(scale.high, "≥ ", scale.above)]
}

/// A color as CSS.
pub fn css([red, green, blue]: Rgb) -> String {
    palette::css(RGBColor(red, green, blue))
}

/// The list of kinds, and the scale above it.
#[component]
pub fn LegendView(Props { legend, has_dot }: &Props) -> Html {
    let kind = |kind: &Kind| {
        let share = kind.share.map(|share| html! { <span class="atlas-share">{ percent(share) }</span> });
        // Kinds that are counted together stand side by side.
        html! {
            <li class={share.is_none().then_some("is-part")}>
                <Swatch class="atlas-swatch" colors={kind.colors.clone()} />
                <span>{ &kind.label }</span>
                { share }
            </li>
        }
    };
    let scale = legend.scale.as_ref().map(|scale| {
        let [low, high] = ends(scale);
        let mark = |mark: &ScaleMark| html! { <Mark label={mark.label} share={mark.share} /> };
        html! {
            <div class={classes!("atlas-scale", (!scale.marks.is_empty()).then_some("has-marks"))}>
                <span>{ scale.label }</span>
                <Swatch class="atlas-bar" colors={scale.colors.clone()} />
                <span class="atlas-ends"><span>{ low }</span>{ for scale.marks.iter().map(mark) }<span>{ high }</span></span>
            </div>
        }
    });
    html! {
        <div class="atlas-legend">
            { scale }
            <ul class="atlas-kinds">
                { for legend.kinds.iter().map(kind) }
                if let Some(curve) = legend.curve {
                    <li><span class="atlas-dashes" aria-hidden="true"></span><span>{ curve }</span></li>
                }
                if *has_dot {
                    <li><span class="atlas-dot" aria-hidden="true"></span><span>{ "the Lab’s run" }</span></li>
                }
            </ul>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SwatchProps {
    class: &'static str,
    colors: Vec<Rgb>,
}

/// A field of one color, or of several one after the other. The page's policy forbids styles in the
/// document: they are set on the element.
#[component]
fn Swatch(SwatchProps { class, colors }: &SwatchProps) -> Html {
    let node = use_node_ref();
    use_effect_with(colors.clone(), {
        let node = node.clone();
        move |colors| {
            if let Some(element) = node.cast::<HtmlElement>() {
                let list: Vec<String> = colors.iter().map(|color| css(*color)).collect();
                let background = match &list[..] {
                    [one] => one.clone(),
                    _ => format!("linear-gradient(to right, {})", list.join(", ")),
                };
                // A background of colors is always taken.
                let _ = element.style().set_property("background", &background);
            }
        }
    });
    html! { <span ref={node} class={*class} aria-hidden="true"></span> }
}

#[derive(Clone, PartialEq, Properties)]
struct MarkProps {
    label: &'static str,
    share: f64,
}

/// A number of interest below the scale.
#[component]
fn Mark(MarkProps { label, share }: &MarkProps) -> Html {
    let node = use_node_ref();
    use_effect_with(*share, {
        let node = node.clone();
        move |share| {
            if let Some(element) = node.cast::<HtmlElement>() {
                // A length is always taken.
                let _ = element.style().set_property("left", &format!("{}%", 100.0 * share));
            }
        }
    });
    html! { <span ref={node} class="atlas-mark">{ *label }</span> }
}
