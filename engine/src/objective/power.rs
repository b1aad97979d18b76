//! Powers Σ |xᵢ|ᵖ/p with p > 1: curvature that vanishes (p > 2) or is unbounded (p < 2) at the
//! minimum.

use super::separable::{Separable, Terms};
use super::{Build, Dimension, Entry, MAX_DIMENSION};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "power",
        title: "Power",
        short: "|x|^p/p",
        latex: Description::tex(r"f(x) = \tfrac1p \sum_i |x_i|^p"),
        summary: "For p = 4 a constant step converges only from |x| < √(2/η), although the minimum is flat. For p < 2 the \
                  gradient is merely Hölder continuous, and every constant step ends in a 2-cycle.",
        source: "Textbook; Hölder continuity as in Galli et al., 2026, arXiv 2606.06722",
        parameters: &[Parameter::number(
            "p",
            "p",
            "the exponent",
            4.0,
            Bounds::above(1.0, 100.0),
            (1.1, 6.0),
            Scale::Linear,
        )],
    },
    dimension: Dimension::Any { max: MAX_DIMENSION },
    default_start: &[0.9],
    view: [-1.5, 1.5, -0.1, 1.3],
    constant_step: 2.0,
    build: Build::Direct(|spec, dimension| Box::new(Separable(Power { p: spec.number("p"), dimension }))),
};

/// At xᵢ = 0 the second derivative is 0 for p > 2 and +∞ for p < 2, where the sharpness is +∞ too.
struct Power {
    p: f64,
    dimension: usize,
}

impl Terms for Power {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, _i: usize, x: f64) -> f64 {
        libm::pow(x.abs(), self.p) / self.p
    }

    fn first(&self, _i: usize, x: f64) -> f64 {
        libm::pow(x.abs(), self.p - 1.0).copysign(x)
    }

    fn second(&self, _i: usize, x: f64) -> f64 {
        (self.p - 1.0) * libm::pow(x.abs(), self.p - 2.0)
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// That at 0, where for p < 2 there is no second derivative.
    fn flattest_sharpness(&self) -> Option<f64> {
        Some(self.second(0, 0.0)).filter(|second| second.is_finite())
    }
}
