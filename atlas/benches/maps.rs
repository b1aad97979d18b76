//! Steps of gradient descent a second on one core: many pixels at once, and beside them the engine,
//! in the same run.
//!
//! `cargo bench -p flatland-atlas` prints elements a second, which are steps of one pixel. No run
//! of these maps ends early, so that every step is taken.
#![allow(missing_docs)]
#![cfg(not(target_arch = "wasm32"))]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flatland_atlas::{Axis, Map, Measure, Plan, compute};
use flatland_engine::Experiment;

const STEPS: u64 = 1_000;

struct Case {
    name: &'static str,
    objective: &'static str,
    start: &'static str,
    policy: &'static str,
    x: &'static str,
    y: &'static str,
    measure: Measure,
}

const CASES: [Case; 7] = [
    // Cycles and chaos between 1.05 and 1.9: nothing converges and nothing diverges.
    Case {
        name: "double-well/constant",
        objective: r#"{"name": "double-well"}"#,
        start: "[0.3]",
        policy: r#"{"name": "constant", "eta": 1.1}"#,
        x: "runs[0].policy.eta=lin:1.05:1.9",
        y: "start[0]=lin:0.2:0.9",
        measure: Measure::Minimizer,
    },
    // With 512 more steps in which neighbors are followed, to tell chaos.
    Case {
        name: "double-well/constant/outcome",
        objective: r#"{"name": "double-well"}"#,
        start: "[0.3]",
        policy: r#"{"name": "constant", "eta": 1.1}"#,
        x: "runs[0].policy.eta=lin:1.05:1.9",
        y: "start[0]=lin:0.2:0.9",
        measure: Measure::Outcome,
    },
    Case {
        name: "double-well/constant/lyapunov",
        objective: r#"{"name": "double-well"}"#,
        start: "[0.3]",
        policy: r#"{"name": "constant", "eta": 1.1}"#,
        x: "runs[0].policy.eta=lin:1.05:1.9",
        y: "start[0]=lin:0.2:0.9",
        measure: Measure::Lyapunov,
    },
    Case {
        name: "river/constant",
        objective: r#"{"name": "river"}"#,
        start: "[0.001, 1]",
        policy: r#"{"name": "constant", "eta": 0.5}"#,
        x: "start[0]=lin:0.001:0.2",
        y: "start[1]=lin:1:2",
        measure: Measure::Minimizer,
    },
    Case {
        name: "scalar-factorization/constant",
        objective: r#"{"name": "scalar-factorization"}"#,
        start: "[3, 0.5]",
        policy: r#"{"name": "constant", "eta": 0.0001}"#,
        x: "start[0]=lin:1:3",
        y: "start[1]=lin:1:3",
        measure: Measure::Minimizer,
    },
    Case {
        name: "scalar-factorization/sharpness",
        objective: r#"{"name": "scalar-factorization"}"#,
        start: "[3, 0.5]",
        policy: r#"{"name": "sharpness", "c": 0.001}"#,
        x: "start[0]=lin:1:3",
        y: "start[1]=lin:1:3",
        measure: Measure::Minimizer,
    },
    // Without a tolerance the search goes on for ever.
    Case {
        name: "river/nonmonotone-line-search",
        objective: r#"{"name": "river"}"#,
        start: "[0.001, 1]",
        policy: r#"{"name": "nonmonotone-line-search"}"#,
        x: "start[0]=lin:0.001:0.2",
        y: "start[1]=lin:1:2",
        measure: Measure::Minimizer,
    },
];

impl Case {
    fn map(&self, steps: u64) -> Map {
        let Self { objective, start, policy, .. } = self;
        let json = format!(
            r#"{{"version": 1, "objective": {objective}, "start": {start}, "steps": {steps}, "stop": {{"gradient_norm": 0}},
                "runs": [{{"policy": {policy}}}]}}"#
        );
        let experiment = Experiment::from_json(&json).expect(&json);
        let [x, y] = [self.x, self.y].map(|axis| Axis::parse(axis).expect("an axis"));
        Map::new(&experiment, 0, x, y, self.measure).expect("a map")
    }
}

fn grid(map: &Map, columns: usize, rows: usize) -> Vec<(f64, f64)> {
    (0..columns * rows).map(|i| (map.x.at_pixel(i % columns, columns), map.y.at_pixel(i / columns, rows))).collect()
}

/// The steps that a map takes.
fn steps(plan: &Plan, points: &[(f64, f64)]) -> u64 {
    compute(plan, points).iter().map(|pixel| pixel.fate.steps(plan.map.experiment.steps)).sum()
}

fn maps(criterion: &mut Criterion) {
    for case in &CASES {
        let mut group = criterion.benchmark_group(case.name);
        for (way, side, plan) in
            [("cohorts", 32, Plan::new(case.map(STEPS))), ("engine", 4, Plan::with_engine(case.map(STEPS)))]
        {
            let points = grid(&plan.map, side, side);
            group.throughput(Throughput::Elements(steps(&plan, &points)));
            group.bench_function(way, |bencher| bencher.iter(|| compute(black_box(&plan), black_box(&points))));
        }
        group.finish();
    }
}

criterion_group!(benches, maps);
criterion_main!(benches);
