//! What the integration tests share. They run on the host and, but for the property tests, in a
//! browser.
#![allow(dead_code)]

#[cfg(not(target_arch = "wasm32"))]
pub mod visits;

use flatland_engine::experiment::{RunSpec, Spec, Stop};
use flatland_engine::{Descent, Experiment, Outcome, Record};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// One run that stops at nothing but divergence and its budget.
pub fn experiment(objective: Spec, start: &[f64], policy: Spec, steps: u64) -> Experiment {
    let experiment = Experiment::new(objective, vec![RunSpec::new(policy)]);
    let stop = Stop { gradient_norm: 0.0, ..Stop::default() };
    Experiment { start: start.to_vec(), steps, stop, ..experiment }
}

pub fn constant(eta: f64) -> Spec {
    Spec::new("constant").with("eta", eta)
}

/// A run that is over.
pub struct Trace {
    pub records: Vec<Record>,
    pub iterates: Vec<Vec<f64>>,
    pub outcome: Outcome,
}

impl Trace {
    /// Runs the first run of the experiment to its end.
    pub fn of(experiment: &Experiment) -> Self {
        let mut descent = Descent::new(experiment, 0).expect("a valid experiment");
        let (mut records, mut iterates) = (Vec::new(), Vec::new());
        while let Some(record) = descent.advance() {
            records.push(record);
            iterates.push(descent.iterate().to_vec());
        }
        let outcome = descent.outcome().expect("a run that is over has an outcome").clone();
        Self { records, iterates, outcome }
    }

    pub fn new(objective: &str, start: &[f64], policy: Spec, steps: u64) -> Self {
        Self::of(&experiment(Spec::new(objective), start, policy, steps))
    }

    pub fn step_sizes(&self) -> Vec<f64> {
        self.records.iter().filter_map(|record| record.step_size).collect()
    }

    pub fn references(&self) -> Vec<f64> {
        self.records.iter().filter_map(|record| record.reference).collect()
    }

    pub fn last(&self) -> (&Record, &[f64]) {
        (self.records.last().expect("a record"), self.iterates.last().expect("an iterate"))
    }
}

/// Asserts that the numbers agree to this relative error.
#[track_caller]
pub fn assert_close(found: f64, expected: f64, tolerance: f64) {
    let scale = expected.abs().max(f64::MIN_POSITIVE);
    assert!((found - expected).abs() <= tolerance * scale, "found {found:?}, expected {expected:?} to {tolerance:e}");
}

/// Asserts that the first numbers agree with the expected ones to this relative error.
#[track_caller]
pub fn assert_all_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert!(found.len() >= expected.len(), "found {found:?}, expected {expected:?}");
    for (&found, &expected) in found.iter().zip(expected) {
        assert_close(found, expected, tolerance);
    }
}
