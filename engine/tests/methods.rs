//! Policies against the literature and against closed forms: schedules, momentum and adaptive steps.
#![allow(missing_docs)]

mod common;

use common::{Trace, assert_all_close, assert_close, constant, experiment};
use flatland_engine::experiment::Spec;
use flatland_engine::{Outcome, Record};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Half a unit in the eighth digit, rounded up.
const DIGITS: f64 = 1e-7;

/// A few hundred roundings.
const ROUNDING: f64 = 1e-13;

fn on_quadratic(curvature: f64, start: f64, policy: Spec, steps: u64) -> Trace {
    let quadratic = Spec::new("quadratic").with("curvatures", vec![curvature]);
    Trace::of(&experiment(quadratic, &[start], policy, steps))
}

fn on_rosenbrock(policy: Spec) -> Vec<f64> {
    Trace::new("rosenbrock", &[-1.2, 1.0], policy, 6).step_sizes()
}

#[test]
fn first_steps_on_rosenbrock() {
    let adgd = Spec::new("adgd-2019").with("eta0", 1e-4);
    assert_all_close(&on_rosenbrock(adgd), &[1e-4, 0.00033916929, 0.00036887668], DIGITS);
    assert_all_close(&on_rosenbrock(Spec::new("adagrad-norm")), &[0.0042942837, 0.0026555992], DIGITS);
    assert_all_close(&on_rosenbrock(Spec::new("dog")), &[1.100217e-8, 7.7797735e-9], 5e-7);
}

/// Stable below the edge, unstable above it, to a tenth of a percent: by the spectral radius of two steps.
#[test]
fn momentum_moves_the_edge_on_a_quadratic() {
    for (name, beta, edge) in
        [("heavy-ball", 0.5, 3.0), ("heavy-ball", 0.9, 3.8), ("nesterov", 0.5, 1.5), ("nesterov", 0.9, 1.357143)]
    {
        let grows = |product: f64| {
            let policy = Spec::new(name).with("eta", product).with("beta", beta);
            let trace = on_quadratic(1.0, 1.0, policy, 20_000);
            let Record { threshold, .. } = trace.records[0];
            assert_close(threshold.expect("a step"), edge / product, 1e-6);
            assert_close(trace.records[0].product().expect("a step"), 2.0 * product / edge, 1e-6);
            assert_close(trace.records[0].step_times_sharpness().expect("a step"), product, ROUNDING);
            trace.last().1[0].abs() > 1.0
        };
        assert!(!grows(0.999 * edge), "{name} {beta}");
        assert!(grows(1.001 * edge), "{name} {beta}");
    }
}

#[test]
fn without_momentum_both_are_gradient_descent() {
    let plain = Trace::new("rosenbrock", &[-1.2, 1.0], constant(1e-3), 50);
    for name in ["heavy-ball", "nesterov"] {
        let policy = Spec::new(name).with("eta", 1e-3).with("beta", 0.0);
        let trace = Trace::new("rosenbrock", &[-1.2, 1.0], policy, 50);
        assert_eq!(trace.iterates, plain.iterates, "{name}");
        assert_eq!(trace.records[7].product(), plain.records[7].product());
    }
}

/// |x| ends at ηλρ/(2 − ηλ): Long & Bartlett, 2023, arXiv 2309.12488. There the sharpness is at the edge of SAM.
#[test]
fn sam_bounces_at_the_known_amplitude_and_at_its_own_edge() {
    let trace = on_quadratic(1.0, 1.0, Spec::new("sam").with("eta", 0.5).with("rho", 0.1), 500);
    let (before, last) = (trace.iterates[499][0], trace.iterates[500][0]);
    assert_close(last.abs(), 0.1 * 0.5 / 1.5, 1e-12);
    assert_close(before, -last, 1e-12);
    assert_close(trace.records[499].product().expect("a step"), 2.0, 1e-10);
}

#[test]
fn normalized_steps_alternate_around_a_minimum() {
    let trace = on_quadratic(1.0, 1.03, Spec::new("normalized").with("eta", 0.1), 100);
    assert_close(trace.iterates[99][0].abs() + trace.iterates[100][0].abs(), 0.1, 1e-12);
}

/// h₁ + … + h₂ₖ₋₁ = ρᵏ − 1: Altschuler & Parrilo, 2023, arXiv 2309.16530.
#[test]
fn silver_steps_sum_to_powers_of_the_silver_ratio() {
    let silver = Spec::new("silver").with("smoothness", 2.0);
    let steps: Vec<_> = on_quadratic(1e-3, 1.0, silver, 15).step_sizes().iter().map(|eta| 2.0 * eta).collect();
    let root = 2f64.sqrt();
    assert_all_close(&steps, &[root, 2.0, root, 2.0 + root, root, 2.0, root, 4.0 + 2.0 * root], ROUNDING);
    for k in 1..=4 {
        let sum: f64 = steps[..(1 << k) - 1].iter().sum();
        assert_close(sum, (1.0 + 2f64.sqrt()).powf(f64::from(k)) - 1.0, ROUNDING);
    }
}

/// The rate is the mean of the cycle: Grimmer, 2023, arXiv 2307.06324, Table 1.
#[test]
fn long_steps_have_their_means_and_take_the_smoothness_from_the_start() {
    for (length, mean) in [(2, 2.2), (3, 2.6333333), (7, 3.2), (15, 3.86)] {
        let policy = Spec::new("long-steps").with("length", &*length.to_string());
        let steps = on_quadratic(4.0, 1.0, policy, length).step_sizes();
        assert_close(4.0 * steps.iter().sum::<f64>() / length as f64, mean, DIGITS);
    }
}

#[test]
fn schedules_follow_their_formulas() {
    let steps = |policy: Spec, count| on_quadratic(1e-3, 1.0, policy, count).step_sizes();
    let decay = |kind: &str| steps(Spec::new("decay").with("eta", 0.4).with("kind", kind).with("horizon", 8.0), 12);
    assert_all_close(&decay("inverse"), &[0.4, 0.4 / 1.125, 0.32], ROUNDING);
    assert_all_close(&decay("inverse-sqrt"), &[0.4, 0.4 / 2f64.sqrt(), 0.4 / 3f64.sqrt(), 0.2], ROUNDING);
    assert_all_close(&decay("step"), &[0.4, 0.4, 0.4, 0.4, 0.04, 0.04, 0.004, 0.004, 0.004], ROUNDING);
    // At the horizon the step is 0, and the run ends.
    let cosine = decay("cosine");
    assert_eq!(cosine.len(), 8);
    assert_close(cosine[4], 0.2, ROUNDING);
    let warmup = Spec::new("warmup").with("eta", 0.4).with("horizon", 4.0);
    assert_all_close(&steps(warmup, 6), &[0.1, 0.2, 0.3, 0.4, 0.4, 0.4], ROUNDING);
    let cyclic = Spec::new("cyclic").with("eta_min", 0.1).with("eta_max", 0.3).with("period", 4.0);
    assert_all_close(&steps(cyclic, 6), &[0.1, 0.2, 0.3, 0.2, 0.1, 0.2], ROUNDING);
}

/// 0.01·1.25ᵏ up to 1.25·K, there twice, then 0.9·K; or up to 0.9·K only.
#[test]
fn the_warmup_beyond_its_cap_takes_two_steps_there() {
    for cap in [10.0, 26.0, 0.005] {
        let steps = |peak: &str| {
            let policy = Spec::new("gd-warmup").with("cap", cap).with("peak", peak);
            on_quadratic(1e-3, 1.0, policy, 60).step_sizes()
        };
        let above = steps("above");
        assert_eq!(above.iter().filter(|&&eta| eta == 1.25 * cap).count(), 2);
        assert_close(above[59], 0.9 * cap, ROUNDING);
        let below = steps("below");
        assert!(below.iter().all(|&eta| eta <= 0.9 * cap) && below[59] == 0.9 * cap);
        for (k, pair) in below.windows(2).enumerate().take_while(|(_, pair)| pair[1] < 0.9 * cap) {
            assert_close(pair[1], 1.25 * pair[0], ROUNDING);
            assert!(k > 0 || pair[0] == 0.01);
        }
    }
}

#[test]
fn on_a_parabola_each_has_its_product() {
    let product = |policy: Spec| {
        let trace = on_quadratic(3.0, 1.0, policy, 2);
        // The adaptive ones have their first step given.
        let first = if trace.records[0].evaluations.function > 0 || trace.records.len() < 3 { 0 } else { 1 };
        trace.records[first].product().expect("a step")
    };
    assert_close(product(Spec::new("sps-max")), 1.0, ROUNDING);
    assert_close(product(Spec::new("sps-max").with("c", 0.1)), 5.0, ROUNDING);
    assert_close(product(Spec::new("strongly-adapted")), 0.5, 1e-9);
    assert_close(product(Spec::new("adgd-2019").with("eta0", 0.1)), 0.5, ROUNDING);
    let first = Spec::new("adgd").with("eta0", 0.3).with("variant", "first");
    assert_close(product(first), 0.5f64.sqrt(), ROUNDING);
    let sqrt_loss = on_quadratic(3.0, 1.0, Spec::new("sqrt-loss"), 2).step_sizes()[0];
    assert_close(sqrt_loss, 0.1 / (2.0 * 1.5f64.sqrt()), ROUNDING);
}

/// On the double well, whose flow from x is x(t) = x/√(x² + (1 − x²)exp(−2t)).
#[test]
fn gradient_flow_follows_the_exact_solution() {
    let trace = Trace::new("double-well", &[0.3], Spec::new("gradient-flow").with("dt_max", 0.05), 200);
    let mut time = 0.0;
    for (record, x) in trace.records.iter().zip(&trace.iterates) {
        let exact = 0.3 / (0.09 + 0.91 * f64::exp(-2.0 * time)).sqrt();
        // The error of the method is of the order dt⁴.
        assert!((x[0] - exact).abs() < 1e-7, "t = {time}");
        time += record.step_size.unwrap_or(0.0);
    }
    assert_eq!(trace.records[199].evaluations.gradient, 4 * 200);
}

/// Depth 4 from (2, 2, 0.3, 0.2): the flow sharpens to 8.88, far beyond where descent stays.
#[test]
fn gradient_flow_sharpens_freely() {
    let trace = Trace::new("product", &[2.0, 2.0, 0.3, 0.2], Spec::new("gradient-flow"), 2000);
    assert_close(trace.last().0.sharpness, 8.88, 1e-3);
}

#[test]
fn l0_l1_steps_never_raise_cosh() {
    for kind in ["plain", "logarithmic"] {
        let policy = Spec::new("l0-l1").with("kind", kind);
        let trace = Trace::new("cosh", &[12.0], policy, 100);
        assert!(trace.records.windows(2).all(|pair| pair[1].loss <= pair[0].loss));
        assert!(trace.last().0.loss < 1e-9, "{kind}: {}", trace.last().0.loss);
    }
}

#[test]
fn the_same_seed_draws_the_same_steps() {
    let steps = |seed| {
        let mut experiment =
            experiment(Spec::new("river"), &[1e-3, 1.0], Spec::new("nls-no-tune").with("eta0", 0.01), 50);
        experiment.seed = seed;
        Trace::of(&experiment).step_sizes()
    };
    assert_eq!(steps(1), steps(1));
    assert_ne!(steps(1), steps(2));
}

#[test]
fn the_growth_of_the_random_search_stays_in_its_range() {
    let trace = on_quadratic(1e-4, 1.0, Spec::new("nls-no-tune").with("eta0", 1e-3), 8);
    for pair in trace.step_sizes().windows(2) {
        let growth = pair[1] / pair[0];
        assert!((1.0 / 0.9..=10.0).contains(&growth) || pair[1] == 10.0, "{growth}");
    }
}

/// On the grid 8 is the largest step below 10; without it the cap itself is.
#[test]
fn the_continuous_cap_is_reached() {
    let policy = Spec::new("capped-nonmonotone-line-search").with("grid", "continuous");
    let trace = Trace::new("flatland-toy", &[8.0, 8.0, 2.0], policy, 200);
    assert_eq!(trace.step_sizes().into_iter().fold(0.0, f64::max), 10.0);
    assert!(!matches!(trace.outcome, Outcome::Diverged { .. }));
}
