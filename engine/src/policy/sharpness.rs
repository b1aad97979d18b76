//! The sharpness oracle.

use super::{Entry, Policy, PolicyFailure, Step, StepContext, divisor};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "sharpness",
        title: "Sharpness oracle",
        short: "c/λ₁",
        latex: Description::tex(r"\eta_k = \frac{c}{|\lambda_1(x_k)|}"),
        summary: "Holds η·λ₁ at c by asking for the sharpness at every step. Below 2 the loss falls, but nothing keeps the \
                  sharpness from growing.",
        source: "Gilmer et al., 2021, arXiv 2110.04369; Roulet et al., 2024, arXiv 2407.06183",
        parameters: &[Parameter::number(
            "c",
            "c",
            "the product to hold",
            1.0,
            Bounds::POSITIVE,
            (0.5, 3.0),
            Scale::Linear,
        )],
    },
    build: |spec| Box::new(Sharpness { c: spec.number("c") }),
};

#[derive(Clone)]
struct Sharpness {
    c: f64,
}

impl Policy for Sharpness {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        Ok(Step::of(self.c / divisor("λ₁", context.sharpness())?.abs()))
    }
}
