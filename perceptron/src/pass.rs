//! The passes through a network at one point x, each done once and kept: forward to the loss,
//! backward to the gradient (Rumelhart, Hinton & Williams, 1986), and both once more along a
//! direction to the Hessian's product with it (Pearlmutter, 1994: the R-operator), exact and
//! without differences.
//!
//! With a₀ the inputs, zₗ = Wₗaₗ₋₁ + bₗ, aₗ = φ(zₗ) and y = z_L, all matrices have a row for each
//! unit and a column for each sample. Backward, δ_L = ∂loss/∂y, eₗ = Wₗ₊₁ᵀδₗ₊₁ and δₗ = eₗ∘φ′(zₗ);
//! then ∂loss/∂Wₗ = δₗaₗ₋₁ᵀ and ∂loss/∂bₗ the sum of δₗ over the samples.

use crate::Batch;
use crate::activation::Activation;
use crate::kernel::{add_product, transpose};
use crate::layers::Layers;
use crate::loss::Loss;

/// How far the passes have come at the point that they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Nothing,
    Outputs,
    Gradient,
    Curvature,
}

/// What is known of one layer at the point.
#[derive(Clone, Default)]
struct Known {
    /// z, the layer's units before the activation.
    inputs: Vec<f64>,

    /// a = φ(z); empty for the last layer.
    values: Vec<f64>,

    /// aᵀ, samples × units; for the last layer empty.
    transposed: Vec<f64>,

    /// φ′(z).
    slopes: Vec<f64>,

    /// δ.
    errors: Vec<f64>,

    /// e∘φ″(z), by which δ changes with z alone.
    bends: Vec<f64>,
}

/// One layer's units along a direction: R{z}, R{a}, its transpose and R{δ}.
#[derive(Clone, Default)]
struct Along {
    inputs: Vec<f64>,
    values: Vec<f64>,
    transposed: Vec<f64>,
    errors: Vec<f64>,
}

/// The passes over one set of samples, with room for their results.
#[derive(Clone)]
pub struct Passes {
    layers: Layers,
    activation: Activation,
    loss: Loss,

    /// The samples' inputs, transposed: samples × features.
    transposed: Vec<f64>,

    /// The point of what is known.
    x: Vec<f64>,
    reached: Reached,
    value: f64,
    gradient: Vec<f64>,
    probabilities: Vec<f64>,
    known: Vec<Known>,
    along: Vec<Along>,

    /// Room for the transpose of a layer's weights.
    weights: Vec<f64>,
}

impl Passes {
    /// Of a network over `samples`, whose shape its layers fit; all other calls are given the same.
    pub fn new(layers: &Layers, activation: Activation, loss: Loss, samples: Batch<'_>) -> Self {
        let mut transposed = vec![0.0; samples.inputs.len()];
        transpose(samples.inputs, layers.width(0), samples.count, &mut transposed);
        let count = layers.count();
        Self {
            layers: layers.clone(),
            activation,
            loss,
            transposed,
            x: vec![f64::NAN; layers.parameters()],
            reached: Reached::Nothing,
            value: f64::NAN,
            gradient: Vec::new(),
            probabilities: Vec::new(),
            known: vec![Known::default(); count],
            along: vec![Along::default(); count],
            weights: Vec::new(),
        }
    }

    /// y at x, outputs × samples.
    pub fn outputs(&mut self, x: &[f64], samples: Batch<'_>) -> &[f64] {
        self.go_forward(x, samples);
        self.known.last().map_or(&[], |last| &last.inputs)
    }

    /// a of layer l = 1…L − 1 at x, units × samples.
    pub fn hidden(&mut self, x: &[f64], samples: Batch<'_>, l: usize) -> &[f64] {
        self.go_forward(x, samples);
        &self.known[l - 1].values
    }

    /// The loss at x.
    pub fn value(&mut self, x: &[f64], samples: Batch<'_>) -> f64 {
        self.go_forward(x, samples);
        self.value
    }

    /// The gradient at x.
    pub fn gradient(&mut self, x: &[f64], samples: Batch<'_>) -> &[f64] {
        self.go_backward(x, samples);
        &self.gradient
    }

    /// Whether what is known is known at x, and this much of it.
    fn has(&self, x: &[f64], reached: Reached) -> bool {
        // By their bits: a point that is not a number is itself.
        self.reached >= reached && self.x.iter().zip(x).all(|(a, b)| a.to_bits() == b.to_bits())
    }

    fn go_forward(&mut self, x: &[f64], samples: Batch<'_>) {
        if self.has(x, Reached::Outputs) {
            return;
        }
        self.x.copy_from_slice(x);
        let n = samples.count;
        for l in 1..=self.layers.count() {
            let (before, rest) = self.known.split_at_mut(l - 1);
            let values = before.last().map_or(samples.inputs, |before| &before.values);
            let known = &mut rest[0];
            put_biases(&x[self.layers.biases(l)], self.layers.width(l), n, &mut known.inputs);
            let (inner, weights) = (self.layers.width(l - 1), self.layers.weights(l));
            add_product(&x[weights], values, &mut known.inputs, inner, n);
            if l < self.layers.count() {
                known.values.resize(known.inputs.len(), 0.0);
                self.activation.apply(&known.inputs, &mut known.values);
            }
        }
        let outputs = self.known.last().map_or(&[][..], |last| &last.inputs);
        self.value = self.loss.value(outputs, samples.targets, n);
        self.reached = Reached::Outputs;
    }

    fn go_backward(&mut self, x: &[f64], samples: Batch<'_>) {
        self.go_forward(x, samples);
        if self.reached >= Reached::Gradient {
            return;
        }
        let n = samples.count;
        self.gradient.clear();
        self.gradient.resize(self.layers.parameters(), 0.0);
        for l in 1..self.layers.count() {
            let known = &mut self.known[l - 1];
            known.transposed.resize(known.values.len(), 0.0);
            transpose(&known.values, self.layers.width(l), n, &mut known.transposed);
        }
        for l in (1..=self.layers.count()).rev() {
            let (before, rest) = self.known.split_at_mut(l);
            let known = &mut before[l - 1];
            known.errors.clear();
            known.errors.resize(known.inputs.len(), 0.0);
            if let Some(next) = rest.first() {
                let width = self.layers.width(l);
                let inner = self.layers.width(l + 1);
                self.weights.resize(width * inner, 0.0);
                transpose(&x[self.layers.weights(l + 1)], inner, width, &mut self.weights);
                add_product(&self.weights, &next.errors, &mut known.errors, inner, n);
                known.slopes.resize(known.inputs.len(), 0.0);
                self.activation.differentiate(&known.inputs, &known.values, &mut known.slopes);
                // e, for the curvature; δ = e∘φ′(z) stands beside it.
                known.bends.clone_from(&known.errors);
                multiply_each(&mut known.errors, &known.slopes);
            } else {
                let (errors, probabilities) = (&mut known.errors, &mut self.probabilities);
                self.loss.differentiate(&known.inputs, samples.targets, n, errors, probabilities);
            }
            let (head, tail) = self.known.split_at(l - 1);
            let inputs = head.last().map_or(&self.transposed, |before| &before.transposed);
            let (weights, biases) = (self.layers.weights(l), self.layers.biases(l));
            let width = self.layers.width(l - 1);
            add_gradient(&tail[0].errors, inputs, n, width, &mut self.gradient[weights]);
            add_rows(&tail[0].errors, n, &mut self.gradient[biases]);
        }
        self.reached = Reached::Gradient;
    }

    fn go_to_curvature(&mut self, x: &[f64], samples: Batch<'_>) {
        self.go_backward(x, samples);
        if self.reached >= Reached::Curvature {
            return;
        }
        let hidden = self.layers.count() - 1;
        let mut bends = Vec::new();
        for known in &mut self.known[..hidden] {
            bends.resize(known.inputs.len(), 0.0);
            self.activation.differentiate_twice(&known.inputs, &known.values, &mut bends);
            multiply_each(&mut known.bends, &bends);
        }
        self.reached = Reached::Curvature;
    }

    /// Fills `product` with ∇²loss(x)·v.
    pub fn hessian_vector_product(&mut self, x: &[f64], v: &[f64], samples: Batch<'_>, product: &mut [f64]) {
        self.go_to_curvature(x, samples);
        let (n, count) = (samples.count, self.layers.count());
        for l in 1..=count {
            let (before, rest) = self.along.split_at_mut(l - 1);
            let along = &mut rest[0];
            let (inner, weights) = (self.layers.width(l - 1), self.layers.weights(l));
            put_biases(&v[self.layers.biases(l)], self.layers.width(l), n, &mut along.inputs);
            let values = if l == 1 { samples.inputs } else { &self.known[l - 2].values };
            add_product(&v[weights.clone()], values, &mut along.inputs, inner, n);
            if let Some(before) = before.last() {
                add_product(&x[weights], &before.values, &mut along.inputs, inner, n);
            }
            if l < count {
                along.values.clone_from(&along.inputs);
                multiply_each(&mut along.values, &self.known[l - 1].slopes);
                along.transposed.resize(along.values.len(), 0.0);
                transpose(&along.values, self.layers.width(l), n, &mut along.transposed);
            }
        }
        product.fill(0.0);
        for l in (1..=count).rev() {
            let (before, rest) = self.along.split_at_mut(l);
            let (along, known) = (&mut before[l - 1], &self.known[l - 1]);
            if let Some(next) = rest.first() {
                let (width, weights) = (self.layers.width(l), self.layers.weights(l + 1));
                let inner = self.layers.width(l + 1);
                along.errors.clear();
                along.errors.resize(along.inputs.len(), 0.0);
                self.weights.resize(width * inner, 0.0);
                transpose(&x[weights.clone()], inner, width, &mut self.weights);
                add_product(&self.weights, &next.errors, &mut along.errors, inner, n);
                transpose(&v[weights], inner, width, &mut self.weights);
                add_product(&self.weights, &self.known[l].errors, &mut along.errors, inner, n);
                multiply_each(&mut along.errors, &known.slopes);
                if !self.activation.is_piecewise_linear() {
                    for ((error, bend), input) in along.errors.iter_mut().zip(&known.bends).zip(&along.inputs) {
                        *error += bend * input;
                    }
                }
            } else {
                along.errors.clone_from(&along.inputs);
                self.loss.bend(n, &self.probabilities, &mut along.errors);
            }
            let width = self.layers.width(l - 1);
            let (weights, biases) = (self.layers.weights(l), self.layers.biases(l));
            let inputs = if l == 1 { &self.transposed } else { &self.known[l - 2].transposed };
            add_gradient(&self.along[l - 1].errors, inputs, n, width, &mut product[weights.clone()]);
            if l > 1 {
                add_gradient(&self.known[l - 1].errors, &self.along[l - 2].transposed, n, width, &mut product[weights]);
            }
            add_rows(&self.along[l - 1].errors, n, &mut product[biases]);
        }
    }
}

/// The samples that [`respond`] takes at once: its memory depends on the widths alone.
const BLOCK: usize = 256;

/// y at x for `count` inputs that need not be samples, outputs × count; `inputs` are features ×
/// count. What is missing of them is NaN.
///
/// The same bits as those of [`Passes::outputs`], as each entry of a product is summed on its own.
pub fn respond(layers: &Layers, activation: Activation, x: &[f64], inputs: &[f64], count: usize) -> Vec<f64> {
    let last = layers.count();
    let mut outputs = vec![f64::NAN; layers.width(last) * count];
    for first in (0..count).step_by(BLOCK) {
        let n = BLOCK.min(count - first);
        let mut values = vec![f64::NAN; layers.width(0) * n];
        for (values, row) in values.chunks_exact_mut(n).zip(inputs.chunks_exact(count)) {
            values.copy_from_slice(&row[first..first + n]);
        }
        let mut sums = Vec::new();
        for l in 1..=last {
            put_biases(&x[layers.biases(l)], layers.width(l), n, &mut sums);
            add_product(&x[layers.weights(l)], &values, &mut sums, layers.width(l - 1), n);
            values.resize(sums.len(), 0.0);
            if l < last {
                activation.apply(&sums, &mut values);
            }
        }
        for (outputs, row) in outputs.chunks_exact_mut(count).zip(sums.chunks_exact(n)) {
            outputs[first..first + n].copy_from_slice(row);
        }
    }
    outputs
}

/// Fills `matrix`, units × samples, with each unit's bias in its row; with 0 where there is none.
fn put_biases(biases: &[f64], units: usize, samples: usize, matrix: &mut Vec<f64>) {
    matrix.resize(units * samples, 0.0);
    for (unit, row) in matrix.chunks_exact_mut(samples.max(1)).enumerate() {
        row.fill(biases.get(unit).copied().unwrap_or(0.0));
    }
}

/// Adds δaᵀ to a layer's weights; `transposed` is aᵀ with `width` columns.
fn add_gradient(errors: &[f64], transposed: &[f64], samples: usize, width: usize, weights: &mut [f64]) {
    add_product(errors, transposed, weights, samples, width);
}

/// Adds each row's sum to the bias of its unit; nothing where there are none.
fn add_rows(errors: &[f64], samples: usize, biases: &mut [f64]) {
    for (bias, row) in biases.iter_mut().zip(errors.chunks_exact(samples.max(1))) {
        for error in row {
            *bias += error;
        }
    }
}

fn multiply_each(matrix: &mut [f64], factors: &[f64]) {
    for (entry, factor) in matrix.iter_mut().zip(factors) {
        *entry *= factor;
    }
}
