//! Scalar factorization ½(xy − μ)².

use super::of_product::{HalfSquare, OfProduct};
use super::planar::{Planar, Plane};
use super::{Build, Dimension, Entry};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "scalar-factorization",
        title: "Scalar factorization",
        short: "½(xy−μ)²",
        latex: Description::tex(r"f(x, y) = \tfrac12 (xy - \mu)^2 + \tfrac\lambda2 (x^2 + y^2)"),
        summary: "Every minimum xy = μ has the sharpness x² + y². A step that is too large for a steep one does not stay \
                  there: it balances x and y until the sharpness is below 2/η. With a regularization the basin of large \
                  steps has a fractal boundary.",
        source: "Wang et al., 2021, arXiv 2110.03677; Liang & Montúfar, 2025, arXiv 2509.25351; for μ = 0 the catapult \
                 of Lewkowycz et al., 2020, arXiv 2003.02218",
        parameters: &[
            Parameter::number("mu", "μ", "the product to reach", 1.0, Bounds::ANY, (0.0, 4.0), Scale::Linear),
            Parameter::number(
                "regularization",
                "λ",
                "the weight of λ/2 (x² + y²)",
                0.0,
                Bounds::NONNEGATIVE,
                (0.0, 0.5),
                Scale::Linear,
            ),
        ],
    },
    dimension: Dimension::Fixed(2),
    default_start: &[3.0, 0.5],
    view: [-1.0, 4.0, -1.0, 4.0],
    constant_step: 0.3,
    build: Build::Direct(|spec, _| {
        let factorization = OfProduct(HalfSquare { mu: spec.number("mu") });
        match spec.number("regularization") {
            0.0 => Box::new(Plane(factorization)),
            regularization => Box::new(Plane(Regularized { factorization, regularization })),
        }
    }),
};

/// ½(xy − μ)² with the regularization λ/2 (x² + y²).
struct Regularized {
    factorization: OfProduct<HalfSquare>,
    regularization: f64,
}

impl Planar for Regularized {
    fn value(&self, x: f64, y: f64) -> f64 {
        self.factorization.value(x, y) + 0.5 * self.regularization * (x * x + y * y)
    }

    fn gradient(&self, x: f64, y: f64) -> [f64; 2] {
        let [along_x, along_y] = self.factorization.gradient(x, y);
        [along_x + self.regularization * x, along_y + self.regularization * y]
    }

    fn hessian(&self, x: f64, y: f64) -> [f64; 3] {
        let [xx, xy, yy] = self.factorization.hessian(x, y);
        [xx + self.regularization, xy, yy + self.regularization]
    }

    /// Since x² + y² ≥ 2|xy|, the minimum is that of ½(p − μ)² + λ|p| over the product p: |p| =
    /// [|μ| − λ]₊.
    fn minimum(&self) -> Option<f64> {
        let (target, weight) = (self.factorization.0.mu.abs(), self.regularization);
        Some(if weight < target { weight * (target - 0.5 * weight) } else { 0.5 * target * target })
    }

    /// At the minimum x² = y² = [|μ| − λ]₊, with the eigenvalues 2(|μ| − λ) and 2λ, or at 0 λ ± μ.
    fn flattest_sharpness(&self) -> Option<f64> {
        let (target, weight) = (self.factorization.0.mu.abs(), self.regularization);
        Some(if weight < target { 2.0 * weight.max(target - weight) } else { weight + target })
    }
}
