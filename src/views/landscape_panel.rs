//! The scene on the page: the choice of what it shows, its canvas, the start's handle and the scale
//! of its colors.
//!
//! On the landscape a drag moves the picture, the wheel and two fingers zoom, a double click shows
//! all again, and a click sets the start. The typed fields of the rail set the start too.

use web_sys::{HtmlCanvasElement, HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use super::{
    LabHandle, enlarging, icons,
    plain_button::{plain, plain_if},
    plane_gestures::use_plane,
    start_handle::use_start_handle,
};
use crate::{
    chart::panels,
    lab::Place,
    session::Session,
    view_settings::{Figure, Layer, Line, NamedOption, Scene},
};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The Lab.
    pub lab: LabHandle,
    /// Grows whenever there is something new to show.
    pub version: u64,
}

/// Stands for the number of variables of a network.
const WEIGHTS: usize = usize::MAX;
/// By how much a button zooms.
const ZOOM: f64 = 1.5;

/// See the module's header.
#[component]
pub fn LandscapePanel(props: &Props) -> Html {
    let lab = props.lab.clone();
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(lab.clone(), move |lab| {
            lab.place(Place::Landscape, canvas.cast::<HtmlCanvasElement>());
            let lab = lab.clone();
            move || lab.place(Place::Landscape, None)
        });
    }
    let plane = use_plane(&lab, &canvas);
    let start_handle = use_start_handle(&lab, &canvas);
    let (dimension, is_network) =
        lab.read(|session| (session.experiment().start.len(), session.experiment().is_network()));
    // The weights of a network span no plane.
    let dimension = if is_network { WEIGHTS } else { dimension };
    let (scene, view) = (lab.scene(), lab.view());
    let is_plane = matches!(scene, Scene::Landscape | Scene::Cobweb) && dimension <= 2;
    let has_layers = scene == Scene::Landscape && dimension == 2;
    let title = title_of(scene, dimension);
    let words = lab.scene_words();
    let summary = match &words {
        Some(words) => format!("{title}. {words}"),
        None if is_network => title.to_owned(),
        None => lab.read(summary),
    };
    let is_of_one_run = scene != Scene::Landscape || is_network || (has_layers && view.layer == Layer::Sharpness);
    let zoom = |factor: f64| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.move_window((0.0, 0.0), factor, (0.5, 0.5)))
    };
    let show_all = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.reset_window())
    };
    html! {
        <figure class={classes!("chart", "is-landscape", (!is_plane).then_some("is-plotted"), (view.enlarged == Some(Figure::Scene)).then_some("is-alone"))}
            data-figure={Figure::Scene.name()} aria-label={title}>
            <figcaption>
                <h2 class="sr">{ title }</h2>
                { list("scene", "Scene", lab.scenes().into_iter().map(|choice| (choice.name(), title_of(choice, dimension), choice == scene)).collect(),
                    chosen(&lab, |lab, scene| lab.set_scene(scene))) }
                if has_layers {
                    { list("layer", "Colors of the landscape", Layer::ALL.iter().map(|(layer, name)| (*name, layer_title(*layer), *layer == view.layer)).collect(),
                        chosen(&lab, |lab, layer| lab.change_view(|view| view.layer = layer))) }
                }
                if scene == Scene::Lens {
                    { list("layer", "Line of the slice", Line::ALL.iter().map(|(line, name)| (*name, line_title(*line), *line == view.line)).collect(),
                        chosen(&lab, |lab, line| lab.change_view(|view| view.line = line))) }
                }
                if is_of_one_run {
                    <span class="of-run">{ lab.look(|session, view| panels::label(session, view.selected)) }</span>
                }
                <span class="axis-name">{ axis_name(scene, dimension, view.layer) }</span>
                if is_plane {
                    <span class="zooms">
                        { plain("Zoom out", "Zoom out (wheel)", icons::minus(), zoom(ZOOM)) }
                        { plain("Zoom in", "Zoom in (wheel)", icons::plus(), zoom(1.0 / ZOOM)) }
                        { plain_if(!lab.shows_all(), "Show all of the landscape".into(), "Show all again (double click)", icons::whole(), show_all) }
                    </span>
                }
                { enlarging::buttons(&lab, Figure::Scene) }
            </figcaption>
            <div class="surface">
                <canvas ref={canvas} class={is_plane.then_some("is-draggable")} role="img" aria-label={summary}
                    onpointerdown={plane.on_down} onpointermove={plane.on_move} onpointerup={plane.on_up.clone()} onpointerleave={plane.on_leave} onpointercancel={plane.on_cancel}
                    onwheel={plane.on_wheel} ondblclick={plane.on_double}></canvas>
                if is_plane {
                    { start_handle }
                }
                if has_layers {
                    { legend(&lab, view.layer) }
                }
            </div>
            if let Some(words) = words {
                <p class="scene-says">{ words }</p>
            }
        </figure>
    }
}

/// A list of choices: name, title and whether it is the one.
fn list(
    class: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str, bool)>,
    act: Callback<Event>,
) -> Html {
    let chosen = options.iter().find(|(.., is_chosen)| *is_chosen).map_or("", |(name, ..)| name);
    html! {
        <select class={classes!("bare", class)} aria-label={label} ~value={chosen} onchange={act}>
            { for options.into_iter().map(|(name, title, selected)| html! { <option value={name} {selected}>{ title }</option> }) }
        </select>
    }
}

/// Carries out what is chosen in a list of choices.
fn chosen<C: NamedOption>(lab: &LabHandle, act: impl Fn(&LabHandle, C) + 'static) -> Callback<Event> {
    let lab = lab.clone();
    Callback::from(move |event: Event| {
        if let Some(choice) = C::named(&event.target_unchecked_into::<HtmlSelectElement>().value()) {
            act(&lab, choice);
        }
    })
}

/// The scale of the colors.
fn legend(lab: &LabHandle, layer: Layer) -> Html {
    let Some(legend) = lab.legend() else { return Html::default() };
    html! {
        <p class={classes!("legend", format!("is-{}", layer.name()))}>
            <span>{ legend.low }</span><span class="ramp"></span><span>{ legend.high }</span><span class="what">{ legend.middle }</span>
        </p>
    }
}

fn title_of(scene: Scene, dimension: usize) -> &'static str {
    match (scene, dimension) {
        (Scene::Landscape, 1) => "Graph of f and iterates",
        (Scene::Landscape, 2) => "Landscape",
        (Scene::Landscape, WEIGHTS) => "What the network computes",
        (Scene::Landscape, _) => "Coordinates of the selected run",
        (Scene::Weights, _) => "Weights of the network",
        (Scene::Lens, _) => "Why 2/η",
        (Scene::Segment, _) => "Segment smoothness",
        (Scene::Portrait, _) => "Phase portrait",
        (Scene::Cobweb, _) => "Cobweb",
    }
}

fn axis_name(scene: Scene, dimension: usize, layer: Layer) -> &'static str {
    match (scene, dimension) {
        (Scene::Landscape | Scene::Cobweb, 1) => "x",
        // The legend says it there.
        (Scene::Landscape, 2) if layer == Layer::Sharpness => "",
        (Scene::Landscape, 2) => "dashed: λ₁ = 2/η",
        (Scene::Landscape, WEIGHTS) | (Scene::Weights, _) => "",
        (Scene::Lens, _) => "f(x + s·u)",
        (Scene::Segment, _) => "against step h",
        (Scene::Portrait, _) => "λ₁ against ½uᵀs",
        _ => "step k",
    }
}

fn layer_title(layer: Layer) -> &'static str {
    match layer {
        Layer::Loss => "loss",
        Layer::Sharpness => "sharpness λ₁",
        Layer::Gradient => "gradient ‖∇f‖",
    }
}

fn line_title(line: Line) -> &'static str {
    match line {
        Line::Eigenvector => "along the top eigenvector",
        Line::Descent => "along −∇f",
    }
}

fn summary(session: &Session) -> String {
    let places = session.runs().iter().enumerate().map(|(index, run)| {
        let row = (session.step() as usize).min(run.history.len().saturating_sub(1));
        let point =
            run.history.coordinates().iter().take(4).filter_map(|x| x.get(row)).map(crate::chart::axis::significant);
        format!("{} is at ({})", panels::title(session, index), point.collect::<Vec<_>>().join(", "))
    });
    format!("Where the runs are at step {}. {}.", session.step(), places.collect::<Vec<_>>().join("; "))
}

/// Where a pointer is on the canvas, in fractions of its width and height.
pub fn fractions(canvas: &NodeRef, event: &PointerEvent) -> Option<(f64, f64)> {
    let canvas = canvas.cast::<HtmlElement>()?;
    let place = canvas.get_bounding_client_rect();
    let (width, height) = (place.width().max(1.0), place.height().max(1.0));
    Some(((f64::from(event.client_x()) - place.left()) / width, (f64::from(event.client_y()) - place.top()) / height))
}
