//! The minimalist example ¼(1 − x²y²)².

use super::of_product::{Loss, OfProduct};
use super::planar::Plane;
use super::{Build, Dimension, Entry};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "minimalist",
        title: "Minimalist example",
        short: "¼(1−x²y²)²",
        latex: Description::tex(r"f(x, y) = \tfrac14 (1 - x^2 y^2)^2"),
        summary: "A four-layer scalar network with tied weights. Every start in the basin of the edge of stability ends at \
                  the same minimum, with a sharpness just below 2/η.",
        source: "Zhu et al., 2022, arXiv 2210.03294",
        parameters: &[],
    },
    dimension: Dimension::Fixed(2),
    default_start: &[3.344, 0.305],
    view: [0.0, 4.0, -1.5, 1.5],
    constant_step: 0.1,
    build: Build::Direct(|_, _| Box::new(Plane(OfProduct(Quartic)))),
};

/// ¼(1 − u²)².
struct Quartic;

impl Loss for Quartic {
    fn value(&self, u: f64) -> f64 {
        let r = 1.0 - u * u;
        0.25 * r * r
    }

    fn first(&self, u: f64) -> f64 {
        u * (u * u - 1.0)
    }

    fn second(&self, u: f64) -> f64 {
        3.0 * u * u - 1.0
    }

    fn minimizer(&self) -> f64 {
        1.0
    }
}
