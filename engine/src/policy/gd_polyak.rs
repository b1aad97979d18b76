//! Constant short steps with a Polyak step now and then.

use super::constant::ETA;
use super::polyak::F_STAR;
use super::{Entry, Policy, PolicyFailure, Step, StepContext, height};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "gd-polyak",
        title: "Gradient descent with Polyak steps",
        short: "GDPolyak",
        latex: Description::tex(
            r"\eta_k = \eta, \quad \text{every } P \text{-th: } \ \eta_k = \frac{f(x_k) - f^*}{\lVert g_k \rVert^2}",
        ),
        summary: "The short steps lead to the bottom of a ravine, the long one goes along it. On functions that grow with \
                  the fourth power this converges linearly.",
        source: "Davis, Drusvyatskiy & Jiang, 2024, arXiv 2409.19791",
        parameters: &[
            ETA,
            Parameter::number(
                "period",
                "P",
                "from one Polyak step to the next; a fraction is dropped",
                10.0,
                Bounds::closed(1.0, 1e7),
                (1.0, 100.0),
                Scale::Log,
            ),
            F_STAR,
        ],
    },
    build: |spec| {
        let period = spec.number("period") as u64;
        Box::new(GdPolyak { eta: spec.number("eta"), period, f_star: spec.optional("f_star"), taken: 0 })
    },
};

#[derive(Clone)]
struct GdPolyak {
    eta: f64,
    period: u64,
    f_star: Option<f64>,
    taken: u64,
}

impl Policy for GdPolyak {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        self.taken += 1;
        if !self.taken.is_multiple_of(self.period) {
            return Ok(Step::of(self.eta));
        }
        let gap = height(self.f_star, context.loss(), context)?;
        Ok(Step::of(gap / context.gradient_norm_squared()))
    }
}
