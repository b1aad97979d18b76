//! Armijo's backtracking from the same first trial at every step.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::description::{Bounds, Description, Parameter, Scale};

/// Cuts after which the search gives up; at the default shrink the step has long vanished by then.
const MAX_TRIALS: u32 = 1000;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "armijo",
        title: "Armijo backtracking",
        short: "Armijo",
        latex: r"f(x_k - \eta_k g_k) \le f(x_k) - c\,\eta_k \lVert g_k \rVert^2, \quad \eta_k = \eta_0 \beta^j",
        summary: "Cuts the step until the loss falls enough. The loss is monotone, the sharpness may keep growing and the \
                  steps shrink with it.",
        source: "Armijo, 1966; Vaswani et al., 2019, arXiv 1905.09997",
        parameters: &[
            Parameter::number(
                "eta0",
                "η₀",
                "the first trial of every step",
                1.0,
                Bounds::POSITIVE,
                (1e-2, 1e2),
                Scale::Log,
            ),
            Parameter::number(
                "c",
                "c",
                "the part of the expected decrease to ask for",
                1e-4,
                Bounds::open(0.0, 1.0),
                (1e-4, 0.9),
                Scale::Log,
            ),
            Parameter::number(
                "shrink",
                "β",
                "the factor of a cut",
                0.5,
                Bounds::closed(0.01, 0.99),
                (0.1, 0.95),
                Scale::Linear,
            ),
        ],
    },
    build: |spec| Box::new(Armijo { eta0: spec.number("eta0"), c: spec.number("c"), shrink: spec.number("shrink") }),
};

struct Armijo {
    eta0: f64,
    c: f64,
    shrink: f64,
}

impl Policy for Armijo {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let reference = context.loss();
        let slope = self.c * context.gradient_norm_squared();
        let mut eta = self.eta0;
        for trials in 1..=MAX_TRIALS {
            if context.trial_loss(eta) <= reference - eta * slope {
                return Ok(Step { reference: Some(reference), trials, ..Step::of(eta) });
            }
            eta *= self.shrink;
        }
        Err(PolicyFailure::NoAcceptedTrial { trials: MAX_TRIALS, smallest: eta / self.shrink })
    }
}
