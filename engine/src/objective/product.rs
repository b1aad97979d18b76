//! The product of weights ½(∏ wᵢ − μ)²: a deep linear scalar network.

use nalgebra::{DMatrix, DVector};

use super::{Build, DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, MAX_DIMENSION, Objective, Value};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "product",
        title: "Product of weights",
        short: "½(∏w−μ)²",
        latex: Description::tex(r"f(w) = \tfrac12 \Bigl(\prod_i w_i - \mu\Bigr)^2"),
        summary: "A deep linear network of width one. Small steps sharpen progressively; the sharpness then settles just \
                  below 2/η, unless even the flattest minimum, d·μ^(2−2/d) for d weights, is too sharp.",
        source: "Kreisler et al., 2023, arXiv 2305.13064",
        parameters: &[Parameter::number(
            "mu",
            "μ",
            "the product to reach",
            1.0,
            Bounds::ANY,
            (0.0, 4.0),
            Scale::Linear,
        )],
    },
    dimension: Dimension::Any { max: MAX_DIMENSION },
    default_start: &[2.0, 2.0, 0.3, 0.2],
    view: [-1.0, 3.0, -1.0, 3.0],
    constant_step: 0.338,
    build: Build::Direct(|spec, dimension| Box::new(Product { mu: spec.number("mu"), dimension })),
};

struct Product {
    mu: f64,
    dimension: usize,
}

impl Product {
    fn residual(&self, w: &DVector<f64>) -> f64 {
        w.iter().product::<f64>() - self.mu
    }
}

/// The products of all weights after each one: `[i]` is ∏_{k>i} w_k. Multiplied, never divided: a
/// weight may be 0.
fn products_after(w: &DVector<f64>) -> [f64; MAX_DIMENSION] {
    let mut after = [1.0; MAX_DIMENSION];
    for i in (1..w.len()).rev() {
        after[i - 1] = after[i] * w[i];
    }
    after
}

/// Calls `each(i, ∏_{k≠i} w_k)` for every i.
fn for_each_without_one(w: &DVector<f64>, mut each: impl FnMut(usize, f64)) {
    let after = products_after(w);
    let mut before = 1.0;
    for (i, &weight) in w.iter().enumerate() {
        each(i, before * after[i]);
        before *= weight;
    }
}

/// Calls `each(i, j, ∏_{k≠i,j} w_k)` for every i < j.
fn for_each_without_two(w: &DVector<f64>, mut each: impl FnMut(usize, usize, f64)) {
    let after = products_after(w);
    let mut before = 1.0;
    for i in 0..w.len() {
        let mut before_and_between = before;
        for j in i + 1..w.len() {
            each(i, j, before_and_between * after[j]);
            before_and_between *= w[j];
        }
        before *= w[i];
    }
}

impl Value for Product {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, w: &DVector<f64>) -> f64 {
        let r = self.residual(w);
        0.5 * r * r
    }
}

impl Gradient for Product {
    fn gradient(&self, w: &DVector<f64>, gradient: &mut DVector<f64>) {
        let r = self.residual(w);
        for_each_without_one(w, |i, without_i| gradient[i] = r * without_i);
    }
}

impl HessianVectorProduct for Product {
    /// With the products Pᵢ without i and Pᵢⱼ without both: Hᵢᵢ = Pᵢ² and Hᵢⱼ = PᵢPⱼ + rPᵢⱼ.
    fn hessian_vector_product(&self, w: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        let r = self.residual(w);
        let mut along = 0.0;
        for_each_without_one(w, |i, without_i| along += without_i * v[i]);
        for_each_without_one(w, |i, without_i| product[i] = along * without_i);
        for_each_without_two(w, |i, j, without_both| {
            product[i] += r * without_both * v[j];
            product[j] += r * without_both * v[i];
        });
    }
}

impl DenseHessian for Product {
    fn hessian(&self, w: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let r = self.residual(w);
        let mut without = [0.0; MAX_DIMENSION];
        for_each_without_one(w, |i, without_i| {
            without[i] = without_i;
            hessian[(i, i)] = without_i * without_i;
        });
        for_each_without_two(w, |i, j, without_both| {
            let entry = without[i] * without[j] + r * without_both;
            hessian[(i, j)] = entry;
            hessian[(j, i)] = entry;
        });
    }
}

impl Objective for Product {
    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// d·|μ|^(2 − 2/d), where all weights are equally large: at a minimum λ₁ is the sum of the
    /// (μ/wᵢ)².
    fn flattest_sharpness(&self) -> Option<f64> {
        let d = self.dimension as f64;
        Some(d * libm::pow(self.mu.abs(), 2.0 - 2.0 / d))
    }
}
