//! Adaptive gradient descent.

use super::barzilai_borwein::Secant;
use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::description::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "adgd",
        title: "Adaptive gradient descent",
        short: "AdGD",
        latex: r"\eta_k = \min\Bigl\{ \sqrt{\tfrac23 + \theta_{k-1}}\,\eta_{k-1},\ \frac{\eta_{k-1}}{\sqrt{[2\eta_{k-1}^2 L_k^2 - 1]_+}} \Bigr\}, \quad L_k = \frac{\lVert g_k - g_{k-1} \rVert}{\lVert x_k - x_{k-1} \rVert},\ \theta_k = \frac{\eta_k}{\eta_{k-1}}",
        summary: "Estimates the smoothness from the last two gradients and lets the step grow slowly. It stays below the \
                  edge of stability, transients apart.",
        source: "Malitsky & Mishchenko, 2023, arXiv 2308.02261 (the second variant)",
        parameters: &[Parameter::number(
            "eta0",
            "η₀",
            "the first step",
            1e-4,
            Bounds::POSITIVE,
            (1e-6, 1.0),
            Scale::Log,
        )],
    },
    build: |spec| Box::new(AdaptiveGradientDescent { eta0: spec.number("eta0"), theta: 1.0 / 3.0 }),
};

struct AdaptiveGradientDescent {
    eta0: f64,

    /// The growth η₋/η₋₋ of the last step.
    theta: f64,
}

impl Policy for AdaptiveGradientDescent {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let Some(previous) = context.previous() else {
            return Ok(Step::of(self.eta0));
        };
        let Secant { ss, yy, .. } = Secant::new(context, previous);
        let growth_limit = (2.0 / 3.0 + self.theta).sqrt() * previous.eta;
        let excess = 2.0 * previous.eta * previous.eta * (yy / ss) - 1.0;
        // Where 2η²L² ≤ 1 the smoothness sets no limit.
        let eta = if excess > 0.0 { growth_limit.min(previous.eta / excess.sqrt()) } else { growth_limit };
        self.theta = eta / previous.eta;
        Ok(Step::of(eta))
    }
}
