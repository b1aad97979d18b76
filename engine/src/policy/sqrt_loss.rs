//! Gradient descent on the square root of the loss.

use super::constant::ETA;
use super::polyak::F_STAR;
use super::{Entry, Policy, PolicyFailure, Step, StepContext, height};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "sqrt-loss",
        title: "Gradient descent on √f",
        short: "GD on √f",
        latex: Description::tex(r"\eta_k = \frac{\eta}{2 \sqrt{f(x_k) - f^*}}"),
        summary: "A constant step η on the square root of f − f*, whose curvature across a valley is infinite at its bottom: \
                  near a minimum it is always at the edge of stability, and drifts to lower sharpness.",
        source: "Arora, Li & Panigrahi, 2022, arXiv 2205.09745",
        parameters: &[ETA, F_STAR],
    },
    build: |spec| Box::new(SqrtLoss { eta: spec.number("eta"), f_star: spec.optional("f_star") }),
};

#[derive(Clone)]
struct SqrtLoss {
    eta: f64,
    f_star: Option<f64>,
}

impl Policy for SqrtLoss {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let gap = height(self.f_star, context.loss(), context)?;
        Ok(Step::of(self.eta / (2.0 * gap.sqrt())))
    }
}
