//! What the objectives' descriptions claim: numbers from the literature and from closed forms.
#![allow(missing_docs)]

mod common;

use common::{Trace, assert_all_close, assert_close, constant, experiment};
use flatland_engine::Outcome;
use flatland_engine::experiment::Spec;
use flatland_engine::objective::Objective;
use nalgebra::{DMatrix, DVector};

/// A few hundred roundings.
const ROUNDING: f64 = 1e-13;

fn build(spec: &Spec, dimension: usize) -> Box<dyn Objective> {
    let entry = flatland_engine::objective::find(&spec.name).expect("a known objective");
    entry.build(spec, dimension).expect("a valid objective")
}

fn sharpness_at(spec: &Spec, x: &[f64]) -> f64 {
    build(spec, x.len()).sharpness(&DVector::from_column_slice(x), &mut DMatrix::zeros(x.len(), x.len()))
}

fn diverges(trace: &Trace) -> bool {
    matches!(trace.outcome, Outcome::Diverged { .. })
}

mod curves {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The edge is the unstable 2-cycle sinh(b)/b = 2/η; the given digits are eight or five.
    #[test]
    fn cosh_converges_inside_its_basin_only() {
        for (eta, edge) in [(0.5, 3.2638), (1.0, 2.177318985), (1.5, 1.3512), (1.9, 0.5576)] {
            assert_close(f64::sinh(edge) / edge, 2.0 / eta, 1e-4);
            let run = |start: f64| Trace::new("cosh", &[start], constant(eta), 5000);
            let inside = run(0.999 * edge);
            assert!(inside.last().1[0].abs() < 1e-10, "η = {eta}");
            assert!(diverges(&run(1.001 * edge)), "η = {eta}");
        }
    }

    #[test]
    fn cosh_starts_beyond_two_and_still_converges() {
        let trace = Trace::new("cosh", &[1.34], constant(1.5), 200);
        assert!(trace.records[0].product().expect("a step") > 3.0);
        assert!(trace.last().1[0].abs() < 1e-10);
    }

    /// η tanh x = 2x.
    #[test]
    fn log_cosh_ends_in_a_stable_cycle() {
        let trace = Trace::new("log-cosh", &[3.0], constant(3.0), 1000);
        let (record, x) = trace.last();
        // Ten digits are given.
        assert_close(x[0].abs(), 1.2878394550, 1e-10);
        assert_close(3.0 * record.sharpness, 0.7886, 1e-4);
    }

    /// N ← N exp(η(1 − N)): in its 2-cycle the two N have the mean 1.
    #[test]
    fn exp_minus_linear_is_the_map_of_ricker() {
        let run = |eta: f64| Trace::new("exp-minus-linear", &[1.0], constant(eta), 20_000);
        let orbit = |eta: f64| run(eta).iterates.into_iter().rev().take(64).map(|x| x[0].exp()).collect::<Vec<_>>();
        let defect = |orbit: &[f64], period: usize| {
            orbit.iter().zip(&orbit[period..]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        let cycle = orbit(2.4);
        assert!(defect(&cycle, 1) > 0.1 && defect(&cycle, 2) < 1e-12);
        assert_close(cycle[0] + cycle[1], 2.0, 1e-12);
        // The period doubles at 2.526 and 2.656; from 2.692 on there is chaos (May & Oster, 1976).
        assert!(defect(&orbit(2.51), 2) < 1e-9 && defect(&orbit(2.54), 2) > 1e-2);
        assert!(defect(&orbit(2.6), 4) < 1e-9 && defect(&orbit(2.66), 4) > 1e-3);
        assert!((1..32).all(|period| defect(&orbit(2.72), period) > 1e-3));
        assert_eq!(run(5.0).outcome, Outcome::Budget { step: 20_000, calls: None });
    }

    /// Just beyond the edge a stable cycle exists if and only if 3f‴² > f″f⁗: Chen & Bruna, 2022,
    /// arXiv 2206.04172.
    #[test]
    fn the_kind_of_bifurcation_follows_from_the_derivatives() {
        for (name, minimum) in [("cosh", 0.0), ("exp-minus-linear", 0.0), ("log-cosh", 0.0), ("double-well", 1.0)] {
            let spec = Spec::new(name);
            let h = 1e-3;
            let [left, second, right] = [-h, 0.0, h].map(|shift| sharpness_at(&spec, &[minimum + shift]));
            let (third, fourth) = ((right - left) / (2.0 * h), (right - 2.0 * second + left) / (h * h));
            let is_supercritical = 3.0 * third * third > second * fourth;
            let trace = Trace::new(name, &[minimum + 1e-3], constant(2.002 / second), 20_000);
            let stays = !diverges(&trace) && (trace.last().1[0] - minimum).abs() < 0.1;
            assert_eq!(stays, is_supercritical, "{name}");
            assert_eq!(is_supercritical, name != "cosh");
        }
    }

    #[test]
    fn line_searches_on_log_cosh() {
        let run = |policy| Trace::new("log-cosh", &[3.0], Spec::new(policy), 6).step_sizes();
        assert_eq!(run("line-search")[..4], [4.0, 2.0, 2.0, 2.0]);
        assert_eq!(run("nonmonotone-line-search")[..4], [4.0; 4]);
        assert_eq!(run("capped-nonmonotone-line-search"), [2.0, 2.0, 4.0, 2.0, 4.0, 2.0]);
    }
}

mod products {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The sharpness φ of the minimum that gradient flow would reach falls at every step: Kreisler
    /// et al., 2023, arXiv 2305.13064.
    #[test]
    fn the_sharpness_of_the_flow_solution_falls() {
        let trace = Trace::new("scalar-factorization", &[3.0, 0.7], constant(0.25), 2000);
        let phi: Vec<f64> = trace.iterates.iter().map(|w| (w[0] * w[0] - w[1] * w[1]).hypot(2.0)).collect();
        // Given to four decimals.
        assert_all_close(&phi, &[8.7419, 8.1167, 7.2505, 6.5713, 6.0821, 5.9442], 1e-5);
        assert!(phi.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + ROUNDING)));
        assert_close(trace.last().0.sharpness, 5.885694, 1e-7);
    }

    #[test]
    fn a_regularized_factorization_has_the_known_minimum() {
        for (mu, weight) in [(1.0, 0.1), (-2.0, 0.5), (1.0, 1.0), (0.5, 3.0)] {
            let spec = Spec::new("scalar-factorization").with("mu", mu).with("regularization", weight);
            let minimum = build(&spec, 2).minimum().expect("known");
            let trace = Trace::of(&experiment(spec, &[1.3, 0.2], Spec::new("line-search"), 20_000));
            assert!((trace.last().0.loss - minimum).abs() < 1e-6, "{} {minimum}", trace.last().0.loss);
        }
    }

    /// All starts end at one sharpness, below 2/η by 3η/|ℓ⁗(0)| to first order. Digits as in the
    /// setting of Song & Yun, 2023, arXiv 2307.04204.
    #[test]
    fn soft_factorizations_end_at_one_sharpness_below_the_edge() {
        let end = |loss: &str, eta: f64, start: [f64; 2]| {
            let spec = Spec::new("soft-factorization").with("loss", loss);
            Trace::of(&experiment(spec, &start, constant(eta), 200_000)).last().0.sharpness
        };
        for (loss, fourth, ends) in
            [("log-cosh", 2.0, [15.811580, 31.906139, 63.953111]), ("sqrt", 3.0, [15.874008, 31.937377, 63.968735])]
        {
            for start in [[0.5, 5.0], [0.1, 6.0], [1.0, 4.5]] {
                assert!((end(loss, 0.125, start) - ends[0]).abs() < 5e-5, "{loss} {start:?}");
            }
            assert!((end(loss, 1.0 / 16.0, [0.5, 6.5]) - ends[1]).abs() < 5e-5, "{loss}");
            assert!((end(loss, 1.0 / 32.0, [0.5, 9.0]) - ends[2]).abs() < 5e-5, "{loss}");
            assert_close(64.0 - ends[2], 3.0 / 32.0 / fourth, 2e-3);
        }
    }

    /// Between hard banks the 2-cycle y = √(2/η), x² = a(y₀/y − 1) is exact and repels.
    #[test]
    fn a_hard_river_repels_its_cycle() {
        let (eta, a, y0) = (0.5, 0.05, 3.0);
        let y = f64::sqrt(2.0 / eta);
        let x = f64::sqrt(a * (y0 / y - 1.0));
        let river = Spec::new("river").with("a", a).with("y0", y0).with("coupling", "square");
        let trace = Trace::of(&experiment(river.clone(), &[x, y], constant(eta), 3));
        assert!((trace.iterates[1][0] + x).abs() < 1e-15 && (trace.iterates[1][1] - y).abs() < 1e-15);
        let distance = |w: &[f64]| (w[0].abs() - x).hypot(w[1] - y);
        let trace = Trace::of(&experiment(river, &[x + 1e-6, y], constant(eta), 2000));
        assert!(trace.iterates.iter().any(|w| distance(w) > 0.05));
    }
}

mod matrices {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// (Xᵢⱼ, Yᵢⱼ) of X = t·diag(√3, 1) and Y = diag(√3, 1)/t.
    fn scaled(t: f64) -> [f64; 8] {
        let root = 3f64.sqrt();
        [t * root, root / t, 0.0, 0.0, 0.0, 0.0, t, 1.0 / t]
    }

    /// λ₁ = σ₁(X)² + σ₁(Y)² at a minimum: Wang et al., 2021, arXiv 2110.03677.
    #[test]
    fn a_minimum_is_as_sharp_as_its_factors_are_unbalanced() {
        let spec = Spec::new("matrix-factorization");
        assert_close(sharpness_at(&spec, &scaled(1.0)), 6.0, ROUNDING);
        assert_close(sharpness_at(&spec, &scaled(1.7)), 9.708062, 1e-7);
    }

    #[test]
    fn large_steps_balance_the_factors() {
        let spec = Spec::new("matrix-factorization");
        let trace = Trace::of(&experiment(spec, &[], constant(0.24), 5000));
        assert!(trace.records[0].product().expect("a step") > 2.0);
        assert!(trace.last().0.loss < 1e-20);
        assert!(0.24 * trace.last().0.sharpness < 2.0);
    }

    /// One row is the scalar factorization.
    #[test]
    fn one_row_is_the_scalar_case() {
        let matrix = Spec::new("matrix-factorization").with("singular_values", vec![1.0]);
        let matrix = Trace::of(&experiment(matrix, &[3.0, 0.5], constant(0.3), 100));
        let scalar = Trace::new("scalar-factorization", &[3.0, 0.5], constant(0.3), 100);
        assert_eq!(matrix.iterates, scalar.iterates);
    }
}

mod data {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The expected Hessian at ±x* is 2(I + 2x*x*ᵀ), with the sharpness 6; its error falls like
    /// 1/√n.
    #[test]
    fn phase_retrieval_is_equally_sharp_at_both_minima() {
        for seed in 0..5 {
            let spec = Spec::new("phase-retrieval").with("measurements", 1000.0).with("data_seed", f64::from(seed));
            let [plus, minus] = [1.0, -1.0].map(|sign| sharpness_at(&spec, &[sign, 0.0, 0.0]));
            assert_eq!(plus, minus);
            // Three standard deviations of 2·mean(a⁴) for n = 1000.
            assert!((plus - 6.0).abs() < 1.9, "{plus}");
        }
    }

    #[test]
    fn phase_retrieval_finds_the_vector_up_to_its_sign() {
        let trace = Trace::new("phase-retrieval", &[0.3, 1.0], Spec::new("line-search"), 2000);
        let x = trace.last().1;
        assert!((x[0].abs() - 1.0).abs() < 1e-7 && x[1].abs() < 1e-7, "{x:?}");
        // Whole measurements: a fraction is dropped.
        let value = |n: f64| {
            let spec = Spec::new("phase-retrieval").with("measurements", n);
            build(&spec, 2).value(&DVector::from_vec(vec![0.3, 1.0]))
        };
        assert_eq!(value(7.0), value(7.9));
        assert_ne!(value(7.0), value(8.0));
    }

    /// λ₁ = λ_max(ZᵀZ)/(4n) at 0; a large step oscillates first and wins: Wu et al., 2024, arXiv
    /// 2402.15926.
    #[test]
    fn logistic_regression_rises_a_few_times_and_then_wins() {
        let sharpness = sharpness_at(&Spec::new("logistic"), &[0.0, 0.0]);
        // ZᵀZ = [[25, ½], [½, ½]].
        let largest = 12.75 + 12.25f64.hypot(0.5);
        assert_close(sharpness, largest / 8.0, ROUNDING);
        for (eta, product, rises) in [(0.2, 0.63, 0), (1.0, 3.1, 7), (4.0, 12.5, 9), (20.0, 62.5, 5)] {
            assert_close(eta * sharpness, product, 0.01);
            let trace = Trace::new("logistic", &[0.0, 0.0], constant(eta), 2000);
            let found = trace.records.windows(2).filter(|pair| pair[1].loss > pair[0].loss).count();
            assert_eq!(found, rises, "η = {eta}");
        }
        let end = |eta| Trace::new("logistic", &[0.0, 0.0], constant(eta), 1999).last().0.loss;
        // Given to two digits.
        assert_close(end(20.0), 2.7e-6, 0.02);
        assert_close(end(0.2), 1.0e-2, 0.05);
    }

    #[test]
    fn points_that_no_line_separates_have_no_known_infimum() {
        let logistic = |points: Vec<f64>| build(&Spec::new("logistic").with("points", points), 2).minimum();
        assert_eq!(logistic(vec![4.0, 0.5, -3.0, 0.5]), Some(0.0));
        assert_eq!(logistic(vec![1.0, 0.0, -1.0, 0.0]), None);
        assert_eq!(logistic(vec![0.0, 0.0]), None);
    }

    #[test]
    fn points_must_have_as_many_coordinates_as_the_start() {
        let logistic = Spec::new("logistic").with("points", vec![1.0, 2.0, 3.0]);
        let experiment = experiment(logistic, &[], constant(0.1), 1);
        let error = experiment.complete_and_check().expect_err("three numbers are no points of the plane");
        assert!(error.to_string().contains("dividing the 3 of \"points\""), "{error}");
    }
}

mod minima {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn gradient_at(objective: &dyn Objective, x: &[f64]) -> f64 {
        let mut gradient = DVector::zeros(x.len());
        objective.gradient(&DVector::from_column_slice(x), &mut gradient);
        gradient.norm()
    }

    /// Of each objective a flattest minimum, then sharper ones: all are minima, the first has the
    /// sharpness that the objective names, and no other one has less.
    #[test]
    fn the_flattest_minimum_is_what_the_objective_says() {
        let spec = Spec::new;
        let root = |x: f64| x.sqrt();
        let third = 3f64.cbrt();
        let cases: Vec<(Spec, Vec<Vec<f64>>)> = vec![
            (spec("quadratic").with("curvatures", vec![2.0, 0.0, 7.0]), vec![vec![0.0, 5.0, 0.0]]),
            (spec("power"), vec![vec![0.0; 3]]),
            (spec("power").with("p", 2.0), vec![vec![0.0; 2]]),
            (spec("cosh"), vec![vec![0.0; 2]]),
            (spec("exp-minus-linear"), vec![vec![0.0; 2]]),
            (spec("log-cosh"), vec![vec![0.0; 2]]),
            (spec("double-well"), vec![vec![-1.0], vec![1.0]]),
            (spec("scalar-factorization").with("mu", -2.0), vec![vec![-root(2.0), root(2.0)], vec![4.0, -0.5]]),
            (spec("scalar-factorization").with("mu", 0.0), vec![vec![0.0, 0.0], vec![3.0, 0.0]]),
            (
                spec("scalar-factorization").with("mu", 1.0).with("regularization", 0.1),
                vec![vec![root(0.9), root(0.9)], vec![-root(0.9), -root(0.9)]],
            ),
            (
                spec("scalar-factorization").with("mu", 1.0).with("regularization", 0.8),
                vec![vec![root(0.2), root(0.2)]],
            ),
            (spec("scalar-factorization").with("mu", -0.5).with("regularization", 3.0), vec![vec![0.0, 0.0]]),
            (spec("product").with("mu", 3.0), vec![vec![third; 3], vec![1.0, 1.0, 3.0], vec![-1.0, -2.0, 1.5]]),
            (spec("product").with("mu", -8.0), vec![vec![2.0, 2.0, -2.0], vec![-4.0, -2.0, -1.0]]),
            (spec("product").with("mu", 0.0), vec![vec![0.0, 0.0, 2.0], vec![0.0, 1.0, 2.0]]),
            (spec("product").with("mu", 5.0), vec![vec![5.0]]),
            (spec("minimalist"), vec![vec![1.0, -1.0], vec![4.0, 0.25]]),
            (spec("soft-factorization"), vec![vec![0.0, 0.0], vec![0.0, 5.0]]),
            (spec("soft-factorization").with("loss", "sqrt"), vec![vec![0.0, 0.0], vec![-1.0, 0.0]]),
            (spec("river").with("a", 0.3).with("y0", 2.0), vec![vec![0.0, 2.0]]),
            (spec("river").with("a", 0.3).with("y0", 0.0), vec![vec![0.0, 0.0], vec![2.0, 0.0]]),
            (spec("river").with("y0", -3.0).with("coupling", "square"), vec![vec![0.0, -3.0]]),
            (spec("rosenbrock"), vec![vec![1.0, 1.0]]),
            (
                spec("himmelblau"),
                vec![
                    vec![-2.805118086952745, 3.131312518250573],
                    vec![3.0, 2.0],
                    vec![-3.779310253377747, -3.2831859912861694],
                    vec![3.5844283403304917, -1.8481265269644036],
                ],
            ),
            (
                spec("matrix-factorization").with("singular_values", vec![-4.0, 1.0]),
                vec![vec![-2.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0], vec![-1.0, 4.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]],
            ),
            (spec("phase-retrieval"), vec![vec![1.0, 0.0, 0.0], vec![-1.0, 0.0, 0.0]]),
            (spec("flatland-toy"), vec![vec![root(0.3), root(0.3), 0.1], vec![3.0, 0.1, 0.1]]),
            (spec("flatland-toy").with("c", -0.7), vec![vec![root(0.7), -root(0.7), 0.1], vec![7.0, -0.1, 0.1]]),
        ];
        for (spec, points) in cases {
            let objective = build(&spec, points[0].len());
            let (minimum, flattest) = (objective.minimum(), objective.flattest_sharpness());
            let (minimum, flattest) = (minimum.expect("a minimum"), flattest.expect("its sharpness"));
            for (i, x) in points.iter().enumerate() {
                let value = objective.value(&DVector::from_column_slice(x));
                assert!((value - minimum).abs() < 1e-15 && gradient_at(&*objective, x) < 1e-12, "{spec:?} {x:?}");
                let sharpness = sharpness_at(&spec, x);
                if i == 0 {
                    assert!((sharpness - flattest).abs() <= ROUNDING * (1.0 + flattest), "{spec:?}: {sharpness}");
                }
                assert!(sharpness >= flattest - ROUNDING * (1.0 + flattest), "{spec:?} {x:?}: {sharpness}");
            }
        }
    }

    /// Minima that random descents find are no flatter than the flattest.
    #[test]
    fn no_descent_ends_in_a_flatter_minimum() {
        for entry in flatland_engine::objective::catalogue() {
            let name = entry.description.name;
            let Some(flattest) = entry.build_default().expect("a consistent entry").flattest_sharpness() else {
                assert!(["logistic", "formula"].contains(&name), "{name}");
                continue;
            };
            let mut reached = 0;
            for i in 0..6 {
                let shift = |j: usize| 0.8 * f64::sin(1.0 + f64::from(i) + 2.7 * j as f64);
                let start: Vec<f64> = entry.default_start.iter().enumerate().map(|(j, x)| x + shift(j)).collect();
                let mut experiment = experiment(Spec::new(name), &start, Spec::new("line-search"), 1500);
                experiment.stop.gradient_norm = 1e-11;
                let trace = Trace::of(&experiment);
                // At a minimum where the loss tells it to more digits than the sharpness is
                // compared to.
                if trace.last().0.loss < 1e-20 {
                    reached += 1;
                    assert!(trace.last().0.sharpness >= flattest * (1.0 - 1e-6), "{name}: {start:?}");
                }
            }
            assert!(
                reached > 0 || ["power", "log-cosh", "river", "flatland-toy", "rosenbrock"].contains(&name),
                "{name}"
            );
        }
    }

    #[test]
    fn what_has_no_minimum_has_no_flattest_one() {
        let flattest = |spec: Spec, dimension| build(&spec, dimension).flattest_sharpness();
        assert_eq!(flattest(Spec::new("quadratic").with("curvatures", vec![1.0, -1.0]), 2), None);
        // There the second derivative is infinite.
        assert_eq!(flattest(Spec::new("power").with("p", 1.5), 1), None);
        assert_eq!(flattest(Spec::new("logistic"), 2), None);
        assert_eq!(flattest(Spec::new("formula").with("expression", "x^2"), 1), None);
        // Two measurements do not determine a vector of the plane.
        assert_eq!(flattest(Spec::new("phase-retrieval").with("measurements", 2.0), 2), None);
    }
}
