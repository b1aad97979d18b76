//! Steps for a smoothness that grows with the gradient.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Description, Parameter, ParameterKind, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "l0-l1",
        title: "(L₀, L₁) step",
        short: "(L₀, L₁)",
        latex: Description::tex(
            r"\eta_k = \frac{1}{L_0 + L_1 \lVert g_k \rVert}, \quad \text{or} \quad \frac{1}{L_1 \lVert g_k \rVert} \log\Bigl(1 + \frac{L_1 \lVert g_k \rVert}{L_0 + L_1 \lVert g_k \rVert}\Bigr)",
        ),
        summary: "For functions whose curvature is at most L₀ + L₁‖∇f‖, such as cosh and polynomials of it. It is short where \
                  it is steep, and decreases the loss at every step where the two numbers are right.",
        source: "Zhang et al., 2019, arXiv 1905.11881; Gorbunov et al., 2024, arXiv 2409.14989; Vankov et al., 2024, arXiv \
                 2410.10800",
        parameters: &[
            Parameter::number(
                "l0",
                "L₀",
                "the smoothness where the gradient vanishes",
                1.0,
                Bounds::POSITIVE,
                (0.1, 100.0),
                Scale::Log,
            ),
            Parameter::number(
                "l1",
                "L₁",
                "how fast it grows with the gradient",
                1.0,
                Bounds::POSITIVE,
                (0.01, 100.0),
                Scale::Log,
            ),
            Parameter {
                key: "kind",
                symbol: "kind",
                help: "the plain step, or the one that makes the most of the bound",
                order: None,
                kind: ParameterKind::Choice { default: "plain", options: &["plain", "logarithmic"] },
            },
        ],
    },
    build: |spec| {
        let is_plain = spec.text("kind") == "plain";
        Box::new(GeneralizedSmoothness { l0: spec.number("l0"), l1: spec.number("l1"), is_plain })
    },
};

#[derive(Clone)]
struct GeneralizedSmoothness {
    l0: f64,
    l1: f64,
    is_plain: bool,
}

impl Policy for GeneralizedSmoothness {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let steepness = self.l1 * context.gradient_norm_squared().sqrt();
        let bound = self.l0 + steepness;
        // For small gradients the logarithm tends to the plain step, and 0/0 must not stand in its
        // place.
        let is_plain = self.is_plain || steepness == 0.0;
        Ok(Step::of(if is_plain { 1.0 / bound } else { libm::log1p(steepness / bound) / steepness }))
    }
}
