//! Polyak's step.

use super::{Entry, Policy, PolicyFailure, Step, StepContext, height};
use crate::spec::{Bounds, Description, Parameter, ParameterKind, Scale};

/// The parameter `f_star`, which the line search that starts from Polyak's step has as well.
pub(super) const F_STAR: Parameter = Parameter {
    key: "f_star",
    symbol: "f*",
    help: "the value of the minimum",
    order: None,
    kind: ParameterKind::OptionalNumber {
        absent: "the objective's minimum where it is known, else 0",
        bounds: Bounds::ANY,
        slider: (-1.0, 1.0),
        scale: Scale::Linear,
    },
};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "polyak",
        title: "Polyak step",
        short: "Polyak",
        latex: Description::tex(r"\eta_k = \frac{f(x_k) - f^*}{\lVert \nabla f(x_k) \rVert^2}"),
        summary: "The step that would reach f* if f were as steep as here. On |x|ᵖ/p it shrinks x by 1 − 1/p at every \
                  step; on a parabola η·λ₁ = ½.",
        source: "Polyak, 1969; Hazan & Kakade, 2019, arXiv 1905.00313",
        parameters: &[F_STAR],
    },
    build: |spec| Box::new(Polyak { f_star: spec.optional("f_star") }),
};

#[derive(Clone)]
struct Polyak {
    f_star: Option<f64>,
}

impl Policy for Polyak {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let gap = height(self.f_star, context.loss(), context)?;
        Ok(Step::of(gap / context.gradient_norm_squared()))
    }
}
