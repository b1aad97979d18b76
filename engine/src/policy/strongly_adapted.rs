//! Steps that fit the smoothness along themselves.

use super::{Entry, FROM_LAST_STEP, Policy, PolicyFailure, Step, StepContext, first_trial};
use crate::spec::Description;

const MAX_TRIALS: u32 = 200;

/// The relative width of the interval to end at.
const PRECISION: f64 = 1e-10;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "strongly-adapted",
        title: "Strongly adapted step",
        short: "adapted",
        latex: Description::tex(
            r"\eta_k = \frac{1}{D_k}, \quad D_k = 2\,\frac{\lVert \nabla f(x_k) - \nabla f(x_k - \eta_k g_k) \rVert}{\eta_k \lVert g_k \rVert}",
        ),
        summary: "The step at which twice the change of the gradient along it is as large as the gradient: half the \
                  inverse of the smoothness between the two points, so that it stays below the edge.",
        source: "Mishkin et al., 2024, arXiv 2403.04081",
        parameters: &[first_trial(FROM_LAST_STEP)],
    },
    build: |spec| Box::new(StronglyAdapted { eta: spec.number("eta0") }),
};

#[derive(Clone)]
struct StronglyAdapted {
    /// The first trial.
    eta: f64,
}

impl Policy for StronglyAdapted {
    /// Bisects for 2‖g(x) − g(x_η)‖ = ‖g(x)‖.
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let gradient = context.gradient();
        let target = 0.25 * context.gradient_norm_squared();
        let (mut short, mut long, mut eta) = (0.0, f64::INFINITY, self.eta);
        let mut last = eta;
        for trials in 1..=MAX_TRIALS {
            last = eta;
            let there = context.trial_gradient(eta);
            let change: f64 = gradient.iter().zip(there).map(|(g, there)| (g - there) * (g - there)).sum();
            if change <= target {
                short = eta;
            } else {
                long = eta;
            }
            if long.is_finite() && long - short <= PRECISION * long {
                self.eta = eta;
                return Ok(Step { trials, ..Step::of(eta) });
            }
            eta = if long.is_finite() { short + 0.5 * (long - short) } else { 2.0 * eta };
        }
        // The gradient hardly changes however far the step: no step is too long.
        Err(PolicyFailure::NoAcceptedTrial { trials: MAX_TRIALS, last })
    }
}
