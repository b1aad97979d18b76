//! A chart on the page: its title, its canvas, the crosshair, the readout under the pointer, and a summary in words.

use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use super::{LabHandle, run_class};
use crate::{
    chart::{
        axis::significant,
        panels::{self, Panel},
    },
    lab::Place,
    protocol::Quantity,
    session::Session,
};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The Lab.
    pub lab: LabHandle,
    /// Grows whenever there is something new to show.
    pub version: u64,
    /// Where the Lab is to draw.
    pub place: Place,
    /// What.
    pub panel: Panel,
}

/// See the module's header.
#[component]
pub fn ChartPanel(props: &Props) -> Html {
    let Props { lab, place, panel, .. } = props.clone();
    let canvas = use_node_ref();
    let crosshair = use_node_ref();
    let readout = use_node_ref();
    let inside = use_state(|| false);
    {
        let canvas = canvas.clone();
        use_effect_with((lab.clone(), place), move |(lab, place)| {
            lab.place(*place, canvas.cast::<HtmlCanvasElement>());
            let (lab, place) = (lab.clone(), *place);
            move || lab.place(place, None)
        });
    }
    let hovered = lab.hovered();
    {
        let (canvas, crosshair, readout, lab) = (canvas.clone(), crosshair.clone(), readout.clone(), lab.clone());
        use_effect(move || place_crosshair(&lab, panel, &canvas, &crosshair, &readout));
    }
    let to_step = {
        let (lab, canvas) = (lab.clone(), canvas.clone());
        move |event: &PointerEvent| step_under(&lab, panel, &canvas, event)
    };
    let on_move = {
        let (lab, inside, to_step) = (lab.clone(), inside.clone(), to_step.clone());
        move |event: PointerEvent| {
            inside.set(true);
            lab.hover(to_step(&event));
        }
    };
    let on_leave = {
        let (lab, inside) = (lab.clone(), inside.clone());
        move |_: PointerEvent| {
            inside.set(false);
            lab.hover(None);
        }
    };
    let on_click = {
        let lab = lab.clone();
        move |event: PointerEvent| {
            if let Some(step) = to_step(&event) {
                lab.seek(step);
            }
        }
    };
    let summary = lab.read(|session| summary(panel, session));
    html! {
        <figure class={classes!("chart", class_of(panel))}>
            <figcaption>
                <h2>{ title(panel) }</h2>
                if panel == Panel::Loss {
                    <button class="plain toggle" type="button" aria-pressed={lab.is_log().to_string()} title="Logarithmic or linear (L)"
                        onclick={let lab = lab.clone(); move |_| lab.toggle_log()}>{ if lab.is_log() { "log" } else { "linear" } }</button>
                }
                <span class="axis-name">{ "step k" }</span>
            </figcaption>
            <div class="surface">
                <canvas ref={canvas} role="img" aria-label={summary} onpointermove={on_move} onpointerleave={on_leave} onpointerup={on_click}></canvas>
                <div class="crosshair" ref={crosshair} hidden={hovered.is_none()}></div>
                <div class="readout" ref={readout} hidden={!*inside || hovered.is_none()}>
                    if let Some(step) = hovered.filter(|_| *inside) {
                        { lab.read(|session| table(panel, session, step)) }
                    }
                </div>
            </div>
        </figure>
    }
}

fn class_of(panel: Panel) -> &'static str {
    match panel {
        Panel::Loss => "is-loss",
        Panel::Sharpness => "is-sharpness",
        Panel::Product => "is-product",
    }
}

fn title(panel: Panel) -> Html {
    match panel {
        Panel::Loss => html! { <>{ "Loss f(x" }<sub>{ "k" }</sub>{ ")" }</> },
        Panel::Sharpness => html! { <>{ "Sharpness λ₁ and threshold 2/η" }</> },
        Panel::Product => html! { <>{ "Product η·λ₁" }</> },
    }
}

/// The step whose pixel is nearest to the pointer, if it lies on the plot.
fn step_under(lab: &LabHandle, panel: Panel, canvas: &NodeRef, event: &PointerEvent) -> Option<u64> {
    let canvas = canvas.cast::<HtmlCanvasElement>()?;
    let (left, right) = panels::margins(panel);
    let width = f64::from(canvas.client_width()) - left - right;
    let share = (f64::from(event.offset_x()) - left) / width;
    lab.read(|session| {
        let step = (panels::steps_axis(session).value(share)).round();
        ((-0.02..=1.02).contains(&share)).then(|| (step.max(0.0) as u64).min(session.frontier()))
    })
}

fn place_crosshair(lab: &LabHandle, panel: Panel, canvas: &NodeRef, crosshair: &NodeRef, readout: &NodeRef) {
    let (Some(step), Some(canvas)) = (lab.hovered(), canvas.cast::<HtmlCanvasElement>()) else { return };
    let (left, right) = panels::margins(panel);
    let width = f64::from(canvas.client_width());
    let share = lab.read(|session| panels::steps_axis(session).fraction(step as f64));
    let x = left + share * (width - left - right);
    // Setting a length on an element's style cannot fail.
    if let Some(crosshair) = crosshair.cast::<HtmlElement>() {
        let _ = crosshair.style().set_property("left", &format!("{x}px"));
    }
    if let Some(readout) = readout.cast::<HtmlElement>() {
        let is_right = share > 0.55;
        let _ =
            readout.style().set_property("left", &if is_right { "auto".to_owned() } else { format!("{}px", x + 12.0) });
        let _ = readout
            .style()
            .set_property("right", &if is_right { format!("{}px", width - x + 12.0) } else { "auto".to_owned() });
    }
}

/// What all runs show at a step.
fn table(panel: Panel, session: &Session, step: u64) -> Html {
    let heads: &[&str] = match panel {
        Panel::Loss => &["f", "‖∇f‖", "evaluations"],
        Panel::Sharpness => &["λ₁", "2/η", ""],
        Panel::Product => &["η", "λ₁", "η·λ₁"],
    };
    let rows =
        session.runs().iter().enumerate().filter(|(_, run)| (step as usize) < run.history.len()).map(|(index, run)| {
            let row = step as usize;
            let get = |quantity| run.history.get(quantity, row).unwrap_or(f64::NAN);
            let product = get(Quantity::Product);
            let cells: [String; 3] = match panel {
                Panel::Loss => [
                    significant(get(Quantity::Loss)),
                    significant(get(Quantity::GradientNorm)),
                    format!("{} f, {} ∇f", get(Quantity::FunctionEvaluations), get(Quantity::GradientEvaluations)),
                ],
                Panel::Sharpness => [
                    significant(get(Quantity::Sharpness)),
                    significant(run.history.threshold(row).unwrap_or(f64::NAN)),
                    if product > 2.0 { "above" } else { "below" }.to_owned(),
                ],
                Panel::Product => {
                    [significant(get(Quantity::StepSize)), significant(get(Quantity::Sharpness)), significant(product)]
                }
            };
            html! {
                <tr class={run_class(run.color)}>
                    <th scope="row"><span class="dot"></span>{ panels::label(session, index) }</th>
                    { for cells.into_iter().map(|cell| html! { <td>{ cell }</td> }) }
                </tr>
            }
        });
    html! {
        <table>
            <thead><tr><th scope="col">{ format!("step {step}") }</th>{ for heads.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// The chart in words.
fn summary(panel: Panel, session: &Session) -> String {
    let (what, quantity) = match panel {
        Panel::Loss => ("Loss", Quantity::Loss),
        Panel::Sharpness => ("Sharpness", Quantity::Sharpness),
        Panel::Product => ("Step size times sharpness", Quantity::Product),
    };
    let rows = session.frontier() as usize + 1;
    let runs = session.runs().iter().enumerate().map(|(index, run)| {
        let bucket = run.history.series(quantity).bucket(0..rows);
        let row = (session.step() as usize).min(run.history.len().saturating_sub(1));
        let now = run.history.get(quantity, row).unwrap_or(f64::NAN);
        format!(
            "{}: {} at this step, between {} and {} so far",
            panels::title(session, index),
            significant(now),
            significant(bucket.min),
            significant(bucket.max)
        )
    });
    format!("{what} over {} steps. {}.", session.frontier(), runs.collect::<Vec<_>>().join("; "))
}
