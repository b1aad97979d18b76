//! Numbers from the literature and from closed forms, which a correct engine reproduces.
//!
//! Tolerances: [`DIGITS`] where a reference is printed to eight digits or fewer, [`ROUNDING`] where
//! it is exact.
#![allow(missing_docs)]

mod common;

use common::{Trace, assert_all_close, assert_close, constant, experiment};
use flatland_engine::Outcome;
use flatland_engine::experiment::Spec;
use nalgebra::{DMatrix, DVector};

/// Half a unit in the eighth digit, rounded up.
const DIGITS: f64 = 1e-7;

/// A few hundred roundings.
const ROUNDING: f64 = 1e-13;

fn sharpness_at(spec: &Spec, x: &[f64]) -> f64 {
    let entry = flatland_engine::objective::find(&spec.name).expect("a known objective");
    let objective = entry.build(spec, x.len()).expect("a valid objective");
    objective.sharpness(&DVector::from_column_slice(x), &mut DMatrix::zeros(x.len(), x.len()))
}

/// All eigenvalues of the Hessian, by nalgebra's own solver, in ascending order.
fn eigenvalues_at(spec: &Spec, x: &[f64]) -> Vec<f64> {
    let entry = flatland_engine::objective::find(&spec.name).expect("a known objective");
    let objective = entry.build(spec, x.len()).expect("a valid objective");
    let mut hessian = DMatrix::zeros(x.len(), x.len());
    objective.hessian(&DVector::from_column_slice(x), &mut hessian);
    let mut eigenvalues: Vec<f64> = hessian.symmetric_eigenvalues().iter().copied().collect();
    eigenvalues.sort_by(f64::total_cmp);
    eigenvalues
}

fn factorization(mu: f64) -> Spec {
    Spec::new("scalar-factorization").with("mu", mu)
}

mod double_well {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Chen & Bruna, 2022: x = (√(1 + 3/η) ± √(1 − 1/η))/2, attracting for 1 < η < √5 − 1.
    #[test]
    fn runs_in_the_known_two_cycle() {
        for (eta, low, high) in
            [(1.1, 0.8145516268745413, 1.1160629714523045), (1.2, 0.7312902014615527, 1.1395384919254166)]
        {
            let trace = Trace::new("double-well", &[0.3], constant(eta), 5001);
            let [a, b] = [trace.iterates[5000][0], trace.iterates[5001][0]];
            assert_close(a.min(b), low, ROUNDING);
            assert_close(a.max(b), high, ROUNDING);
        }
    }

    #[test]
    fn doubles_its_period_at_the_golden_step() {
        let end = 5f64.sqrt() - 1.0;
        let period_two_defect = |eta| {
            let trace = Trace::new("double-well", &[0.3], constant(eta), 20_002);
            (trace.iterates[20_002][0] - trace.iterates[20_000][0]).abs()
        };
        // The multiplier's distance from 1 is about 0.09 there, so that 10⁴ cycles leave rounding
        // only.
        assert!(period_two_defect(end - 0.01) < 1e-12);
        assert!(period_two_defect(end + 0.01) > 1e-2);
    }

    /// Chaos: neighbors part at the rate of the mean of log |1 − ηλ₁|. Given to two digits, and
    /// exactly ln 3 at η = 2.
    #[test]
    fn has_the_known_exponents_in_its_chaos() {
        for (eta, exponent, tolerance) in [(1.31, 0.09, 0.01), (1.4, 0.34, 0.01), (2.0, 3f64.ln(), 0.01)] {
            let trace = Trace::new("double-well", &[0.3], constant(eta), 200_000);
            let settled = &trace.records[1000..200_000];
            let sum: f64 = settled.iter().map(|record| (1.0 - eta * record.sharpness).abs().ln()).sum();
            assert!(
                (sum / settled.len() as f64 - exponent).abs() < tolerance,
                "η = {eta}: {}",
                sum / settled.len() as f64
            );
        }
    }

    #[test]
    fn is_bounded_up_to_two_and_diverges_beyond() {
        let outcome = |eta| Trace::new("double-well", &[0.3], constant(eta), 10_000).outcome;
        assert_eq!(outcome(1.99), Outcome::Budget { step: 10_000, calls: None });
        assert!(matches!(outcome(2.01), Outcome::Diverged { .. }));
    }
}

mod powers {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// For p > 2 the basin ends at (2/η)^(1/(p−2)), here 1.
    #[test]
    fn the_quartic_converges_inside_its_basin_only() {
        let run = |start: f64| Trace::of(&experiment(Spec::new("power"), &[start], constant(2.0), 20_000));
        // Inside, x falls like 1/(2√k).
        assert!(run(0.999).last().1[0].abs() < 4e-3);
        assert!(matches!(run(1.001).outcome, Outcome::Diverged { .. }));
    }

    /// At its edge x = 1 is a 2-cycle with ηf″ = 6: every convergent start goes through less than
    /// that.
    #[test]
    fn the_quartic_alternates_at_the_edge_of_its_basin() {
        let trace = Trace::new("power", &[1.0], constant(2.0), 100);
        assert!(trace.iterates.iter().enumerate().all(|(k, x)| x[0] == if k % 2 == 0 { 1.0 } else { -1.0 }));
        assert_eq!(trace.records[0].product(), Some(6.0));
    }

    /// For p < 2 every start ends at |x| = (η/2)^(1/(2−p)), here for η = 0.3.
    #[test]
    fn below_two_the_constant_step_ends_in_a_cycle() {
        for (p, amplitude, tolerance) in [(1.2, 0.0933499466, 1e-8), (1.5, 0.0225, ROUNDING), (1.8, 7.59375e-5, 1e-10)]
        {
            let power = Spec::new("power").with("p", p);
            let trace = Trace::of(&experiment(power, &[1.0], constant(0.3), 2000));
            assert_close(trace.iterates[1999][0], -trace.iterates[2000][0], 1e-10);
            assert_close(trace.iterates[2000][0].abs(), amplitude, tolerance);
            // There η f'' = 2(p − 1).
            assert_close(trace.records[1999].product().expect("a step"), 2.0 * (p - 1.0), 1e-9);
        }
    }

    #[test]
    fn polyak_shrinks_every_coordinate_by_the_same_factor() {
        for p in [1.3, 2.0, 4.0, 7.5] {
            let power = Spec::new("power").with("p", p);
            let trace = Trace::of(&experiment(power, &[1.7], Spec::new("polyak"), 20));
            for pair in trace.iterates.windows(2) {
                assert_close(pair[1][0], (1.0 - 1.0 / p) * pair[0][0], ROUNDING);
            }
        }
    }
}

mod factorizations {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The largest step that converges: Liang & Montúfar, 2025, arXiv 2509.25351.
    fn largest_step(mu: f64, x: f64, y: f64) -> f64 {
        let s = x * x + y * y;
        (1.0 / mu.abs()).min(8.0 / (s + (s * s - 16.0 * mu * (x * y - mu)).sqrt()))
    }

    #[test]
    fn the_largest_convergent_step_is_sharp() {
        let cases =
            [(3.0, 0.5, 0.443043), (2.0, 1.0, 1.0), (4.0, 0.1, 0.247547), (5.0, -0.2, 0.157757), (2.5, 2.0, 0.480250)];
        for (x, y, digits) in cases {
            let threshold = largest_step(1.0, x, y);
            assert!((threshold - digits).abs() < 1e-6);
            let converges = |factor: f64| {
                let trace = Trace::new("scalar-factorization", &[x, y], constant(factor * threshold), 200_000);
                // At a global minimum; the run itself stops at nothing.
                trace.last().0.loss < 1e-20
            };
            assert!(converges(0.999), "({x}, {y})");
            assert!(!converges(1.001), "({x}, {y})");
        }
    }

    /// (x² − y²)₊ = (x² − y²)(1 − η²r²): Wang et al., 2021, arXiv 2110.03677.
    #[test]
    fn every_step_balances_the_weights_by_the_known_factor() {
        let eta = 0.3;
        let trace = Trace::of(&experiment(factorization(1.0), &[3.0, 0.5], constant(eta), 60));
        for pair in trace.iterates.windows(2) {
            let imbalance = |w: &[f64]| w[0] * w[0] - w[1] * w[1];
            let r = pair[0][0] * pair[0][1] - 1.0;
            let scale = pair[0][0] * pair[0][0] + pair[0][1] * pair[0][1];
            let expected = imbalance(&pair[0]) * (1.0 - eta * eta * r * r);
            assert!((imbalance(&pair[1]) - expected).abs() < 1e-14 * scale);
        }
    }

    /// f₊ = f(1 − ηλ + η²f²), λ₊ = λ + ηf²(ηλ − 4) with λ = x² + y²: Lewkowycz et al., 2020, arXiv
    /// 2003.02218.
    #[test]
    fn the_catapult_follows_its_recursions() {
        let eta = 0.3;
        let trace = Trace::of(&experiment(factorization(0.0), &[3.0, 0.05], constant(eta), 40));
        for pair in trace.iterates.windows(2) {
            let (f, lambda) = (pair[0][0] * pair[0][1], pair[0][0] * pair[0][0] + pair[0][1] * pair[0][1]);
            let (next_f, next_lambda) = (pair[1][0] * pair[1][1], pair[1][0] * pair[1][0] + pair[1][1] * pair[1][1]);
            assert!((next_f - f * (1.0 - eta * lambda + eta * eta * f * f)).abs() < 1e-14 * lambda);
            assert!((next_lambda - (lambda + eta * f * f * (eta * lambda - 4.0))).abs() < 2e-14 * lambda);
        }
    }

    #[test]
    fn the_catapult_lands_up_to_four_and_diverges_beyond() {
        // η·λ₁ at the start is 2.70, 3.87 and 4.05.
        let run = |eta| Trace::of(&experiment(factorization(0.0), &[3.0, 0.05], constant(eta), 20_000));
        let lands = |eta, product| {
            let trace = run(eta);
            // Given to two digits.
            assert_close(eta * trace.last().0.sharpness, product, 6e-3);
            trace
        };
        let trace = lands(0.3, 0.86);
        let peak = trace.records.iter().map(|record| record.loss).fold(0.0, f64::max);
        // Given to three digits.
        assert_close(peak / trace.records[0].loss, 181.0, 5e-3);
        lands(0.43, 0.044);
        assert!(matches!(run(0.45).outcome, Outcome::Diverged { .. }));
    }

    /// At the balanced minimum of ½(∏w − 1)² with d weights: Kreisler et al., 2023, arXiv
    /// 2305.13064.
    #[test]
    fn the_flattest_minimum_of_depth_d_has_sharpness_d() {
        for d in 1..=12 {
            assert_close(sharpness_at(&Spec::new("product"), &vec![1.0; d]), d as f64, ROUNDING);
        }
        let mu: f64 = 3.0;
        let balanced = mu.powf(0.25);
        let product = Spec::new("product").with("mu", mu);
        assert_close(sharpness_at(&product, &[balanced; 4]), 4.0 * mu.powf(1.5), ROUNDING);
    }

    #[test]
    fn progressive_sharpening_ends_at_the_edge() {
        for (eta, end) in [(0.2704, 0.990), (0.338, 0.989), (0.4507, 0.995)] {
            let trace = Trace::new("product", &[2.0, 2.0, 0.3, 0.2], constant(eta), 50_000);
            assert!((eta * trace.last().0.sharpness / 2.0 - end).abs() < 6e-4, "η = {eta}");
        }
    }

    /// Depth 4 is never flatter than 4: where 2/η is less, no step converges. Three times the
    /// flow's step diverges.
    #[test]
    fn a_step_beyond_the_flattest_minimum_never_converges() {
        let trace = Trace::new("product", &[1.6, 1.2, 0.6, 0.2], constant(0.534), 50_000);
        assert_eq!(trace.outcome, Outcome::Budget { step: 50_000, calls: None });
        assert!(trace.records[49_000..].iter().any(|record| record.loss > 1e-4));
        let start = [2.0, 2.0, 0.3, 0.2];
        assert!((sharpness_at(&Spec::new("product"), &start) - 3.17).abs() < 5e-3);
        let trace = Trace::new("product", &start, constant(3.0 * 2.0 / 8.88), 50_000);
        assert!(matches!(trace.outcome, Outcome::Diverged { .. }));
    }

    /// All starts end just below 2/η: Zhu et al., 2022, arXiv 2210.03294.
    #[test]
    fn the_minimalist_example_ends_below_the_edge_by_half_the_step() {
        let start = |eta: f64| {
            let imbalance = (1.0 / (eta * eta) - 4.0f64).sqrt().sqrt() + 0.2;
            let square = (imbalance * imbalance + (imbalance.powf(4.0) + 4.0 * 1.02 * 1.02).sqrt()) / 2.0;
            [square.sqrt(), 1.02 / square.sqrt()]
        };
        let end = |eta: f64, steps| Trace::new("minimalist", &start(eta), constant(eta), steps).last().0.sharpness;
        assert!((0.1 * end(0.1, 20_000) / 2.0 - 0.99769).abs() < 1e-5);
        assert!((0.2 * end(0.2, 20_000) / 2.0 - 0.99275).abs() < 2e-5);
        for (eta, gap) in [(0.2, 0.362), (0.1, 0.461), (0.05, 0.490), (0.02, 0.498), (0.01, 0.500)] {
            // The smaller the step, the longer it takes. At 0.2 the ends of different starts differ
            // in the third digit.
            let steps = (4000.0 / eta) as u64;
            assert!(((2.0 / eta - end(eta, steps)) / eta - gap).abs() < 1.5e-3, "η = {eta}");
        }
    }
}

mod planes {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_river_is_crossed_back_and_forth_for_ever() {
        for (eta, y0, a, x, y) in [
            (0.5, 3.0, 0.05, 0.156745, 2.033355),
            (0.5, 3.0, 0.2, 0.304180, 2.132057),
            (0.125, 6.0, 0.01, 0.070225, 4.053370),
        ] {
            let river = Spec::new("river").with("a", a).with("y0", y0);
            let trace = Trace::of(&experiment(river, &[1e-3, 1.0], constant(eta), 50_000));
            let (before, last) = (&trace.iterates[49_999], &trace.iterates[50_000]);
            // Given to six decimals.
            assert!((last[0].abs() - x).abs() < 1e-6 && (last[1] - y).abs() < 1e-6, "{last:?}");
            assert!((before[0] + last[0]).abs() < 1e-9);
        }
    }

    #[test]
    fn minima_have_the_known_sharpness() {
        let rosenbrock = Spec::new("rosenbrock");
        assert!((sharpness_at(&rosenbrock, &[1.0, 1.0]) - 1001.600639).abs() < 1e-6);
        let [flat, sharp] = eigenvalues_at(&rosenbrock, &[1.0, 1.0])[..] else { panic!("two eigenvalues") };
        assert!((flat - 0.399361).abs() < 1e-6 && (sharp - 1001.600639).abs() < 1e-6);
        assert!((2.0 / sharp - 0.00199680).abs() < 5e-9);
        assert!((sharpness_at(&rosenbrock, &[-1.2, 1.0]) - 1506.37).abs() < 5e-3);
        let himmelblau = Spec::new("himmelblau");
        for (x, y, sharpness) in [
            (3.0, 2.0, 82.284),
            (-2.805118, 3.131313, 80.550),
            (-3.779310, -3.283186, 133.786),
            (3.584428, -1.848127, 105.419),
        ] {
            assert!((sharpness_at(&himmelblau, &[x, y]) - sharpness).abs() < 6e-4);
        }
    }

    #[test]
    fn the_flatland_toy_is_never_flatter_than_its_floor() {
        let toy = |c: f64| Spec::new("flatland-toy").with("c", c);
        for c in [0.3, 0.7] {
            // At the saddle the eigenvalues are ±2c/K and 2/K.
            assert_close(sharpness_at(&toy(c), &[0.0, 0.0, 0.1]), 0.2, ROUNDING);
            assert_all_close(&eigenvalues_at(&toy(c), &[0.0, 0.0, 0.1]), &[-0.2 * c, 0.2 * c, 0.2], ROUNDING);
        }
        let flattest = 0.7f64.sqrt();
        assert_close(sharpness_at(&toy(0.7), &[flattest, flattest, 0.1]), 0.28, ROUNDING);
    }

    #[test]
    fn the_flatland_toy_traps_the_uncapped_search() {
        let run = |policy: &str, steps| Trace::new("flatland-toy", &[8.0, 8.0, 2.0], Spec::new(policy), steps);
        let uncapped = run("nonmonotone-line-search", 3000);
        assert_close(uncapped.last().0.sharpness, 0.2, 1e-6);
        assert!(uncapped.last().0.loss > 0.3);
        let capped = run("capped-nonmonotone-line-search", 20);
        assert!(capped.last().0.loss < 1e-8);
        assert_eq!(capped.step_sizes().last(), Some(&8.0));
        // With c = 0.7 even the flattest minimum, of sharpness 0.28, is too sharp for a step of 8:
        // a limit of the cap.
        let toy = Spec::new("flatland-toy").with("c", 0.7);
        let policy = Spec::new("capped-nonmonotone-line-search");
        let beyond = Trace::of(&experiment(toy, &[8.0, 8.0, 2.0], policy, 3000));
        assert!(beyond.step_sizes()[2900..].contains(&8.0) && beyond.last().0.loss > 1e-8, "{}", beyond.last().0.loss);
    }
}

mod policies {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn on_rosenbrock(policy: Spec) -> Vec<f64> {
        let trace = Trace::new("rosenbrock", &[-1.2, 1.0], policy, 6);
        assert_close(trace.records[0].loss, 24.2, ROUNDING);
        assert_close(trace.records[0].gradient_norm, 215.6f64.hypot(88.0), ROUNDING);
        trace.step_sizes()
    }

    #[test]
    fn first_steps_on_rosenbrock() {
        let long = Spec::new("barzilai-borwein");
        let short = long.clone().with("kind", "short");
        assert_all_close(&on_rosenbrock(Spec::new("polyak")), &[0.00044626919, 0.00092894184, 0.14596359], DIGITS);
        assert_all_close(&on_rosenbrock(long), &[1e-3, 0.00082708913, 0.0010198779, 0.0010029343, 0.012651616], DIGITS);
        assert_all_close(&on_rosenbrock(short), &[1e-3, 0.00082673513, 0.0010187922], DIGITS);
        assert_all_close(&on_rosenbrock(Spec::new("adgd")), &[1e-4, 1e-4, 0.00012909944, 0.00018063135], DIGITS);
        assert_all_close(&on_rosenbrock(Spec::new("cdat")), &[0.0013293373, 0.0025534293], DIGITS);
        assert_all_close(&on_rosenbrock(Spec::new("cdat").with("sigma", 2.06)), &[0.0013692174], DIGITS);
        assert_all_close(&on_rosenbrock(Spec::new("sharpness").with("c", 1.9)), &[0.0012613128, 0.0023307943], DIGITS);
    }

    #[test]
    fn line_searches_on_the_factorization() {
        let run = |policy: Spec, steps| Trace::new("scalar-factorization", &[3.0, 0.5], policy, steps);
        let evaluations = |trace: &Trace| {
            let counts: Vec<_> = trace.records.iter().map(|record| record.evaluations.function).collect();
            counts.iter().zip([0].iter().chain(&counts)).map(|(now, before)| now - before).collect::<Vec<_>>()
        };

        let monotone = run(Spec::new("line-search"), 4);
        assert_eq!(monotone.step_sizes(), [0.125; 4]);
        let losses: Vec<_> = monotone.records.iter().map(|record| record.loss).collect();
        assert_all_close(&losses, &[0.125, 0.0026111603, 3.4496e-5, 4.81e-7], 1e-3);

        let nonmonotone = run(Spec::new("nonmonotone-line-search"), 5);
        assert_eq!(nonmonotone.step_sizes(), [0.125, 0.5, 0.25, 0.125, 1.0]);
        assert_all_close(&nonmonotone.references(), &[0.125, 0.06380558, 0.053031356, 0.051965402, 0.04167119], DIGITS);
        assert_eq!(evaluations(&nonmonotone)[..5], [5, 6, 3, 3, 7]);
        assert_all_close(&nonmonotone.iterates[2], &[2.9800415, 0.41976929], DIGITS);

        let capped = run(Spec::new("capped-nonmonotone-line-search"), 5);
        assert_eq!(capped.step_sizes(), [0.125, 0.25, 0.25, 0.25, 0.25]);

        let from_polyak = run(Spec::new("polyak-nonmonotone-line-search"), 5);
        let expected = [0.13513513, 0.28131511, 0.27734978, 0.14199739, 0.56016846];
        assert_all_close(&from_polyak.step_sizes(), &expected, DIGITS);

        let forgetful = run(Spec::new("nonmonotone-line-search").with("xi", 0.85), 5);
        assert_eq!(forgetful.step_sizes(), [0.125, 0.5, 0.125, 1.0, 0.125]);
        assert_close(forgetful.references()[1], 0.05884387, DIGITS);
    }

    #[test]
    fn line_searches_on_the_double_well() {
        let run = |policy| Trace::new("double-well", &[1.7], Spec::new(policy), 6);
        assert_eq!(run("line-search").step_sizes(), [1.0, 1.0, 2.0, 0.5, 1.0, 0.5]);
        let nonmonotone = run("nonmonotone-line-search");
        assert_eq!(nonmonotone.step_sizes(), [1.0, 1.0, 2.0, 4.0, 4.0, 2.0]);
        let iterates: Vec<_> = nonmonotone.iterates.iter().map(|x| x[0]).collect();
        assert_all_close(&iterates, &[1.7, -1.513, 0.4375127, 1.14504304, -0.27995644, -1.31201519], DIGITS);
        let references = [0.893025, 0.65425709, 0.49065522, 0.37404128, 0.3417026, 0.30643528];
        assert_all_close(&nonmonotone.references(), &references, DIGITS);
    }

    /// With δ = ½ the accepted step is between half the largest that the condition allows, 2(1 −
    /// c)/r, and that.
    #[test]
    fn the_monotone_search_stays_within_a_factor_of_its_condition_on_a_quadratic() {
        for curvature in [0.3, 1.0, 7.7, 120.0] {
            let quadratic = Spec::new("quadratic").with("curvatures", vec![curvature]);
            let trace = Trace::of(&experiment(quadratic, &[1.3], Spec::new("line-search"), 30));
            for product in trace.records.iter().filter_map(|record| record.product()) {
                assert!(product > 1.0 - 1e-4 - 1e-12 && product <= 2.0 * (1.0 - 1e-4) + 1e-12, "{product}");
            }
        }
    }

    /// Steps live on the grid 2ʲ: the largest power of two below K.
    #[test]
    fn the_capped_search_stays_on_its_grid() {
        for (classes, largest) in [(10.0, 8.0), (26.0, 16.0), (100.0, 64.0)] {
            let toy = Spec::new("flatland-toy").with("k", classes);
            let policy = Spec::new("capped-nonmonotone-line-search").with("cap", classes);
            let trace = Trace::of(&experiment(toy, &[8.0, 8.0, 2.0], policy, 200));
            assert_eq!(trace.step_sizes().into_iter().fold(0.0, f64::max), largest);
        }
    }

    #[test]
    fn constant_steps_on_a_quadratic_multiply_by_one_minus_eta_a() {
        let quadratic = Spec::new("quadratic").with("curvatures", vec![1.0, 10.0]);
        for (eta, factor) in [(0.19, -0.9), (0.2, -1.0), (0.21, -1.1)] {
            let trace = Trace::of(&experiment(quadratic.clone(), &[0.0, 1.0], constant(eta), 50));
            for pair in trace.iterates.windows(2) {
                assert_close(pair[1][1], factor * pair[0][1], ROUNDING);
            }
        }
    }
}
