//! A budget of oracle calls: the same cost for every policy.
#![allow(missing_docs)]

mod common;

use common::{Trace, constant, experiment};
use flatland_engine::experiment::{Spec, Stop};
use flatland_engine::{Experiment, Outcome, Record, policy};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// On the river, which no policy leaves or finishes in so few calls.
fn on_the_river(policy: Spec, steps: u64, calls: u64) -> Experiment {
    let experiment = experiment(Spec::new("river"), &[1e-3, 1.0], policy, steps);
    Experiment { stop: Stop { calls: Some(calls), ..experiment.stop }, ..experiment }
}

/// The calls that were made to reach each iterate: those counted at the record before it.
fn spent(records: &[Record]) -> Vec<u64> {
    let before = records.iter().map(|record| record.evaluations.total());
    [0].into_iter().chain(before).take(records.len()).collect()
}

/// Each step of a constant size costs exactly one gradient.
#[test]
fn a_constant_step_ends_at_the_step_of_that_number() {
    for calls in [1, 2, 37, 200] {
        let trace = Trace::of(&on_the_river(constant(0.35), 200, calls));
        assert_eq!(trace.outcome, Outcome::Budget { step: calls, calls: Some(calls) });
        assert_eq!(spent(&trace.records), (0..=calls).collect::<Vec<_>>());
        assert_eq!(trace.last().0.step_size, None);
        let sentence = format!("stopped at step {calls}: the {calls} oracle calls are used up");
        assert_eq!(trace.outcome.to_string(), sentence);
    }
}

/// A line search pays for its trials: its last iterate is the first that costs as much as allowed.
#[test]
fn a_line_search_ends_at_the_first_iterate_that_costs_so_much() {
    for calls in [1, 50, 51, 52, 53, 500] {
        let trace = Trace::of(&on_the_river(Spec::new("nonmonotone-line-search"), calls, calls));
        let spent = spent(&trace.records);
        let (last, before) = spent.split_last().expect("a record");
        assert!(*last >= calls && before.iter().all(|spent| *spent < calls), "{calls}: {spent:?}");
        assert_eq!(trace.outcome, Outcome::Budget { step: before.len() as u64, calls: Some(calls) });
        assert!(calls < 50 || (before.len() as u64) < calls / 2, "trials are not counted: {} steps", before.len());
    }
}

#[test]
fn every_policy_takes_the_same_steps_as_without_the_limit() {
    for entry in policy::catalogue() {
        let policy = Spec::new(entry.description.name);
        let limited = Trace::of(&on_the_river(policy.clone(), 100, 40));
        let free = Trace::of(&experiment(Spec::new("river"), &[1e-3, 1.0], policy, 100));
        assert_eq!(limited.iterates[..], free.iterates[..limited.iterates.len()], "{}", entry.description.name);
        assert!(limited.records.len() <= 41, "{}: a step costs at least one call", entry.description.name);
    }
}

/// The steps are used up first, or the run is over before.
#[test]
fn other_ends_come_first_where_they_come_earlier() {
    let steps = Trace::of(&on_the_river(constant(0.35), 10, 11));
    assert_eq!(steps.outcome, Outcome::Budget { step: 10, calls: None });
    let diverged = Trace::of(&on_the_river(constant(50.0), 1000, 1000));
    assert!(matches!(diverged.outcome, Outcome::Diverged { .. }), "{}", diverged.outcome);
}
