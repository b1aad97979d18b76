//! A small network at the edge of stability: the sharpness rises to 2/η and stays there.
//!
//! Cohen et al., 2021, arXiv 2103.00065. T₆ at 20 points, 1-30-20-1 tanh with 701 parameters, half
//! the mean squared error, a constant step η = 0.2, so that 2/η = 10; weights normal with gain 1,
//! biases 0.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use flatland_engine::{Descent, Experiment};

const EDGE: f64 = 10.0;

/// λ₁/10 at every `every`th step, beginning with the start.
fn run(seed: u64, steps: u64, every: u64) -> Vec<f64> {
    let document = format!(
        r#"{{"version":1,"objective":{{"name":"network","data":{{"name":"chebyshev","degree":6}},
            "loss":"half-mean-squared-error","initialization":{{"name":"normal"}}}},
            "runs":[{{"policy":{{"name":"constant","eta":0.2}}}}],"steps":{steps},"seed":{seed},
            "spectrum":{{"every":{every}}}}}"#
    );
    let mut descent = Descent::new(&Experiment::from_json(&document).unwrap(), 0).unwrap();
    assert_eq!(descent.iterate().len(), 701);
    let mut all = Vec::new();
    while let Some(record) = descent.advance() {
        if record.step.is_multiple_of(every) {
            all.push(record.sharpness / EDGE);
        }
    }
    assert_eq!(all.len() as u64, steps / every + 1);
    all
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Seed 3 begins at λ₁ = 5.15 and crosses 2/η at step 462; the mean of λ₁ over the steps 1500 to
/// 3000 is 1.0035·2/η, and it stays between 0.964 and 1.042.
#[test]
fn the_sharpness_rises_to_the_edge_and_stays() {
    let sharpness = run(3, 3000, 1);
    let crossed = sharpness.iter().position(|value| *value > 1.0);
    assert!(crossed.is_some_and(|step| (400..=500).contains(&step)), "{crossed:?}");
    // Progressive sharpening: no more than half of it there at first.
    assert!(sharpness[0] < 0.6, "{}", sharpness[0]);
    let plateau = &sharpness[1500..];
    assert!((mean(plateau) - 1.0).abs() < 0.02, "{}", mean(plateau));
    assert!(plateau.iter().all(|value| (value - 1.0).abs() < 0.1));
}

/// For all seeds from 0 to 4, at every fifth step. Wherever they begin, at 4.3 to 10.2, the means
/// over the steps 1500 to 10 000 are 1.0039, 1.0079, 1.0034, 1.0019 and 1.0062 times 2/η; the
/// published one is 1.00 to 1.01. Seed 1 crosses last, at step 1422.
#[test]
fn every_seed_has_its_plateau_at_the_edge() {
    for seed in 0..5 {
        let plateau = mean(&run(seed, 10_000, 5)[300..]);
        assert!((plateau - 1.0).abs() < 0.01, "seed {seed}: {plateau}");
    }
}
