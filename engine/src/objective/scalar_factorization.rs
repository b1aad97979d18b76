//! Scalar factorization ½(xy − μ)².

use super::of_product::{Loss, OfProduct};
use super::planar::Plane;
use super::{Dimension, Entry};
use crate::description::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "scalar-factorization",
        title: "Scalar factorization",
        short: "½(xy−μ)²",
        latex: r"f(x, y) = \tfrac12 (xy - \mu)^2",
        summary: "Every minimum xy = μ has the sharpness x² + y². A step that is too large for a steep one does not stay \
                  there: it balances x and y until the sharpness is below 2/η.",
        source: "Wang et al., 2021, arXiv 2110.03677; Liang & Montúfar, 2025, arXiv 2509.25351; for μ = 0 the catapult \
                 of Lewkowycz et al., 2020, arXiv 2003.02218",
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
    dimension: Dimension::Fixed(2),
    default_start: &[3.0, 0.5],
    view: [-1.0, 4.0, -1.0, 4.0],
    constant_step: 0.3,
    build: |spec, _| Box::new(Plane(OfProduct(HalfSquare { mu: spec.number("mu") }))),
};

/// ½(u − μ)².
struct HalfSquare {
    mu: f64,
}

impl Loss for HalfSquare {
    fn value(&self, u: f64) -> f64 {
        let r = u - self.mu;
        0.5 * r * r
    }

    fn first(&self, u: f64) -> f64 {
        u - self.mu
    }

    fn second(&self, _u: f64) -> f64 {
        1.0
    }
}
