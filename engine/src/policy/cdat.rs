//! Curvature dynamics aware tuning, on edge.

use super::{Entry, Policy, PolicyFailure, Step, StepContext, divisor};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "cdat",
        title: "Curvature dynamics aware tuning",
        short: "CDAT",
        latex: Description::tex(r"\eta_k = \sigma\,\frac{\lVert g_k \rVert^2}{|g_k^\top H_k g_k|}"),
        summary: "Holds η times the curvature along the gradient at σ. Since that curvature is at most λ₁, η·λ₁ is at least \
                  σ wherever λ₁ is the largest in magnitude: at σ = 2 it lives on the edge.",
        source: "Roulet et al., 2024, arXiv 2407.06183",
        parameters: &[
            Parameter::number(
                "sigma",
                "σ",
                "the product to hold; 1 is greedy, 2 is on edge",
                2.0,
                Bounds::POSITIVE,
                (0.5, 3.0),
                Scale::Linear,
            ),
            Parameter::number(
                "beta",
                "β",
                "the memory of the averages of numerator and denominator; 0 is none",
                0.0,
                Bounds::closed(0.0, 0.9999),
                (0.0, 0.99),
                Scale::Linear,
            ),
        ],
    },
    build: |spec| {
        let (sigma, beta) = (spec.number("sigma"), spec.number("beta"));
        Box::new(Cdat { sigma, beta, numerator: 0.0, denominator: 0.0 })
    },
};

#[derive(Clone)]
struct Cdat {
    sigma: f64,
    beta: f64,

    /// The average of ‖g‖²; its weights and those of the denominator start from the same 0, which
    /// the quotient forgets.
    numerator: f64,

    /// The average of |gᵀHg|.
    denominator: f64,
}

impl Policy for Cdat {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let beta = self.beta;
        self.numerator = beta * self.numerator + (1.0 - beta) * context.gradient_norm_squared();
        self.denominator = beta * self.denominator + (1.0 - beta) * context.curvature().abs();
        Ok(Step::of(self.sigma * self.numerator / divisor("gᵀHg", self.denominator)?))
    }
}
