//! Policies against the literature and against closed forms: schedules, momentum and adaptive
//! steps.
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

/// Stable below the edge, unstable above it, to a tenth of a percent: by the spectral radius of two
/// steps.
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

/// |x| ends at ηλρ/(2 − ηλ): Long & Bartlett, 2023, arXiv 2309.12488. There the sharpness is at the
/// edge of SAM.
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
    let above = Spec::new("decay").with("eta", 0.4).with("kind", "cosine").with("horizon", 8.0).with("eta_min", 0.1);
    let above = steps(above, 12);
    for (k, expected) in [(0, 0.4), (2, 0.25 + 0.15 * 0.5f64.sqrt()), (4, 0.25), (8, 0.1), (11, 0.1)] {
        assert_close(above[k], expected, ROUNDING);
    }
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

/// With numbers that are exact: it grows while it is below the peak, and takes the peak twice where
/// it reaches it exactly.
#[test]
fn the_warmup_beyond_its_cap_step_by_step() {
    let steps = |cap: f64, peak: &str| {
        let policy = Spec::new("gd-warmup").with("cap", cap).with("eta0", 1.0).with("peak", peak);
        on_quadratic(1e-3, 1.0, policy, 7).step_sizes()
    };
    assert_eq!(steps(1.25, "above"), [1.0, 1.25, 1.5625, 1.5625, 1.125, 1.125, 1.125]);
    assert_eq!(steps(2.0, "above"), [1.0, 1.25, 1.5625, 1.953125, 2.44140625, 2.5, 2.5]);
    assert_eq!(steps(2.0, "below"), [1.0, 1.25, 1.5625, 1.8, 1.8, 1.8, 1.8]);
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

/// On a parabola the classical Runge–Kutta method multiplies by R(z) = 1 − z + z²/2 − z³/6 + z⁴/24
/// with z = λ·dt, which is 1 again where its interval of stability ends. The time step is at most
/// 1/λ.
#[test]
fn gradient_flow_is_stable_as_far_as_its_polynomial() {
    let factor = |z: f64| 1.0 - z + z * z / 2.0 - z * z * z / 6.0 + z * z * z * z / 24.0;
    for (curvature, dt) in [(4.0, 0.1), (50.0, 0.02)] {
        let trace = on_quadratic(curvature, 1.0, Spec::new("gradient-flow").with("dt_max", 0.1), 3);
        let Record { step_size, threshold, .. } = trace.records[1];
        assert_close(step_size.expect("a step"), dt, ROUNDING);
        assert_close(trace.iterates[2][0] / trace.iterates[1][0], factor(curvature * dt), ROUNDING);
        assert_close(factor(threshold.expect("a step") * dt), 1.0, ROUNDING);
        assert!(threshold.expect("a step") * dt > 2.0);
    }
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

/// Where the edge is far, the central flow is gradient flow: both agree to the error of Euler's
/// method with 64 substeps.
#[test]
fn below_the_edge_the_central_flow_is_gradient_flow() {
    let (eta, steps) = (0.02, 50);
    let central = Spec::new("central-flow").with("eta", eta).with("substeps", 64.0);
    let central = Trace::new("scalar-factorization", &[1.5, 0.2], central, steps);
    let flow = Spec::new("gradient-flow").with("dt_max", eta);
    let flow = Trace::new("scalar-factorization", &[1.5, 0.2], flow, steps);
    assert_all_close(central.last().1, flow.last().1, 1e-3);
    // A quarter of the substeps: four times the error, as for a method of first order.
    let error = |trace: &Trace| (trace.last().1[1] - flow.last().1[1]).abs();
    let coarse = Spec::new("central-flow").with("eta", eta).with("substeps", 16.0);
    let coarse = Trace::new("scalar-factorization", &[1.5, 0.2], coarse, steps);
    let ratio = error(&coarse) / error(&central);
    assert!((3.5..4.5).contains(&ratio), "{ratio}");
}

/// On the river with hard banks λ₁ = y² at x = 0 and the flow stops at y² = 2/η; there y keeps
/// still if the mean of x² is a(y₀ − y)/y, which is σ² in closed form. The predicted loss is f +
/// σ²/η.
#[test]
fn the_central_flow_keeps_the_sharpness_at_the_edge_with_the_variance_that_is_known() {
    let (a, y0, eta) = (0.05, 3.0, 0.5);
    let river = Spec::new("river").with("a", a).with("y0", y0).with("coupling", "square");
    let policy = Spec::new("central-flow").with("eta", eta);
    let trace = Trace::of(&experiment(river, &[0.0, 1.0], policy, 400));
    // At its fixed point the flow stands still, which ends it; the last iterate has no step and so
    // no prediction.
    let last = trace.records.len() - 2;
    let (record, x) = (trace.records[last], &trace.iterates[last]);
    assert!(last < 399);
    let edge = (2.0 / eta).sqrt();
    assert_close(x[1], edge, 1e-6);
    assert_close(record.sharpness, 2.0 / eta, 1e-6);
    let variance = a * (y0 - edge) / edge;
    let predicted = 0.5 * a * (y0 - edge) * (y0 - edge) + variance / eta;
    assert_close(record.reference.expect("a prediction"), predicted, 1e-5);
}

/// On soft banks descent itself settles on a cycle. Its height and its mean loss are what the flow
/// says, up to the curvature of the banks, of which the flow knows only the sharpness.
#[test]
fn the_central_flow_goes_where_descent_goes_on_average() {
    let river = |policy| {
        let river = Spec::new("river").with("a", 0.01).with("y0", 3.0);
        Trace::of(&experiment(river, &[1e-3, 1.0], policy, 3000))
    };
    // At its fixed point the flow stands still, which ends it.
    let flow = river(Spec::new("central-flow").with("eta", 0.5));
    let predicted = flow.records.iter().filter_map(|record| record.reference).next_back().expect("a prediction");
    let descent = river(constant(0.5));
    assert_close(flow.last().1[1], descent.last().1[1], 0.02);
    let mean = 0.5 * (descent.records[2998].loss + descent.records[2999].loss);
    assert_close(predicted, mean, 0.02);
    // Gradient flow would have gone on to y₀.
    assert!(descent.last().1[1] < 2.1 && river(Spec::new("gradient-flow")).last().1[1] > 2.8);
}

/// From above the edge the flow comes down to it: the distance falls by about e a step.
#[test]
fn the_central_flow_comes_down_from_above_the_edge() {
    let policy = Spec::new("central-flow").with("eta", 0.1).with("substeps", 32.0);
    let trace = Trace::new("scalar-factorization", &[5.0, 0.21], policy, 30);
    let above: Vec<_> = trace.records.iter().map(|record| record.sharpness - 20.0).collect();
    for pair in above.windows(2).take(3) {
        assert_close(pair[1] / pair[0], (-1.0_f64).exp(), 0.05);
    }
    assert!(above[20] < 1e-3);
}

/// On a parabola of curvature S there is no way to a flatter place, and the flow is Euler's method:
/// m steps of 1/m below the edge, and above it, where those would be too long, as many more as ηS/2
/// is above 1, of which the last ends where the unit of time does.
#[test]
fn the_central_flow_takes_as_many_substeps_as_the_sharpness_asks_for() {
    for (curvature, eta, least) in
        [(1.0, 0.5, 10.0), (1.0, 0.5, 7.0), (30.0, 0.3, 5.0), (9.0, 0.3, 4.0), (40.0, 0.05, 1.0)]
    {
        let policy = Spec::new("central-flow").with("eta", eta).with("substeps", least);
        let trace = on_quadratic(curvature, 1.0, policy, 2);
        let substeps: f64 = least * (0.5 * eta * curvature).max(1.0);
        let (whole, rest) = (substeps.floor(), 1.0 - substeps.floor() / substeps);
        let factor = (1.0 - eta * curvature / substeps).powi(whole as i32) * (1.0 - eta * curvature * rest);
        assert_close(trace.iterates[1][0], factor, 1e-9);
        assert_close(trace.iterates[2][0], factor * factor, 1e-9);
        assert_close(trace.records[0].product().expect("a step"), eta * curvature, 1e-14);
        // One gradient for the iterate, and one each substep.
        let gradients = trace.records[0].evaluations.gradient - 1;
        assert_eq!(gradients as f64, substeps.ceil(), "S = {curvature}, η = {eta}, m = {least}");
    }
}

/// On the river's bed the sharpness y² grows, and below the edge nothing holds it up: y goes to y₀
/// as Euler's method goes, by 1 − aη/m a substep.
#[test]
fn below_the_edge_the_central_flow_sharpens_unhindered() {
    let (a, y0, eta) = (0.4, 3.0, 0.5);
    let river = Spec::new("river").with("a", a).with("y0", y0).with("coupling", "square");
    let trace = Trace::of(&experiment(river, &[0.0, 1.0], Spec::new("central-flow").with("eta", eta), 3));
    for (k, x) in trace.iterates.iter().enumerate() {
        assert_close(x[1], y0 - (y0 - 1.0) * (1.0 - a * eta / 4.0).powi(4 * k as i32), 1e-12);
        assert_close(trace.records[k].sharpness, x[1] * x[1], 1e-12);
    }
    assert!((3.0..4.0).contains(&trace.last().0.sharpness), "near the edge, at 4: {}", trace.last().0.sharpness);
}

/// Of what length the unit is does not matter: not to a place near 0, and not to one far from it.
#[test]
fn the_central_flow_knows_no_scale() {
    let flow = |formula: &str, start: f64| {
        let formula = Spec::new("formula").with("expression", formula);
        Trace::of(&experiment(formula, &[start], Spec::new("central-flow").with("eta", 4.0), 3))
    };
    // λ₁ = sech² x grows on the way down, and is held at the edge.
    let plain = flow("f(x) = logcosh(x)", 2.0);
    assert!(plain.records[0].sharpness < 0.1 && plain.records[3].loss > 0.2, "{:?}", plain.records);
    assert_close(plain.records[3].sharpness, 0.5, 0.01);
    let large = flow("f(x) = 1e6*logcosh(x/1000)", 2e3);
    let moved = flow("f(x) = logcosh(x + 2)", 0.0);
    for k in 1..=3 {
        // Beside the rounding of differences: their own error is as large as the eleventh digit.
        assert_close(large.iterates[k][0], 1e3 * plain.iterates[k][0], 1e-8);
        assert_close(moved.iterates[k][0] + 2.0, plain.iterates[k][0], 1e-8);
    }
}

/// Vaswani et al. (2019): the first trial is γ times the last step, and what is accepted is a cut
/// of it.
#[test]
fn the_stochastic_line_search_starts_from_its_last_step() {
    let trace = Trace::new("rosenbrock", &[-1.2, 1.0], Spec::new("armijo-sls"), 200);
    let steps: Vec<_> = trace.records.iter().filter_map(|record| Some((record.step_size?, record.trials))).collect();
    for (k, &(eta, trials)) in steps.iter().enumerate() {
        let first = if k == 0 { 1.0 } else { 2.0 * steps[k - 1].0 };
        assert_close(eta, first * 0.9_f64.powi(trials as i32 - 1), 1e-12);
    }
    for pair in trace.records.windows(2) {
        let (now, next) = (&pair[0], &pair[1]);
        let decrease = 0.1 * now.step_size.expect("a step") * now.gradient_norm * now.gradient_norm;
        assert!(next.loss <= now.loss - decrease * (1.0 - 1e-9));
    }
}
