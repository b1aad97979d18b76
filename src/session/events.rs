//! What happened when, over all runs: for the ticks of the scrubber and for the sentence that says what is going on.

use crate::{
    protocol::{EndKind, Quantity},
    session::{Session, phase::phase},
};

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
    /// η·λ₁ was above 2 for the first time.
    Crossed {
        /// η at that step.
        step_size: f64,
        /// λ₁ at that step.
        sharpness: f64,
    },
    /// The person changed the policy.
    Changed,
    /// The run ended before its steps were used up.
    Ended(EndKind),
}

/// The events up to the frontier, in the order of their steps.
pub fn events(session: &Session) -> Vec<Event> {
    let mut events = Vec::new();
    for (index, (run, spec)) in session.runs().iter().zip(&session.experiment().runs).enumerate() {
        let mut add = |step: u64, kind| {
            if step <= session.frontier() {
                events.push(Event { step, run: index, kind });
            }
        };
        if let Some(row) = run.history.first_above() {
            let at = |quantity| run.history.get(quantity, row).unwrap_or(f64::NAN);
            add(
                row as u64,
                EventKind::Crossed { step_size: at(Quantity::StepSize), sharpness: at(Quantity::Sharpness) },
            );
        }
        for change in &spec.changes {
            add(change.step, EventKind::Changed);
        }
        if let Some(end) = run.end.as_ref().filter(|end| end.kind != EndKind::Budget) {
            add(end.step, EventKind::Ended(end.kind));
        }
    }
    events.sort_by_key(|event| event.step);
    events
}

/// One sentence on what is going on at the step shown: the latest event, and the phase of its run now. `name` names a run.
pub fn sentence(session: &Session, name: impl Fn(usize) -> String) -> String {
    let latest = events(session).into_iter().rev().find(|event| event.step <= session.step());
    let Some(Event { step, run, kind }) = latest else {
        return "No run has crossed its threshold yet.".to_owned();
    };
    let words = phase(&session.runs()[run].history, session.step() as usize, session.runs()[run].end.as_ref()).words();
    let name = name(run);
    match kind {
        EventKind::Crossed { .. } if step == 0 => format!("{name} is above 2/η from the first step; now: {words}."),
        EventKind::Crossed { .. } => format!("{name} crossed 2/η at step {step}; now: {words}."),
        EventKind::Changed => format!("{name} was set at step {step}; now: {words}."),
        EventKind::Ended(EndKind::Failed) => format!("{name} failed at step {step}."),
        EventKind::Ended(_) => {
            let said = session.runs()[run].end.as_ref().map_or("", |end| end.sentence.as_str());
            format!("{name} {}.", said.trim_end_matches('.'))
        }
    }
}
