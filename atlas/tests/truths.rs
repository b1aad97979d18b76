//! Pictures of which the truth is known: boundaries in closed form, each met to one pixel.

use flatland_atlas::{Axis, Fate, Map, Measure, Pixel, Plan, compute};
use flatland_engine::Experiment;

fn map(objective: &str, start: &str, eta: f64, steps: u64, x: &str, y: &str, measure: Measure) -> Map {
    let json = format!(
        r#"{{"version": 1, "objective": {objective}, "start": {start}, "steps": {steps},
            "runs": [{{"policy": {{"name": "constant", "eta": {eta}}}}}]}}"#
    );
    let experiment = Experiment::from_json(&json).expect(&json);
    Map::new(&experiment, 0, Axis::parse(x).expect("an axis"), Axis::parse(y).expect("an axis"), measure)
        .expect("a map")
}

/// A row of pixels at a height.
fn row(map: &Map, columns: usize, y: f64) -> Vec<Pixel> {
    let points: Vec<_> = (0..columns).map(|column| (map.x.at_pixel(column, columns), y)).collect();
    compute(&Plan::new(map.clone()), &points)
}

/// The first pixel for which something holds, as a number on the axis: its left edge.
fn edge(map: &Map, pixels: &[Pixel], holds: impl Fn(&Pixel) -> bool) -> f64 {
    let first = pixels.iter().position(holds).expect("a pixel");
    map.x.at(first as f64 / pixels.len() as f64)
}

/// Chen & Bruna, 2022: one point up to η = 1, a 2-cycle up to √5 − 1, chaos, and divergence
/// beyond 2.
#[test]
fn the_double_well_over_the_step_size() {
    let well = r#"{"name": "double-well"}"#;
    // Near its end a regime is approached slowly: at a pixel from η = 1 by a factor of 1 − 2·0.0017
    // a step.
    let map = map(well, "[0.3]", 1.0, 40_000, "runs[0].policy.eta=lin:0.5:2.2", "start[0]=lin:-1:1", Measure::Outcome);
    let columns = 1000;
    let pixel = 1.7 / columns as f64;
    let pixels = row(&map, columns, 0.3);
    let is_cycle = |pixel: &Pixel, length: u32| pixel.fate == Fate::Periodic { period: length };
    let splits = edge(&map, &pixels, |pixel| is_cycle(pixel, 2));
    let doubles = edge(&map, &pixels, |pixel| is_cycle(pixel, 4));
    let diverges = edge(&map, &pixels, |pixel| matches!(pixel.fate, Fate::Diverged { .. }));
    assert!((splits - 1.0).abs() <= pixel, "{splits}");
    assert!((doubles - (5.0_f64.sqrt() - 1.0)).abs() <= pixel, "{doubles}");
    assert!((diverges - 2.0).abs() <= pixel, "{diverges}");
    let at = |eta: f64| pixels[((eta - 0.5) / pixel) as usize].fate;
    assert!(matches!(at(0.8), Fate::Converged { .. }));
    assert_eq!(at(1.9), Fate::Chaotic);
    // Beyond 2 all diverge.
    assert!(pixels.iter().skip((1.5 / pixel) as usize + 2).all(|pixel| matches!(pixel.fate, Fate::Diverged { .. })));
}

/// After a hundred steps, and a hundred more: where the exponent is well above 0 the exponent of so
/// few steps is, too, and nowhere below the first doubling.
#[test]
fn a_short_budget_tells_chaos_from_settling() {
    let well = r#"{"name": "double-well"}"#;
    let range = "runs[0].policy.eta=lin:0.5:2";
    let map_of = |steps, measure| map(well, "[0.3]", 1.0, steps, range, "start[0]=lin:-1:1", measure);
    let fates = row(&map_of(100, Measure::Outcome), 300, 0.3);
    let exponents = row(&map_of(20_000, Measure::Lyapunov), 300, 0.3);
    let is_chaotic = |pixel: &Pixel| pixel.fate == Fate::Chaotic;
    let chaos: Vec<_> = fates.iter().zip(&exponents).filter(|(_, long)| long.lyapunov > 0.3).collect();
    let told = chaos.iter().filter(|(short, _)| is_chaotic(short)).count();
    assert!(chaos.len() > 50 && told == chaos.len(), "{told} of {}", chaos.len());
    assert!(!fates[..100].iter().any(is_chaotic), "up to η = 1");
}

/// The same map's exponents: about 0.09 at 1.31, 0.34 at 1.4, and ln 3 at 2, where it is the
/// tripling of an angle.
#[test]
fn the_double_well_parts_neighbors_at_known_rates() {
    let well = r#"{"name": "double-well"}"#;
    let (x, y) = ("runs[0].policy.eta=lin:1:2.1", "start[0]=lin:-1:1");
    let map = map(well, "[0.3]", 1.0, 100_000, x, y, Measure::Lyapunov);
    let exponents: Vec<_> =
        compute(&Plan::new(map), &[(1.31, 0.3), (1.4, 0.3), (2.0, 0.3)]).iter().map(|pixel| pixel.lyapunov).collect();
    assert!((exponents[0] - 0.09).abs() < 0.01 && (exponents[1] - 0.34).abs() < 0.01, "{exponents:?}");
    // The statistical error of a mean over 50 000 steps.
    assert!((exponents[2] - 3.0_f64.ln()).abs() < 0.01, "{exponents:?}");
}

/// x⁴/4: from |x₀| < √(2/η) to the minimum, from beyond to infinity.
#[test]
fn the_quartic_over_start_and_step_size() {
    let map = map(
        r#"{"name": "power", "p": 4}"#,
        "[0.5]",
        1.0,
        20_000,
        "start[0]=lin:0:2.5",
        "runs[0].policy.eta=lin:0.4:3",
        Measure::Outcome,
    );
    for eta in [0.5, 1.0, 2.0, 2.9] {
        let pixels = row(&map, 500, eta);
        let edge = edge(&map, &pixels, |pixel| matches!(pixel.fate, Fate::Diverged { .. }));
        assert!((edge - (2.0 / eta).sqrt()).abs() <= 2.5 / 500.0, "η = {eta}: {edge}");
    }
}

/// ½(xy)²: from η(x² + y²) < 4 near the axes to a minimum.
#[test]
fn the_catapult_has_a_circle_for_its_boundary() {
    let factorization = r#"{"name": "scalar-factorization", "mu": 0}"#;
    let eta = 0.3;
    let (x, y) = ("start[0]=lin:0:5", "start[1]=lin:-5:5");
    let map = map(factorization, "[3, 0.05]", eta, 20_000, x, y, Measure::Outcome);
    // Beside the axis, where nothing but the sharpness counts.
    let y = 0.01;
    let pixels = row(&map, 500, y);
    let edge = edge(&map, &pixels, |pixel| matches!(pixel.fate, Fate::Diverged { .. }));
    assert!((edge - (4.0 / eta - y * y).sqrt()).abs() <= 5.0 / 500.0, "{edge}");
}

/// ½(xy − 1)²: the exact largest step of Liang & Montúfar, 2025, min{1/|μ|, 8/(s + √(s² − 16μ(xy −
/// μ)))} with s = x² + y².
#[test]
fn the_factorization_has_its_largest_step() {
    for (x, y, expected) in
        [(3.0, 0.5, 0.443_043), (2.0, 1.0, 1.0), (4.0, 0.1, 0.247_547), (5.0, -0.2, 0.157_757), (2.5, 2.0, 0.480_250)]
    {
        let (low, high) = (0.9 * expected, 1.1 * expected);
        let axis = format!("runs[0].policy.eta=lin:{low}:{high}");
        let start = format!("[{x}, {y}]");
        let other = format!("start[0]=lin:{}:{}", x - 1.0, x + 1.0);
        let map = map(r#"{"name": "scalar-factorization"}"#, &start, low, 50_000, &axis, &other, Measure::Outcome);
        let columns = 400;
        let pixels = row(&map, columns, x);
        let beyond = edge(&map, &pixels, |pixel| !matches!(pixel.fate, Fate::Converged { .. }));
        assert!((beyond - expected).abs() <= (high - low) / columns as f64 + 1e-6, "({x}, {y}): {beyond}");
    }
}

/// Himmelblau: four minimizers, each found from beside it; and their sharpness.
#[test]
fn four_minimizers_and_their_sharpness() {
    let (x, y) = ("start[0]=lin:-5:5", "start[1]=lin:-5:5");
    let map = map(r#"{"name": "himmelblau"}"#, "[0, 0]", 0.01, 2_000, x, y, Measure::Sharpness);
    let points = [(3.1, 2.1), (-2.7, 3.0), (-3.8, -3.2), (3.5, -1.8)];
    let pixels = compute(&Plan::new(map), &points);
    for (pixel, sharpness) in pixels.iter().zip([82.284, 80.550, 133.786, 105.419]) {
        assert!(
            matches!(pixel.fate, Fate::Converged { .. }) && (pixel.sharpness - sharpness).abs() < 1e-3,
            "{pixel:?}"
        );
    }
}
