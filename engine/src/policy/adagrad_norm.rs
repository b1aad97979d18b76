//! AdaGrad with one step size for all coordinates.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "adagrad-norm",
        title: "AdaGrad-norm",
        short: "AdaGrad-norm",
        latex: Description::tex(r"\eta_k = \frac{\eta}{b_k}, \quad b_k^2 = b_{k-1}^2 + \lVert g_k \rVert^2"),
        summary: "Every gradient makes the step smaller, until it fits. It never grows again: one steep region at the \
                  start costs the rest of the run.",
        source: "Ward, Wu & Bottou, 2018, arXiv 1806.01811",
        parameters: &[
            Parameter::number("eta", "η", "the scale of the steps", 1.0, Bounds::POSITIVE, (1e-2, 1e2), Scale::Log),
            Parameter::number("b0", "b₀", "what the sum starts from", 0.1, Bounds::POSITIVE, (1e-3, 10.0), Scale::Log),
        ],
    },
    build: |spec| {
        let b0 = spec.number("b0");
        Box::new(AdaGradNorm { eta: spec.number("eta"), sum: b0 * b0 })
    },
};

#[derive(Clone)]
struct AdaGradNorm {
    eta: f64,

    /// b².
    sum: f64,
}

impl Policy for AdaGradNorm {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        self.sum += context.gradient_norm_squared();
        Ok(Step::of(self.eta / self.sum.sqrt()))
    }
}
