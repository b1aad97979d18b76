//! The session with the real engine behind it: a [`Bench`] obeys its orders as a worker would,
//! without a browser.

mod changes;
mod playing;

use std::collections::HashMap;

use flatland_engine::{
    descent::Descent,
    ensemble::Ensemble,
    experiment::{EnsembleSpec, Experiment, ParameterValue},
};

use super::{mail::LOOKAHEAD, *};
use crate::{
    chart::{
        axis::{Axis, Spacing},
        palette::{Palette, Tone},
        panels,
    },
    landscape::home::{grown, home},
    protocol::{BEYOND, Batch, EndKind, Grant, Quantity},
    recorder::Recorder,
    view_settings::{SLOTS, Scale, View},
};

const RIVER: &str = r#"{"version":1,"objective":{"name":"river","a":0.05,"y0":3},"start":[0.001,1],"steps":300,
    "runs":[{"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"nonmonotone-line-search"}}]}"#;

struct Bench {
    session: Session,
    recorders: HashMap<RunId, (u32, Recorder, u64)>,
}

impl Bench {
    fn new(json: &str) -> Self {
        let session = Session::new(Experiment::from_json(json).expect("a valid experiment"));
        Self { session, recorders: HashMap::new() }
    }

    /// Obeys orders and grants in batches of at most 50 rows, until nothing more is asked for.
    fn work(&mut self) {
        for _ in 0..10_000 {
            for order in self.session.take_orders() {
                match order {
                    Order::Drop(run) => {
                        self.recorders.remove(&run);
                    }
                    Order::Load { run, generation, from, .. } => {
                        let index = self.session.runs().iter().position(|r| r.id == run).expect("the run is there");
                        let recorder = Recorder::new(self.session.experiment(), index).expect("a valid run");
                        self.recorders.insert(run, (generation, recorder, from));
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
        let Some((generation, recorder, from)) = self.recorders.get_mut(&grant.run) else { return false };
        assert_eq!(*generation, grant.generation);
        let mut rows: Vec<Vec<f64>> = Vec::new();
        let mut first = 0;
        while rows.len() < 50 {
            let known = self.session.runs().iter().find(|run| run.id == grant.run).map_or(0, |run| run.history.len());
            if known as u64 + rows.len() as u64 > grant.target {
                break;
            }
            let Some((step, row)) = recorder.next_row() else { break };
            if step < *from {
                continue;
            }
            if rows.is_empty() {
                first = step;
            }
            rows.push(row.collect());
        }
        if rows.is_empty() {
            return false;
        }
        let width = rows[0].len();
        let columns: Vec<f64> = (0..width).flat_map(|column| rows.iter().map(move |row| row[column])).collect();
        let outcome = recorder.outcome().cloned();
        let (run, generation, coordinates) = (grant.run, grant.generation, recorder.coordinates());
        assert!(self.session.absorb(&Batch { run, generation, first, rows: rows.len(), coordinates, columns }));
        if let Some(outcome) = outcome {
            let end = End::of(&outcome);
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
    assert!(bench.session.set_budget(u64::MAX, false).is_err());
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
    let row = |run, first| Batch { run, generation: 0, first, rows: 1, coordinates: 2, columns: vec![0.0; 13] };
    assert!(!bench.session.absorb(&row(id, 31)));
    assert!(!bench.session.absorb(&row(999, 0)));
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
fn more_steps_extend_a_finished_run_without_changing_it() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(300);
    let before = bench.losses(1);
    bench.session.set_budget(400, false).expect("valid");
    bench.go_to(400);
    let after = bench.losses(1);
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!(after, computed_alone(bench.session.experiment(), 1, 401));
}

#[test]
fn in_calls_every_run_ends_where_its_calls_are_used_up() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(300);
    let before = [bench.losses(0), bench.losses(1)];
    for budget in [200, 120, 290, 80] {
        bench.session.set_budget(budget, true).expect("valid");
        bench.session.seek(budget);
        bench.work();
        let ends: Vec<u64> = bench.session.runs().iter().map(|run| run.end.as_ref().expect("ended").step).collect();
        assert_eq!(ends[0], budget, "a constant step costs one gradient");
        assert!(ends[1] < budget / 2, "a line search pays for its trials");
        for (index, run) in bench.session.runs().iter().enumerate() {
            let (last, history) = (ends[index] as usize, &run.history);
            assert_eq!(history.len(), last + 1, "nothing is left beyond the end");
            assert!(history.cost(last) >= budget as f64 && history.cost(last - 1) < budget as f64);
            assert_eq!(bench.losses(index), before[index][..=last]);
            assert_eq!(bench.losses(index), computed_alone(bench.session.experiment(), index, last + 1));
        }
    }
    bench.session.set_budget(300, false).expect("valid");
    bench.go_to(300);
    assert_eq!([bench.losses(0), bench.losses(1)], before);
}

#[test]
fn several_starts_are_recorded_beside_the_run_and_do_not_change_it() {
    let alone = Experiment::from_json(RIVER).expect("valid");
    let plural = Experiment { ensemble: Some(EnsembleSpec { size: 8, spread: 0.05 }), seed: 3, ..alone.clone() };
    let mut bench = Bench::new(&plural.to_json());
    bench.go_to(100);
    // Another panel asks for columns: they stand before the quartiles.
    bench.session.set_columns(vec![Column::Lambda2]);
    bench.work();
    bench.go_to(120);
    for (index, run) in bench.session.runs().iter().enumerate() {
        let losses = bench.losses(index);
        assert_eq!(losses, computed_alone(&alone, index, losses.len()), "the run itself is as without others");
        let mut ensemble = Ensemble::new(&plural, index).expect("valid");
        for row in 0..losses.len() {
            assert!(ensemble.advance());
            for (quantity, expected) in
                [Quantity::Loss, Quantity::Sharpness, Quantity::Product].into_iter().zip(ensemble.quartiles())
            {
                let found =
                    panels::quartiles(&bench.session, run, quantity).expect("recorded").map(|series| series.get(row));
                assert_eq!(found, [expected.lower, expected.median, expected.upper].map(Some));
            }
        }
    }
    assert!(panels::quartiles(&bench.session, &bench.session.runs()[0], Quantity::StepSize).is_none());
    let mut bench = Bench::new(RIVER);
    bench.go_to(10);
    assert!(panels::quartiles(&bench.session, &bench.session.runs()[0], Quantity::Loss).is_none());
}

#[test]
fn quartiles_that_have_diverged_are_beyond_all_numbers() {
    let escape = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1]},"start":[1],"steps":100,"stop":{"loss":1e6},
        "runs":[{"policy":{"name":"constant","eta":4}}],"ensemble":{"size":16,"spread":0.9}}"#;
    let mut bench = Bench::new(escape);
    bench.session.seek(100);
    bench.work();
    let run = &bench.session.runs()[0];
    let [_, median, upper] = panels::quartiles(&bench.session, run, Quantity::Loss).expect("recorded");
    let last = run.history.len() - 1;
    assert_eq!(upper.get(last), Some(BEYOND));
    assert!(median.get(0).is_some_and(|loss| loss < 10.0));
}

#[test]
fn a_lost_worker_costs_nothing_that_was_recorded() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(70);
    let before = bench.losses(1);
    let ids: Vec<RunId> = bench.session.runs().iter().map(|run| run.id).collect();
    bench.recorders.clear();
    bench.session.recover(Some(ids[0]), &ids, true, "the engine failed");
    bench.work();
    bench.go_to(150);
    assert_eq!(bench.losses(1)[..before.len()], before[..]);
    assert_eq!(bench.session.runs()[0].end.as_ref().map(|end| end.kind), Some(EndKind::Failed));
}

/// The note of the loss's chart, its axis, and every finite value that its lines show.
fn loss_chart(bench: &Bench, scale: Scale) -> (String, Axis, Vec<f64>) {
    let view = View { scales: [scale; SLOTS], ..View::default() };
    let costs = panels::x::Costs::new(&bench.session, &view);
    let style = panels::ChartStyle { view: &view, weight: 1.0, floor: None };
    let chart = panels::chart(0, &bench.session, &costs, &Palette::new(Tone::Light), style);
    let shown = chart.lines.iter().flat_map(|line| {
        let rows = 0..line.source.end.min(line.source.series.len());
        rows.filter_map(|row| line.source.series.get(row)).map(|value| line.source.map.of(value))
    });
    let values = shown.filter(|value| value.is_finite()).collect();
    (chart.note, chart.y, values)
}

fn formula(expression: &str, start: &str, etas: &[f64]) -> Bench {
    let runs: Vec<String> =
        etas.iter().map(|eta| format!(r#"{{"policy":{{"name":"constant","eta":{eta:?}}}}}"#)).collect();
    let mut bench = Bench::new(&format!(
        r#"{{"version":1,"objective":{{"name":"formula","expression":"{expression}"}},"start":{start},"steps":60,"runs":[{}]}}"#,
        runs.join(",")
    ));
    bench.session.seek(60);
    bench.work();
    bench
}

/// Losses that are far from 0 and hardly move, tiny, huge, negative or of both signs: each lies on
/// its axis, on every scale.
#[test]
fn every_loss_lies_on_its_axis() {
    for (expression, start, eta) in [
        ("f(x) = 1e8 + 1e-8*x^2", "[1]", 0.1),
        ("f(x) = 1e13 + x^2", "[1]", 0.1),
        ("f(x) = 2.70000006 + 1e-9*x^2", "[1]", 1e8),
        ("f(x) = 1e-300*x^2", "[1]", 1e150),
        ("f(x) = 1e140*x^2", "[1]", 1e-141),
        ("f(x) = x^2", "[1]", 0.25),
        ("f(x) = 7 + 0*x", "[1]", 0.25),
        ("f(x) = x^4/4 - x^2/2", "[0.5]", 0.1),
        ("f(x, y) = x^2 + y^2 - 2", "[2, 2]", 0.1),
        ("f(x) = -1e13 + x^2", "[1]", 0.1),
    ] {
        let bench = formula(expression, start, &[eta, 0.3 * eta]);
        for scale in [Scale::Usual, Scale::Other, Scale::AboveBest] {
            let (note, axis, values) = loss_chart(&bench, scale);
            assert!(axis.lo < axis.hi && values.len() > 1, "{expression}: {axis:?}");
            let lies = |value: &f64| (axis.lo..=axis.hi).contains(value) || scale == Scale::AboveBest && *value == 0.0;
            let lost = values.iter().find(|value| !lies(value));
            assert_eq!(lost, None, "{expression}, {scale:?}: {axis:?}, {note}");
        }
    }
}

#[test]
fn a_loss_that_is_not_positive_is_linear_with_a_word() {
    // Steps of 1/4 halve the distance to the circle's center: the loss goes from 6 to −2.
    let bench = formula("f(x, y) = x^2 + y^2 - 2", "[2, 2]", &[0.25]);
    let (note, axis, _) = loss_chart(&bench, Scale::Usual);
    assert_eq!((note.as_str(), axis), ("f ≤ 0: linear axis", Axis::linear(-2.0, 6.0)));
    let (note, axis, values) = loss_chart(&bench, Scale::AboveBest);
    assert_eq!(note, "f_best = −2");
    assert!(axis.spacing == Spacing::Log10 && values[..3] == [8.0, 2.0, 0.5], "{values:?}");
    // At the very minimum at once: no decades to show.
    let (note, ..) = loss_chart(&formula("f(x) = x^2", "[3]", &[0.5]), Scale::Usual);
    assert_eq!(note, "f ≤ 0: linear axis");
    // By many decades, then exactly 0: x − x/1.25 is a fifth of x, until the loss underflows.
    let bench = formula("f(x) = max(x^2 - 1e-9, 0)", "[1]", &[0.4]);
    let (note, axis, _) = loss_chart(&bench, Scale::Usual);
    assert!(note == "▼ f = 0" && axis.spacing == Spacing::Log10, "{note}, {axis:?}");
}

#[test]
fn tables_show_what_the_chart_shows() {
    let bench = formula("f(x, y) = x^2 + y^2 - 2", "[2, 2]", &[0.25]);
    let view = View { scales: [Scale::AboveBest; SLOTS], ..View::default() };
    let (heads, numbers) = panels::table_at(0, &bench.session, &view, &[0, 1]);
    assert!(heads[1].ends_with(", f − f_best"), "{heads:?}");
    assert_eq!(numbers, [0.0, 8.0, 1.0, 2.0]);
    assert_eq!(panels::heading(&view, 0), "Loss f − f_best");
}

/// log cosh(xy) + a/2·(y − 3)² typed, from (0.001, 1): its runs climb to y = 3, beyond the first
/// window.
#[test]
fn the_window_of_a_typed_formula_grows_until_it_holds_its_runs() {
    let json = r#"{"version":1,"objective":{"name":"formula","expression":"f(x,y) = logcosh(x*y) + a/2*(y-3)^2; a=0.05"},
        "start":[0.001,1],"steps":300,"runs":[{"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"constant","eta":1e6}}]}"#;
    let mut bench = Bench::new(json);
    let first = home(bench.session.experiment());
    assert!(first.bounds[3] < 2.1);
    bench.session.seek(300);
    bench.work();
    let window = grown(first, &bench.session).expect("it must grow");
    let run = &bench.session.runs()[0];
    for (axis, series) in run.history.coordinates().iter().enumerate() {
        let bucket = series.bucket(0..run.history.len());
        assert!(window.bounds[2 * axis] < bucket.min && bucket.max < window.bounds[2 * axis + 1], "{window:?}");
    }
    // The other run leaves for far away at once, and does not count; and there is no growing for
    // ever.
    assert!(window.bounds[3] < 6.0, "{window:?}");
    assert_eq!(grown(window, &bench.session), None);
}

/// What is on its way counts as shown: a link that is made meanwhile has the step that was asked
/// for.
#[test]
fn the_wanted_step_is_that_of_a_jump_under_way() {
    let mut bench = Bench::new(RIVER);
    bench.session.seek(30);
    assert_eq!((bench.session.step(), bench.session.wanted_step()), (0, 30));
    bench.work();
    assert_eq!((bench.session.step(), bench.session.wanted_step()), (30, 30));
}
