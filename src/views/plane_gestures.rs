//! What pointers do on the landscape: one moves it, two zoom it, a click sets the start. On a phone one
//! finger scrolls the page, and two move the landscape.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, EventTarget, HtmlElement};
use yew::prelude::*;

use super::{LabHandle, landscape_panel::fractions};
use crate::{browser, listening::Listening, view_settings::Scene};

/// How far the pointer moves before a click is a drag, in CSS pixels.
const DRAG: f64 = 5.0;
/// By how much a pixel of the wheel zooms, and what a line of it counts, in pixels.
const WHEEL: (f64, f64) = (0.002, 33.0);
/// One turn of the wheel zooms by this much at the most.
const TURN: f64 = 2.0;

/// The canvas's listeners.
pub struct Plane {
    /// A pointer goes down.
    pub on_down: Callback<PointerEvent>,
    /// A pointer moves.
    pub on_move: Callback<PointerEvent>,
    /// A pointer goes up.
    pub on_up: Callback<PointerEvent>,
    /// A pointer leaves.
    pub on_leave: Callback<PointerEvent>,
    /// A pointer is lost.
    pub on_cancel: Callback<PointerEvent>,
    /// The wheel turns.
    pub on_wheel: Callback<WheelEvent>,
    /// A double click.
    pub on_double: Callback<MouseEvent>,
}

/// The pointers that are down.
#[derive(Default)]
struct Touch {
    /// With their places in fractions of the canvas.
    down: Vec<(i32, (f64, f64))>,
    /// Where the first went down, in CSS pixels of the page.
    from: (f64, f64),
    /// Whether this has become a drag or a pinch.
    is_gesture: bool,
    /// Whether one finger alone is the page's.
    is_pages: bool,
}

/// Listens to a canvas while the landscape is on it.
#[hook]
pub fn use_plane(lab: &LabHandle, canvas: &NodeRef) -> Plane {
    let touch = use_mut_ref(Touch::default);
    let is_plane = |lab: &LabHandle| {
        matches!(lab.scene(), Scene::Landscape | Scene::Cobweb)
            && lab.read(|session| session.experiment().start.len() <= 2 && !session.experiment().is_network())
    };
    use_two_fingers(canvas);
    let on_down = {
        let (lab, canvas, touch) = (lab.clone(), canvas.clone(), touch.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(at) = fractions(&canvas, &event).filter(|_| event.button() == 0 && is_plane(&lab)) else { return };
            let mut touch = touch.borrow_mut();
            if touch.down.is_empty() {
                touch.from = (f64::from(event.client_x()), f64::from(event.client_y()));
                touch.is_gesture = false;
                touch.is_pages = event.pointer_type() == "touch" && browser::is_phone();
            }
            touch.down.push((event.pointer_id(), at));
            // Without capture the drag ends at the picture's edge, no more.
            let _ = event.target_unchecked_into::<Element>().set_pointer_capture(event.pointer_id());
        })
    };
    let on_move = {
        let (lab, canvas, touch) = (lab.clone(), canvas.clone(), touch.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(at) = fractions(&canvas, &event) else { return };
            lab.point_at(is_plane(&lab).then_some(at));
            let mut touch = touch.borrow_mut();
            let before: Vec<(f64, f64)> = touch.down.iter().map(|(_, at)| *at).collect();
            let way = (f64::from(event.client_x()) - touch.from.0).hypot(f64::from(event.client_y()) - touch.from.1);
            let is_drag = touch.is_gesture || before.len() > 1 || way > DRAG;
            let Some((_, place)) = touch.down.iter_mut().find(|(id, _)| *id == event.pointer_id()) else { return };
            if !is_drag {
                return;
            }
            *place = at;
            touch.is_gesture = true;
            match (&before[..], &touch.down[..]) {
                ([a0, b0, ..], [(_, a1), (_, b1), ..]) => {
                    let Some(size) = canvas.cast::<HtmlElement>() else { return };
                    let (width, height) = (f64::from(size.client_width()), f64::from(size.client_height()));
                    let apart = |a: &(f64, f64), b: &(f64, f64)| ((a.0 - b.0) * width).hypot((a.1 - b.1) * height);
                    let middle = |a: &(f64, f64), b: &(f64, f64)| (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1));
                    let (old, new) = (middle(a0, b0), middle(a1, b1));
                    let factor = apart(a0, b0).max(1.0) / apart(a1, b1).max(1.0);
                    lab.move_window((new.0 - old.0, new.1 - old.1), factor, old);
                }
                ([old], _) if !touch.is_pages => lab.move_window((at.0 - old.0, at.1 - old.1), 1.0, *old),
                _ => {}
            }
        })
    };
    let on_up = {
        let (lab, touch) = (lab.clone(), touch.clone());
        Callback::from(move |event: PointerEvent| {
            let mut touch = touch.borrow_mut();
            let Some(place) = touch.down.iter().position(|(id, _)| *id == event.pointer_id()) else { return };
            let (_, (across, down)) = touch.down.remove(place);
            if touch.down.is_empty() && !touch.is_gesture {
                lab.click_plane(across, down);
            }
        })
    };
    let on_leave = {
        let lab = lab.clone();
        Callback::from(move |_: PointerEvent| lab.point_at(None))
    };
    let on_cancel = {
        let touch = touch.clone();
        Callback::from(move |_: PointerEvent| *touch.borrow_mut() = Touch::default())
    };
    let on_wheel = {
        let lab = lab.clone();
        Callback::from(move |event: WheelEvent| {
            let Some(size) = event.target_dyn_into::<HtmlElement>().filter(|_| is_plane(&lab)) else { return };
            event.prevent_default();
            let pixels = event.delta_y() * if event.delta_mode() == 0 { 1.0 } else { WHEEL.1 };
            let share = |at: i32, length: i32| f64::from(at) / f64::from(length.max(1));
            let at = (share(event.offset_x(), size.client_width()), share(event.offset_y(), size.client_height()));
            lab.move_window((0.0, 0.0), libm::exp(pixels * WHEEL.0).clamp(1.0 / TURN, TURN), at);
        })
    };
    let on_double = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            if is_plane(&lab) {
                lab.reset_window();
            }
        })
    };
    Plane { on_down, on_move, on_up, on_leave, on_cancel, on_wheel, on_double }
}

/// Keeps two fingers on a canvas from scrolling or zooming the page, where one finger may.
#[hook]
fn use_two_fingers(canvas: &NodeRef) {
    let canvas = canvas.clone();
    use_effect_with((), move |()| {
        let element = canvas.cast::<HtmlElement>().map(EventTarget::from);
        let listening = Listening::to_element(element, &["touchstart", "touchmove"], |event| {
            let fingers = event.dyn_ref::<TouchEvent>().map_or(0, |event| event.touches().length());
            // Where the page is scrolling already it goes on.
            if fingers > 1 && event.cancelable() {
                event.prevent_default();
            }
        });
        move || drop(listening)
    });
}
