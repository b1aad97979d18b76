//! Maps over runs of networks: each pixel is the engine's own run.
#![allow(missing_docs)]

use flatland_atlas::{Axis, Fate, Map, Measure, Plan, Way, compute};
use flatland_engine::{Descent, Experiment};

fn experiment(seed: u64, width: usize, eta: f64) -> Experiment {
    let json = format!(
        r#"{{"version": 1, "seed": {seed}, "steps": 12, "runs": [{{"policy": {{"name": "constant", "eta": {eta}}}}}],
            "objective": {{"name": "network", "data": {{"name": "moons", "samples": 30}}, "hidden": [{width}, 8],
            "loss": "cross-entropy"}}}}"#
    );
    Experiment::from_json(&json).expect("valid")
}

fn map(x: &str, y: &str, measure: Measure) -> Map {
    let [x, y] = [x, y].map(|text| Axis::parse(text).expect("an axis"));
    Map::new(&experiment(0, 5, 0.5), 0, x, y, measure).expect("a map")
}

/// The last loss and sharpness, and the accuracy on the test samples.
fn end(experiment: &Experiment) -> [f64; 3] {
    let mut descent = Descent::new(experiment, 0).expect("valid");
    let mut last = [f64::NAN; 3];
    while let Some(record) = descent.advance() {
        [last[0], last[1]] = [record.loss, record.sharpness];
    }
    let network = descent.objective().as_network().expect("a network");
    let point = nalgebra::DVector::from_column_slice(descent.iterate());
    last[2] = network.accuracy(&point, flatland_engine::network::Part::Test);
    last
}

/// Step sizes across and seeds, or widths of the first layer, upwards: 2·5 + 5 + 5·8 + 8 + 8·2 + 2
/// = 81 parameters are more than the dense Hessian's 64. Losses are those of the run itself; λ₁ is
/// found by products from another start than along the run, to a residual of 10⁻³·λ₁.
#[test]
fn pixels_are_the_runs_of_the_engine() {
    let eta = "runs[0].policy.eta=lin:0.25:0.75";
    for (y, of) in [
        ("seed=lin:0:2", (|row| experiment(row as u64, 5, 0.375)) as fn(usize) -> Experiment),
        ("objective.hidden[0]=lin:5:7", |row| experiment(0, 5 + row, 0.375)),
    ] {
        for (place, measure) in [Measure::Loss, Measure::Sharpness, Measure::Accuracy].into_iter().enumerate() {
            let plan = Plan::new(map(eta, y, measure));
            assert!(matches!(&plan.way, Way::Engine(reason) if reason.contains("by the engine alone")));
            // The first of two columns, 0.375, and the middles of three rows, which round to whole numbers.
            let points: Vec<_> = (0..3).map(|row| (plan.map.x.at_pixel(0, 2), plan.map.y.at_pixel(row, 3))).collect();
            for (row, pixel) in compute(&plan, &points).iter().enumerate() {
                let expected = end(&of(row))[place];
                let found = [pixel.loss, pixel.sharpness, pixel.accuracy][place];
                let tolerance = if measure == Measure::Sharpness { 1e-3 * expected } else { 0.0 };
                assert!((found - expected).abs() <= tolerance, "{y}, {measure:?}, {row}: {found}, not {expected}");
                assert_eq!(pixel.fate, Fate::Unsettled);
            }
        }
    }
}

/// Weights that the document lists are those of the drawn start, under a policy whose orbit would
/// get a second look elsewhere.
#[test]
fn a_network_whose_start_is_listed_has_the_same_map() {
    let drawn = experiment(4, 5, 0.375);
    let start = drawn.build_objective().expect("valid").drawn_start().expect("a start").as_slice().to_vec();
    let listed = Experiment { start, ..drawn.clone() };
    let [x, y] = ["runs[0].policy.eta=lin:0.25:20", "spectrum.tolerance=lin:0.001:0.1"]
        .map(|text| Axis::parse(text).expect("an axis"));
    let of = |experiment: &Experiment| {
        let map = Map::new(experiment, 0, x.clone(), y.clone(), Measure::Loss).expect("a map");
        let points = [(0.375, 0.01), (8.0, 0.01), (20.0, 0.01)];
        compute(&Plan::new(map), &points).iter().map(|pixel| (pixel.fate, pixel.loss)).collect::<Vec<_>>()
    };
    assert_eq!(of(&listed), of(&drawn));
}

#[test]
fn what_a_network_has_no_map_of_is_said_by_name() {
    let new = |x: &str, measure| {
        let [x, y] = [x, "runs[0].policy.eta=lin:0.2:0.8"].map(|text| Axis::parse(text).expect("an axis"));
        Map::new(&experiment(0, 5, 0.5), 0, x, y, measure).expect_err("no map").to_string()
    };
    assert!(new("seed=lin:0:3", Measure::Minimizer).contains("named variables"));
    assert!(new("start[0]=lin:0:3", Measure::Loss).contains("start[0]: expected a numeric field"));
    assert!(new("steps=lin:10:99", Measure::Loss).contains("whole"));
    // 10 000 units · 30 samples fit, 10 000·10 000 weights do not.
    let error = new("objective.hidden[1]=lin:1000:10001", Measure::Loss);
    assert!(error.starts_with("objective.hidden[1]: expected a number"), "{error}");
}

#[test]
fn a_layer_that_is_too_large_somewhere_is_no_map() {
    let wide = Experiment::from_json(
        r#"{"version": 1, "runs": [{"policy": {"name": "constant"}}],
            "objective": {"name": "network", "hidden": [1000, 10]}}"#,
    )
    .expect("valid");
    let [x, y] = ["objective.hidden[1]=log:10:10000", "seed=lin:0:3"].map(|text| Axis::parse(text).expect("an axis"));
    let error = Map::new(&wide, 0, x, y, Measure::Loss).expect_err("ten million weights").to_string();
    assert!(error.contains("objective.hidden: expected at most 1000000 parameters"), "{error}");
}
