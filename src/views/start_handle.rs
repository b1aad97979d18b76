//! The start's handle on the landscape: large enough for a finger, dragged by a pointer, moved by
//! the arrow keys.

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::{LabHandle, landscape_panel::fractions};
use crate::chart::axis::significant;

/// How far an arrow key moves it, of the picture's size; with Shift ten times as far.
const NUDGE: f64 = 0.005;

/// The handle over a canvas, where the start lies on it. Not a component of its own: a hook weighs
/// less.
#[hook]
pub fn use_start_handle(lab: &LabHandle, canvas: &NodeRef) -> Html {
    let (lab, canvas) = (lab.clone(), canvas.clone());
    let handle = use_node_ref();
    // From the pointer to the handle's center, in fractions of the canvas, while it is dragged.
    let grip = use_mut_ref(|| None::<(f64, f64)>);
    let place = lab.start_place();
    {
        let handle = handle.clone();
        use_effect(move || {
            if let (Some((across, down)), Some(element)) = (place, handle.cast::<HtmlElement>()) {
                // Setting a length on an element's style cannot fail.
                let _ = element.style().set_property("left", &format!("{}%", 100.0 * across));
                let _ = element.style().set_property("top", &format!("{}%", 100.0 * down));
            }
        });
    }
    let on_down = {
        let (canvas, grip) = (canvas.clone(), grip.clone());
        move |event: PointerEvent| {
            if let (0, Some(at), Some(place)) = (event.button(), fractions(&canvas, &event), place) {
                *grip.borrow_mut() = Some((place.0 - at.0, place.1 - at.1));
                // Without capture the drag ends at the handle's edge, no more.
                let _ = event.target_unchecked_into::<Element>().set_pointer_capture(event.pointer_id());
            }
        }
    };
    let on_move = {
        let (lab, canvas, grip) = (lab.clone(), canvas.clone(), grip.clone());
        move |event: PointerEvent| {
            if let (Some(grip), Some(at)) = (*grip.borrow(), fractions(&canvas, &event)) {
                lab.drag_start((at.0 + grip.0).clamp(0.0, 1.0), (at.1 + grip.1).clamp(0.0, 1.0));
            }
        }
    };
    let on_up = {
        let (lab, grip) = (lab.clone(), grip.clone());
        move |_: PointerEvent| {
            if grip.borrow_mut().take().is_some() {
                lab.drop_start();
            }
        }
    };
    let on_cancel = on_up.clone();
    let on_key = {
        let lab = lab.clone();
        move |event: KeyboardEvent| {
            let nudge = if event.shift_key() { 10.0 * NUDGE } else { NUDGE };
            let (across, down) = match event.key().as_str() {
                "ArrowLeft" => (-nudge, 0.0),
                "ArrowRight" => (nudge, 0.0),
                "ArrowUp" => (0.0, -nudge),
                "ArrowDown" => (0.0, nudge),
                _ => return,
            };
            // The arrows step through time everywhere else.
            event.prevent_default();
            event.stop_propagation();
            if let Some(place) = place {
                lab.drag_start((place.0 + across).clamp(0.0, 1.0), (place.1 + down).clamp(0.0, 1.0));
                lab.drop_start();
            }
        }
    };
    let start = lab.read(|session| session.experiment().start.iter().map(|x| significant(*x)).collect::<Vec<_>>());
    html! {
        <button class="start-handle" type="button" ref={handle} hidden={place.is_none()} title="Drag to move the start"
            aria-label={format!("Start at ({}): drag it, or move it with the arrow keys", start.join(", "))}
            onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up} onpointercancel={on_cancel} onkeydown={on_key}></button>
    }
}
