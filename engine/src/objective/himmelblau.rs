//! Himmelblau's function (x² + y − 11)² + (x + y² − 7)².

use super::planar::{Planar, Plane};
use super::{Build, Dimension, Entry};
use crate::spec::Description;
use crate::spectrum::closed;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "himmelblau",
        title: "Himmelblau",
        short: "Himmelblau",
        latex: Description::tex(r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2"),
        summary: "Four minima of equal depth whose sharpness runs from 80.6 to 133.8: the step size decides which of them \
                  a descent can settle in.",
        source: "Himmelblau, 1972",
        parameters: &[],
    },
    dimension: Dimension::Fixed(2),
    default_start: &[0.5, 0.5],
    view: [-5.5, 5.5, -5.5, 5.5],
    constant_step: 0.018,
    build: Build::Direct(|_, _| Box::new(Plane(Himmelblau))),
};

/// The flattest of the four minima, rounded from 40 digits.
const FLATTEST: [f64; 2] = [-2.805_118_086_952_745, 3.131_312_518_250_573];

struct Himmelblau;

impl Planar for Himmelblau {
    fn value(&self, x: f64, y: f64) -> f64 {
        let first = x * x + y - 11.0;
        let second = x + y * y - 7.0;
        first * first + second * second
    }

    fn gradient(&self, x: f64, y: f64) -> [f64; 2] {
        let first = x * x + y - 11.0;
        let second = x + y * y - 7.0;
        [4.0 * x * first + 2.0 * second, 2.0 * first + 4.0 * y * second]
    }

    fn hessian(&self, x: f64, y: f64) -> [f64; 3] {
        [12.0 * x * x + 4.0 * y - 42.0, 4.0 * (x + y), 12.0 * y * y + 4.0 * x - 26.0]
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// That of the minimum in the second quadrant.
    fn flattest_sharpness(&self) -> Option<f64> {
        let [x, y] = FLATTEST;
        let [xx, xy, yy] = self.hessian(x, y);
        Some(closed::largest_of_2x2(xx, xy, yy))
    }
}
