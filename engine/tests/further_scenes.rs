//! Scenes of the page beyond those of the paper: their end states, as the page says them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use flatland_engine::data::shelf;
use flatland_engine::network::Part;
use flatland_engine::{Descent, Experiment};
use nalgebra::DMatrix;

const DIGITS: &[u8] = include_bytes!("../../static/data/digits.csv.gz");

/// A run that is over; λ₁ is found now and then, and at the last step.
fn end_of(document: &str, run: usize) -> Descent {
    shelf::put("digits", DIGITS.to_vec()).unwrap();
    let mut descent = Descent::new(&Experiment::from_json(document).unwrap(), run).unwrap();
    while descent.go_on() {}
    descent
}

/// Two hidden layers of tanh: nobody falls into Flatland (λ₁ = 0.2). The monotone search sharpens,
/// the nonmonotone one comes down, the constant step sits near its edge, 2/η = 1; all of them learn.
#[test]
fn a_tanh_network_stays_out_of_flatland() {
    for seed in 0..2 {
        let document = format!(
            r#"{{"version":1,"objective":{{"name":"network","data":{{"name":"digits"}},"hidden":[64,64]}},
                "runs":[{{"policy":{{"name":"line-search"}}}},{{"policy":{{"name":"nonmonotone-line-search"}}}},
                        {{"policy":{{"name":"constant","eta":2}}}}],
                "steps":600,"seed":{seed},"spectrum":{{"every":600}},"columns":["test_accuracy"]}}"#
        );
        for (run, low, high) in [(0, 4.5, 6.0), (1, 0.3, 1.0), (2, 1.0, 1.3)] {
            let end = end_of(&document, run);
            let (record, test) = (end.record(), end.columns()[0]);
            let sharpness = record.sharpness;
            assert!((low..high).contains(&sharpness), "seed {seed}, run {run}: λ₁ = {sharpness}");
            assert!(record.loss < 0.025 && test > 0.92, "seed {seed}, run {run}: {}, {test}", record.loss);
        }
    }
}

/// A linear network through k = 8 units learns the k principal directions of its data, with the
/// least loss of Eckart and Young (1936): the mean of the other eigenvalues' sum over K = 64
/// outputs. Several weights do it, and CDAT finds some that are half as sharp as the constant
/// step's.
#[test]
fn an_autoencoder_finds_the_principal_directions_sharp_or_flat() {
    let document = r#"{"version":1,"objective":{"name":"network","data":{"name":"digits","samples":200},
        "targets":"inputs","hidden":[8],"activation":"linear","bias":false},
        "runs":[{"policy":{"name":"constant","eta":0.4}},{"policy":{"name":"cdat"}}],"steps":2000,
        "spectrum":{"every":2000}}"#;
    let runs = [0, 1].map(|run| end_of(document, run));
    let network = runs[0].objective().as_network().unwrap();
    let samples = network.samples(Part::Training);
    let inputs = DMatrix::from_row_slice(64, samples.count, &samples.inputs);
    let moments = &inputs * inputs.transpose() / samples.count as f64;
    let mut eigenvalues: Vec<f64> = moments.symmetric_eigenvalues().iter().copied().collect();
    eigenvalues.sort_by(f64::total_cmp);
    let least = eigenvalues[..64 - 8].iter().sum::<f64>() / 64.0;
    for run in &runs {
        let excess = run.record().loss / least - 1.0;
        assert!((0.0..0.005).contains(&excess), "{} above {least}", run.record().loss);
    }
    let [constant, cdat] = runs.map(|run| run.record().sharpness);
    assert!((4.4..4.8).contains(&constant) && (1.9..2.5).contains(&cdat), "{constant} {cdat}");
}
