//! What the searches and the other policies of the catalogue promise, along random runs.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use common::visits::{ROUNDING, Run, close, problems};
use flatland_engine::experiment::Spec;
use nalgebra::DVector;
use proptest::prelude::*;

/// ∇f(x − ηg).
fn gradient_after(run: &Run, x: &DVector<f64>, gradient: &DVector<f64>, eta: f64) -> DVector<f64> {
    let mut result = x.clone();
    run.objective.gradient(&(x - gradient * eta), &mut result);
    result
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn goldstein_decreases_neither_too_little_nor_too_much(problem in problems(), c in 0.05f64..0.45) {
        let run = Run::new(problem, Spec::new("goldstein").with("c", c), 30);
        prop_assert!(!run.gave_up_early(), "{}", run.outcome);
        for visit in &run.visits {
            prop_assert_eq!(visit.reference, visit.loss);
            let after = run.objective.value(&(&visit.x - &visit.gradient * visit.eta));
            let part = (visit.loss - after) / (visit.eta * visit.gradient_norm_squared);
            // The decrease is a difference that cancels.
            let slack = 1e-14 * visit.loss.abs() / (visit.eta * visit.gradient_norm_squared);
            prop_assert!((c - slack..=1.0 - c + slack).contains(&part), "{part}");
        }
    }

    #[test]
    fn wolfe_decreases_the_loss_and_flattens_the_slope(problem in problems(), c2 in 0.1f64..0.95, part in 1e-4..0.9) {
        let c1 = part * c2;
        let run = Run::new(problem, Spec::new("wolfe").with("c1", c1).with("c2", c2), 30);
        prop_assert!(!run.gave_up_early(), "{}", run.outcome);
        for visit in &run.visits {
            prop_assert_eq!(visit.reference, visit.loss);
            let after = run.objective.value(&(&visit.x - &visit.gradient * visit.eta));
            let bound = visit.loss - c1 * visit.eta * visit.gradient_norm_squared;
            prop_assert!(after < visit.loss && after <= bound + 1e-14 * visit.loss.abs());
            let slope = gradient_after(&run, &visit.x, &visit.gradient, visit.eta).dot(&visit.gradient);
            prop_assert!(slope.abs() <= c2 * visit.gradient_norm_squared * (1.0 + ROUNDING));
        }
    }

    /// Values tell a minimum to the root of their rounding: nothing near the step may be lower by
    /// more than that.
    #[test]
    fn the_exact_search_ends_at_a_minimum_along_the_gradient(problem in problems()) {
        let run = Run::new(problem, Spec::new("exact-line-search"), 20);
        prop_assert!(!run.gave_up_early(), "{}", run.outcome);
        for visit in &run.visits {
            prop_assert_eq!(visit.reference, visit.loss);
            let after = |eta: f64| run.objective.value(&(&visit.x - &visit.gradient * eta));
            let found = after(visit.eta);
            prop_assert!(found < visit.loss);
            for factor in [0.99, 1.01] {
                // The residuals in a loss have an absolute error, its square root a few times that.
                let slack = 1e-13 * (visit.loss.abs() + visit.loss.abs().sqrt());
                prop_assert!(found <= after(visit.eta * factor) + slack);
            }
        }
    }

    /// A search pays for the loss at the iterate and for each trial.
    #[test]
    fn every_trial_is_counted_once(problem in problems()) {
        for name in ["armijo", "goldstein", "wolfe", "exact-line-search", "line-search", "zhang-hager", "ponos"] {
            let run = Run::new(problem.clone(), Spec::new(name), 10);
            let mut before = 0;
            for visit in &run.visits {
                prop_assert_eq!(visit.evaluations - before, 1 + u64::from(visit.trials), "{}", name);
                before = visit.evaluations;
            }
        }
    }

    #[test]
    fn recent_losses_bound_the_next_one(problem in problems(), memory in 1u32..6) {
        for name in ["grippo-lampariello-lucidi", "global-barzilai-borwein"] {
            let run = Run::new(problem.clone(), Spec::new(name).with("memory", f64::from(memory)), 40);
            for (k, visit) in run.visits.iter().enumerate() {
                let first = (k + 1).saturating_sub(memory as usize);
                let largest = run.visits[first..=k].iter().map(|visit| visit.loss).fold(f64::NEG_INFINITY, f64::max);
                prop_assert_eq!(visit.reference, largest);
                prop_assert!(run.holds(visit, visit.eta, 1e-4));
            }
        }
    }

    #[test]
    fn zhang_and_hager_cut_the_same_first_trial(problem in problems(), xi in 0.0f64..=1.0) {
        let run = Run::new(problem, Spec::new("zhang-hager").with("xi", xi), 40);
        for visit in &run.visits {
            prop_assert!(run.holds(visit, visit.eta, 1e-4));
            prop_assert_eq!(visit.eta, 0.5f64.powi(visit.trials as i32 - 1));
        }
    }

    #[test]
    fn ponos_remembers_its_cuts(problem in problems()) {
        let run = Run::new(problem, Spec::new("ponos"), 40);
        let mut remembered = 0;
        for visit in &run.visits {
            let first = (visit.loss / (0.1 * visit.gradient_norm_squared + 1e-8)) * 0.5f64.powi(remembered);
            let cuts = visit.trials as i32 - 1;
            let expected = first.min(10.0) * 0.5f64.powi(cuts);
            prop_assert!(close(visit.eta, expected) || visit.eta == 1e-6);
            prop_assert!(run.holds(visit, visit.eta, 0.5) || visit.eta == 1e-6);
            remembered = (remembered + cuts).max(1) - 1;
        }
    }

    #[test]
    fn the_continuous_cap_holds(problem in problems(), cap in 0.01f64..50.0) {
        let policy = Spec::new("capped-nonmonotone-line-search").with("cap", cap).with("grid", "continuous");
        let run = Run::new(problem, policy, 40);
        for visit in &run.visits {
            prop_assert!(visit.eta <= cap.max(1e-6));
            prop_assert!(run.holds(visit, visit.eta, 1e-4) || visit.eta == 1e-6);
            // Where it is not at the cap it could not grow.
            let larger = (visit.eta / 0.5).min(cap);
            prop_assert!(visit.eta == cap || visit.eta == 1e-6 || !run.holds(visit, larger, 1e-4) || visit.trials > 1);
        }
    }

    #[test]
    fn strongly_adapted_steps_solve_their_equation(problem in problems()) {
        let run = Run::new(problem, Spec::new("strongly-adapted"), 20);
        prop_assert!(!run.visits.is_empty(), "{}", run.outcome);
        for visit in &run.visits {
            let norm = visit.gradient.norm();
            let product = |eta: f64| {
                2.0 * (gradient_after(&run, &visit.x, &visit.gradient, eta) - &visit.gradient).norm() / norm
            };
            // Bisection ends with an interval of relative width 10⁻¹⁰, in which the gradient may
            // change at any rate: near the kink of |x|^1.2 it jumps. A gradient's terms are of the
            // order of 10³ at most.
            let around = [1.0 - 2e-10, 1.0, 1.0 + 2e-10].map(|factor| product(visit.eta * factor));
            let slack = 1e-12 * (1.0 + 1.0 / norm);
            prop_assert!(around.into_iter().fold(f64::INFINITY, f64::min) <= 1.0 + slack, "{around:?}");
            prop_assert!(around.into_iter().fold(0.0, f64::max) >= 1.0 - slack, "{around:?}");
        }
    }

    #[test]
    fn adaptive_steps_keep_their_limits(problem in problems(), is_first: bool) {
        let policy = if is_first { Spec::new("adgd").with("variant", "first") } else { Spec::new("adgd-2019") };
        let run = Run::new(problem, policy.with("eta0", 1e-3), 40);
        let mut theta = if is_first { 0.0 } else { f64::INFINITY };
        for (before, after) in run.pairs() {
            let inverse = (&after.x - &before.x).norm() / (&after.gradient - &before.gradient).norm();
            let limit = if is_first { inverse / 2f64.sqrt() } else { inverse / 2.0 };
            let expected = ((1.0f64 + theta).sqrt() * before.eta).min(limit);
            prop_assert!((after.eta - expected).abs() <= 1e-9 * expected);
            theta = after.eta / before.eta;
        }
    }

    #[test]
    fn sums_of_gradients_shrink_the_steps(problem in problems()) {
        let adagrad = Run::new(problem.clone(), Spec::new("adagrad-norm"), 30);
        let mut sum = 0.01;
        for visit in &adagrad.visits {
            sum += visit.gradient_norm_squared;
            prop_assert!(close(visit.eta, 1.0 / f64::sqrt(sum)));
        }
        let dog = Run::new(problem, Spec::new("dog").with("r_epsilon", 1e-2), 30);
        prop_assume!(!dog.visits.is_empty());
        let start = dog.visits[0].x.clone();
        let (mut distance, mut sum) = (1e-2 * (1.0 + start.norm()), 1e-8);
        for visit in &dog.visits {
            distance = distance.max((&visit.x - &start).norm());
            sum += visit.gradient_norm_squared;
            prop_assert!(close(visit.eta, distance / f64::sqrt(sum)));
        }
    }

    #[test]
    fn momentum_repeats_the_last_displacement(problem in problems(), beta in 0.0f64..0.95) {
        for name in ["heavy-ball", "nesterov"] {
            let eta = 1e-3;
            let run = Run::new(problem.clone(), Spec::new(name).with("eta", eta).with("beta", beta), 30);
            for three in run.visits.windows(3) {
                let [before, now, after] = three else { continue };
                let ahead = &now.x + (&now.x - &before.x) * beta;
                let expected = if name == "heavy-ball" {
                    ahead - &now.gradient * eta
                } else {
                    let mut gradient = ahead.clone();
                    run.objective.gradient(&ahead, &mut gradient);
                    ahead - gradient * eta
                };
                prop_assert!((&after.x - &expected).norm() <= 1e-13 * (1.0 + expected.norm() + now.gradient.norm()));
            }
        }
    }

    #[test]
    fn sam_takes_the_gradient_uphill(problem in problems(), rho in 0.01f64..0.5) {
        let run = Run::new(problem, Spec::new("sam").with("eta", 1e-3).with("rho", rho), 30);
        for (now, after) in run.pairs() {
            let uphill = gradient_after(&run, &now.x, &now.gradient, -rho / now.gradient.norm());
            let expected = &now.x - uphill * 1e-3;
            prop_assert!((&after.x - &expected).norm() <= 1e-12 * (1.0 + expected.norm()));
        }
    }

    #[test]
    fn cdat_divides_averages(problem in problems(), beta in 0.0f64..0.99) {
        let run = Run::new(problem, Spec::new("cdat").with("beta", beta), 20);
        let (mut numerator, mut denominator) = (0.0, 0.0);
        for visit in &run.visits {
            let mut product = visit.x.clone();
            run.objective.hessian_vector_product(&visit.x, &visit.gradient, &mut product);
            numerator = beta * numerator + visit.gradient_norm_squared;
            denominator = beta * denominator + visit.gradient.dot(&product).abs();
            prop_assert!((visit.eta * denominator / numerator - 2.0).abs() < 1e-9);
        }
    }

    /// Every P-th step is Polyak's.
    #[test]
    fn polyak_steps_come_in_their_period(problem in problems(), period in 1usize..6) {
        let run = Run::new(problem, Spec::new("gd-polyak").with("eta", 1e-3).with("period", period as f64), 24);
        for (k, visit) in run.visits.iter().enumerate() {
            let polyak = visit.loss / visit.gradient_norm_squared;
            let expected = if (k + 1) % period == 0 { polyak } else { 1e-3 };
            prop_assert!(close(visit.eta, expected));
        }
    }

    /// Steps that follow from the loss or the gradient alone, on objectives whose minimum is 0.
    #[test]
    fn steps_from_a_single_quantity(problem in problems(), c in 0.1f64..1.0, bound in 0.01f64..1.0, l0 in 0.1f64..50.0) {
        for visit in &Run::new(problem.clone(), Spec::new("constant").with("eta", bound), 20).visits {
            prop_assert_eq!(visit.eta, bound);
        }
        for visit in &Run::new(problem.clone(), Spec::new("sps-max").with("c", c).with("eta_b", bound), 20).visits {
            prop_assert!(close(visit.eta, (visit.loss / (c * visit.gradient_norm_squared)).min(bound)));
        }
        for visit in &Run::new(problem.clone(), Spec::new("sqrt-loss").with("eta", bound), 20).visits {
            prop_assert!(close(visit.eta * 2.0 * visit.loss.sqrt(), bound));
        }
        let generalized = Spec::new("l0-l1").with("l0", l0).with("l1", c);
        for visit in &Run::new(problem.clone(), generalized.clone(), 20).visits {
            prop_assert!(close(visit.eta * (l0 + c * visit.gradient.norm()), 1.0));
        }
        for visit in &Run::new(problem, generalized.with("kind", "logarithmic"), 20).visits {
            let steep = c * visit.gradient.norm();
            prop_assert!(close((visit.eta * steep).exp_m1() * (l0 + steep), steep));
        }
    }

    /// A schedule sees nothing: its steps are the same numbers on every problem.
    #[test]
    fn schedules_do_not_depend_on_the_problem(problem in problems(), l in 1.0f64..1e3, horizon in 1.0f64..30.0) {
        let growth = 1.0 + 2f64.sqrt();
        for (k, visit) in Run::new(problem.clone(), Spec::new("silver").with("smoothness", l), 40).visits.iter().enumerate() {
            let exponent = (k + 1).trailing_zeros() as i32 - 1;
            prop_assert!(close(visit.eta * l, 1.0 + growth.powi(exponent)));
        }
        for (length, cycle) in [("2", vec![2.9, 1.5]), ("3", vec![1.5, 4.9, 1.5]), ("7", vec![1.5, 2.2, 1.5, 12.0, 1.5, 2.2, 1.5])] {
            let policy = Spec::new("long-steps").with("smoothness", l).with("length", length);
            for (visit, h) in Run::new(problem.clone(), policy, 20).visits.iter().zip(cycle.iter().cycle()) {
                prop_assert!(close(visit.eta * l, *h));
            }
        }
        let eta = 0.5 / l;
        let of = |kind: &str| Spec::new("decay").with("eta", eta).with("horizon", horizon).with("kind", kind);
        let cosine = |t: f64| 0.2 * eta + 0.4 * eta * (1.0 + (std::f64::consts::PI * t.min(1.0)).cos());
        let drops = |t: f64| if t < 0.5 { 1.0 } else if t < 0.75 { 0.1 } else { 0.01 };
        let rules: [(Spec, &dyn Fn(f64) -> f64); 6] = [
            (of("inverse"), &|k| eta / (1.0 + k / horizon)),
            (of("inverse-sqrt"), &|k| eta / (k + 1.0).sqrt()),
            (of("step"), &|k| eta * drops(k / horizon)),
            (of("cosine").with("eta_min", 0.2 * eta), &|k| cosine(k / horizon)),
            (Spec::new("warmup").with("eta", eta).with("horizon", horizon), &|k| eta * ((k + 1.0) / horizon).min(1.0)),
            (
                Spec::new("cyclic").with("eta_min", 0.1 * eta).with("eta_max", eta).with("period", horizon),
                &|k| eta - 1.8 * eta * (k / horizon - (k / horizon).floor() - 0.5).abs(),
            ),
        ];
        for (policy, expected) in rules {
            let name = policy.name.clone();
            for (k, visit) in Run::new(problem.clone(), policy, 40).visits.iter().enumerate() {
                prop_assert!((visit.eta - expected(k as f64)).abs() <= 1e-12 * eta, "{name} {k}: {}", visit.eta);
            }
        }
        let warmup = Spec::new("gd-warmup").with("cap", 0.1).with("eta0", 1e-3);
        for (before, after) in Run::new(problem, warmup, 40).pairs() {
            prop_assert!(close(after.eta, (1.25 * before.eta).min(0.125)) || close(after.eta, 0.09));
        }
    }

    /// Cuts of γ times the last step, of at most 10¹⁰: what is accepted holds, and what was tried
    /// before it does not.
    #[test]
    fn the_stochastic_search_takes_the_first_trial_that_holds(problem in problems(), c in 1e-3..0.9, growth in 1.0f64..4.0) {
        let run = Run::new(problem, Spec::new("armijo-sls").with("c", c).with("growth", growth), 40);
        prop_assert!(!run.gave_up_early(), "{}", run.outcome);
        let mut eta = 1.0;
        for visit in &run.visits {
            prop_assert_eq!(visit.reference, visit.loss);
            for _ in 1..visit.trials {
                prop_assert!(!run.holds(visit, eta, c));
                eta *= 0.9;
            }
            prop_assert_eq!(visit.eta, eta);
            prop_assert!(run.holds(visit, eta, c));
            eta = (growth * eta).min(1e10);
        }
    }

    /// The first trial stays where it was cut, and grows by 10/9 to 10 where it was not, up to its
    /// bound.
    #[test]
    fn the_random_search_grows_its_first_trial_where_nothing_was_cut(problem in problems(), eta0 in 1e-3f64..1.0) {
        let run = Run::new(problem, Spec::new("nls-no-tune").with("eta0", eta0), 40);
        let cuts = |trials: u32| 0.5f64.powi(trials as i32 - 1);
        for (before, after) in run.pairs() {
            // 1e-6 is the step where no trial held.
            if before.eta == 1e-6 || after.eta == 1e-6 {
                break;
            }
            prop_assert!(run.holds(before, before.eta, 0.5));
            let (first, next) = (before.eta / cuts(before.trials), after.eta / cuts(after.trials));
            if before.trials > 1 {
                prop_assert_eq!(next, first);
            } else {
                prop_assert!(next <= 10.0 && (next == 10.0 || next >= first / 0.9 * (1.0 - ROUNDING)));
                prop_assert!(next <= first / 0.1 * (1.0 + ROUNDING));
            }
        }
    }

    /// The classical Runge–Kutta method with the step min(1/|λ₁|, Δt), written out.
    #[test]
    fn gradient_flow_takes_the_step_of_runge_and_kutta(problem in problems(), dt_max in 1e-3f64..0.1) {
        let run = Run::new(problem, Spec::new("gradient-flow").with("dt_max", dt_max), 15);
        for (now, after) in run.pairs() {
            prop_assert!(close(now.eta, dt_max.min(1.0 / now.sharpness.abs())));
            let slope = |shift: DVector<f64>| -gradient_after(&run, &(&now.x + shift), &now.gradient, 0.0);
            let first = -&now.gradient;
            let second = slope(&first * (0.5 * now.eta));
            let third = slope(&second * (0.5 * now.eta));
            let fourth = slope(&third * now.eta);
            let expected = &now.x + (first + (second + third) * 2.0 + fourth) * (now.eta / 6.0);
            prop_assert!((&after.x - &expected).norm() <= 1e-12 * (1.0 + expected.norm()));
        }
    }

    /// Far below the edge no oscillation has to be balanced: four steps of Euler's method, each of
    /// a quarter.
    #[test]
    fn the_central_flow_is_eulers_method_far_below_the_edge(problem in problems(), part in 1e-3f64..1e-2) {
        let start = DVector::from_column_slice(&problem.1);
        let first = Run::new(problem.clone(), Spec::new("constant").with("eta", 1e-9), 1);
        prop_assume!(!first.visits.is_empty() && first.visits[0].sharpness.is_finite());
        let eta = part / (1.0 + first.visits[0].sharpness.abs() + first.visits[0].gradient.norm());
        let run = Run::new(problem, Spec::new("central-flow").with("eta", eta), 1);
        let mut x = start;
        for _ in 0..4 {
            let mut gradient = x.clone();
            run.objective.gradient(&x, &mut gradient);
            x -= gradient * (0.25 * eta);
        }
        prop_assert!((&run.end - &x).norm() <= 1e-13 * (1.0 + x.norm()));
    }

    /// A typed rule is evaluated with the numbers of its iterate.
    #[test]
    fn a_typed_rule_is_what_it_says(problem in problems(), a in 1e-3f64..0.1) {
        let rule = format!("{a:?}*min(1, f + 1/(1 + g2)) + {a:?}/(1 + k + abs(lambda))");
        let run = Run::new(problem, Spec::new("expression").with("expression", &*rule), 20);
        for (k, visit) in run.visits.iter().enumerate() {
            let first = a * (visit.loss + 1.0 / (1.0 + visit.gradient_norm_squared)).min(1.0);
            prop_assert!(close(visit.eta, first + a / (1.0 + k as f64 + visit.sharpness.abs())));
        }
    }
}
