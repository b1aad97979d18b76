//! Distance over gradients.

use nalgebra::DVector;

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Description, Parameter, Scale};
use crate::vector::dot;

/// Keeps the first quotient defined.
const EPSILON: f64 = 1e-8;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "dog",
        title: "Distance over gradients",
        short: "DoG",
        latex: Description::tex(
            r"\eta_k = \frac{\max\{r_\epsilon (1 + \lVert x_0 \rVert),\ {\max}_{i \le k} \lVert x_i - x_0 \rVert\}}{\sqrt{\sum_{i \le k} \lVert g_i \rVert^2}}",
        ),
        summary: "The largest distance from the start, over the root of the sum of squared gradients. It starts with tiny \
                  steps and grows geometrically; it is meant for the average of the iterates, which is not shown here.",
        source: "Ivgi, Hinder & Carmon, 2023, arXiv 2302.12022",
        parameters: &[Parameter::number(
            "r_epsilon",
            "r_ε",
            "the first distance, relative to 1 + ‖x₀‖",
            1e-6,
            Bounds::POSITIVE,
            (1e-8, 1.0),
            Scale::Log,
        )],
    },
    build: |spec| Box::new(DistanceOverGradients { distance: spec.number("r_epsilon"), start: None, sum: EPSILON }),
};

#[derive(Clone)]
struct DistanceOverGradients {
    /// r_ε before the first step, then the largest distance.
    distance: f64,
    start: Option<DVector<f64>>,

    /// Σ‖gᵢ‖².
    sum: f64,
}

impl Policy for DistanceOverGradients {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let x = context.iterate();
        match &self.start {
            None => {
                self.distance *= 1.0 + dot(x, x).sqrt();
                self.start = Some(x.clone());
            }
            Some(start) => {
                let squared: f64 = x.iter().zip(start).map(|(x, start)| (x - start) * (x - start)).sum();
                self.distance = self.distance.max(squared.sqrt());
            }
        }
        self.sum += context.gradient_norm_squared();
        Ok(Step::of(self.distance / self.sum.sqrt()))
    }
}
