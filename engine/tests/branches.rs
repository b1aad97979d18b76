//! Runs that go on from a checkpoint: to the last bit those that begin anew.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod common;

use common::{constant, experiment};
use flatland_engine::column::Column;
use flatland_engine::ensemble::Ensemble;
use flatland_engine::experiment::{Change, EnsembleSpec, Spec};
use flatland_engine::{Descent, Experiment, policy};

const CHECKPOINT: u64 = 11;
const CHANGE: u64 = 17;

fn advance_to(descent: &mut Descent, step: u64) {
    while descent.outcome().is_none() && (descent.record().loss.is_nan() || descent.record().step < step) {
        descent.go_on();
    }
}

/// All numbers of the rows from where a run stands on, as bits.
fn rest(mut descent: Descent) -> Vec<Vec<u64>> {
    let mut rows = Vec::new();
    while let Some(record) = descent.advance() {
        let numbers = [record.loss, record.gradient_norm, record.sharpness, record.step_size.unwrap_or(f64::NAN)];
        let spent = record.evaluations.total();
        let all = numbers.iter().chain(descent.iterate()).chain(descent.columns());
        rows.push(all.map(|number| number.to_bits()).chain([record.step, spent]).collect());
    }
    rows
}

/// Every policy on a toy and on a network whose eigenvalues are tracked by products: from the
/// checkpoint on with another policy later and twice the budget, and as a run of its own.
#[test]
fn a_branch_has_the_bits_of_a_run_that_begins_anew() {
    let network = Spec::new("network").with("data", Spec::new("moons").with("samples", 12.0));
    let toys = [
        experiment(Spec::new("river"), &[0.3, 1.0], constant(0.1), 24),
        Experiment {
            columns: vec![Column::Segment, Column::LBb1, Column::Lambda2, Column::LambdaMin, Column::Projection],
            seed: 3,
            ..experiment(network.with("hidden", vec![8.0, 6.0]), &[], constant(0.1), 24)
        },
    ];
    let mut branched = 0;
    for toy in toys {
        for entry in policy::catalogue() {
            let mut before = toy.clone();
            before.runs[0].policy = Spec::new(entry.description.name);
            let before = before.complete_and_check().unwrap();
            let mut after = Experiment { steps: 48, ..before.clone() };
            after.runs[0].changes.push(Change { step: CHANGE, policy: constant(0.05) });
            let after = after.complete_and_check().unwrap();
            assert!(before.shares_past(0, &after, 0, CHECKPOINT));
            let [mut checkpoint, mut anew] = [&before, &after].map(|experiment| Descent::new(experiment, 0).unwrap());
            advance_to(&mut checkpoint, CHECKPOINT);
            if checkpoint.outcome().is_some() {
                continue;
            }
            let branch = checkpoint.branch(&after, 0).unwrap();
            // What the original does meanwhile is nothing to the branch.
            advance_to(&mut checkpoint, 20);
            advance_to(&mut anew, CHECKPOINT);
            assert_eq!(rest(branch), rest(anew), "{}", entry.description.name);
            branched += 1;
        }
    }
    assert!(branched > 70, "{branched}");
}

/// A change that has been made already stays; the members of an ensemble branch with it.
#[test]
fn a_branch_of_an_ensemble_keeps_what_has_happened() {
    let ensemble = Some(EnsembleSpec { size: 4, spread: 0.05 });
    let mut before = Experiment { ensemble, ..experiment(Spec::new("river"), &[0.3, 1.0], constant(0.1), 40) };
    before.runs[0].changes.push(Change { step: 5, policy: constant(0.2) });
    before.runs[0].changes.push(Change { step: 15, policy: constant(0.3) });
    let mut after = before.clone();
    after.runs[0].changes[1] = Change { step: 20, policy: Spec::new("cdat") };
    let [before, after] = [before, after].map(|experiment| experiment.complete_and_check().unwrap());
    assert!(before.shares_past(0, &after, 0, 14) && !before.shares_past(0, &after, 0, 15));
    let mut checkpoint = Ensemble::new(&before, 0).unwrap();
    for _ in 0..=10 {
        checkpoint.advance();
    }
    let mut branch = checkpoint.branch(&after, 0).unwrap();
    let mut anew = Ensemble::new(&after, 0).unwrap();
    for _ in 0..=10 {
        anew.advance();
    }
    let mut rows = 0;
    while branch.advance() {
        assert!(anew.advance());
        let numbers = |ensemble: &mut Ensemble| {
            let quartiles = ensemble.quartiles().map(|quartiles| quartiles.to_array().map(f64::to_bits));
            (quartiles, ensemble.iterates().flatten().map(|x| x.to_bits()).collect::<Vec<_>>())
        };
        assert_eq!(numbers(&mut branch), numbers(&mut anew));
        rows += 1;
    }
    assert!(rows > 10 && !anew.advance(), "{rows}");
}

#[test]
fn only_experiments_that_were_the_same_share_a_past() {
    let one = experiment(Spec::new("river"), &[0.3, 1.0], constant(0.1), 40).complete_and_check().unwrap();
    let with = |change: &dyn Fn(&mut Experiment)| {
        let mut other = one.clone();
        change(&mut other);
        other
    };
    assert!(one.shares_past(0, &one, 0, 39) && !one.shares_past(0, &one, 0, 40) && !one.shares_past(0, &one, 1, 3));
    assert!(one.shares_past(0, &with(&|other| other.runs[0].label = Some("a".to_owned())), 0, 3));
    assert!(one.shares_past(0, &with(&|other| other.steps = 9), 0, 8));
    assert!(!one.shares_past(0, &with(&|other| other.steps = 9), 0, 9));
    for other in [
        with(&|other| other.start[0] = 0.31),
        with(&|other| other.seed = 1),
        with(&|other| other.runs[0].policy = constant(0.2)),
        with(&|other| other.stop.loss = 1e3),
        with(&|other| other.columns.push(Column::Segment)),
        with(&|other| other.spectrum.every = 2),
    ] {
        assert!(!one.shares_past(0, &other, 0, 3), "{other:?}");
    }
}
