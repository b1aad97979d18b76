//! Logistic regression (1/n) Σ log(1 + exp(−zᵢᵀw)) on signed points zᵢ = ±(features), without a
//! bias.

use std::cmp::Ordering;

use nalgebra::{DMatrix, DVector};

use super::{Build, DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, MAX_DIMENSION, Objective, Value};
use crate::spec::{Bounds, Description, Parameter, ParameterKind};
use crate::vector::dot;

/// Updates of the perceptron after which the points count as not separable.
const MAX_UPDATES: usize = 10_000;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "logistic",
        title: "Logistic regression",
        short: "logistic",
        latex: Description::tex(r"f(w) = \frac1n \sum_{i=1}^n \log\bigl(1 + e^{-z_i^\top w}\bigr)"),
        summary: "Where a line separates the points the infimum 0 lies at infinity and the sharpness falls to 0: after a \
                  few increases of the loss any constant step becomes stable, and the largest wins.",
        source: "Wu et al., 2024, arXiv 2402.15926",
        parameters: &[Parameter {
            key: "points",
            symbol: "z",
            help: "the points times their labels ±1, one coordinate after the other",
            order: None,
            kind: ParameterKind::Numbers { default: &[4.0, 0.5, -3.0, 0.5], bounds: Bounds::ANY, max_length: 1000 },
        }],
    },
    dimension: Dimension::Dividing { parameter: "points", max: MAX_DIMENSION },
    default_start: &[0.0, 0.0],
    view: [-3.0, 3.0, -2.0, 12.0],
    constant_step: 4.0,
    build: Build::Direct(|spec, dimension| Box::new(Logistic::new(spec.numbers("points"), dimension))),
};

struct Logistic {
    points: Vec<f64>,
    dimension: usize,
    is_separable: bool,
}

impl Logistic {
    fn new(points: &[f64], dimension: usize) -> Self {
        Self { points: points.to_vec(), dimension, is_separable: is_separable(points, dimension) }
    }

    /// Calls `each(zᵢ, zᵢᵀw)` for every i and returns 1/n.
    fn for_each(&self, w: &DVector<f64>, mut each: impl FnMut(&[f64], f64)) -> f64 {
        let points = self.points.chunks_exact(self.dimension);
        let weight = 1.0 / points.len() as f64;
        for z in points {
            each(z, dot(z, w.as_slice()));
        }
        weight
    }
}

/// Whether some w has zᵢᵀw > 0 for all i, by Rosenblatt's perceptron; a very narrow margin is not
/// found.
fn is_separable(points: &[f64], dimension: usize) -> bool {
    let mut w = vec![0.0; dimension];
    for _ in 0..MAX_UPDATES {
        let wrong = points.chunks_exact(dimension).find(|z| dot(*z, &w).partial_cmp(&0.0) != Some(Ordering::Greater));
        let Some(z) = wrong else {
            return true;
        };
        w.iter_mut().zip(z).for_each(|(w, z)| *w += z);
    }
    false
}

/// 1/(1 + exp s), without an overflow at either end.
fn falling_sigmoid(s: f64) -> f64 {
    if s > 0.0 {
        let small = libm::exp(-s);
        small / (1.0 + small)
    } else {
        1.0 / (1.0 + libm::exp(s))
    }
}

/// log(1 + exp(−s)).
fn loss(s: f64) -> f64 {
    if s > 0.0 { libm::log1p(libm::exp(-s)) } else { libm::log1p(libm::exp(s)) - s }
}

/// The second derivative of the loss.
fn curvature(s: f64) -> f64 {
    falling_sigmoid(s) * falling_sigmoid(-s)
}

impl Value for Logistic {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, w: &DVector<f64>) -> f64 {
        let mut sum = 0.0;
        let weight = self.for_each(w, |_, s| sum += loss(s));
        weight * sum
    }
}

impl Gradient for Logistic {
    fn gradient(&self, w: &DVector<f64>, gradient: &mut DVector<f64>) {
        gradient.fill(0.0);
        let weight = self.for_each(w, |z, s| {
            let slope = falling_sigmoid(s);
            gradient.iter_mut().zip(z).for_each(|(gradient, z)| *gradient -= slope * z);
        });
        *gradient *= weight;
    }
}

impl HessianVectorProduct for Logistic {
    fn hessian_vector_product(&self, w: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        product.fill(0.0);
        let weight = self.for_each(w, |z, s| {
            let along = curvature(s) * dot(z, v.as_slice());
            product.iter_mut().zip(z).for_each(|(product, z)| *product += along * z);
        });
        *product *= weight;
    }
}

impl DenseHessian for Logistic {
    fn hessian(&self, w: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        hessian.fill(0.0);
        let weight = self.for_each(w, |z, s| {
            let curvature = curvature(s);
            for (j, zj) in z.iter().enumerate() {
                for (i, zi) in z.iter().enumerate() {
                    hessian[(i, j)] += curvature * (zi * zj);
                }
            }
        });
        *hessian *= weight;
    }
}

impl Objective for Logistic {
    fn minimum(&self) -> Option<f64> {
        self.is_separable.then_some(0.0)
    }

    /// A known infimum is attained nowhere.
    fn flattest_sharpness(&self) -> Option<f64> {
        None
    }
}
