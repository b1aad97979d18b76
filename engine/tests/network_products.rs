//! Gradients and Hessian-vector products of tiny networks against differences of their losses in 77
//! digits.
//!
//! The forward pass is written once more, sample by sample, by the definitions alone.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use astro_float::{BigFloat, Consts, RoundingMode};
use flatland_engine::data::Samples;
use flatland_engine::experiment::Spec;
use flatland_engine::network::{Activation, Loss, Network};
use flatland_engine::objective;
use nalgebra::DVector;

/// Bits: 77 decimal digits.
const DIGITS: usize = 256;
const ROUND: RoundingMode = RoundingMode::ToEven;

fn big(value: f64) -> BigFloat {
    BigFloat::from_f64(value, DIGITS)
}

fn sum(terms: impl IntoIterator<Item = BigFloat>) -> BigFloat {
    terms.into_iter().fold(big(0.0), |sum, term| sum.add(&term, DIGITS, ROUND))
}

fn product(a: &BigFloat, b: &BigFloat) -> BigFloat {
    a.mul(b, DIGITS, ROUND)
}

fn exponential(x: &BigFloat, constants: &mut Consts) -> BigFloat {
    x.exp(DIGITS, ROUND, constants)
}

/// The loss of a network of two layers at x: W₁ row after row, b₁, W₂, b₂.
fn loss(network: &Network, x: &[BigFloat], constants: &mut Consts) -> BigFloat {
    let architecture = network.architecture();
    let widths = [0, 1, 2].map(|l| architecture.layers.width(l));
    let Samples { count, inputs, targets, .. } = &network.data().train;
    let (first, second) = x.split_at(widths[1] * (widths[0] + 1));
    let affine = |parameters: &[BigFloat], a: &[BigFloat], width: usize| -> Vec<BigFloat> {
        let (weights, biases) = parameters.split_at(width * a.len());
        let row = |i: usize| sum(weights[i * a.len()..][..a.len()].iter().zip(a).map(|(w, a)| product(w, a)));
        (0..width).map(|i| row(i).add(&biases[i], DIGITS, ROUND)).collect()
    };
    let mut total = big(0.0);
    for s in 0..*count {
        let input: Vec<BigFloat> = (0..widths[0]).map(|i| big(inputs[i * count + s])).collect();
        let mut hidden = affine(first, &input, widths[1]);
        for z in &mut hidden {
            *z = match architecture.activation {
                Activation::Tanh => z.tanh(DIGITS, ROUND, constants),
                Activation::Softplus => {
                    exponential(z, constants).add(&big(1.0), DIGITS, ROUND).ln(DIGITS, ROUND, constants)
                }
                other => panic!("{other:?} is not written here"),
            };
        }
        let outputs = affine(second, &hidden, widths[2]);
        let target = |k: usize| big(targets[k * count + s]);
        let own = match architecture.loss {
            Loss::MeanSquaredError | Loss::HalfMeanSquaredError => sum(outputs.iter().enumerate().map(|(k, y)| {
                let error = y.sub(&target(k), DIGITS, ROUND);
                product(&error, &error)
            })),
            Loss::CrossEntropy => {
                let all = sum(outputs.iter().map(|y| exponential(y, constants))).ln(DIGITS, ROUND, constants);
                all.sub(&sum(outputs.iter().enumerate().map(|(k, y)| product(y, &target(k)))), DIGITS, ROUND)
            }
        };
        total = total.add(&own, DIGITS, ROUND);
    }
    let parts = match architecture.loss {
        Loss::MeanSquaredError => *count * widths[2],
        Loss::HalfMeanSquaredError => 2 * *count,
        Loss::CrossEntropy => *count,
    };
    total.div(&big(parts as f64), DIGITS, ROUND)
}

/// A network of 2, 3 and 2 units on four points; its 17 parameters are away from 0.
fn network(activation: &str, loss: &str) -> Spec {
    Spec::new("network")
        .with("data", Spec::new("moons").with("samples", 4.0))
        .with("hidden", vec![3.0])
        .with("activation", activation)
        .with("loss", loss)
        .with("initialization", Spec::new("pytorch").with("scale", 1.5))
}

/// Central differences with h = 2⁻⁷⁰ err by about h² = 10⁻⁴² and by rounding, 10⁻⁷⁷ over h² =
/// 10⁻³⁵: nothing beside double precision. There, a sum over 4 samples of some ten terms each loses
/// at most 40 roundings of 1.1·10⁻¹⁶, on the way forward and back.
const TOLERANCE: f64 = 1e-13;

#[test]
fn gradients_and_products_are_differences_in_77_digits() {
    let mut constants = Consts::new().unwrap();
    let h = 2.0_f64.powi(-70);
    let number = |big: BigFloat| big.to_string().parse::<f64>().unwrap();
    for activation in ["tanh", "softplus"] {
        for kind in Loss::NAMES {
            let objective = objective::find("network").unwrap();
            let objective = objective.build_with_seed(&network(activation, kind), 0, 4).unwrap();
            let of = objective.as_network().unwrap();
            let x = objective.drawn_start().unwrap();
            let n = x.len();
            assert_eq!(n, 17);
            let v = DVector::from_fn(n, |i, _| libm::cos(2.0 + 3.0 * i as f64));
            // At x + h·(a·eᵢ + b·v).
            let mut at = |i: usize, a: f64, b: f64| {
                let moved: Vec<BigFloat> = (0..n)
                    .map(|j| {
                        let unit = big(if i == j { h * a } else { 0.0 });
                        sum([big(x[j]), unit, product(&big(h * b), &big(v[j]))])
                    })
                    .collect();
                loss(of, &moved, &mut constants)
            };
            let value = number(at(0, 0.0, 0.0));
            let (mut slopes, mut bends) = (DVector::zeros(n), DVector::zeros(n));
            for i in 0..n {
                let [up, down] = [1.0, -1.0].map(|sign| at(i, sign, 0.0));
                slopes[i] = number(up.sub(&down, DIGITS, ROUND)) / (2.0 * h);
                let [same, opposite] = [1.0, -1.0].map(|sign| at(i, 1.0, sign).add(&at(i, -1.0, -sign), DIGITS, ROUND));
                bends[i] = number(same.sub(&opposite, DIGITS, ROUND)) / (4.0 * h * h);
            }
            let (mut gradient, mut along) = (DVector::zeros(n), DVector::zeros(n));
            objective.gradient(&x, &mut gradient);
            objective.hessian_vector_product(&x, &v, &mut along);
            let errors = [
                (objective.value(&x) - value).abs() / value,
                (gradient - &slopes).norm() / slopes.norm(),
                (along - &bends).norm() / bends.norm(),
            ];
            assert!(errors.iter().all(|error| *error < TOLERANCE), "{activation} {kind}: {errors:?}");
        }
    }
}
