//! Phase retrieval 1/(4n) Σ ((aᵢᵀx)² − (aᵢᵀx*)²)² with random measurements.

use nalgebra::{DMatrix, DVector};

use super::{Build, DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, MAX_DIMENSION, Objective, Value};
use crate::random::Random;
use crate::spec::{Bounds, Description, Parameter, Scale};
use crate::vector::dot;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "phase-retrieval",
        title: "Phase retrieval",
        short: "phase retr.",
        latex: Description::tex(r"f(x) = \tfrac1{4n} \sum_{i=1}^n \bigl((a_i^\top x)^2 - (a_i^\top x^*)^2\bigr)^2"),
        summary: "Finds x* = (1, 0, …) up to its sign from squared measurements along random directions. All minima are \
                  ±x* and equally sharp, about 6 for many measurements: no step beyond 2/λ₁ can settle.",
        source: "Candès, Li & Soltanolkotabi, 2014, arXiv 1407.1065; large steps as in Chen & Bruna, 2022, arXiv 2206.04172",
        parameters: &[
            Parameter::number(
                "measurements",
                "n",
                "how many measurements; a fraction is dropped",
                40.0,
                Bounds::closed(1.0, 1000.0),
                (2.0, 200.0),
                Scale::Log,
            ),
            Parameter::number(
                "data_seed",
                "seed",
                "each number draws its own Gaussian directions",
                0.0,
                Bounds::ANY,
                (0.0, 100.0),
                Scale::Linear,
            ),
        ],
    },
    dimension: Dimension::Any { max: MAX_DIMENSION },
    default_start: &[0.3, 1.0],
    view: [-1.6, 1.6, -1.6, 1.6],
    constant_step: 0.36,
    build: Build::Direct(|spec, dimension| {
        let mut random = Random::of_parameter(spec.number("data_seed"));
        let measurements = spec.number("measurements") as usize;
        let directions = DMatrix::from_fn(dimension, measurements, |_, _| random.normal());
        Box::new(PhaseRetrieval { directions })
    }),
};

struct PhaseRetrieval {
    /// The aᵢ as columns; their first entries are the measurements aᵢᵀx* before squaring.
    directions: DMatrix<f64>,
}

impl PhaseRetrieval {
    /// Calls `each(aᵢ, aᵢᵀx, (aᵢᵀx)² − (aᵢᵀx*)²)` for every i and returns 1/n.
    fn for_each(&self, x: &DVector<f64>, mut each: impl FnMut(&[f64], f64, f64)) -> f64 {
        let dimension = self.directions.nrows();
        for a in self.directions.as_slice().chunks_exact(dimension) {
            let s = dot(a, x.as_slice());
            each(a, s, (s - a[0]) * (s + a[0]));
        }
        1.0 / self.directions.ncols() as f64
    }
}

impl Value for PhaseRetrieval {
    fn dimension(&self) -> usize {
        self.directions.nrows()
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        let mut sum = 0.0;
        let weight = self.for_each(x, |_, _, residual| sum += residual * residual);
        0.25 * weight * sum
    }
}

impl Gradient for PhaseRetrieval {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        gradient.fill(0.0);
        let weight = self.for_each(x, |a, s, residual| {
            for (gradient, a) in gradient.iter_mut().zip(a) {
                *gradient += residual * s * a;
            }
        });
        *gradient *= weight;
    }
}

impl HessianVectorProduct for PhaseRetrieval {
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        product.fill(0.0);
        let weight = self.for_each(x, |a, s, residual| {
            let along = (residual + 2.0 * s * s) * dot(a, v.as_slice());
            for (product, a) in product.iter_mut().zip(a) {
                *product += along * a;
            }
        });
        *product *= weight;
    }
}

impl DenseHessian for PhaseRetrieval {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        hessian.fill(0.0);
        let weight = self.for_each(x, |a, s, residual| {
            let curvature = residual + 2.0 * s * s;
            for (j, aj) in a.iter().enumerate() {
                for (i, ai) in a.iter().enumerate() {
                    hessian[(i, j)] += curvature * (ai * aj);
                }
            }
        });
        *hessian *= weight;
    }
}

impl Objective for PhaseRetrieval {
    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// That of ±x*, which are the only minima from 2d − 1 measurements along generic directions on:
    /// Balan, Casazza & Edidin, 2006 (Applied and Computational Harmonic Analysis 20).
    fn flattest_sharpness(&self) -> Option<f64> {
        let (d, n) = self.directions.shape();
        let mut hidden = DVector::zeros(d);
        hidden[0] = 1.0;
        (n + 1 >= 2 * d).then(|| self.sharpness(&hidden, &mut DMatrix::zeros(d, d)))
    }
}
