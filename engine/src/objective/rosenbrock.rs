//! Rosenbrock's valley (1 − x)² + 100(y − x²)².

use super::planar::{Planar, Plane};
use super::{Build, Dimension, Entry};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "rosenbrock",
        title: "Rosenbrock",
        short: "Rosenbrock",
        latex: Description::tex(r"f(x, y) = (1 - x)^2 + 100\,(y - x^2)^2"),
        summary: "A curved valley, steep across and nearly flat along: the sharpness at the minimum (1, 1) is 1001.6, so \
                  that a constant step must stay below 0.002.",
        source: "Rosenbrock, 1960",
        parameters: &[],
    },
    dimension: Dimension::Fixed(2),
    default_start: &[-1.2, 1.0],
    view: [-2.0, 2.0, -1.0, 3.0],
    constant_step: 0.0018,
    build: Build::Direct(|_, _| Box::new(Plane(Rosenbrock))),
};

struct Rosenbrock;

impl Planar for Rosenbrock {
    fn value(&self, x: f64, y: f64) -> f64 {
        let along = 1.0 - x;
        let across = y - x * x;
        along * along + 100.0 * across * across
    }

    fn gradient(&self, x: f64, y: f64) -> [f64; 2] {
        let across = y - x * x;
        [-2.0 * (1.0 - x) - 400.0 * x * across, 200.0 * across]
    }

    fn hessian(&self, x: f64, y: f64) -> [f64; 3] {
        [2.0 + 1200.0 * x * x - 400.0 * y, -400.0 * x, 200.0]
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// The only minimum is (1, 1), with the eigenvalues 501 ± √250601.
    fn flattest_sharpness(&self) -> Option<f64> {
        Some(501.0 + 250_601f64.sqrt())
    }
}
