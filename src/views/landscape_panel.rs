//! The landscape on the page. Pressing or dragging on it sets the start; the typed fields of the rail do the same for the keyboard.

use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::LabHandle;
use crate::{lab::Place, session::Session};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The Lab.
    pub lab: LabHandle,
    /// Grows whenever there is something new to show.
    pub version: u64,
}

/// See the module's header.
#[component]
pub fn LandscapePanel(props: &Props) -> Html {
    let lab = props.lab.clone();
    let canvas = use_node_ref();
    let dragging = use_mut_ref(|| false);
    {
        let canvas = canvas.clone();
        use_effect_with(lab.clone(), move |lab| {
            lab.place(Place::Landscape, canvas.cast::<HtmlCanvasElement>());
            let lab = lab.clone();
            move || lab.place(Place::Landscape, None)
        });
    }
    let dimension = lab.read(|session| session.experiment().start.len());
    let drag = {
        let (lab, canvas) = (lab.clone(), canvas.clone());
        move |event: &PointerEvent| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>().filter(|_| dimension <= 2) else { return };
            let share = |at: i32, length: i32| (f64::from(at) / f64::from(length.max(1))).clamp(0.0, 1.0);
            let (across, down) =
                (share(event.offset_x(), canvas.client_width()), share(event.offset_y(), canvas.client_height()));
            lab.drag_start(across, down);
        }
    };
    let on_down = {
        let (dragging, drag) = (dragging.clone(), drag.clone());
        move |event: PointerEvent| {
            if event.button() == 0 {
                *dragging.borrow_mut() = true;
                // Without capture the drag ends at the picture's edge, no more.
                let _ = event.target_unchecked_into::<Element>().set_pointer_capture(event.pointer_id());
                drag(&event);
            }
        }
    };
    let on_move = {
        let dragging = dragging.clone();
        move |event: PointerEvent| {
            if *dragging.borrow() {
                drag(&event);
            }
        }
    };
    let on_up = {
        let lab = lab.clone();
        move |_: PointerEvent| {
            if dragging.replace(false) {
                lab.drop_start();
            }
        }
    };
    let on_cancel = on_up.clone();
    let title = match dimension {
        1 => "Graph of f and iterates",
        2 => "Landscape",
        _ => "Coordinates of the first run",
    };
    html! {
        <figure class="chart is-landscape">
            <figcaption>
                <h2>{ title }</h2>
                <span class="axis-name">{ match dimension { 1 => "x", 2 => "log (f − f*); dashed: λ₁ = 2/η", _ => "step k" } }</span>
            </figcaption>
            <div class="surface">
                <canvas ref={canvas} class={(dimension <= 2).then_some("is-draggable")} role="img" aria-label={lab.read(summary)}
                    onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up} onpointercancel={on_cancel}></canvas>
            </div>
        </figure>
    }
}

fn summary(session: &Session) -> String {
    let places = session.runs().iter().enumerate().map(|(index, run)| {
        let row = (session.step() as usize).min(run.history.len().saturating_sub(1));
        let point =
            run.history.coordinates().iter().take(4).filter_map(|x| x.get(row)).map(crate::chart::axis::significant);
        format!("{} is at ({})", crate::chart::panels::title(session, index), point.collect::<Vec<_>>().join(", "))
    });
    format!("Where the runs are at step {}. {}.", session.step(), places.collect::<Vec<_>>().join("; "))
}
