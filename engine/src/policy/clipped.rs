//! Gradient clipping.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "clipped",
        title: "Clipped gradient descent",
        short: "clipped",
        latex: Description::tex(r"\eta_k = \min\Bigl\{ \eta,\ \frac{\eta\tau}{\lVert g_k \rVert} \Bigr\}"),
        summary: "A constant step that is never longer than ητ. It survives steep regions, and near a minimum it is the \
                  constant step with its edge of stability at 2/η.",
        source: "Pascanu et al., 2012, arXiv 1211.5063; Zhang et al., 2019, arXiv 1905.11881",
        parameters: &[
            Parameter::number("eta", "η", "the step size", 0.1, Bounds::POSITIVE, (1e-3, 10.0), Scale::Log),
            Parameter::number(
                "tau",
                "τ",
                "the gradient norm at which to clip",
                1.0,
                Bounds::POSITIVE,
                (1e-2, 1e2),
                Scale::Log,
            ),
        ],
    },
    build: |spec| Box::new(Clipped { eta: spec.number("eta"), tau: spec.number("tau") }),
};

#[derive(Clone)]
struct Clipped {
    eta: f64,
    tau: f64,
}

impl Policy for Clipped {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let gradient_norm = context.gradient_norm_squared().sqrt();
        Ok(Step::of(self.eta.min(self.eta * self.tau / gradient_norm)))
    }
}
