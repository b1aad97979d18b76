//! Objectives that whoever runs the engine gives as functions: the same runs as from the catalogue,
//! to the last bit, and errors that name the field.

#![allow(clippy::unwrap_used)]

use flatland_engine::descent::Recording;
use flatland_engine::ensemble::Ensemble;
use flatland_engine::objective::{self, Objective};
use flatland_engine::{Descent, Experiment};

const REST: &str =
    r#""steps":40,"columns":["segment","lambda2","trace"],"runs":[{"policy":{"name":"nonmonotone-line-search"}}]"#;

fn river() -> Box<dyn Objective> {
    objective::find("river").unwrap().build_default().unwrap()
}

fn catalogued() -> Experiment {
    let text = format!(r#"{{"version":1,"objective":{{"name":"river"}},"start":[0.001,1],{REST}}}"#);
    Experiment::from_json(&text).unwrap()
}

fn given() -> Experiment {
    Experiment::from_json_given(&format!(r#"{{"version":1,{REST}}}"#), vec![0.001, 1.0]).unwrap()
}

#[test]
fn a_given_objective_runs_as_the_catalogues_does() {
    let mut expected = Descent::new(&catalogued(), 0).unwrap();
    let mut found = Descent::with_objective(&given(), 0, river(), Recording::default()).unwrap();
    while let Some(record) = expected.advance() {
        let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        assert_eq!(format!("{:?}", found.advance().unwrap()), format!("{record:?}"));
        assert_eq!(bits(found.iterate()), bits(expected.iterate()));
        assert_eq!(bits(found.columns()), bits(expected.columns()));
        assert_eq!(found.coordinates(), found.iterate());
    }
    assert!(found.advance().is_none());
    assert_eq!(found.outcome(), expected.outcome());
}

#[test]
fn several_starts_of_a_given_objective_have_the_same_quartiles() {
    let ensemble = Some(flatland_engine::experiment::EnsembleSpec { size: 4, spread: 0.05 });
    let expected = Experiment { ensemble, ..catalogued() };
    let found = Experiment { ensemble, ..given() };
    let mut expected = Ensemble::new(&expected, 0).unwrap();
    let mut found = Ensemble::with_objective(&found, 0, |_| river(), Recording::default()).unwrap();
    while expected.advance() {
        assert!(found.advance());
        assert_eq!(format!("{:?}", found.quartiles()), format!("{:?}", expected.quartiles()));
    }
    assert!(!found.advance());
}

#[test]
fn without_a_record_of_the_sharpness_nothing_else_changes() {
    let experiment = Experiment { columns: Vec::new(), ..given() };
    let recorded = Recording { sharpness: false };
    let mut expected = Descent::with_objective(&experiment, 0, river(), Recording::default()).unwrap();
    let mut found = Descent::with_objective(&experiment, 0, river(), recorded).unwrap();
    while let Some(record) = expected.advance() {
        let found = found.advance().unwrap();
        assert!(found.sharpness.is_nan());
        assert_eq!((found.loss, found.step_size), (record.loss, record.step_size));
    }
}

#[test]
fn what_does_not_fit_a_given_objective_is_named() {
    let text = |more: &str| format!(r#"{{"version":1,{more}{REST}}}"#);
    let field = |text: &str, start: &[f64]| Experiment::from_json_given(text, start.to_vec()).unwrap_err().field;
    assert_eq!(field(&text(r#""objective":{"name":"river"},"#), &[1.0, 2.0]), "objective");
    assert_eq!(field(&text(r#""start":[1,2],"#), &[1.0, 2.0]), "start");
    assert_eq!(field(&text(""), &[]), "start");
    assert_eq!(field(&text(""), &[1.0, f64::NAN]), "start[1]");
    assert_eq!(field(&text(r#""seed":-1,"#), &[1.0, 2.0]), "seed");

    let with = |experiment: &Experiment| Descent::with_objective(experiment, 0, river(), Recording::default());
    assert_eq!(with(&catalogued()).err().unwrap().field, "objective");
    assert_eq!(with(&Experiment { start: vec![1.0; 3], ..given() }).err().unwrap().field, "start");
    // Without its function such an experiment is none.
    assert_eq!(Descent::new(&given(), 0).err().unwrap().field, "objective.name");
}
