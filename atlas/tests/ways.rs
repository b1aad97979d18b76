//! Cohorts against the engine: every rule, on objectives of one to four variables.

use flatland_atlas::{Axis, Fate, Map, Measure, Pixel, Plan, Way, compute};
use flatland_engine::Experiment;

fn map(objective: &str, start: &str, policy: &str, steps: u64, x: &str, y: &str, measure: Measure) -> Map {
    let json = format!(
        r#"{{"version": 1, "objective": {objective}, "start": {start}, "steps": {steps}, "runs": [{{"policy": {policy}}}]}}"#
    );
    let experiment = Experiment::from_json(&json).expect(&json);
    Map::new(&experiment, 0, Axis::parse(x).expect("an axis"), Axis::parse(y).expect("an axis"), measure)
        .expect("a map")
}

/// The centers of the pixels of a square map.
fn grid(map: &Map, side: usize) -> Vec<(f64, f64)> {
    (0..side * side).map(|i| (map.x.at_pixel(i % side, side), map.y.at_pixel(i / side, side))).collect()
}

const POLICIES: [&str; 20] = [
    r#"{"name": "constant", "eta": 0.31}"#,
    r#"{"name": "clipped", "eta": 0.3, "tau": 0.7}"#,
    r#"{"name": "normalized", "eta": 0.1}"#,
    r#"{"name": "sharpness", "c": 1.9}"#,
    r#"{"name": "polyak"}"#,
    r#"{"name": "polyak", "f_star": -0.25}"#,
    r#"{"name": "cdat"}"#,
    r#"{"name": "cdat", "sigma": 1.5, "beta": 0.9}"#,
    r#"{"name": "barzilai-borwein"}"#,
    r#"{"name": "barzilai-borwein", "kind": "short", "eta_max": 3}"#,
    r#"{"name": "adgd"}"#,
    r#"{"name": "adgd", "variant": "first", "eta0": 0.01}"#,
    r#"{"name": "armijo"}"#,
    r#"{"name": "armijo", "eta0": 4, "c": 0.3, "shrink": 0.7}"#,
    r#"{"name": "line-search"}"#,
    r#"{"name": "nonmonotone-line-search"}"#,
    r#"{"name": "nonmonotone-line-search", "xi": 0.85, "delta": 0.7, "eta0": 0.1}"#,
    r#"{"name": "capped-nonmonotone-line-search"}"#,
    r#"{"name": "capped-nonmonotone-line-search", "grid": "continuous", "cap": 3, "delta": 0.8}"#,
    r#"{"name": "polyak-nonmonotone-line-search", "xi": 0.85}"#,
];

const OBJECTIVES: [(&str, &str, &str, &str); 5] = [
    (r#"{"name": "double-well"}"#, "[0.3]", "start[0]=lin:-2.1:2.2", ""),
    (r#"{"name": "scalar-factorization"}"#, "[3, 0.5]", "start[0]=lin:-3:3.1", "start[1]=lin:-3:3.2"),
    (r#"{"name": "river"}"#, "[0.1, 1]", "start[0]=lin:-1:1.1", "objective.a=log:0.01:1"),
    (r#"{"name": "flatland-toy"}"#, "[1, 2, 1]", "start[0]=lin:-3:3.1", "start[2]=lin:-2:2.2"),
    (r#"{"name": "product"}"#, "[2, 2, 0.3, 0.2]", "start[0]=lin:0.1:3.1", "start[3]=lin:-1:2.2"),
];

/// A second axis for an objective of one variable: a number of the policy.
fn second_axis(policy: &str) -> &'static str {
    let is = |name: &str| policy.contains(&format!("\"name\": \"{name}\""));
    if is("constant") || is("clipped") || is("normalized") {
        "runs[0].policy.eta=lin:0.3:2.1"
    } else if is("polyak-nonmonotone-line-search") {
        "runs[0].policy.c_p=log:0.05:1"
    } else if is("polyak") {
        "runs[0].policy.f_star=lin:-0.2:0"
    } else if is("sharpness") {
        "runs[0].policy.c=lin:0.5:2.5"
    } else if is("cdat") {
        "runs[0].policy.sigma=lin:0.5:2.5"
    } else {
        "runs[0].policy.eta0=log:0.01:3"
    }
}

/// How many of 196 pixels differ, after so many steps.
fn count_differing(steps: u64, is_same: impl Fn(&Pixel, &Pixel) -> bool, most: usize) {
    for (objective, start, x, y) in OBJECTIVES {
        // Polyak's step towards a value that is never reached grows without bound near a minimum:
        // chaos everywhere.
        for policy in POLICIES.into_iter().filter(|policy| steps <= 10 || !policy.contains("-0.25")) {
            let y = if y.is_empty() { second_axis(policy) } else { y };
            let map = map(objective, start, policy, steps, x, y, Measure::Outcome);
            let points = grid(&map, 14);
            let plan = Plan::new(map.clone());
            assert!(matches!(plan.way, Way::Closed(_)), "{objective} {policy}: {:?}", plan.way);
            let (many, one) = (compute(&plan, &points), compute(&Plan::with_engine(map), &points));
            let differing: Vec<_> = many.iter().zip(&one).filter(|(many, one)| !is_same(many, one)).collect();
            assert!(
                differing.len() <= most,
                "{objective} {policy}: {} differ, such as {:?}",
                differing.len(),
                differing[0]
            );
        }
    }
}

/// After a few steps both are at the same place. The engine's own derivatives round differently
/// here and there, and steep places amplify that; a search may decide a tie the other way, in a
/// pixel or two.
#[test]
fn cohorts_go_where_the_engine_goes() {
    let is_close = |(a, b): (&f64, f64)| (a - b).abs() <= 1e-6 * b.abs().max(1.0);
    let is_same = |many: &Pixel, one: &Pixel| match (many.fate, one.fate) {
        (Fate::Diverged { step: many }, Fate::Diverged { step: one }) => many.abs_diff(one) <= 1,
        _ => many.last.iter().zip(one.last).all(is_close),
    };
    count_differing(10, is_same, 3);
}

/// After many steps they have fared alike, but for pixels on the boundaries of basins. Whether a
/// bounded run that comes back to nothing is chaotic may be told differently: the exponent over a
/// finite time can have either sign where it is near 0.
#[test]
fn cohorts_fare_as_the_engine_does() {
    let wanders = |fate| matches!(fate, Fate::Chaotic | Fate::Unsettled);
    let is_same = |many: &Pixel, one: &Pixel| many.fate.is_alike(one.fate) || (wanders(many.fate) && wanders(one.fate));
    count_differing(150, is_same, 8);
}

#[test]
fn shares_exponents_and_sharpness_agree_with_the_engine() {
    for (objective, start, x, y) in &OBJECTIVES[1..4] {
        for policy in [POLICIES[0], POLICIES[6], POLICIES[15]] {
            for measure in [Measure::Share, Measure::Lyapunov, Measure::Sharpness, Measure::Loss] {
                // Few steps: chaos would part the two.
                let map = map(objective, start, policy, 12, x, y, measure);
                let points = grid(&map, 8);
                let (many, one) =
                    (compute(&Plan::new(map.clone()), &points), compute(&Plan::with_engine(map), &points));
                for (many, one) in many.iter().zip(&one).filter(|(many, _)| !matches!(many.fate, Fate::Diverged { .. }))
                {
                    let of = |pixel: &Pixel| match measure {
                        Measure::Share => pixel.share,
                        Measure::Lyapunov => pixel.lyapunov,
                        Measure::Loss => pixel.loss,
                        _ => pixel.sharpness,
                    };
                    let (many, one) = (of(many), of(one));
                    let is_same = (many.is_nan() && one.is_nan()) || (many - one).abs() <= 1e-6 * one.abs().max(1.0);
                    assert!(is_same, "{objective} {policy} {measure:?}: {many} and {one}");
                }
            }
        }
    }
}

#[test]
fn what_cohorts_cannot_do_is_left_to_the_engine_and_says_so() {
    let reason = |objective: &str, start: &str, policy: &str, x: &str, y: &str| match Plan::new(map(
        objective,
        start,
        policy,
        20,
        x,
        y,
        Measure::Outcome,
    ))
    .way
    {
        Way::Engine(reason) => reason,
        Way::Closed(_) => String::new(),
    };
    let (x, y) = ("start[0]=lin:-1:1", "start[1]=lin:-1:1");
    let factorization = r#"{"name": "scalar-factorization"}"#;
    assert!(reason(factorization, "[1, 1]", r#"{"name": "nesterov"}"#, x, y).contains("nesterov"));
    assert!(reason(r#"{"name": "phase-retrieval"}"#, "[1, 1]", POLICIES[0], x, y).contains("no closed form"));
    assert!(reason(factorization, "[1, 1]", POLICIES[0], x, "stop.loss=log:1:10").contains("stop.loss"));
    assert_eq!(reason(factorization, "[1, 1]", POLICIES[0], x, "objective.mu=lin:0:1"), "");
}

#[test]
fn a_formula_that_is_nowhere_a_number_is_undefined_everywhere() {
    let objective = r#"{"name": "formula", "expression": "f(x, y) = log(-1 - x^2) + y"}"#;
    let map = map(objective, "[1, 1]", POLICIES[0], 20, "start[0]=lin:-1:1", "start[1]=lin:-1:1", Measure::Outcome);
    let points = grid(&map, 8);
    for plan in [Plan::new(map.clone()), Plan::with_engine(map)] {
        assert!(compute(&plan, &points).iter().all(|pixel| pixel.fate == Fate::Undefined));
    }
}

/// Starts on kinks, and runs that stay on them: the symbols of lanes cannot tell, and the engine is
/// asked.
#[test]
fn pixels_on_kinks_are_the_engines() {
    let formula = |text: &str| format!(r#"{{"name": "formula", "expression": "f(x, y) = {text}"}}"#);
    for (text, policy) in [
        ("abs(x)^2 + (y - 1)^2", r#"{"name": "sharpness", "c": 0.9}"#),
        ("max(x, 0)^2 + min(x, 0)^2 + logcosh(y)", r#"{"name": "constant", "eta": 0.4}"#),
        ("sqrt(x^2 + y^2)^2 + (x - 1)^4/4", r#"{"name": "constant", "eta": 0.2}"#),
        ("relu(x) + (x - 1)^2 + y^2", r#"{"name": "nonmonotone-line-search"}"#),
        ("sqrt(x^2) + (y - 1)^2", r#"{"name": "constant", "eta": 0.1}"#),
        ("x^2 + y^2 - 1", r#"{"name": "polyak-nonmonotone-line-search"}"#),
    ] {
        for measure in [Measure::Outcome, Measure::Share, Measure::Sharpness] {
            let (x, y) = ("start[0]=lin:-1.1:1.1", "start[1]=lin:-1.1:1.1");
            let map = map(&formula(text), "[0, 0]", policy, 60, x, y, measure);
            // 11 pixels: the middle ones start at 0 exactly.
            let points = grid(&map, 11);
            assert_eq!(points[60], (0.0, 0.0));
            let plan = Plan::new(map.clone());
            assert!(matches!(plan.way, Way::Closed(_)), "{text}: {:?}", plan.way);
            let (many, one) = (compute(&plan, &points), compute(&Plan::with_engine(map), &points));
            for ((many, one), point) in many.iter().zip(&one).zip(&points) {
                assert_eq!(many.fate, one.fate, "{text} {policy} from {point:?}");
                let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * b.abs();
                assert!(same(many.share, one.share) && same(many.sharpness, one.sharpness), "{text} from {point:?}");
            }
        }
    }
}
