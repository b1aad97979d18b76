//! What the end of a run is called, on functions whose ends are known by hand.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)]

use flatland_engine::descent::{Limit, Outcome, Ray, Stall};
use flatland_engine::policy::PolicyFailure;
use flatland_engine::{Descent, Experiment};
use serde_json::{Value, json};

/// A run of a formula under a policy, as JSON; `stop` may be null.
fn run(expression: &str, start: &[f64], policy: &Value, steps: u64, stop: &Value) -> Outcome {
    let mut document = json!({
        "version": 1, "objective": { "name": "formula", "expression": expression }, "start": start,
        "runs": [{ "policy": policy }], "steps": steps
    });
    if !stop.is_null() {
        document["stop"] = stop.clone();
    }
    let experiment = Experiment::from_json(&document.to_string()).unwrap_or_else(|error| panic!("{error}"));
    let mut descent = Descent::new(&experiment, 0).unwrap();
    while descent.advance().is_some() {}
    descent.outcome().unwrap().clone()
}

fn plainly(expression: &str, start: &[f64], policy: &Value) -> Outcome {
    run(expression, start, policy, 500, &Value::Null)
}

fn named(name: &str) -> Value {
    json!({ "name": name })
}

fn constant(eta: f64) -> Value {
    json!({ "name": "constant", "eta": eta })
}

/// The Jennrich–Sampson function, whose exponentials vanish to the lower left.
fn jennrich_sampson() -> String {
    let terms: Vec<String> = (1..=10).map(|i| format!("({} - exp({i}*x) - exp({i}*y))^2", 2 + 2 * i)).collect();
    format!("f(x, y) = {}", terms.join(" + "))
}

#[test]
fn a_small_gradient_is_told_as_what_it_is() {
    let morse = "f(r) = 2.5*(1 - exp(-1.5*(r - 0.5)))^2";
    let far = json!({ "loss": 1e30 });
    let cases: [(&str, &[f64], Value, Value, &str); 17] = [
        (morse, &[30.0], named("armijo"), Value::Null, "plateau"),
        (morse, &[100.0], named("armijo"), Value::Null, "plateau"),
        (morse, &[-20.0], named("armijo"), far, "plateau"),
        (morse, &[1.0], named("armijo"), Value::Null, "minimum"),
        (&jennrich_sampson(), &[0.3, 0.4], named("wolfe"), Value::Null, "plateau"),
        ("f(x, y) = (x^2 - 1)^2 + y^2", &[0.0, 1.0], constant(0.1), Value::Null, "saddle"),
        ("f(x, y) = (x^2 - 1)^2 + y^2", &[0.1, 1.0], constant(0.1), Value::Null, "minimum"),
        ("f(x, y) = x^2 - y^2", &[1.0, 1e-12], constant(0.5), Value::Null, "saddle"),
        ("f(x, y) = x*y", &[1.0, 1.0], constant(0.5), Value::Null, "saddle"),
        ("cos(x)", &[0.0], constant(0.5), Value::Null, "maximum"),
        ("f(x, y) = -x^2 - 3*y^2", &[0.0, 0.0], constant(0.5), Value::Null, "maximum"),
        ("exp(-x)", &[-1.0], named("polyak"), Value::Null, "plateau"),
        ("1/x", &[1.0], named("polyak"), json!({ "gradient_norm": 1e-6 }), "plateau"),
        ("f(x, y) = (x*y - 1)^2", &[2.0, 0.7], constant(0.05), Value::Null, "flat minimum"),
        ("x^4", &[0.0], constant(0.1), Value::Null, "flat minimum"),
        ("1 + x^4/4", &[1.0], named("exact-line-search"), Value::Null, "flat minimum"),
        ("abs(x)^1.5", &[0.0], constant(0.1), Value::Null, "unknown"),
    ];
    for (expression, start, policy, stop, limit) in cases {
        let outcome = run(expression, start, &policy, 3_000_000, &stop);
        let found = outcome.limit().map(Limit::name);
        // x⁴ has a tiny curvature at a tiny distance: a minimum either way.
        let is_right = found == Some(limit) || (limit == "flat minimum" && found == Some("minimum"));
        assert!(is_right, "{expression} from {start:?}: {outcome}, not a {limit}");
    }
    let saddle = plainly("f(x, y) = x^2 - y^2", &[1.0, 1e-12], &constant(0.5));
    assert!(saddle.to_string().contains("to a saddle, not a minimum (λ_min = -2)"), "{saddle}");
}

/// Points without gradient and curvature, told apart by what f does a tenth and a hundredth of the
/// path's size away: 0.1 and 0.01 from 0, 0.3 and 0.03 from 3.
#[test]
fn what_lies_around_a_point_without_curvature_decides() {
    let cases: [(&str, &[f64], Limit); 7] = [
        ("x^4", &[0.0], Limit::FlatMinimum),
        // Nothing changes along y.
        ("f(x, y) = x^4", &[0.0, 0.0], Limit::FlatMinimum),
        ("x^5", &[0.0], Limit::Plateau { largest: 0.0 }),
        // Lower at −0.1 alone: 1 + 20·(−0.1) < 0.
        ("x^4*(1 + 20*x)", &[0.0], Limit::Plateau { largest: 0.0 }),
        // Lower at −0.01 alone: 1 − 1.5 + 0.16 < 0 there, 1 − 15 + 16 > 0 at −0.1.
        ("x^4*(1 + 150*x + 1600*x^2)", &[0.0], Limit::Plateau { largest: 0.0 }),
        // Lower beyond 0.56 from 3, and beyond 0.2.
        ("(x - 3)^4*(1 - 10*(x - 3)^4)", &[3.0], Limit::FlatMinimum),
        ("(x - 3)^4*(1 - 625*(x - 3)^4)", &[3.0], Limit::Plateau { largest: 0.0 }),
    ];
    for (expression, start, limit) in cases {
        let outcome = plainly(expression, start, &constant(0.1));
        assert_eq!(outcome.limit(), Some(limit), "{expression}: {outcome}");
    }
}

/// Eigenvalues count as 0 below 10⁻⁸ of the largest one, whatever its size.
#[test]
fn small_eigenvalues_are_held_against_the_largest() {
    for (expression, limit) in [
        ("f(x, y) = 1e6*x^2 + 1e-4*y^2", Limit::FlatMinimum),
        ("f(x, y) = 1e6*x^2 - 1e-4*y^2", Limit::FlatMinimum),
        ("f(x, y) = 1e6*x^2 - y^2", Limit::Saddle { least: -2.0 }),
        ("f(x, y) = 1e-6*x^2 + 1e-10*y^2", Limit::Minimum),
        ("f(x, y) = 1e-6*x^2 - 1e-10*y^2", Limit::Saddle { least: -2e-10 }),
    ] {
        let outcome = plainly(expression, &[0.0, 0.0], &constant(0.1));
        assert_eq!(outcome.limit(), Some(limit), "{expression}: {outcome}");
    }
}

/// The slope is looked for where a parabola would turn, at ‖g‖/γ: on minima much wider and much
/// narrower than 1, and much flatter.
#[test]
fn minima_of_any_width_and_depth_are_minima() {
    let stop = json!({ "gradient_norm": 1e-9 });
    for (expression, start, eta) in [
        ("5e-5*x^2", 1.0, 9e3),
        ("1 - exp(-1e6*x^2)", 1e-4, 4e-7),
        ("1e-3*(1 - exp(-x^2))", 0.1, 400.0),
        ("1e6*x^2", 1e-3, 4e-7),
    ] {
        let outcome = run(expression, &[start], &constant(eta), 500, &stop);
        assert_eq!(outcome.limit(), Some(Limit::Minimum), "{expression}: {outcome}");
    }
}

/// Where the minimum is known, f decides: x⁶/6 and |x|^1.5 have no useful curvature there.
#[test]
fn a_known_minimum_is_recognized_by_its_value() {
    for p in [1.5, 6.0] {
        let document = json!({
            "version": 1, "objective": { "name": "power", "p": p }, "start": [1.0],
            "runs": [{ "policy": { "name": "polyak" } }], "steps": 10_000
        });
        let mut descent = Descent::new(&Experiment::from_json(&document.to_string()).unwrap(), 0).unwrap();
        while descent.advance().is_some() {}
        assert_eq!(descent.outcome().unwrap().limit(), Some(Limit::Minimum), "{p}: {}", descent.outcome().unwrap());
    }
    let named = |objective: Value, start: &[f64]| {
        let document = json!({
            "version": 1, "objective": objective, "start": start, "runs": [{ "policy": constant(0.1) }], "steps": 3_000_000
        });
        let mut descent = Descent::new(&Experiment::from_json(&document.to_string()).unwrap(), 0).unwrap();
        while descent.advance().is_some() {}
        descent.outcome().unwrap().limit()
    };
    // By its value alone: at 0 there is no curvature, or none that is finite.
    assert_eq!(named(json!({ "name": "power", "p": 6.0 }), &[0.0]), Some(Limit::Minimum));
    assert_eq!(named(json!({ "name": "power", "p": 1.5 }), &[0.0]), Some(Limit::Minimum));
    // The minimum 0 is known, and this is not it: f(0) = 1/4.
    assert_eq!(named(json!({ "name": "double-well" }), &[0.0]), Some(Limit::Maximum { largest: -1.0 }));
}

#[test]
fn what_falls_for_ever_ends_with_its_own_word() {
    let cases: [(&str, &[f64], Value); 8] = [
        ("f(x, y) = x*y", &[1.0, 1.000_000_000_001], constant(0.1)),
        ("f(x, y) = x*y", &[1.0, 1.000_000_000_001], constant(0.5)),
        ("f(x, y) = x^2/2 - 9*y^2/2", &[1.0, 1e-12], constant(0.1)),
        ("x", &[1.0], named("line-search")),
        ("x", &[1.0], named("nonmonotone-line-search")),
        ("-x^4", &[2.0], named("adgd")),
        ("-exp(x)", &[1.0], constant(1.0)),
        ("log(x^2)", &[1.0], constant(0.5)),
    ];
    for (expression, start, policy) in cases {
        let outcome = run(expression, start, &policy, 5000, &Value::Null);
        assert!(matches!(outcome, Outcome::Unbounded { loss, .. } if loss < -1e12), "{expression}: {outcome}");
        assert_eq!(outcome.name(), "unbounded");
    }
    // x₁ = 1 − ½·2 = 0 exactly, where the logarithm is −∞.
    assert_eq!(plainly("log(x^2)", &[1.0], &constant(0.5)).to_string(), "unbounded below: at step 1 the loss is −∞");
    // x·y = −¼(y − x)² + ¼(x + y)²: the first part grows by 1.1² a step.
    let limited = run("x", &[1.0], &constant(1.0), 500, &json!({ "loss": 100.0 }));
    assert_eq!(limited.to_string(), "unbounded below: at step 102 the loss fell below -100");
}

#[test]
fn nan_and_both_infinities_are_told_apart() {
    let nan = plainly("x - log(2 + x)", &[1.0], &constant(10.0));
    assert_eq!(
        nan.to_string(),
        "diverged at step 1: the loss is not a number, because log(x + 2) is none there; η·λ₁ was 1.1111 the step before"
    );
    let infinite = run("x^4", &[3.0], &constant(1.0), 500, &json!({ "loss": 1e300 }));
    assert!(
        infinite.to_string().contains("the loss is +∞") || infinite.to_string().contains("exceeded 1e300"),
        "{infinite}"
    );
    let gradient = plainly("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2 - 3*x", &[1.0, 2.0], &constant(0.1));
    assert_eq!(
        gradient.to_string(),
        "diverged at step 0: the gradient is not finite, because sqrt((x - 1)^2) has no derivative there"
    );
}

/// The reason why a search found no step, by hand.
#[test]
fn a_search_names_its_reason() {
    let ray = |expression: &str, start: &[f64], policy: &Value| match plainly(expression, start, policy) {
        Outcome::Stalled { why: Stall::NoStep { ray, .. }, .. } => ray,
        other => panic!("{expression} under {policy}: {other}"),
    };
    for policy in ["exact-line-search", "wolfe", "goldstein"] {
        assert_eq!(ray("x", &[1.0], &named(policy)), Ray::Falls, "{policy}");
    }
    // The ray of this polynomial runs to −∞ after the first trial has jumped over a minimum.
    let polynomial = "3.042968312396456 - 832.4270136930788*x - 132807.15591801773*x^2 + 7915421.661743959*x^3 - \
                      157028484.0840962*x^4 + 1422170874.7294645*x^5 - 5970065591.205604*x^6 + 9405512899.903618*x^7";
    let jumping = json!({ "name": "wolfe", "eta0": 0.000_240_261_226 });
    assert_eq!(ray(polynomial, &[0.0], &jumping), Ray::Falls);
    // f is 2 to its last digits within 1e-8 of the minimum, where ‖∇f‖ is above the tolerance.
    assert_eq!(ray("f(x, y) = 1e6 + x^2 + 3*y^2", &[1e-6, 1e-6], &named("wolfe")), Ray::LastDigits);
    // A corner: every step goes up, with a slope.
    assert_eq!(ray("max(x, -2*x)", &[0.0], &named("armijo")), Ray::Ordinary);
}

#[test]
fn contradictory_constants_are_refused_when_read() {
    let refused = |policy: Value| {
        let document = json!({ "version": 1, "objective": { "name": "double-well" }, "runs": [{ "policy": policy }] });
        Experiment::from_json(&document.to_string()).map(drop).map_err(|error| error.to_string())
    };
    let wolfe = refused(json!({ "name": "wolfe", "c1": 0.7, "c2": 0.2 })).unwrap_err();
    assert!(wolfe.starts_with("runs[0].policy.c1: expected a number below c2 = 0.2, found 0.7"), "{wolfe}");
    assert!(refused(json!({ "name": "wolfe", "c1": 0.3, "c2": 0.3 })).is_err());
    assert!(refused(json!({ "name": "wolfe", "c1": 0.2, "c2": 0.3 })).is_ok());
    // Against a default, too: c2 = 0.9.
    assert!(refused(json!({ "name": "wolfe", "c1": 0.95 })).is_err());
    let cyclic = refused(json!({ "name": "cyclic", "eta_min": 0.9, "eta_max": 0.1 })).unwrap_err();
    assert!(
        cyclic.starts_with("runs[0].policy.eta_min: expected a number at most eta_max = 0.1, found 0.9"),
        "{cyclic}"
    );
    assert!(refused(json!({ "name": "cyclic", "eta_min": 0.1, "eta_max": 0.1 })).is_ok());
    assert!(refused(json!({ "name": "decay", "kind": "cosine", "eta": 0.1, "eta_min": 0.2 })).is_err());
}

/// x² + y² − 2 has the minimum −2, and 0 is assumed.
#[test]
fn a_policy_that_assumes_a_minimum_says_so() {
    let f = "f(x, y) = x^2 + y^2 - 2";
    let assumed = |outcome: &Outcome| match *outcome {
        Outcome::Stalled { why: Stall::Policy(PolicyFailure::AtAssumedMinimum { loss, f_star }), .. } => (loss, f_star),
        ref other => panic!("{other}"),
    };
    for policy in ["polyak", "sps-max", "sqrt-loss", "polyak-nonmonotone-line-search", "ponos"] {
        assert_eq!(assumed(&plainly(f, &[0.5, 0.5], &named(policy))), (-1.5, 0.0), "{policy}");
    }
    let later = plainly(f, &[0.5, 0.5], &json!({ "name": "gd-polyak", "period": 3.0 }));
    assert_eq!(later.step(), 2);
    assumed(&later);
    let creeping = plainly(f, &[2.0, 2.0], &named("polyak"));
    assert!(
        creeping.to_string().contains("f = 0 is already at the assumed f* = 0; set f* to the minimum"),
        "{creeping}"
    );
    // With the right value every step is a quarter: x halves, and ‖∇f‖ = 2√2·2⁻ᵏ·2 is below 1e-7
    // from k = 26 on.
    let stop = json!({ "gradient_norm": 1e-7 });
    let right = run(f, &[2.0, 2.0], &json!({ "name": "polyak", "f_star": -2.0 }), 500, &stop);
    assert!(right.limit() == Some(Limit::Minimum) && right.step() == 26, "{right}");
}

#[test]
fn a_division_by_no_curvature_is_named() {
    for policy in ["cdat", "sharpness", "silver"] {
        let outcome = plainly("x", &[1.0], &named(policy));
        assert!(
            matches!(outcome, Outcome::Stalled { why: Stall::Policy(PolicyFailure::NoCurvature(_)), .. }),
            "{policy}: {outcome}"
        );
    }
}
