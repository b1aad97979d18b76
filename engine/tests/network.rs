//! Networks against differences, closed forms and the dense spectrum.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use flatland_engine::experiment::Spec;
use flatland_engine::network::Part;
use flatland_engine::objective::{self, Objective};
use nalgebra::{DMatrix, DVector};

fn network(data: Spec, hidden: &[f64], activation: &str, loss: &str, has_bias: bool, seed: u64) -> Box<dyn Objective> {
    let spec = Spec::new("network")
        .with("data", data)
        .with("hidden", hidden.to_vec())
        .with("activation", activation)
        .with("loss", loss)
        .with("bias", has_bias)
        .with("initialization", Spec::new("pytorch").with("scale", 1.5));
    objective::find("network").unwrap().build_with_seed(&spec, 0, seed).unwrap()
}

fn moons() -> Spec {
    Spec::new("moons").with("samples", 24.0)
}

/// Small networks of every activation, loss and shape, with and without biases.
fn networks() -> Vec<(String, Box<dyn Objective>)> {
    let mut all = Vec::new();
    for activation in ["tanh", "relu", "gelu", "softplus", "linear"] {
        for loss in ["mean-squared-error", "half-mean-squared-error", "cross-entropy"] {
            for hidden in [&[][..], &[5.0], &[4.0, 3.0], &[3.0, 6.0, 2.0]] {
                for has_bias in [true, false] {
                    let name = format!("{activation} {loss} {hidden:?} {has_bias}");
                    all.push((name, network(moons(), hidden, activation, loss, has_bias, 7)));
                }
            }
        }
    }
    all
}

fn start(objective: &dyn Objective) -> DVector<f64> {
    objective.drawn_start().unwrap()
}

/// Central differences with h = 10⁻⁶: their own error is about h² = 10⁻¹², that of rounding 10⁻¹⁰.
/// A kink of a ReLU within h of a unit would show, and none is: the seed is fixed.
#[test]
fn gradients_and_products_are_those_of_the_loss() {
    let h = 1e-6;
    for (name, objective) in networks() {
        let x = start(objective.as_ref());
        let n = x.len();
        let gradient_at = |x: &DVector<f64>| {
            let mut gradient = DVector::zeros(n);
            objective.gradient(x, &mut gradient);
            gradient
        };
        let gradient = gradient_at(&x);
        let direction = DVector::from_fn(n, |i, _| libm::sin(1.0 + i as f64));
        let mut product = DVector::zeros(n);
        objective.hessian_vector_product(&x, &direction, &mut product);
        for i in 0..n {
            let mut unit = DVector::zeros(n);
            unit[i] = h;
            let difference = (objective.value(&(&x + &unit)) - objective.value(&(&x - &unit))) / (2.0 * h);
            assert!((gradient[i] - difference).abs() < 1e-8, "{name}: ∂{i} {} {difference}", gradient[i]);
        }
        let difference = (gradient_at(&(&x + &direction * h)) - gradient_at(&(&x - &direction * h))) / (2.0 * h);
        assert!((&product - &difference).amax() < 1e-8, "{name}: Hv differs by {:e}", (&product - &difference).amax());
    }
}

/// vᵀHw = wᵀHv up to rounding.
#[test]
fn products_are_those_of_a_symmetric_matrix() {
    for (name, objective) in networks() {
        let x = start(objective.as_ref());
        let n = x.len();
        let vectors = [0.3, 1.7].map(|shift| DVector::from_fn(n, |i, _| libm::sin(shift * (1.0 + i as f64))));
        let [forth, back] = [0, 1].map(|i| {
            let mut product = DVector::zeros(n);
            objective.hessian_vector_product(&x, &vectors[i], &mut product);
            product.dot(&vectors[1 - i])
        });
        assert!((forth - back).abs() < 1e-12 * (1.0 + forth.abs()), "{name}: {forth} {back}");
    }
}

/// The block of the last layer's biases is (2/K)·I, and λ₁ ≥ 2/K, at random parameters of every
/// activation (Galli et al., 2026, arXiv 2606.06722): to rounding.
#[test]
fn with_a_bias_at_the_output_no_sharpness_is_below_two_over_k() {
    for activation in ["tanh", "relu", "gelu", "softplus", "linear"] {
        for seed in 0..8 {
            let objective = network(moons(), &[4.0, 3.0], activation, "mean-squared-error", true, seed);
            let network = objective.as_network().unwrap();
            assert_eq!(network.sharpness_floor(), Some(1.0));
            // Beyond the start too.
            let x = start(objective.as_ref()) * (0.1 + seed as f64);
            let n = x.len();
            let mut hessian = DMatrix::zeros(n, n);
            objective.hessian(&x, &mut hessian);
            let block = hessian.view((n - 2, n - 2), (2, 2));
            assert!((block - DMatrix::<f64>::identity(2, 2)).amax() < 1e-15, "{activation} {seed}: {block}");
            assert!(hessian.symmetric_eigenvalues().max() >= 1.0 - 1e-14);
        }
    }
    let bare = network(moons(), &[4.0], "relu", "mean-squared-error", false, 0);
    assert_eq!(bare.as_network().unwrap().sharpness_floor(), None);
}

/// One linear layer without hidden units is least squares: its Hessian is (2/(nK))·Σ ũũᵀ for each
/// output, with ũ the inputs and a 1.
#[test]
fn without_hidden_layers_it_is_least_squares() {
    let objective = network(moons(), &[], "tanh", "mean-squared-error", true, 3);
    let data = objective.as_network().unwrap().data();
    let samples = data.train.count;
    let x = start(objective.as_ref());
    let mut hessian = DMatrix::zeros(6, 6);
    objective.hessian(&x, &mut hessian);
    let input = |feature: usize, s: usize| if feature < 2 { data.train.inputs[feature * samples + s] } else { 1.0 };
    // In x: W₁₁, W₁₂, W₂₁, W₂₂, b₁, b₂.
    let place = |output: usize, feature: usize| if feature < 2 { 2 * output + feature } else { 4 + output };
    for output in 0..2 {
        for i in 0..3 {
            for j in 0..3 {
                let expected = (0..samples).map(|s| input(i, s) * input(j, s)).sum::<f64>() / samples as f64;
                assert!((hessian[(place(output, i), place(output, j))] - expected).abs() < 1e-14);
                assert_eq!(hessian[(place(0, i), place(1, j))], 0.0);
            }
        }
    }
}

/// What is known at a point does not depend on what was asked before.
#[test]
fn answers_do_not_depend_on_the_order_of_questions() {
    for (name, objective) in networks() {
        let x = start(objective.as_ref());
        let (other, n) = (&x * 1.1, x.len());
        let ask = |order: &[u8]| {
            let (mut gradient, mut product) = (DVector::zeros(n), DVector::zeros(n));
            let mut value = f64::NAN;
            for question in order {
                match question {
                    0 => value = objective.value(&x),
                    1 => objective.gradient(&x, &mut gradient),
                    2 => objective.hessian_vector_product(&x, &other, &mut product),
                    _ => drop(objective.value(&other)),
                }
            }
            (value, gradient, product)
        };
        let expected = ask(&[0, 1, 2]);
        for order in [&[2, 1, 0][..], &[1, 3, 2, 3, 0], &[3, 0, 3, 2, 1], &[0, 2, 2, 1, 1]] {
            assert_eq!(ask(order), expected, "{name} {order:?}");
        }
    }
}

/// At the samples, with more of them than are taken at once, to the last bit; and anywhere, by
/// hand, for a network without hidden layers. Three roundings leave less than 10⁻¹⁵ of numbers
/// below 2.
#[test]
fn a_network_responds_to_inputs_that_are_no_samples() {
    let many = network(Spec::new("moons").with("samples", 601.0), &[5.0, 4.0], "tanh", "cross-entropy", true, 3);
    for objective in networks().into_iter().map(|(_, objective)| objective).chain([many]) {
        let (x, network) = (start(objective.as_ref()), objective.as_network().unwrap());
        for part in [Part::Training, Part::Test] {
            let samples = network.samples(part);
            let found = network.respond(x.as_slice(), &samples.inputs, samples.count);
            let expected = network.outputs(&x, part);
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
    let plain = network(moons(), &[], "tanh", "mean-squared-error", true, 7);
    // W = (1, −2; 0.5, 0.25), b = (0.1, −0.3).
    let x = [1.0, -2.0, 0.5, 0.25, 0.1, -0.3];
    let plain = plain.as_network().unwrap();
    let found = plain.respond(&x, &[0.3, 0.5, -0.1, 0.2], 2);
    for (found, expected) in found.iter().zip([0.6, 0.2, -0.175, 0.0]) {
        assert!((found - expected).abs() < 1e-15, "{found} {expected}");
    }
    assert!(plain.respond(&x[1..], &[0.3, 0.5], 1).iter().all(|y| y.is_nan()));
    // The second input is missing.
    assert!(plain.respond(&x, &[0.3], 1).iter().all(|y| y.is_nan()));
    assert!(plain.respond(&x, &[], 0).is_empty());
}
