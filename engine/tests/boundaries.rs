//! What policies do at the boundaries of their conditions, on objectives where every number is
//! known.
#![allow(missing_docs)]

mod common;

use common::{Trace, assert_close, experiment};
use flatland_engine::Outcome;
use flatland_engine::descent::{Ray, Stall};
use flatland_engine::experiment::Spec;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A few hundred roundings.
const ROUNDING: f64 = 1e-13;

/// On ½λx².
fn on_parabola(curvature: f64, policy: Spec, steps: u64) -> Trace {
    let quadratic = Spec::new("quadratic").with("curvatures", vec![curvature]);
    Trace::of(&experiment(quadratic, &[1.0], policy, steps))
}

fn on_formula(formula: &str, start: &[f64], policy: Spec, steps: u64) -> Trace {
    Trace::of(&experiment(Spec::new("formula").with("expression", formula), start, policy, steps))
}

/// Both ways from 0 go up, so that no step decreases the loss.
fn on_a_kink(policy: Spec) -> Trace {
    on_formula("f(x) = max(x, -2*x)", &[0.0], policy, 1)
}

/// The trials and the smallest of them, of a search that gave up at the start.
#[track_caller]
fn failure(trace: &Trace) -> (u32, f64) {
    match trace.outcome {
        Outcome::Stalled { step: 0, why: Stall::NoStep { trials, last, ray: Ray::Ordinary | Ray::Falls } } => {
            (trials, last)
        }
        ref other => panic!("expected a search that gives up, found: {other}"),
    }
}

#[test]
fn a_search_that_gives_up_says_how_far_down_it_went() {
    // The first trial is 1, and each of the others half the one before.
    assert_eq!(failure(&on_a_kink(Spec::new("armijo"))), (1000, 0.5f64.powi(999)));
    assert_eq!(failure(&on_a_kink(Spec::new("zhang-hager"))), (100, 0.5f64.powi(99)));
    assert_eq!(failure(&on_a_kink(Spec::new("grippo-lampariello-lucidi"))), (100, 0.5f64.powi(99)));
    assert_eq!(failure(&on_a_kink(Spec::new("goldstein"))), (200, 0.5f64.powi(199)));
    assert_eq!(failure(&on_a_kink(Spec::new("wolfe"))), (200, 0.5f64.powi(199)));
    assert_eq!(failure(&on_a_kink(Spec::new("exact-line-search"))), (201, 0.5f64.powi(200)));
}

/// On a straight line no step is too long.
#[test]
fn a_search_that_only_grows_says_how_far_it_went() {
    let on_a_line = |name: &str| failure(&on_formula("f(x) = x", &[0.0], Spec::new(name), 1));
    assert_eq!(on_a_line("goldstein"), (200, 2f64.powi(199)));
    assert_eq!(on_a_line("wolfe"), (200, 2f64.powi(199)));
    assert_eq!(on_a_line("strongly-adapted"), (200, 2f64.powi(199)));
    assert_eq!(on_a_line("exact-line-search"), (201, 2f64.powi(200)));
}

/// The cap is on the grid of powers, and the step has to stay below it.
#[test]
fn the_capped_search_grows_to_below_its_cap_and_not_onto_it() {
    let policy = Spec::new("capped-nonmonotone-line-search").with("cap", 8.0);
    assert_eq!(on_parabola(1e-3, policy, 4).step_sizes(), [2.0, 4.0, 4.0, 4.0]);
}

/// Only steps below 2·10⁻⁹ hold. The monotone search gives up below 10⁻⁶, which it still tries, and
/// takes that; the nonmonotone one goes on.
#[test]
fn the_monotone_search_tries_nothing_below_its_smallest_step() {
    let first = |name: &str, eta0: f64| {
        let trace = on_parabola(1e9, Spec::new(name).with("eta0", eta0), 1);
        (trace.records[0].step_size.expect("a step"), trace.records[0].trials)
    };
    assert_eq!(first("line-search", 2e-6), (1e-6, 2));
    assert_eq!(first("line-search", 1.5e-6), (1e-6, 1));
    assert_eq!(first("nonmonotone-line-search", 2e-6), (2e-6 * 0.5f64.powi(10), 11));
}

/// On ½λx² Polyak's step over 0.1 is 5/λ, and steps up to 1/λ hold: however large λ is, three cuts
/// of the first trial.
#[test]
fn the_search_with_a_memory_has_no_smallest_first_trial() {
    for curvature in [1.0, 1e9] {
        let record = on_parabola(curvature, Spec::new("ponos"), 1).records[0];
        assert_close(record.step_size.expect("a step"), 0.625 / curvature, 1e-7);
        assert_eq!(record.trials, 4);
    }
}

/// A quantity costs what the policy asks for: gᵀHg is one product, λ₁ one for each variable, and
/// nothing asked for is free.
#[test]
fn products_are_counted() {
    let products = |policy: &str| {
        let trace = Trace::new("product", &[1.5, 1.2, 0.8, 0.9], Spec::new(policy), 3);
        trace.records.iter().map(|record| record.evaluations.hvp).collect::<Vec<_>>()
    };
    assert_eq!(products("constant"), [0, 0, 0, 0]);
    assert_eq!(products("cdat"), [1, 2, 3, 3]);
    assert_eq!(products("sharpness"), [4, 8, 12, 12]);
}

/// On ½λx² the slope along a step is 1 − ηλ of that at its start, so that every trial can be
/// followed by hand.
#[test]
fn searches_double_and_halve_from_their_first_trial() {
    let first = |policy: Spec, curvature: f64| {
        let record = on_parabola(curvature, policy, 1).records[0];
        (record.step_size.expect("a step"), record.trials)
    };
    // ηλ has to lie between ½ and 3/2.
    assert_eq!(first(Spec::new("goldstein"), 0.01), (64.0, 7));
    assert_eq!(first(Spec::new("goldstein"), 100.0), (0.5f64.powi(7), 8));
    // |1 − ηλ| has to be below a tenth: 128 is too long, then 96 is between it and 64.
    let wolfe = Spec::new("wolfe").with("c2", 0.1);
    assert_eq!(first(wolfe.clone(), 0.01), (96.0, 9));
    // 2⁻⁶ is too long, 2⁻⁷ too short, 3·2⁻⁸ too long, and 5·2⁻⁹ holds.
    assert_eq!(first(wolfe, 100.0), (5.0 * 0.5f64.powi(9), 10));
    // ηλ = ½ between 32 and 64, the seventh trial; 33 halvings of that interval make it narrower
    // than 50·10⁻¹⁰.
    let (eta, trials) = first(Spec::new("strongly-adapted"), 0.01);
    assert_close(eta, 50.0, 1e-10);
    assert_eq!(trials, 40);
}

/// Along −x + ⅝x² − ⅛x³ from 0 the losses at 1 and 2 are the same number, and at 2 the slope is 0:
/// a step that only repeats the loss is no better one, and the search goes on between them, where
/// the slope at 3/2 is 1/32.
#[test]
fn the_wolfe_search_turns_back_where_the_loss_has_not_fallen() {
    let policy = Spec::new("wolfe").with("c2", 0.1);
    let record = on_formula("f(x) = -x + 0.625*x^2 - 0.125*x^3", &[0.0], policy, 1).records[0];
    assert_eq!((record.step_size, record.trials), (Some(1.5), 3));
}

/// From a loss of 3/2 with a gradient of 3.
#[test]
fn polyak_steps_count_from_the_minimum_they_are_given() {
    let first = |policy: Spec| on_parabola(3.0, policy.with("f_star", -0.5), 1).step_sizes()[0];
    assert_close(first(Spec::new("polyak")), 2.0 / 9.0, ROUNDING);
    assert_close(first(Spec::new("sps-max").with("c", 0.25)), 8.0 / 9.0, ROUNDING);
    assert_eq!(first(Spec::new("sps-max").with("eta_b", 0.125)), 0.125);
    assert_close(first(Spec::new("gd-polyak").with("period", 1.0)), 2.0 / 9.0, ROUNDING);
    assert_close(first(Spec::new("sqrt-loss")), 0.1 / (2.0 * 2f64.sqrt()), ROUNDING);
}

/// With a gradient of 3; and where L₁‖g‖ vanishes both are 1/L₀.
#[test]
fn l0_l1_steps_in_closed_form() {
    let first = |kind: &str, start: f64, l1: f64| {
        let policy = Spec::new("l0-l1").with("kind", kind).with("l0", 2.0).with("l1", l1);
        let quadratic = Spec::new("quadratic").with("curvatures", vec![3.0]);
        Trace::of(&experiment(quadratic, &[start], policy, 1)).step_sizes()[0]
    };
    assert_close(first("plain", 1.0, 0.5), 1.0 / 3.5, ROUNDING);
    assert_close(first("logarithmic", 1.0, 0.5), (5.0f64 / 3.5).ln() / 1.5, ROUNDING);
    for kind in ["plain", "logarithmic"] {
        assert_eq!(first(kind, 1e-150, 1e-200), 0.5, "{kind}");
    }
}

/// On a parabola the steps of AdGD and of Barzilai and Borwein do not depend on how far the start
/// is, which is scaled by powers of two, exactly; also where ‖y‖² = 2¹⁰⁴² overflows, or ‖s‖² =
/// 2⁻¹⁰⁸⁰ vanishes.
#[test]
fn smoothness_is_estimated_where_squares_overflow_or_vanish() {
    for policy in ["adgd", "adgd-2019", "barzilai-borwein"] {
        let steps = |start: f64| {
            let quadratic = Spec::new("quadratic").with("curvatures", vec![2.0_f64.powi(25)]);
            let policy = Spec::new(policy).with("eta0", 2.0_f64.powi(-28));
            let mut experiment = experiment(quadratic, &[start], policy, 8);
            experiment.stop.loss = f64::MAX;
            Trace::of(&experiment).step_sizes()
        };
        let plain = steps(1.0);
        assert!(plain.len() > 1, "{policy}: {plain:?}");
        for power in [-540, 496] {
            let scaled = steps(2.0_f64.powi(power));
            assert_eq!(scaled.len(), plain.len(), "{policy} at 2^{power}");
            for (scaled, plain) in scaled.iter().zip(&plain) {
                assert_close(*scaled, *plain, 1e-14);
            }
        }
    }
}
