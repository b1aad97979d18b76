//! Soft losses of a product, ℓ(xy) with ℓ = log cosh or √(1 + s²) − 1.

use super::of_product::OfProduct;
use super::planar::Plane;
use super::soft_loss::{LogCosh, Sqrt};
use super::{Build, Dimension, Entry};
use crate::spec::{Description, Parameter, ParameterKind};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "soft-factorization",
        title: "Soft factorization",
        short: "ℓ(xy)",
        latex: Description::tex(r"f(x, y) = \ell(xy), \quad \ell(s) = \log\cosh s \ \text{ or } \ \sqrt{1 + s^2} - 1"),
        summary: "The minima are the axes, with the sharpness x² + y². Whatever the start beyond the edge, the descents \
                  align on one curve and end at one sharpness, below 2/η by 3η/|ℓ⁗(0)| for small steps.",
        source: "Ahn et al., 2022, arXiv 2212.07469; Song & Yun, 2023, arXiv 2307.04204",
        parameters: &[Parameter {
            key: "loss",
            symbol: "ℓ",
            help: "the loss of the product",
            order: None,
            kind: ParameterKind::Choice { default: "log-cosh", options: &["log-cosh", "sqrt"] },
        }],
    },
    dimension: Dimension::Fixed(2),
    default_start: &[0.5, 5.0],
    view: [-1.5, 1.5, 2.5, 5.5],
    constant_step: 0.125,
    build: Build::Direct(|spec, _| match spec.text("loss") {
        "sqrt" => Box::new(Plane(OfProduct(Sqrt))),
        _ => Box::new(Plane(OfProduct(LogCosh))),
    }),
};
