//! The river log cosh(xy) + a/2 (y − y₀)².

use super::planar::{Planar, Plane};
use super::{Dimension, Entry};
use crate::description::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "river",
        title: "River",
        short: "river",
        latex: r"f(x, y) = \log\cosh(xy) + \tfrac a2 (y - y_0)^2",
        summary: "On the river x = 0 the sharpness is y², and the current pushes y towards y₀. Where y₀² exceeds 2/η the \
                  descent never arrives: it stays at the edge of stability, crossing the river back and forth.",
        source: "Flatland; the soft loss of a product as in Ahn et al., 2022, arXiv 2212.07469",
        parameters: &[
            Parameter::number(
                "a",
                "a",
                "the strength of the current",
                0.05,
                Bounds::POSITIVE,
                (0.001, 1.0),
                Scale::Log,
            ),
            Parameter::number("y0", "y₀", "where the current leads", 3.0, Bounds::ANY, (0.5, 8.0), Scale::Linear),
        ],
    },
    dimension: Dimension::Fixed(2),
    default_start: &[1e-3, 1.0],
    view: [-1.2, 1.2, 0.4, 4.4],
    constant_step: 0.5,
    build: |spec, _| Box::new(Plane(River { a: spec.number("a"), y0: spec.number("y0") })),
};

struct River {
    a: f64,
    y0: f64,
}

impl Planar for River {
    fn value(&self, x: f64, y: f64) -> f64 {
        let lag = y - self.y0;
        log_cosh(x * y) + 0.5 * self.a * lag * lag
    }

    fn gradient(&self, x: f64, y: f64) -> [f64; 2] {
        let slope = libm::tanh(x * y);
        [slope * y, slope * x + self.a * (y - self.y0)]
    }

    fn hessian(&self, x: f64, y: f64) -> [f64; 3] {
        let u = x * y;
        let curvature = sech_squared(u);
        [curvature * y * y, curvature * u + libm::tanh(u), curvature * x * x + self.a]
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }
}

/// log cosh u, accurate near 0, where it is u²/2, and without overflow far from it, where it is |u| − log 2.
fn log_cosh(u: f64) -> f64 {
    let u = u.abs();
    if u < 1.0 {
        let s = libm::sinh(0.5 * u);
        libm::log1p(2.0 * s * s)
    } else {
        u + libm::log1p(libm::exp(-2.0 * u)) - std::f64::consts::LN_2
    }
}

/// 1/cosh² u, which is 0 where cosh overflows.
fn sech_squared(u: f64) -> f64 {
    let sech = 1.0 / libm::cosh(u);
    sech * sech
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_cosh_is_accurate_at_both_ends() {
        assert!((log_cosh(1e-10) / 0.5e-20 - 1.0).abs() < 1e-15);
        assert_eq!(log_cosh(-800.0), 800.0 - std::f64::consts::LN_2);
        assert_eq!(sech_squared(800.0), 0.0);
        // The two forms meet: the derivative is below 1, so that neighbors differ by little more than a rounding.
        assert!((log_cosh(1.0) - log_cosh(1.0 - f64::EPSILON)).abs() < 1e-15);
    }
}
