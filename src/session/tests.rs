//! The session with the real engine behind it: a [`Bench`] obeys its orders as a worker would, without a browser.

use std::collections::HashMap;

use flatland_engine::{
    descent::Descent,
    experiment::{Experiment, ParameterValue},
};

use super::*;
use crate::protocol::Quantity;

const RIVER: &str = r#"{"version":1,"objective":{"name":"river","a":0.05,"y0":3},"start":[0.001,1],"steps":300,
    "runs":[{"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"nonmonotone-line-search"}}]}"#;

struct Bench {
    session: Session,
    descents: HashMap<RunId, (u32, Descent, u64)>,
}

impl Bench {
    fn new(json: &str) -> Self {
        let session = Session::new(Experiment::from_json(json).expect("a valid experiment"));
        Self { session, descents: HashMap::new() }
    }

    /// Obeys orders and grants in batches of at most 50 rows, until nothing more is asked for.
    fn work(&mut self) {
        for _ in 0..10_000 {
            for order in self.session.take_orders() {
                match order {
                    Order::Drop(run) => {
                        self.descents.remove(&run);
                    }
                    Order::Load { run, generation, from, .. } => {
                        let index = self.session.runs().iter().position(|r| r.id == run).expect("the run is there");
                        let descent = Descent::new(self.session.experiment(), index).expect("a valid run");
                        self.descents.insert(run, (generation, descent, from));
                    }
                }
            }
            let grants = self.session.take_grants();
            let mut worked = false;
            for grant in grants {
                worked |= self.compute(&grant);
            }
            self.session.tick(0.0);
            if !worked {
                return;
            }
        }
        panic!("the session never comes to rest");
    }

    fn compute(&mut self, grant: &Grant) -> bool {
        let Some((generation, descent, from)) = self.descents.get_mut(&grant.run) else { return false };
        assert_eq!(*generation, grant.generation);
        let mut rows: Vec<Vec<f64>> = Vec::new();
        let mut first = 0;
        while rows.len() < 50 {
            let known = self.session.runs().iter().find(|run| run.id == grant.run).map_or(0, |run| run.history.len());
            if known as u64 + rows.len() as u64 > grant.target {
                break;
            }
            let Some(record) = descent.advance() else { break };
            if record.step < *from {
                continue;
            }
            if rows.is_empty() {
                first = record.step;
            }
            let mut row = vec![
                record.loss,
                record.gradient_norm,
                record.sharpness,
                record.step_size.unwrap_or(f64::NAN),
                record.threshold.unwrap_or(f64::NAN),
                record.product().unwrap_or(f64::NAN),
                record.reference.unwrap_or(f64::NAN),
                record.evaluations.function as f64,
                record.evaluations.gradient as f64,
                record.evaluations.hvp as f64,
            ];
            row.extend(descent.iterate());
            rows.push(row);
        }
        if rows.is_empty() {
            return false;
        }
        let width = rows[0].len();
        let columns: Vec<f64> = (0..width).flat_map(|column| rows.iter().map(move |row| row[column])).collect();
        let outcome = descent.outcome().cloned();
        assert!(self.session.absorb(grant.run, grant.generation, first, rows.len(), &columns));
        if let Some(outcome) = outcome {
            let step = first + rows.len() as u64 - 1;
            let end = End { kind: EndKind::Budget, step, sentence: outcome.to_string() };
            self.session.end(grant.run, grant.generation, end);
        }
        true
    }

    fn go_to(&mut self, step: u64) {
        self.session.seek(step);
        self.work();
        assert_eq!(self.session.step(), step);
    }

    fn losses(&self, run: usize) -> Vec<u64> {
        let history = &self.session.runs()[run].history;
        (0..history.len()).map(|row| history.get(Quantity::Loss, row).expect("recorded").to_bits()).collect()
    }
}

/// The losses of a run as the engine alone computes them.
fn computed_alone(experiment: &Experiment, run: usize, steps: usize) -> Vec<u64> {
    let mut descent = Descent::new(experiment, run).expect("valid");
    std::iter::from_fn(|| descent.advance()).take(steps).map(|record| record.loss.to_bits()).collect()
}

fn constant(eta: f64) -> Spec {
    Spec::new("constant").with("eta", ParameterValue::Number(eta))
}

#[test]
fn runs_are_kept_a_little_ahead_of_what_is_shown_and_no_further() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(10);
    for run in bench.session.runs() {
        assert!((10..=10 + LOOKAHEAD + 50).contains(&run.head().expect("computed")));
    }
    assert_eq!(bench.session.frontier(), 10);
}

#[test]
fn stepping_back_changes_nothing_that_was_computed() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(120);
    let before = bench.losses(0);
    bench.session.step_by(-100);
    bench.work();
    assert_eq!((bench.session.step(), bench.session.frontier()), (20, 120));
    assert_eq!(bench.losses(0)[..before.len()], before[..]);
}

#[test]
fn a_change_in_mid_run_keeps_the_past_and_equals_the_same_experiment_computed_afresh() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(80);
    let past = bench.losses(0);
    bench.session.set_policy(0, constant(0.3)).expect("valid");
    bench.work();
    bench.go_to(200);
    let losses = bench.losses(0);
    assert_eq!(losses[..=80], past[..=80]);
    let experiment = bench.session.experiment().clone();
    assert_eq!(experiment.runs[0].changes.len(), 1);
    assert_eq!(losses, computed_alone(&experiment, 0, losses.len()));
    // The document that a link carries says all of it.
    let read = Experiment::from_json(&experiment.to_json()).expect("our own document");
    assert_eq!(read, experiment);
}

#[test]
fn a_change_at_the_start_leaves_no_mark() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(60);
    bench.go_to(0);
    bench.session.set_policy(0, constant(0.25)).expect("valid");
    bench.work();
    let experiment = bench.session.experiment().clone();
    assert!(experiment.runs[0].changes.is_empty());
    assert_eq!(experiment.runs[0].policy.number("eta"), 0.25);
    // The frontier stands: the run catches up with what the others show.
    assert!(bench.losses(0).len() > 60);
    assert_eq!(bench.losses(0), computed_alone(&experiment, 0, bench.losses(0).len()));
}

#[test]
fn a_dragged_slider_leaves_one_mark_while_time_runs() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(100);
    bench.session.set_playing(true);
    for eta in [0.31, 0.32, 0.33, 0.34] {
        bench.session.set_policy(0, constant(eta)).expect("valid");
        bench.session.tick(0.05);
        bench.work();
    }
    let changes = &bench.session.experiment().runs[0].changes;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].policy.number("eta"), 0.34);
}

#[test]
fn an_invalid_policy_is_refused_and_nothing_is_lost() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(50);
    let before = (bench.session.experiment().clone(), bench.losses(0));
    assert!(bench.session.set_policy(0, constant(-1.0)).is_err());
    assert!(bench.session.add_run(Spec::new("no-such-policy")).is_err());
    assert!(bench.session.set_steps(u64::MAX).is_err());
    bench.work();
    assert_eq!((bench.session.experiment().clone(), bench.losses(0)), before);
    assert_eq!(bench.session.runs().len(), 2);
}

#[test]
fn a_new_run_catches_up_and_takes_a_free_color() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(90);
    bench.session.remove_run(0);
    bench.session.add_run(Spec::new("armijo")).expect("valid");
    bench.work();
    assert!(bench.session.runs()[1].head().expect("computed") >= 90);
    let colors: Vec<usize> = bench.session.runs().iter().map(|run| run.color).collect();
    assert_eq!(colors, [1, 0]);
}

#[test]
fn the_last_run_cannot_be_removed() {
    let mut bench = Bench::new(RIVER);
    bench.session.remove_run(1);
    bench.session.remove_run(0);
    assert_eq!(bench.session.runs().len(), 1);
}

#[test]
fn rows_of_an_older_generation_are_dropped() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(30);
    let id = bench.session.runs()[0].id;
    bench.session.set_policy(0, constant(0.2)).expect("valid");
    assert!(!bench.session.absorb(id, 0, 31, 1, &[0.0; 12]));
    assert!(!bench.session.absorb(999, 0, 0, 1, &[0.0; 12]));
}

#[test]
fn reset_keeps_the_start_and_the_policies_in_force() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(40);
    bench.session.set_policy(0, constant(0.2)).expect("valid");
    bench.work();
    bench.session.reset();
    bench.work();
    let experiment = bench.session.experiment();
    assert_eq!(experiment.start, [0.001, 1.0]);
    assert_eq!(experiment.runs[0].policy.number("eta"), 0.2);
    assert!(experiment.runs[0].changes.is_empty());
    assert_eq!((bench.session.step(), bench.session.frontier()), (0, 0));
}

#[test]
fn playing_ends_by_itself_at_the_last_step_and_playing_again_begins_at_the_first() {
    let mut bench = Bench::new(RIVER);
    bench.session.set_playing(true);
    for _ in 0..1000 {
        bench.session.tick(0.1);
        bench.work();
    }
    assert!(!bench.session.is_playing());
    assert_eq!(bench.session.step(), 300);
    bench.session.set_playing(true);
    assert_eq!((bench.session.step(), bench.session.frontier()), (0, 300));
}

#[test]
fn more_steps_extend_a_finished_run_without_changing_it() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(300);
    let before = bench.losses(1);
    bench.session.set_steps(400).expect("valid");
    bench.go_to(400);
    let after = bench.losses(1);
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!(after, computed_alone(bench.session.experiment(), 1, 401));
}

#[test]
fn a_lost_worker_costs_nothing_that_was_recorded() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(70);
    let before = bench.losses(1);
    let ids: Vec<RunId> = bench.session.runs().iter().map(|run| run.id).collect();
    bench.descents.clear();
    bench.session.recover(Some(ids[0]), &ids, true, "the engine failed");
    bench.work();
    bench.go_to(150);
    assert_eq!(bench.losses(1)[..before.len()], before[..]);
    assert_eq!(bench.session.runs()[0].end.as_ref().map(|end| end.kind), Some(EndKind::Failed));
}
