//! Normalized gradient descent.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "normalized",
        title: "Normalized gradient descent",
        short: "normalized",
        latex: Description::tex(r"x_{k+1} = x_k - \eta\,\frac{g_k}{\lVert g_k \rVert}"),
        summary: "Every step has the length η, so that it never settles: at a minimum it alternates, and drifts along the \
                  valley towards lower sharpness. The recorded step size is η/‖g‖.",
        source: "Arora, Li & Panigrahi, 2022, arXiv 2205.09745",
        parameters: &[Parameter::number(
            "eta",
            "η",
            "the length of a step",
            0.1,
            Bounds::POSITIVE,
            (1e-3, 1.0),
            Scale::Log,
        )],
    },
    build: |spec| Box::new(Normalized { eta: spec.number("eta") }),
};

#[derive(Clone)]
struct Normalized {
    eta: f64,
}

impl Policy for Normalized {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        Ok(Step::of(self.eta / context.gradient_norm_squared().sqrt()))
    }
}
