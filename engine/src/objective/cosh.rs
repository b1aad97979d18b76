//! The hyperbolic cosine Σ (cosh xᵢ − 1).

use super::of_product::Loss;
use super::separable::{Repeated, Separable};
use super::{Build, Dimension, Entry, MAX_DIMENSION};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "cosh",
        title: "Hyperbolic cosine",
        short: "cosh x − 1",
        latex: Description::tex(r"f(x) = \sum_i (\cosh x_i - 1)"),
        summary: "Curvature 1 at the minimum, and exponentially more away from it: below η = 2 a constant step converges \
                  from inside |x| < b with sinh(b)/b = 2/η and diverges from outside. There is no cycle to settle in.",
        source: "Textbook; growth of the smoothness with the gradient as in Zhang et al., 2019, arXiv 1905.11881; the kind \
                 of bifurcation after Chen & Bruna, 2022, arXiv 2206.04172",
        parameters: &[],
    },
    dimension: Dimension::Any { max: MAX_DIMENSION },
    default_start: &[1.34],
    view: [-2.0, 2.0, -0.2, 3.0],
    constant_step: 1.5,
    build: Build::Direct(|_, dimension| Box::new(Separable(Repeated { term: Cosh, dimension }))),
};

/// cosh u − 1.
struct Cosh;

impl Loss for Cosh {
    /// As 2 sinh²(u/2), in which nothing cancels near 0.
    fn value(&self, u: f64) -> f64 {
        let s = libm::sinh(0.5 * u);
        2.0 * s * s
    }

    fn first(&self, u: f64) -> f64 {
        libm::sinh(u)
    }

    fn second(&self, u: f64) -> f64 {
        libm::cosh(u)
    }
}
