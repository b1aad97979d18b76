//! The heavy ball.

use super::{BETA, Entry, Policy, PolicyFailure, Step, StepContext, own};
use crate::policy::constant::ETA;
use crate::spec::Description;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "heavy-ball",
        title: "Heavy ball",
        short: "heavy ball",
        latex: Description::tex(r"x_{k+1} = x_k - \eta g_k + \beta (x_k - x_{k-1})"),
        summary: "Momentum moves the edge out: on a quadratic it is stable up to η·λ₁ = 2 + 2β, and that is where the \
                  sharpness hovers. The product shown is relative to this edge, which is at 2.",
        source: "Polyak, 1964; the edge as in Cohen et al., 2021, arXiv 2103.00065",
        parameters: &[ETA, BETA],
    },
    build: |spec| Box::new(HeavyBall { eta: spec.number("eta"), beta: spec.number("beta") }),
};

#[derive(Clone)]
struct HeavyBall {
    eta: f64,
    beta: f64,
}

impl Policy for HeavyBall {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let Self { eta, beta } = *self;
        let (x, g) = (context.iterate(), context.gradient());
        // The first step has nothing to repeat.
        let before = context.previous().map_or(x, |previous| previous.iterate);
        context.go_to(|i, _| x[i] - eta * g[i] + beta * (x[i] - before[i]));
        own(eta, (2.0 + 2.0 * beta) / eta)
    }
}
