//! The double well ¼(x² − 1)².

use super::separable::{Separable, Terms};
use super::{Build, Dimension, Entry};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "double-well",
        title: "Double well",
        short: "double well",
        latex: Description::tex(r"f(x) = \tfrac14 (x^2 - 1)^2"),
        summary: "Two minima with sharpness 2. A constant step converges below η = 1, runs in a stable 2-cycle up to √5 − 1, \
                  then doubles its period into chaos, and diverges above 2.",
        source: "Chen & Bruna, 2022, arXiv 2206.04172",
        parameters: &[],
    },
    dimension: Dimension::Fixed(1),
    default_start: &[0.3],
    view: [-1.8, 1.8, -0.1, 1.3],
    constant_step: 1.1,
    build: Build::Direct(|_, _| Box::new(Separable(DoubleWell))),
};

struct DoubleWell;

impl Terms for DoubleWell {
    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, _i: usize, x: f64) -> f64 {
        let r = x * x - 1.0;
        0.25 * r * r
    }

    fn first(&self, _i: usize, x: f64) -> f64 {
        x * (x * x - 1.0)
    }

    fn second(&self, _i: usize, x: f64) -> f64 {
        3.0 * x * x - 1.0
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        Some(2.0)
    }
}
