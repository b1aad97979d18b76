//! A drawing on the page: its canvas, and what hands do to it.
//!
//! Dragging moves it, the wheel and two fingers zoom, a click opens the run there; with Shift it
//! pins it. A tap with a finger, which covers what it points at, reads what lies there, and a second
//! one opens it. For the keyboard there is a cursor.

use std::rc::Rc;

use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::stage::Stage;

/// A press that moves less than this, in CSS pixels, is a click.
const CLICK: f64 = 4.0;
/// Two fingers nearer than this, in CSS pixels, do not zoom.
const NEAR: f64 = 10.0;
/// A second tap within this many CSS pixels of the first opens what that has read.
const AGAIN: f64 = 28.0;
/// By how much a pixel of the wheel zooms, and the most pixels of one turn.
const WHEEL: (f64, f64) = (0.003, 100.0);
/// Steps of the cursor with Shift.
const STRIDE: f64 = 10.0;

/// What is done at a point of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Its run is opened in the Lab.
    Open,
    /// It is pinned.
    Pin,
}

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The stage that it is on.
    pub stage: Rc<Stage>,
    /// Its place there.
    pub index: usize,
    /// Its name.
    pub title: String,
    /// What is seen, for those who do not see it.
    pub words: String,
    /// To be called when something is done at a point, in shares of the sides from the left and
    /// from the top.
    pub on_act: Callback<(usize, [f64; 2], Act)>,
    /// To be called when the whole is to be seen.
    pub on_reset: Callback<()>,
}

/// The pointers that are down.
#[derive(Default)]
struct Touch {
    /// With their places in CSS pixels of the page.
    down: Vec<(i32, [f64; 2])>,
    press: Option<Press>,
    /// The point that a finger has tapped last, and where that was on the page.
    tapped: Option<([f64; 2], [f64; 2])>,
}

/// A press of one pointer.
struct Press {
    /// Where it began on the drawing.
    at: [f64; 2],
    from: [f64; 2],
    /// By how many of the drawing's pixels it has moved.
    moved: (i32, i32),
    is_drag: bool,
}

/// See the module's header.
#[component]
pub fn MapView(props: &Props) -> Html {
    let Props { stage, index, .. } = props.clone();
    let node = use_node_ref();
    let touch = use_mut_ref(Touch::default);
    use_effect_with((), {
        let (stage, node) = (stage.clone(), node.clone());
        move |()| {
            if let Some(canvas) = node.cast::<HtmlCanvasElement>() {
                stage.attach(index, canvas);
            }
        }
    });
    // Shares of the drawing's sides at a place of the page.
    let share = {
        let (stage, node) = (stage.clone(), node.clone());
        move |[x, y]: [f64; 2]| {
            let canvas = node.cast::<Element>()?.get_bounding_client_rect();
            stage.share(index, [x - canvas.left(), y - canvas.top()])
        }
    };
    let on_down = {
        let (share, touch) = (share.clone(), touch.clone());
        move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            // Without capture a drag ends at the edge, no more.
            let _ = event.target_unchecked_into::<Element>().set_pointer_capture(event.pointer_id());
            let mut touch = touch.borrow_mut();
            let from = place_of(&event);
            touch.down.push((event.pointer_id(), from));
            if touch.down.len() > 1 {
                touch.tapped = None;
            }
            touch.press = match touch.down[..] {
                [_] => share(from).map(|at| Press { at, from, moved: (0, 0), is_drag: false }),
                _ => None,
            };
        }
    };
    let on_move = {
        let (stage, share, touch) = (stage.clone(), share.clone(), touch.clone());
        move |event: PointerEvent| {
            let mut touch = touch.borrow_mut();
            let Touch { down, press, .. } = &mut *touch;
            let now = place_of(&event);
            let Some(mine) = down.iter().position(|(id, _)| *id == event.pointer_id()) else {
                return stage.read(index, share(now));
            };
            let before = std::mem::replace(&mut down[mine].1, now);
            let other = down.iter().enumerate().find(|(place, _)| *place != mine).map(|(_, (_, at))| *at);
            let apart = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
            if let Some(other) = other {
                let middle = [(now[0] + other[0]) / 2.0, (now[1] + other[1]) / 2.0];
                if let Some(at) = share(middle).filter(|_| apart(now, other) > NEAR) {
                    stage.zoom(index, at, apart(before, other) / apart(now, other));
                }
            } else if let Some(press) = press {
                press.is_drag |= apart(now, press.from) >= CLICK;
                let [across, down] = stage.fineness(index);
                let moved = (
                    ((now[0] - press.from[0]) * across).round() as i32,
                    ((now[1] - press.from[1]) * down).round() as i32,
                );
                if press.is_drag && moved != press.moved {
                    stage.pan(index, moved.0 - press.moved.0, moved.1 - press.moved.1);
                    press.moved = moved;
                }
            }
        }
    };
    let on_up = {
        let (stage, touch, on_act) = (stage.clone(), touch.clone(), props.on_act.clone());
        move |event: PointerEvent| {
            let (press, tapped) = {
                let mut touch = touch.borrow_mut();
                touch.down.retain(|(id, _)| *id != event.pointer_id());
                (touch.press.take(), touch.tapped.take())
            };
            let Some(press) = press.filter(|press| !press.is_drag) else { return };
            let again = tapped.filter(|(_, from)| (from[0] - press.from[0]).hypot(from[1] - press.from[1]) < AGAIN);
            match again {
                _ if event.pointer_type() != "touch" => {
                    let act = if event.shift_key() { Act::Pin } else { Act::Open };
                    on_act.emit((index, press.at, act));
                }
                // What has been read is opened, and not what lies beside it.
                Some((at, _)) => on_act.emit((index, at, Act::Open)),
                None => {
                    stage.set_cursor(index, Some(press.at));
                    stage.read(index, Some(press.at));
                    touch.borrow_mut().tapped = Some((press.at, press.from));
                }
            }
        }
    };
    let on_cancel = {
        let touch = touch.clone();
        move |_: PointerEvent| *touch.borrow_mut() = Touch::default()
    };
    let on_leave = {
        let stage = stage.clone();
        move |event: PointerEvent| {
            // A finger leaves when it is lifted: what it has tapped stays to be read.
            if event.pointer_type() != "touch" {
                stage.read(index, None);
            }
        }
    };
    let on_wheel = {
        let (stage, share) = (stage.clone(), share.clone());
        move |event: WheelEvent| {
            let place = [event.client_x(), event.client_y()].map(f64::from);
            if let Some(at) = share(place) {
                event.prevent_default();
                let (factor, most) = WHEEL;
                stage.zoom(index, at, libm::exp(event.delta_y().clamp(-most, most) * factor));
            }
        }
    };
    let on_key = {
        let (stage, on_act, on_reset) = (stage.clone(), props.on_act.clone(), props.on_reset.clone());
        move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let by = if event.shift_key() { STRIDE } else { 1.0 };
            let cursor = stage.cursor(index);
            match event.key().as_str() {
                "ArrowLeft" => stage.move_cursor(index, -by, 0.0),
                "ArrowRight" => stage.move_cursor(index, by, 0.0),
                "ArrowUp" => stage.move_cursor(index, 0.0, -by),
                "ArrowDown" => stage.move_cursor(index, 0.0, by),
                "Enter" => {
                    on_act.emit((index, cursor, if event.shift_key() { Act::Pin } else { Act::Open }));
                }
                "+" | "=" => stage.zoom(index, cursor, 0.5),
                "-" => stage.zoom(index, cursor, 2.0),
                "0" => on_reset.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let on_blur = {
        let stage = stage.clone();
        move |_: FocusEvent| stage.set_cursor(index, None)
    };
    html! {
        <figure class="atlas-view">
            <figcaption>{ &props.title }</figcaption>
            <canvas ref={node} class="atlas-canvas" tabindex="0" role="img" aria-label={props.words.clone()}
                onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up} onpointercancel={on_cancel}
                onpointerleave={on_leave} onwheel={on_wheel} onkeydown={on_key} onblur={on_blur}></canvas>
        </figure>
    }
}

/// Where a pointer is, in CSS pixels of the page.
fn place_of(event: &PointerEvent) -> [f64; 2] {
    [event.client_x(), event.client_y()].map(f64::from)
}
