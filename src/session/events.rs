//! What happened when, over all runs: for the ticks of the scrubber and for the sentence that says
//! what is going on.

use flatland_engine::{
    number::rounded,
    phase::{Crossing, Phase},
};

use crate::{
    protocol::{EndKind, Quantity},
    session::{Run, Session},
};

/// The most ticks of one run: more could not be told apart.
const MAX_TICKS: usize = 200;

/// Something that happened to a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The step.
    pub step: u64,
    /// The run's place in the experiment.
    pub run: usize,
    /// What.
    pub kind: EventKind,
}

/// The kinds of event.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    /// The product went above 2, for the first time or after it had settled below.
    Crossed {
        /// The product there.
        product: f64,
    },
    /// The product has settled below 2.
    Settled,
    /// The iterates began to repeat with this period.
    Orbit(u32),
    /// The person changed the policy.
    Changed,
    /// The run ended before its steps were used up.
    Ended(EndKind),
}

/// The events up to the frontier, in the order of their steps.
pub fn events(session: &Session) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (index, (run, spec)) in session.runs().iter().zip(&session.experiment().runs).enumerate() {
        let mut add = |step: u64, kind| {
            if step <= session.frontier() {
                let later = events.partition_point(|event| event.step <= step);
                events.insert(later, Event { step, run: index, kind });
            }
        };
        for (row, crossing) in run.history.crossings().iter().take(MAX_TICKS) {
            let kind = match crossing {
                Crossing::Up => {
                    EventKind::Crossed { product: run.history.get(Quantity::Product, *row).unwrap_or(f64::NAN) }
                }
                Crossing::Down => EventKind::Settled,
            };
            add(*row as u64, kind);
        }
        let orbits = run.history.phases().iter().filter_map(|(row, phase)| match phase {
            Phase::Orbit(period) => Some((*row, *period)),
            _ => None,
        });
        orbits.take(MAX_TICKS).for_each(|(row, period)| add(row as u64, EventKind::Orbit(period)));
        for change in &spec.changes {
            add(change.step, EventKind::Changed);
        }
        if let Some(end) = run.end.as_ref().filter(|end| end.kind != EndKind::Budget) {
            add(end.step, EventKind::Ended(end.kind));
        }
    }
    events
}

/// What a run is doing at a step, in a word or two.
pub fn phase_words(run: &Run, step: u64) -> String {
    match &run.end {
        Some(end) if end.kind == EndKind::Failed && end.step <= step => "failed".to_owned(),
        _ => run.history.phase(step as usize).to_string(),
    }
}

/// What happened, for a list in which the step stands beside it. `name` names a run.
pub fn told(session: &Session, event: &Event, name: impl Fn(usize) -> String) -> String {
    let run = &session.runs()[event.run];
    let name = name(event.run);
    let product = if run.history.is_plain(event.step as usize) { "η·λ₁" } else { "2λ₁/edge" };
    match event.kind {
        EventKind::Crossed { product: value } if event.step == 0 => {
            format!("{name} begins above its threshold: {product} is {}", rounded(value))
        }
        EventKind::Crossed { product: value } => {
            format!("{name} crossed its threshold: {product} was {}", rounded(value))
        }
        EventKind::Settled => format!("{name} has settled below its threshold"),
        EventKind::Orbit(period) => format!("{name} began to repeat itself every {period} steps"),
        EventKind::Changed => format!("{name} was set by hand"),
        EventKind::Ended(EndKind::Failed) => format!("{name} failed"),
        EventKind::Ended(_) => {
            let said = run.end.as_ref().map_or("", |end| end.sentence.as_str());
            format!("{name} {said}")
        }
    }
}

/// One sentence on what is going on at the step shown: the latest event, and the phase of its run
/// now. `name` names a run.
pub fn sentence(session: &Session, name: impl Fn(usize) -> String) -> String {
    let latest = events(session).into_iter().rev().find(|event| event.step <= session.step());
    let Some(Event { step, run, kind }) = latest else {
        return "No run has crossed its threshold yet.".to_owned();
    };
    let words = phase_words(&session.runs()[run], session.step());
    let is_in_orbit = matches!(session.runs()[run].history.phase(session.step() as usize), Phase::Orbit(_));
    let name = name(run);
    match kind {
        EventKind::Crossed { .. } if step == 0 => format!("{name} is above 2/η from the first step; now: {words}."),
        EventKind::Crossed { .. } => format!("{name} crossed 2/η at step {step}; now: {words}."),
        EventKind::Settled => format!("{name} has settled below 2/η by step {step}; now: {words}."),
        EventKind::Orbit(period) if is_in_orbit => {
            format!("{name} repeats itself every {period} steps since step {step}.")
        }
        EventKind::Orbit(period) => {
            format!("{name} repeated itself every {period} steps from step {step} on; now: {words}.")
        }
        EventKind::Changed => format!("{name} was set at step {step}; now: {words}."),
        EventKind::Ended(EndKind::Failed) => format!("{name} failed at step {step}."),
        EventKind::Ended(_) => {
            let said = session.runs()[run].end.as_ref().map_or("", |end| end.sentence.as_str());
            format!("{name} {}.", said.trim_end_matches('.'))
        }
    }
}
