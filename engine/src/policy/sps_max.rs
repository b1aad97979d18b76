//! Polyak's step with an upper bound.

use super::polyak::F_STAR;
use super::{Entry, Policy, PolicyFailure, Step, StepContext, height};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "sps-max",
        title: "Bounded Polyak step",
        short: "SPS_max",
        latex: Description::tex(r"\eta_k = \min\Bigl\{ \frac{f(x_k) - f^*}{c \lVert g_k \rVert^2},\ \eta_b \Bigr\}"),
        summary: "Polyak's step with a factor and a bound. On a parabola η·λ₁ = 1/(2c): at c = ½ it stays below the edge, at \
                  a tenth it is far beyond.",
        source: "Loizou et al., 2020, arXiv 2002.10542",
        parameters: &[
            Parameter::number("c", "c", "divides Polyak's step", 0.5, Bounds::POSITIVE, (0.1, 1.0), Scale::Linear),
            Parameter::number("eta_b", "η_b", "the largest step", 10.0, Bounds::POSITIVE, (0.1, 100.0), Scale::Log),
            F_STAR,
        ],
    },
    build: |spec| {
        Box::new(SpsMax { c: spec.number("c"), eta_b: spec.number("eta_b"), f_star: spec.optional("f_star") })
    },
};

#[derive(Clone)]
struct SpsMax {
    c: f64,
    eta_b: f64,
    f_star: Option<f64>,
}

impl Policy for SpsMax {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let gap = height(self.f_star, context.loss(), context)?;
        Ok(Step::of((gap / (self.c * context.gradient_norm_squared())).min(self.eta_b)))
    }
}
