//! Maps to test with.

use flatland_atlas::{Axis, Map, Measure};
use flatland_engine::Experiment;

/// A policy of every rule, and of every variant that has code of its own.
pub const POLICIES: [&str; 16] = [
    r#"{"name": "constant", "eta": 0.31}"#,
    r#"{"name": "clipped", "eta": 0.3, "tau": 0.7}"#,
    r#"{"name": "normalized", "eta": 0.1}"#,
    r#"{"name": "sharpness", "c": 1.9}"#,
    r#"{"name": "polyak"}"#,
    r#"{"name": "cdat", "sigma": 1.5, "beta": 0.9}"#,
    r#"{"name": "barzilai-borwein"}"#,
    r#"{"name": "barzilai-borwein", "kind": "short", "eta_max": 3}"#,
    r#"{"name": "adgd"}"#,
    r#"{"name": "adgd", "variant": "first", "eta0": 0.01}"#,
    r#"{"name": "armijo"}"#,
    r#"{"name": "line-search"}"#,
    r#"{"name": "nonmonotone-line-search", "xi": 0.85, "delta": 0.7, "eta0": 0.1}"#,
    r#"{"name": "capped-nonmonotone-line-search"}"#,
    r#"{"name": "capped-nonmonotone-line-search", "grid": "continuous", "cap": 3, "delta": 0.8}"#,
    r#"{"name": "polyak-nonmonotone-line-search", "xi": 0.85}"#,
];

/// An objective, a start, an axis of it, and a second one; of one to four variables.
pub const OBJECTIVES: [(&str, &str, &str, &str); 5] = [
    (r#"{"name": "double-well"}"#, "[0.3]", "start[0]=lin:-2.1:2.2", "stop"),
    (r#"{"name": "scalar-factorization"}"#, "[3, 0.5]", "start[0]=lin:-3:3.1", "start[1]=lin:-3:3.2"),
    (r#"{"name": "river"}"#, "[0.1, 1]", "start[0]=lin:-1:1.1", "objective.a=log:0.01:1"),
    (r#"{"name": "flatland-toy", "k": 3}"#, "[1, 2, 1]", "start[0]=lin:-3:3.1", "start[2]=lin:-2:2.2"),
    (r#"{"name": "product"}"#, "[2, 2, 0.3, 0.2]", "start[0]=lin:0.1:3.1", "start[3]=lin:-1:2.2"),
];

/// The second axis of an objective: for the one with one variable a number of the policy.
pub fn second_axis(axis: &'static str, policy: &str) -> &'static str {
    let is = |name: &str| policy.contains(&format!("\"name\": \"{name}\""));
    match axis {
        "stop" if is("constant") || is("clipped") || is("normalized") => "runs[0].policy.eta=lin:0.3:2.1",
        "stop" if is("polyak-nonmonotone-line-search") => "runs[0].policy.c_p=log:0.05:1",
        "stop" if is("polyak") => "runs[0].policy.f_star=lin:-0.2:0",
        "stop" if is("sharpness") => "runs[0].policy.c=lin:0.5:2.5",
        "stop" if is("cdat") => "runs[0].policy.sigma=lin:0.5:2.5",
        "stop" => "runs[0].policy.eta0=log:0.01:3",
        other => other,
    }
}

/// A map.
pub fn map(objective: &str, start: &str, policy: &str, steps: u64, axes: (&str, &str), measure: Measure) -> Map {
    let json = format!(
        r#"{{"version": 1, "objective": {objective}, "start": {start}, "steps": {steps}, "runs": [{{"policy": {policy}}}]}}"#
    );
    let experiment = Experiment::from_json(&json).expect(&json);
    let [x, y] = [axes.0, axes.1].map(|axis| Axis::parse(axis).expect("an axis"));
    Map::new(&experiment, 0, x, y, measure).expect("a map")
}
