//! Networks against differences, closed forms and the dense spectrum.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use flatland_engine::experiment::Spec;
use flatland_engine::network::Part;
use flatland_engine::objective::{self, Objective};
use flatland_engine::{Descent, Experiment};
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

/// The parts of the gradient that belong to the layers, against central differences of the loss in
/// the layer's own weights: their error is about h² = 10⁻¹² beside a rounding of 10⁻¹⁰. Layers
/// stand one after the other, so that a wrong bound between two of them would show.
#[test]
fn gradients_of_the_layers_are_those_of_their_weights() {
    let document = r#"{"version":1,"objective":{"name":"network","data":{"name":"moons","samples":24},"hidden":[4,3,2]},
        "runs":[{"policy":{"name":"constant","eta":0.3}}],"steps":3,
        "columns":["layer_gradient1","layer_gradient2","layer_gradient3","layer_gradient4","layer_gradient5"]}"#;
    let experiment = Experiment::from_json(document).unwrap();
    let mut descent = Descent::new(&experiment, 0).unwrap();
    while descent.go_on() {
        let x = DVector::from_column_slice(descent.iterate());
        let h = 1e-6;
        let slope = |i: usize| {
            let at = |by: f64| {
                let mut moved = x.clone();
                moved[i] += by;
                descent.objective().value(&moved)
            };
            (at(h) - at(-h)) / (2.0 * h)
        };
        // Two inputs, then the hidden widths and two classes: weights and biases of each layer.
        let mut first = 0;
        let expected: Vec<f64> = [(2, 4), (4, 3), (3, 2), (2, 2)]
            .map(|(fan_in, fan_out)| {
                let range = first..first + fan_out * (fan_in + 1);
                first = range.end;
                range.map(|i| slope(i).powi(2)).sum::<f64>().sqrt()
            })
            .to_vec();
        assert_eq!(first, x.len());
        let found = descent.columns();
        for (layer, expected) in expected.iter().enumerate() {
            assert!((found[layer] - expected).abs() < 1e-8, "layer {}: {} for {expected}", layer + 1, found[layer]);
        }
        assert!(found[4].is_nan(), "there is no fifth layer");
        let all: f64 = found[..4].iter().map(|norm| norm * norm).sum();
        assert!((all.sqrt() / descent.record().gradient_norm - 1.0).abs() < 1e-14);
    }
}

/// The closed form of Eckart and Young (1936): a linear network through k units gives back at best
/// the k directions of the largest second moments, so that its least loss is the mean of the
/// others' eigenvalues, each divided by the number of outputs.
#[test]
fn a_linear_autoencoder_finds_the_principal_directions() {
    let document = r#"{"version":1,"objective":{"name":"network","data":{"name":"moons","samples":100,"noise":0.2},
        "targets":"inputs","hidden":[1],"activation":"linear","bias":false},
        "runs":[{"policy":{"name":"constant","eta":0.3}}],"steps":20000,"stop":{"gradient_norm":1e-10},
        "columns":["accuracy"]}"#;
    let mut descent = Descent::new(&Experiment::from_json(document).unwrap(), 0).unwrap();
    while descent.go_on() {}
    assert!(descent.columns()[0].is_nan(), "nothing is taken for a class");
    let samples = descent.objective().as_network().unwrap().samples(Part::Training).clone();
    assert_eq!(samples.targets, samples.inputs);
    let inputs = DMatrix::from_row_slice(2, samples.count, &samples.inputs);
    let moments = &inputs * inputs.transpose() / samples.count as f64;
    let least = moments.symmetric_eigenvalues().min() / 2.0;
    // At ‖∇f‖ = 10⁻¹⁰ the loss is flat to its square over a curvature of about 0.1.
    assert!((descent.record().loss / least - 1.0).abs() < 1e-12, "{} for {least}", descent.record().loss);
    let tied = format!("{:?}", descent.outcome());
    assert!(tied.contains("Converged"), "{tied}");
}

/// Cross-entropy has no meaning where the inputs are their own targets.
#[test]
fn an_autoencoder_has_no_classes() {
    let spec = Spec::new("network").with("data", moons()).with("targets", "inputs").with("loss", "cross-entropy");
    let error = objective::find("network").unwrap().build_with_seed(&spec, 0, 1).err().unwrap();
    assert!(error.field == "objective.loss" && error.remedy.contains("targets"), "{error}");
}
