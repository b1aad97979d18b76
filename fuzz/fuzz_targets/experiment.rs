//! Any text as an experiment: reading ends with an experiment or an error, what is accepted
//! survives the way to text and back, and its runs can be advanced.
#![no_main]

use flatland_engine::{Descent, Experiment};
use libfuzzer_sys::fuzz_target;

/// The most iterates that are computed of a run.
const ITERATES: usize = 12;

fuzz_target!(|text: &str| {
    let lenient = Experiment::from_json_lenient(text);
    let Ok(experiment) = Experiment::from_json(text) else { return };
    let (leniently_read, notices) = lenient.expect("what is accepted in a file is accepted in a link");
    assert_eq!(leniently_read, experiment);
    assert!(notices.is_empty());
    for written in [experiment.to_json(), experiment.to_json_pretty()] {
        let read = Experiment::from_json(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(read, experiment, "{written}");
    }
    for run in 0..experiment.runs.len() {
        let mut descent = Descent::new(&experiment, run).expect("a checked experiment can be run");
        let mut count = 0;
        while let Some(record) = (count < ITERATES).then(|| descent.advance()).flatten() {
            assert_eq!(record.step, count as u64);
            assert!(record.step_size.is_none_or(|eta| eta > 0.0 && eta.is_finite()));
            assert_eq!(descent.iterate().len(), experiment.start.len());
            assert_eq!(descent.columns().len(), experiment.columns.len());
            count += 1;
        }
        assert!(count == ITERATES || descent.outcome().is_some(), "a run ends with an outcome");
    }
});
