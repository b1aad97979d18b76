//! What each policy promises, checked along random runs against the objective itself.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use common::visits::{ROUNDING, Run, close, problems};
use common::{Trace, experiment};
use flatland_engine::descent::Limit;
use flatland_engine::experiment::{Change, Spec};
use flatland_engine::{Experiment, Outcome};
use nalgebra::DMatrix;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn armijo_takes_the_first_trial_that_holds(problem in problems(), c in 1e-4..0.9, shrink in 0.1..0.9) {
        let policy = Spec::new("armijo").with("c", c).with("shrink", shrink);
        let run = Run::new(problem, policy, 40);
        prop_assert!(!run.gave_up_early(), "{}", run.outcome);
        for visit in &run.visits {
            prop_assert_eq!(visit.reference, visit.loss);
            prop_assert!(run.holds(visit, visit.eta, c));
            let mut eta = 1.0;
            for _ in 1..visit.trials {
                prop_assert!(!run.holds(visit, eta, c));
                eta *= shrink;
            }
            prop_assert_eq!(eta, visit.eta);
        }
    }

    #[test]
    fn the_growing_searches_end_within_a_factor_of_equality(problem in problems(), xi in 0.0..=1.0) {
        for policy in [Spec::new("nonmonotone-line-search").with("xi", xi), Spec::new("line-search")] {
            let run = Run::new(problem.clone(), policy, 40);
            for visit in &run.visits {
                // 1e-6 is the step where no trial held.
                prop_assert!(run.holds(visit, visit.eta, 1e-4) || visit.eta == 1e-6);
                prop_assert!(!run.holds(visit, visit.eta / 0.5, 1e-4) || visit.eta == 1e-6);
            }
        }
    }

    #[test]
    fn the_reference_is_the_mean_of_all_losses(problem in problems()) {
        let run = Run::new(problem, Spec::new("nonmonotone-line-search"), 40);
        let mut sum = 0.0;
        for (k, visit) in run.visits.iter().enumerate() {
            sum += visit.loss;
            prop_assert!(close(visit.reference, (sum / (k + 1) as f64).max(visit.loss)));
        }
    }

    #[test]
    fn the_capped_search_stays_below_its_cap_and_doubles_at_most(problem in problems(), cap in 0.01..50.0) {
        let policy = Spec::new("capped-nonmonotone-line-search").with("cap", cap);
        let run = Run::new(problem, policy, 60);
        for visit in &run.visits {
            prop_assert!(visit.eta <= cap);
            prop_assert!(run.holds(visit, visit.eta, 1e-4) || visit.eta == 1e-6);
        }
        for (before, after) in run.pairs() {
            prop_assert!(after.eta <= 2.0 * before.eta);
        }
    }

    #[test]
    fn the_search_from_polyak_cuts_its_first_trial(problem in problems(), c_p in 0.05f64..1.0, f_star in -1f64..=0.0) {
        let policy = Spec::new("polyak-nonmonotone-line-search").with("c_p", c_p).with("f_star", f_star);
        let run = Run::new(problem, policy, 40);
        for visit in &run.visits {
            prop_assert!(run.holds(visit, visit.eta, 1e-4) || visit.eta == 1e-6);
            let first = ((visit.loss - f_star) / (c_p * visit.gradient_norm_squared + 1e-8)).clamp(1e-6, 1e4);
            let cut = first * 0.5f64.powi(visit.trials as i32 - 1);
            prop_assert!(close(visit.eta, cut) || visit.eta == 1e-6);
        }
    }

    #[test]
    fn polyak_reaches_the_minimum_of_the_tangent(problem in problems(), f_star in -1.0..0.0) {
        let run = Run::new(problem.clone(), Spec::new("polyak"), 20);
        for visit in &run.visits {
            prop_assert!(close(visit.eta, visit.loss / visit.gradient_norm_squared));
        }
        let run = Run::new(problem, Spec::new("polyak").with("f_star", f_star), 20);
        for visit in &run.visits {
            prop_assert!(close(visit.eta, (visit.loss - f_star) / visit.gradient_norm_squared));
        }
    }

    #[test]
    fn cdat_holds_its_product_and_the_oracle_its_own(problem in problems(), target in 0.5f64..2.5) {
        let run = Run::new(problem.clone(), Spec::new("cdat").with("sigma", target), 20);
        for visit in &run.visits {
            let mut hessian = DMatrix::zeros(visit.x.len(), visit.x.len());
            run.objective.hessian(&visit.x, &mut hessian);
            let terms = hessian.norm() * visit.gradient_norm_squared;
            let curvature = visit.gradient.dot(&(&hessian * &visit.gradient));
            // Where the curvature's terms cancel, its rounding grows relative to it.
            let error = ROUNDING * terms / curvature.abs();
            let product = visit.eta * curvature.abs() / visit.gradient_norm_squared;
            prop_assert!((product - target).abs() <= (ROUNDING + error) * target);
        }
        let run = Run::new(problem, Spec::new("sharpness").with("c", target), 20);
        for visit in &run.visits {
            prop_assert!(close(visit.eta * visit.sharpness.abs(), target));
        }
    }

    #[test]
    fn normalized_steps_have_the_given_length(problem in problems(), length in 0.01f64..0.5) {
        let run = Run::new(problem, Spec::new("normalized").with("eta", length), 40);
        for (before, after) in run.pairs() {
            // The difference of two points carries their rounding.
            let slack = 1e-14 * (1.0 + before.x.norm());
            prop_assert!(((&after.x - &before.x).norm() - length).abs() <= slack);
        }
    }

    #[test]
    fn clipped_steps_are_constant_or_of_the_given_length(problem in problems(), eta in 0.01f64..0.5, tau in 0.1f64..5.0) {
        let run = Run::new(problem, Spec::new("clipped").with("eta", eta).with("tau", tau), 40);
        for visit in &run.visits {
            prop_assert!(close(visit.eta, eta.min(eta * tau / visit.gradient.norm())));
        }
    }

    #[test]
    fn barzilai_borwein_steps_are_secant_quotients(problem in problems(), is_long: bool) {
        let kind = if is_long { "long" } else { "short" };
        let run = Run::new(problem, Spec::new("barzilai-borwein").with("kind", kind).with("eta_max", 100.0), 20);
        for (before, after) in run.pairs() {
            let (s, y) = (&after.x - &before.x, &after.gradient - &before.gradient);
            // Near a minimum squares vanish before quotients do.
            let size = s.amax().max(y.amax()).max(f64::MIN_POSITIVE);
            let (s, y) = (s / size, y / size);
            let sy = s.dot(&y);
            let quotient = if is_long { s.norm_squared() / sy } else { sy / y.norm_squared() };
            let expected = if sy <= 0.0 { 100.0 } else { quotient.clamp(1e-10, 100.0) };
            // Where sᵀy nearly cancels even its sign is rounding.
            if sy.abs() > 1e-3 * s.norm() * y.norm() {
                prop_assert!((after.eta - expected).abs() <= 1e-10 * expected);
            }
        }
    }

    #[test]
    fn adgd_keeps_both_of_its_limits(problem in problems()) {
        let run = Run::new(problem, Spec::new("adgd").with("eta0", 1e-3), 40);
        let mut theta: f64 = 1.0 / 3.0;
        for (before, after) in run.pairs() {
            let smoothness = (&after.gradient - &before.gradient).norm() / (&after.x - &before.x).norm();
            let growth = (2.0 / 3.0 + theta).sqrt() * before.eta;
            prop_assert!(after.eta <= growth * (1.0 + ROUNDING));
            let excess = 2.0 * (before.eta * smoothness).powi(2) - 1.0;
            // Near 0 the excess is a difference that cancels.
            if excess > 1e-3 {
                let expected = growth.min(before.eta / excess.sqrt());
                prop_assert!((after.eta - expected).abs() <= 1e-9 * expected);
            }
            theta = after.eta / before.eta;
        }
    }

    /// A change of policy is a fresh start from the iterate where it happens.
    #[test]
    fn after_a_change_the_run_is_a_new_run_from_there(problem in problems(), step in 1u64..20) {
        for policy in flatland_engine::policy::catalogue() {
            let policy = Spec::new(policy.description.name);
            let (objective, start) = problem.clone();
            let mut changing = experiment(objective.clone(), &start, Spec::new("constant").with("eta", 1e-3), 30);
            changing.runs[0].changes.push(Change { step, policy: policy.clone() });
            let changed = Trace::of(&changing);
            prop_assume!(changed.records.len() > step as usize);
            let fresh = Trace::of(&experiment(objective, &changed.iterates[step as usize], policy, 30 - step));
            prop_assert_eq!(&changed.iterates[step as usize..], &fresh.iterates[..]);
            prop_assert_eq!(&changed.step_sizes()[step as usize..], &fresh.step_sizes()[..]);
        }
    }
}

mod outcomes {
    use super::*;

    fn outcome(experiment: &Experiment) -> Outcome {
        Trace::of(experiment).outcome
    }

    fn quadratic(curvature: f64) -> Spec {
        Spec::new("quadratic").with("curvatures", vec![curvature])
    }

    #[test]
    fn a_run_that_diverges_says_what_the_product_was() {
        let experiment = experiment(quadratic(1.0), &[1.0], common::constant(4.0), 500);
        let outcome = outcome(&experiment);
        assert!(matches!(outcome, Outcome::Diverged { product_before: Some(4.0), .. }));
        // ½·9ᵏ exceeds 10¹² at k = 13.
        assert_eq!(outcome.to_string(), "diverged at step 13: the loss exceeded 1e12; η·λ₁ was 4 the step before");
    }

    #[test]
    fn a_run_converges_at_the_gradient_norm_of_its_stop() {
        let mut experiment = experiment(quadratic(1.0), &[1.0], common::constant(0.5), 500);
        experiment.stop.gradient_norm = 0.0625;
        assert_eq!(outcome(&experiment), Outcome::Converged { step: 4, gradient_norm: 0.0625, to: Limit::Minimum });
    }

    #[test]
    fn a_step_that_is_lost_in_rounding_stalls() {
        let experiment = experiment(quadratic(1.0), &[1.0], common::constant(1e-20), 500);
        assert_eq!(
            outcome(&experiment).to_string(),
            "stalled at step 0: a step of size 1e-20 leaves the iterate unchanged"
        );
    }

    #[test]
    fn a_step_that_is_no_number_stalls() {
        let policy = Spec::new("sharpness");
        let experiment = experiment(quadratic(0.0), &[1.0], policy, 500);
        // The gradient vanishes everywhere, but nothing has to stop at a gradient of 0 where stop
        // says so.
        assert!(matches!(outcome(&experiment), Outcome::Converged { step: 0, .. }));
        let saddle = Spec::new("polyak").with("f_star", 5.0);
        let experiment = common::experiment(quadratic(1.0), &[1.0], saddle, 500);
        assert!(outcome(&experiment).to_string().starts_with("stalled at step 0: f = 0.5 is below the assumed f* = 5"));
    }

    #[test]
    fn no_steps_give_the_start_alone() {
        let trace = Trace::of(&experiment(quadratic(1.0), &[1.0], common::constant(0.5), 0));
        assert_eq!(trace.records.len(), 1);
        assert_eq!(trace.outcome, Outcome::Budget { step: 0, calls: None });
        assert_eq!(trace.records[0].step_size, None);
    }

    #[test]
    fn sharpness_is_recorded_or_nan_and_never_paid_for_unless_asked() {
        use flatland_engine::descent::{Descent, Recording};
        let experiment = experiment(quadratic(3.0), &[1.0], common::constant(0.1), 5);
        let mut descent = Descent::with_recording(&experiment, 0, Recording { sharpness: false }).expect("valid");
        let record = descent.advance().expect("a record");
        assert!(record.sharpness.is_nan() && record.product().is_none());
        let mut descent = Descent::new(&experiment, 0).expect("valid");
        let record = descent.advance().expect("a record");
        assert_eq!((record.sharpness, record.evaluations.hvp), (3.0, 0));
        assert!(Descent::new(&experiment, 1).is_err());
    }
}
