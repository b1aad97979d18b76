//! Curvature dynamics aware tuning, on edge.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::description::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "cdat",
        title: "Curvature dynamics aware tuning",
        short: "CDAT",
        latex: r"\eta_k = \sigma\,\frac{\lVert g_k \rVert^2}{|g_k^\top H_k g_k|}",
        summary: "Holds η times the curvature along the gradient at σ. Since that curvature is at most λ₁, η·λ₁ is at least \
                  σ wherever λ₁ is the largest in magnitude: at σ = 2 it lives on the edge.",
        source: "Roulet et al., 2024, arXiv 2407.06183",
        parameters: &[Parameter::number(
            "sigma",
            "σ",
            "the product to hold; 1 is greedy, 2 is on edge",
            2.0,
            Bounds::POSITIVE,
            (0.5, 3.0),
            Scale::Linear,
        )],
    },
    build: |spec| Box::new(Cdat { sigma: spec.number("sigma") }),
};

struct Cdat {
    sigma: f64,
}

impl Policy for Cdat {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        Ok(Step::of(self.sigma * context.gradient_norm_squared() / context.curvature().abs()))
    }
}
