//! A chart on the page: what it shows and over what, its canvas, the crosshair, the readout under
//! the pointer, and a summary in words.
//!
//! A click shows and pins a step, a drag zooms, a double click shows all again; Ctrl and the wheel,
//! or two fingers, zoom too. For the keyboard and for screen readers a slider lies over the canvas:
//! the arrows move the crosshair, and what it meets is said.

use web_sys::{HtmlCanvasElement, HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use super::{LabHandle, enlarging, icons, readout};
use crate::{
    browser,
    chart::panels::{self, Layout, x},
    lab::Place,
    rooms::{Doors, Room},
    session::Session,
    view_settings::{Figure, NamedOption, Panel, View, XQuantity},
};

/// How far the pointer moves before a click is a drag, in CSS pixels.
const DRAG: f64 = 5.0;
/// Two clicks within this time may be a double click, in milliseconds.
const DOUBLE_MS: f64 = 500.0;
/// By how much one notch of the wheel zooms.
const WHEEL: f64 = 1.25;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The Lab.
    pub lab: LabHandle,
    /// Grows whenever there is something new to show.
    pub version: u64,
    /// Its slot on the board.
    pub slot: usize,
    /// What opens rooms.
    pub doors: Doors,
}

/// What pointers are doing on a chart.
#[derive(Default)]
struct Touch {
    /// The pointers that are down, with where they are across the canvas.
    down: Vec<(i32, f64)>,
    /// Where the first went down.
    from: f64,
    /// Whether this has become a drag or a pinch.
    is_gesture: bool,
    /// When the last first click was, and the step shown before it and whether time ran: a double
    /// click goes back there.
    clicked: Option<(f64, u64, bool)>,
}

/// See the module's header.
#[component]
pub fn ChartPanel(props: &Props) -> Html {
    let Props { lab, slot, .. } = props.clone();
    let canvas = use_node_ref();
    let crosshair = use_node_ref();
    let card = use_node_ref();
    let inside = use_state(|| false);
    let brush = use_state(|| None::<(f64, f64)>);
    let touch = use_mut_ref(Touch::default);
    {
        let canvas = canvas.clone();
        use_effect_with((lab.clone(), slot), move |(lab, slot)| {
            lab.place(Place::Chart(*slot), canvas.cast::<HtmlCanvasElement>());
            let (lab, slot) = (lab.clone(), *slot);
            move || lab.place(Place::Chart(slot), None)
        });
    }
    let view = lab.view();
    let panel = view.panels[slot];
    let hovered = lab.hovered();
    let shown = hovered.or(view.pinned);
    let is_read = (*inside && hovered.is_some()) || (hovered.is_none() && view.pinned.is_some() && slot == 0);
    {
        let (canvas, crosshair, card, lab) = (canvas.clone(), crosshair.clone(), card.clone(), lab.clone());
        use_effect(move || {
            if let Some(step) = shown {
                place_crosshair(&lab, slot, step, &canvas, &crosshair, &card);
            }
        });
    }
    let brush_at = use_node_ref();
    {
        let (brush, brush_at) = (*brush, brush_at.clone());
        use_effect(move || {
            if let (Some((from, to)), Some(element)) = (brush, brush_at.cast::<HtmlElement>()) {
                // Setting a length on an element's style cannot fail.
                let _ = element.style().set_property("left", &format!("{}px", from.min(to)));
                let _ = element.style().set_property("width", &format!("{}px", (to - from).abs()));
            }
        });
    }
    let on_down = {
        let touch = touch.clone();
        move |event: PointerEvent| {
            let mut touch = touch.borrow_mut();
            let across = f64::from(event.offset_x());
            if touch.down.is_empty() {
                (touch.from, touch.is_gesture) = (across, false);
            }
            touch.down.push((event.pointer_id(), across));
            if let Some(canvas) = event.target_dyn_into::<HtmlCanvasElement>() {
                // A pointer that is gone already cannot be captured: then its moves end at the
                // canvas' edge.
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
        }
    };
    let on_move = {
        let (lab, inside, brush, touch, canvas) =
            (lab.clone(), inside.clone(), brush.clone(), touch.clone(), canvas.clone());
        move |event: PointerEvent| {
            let across = f64::from(event.offset_x());
            let mut touch = touch.borrow_mut();
            let before = touch.down.clone();
            if let Some((_, at)) = touch.down.iter_mut().find(|(id, _)| *id == event.pointer_id()) {
                *at = across;
            }
            match (&before[..], &touch.down[..]) {
                ([(_, a0), (_, b0), ..], [(_, a1), (_, b1), ..]) => {
                    let (old, new) = ((a0 - b0).abs().max(1.0), (a1 - b1).abs().max(1.0));
                    if let Some(place) = place_under(&lab, slot, &canvas, 0.5 * (a1 + b1)) {
                        lab.zoom_by(old / new, place);
                    }
                    touch.is_gesture = true;
                }
                ([_], [_]) if event.pointer_type() != "touch" && (across - touch.from).abs() > DRAG => {
                    touch.is_gesture = true;
                    brush.set(Some((touch.from, across)));
                }
                _ => {
                    inside.set(true);
                    lab.hover(step_under(&lab, slot, &canvas, across));
                }
            }
        }
    };
    let on_up = {
        let (lab, brush, touch, canvas) = (lab.clone(), brush.clone(), touch.clone(), canvas.clone());
        move |event: PointerEvent| {
            let mut touch = touch.borrow_mut();
            touch.down.retain(|(id, _)| *id != event.pointer_id());
            if let Some((from, to)) = *brush {
                brush.set(None);
                if let (Some(from), Some(to)) =
                    (place_under(&lab, slot, &canvas, from), place_under(&lab, slot, &canvas, to))
                {
                    lab.zoom(Some((from, to)));
                }
            } else if !touch.is_gesture
                && let Some(step) = step_under(&lab, slot, &canvas, f64::from(event.offset_x()))
            {
                let now = browser::now();
                if touch.clicked.is_none_or(|(then, ..)| now - then > DOUBLE_MS) {
                    touch.clicked = Some(lab.read(|session| (now, session.step(), session.is_playing())));
                }
                lab.seek(step);
                lab.pin((lab.view().pinned != Some(step)).then_some(step));
            }
        }
    };
    let on_cancel = {
        let (brush, touch) = (brush.clone(), touch.clone());
        move |_: PointerEvent| {
            *touch.borrow_mut() = Touch::default();
            brush.set(None);
        }
    };
    let on_leave = {
        let (lab, inside) = (lab.clone(), inside.clone());
        move |_: PointerEvent| {
            inside.set(false);
            lab.hover(None);
        }
    };
    let on_wheel = {
        let (lab, canvas) = (lab.clone(), canvas.clone());
        move |event: WheelEvent| {
            if event.ctrl_key()
                && let Some(place) = place_under(&lab, slot, &canvas, f64::from(event.offset_x()))
            {
                event.prevent_default();
                lab.zoom_by(libm::pow(WHEEL, event.delta_y().signum()), place);
            }
        }
    };
    let on_double = {
        let (lab, touch) = (lab.clone(), touch.clone());
        move |_: MouseEvent| {
            if let Some((_, step, is_playing)) = touch.borrow_mut().clicked.take() {
                lab.seek(step);
                lab.set_playing(is_playing);
            }
            lab.zoom(None);
            lab.pin(None);
        }
    };
    let on_key = {
        let lab = lab.clone();
        move |event: KeyboardEvent| {
            let (first, last) = lab.look(seen);
            let at = lab.hovered().unwrap_or(lab.read(Session::step));
            let by = match (event.shift_key(), event.key().starts_with("Page")) {
                (_, true) => (last - first).div_ceil(10),
                (true, _) => 10,
                _ => 1,
            };
            let step = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                "ArrowRight" | "PageUp" => at + by,
                "ArrowLeft" | "PageDown" => at.saturating_sub(by),
                "Home" => first,
                "End" => last,
                "Enter" => {
                    lab.seek(at);
                    lab.pin((lab.view().pinned != Some(at)).then_some(at));
                    at
                }
                _ => return,
            };
            // Everywhere else the same keys move time.
            event.prevent_default();
            event.stop_propagation();
            lab.hover(Some(step.clamp(first, last)));
        }
    };
    let on_focus = {
        let (lab, inside) = (lab.clone(), inside.clone());
        move |_: FocusEvent| {
            let (first, last) = lab.look(seen);
            inside.set(true);
            lab.hover(Some(lab.read(Session::step).clamp(first, last)));
        }
    };
    let on_blur = {
        let (lab, inside) = (lab.clone(), inside.clone());
        move |_: FocusEvent| {
            inside.set(false);
            lab.hover(None);
        }
    };
    let open_table = {
        let doors = props.doors.clone();
        move |_: MouseEvent| doors.open_about(Room::Table, slot)
    };
    let choose_panel = {
        let lab = lab.clone();
        move |event: Event| {
            let name = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(panel) = Panel::named(&name) {
                lab.set_panel(slot, panel);
            }
        }
    };
    let choose_x_quantity = {
        let lab = lab.clone();
        move |event: Event| {
            let name = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(quantity) = XQuantity::named(&name) {
                lab.set_x_quantity(quantity);
            }
        }
    };
    let is_network = lab.read(|session| session.experiment().is_network());
    let summary = lab.look(|session, view| readout::summary(slot, session, view));
    let at = shown.unwrap_or(lab.read(Session::step));
    let met = lab.look(|session, view| readout::words(slot, session, view, at));
    let last = lab.read(Session::frontier);
    let layout = lab.look(|session, view| Layout::of(session, view, slot));
    let (scale, scales) =
        (layout.name(), if panel.is_of_loss() { ", or f − f_best, above the least loss of all runs" } else { "" });
    let figure = Figure::Chart(slot);
    html! {
        <figure class={classes!("chart", format!("is-slot{slot}"), (view.zoom.is_some()).then_some("is-zoomed"), (view.enlarged == Some(figure)).then_some("is-alone"))}
            data-figure={figure.name()}>
            <figcaption>
                <h2>
                    <select class="bare" aria-label={format!("Chart {}: {}", slot + 1, panel.title())} ~value={panel.name()} onchange={choose_panel}>
                        { for Panel::ALL.iter().filter(|(choice, _)| is_network || !choice.is_of_networks() || *choice == panel).map(|(choice, name)| html! { <option value={*name} selected={*choice == panel}>{ choice.title() }</option> }) }
                    </select>
                </h2>
                if panel.has_two_scales() {
                    <button class="plain toggle" type="button" aria-label={format!("{}: {scale} axis", panel.title())} title={format!("Logarithmic or linear{scales}")}
                        onclick={let lab = lab.clone(); move |_| lab.rescale(slot)}>{ scale }</button>
                }
                if panel.is_of_one_run() {
                    <span class="of-run">{ lab.look(|session, view| panels::label(session, view.selected)) }</span>
                }
                <select class="bare axis-name" aria-label="Horizontal axis of all charts" ~value={view.x_quantity.name()} onchange={choose_x_quantity}>
                    { for XQuantity::ALL.iter().map(|(choice, name)| html! { <option value={*name} selected={*choice == view.x_quantity}>{ choice.title() }</option> }) }
                </select>
                if view.zoom.is_some() && slot == 0 {
                    <button class="plain toggle" type="button" title="Show all again (double click)" onclick={let lab = lab.clone(); move |_| lab.zoom(None)}>{ "show all" }</button>
                }
                <button class="plain as-table" type="button" aria-label={format!("{} as a table", panel.title())} title="As a table" onclick={open_table}>{ icons::table() }</button>
                { enlarging::buttons(&lab, figure) }
            </figcaption>
            <div class="surface">
                <canvas ref={canvas} role="img" aria-label={summary} onpointerdown={on_down} onpointermove={on_move} onpointerleave={on_leave}
                    onpointerup={on_up} onpointercancel={on_cancel} onwheel={on_wheel} ondblclick={on_double}></canvas>
                <div class="cursor" role="slider" tabindex="0" aria-label={format!("Crosshair in {}", panel.title())} aria-valuemin="0" aria-valuemax={last.to_string()}
                    aria-valuenow={at.to_string()} aria-valuetext={met} onkeydown={on_key} onfocus={on_focus} onblur={on_blur}></div>
                <div class={classes!("crosshair", (hovered.is_none()).then_some("is-pinned"))} ref={crosshair} hidden={shown.is_none()}></div>
                <div class="brush" ref={brush_at} hidden={brush.is_none()}></div>
                <div class="readout" ref={card} hidden={!is_read}>
                    if let Some(step) = shown.filter(|_| is_read) {
                        { lab.look(|session, view| readout::table(session, view, step)) }
                    }
                </div>
            </div>
        </figure>
    }
}

/// The place of the x axis under a pixel of the canvas, if it lies on the plot.
fn place_under(lab: &LabHandle, slot: usize, canvas: &NodeRef, across: f64) -> Option<f64> {
    let canvas = canvas.cast::<HtmlCanvasElement>()?;
    let (left, right) = lab.look(|_, view| panels::margins(slot, view));
    let share = (across - left) / (f64::from(canvas.client_width()) - left - right);
    (-0.02..=1.02)
        .contains(&share)
        .then(|| lab.look(|session, view| x::axis(session, view).value(share.clamp(0.0, 1.0))))
}

/// The step of the selected run nearest to a pixel.
fn step_under(lab: &LabHandle, slot: usize, canvas: &NodeRef, across: f64) -> Option<u64> {
    let place = place_under(lab, slot, canvas, across)?;
    Some(lab.look(|session, view| x::step_at(session, view, selected(session, view), place)))
}

/// The first and the last step of the selected run that the axis shows.
fn seen(session: &Session, view: &View) -> (u64, u64) {
    let (axis, run) = (x::axis(session, view), selected(session, view));
    (x::step_at(session, view, run, axis.lo), x::step_at(session, view, run, axis.hi))
}

fn selected(session: &Session, view: &View) -> usize {
    view.selected.min(session.runs().len().saturating_sub(1))
}

fn place_crosshair(lab: &LabHandle, slot: usize, step: u64, canvas: &NodeRef, crosshair: &NodeRef, card: &NodeRef) {
    let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
    let (left, right) = lab.look(|_, view| panels::margins(slot, view));
    let width = f64::from(canvas.client_width());
    let share = lab
        .look(|session, view| x::axis(session, view).fraction(x::place(session, view, selected(session, view), step)));
    let at = left + share * (width - left - right);
    // Setting a length on an element's style cannot fail.
    if let Some(crosshair) = crosshair.cast::<HtmlElement>() {
        let is_seen = (0.0..=1.0).contains(&share);
        let _ = crosshair.style().set_property("left", &format!("{at}px"));
        let _ = crosshair.style().set_property("visibility", if is_seen { "visible" } else { "hidden" });
    }
    if let Some(card) = card.cast::<HtmlElement>() {
        let (needed, gap) = (f64::from(card.offset_width()), 12.0);
        let at = at.clamp(0.0, width);
        let place = if at + gap + needed <= width {
            at + gap
        } else if at - gap - needed >= 0.0 {
            at - gap - needed
        } else {
            (width - needed).max(0.0)
        };
        let _ = card.style().set_property("left", &format!("{place}px"));
    }
}
