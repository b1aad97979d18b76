//! The soft absolute value Σ log cosh xᵢ.

use super::separable::{Repeated, Separable};
use super::soft_loss::LogCosh;
use super::{Build, Dimension, Entry, MAX_DIMENSION};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "log-cosh",
        title: "Log-cosh",
        short: "log cosh x",
        latex: Description::tex(r"f(x) = \sum_i \log \cosh x_i"),
        summary: "Globally smooth and flatter away from the minimum: beyond η = 2 a constant step neither converges nor \
                  diverges, but settles in the 2-cycle with η tanh x = 2x, where η·λ₁ is below 2.",
        source: "Textbook; the kind of bifurcation after Chen & Bruna, 2022, arXiv 2206.04172",
        parameters: &[],
    },
    dimension: Dimension::Any { max: MAX_DIMENSION },
    default_start: &[3.0],
    view: [-3.5, 3.5, -0.2, 3.0],
    constant_step: 3.0,
    build: Build::Direct(|_, dimension| Box::new(Separable(Repeated { term: LogCosh, dimension }))),
};
