//! On a graphics card: fates as in double precision, but for counted pixels on boundaries, and
//! known truths.
//!
//! `cargo xtask test --only gpu` runs these; where there is no card they say so, and Mesa's
//! lavapipe (`mesa-vulkan-drivers`) is one.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use common::{OBJECTIVES, POLICIES, map, second_axis};
use flatland_atlas::{Fate, Map, Measure, Pixel, Plan, compute};
use flatland_gpu::{Gpu, GpuError, check};
use pollster::block_on;

fn gpu() -> Option<Gpu> {
    match block_on(Gpu::open()) {
        Ok(gpu) => {
            eprintln!("on the graphics card {}", gpu.adapter());
            Some(gpu)
        }
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            None
        }
    }
}

/// The centers of the pixels of a map.
fn grid(map: &Map, columns: usize, rows: usize) -> Vec<(f64, f64)> {
    (0..columns * rows).map(|i| (map.x.at_pixel(i % columns, columns), map.y.at_pixel(i / columns, rows))).collect()
}

/// A map's pixels on the card and in double precision.
fn both(gpu: &Gpu, map: Map, points: &[(f64, f64)]) -> (Vec<Pixel>, Vec<Pixel>) {
    let plan = Plan::new(map);
    let kernel = block_on(gpu.prepare(&plan)).expect("a kernel");
    (block_on(kernel.run(points)).expect("pixels"), compute(&plan, points))
}

const ONE_AXES: (&str, &str) = ("start[0]=lin:-2:2", "runs[0].policy.eta=lin:0.2:2.2");

/// Where double precision itself would fare differently, had it begun a few digits of single
/// precision away.
fn sensitive(map: &Map, points: &[(f64, f64)], exact: &[Pixel]) -> Vec<bool> {
    let plan = Plan::new(map.clone());
    let mut sensitive = vec![false; points.len()];
    for (along, up) in [(3e-7, 3e-7), (-3e-7, 2e-7), (1e-7, -3e-7), (-2e-7, -3e-7), (2e-6, 1e-6), (-1e-6, 2e-6)] {
        let moved: Vec<_> = points.iter().map(|(x, y)| (x * (1.0 + along), y * (1.0 + up))).collect();
        for ((sensitive, pixel), exact) in sensitive.iter_mut().zip(compute(&plan, &moved)).zip(exact) {
            *sensitive |= !pixel.fate.is_alike(exact.fate);
        }
    }
    sensitive
}

/// For each rule, on objectives of one to four variables: fates are those of double precision, but
/// where those hang by a few digits, or the sign of an exponent near 0 tells chaos from slow
/// settling.
#[test]
#[ignore = "needs a graphics card"]
fn runs_fare_as_they_do_in_double_precision() {
    let Some(gpu) = gpu() else { return };
    let (mut compared, mut differing, mut robust) = (0, 0, 0);
    let mut poor = Vec::new();
    for (objective, start, x, y) in OBJECTIVES {
        for policy in POLICIES {
            let map = map(objective, start, policy, 300, (x, second_axis(y, policy)), Measure::Outcome);
            let points = grid(&map, 20, 20);
            let (card, exact) = both(&gpu, map.clone(), &points);
            let sensitive = sensitive(&map, &points, &exact);
            let apart: Vec<_> =
                card.iter().zip(&exact).filter(|(card, exact)| !card.fate.is_alike(exact.fate)).collect();
            let surely: Vec<_> = (card.iter().zip(&exact).zip(&sensitive))
                .filter(|((card, exact), sensitive)| !card.fate.is_alike(exact.fate) && !**sensitive)
                .map(|(pair, _)| pair)
                .collect();
            compared += points.len();
            differing += apart.len();
            robust += surely.len();
            if !surely.is_empty() {
                eprintln!(
                    "{objective} {policy}: {} of {} differ, {} of them surely, such as {:?} {:?}",
                    apart.len(),
                    points.len(),
                    surely.len(),
                    surely[0].0,
                    surely[0].1
                );
            }
            if surely.len() * 10 > points.len() {
                poor.push(format!(
                    "{objective} {policy}: {} of {}, such as {:?}",
                    surely.len(),
                    points.len(),
                    surely[0]
                ));
            }
        }
    }
    eprintln!(
        "{differing} of {compared} pixels fare differently in single precision, {robust} of them where digits decide nothing"
    );
    assert!(poor.is_empty(), "{}", poor.join("\n"));
    assert!(differing * 20 <= compared && robust * 100 <= compared, "{differing} and {robust} of {compared}");
}

#[test]
#[ignore = "needs a graphics card"]
fn a_few_steps_lead_to_the_same_place() {
    let Some(gpu) = gpu() else { return };
    for (objective, start, x, y) in OBJECTIVES {
        for policy in POLICIES {
            let map = map(objective, start, policy, 3, (x, second_axis(y, policy)), Measure::Sharpness);
            let points = grid(&map, 14, 14);
            let (card, exact) = both(&gpu, map, &points);
            let is_same = |(card, exact): (&Pixel, &Pixel)| match (card.fate, exact.fate) {
                (Fate::Unsettled | Fate::Periodic { .. }, Fate::Unsettled | Fate::Periodic { .. }) => {
                    let is_close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-3 * b.abs().max(1.0);
                    card.last.iter().zip(&exact.last).all(is_close)
                        && (card.sharpness - exact.sharpness).abs() <= 1e-2 * exact.sharpness.abs().max(1.0)
                }
                (card, exact) => card.is_alike(exact),
            };
            let apart: Vec<_> = card.iter().zip(&exact).filter(|pair| !is_same(*pair)).collect();
            // Ties of searches are decided by the last digits.
            assert!(apart.len() <= 6, "{objective} {policy}: {}, such as {:?}", apart.len(), apart[0]);
        }
    }
}

/// x − f′(x) after one step tells how exactly the shader computes f′, for every function.
#[test]
#[ignore = "needs a graphics card"]
fn functions_are_as_exact_as_their_digits() {
    let Some(gpu) = gpu() else { return };
    for (text, tolerance) in [
        ("exp(x/4)", 1e-5),
        ("log(3 + x)*20", 1e-5),
        ("sin(7*x)", 1e-5),
        ("cos(300*x)/300", 1e-4),
        ("tan(x/2)", 1e-5),
        ("tanh(3*x)", 1e-5),
        ("cosh(x)", 1e-5),
        ("sinh(x)", 1e-5),
        ("logcosh(5*x)", 1e-5),
        ("softplus(9*x)", 1e-5),
        ("relu(x) + 2*x", 1e-6),
        ("sqrt(3 + x)*10", 1e-5),
        ("abs(x) + x/3", 1e-6),
        ("(3 + x)^1.7", 1e-5),
        ("2^x", 1e-5),
        ("sign(x)*x^2", 1e-5),
        ("max(x, 2*x - 1) + min(x, 3*x)", 1e-6),
    ] {
        let objective = format!(r#"{{"name": "formula", "expression": "f(x, y) = {text} + y/8"}}"#);
        let axes = ("start[0]=lin:-2.01:2.1", "start[1]=lin:-1:1");
        let map = map(&objective, "[0.5, 0.5]", r#"{"name": "constant", "eta": 1}"#, 1, axes, Measure::Outcome);
        let points = grid(&map, 101, 1);
        let (card, exact) = both(&gpu, map, &points);
        for (card, exact) in card.iter().zip(&exact) {
            let (found, expected) = (card.last[0], exact.last[0]);
            assert!((found - expected).abs() <= tolerance * expected.abs().max(2.0), "{text}: {found}, not {expected}");
        }
    }
}

#[test]
#[ignore = "needs a graphics card"]
fn the_double_well_has_its_edges() {
    let Some(gpu) = gpu() else { return };
    let well = r#"{"name": "double-well"}"#;
    let map = map(
        well,
        "[0.3]",
        POLICIES[0],
        4_000,
        ("runs[0].policy.eta=lin:0.5:2.5", "start[0]=lin:0.3:0.31"),
        Measure::Outcome,
    );
    let points = grid(&map, 400, 1);
    let (card, _) = both(&gpu, map, &points);
    let five = 5.0_f64.sqrt() - 1.0;
    let mut open = 0;
    for (pixel, (eta, _)) in card.iter().zip(&points) {
        let is_right = match pixel.fate {
            // At the edges themselves everything takes for ever.
            _ if (eta - 1.0).abs() < 0.005 || (eta - five).abs() < 0.005 => true,
            Fate::Converged { .. } => *eta < 1.0,
            Fate::Periodic { period: 2 } => (1.0..five).contains(eta),
            Fate::Diverged { .. } => *eta > 1.7,
            Fate::Periodic { .. } | Fate::Chaotic => *eta > five,
            // Where the cycles are too long and chaos is too weak to be told from each other after
            // 4 000 steps.
            Fate::Unsettled if (1.29..1.32).contains(eta) => true,
            // Elsewhere a narrow band of chaos or a long cycle may stay open, on some cards other
            // ones than here.
            Fate::Unsettled => {
                open += 1;
                *eta > five
            }
            _ => false,
        };
        assert!(is_right, "η = {eta}: {:?}", pixel.fate);
    }
    assert!(open <= 8, "{open} of 400 pixels are still on their way");
}

#[test]
#[ignore = "needs a graphics card"]
fn boundaries_are_where_theory_has_them() {
    let Some(gpu) = gpu() else { return };
    // x⁴/4 diverges beyond |x| = √(2/η).
    let quartic = map(r#"{"name": "power", "p": 4}"#, "[1]", POLICIES[0], 2_000, ONE_AXES, Measure::Outcome);
    let points = grid(&quartic, 101, 101);
    let (card, _) = both(&gpu, quartic, &points);
    for (pixel, (x, eta)) in card.iter().zip(&points) {
        let edge = (2.0 / eta).sqrt();
        let has_diverged = matches!(pixel.fate, Fate::Diverged { .. });
        assert!((x.abs() - edge).abs() < 1e-3 || has_diverged == (x.abs() > edge), "{x}, {eta}: {:?}", pixel.fate);
    }
    // ½(xy)² diverges beyond η(x² + y²) = 4.
    let product = map(
        r#"{"name": "scalar-factorization", "mu": 0}"#,
        "[1, 1]",
        r#"{"name": "constant", "eta": 0.5}"#,
        3_000,
        ("start[0]=lin:-3.5:3.6", "start[1]=lin:-3.4:3.7"),
        Measure::Outcome,
    );
    let points = grid(&product, 101, 101);
    let (card, exact) = both(&gpu, product, &points);
    let differing = card.iter().zip(&exact).filter(|(card, exact)| !card.fate.is_alike(exact.fate)).count();
    eprintln!("½(xy)²: {differing} of {} differ", points.len());
    for (pixel, (x, y)) in card.iter().zip(&points) {
        let size = 0.5 * (x * x + y * y);
        // Within, some take long: those that end where a constant step is just small enough.
        let is_right = if size < 3.99 {
            !matches!(pixel.fate, Fate::Diverged { .. })
        } else {
            size < 4.01 || matches!(pixel.fate, Fate::Diverged { .. })
        };
        assert!(is_right, "{x}, {y}: {:?}", pixel.fate);
    }
}

#[test]
#[ignore = "needs a graphics card"]
fn shares_and_exponents_are_those_of_double_precision() {
    let Some(gpu) = gpu() else { return };
    for (objective, start, x, y) in &OBJECTIVES[1..] {
        for policy in [POLICIES[0], POLICIES[5], POLICIES[12]] {
            for measure in [Measure::Share, Measure::Lyapunov] {
                let map = map(objective, start, policy, 12, (x, y), measure);
                let points = grid(&map, 10, 10);
                let (card, exact) = both(&gpu, map, &points);
                let apart = card.iter().zip(&exact).filter(|(card, exact)| {
                    let of = |pixel: &Pixel| if measure == Measure::Share { pixel.share } else { pixel.lyapunov };
                    let (found, expected) = (of(card), of(exact));
                    // Single precision converges sooner, and takes the mean of fewer.
                    let is_same = (found.is_nan() && expected.is_nan())
                        || (found - expected).abs() <= 1e-2 * expected.abs().max(1.0);
                    card.fate == exact.fate && !is_same
                });
                let apart: Vec<_> = apart.collect();
                assert!(apart.len() <= 5, "{objective} {policy} {measure:?}: {}: {:?}", apart.len(), apart[0]);
            }
        }
    }
}

#[test]
#[ignore = "needs a graphics card"]
fn what_is_no_number_is_undefined_and_long_runs_are_taken_in_portions() {
    let Some(gpu) = gpu() else { return };
    let objective = r#"{"name": "formula", "expression": "f(x, y) = log(x) + y^2"}"#;
    let axes = ("start[0]=lin:-1:-0.5", "start[1]=lin:-1:1");
    let undefined = map(objective, "[-1, 1]", POLICIES[0], 20, axes, Measure::Outcome);
    let points = grid(&undefined, 9, 9);
    let (card, _) = both(&gpu, undefined, &points);
    assert!(card.iter().all(|pixel| pixel.fate == Fate::Undefined), "{:?}", card[0]);

    let long = map(r#"{"name": "double-well"}"#, "[0.3]", POLICIES[0], 200_000, ONE_AXES, Measure::Outcome);
    let points = grid(&long, 40, 40);
    let plan = Plan::new(long);
    let kernel = block_on(gpu.prepare(&plan)).expect("a kernel");
    let card = block_on(kernel.run(&points)).expect("pixels");
    let found = check(&plan, &points, &card, 150);
    eprintln!("200 000 steps: {} of {} differ", found.differing, found.compared);
    assert!(found.compared > 100 && found.differing * 10 <= found.compared, "{found:?}");
    assert!(block_on(kernel.run(&[])).expect("nothing").is_empty());
}

#[test]
#[ignore = "needs a graphics card"]
fn what_only_the_engine_can_do_says_so() {
    let Some(gpu) = gpu() else { return };
    let axes = ("start[0]=lin:-1:1", "start[1]=lin:-1:1");
    let map = map(r#"{"name": "river"}"#, "[0.1, 1]", r#"{"name": "nesterov"}"#, 20, axes, Measure::Outcome);
    let error = block_on(gpu.prepare(&Plan::new(map))).expect_err("no shader");
    assert!(matches!(&error, GpuError::EngineOnly(reason) if reason.contains("nesterov")), "{error}");
}
