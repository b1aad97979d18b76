//! Nesterov's momentum.

use super::{BETA, Entry, Policy, PolicyFailure, Step, StepContext, own};
use crate::policy::constant::ETA;
use crate::spec::Description;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "nesterov",
        title: "Nesterov momentum",
        short: "Nesterov",
        latex: Description::tex(r"y_k = x_k + \beta (x_k - x_{k-1}), \quad x_{k+1} = y_k - \eta \nabla f(y_k)"),
        summary: "Takes the gradient where the momentum leads. On a quadratic it is stable up to \
                  η·λ₁ = (2 + 2β)/(1 + 2β), less than gradient descent; the product shown is relative to this edge. Two \
                  gradients a step are counted: the one at x is for the record.",
        source: "Nesterov, 1983; the edge as in Cohen et al., 2021, arXiv 2103.00065",
        parameters: &[ETA, BETA],
    },
    build: |spec| Box::new(Nesterov { eta: spec.number("eta"), beta: spec.number("beta") }),
};

#[derive(Clone)]
struct Nesterov {
    eta: f64,
    beta: f64,
}

impl Policy for Nesterov {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let Self { eta, beta } = *self;
        let x = context.iterate();
        let before = context.previous().map_or(x, |previous| previous.iterate);
        let y = |i: usize| x[i] + beta * (x[i] - before[i]);
        context.gradient_at(y);
        context.go_to(|i, gradient| y(i) - eta * gradient);
        own(eta, (2.0 + 2.0 * beta) / ((1.0 + 2.0 * beta) * eta))
    }
}
