//! The quadratic ½ Σ aᵢ xᵢ².

use super::separable::{Separable, Terms};
use super::{Build, Dimension, Entry, MAX_DIMENSION};
use crate::spec::{Bounds, Description, Parameter, ParameterKind};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "quadratic",
        title: "Quadratic",
        short: "quadratic",
        latex: Description::tex(r"f(x) = \tfrac12 \sum_i a_i x_i^2"),
        summary: "The control case: the sharpness is the largest curvature everywhere, and a constant step η converges \
                  below 2/a, alternates at 2/a and diverges above it.",
        source: "Textbook; the threshold 2/η as in Cohen et al., 2021, arXiv 2103.00065",
        parameters: &[Parameter {
            key: "curvatures",
            symbol: "a",
            help: "the curvature along each axis",
            order: None,
            kind: ParameterKind::Numbers { default: &[1.0, 10.0], bounds: Bounds::ANY, max_length: MAX_DIMENSION },
        }],
    },
    dimension: Dimension::FromParameter("curvatures"),
    default_start: &[1.0, 1.0],
    view: [-1.5, 1.5, -1.5, 1.5],
    constant_step: 0.19,
    build: Build::Direct(|spec, _| Box::new(Separable(Quadratic { curvatures: spec.numbers("curvatures").to_vec() }))),
};

struct Quadratic {
    curvatures: Vec<f64>,
}

impl Terms for Quadratic {
    fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    fn value(&self, i: usize, x: f64) -> f64 {
        0.5 * self.curvatures[i] * x * x
    }

    fn first(&self, i: usize, x: f64) -> f64 {
        self.curvatures[i] * x
    }

    fn second(&self, i: usize, _x: f64) -> f64 {
        self.curvatures[i]
    }

    fn minimum(&self) -> Option<f64> {
        self.curvatures.iter().all(|&curvature| curvature >= 0.0).then_some(0.0)
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        self.minimum().map(|_| self.curvatures.iter().copied().fold(0.0, f64::max))
    }
}
