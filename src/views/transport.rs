//! The transport: reset, back, play, forward, the budget of steps, the scrubber with what happened
//! when, the speed, and one sentence on what is going on.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{
    LabHandle,
    dock::dock,
    icons,
    number_field::NumberField,
    plain_button::{plain, plain_if},
    run_class,
};
use crate::{
    chart::{
        axis::{round_to, short},
        panels,
    },
    numbers::group,
    rooms::{Doors, Room},
    session::{
        SPEEDS, Session,
        events::{Event, EventKind, events, sentence},
        pace::duration,
    },
};

/// Units of the budget, as they are called on the page.
const STEPS: &str = "steps";
const CALLS: &str = "calls";

/// See the module's header.
pub fn transport(lab: &LabHandle, doors: &Doors) -> Html {
    let (step, goal, last, (budget, in_calls), is_playing, speed) = lab.read(|session| {
        (
            session.step(),
            session.goal(),
            session.last_step(),
            session.budget(),
            session.is_playing(),
            session.speed_index(),
        )
    });
    let (ticks, said) = lab.read(|session| (events(session), sentence(session, |index| panels::title(session, index))));
    let act = |what: fn(&LabHandle)| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| what(&lab))
    };
    let scrub = {
        let lab = lab.clone();
        move |event: InputEvent| lab.seek(event.target_unchecked_into::<HtmlInputElement>().value_as_number() as u64)
    };
    let set_speed = {
        let lab = lab.clone();
        move |event: InputEvent| {
            lab.set_speed(event.target_unchecked_into::<HtmlInputElement>().value_as_number() as usize);
        }
    };
    // Whoever has moved time by hand goes on with the page's keys, or with a clicker.
    let let_go = |event: PointerEvent| {
        // What has no focus keeps none.
        let _ = event.target_unchecked_into::<HtmlInputElement>().blur();
    };
    let pace = match SPEEDS[speed] {
        pace if pace.is_finite() => format!("{} steps/s", short(pace)),
        _ => "full speed".to_owned(),
    };
    let pace = match lab.read(Session::estimate) {
        Some((rate, left)) => format!("{} steps/s, {} left", short(round_to(rate, 2)), duration(left)),
        None => pace,
    };
    let on_budget = {
        let lab = lab.clone();
        Callback::from(move |value: Option<f64>| lab.set_budget(value.unwrap_or(f64::NAN), in_calls))
    };
    let choose_unit = {
        let lab = lab.clone();
        move |event: yew::Event| {
            lab.budget_in_calls(event.target_unchecked_into::<HtmlSelectElement>().value() == CALLS);
        }
    };
    let unit = if in_calls { CALLS } else { STEPS };
    // While time runs the sentence would interrupt a screen reader at every step: it speaks when
    // time rests.
    let live = if is_playing { "off" } else { "polite" };
    let doors = doors.clone();
    html! {
        <footer class="transport" aria-label="Time">
            { dock(lab) }
            <div class="buttons">
                { plain("Reset to the start", "Reset: same start, policies of now (R)", icons::reset(), act(|lab| lab.reset())) }
                { plain("One step back", "One step back (←)", icons::back(), act(|lab| lab.step_by(-1))) }
                <button class="play" type="button" onclick={act(|lab| lab.toggle_playing())} aria-label={if is_playing { "Pause" } else { "Play" }} title="Play or pause (Space)">
                    { if is_playing { icons::pause() } else { icons::play() } }
                </button>
                { plain("One step forward", "One step forward (→)", icons::forward(), act(|lab| lab.step_by(1))) }
            </div>
            <div class="clock">
                <span><span class="word">{ "step " }</span><strong>{ group(step) }</strong>{ if goal.is_some() { " …" } else { "" } }</span>
                <NumberField id="steps" symbol="of" name={format!("{unit} at the most")} value={budget as f64} whole={true} on_commit={on_budget} />
                <select class="bare unit" aria-label="Unit of the budget" title="Stop at a number of steps, or each run at the same cost: evaluations of f, gradients and Hessian-vector products" ~value={unit} onchange={choose_unit}>
                    { for [STEPS, CALLS].map(|name| html! { <option value={name} selected={name == unit}>{ name }</option> }) }
                </select>
            </div>
            <div class="scrubber">
                <div class="ticks" aria-hidden="true">
                    { for ticks.iter().map(|event| tick(lab, event, last)) }
                </div>
                <input class="slider" type="range" min="0" max={last.to_string()} step="1" value={step.to_string()} aria-label="Step shown"
                    aria-valuetext={format!("step {step} of {last}")} oninput={scrub} onpointerup={let_go} />
            </div>
            <div class="speed">
                <input class="slider" type="range" min="0" max={(SPEEDS.len() - 1).to_string()} step="1" value={speed.to_string()} aria-label="Speed"
                    aria-valuetext={pace.clone()} oninput={set_speed} onpointerup={let_go} />
                <span>{ pace }</span>
            </div>
            <div class="telling">
                <p class="said" role="status" aria-live={live} title={said.clone()}>{ said }</p>
                { plain_if(!ticks.is_empty(), "All events".into(), "What happened so far, step by step (V)", icons::events(), Callback::from(move |_| doors.open(Room::Events))) }
            </div>
        </footer>
    }
}

/// A tick of the scrubber, in the color of its run. Places are classes of half percents: the page's
/// policy forbids inline styles.
fn tick(lab: &LabHandle, event: &Event, last: u64) -> Html {
    let color = lab.read(|session: &Session| session.runs()[event.run].color);
    let place = (event.step as f64 / last.max(1) as f64 * 200.0).round();
    let kind = match event.kind {
        EventKind::Crossed { .. } => "crossed",
        EventKind::Settled => "settled",
        EventKind::Orbit(_) => "orbit",
        EventKind::Changed => "changed",
        EventKind::Ended(_) => "ended",
    };
    html! {
        <svg class={classes!("tick", kind, run_class(color))} viewBox="0 0 200 10" preserveAspectRatio="none">
            <line x1={place.to_string()} x2={place.to_string()} y1="0" y2="10" vector-effect="non-scaling-stroke" />
        </svg>
    }
}
