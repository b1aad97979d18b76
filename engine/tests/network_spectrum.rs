//! What is known of a network's spectrum by products alone, against all eigenvalues of its dense
//! Hessian, at every step of whole runs.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use flatland_engine::descent::Recording;
use flatland_engine::{Descent, Experiment};
use nalgebra::{DMatrix, DVector};

/// The eigenvalues that are tracked.
const COUNT: usize = 3;

/// The residual allowed, as a part of λ₁.
const TOLERANCE: f64 = 1e-3;

/// The products of an estimate of the trace.
const TRACE_PRODUCTS: f64 = 16.0;

/// Errors of nalgebra's eigenvalues of some hundred rows, as a part of the largest.
const ROUNDING: f64 = 1e-13;

/// One step of a run.
struct Step {
    /// λ₁, λ₂, λ₃ as they were tracked.
    tracked: [f64; COUNT],

    /// The largest of their residuals.
    residual: f64,

    least: f64,

    /// The trace and its standard error, both estimated.
    trace: [f64; 2],

    /// All eigenvalues of the dense Hessian, the largest first.
    exact: Vec<f64>,

    /// The standard error of the trace as it follows from the Hessian's entries.
    exact_error: f64,

    /// For each k, whether the eigenvectors of λₖ and λₖ₊₁ have changed places since the last step:
    /// cosines above 0.7.
    has_crossed: [bool; COUNT],
}

fn run(network: &str, policy: &str, steps: u64) -> Vec<Step> {
    let document = format!(
        r#"{{"version":1,"objective":{{"name":"network",{network}}},"runs":[{{"policy":{policy}}}],"steps":{steps},
            "columns":["lambda2","lambda3","residual","lambda_min","trace","trace_error"],
            "spectrum":{{"count":{COUNT},"tolerance":{TOLERANCE}}}}}"#
    );
    let mut descent = Descent::new(&Experiment::from_json(&document).unwrap(), 0).unwrap();
    let mut all = Vec::new();
    let mut before: Option<DMatrix<f64>> = None;
    while let Some(record) = descent.advance() {
        let x = DVector::from_column_slice(descent.iterate());
        let n = x.len();
        // Above 64, eigenvalues are tracked.
        assert!((65..200).contains(&n), "{n} parameters");
        let mut hessian = DMatrix::zeros(n, n);
        descent.objective().hessian(&x, &mut hessian);
        // Each product zᵀHz has the variance 2·Σ over i ≠ j of Hᵢⱼ² (Hutchinson, 1990).
        let variance = 2.0 * (hessian.norm_squared() - hessian.diagonal().norm_squared());
        let eigen = hessian.symmetric_eigen();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
        let vectors = eigen.eigenvectors.select_columns(&order[..=COUNT]);
        let cosine =
            |a: usize, b: usize| before.as_ref().map_or(0.0, |old| old.column(a).dot(&vectors.column(b)).abs());
        let has_crossed = [0, 1, 2].map(|k| cosine(k, k + 1) > 0.7 && cosine(k + 1, k) > 0.7);
        let columns = descent.columns();
        all.push(Step {
            tracked: [record.sharpness, columns[0], columns[1]],
            residual: columns[2],
            least: columns[3],
            trace: [columns[4], columns[5]],
            exact: order.iter().map(|i| eigen.eigenvalues[*i]).collect(),
            exact_error: (variance / TRACE_PRODUCTS).sqrt(),
            has_crossed,
        });
        before = Some(vectors);
    }
    assert_eq!(all.len() as u64, steps + 1);
    all
}

/// Checks every step of a run, and that at least so many times λₖ and λₖ₊₁ crossed; λ_min may be
/// late at no more than `late` steps.
///
/// What Rayleigh and Ritz guarantee (Parlett, The Symmetric Eigenvalue Problem, 1998, theorems
/// 4.5.1 and 11.7.1) where no eigenvalue is missed: none is above the true one, and each is within
/// its residual ρ, and within ρ²/γ where the nearest other eigenvalue is γ away.
#[track_caller]
fn check(network: &str, policy: &str, crossings: [usize; COUNT], late: usize) {
    let steps = run(network, policy, 400);
    let mut late_steps = 0;
    for (at, step) in steps.iter().enumerate() {
        let Step { tracked, residual, least, trace, exact, exact_error, .. } = step;
        let (largest, smallest) = (exact[0], exact[exact.len() - 1]);
        let rounding = ROUNDING * largest;
        assert!(*residual <= TOLERANCE * tracked[0] + rounding, "step {at}: residual {residual}");
        for (k, found) in tracked.iter().enumerate() {
            let others = exact.iter().enumerate().filter(|(other, _)| *other != k);
            let gap = others.map(|(_, value)| (found - value).abs()).fold(f64::INFINITY, f64::min);
            let (below, bound) = (exact[k] - found, residual.min(residual * residual / gap));
            assert!((-rounding..=bound + rounding).contains(&below), "step {at}: λ{} {found}, not {}", k + 1, exact[k]);
        }
        // λ_min is sought to the same part of itself. What is beside a small one is known to the
        // square of that part of λ₁.
        assert!(*least >= smallest - rounding, "step {at}: λ_min {least}, not {smallest}");
        late_steps += usize::from(*least - smallest > TOLERANCE * smallest.abs() + TOLERANCE * TOLERANCE * largest);
        // A normal number is beyond 4 standard errors once in 16 000 times. The error that is
        // estimated from 16 products is itself known to a part of 1/√32, twice which it may be off
        // with products as skewed as these.
        let sum: f64 = exact.iter().sum();
        assert!((trace[0] - sum).abs() <= 4.0 * exact_error + rounding, "step {at}: trace {trace:?}, not {sum}");
        let is_plausible = trace[1] >= 0.4 * exact_error - rounding && trace[1] <= 2.0 * exact_error + rounding;
        assert!(is_plausible, "step {at}: error of the trace {}, not {exact_error}", trace[1]);
    }
    assert!(late_steps <= late, "λ_min was late at {late_steps} steps");
    let found = [0, 1, 2].map(|k| steps.iter().filter(|step| step.has_crossed[k]).count());
    assert!(found.iter().zip(crossings).all(|(found, least)| *found >= least), "{found:?} crossings");
}

/// λ₁ rises to 2/η = 5, falls in a burst, and rises again.
#[test]
fn the_spectrum_is_followed_to_the_edge_of_stability() {
    check(
        r#""data":{"name":"chebyshev","degree":3},"hidden":[10,6],"loss":"half-mean-squared-error",
            "initialization":{"name":"normal"}"#,
        r#"{"name":"constant","eta":0.4}"#,
        [0, 0, 1],
        0,
    );
}

/// The sharpness falls nearly to its least value, 1, where the two eigenvalues of the biases at the
/// output meet. The least eigenvalue is once overtaken by one that was not looked for, for three
/// steps.
#[test]
fn the_spectrum_is_followed_through_crossings_as_the_sharpness_falls() {
    check(
        r#""data":{"name":"moons","samples":40},"hidden":[8,6],
            "initialization":{"name":"pytorch","scale":1.5}"#,
        r#"{"name":"nonmonotone-line-search"}"#,
        [10, 10, 10],
        3,
    );
}

/// Flatland from the second step on: λ₁ = λ₂ = 1 there.
#[test]
fn equal_eigenvalues_are_both_found() {
    check(
        r#""data":{"name":"moons","samples":40},"hidden":[8,6],"activation":"relu",
            "initialization":{"name":"pytorch","scale":2}"#,
        r#"{"name":"nonmonotone-line-search"}"#,
        [0, 0, 0],
        0,
    );
}

/// Cross-entropy at the edge, 2/η = 1: λ₁ swings between 0.8 and 2, and above and below λ₂.
#[test]
fn the_spectrum_is_followed_where_it_tosses_about() {
    check(
        r#""data":{"name":"spirals","samples":40},"hidden":[10,6],"loss":"cross-entropy",
            "initialization":{"name":"pytorch","scale":2}"#,
        r#"{"name":"constant","eta":2}"#,
        [10, 3, 0],
        0,
    );
}

/// The count of the eigenvalues above 2/η, of which as many are tracked as that takes: right at
/// every step once it has come up from one, but where the dense spectrum has one within the
/// tolerance of 2/η, or one more has come up within a step.
#[test]
fn unstable_directions_are_counted_although_nobody_said_how_many() {
    let document = r#"{"version":1,"objective":{"name":"network","data":{"name":"spirals","samples":40},"hidden":[10,6],
        "loss":"cross-entropy","initialization":{"name":"pytorch","scale":2}},
        "runs":[{"policy":{"name":"constant","eta":2}}],"steps":400,"columns":["unstable"]}"#;
    let mut descent = Descent::new(&Experiment::from_json(document).unwrap(), 0).unwrap();
    let (mut most, mut wrong, mut steps) = (0, 0, 0);
    while let Some(record) = descent.advance() {
        let Some(threshold) = record.threshold else { break };
        let x = DVector::from_column_slice(descent.iterate());
        let mut hessian = DMatrix::zeros(x.len(), x.len());
        assert!(x.len() > 64);
        descent.objective().hessian(&x, &mut hessian);
        let exact = hessian.symmetric_eigenvalues();
        let above = exact.iter().filter(|value| **value > threshold).count();
        let is_close = exact.iter().any(|value| (value / threshold - 1.0).abs() < TOLERANCE);
        if record.step >= 8 {
            steps += 1;
            wrong += usize::from(descent.columns()[0] != above as f64 && !is_close);
        }
        most = most.max(above);
    }
    assert!(most >= 2 && steps > 300, "{most} above the threshold at the most in {steps} steps");
    assert!(wrong * 100 <= steps, "wrong at {wrong} of {steps} steps");
}

/// What is not recorded stays out of the record, also where columns or the policy need it: of an
/// objective in closed form, of a small network and of a tracked one.
#[test]
fn sharpness_that_is_not_recorded_is_not_in_the_record() {
    for objective in
        [r#"{"name":"rosenbrock"}"#, r#"{"name":"network","hidden":[3]}"#, r#"{"name":"network","hidden":[10,6]}"#]
    {
        for policy in [r#"{"name":"constant","eta":1e-4}"#, r#"{"name":"sharpness"}"#] {
            let document = format!(
                r#"{{"version":1,"objective":{objective},"runs":[{{"policy":{policy}}}],"steps":5,"columns":["lambda2"]}}"#
            );
            let experiment = Experiment::from_json(&document).unwrap();
            let run = |sharpness| {
                let mut descent = Descent::with_recording(&experiment, 0, Recording { sharpness }).unwrap();
                let mut rows = Vec::new();
                while let Some(record) = descent.advance() {
                    rows.push((record.loss, record.evaluations, descent.columns()[0], record.sharpness));
                }
                rows
            };
            let (with, without) = (run(true), run(false));
            assert_eq!(with.len(), 6);
            for (with, without) in with.iter().zip(&without) {
                assert_eq!((with.0, with.1, with.2), (without.0, without.1, without.2), "{document}");
                assert!(with.3.is_finite() && with.2.is_finite() && without.3.is_nan(), "{document}");
            }
        }
    }
}
