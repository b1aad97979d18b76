//! Gradient flow.

use nalgebra::DVector;

use super::{Entry, Policy, PolicyFailure, Step, StepContext, own};
use crate::spec::{Bounds, Description, Parameter, Scale};

/// How far the real interval of stability of the classical Runge–Kutta method reaches: λ·dt =
/// 2.785….
const STABILITY: f64 = 2.785_293_563_405_282;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "gradient-flow",
        title: "Gradient flow",
        short: "flow",
        latex: Description::tex(
            r"\dot x = -\nabla f(x), \quad \Delta t = \min\Bigl\{\frac{1}{|\lambda_1|},\ \Delta t_{\max}\Bigr\}",
        ),
        summary: "What gradient descent with infinitely small steps does: the sharpness rises freely, and the time is the sum \
                  of the steps. Solved with the classical method of Runge and Kutta, with an error far below what is shown.",
        source: "Textbook; the step as in Cohen et al., 2021, arXiv 2103.00065",
        parameters: &[Parameter::number(
            "dt_max",
            "Δt_max",
            "the largest time step",
            0.1,
            Bounds::POSITIVE,
            (1e-3, 1.0),
            Scale::Log,
        )],
    },
    build: |spec| {
        let nothing = DVector::zeros(0);
        Box::new(GradientFlow { dt_max: spec.number("dt_max"), sum: nothing.clone(), last: nothing })
    },
};

#[derive(Clone)]
struct GradientFlow {
    dt_max: f64,

    /// The weighted sum of the slopes; empty before the first step.
    sum: DVector<f64>,

    /// The last slope.
    last: DVector<f64>,
}

impl GradientFlow {
    /// Takes in one of the two slopes in the middle, which count twice.
    fn add(&mut self, slope: &DVector<f64>) {
        self.last.copy_from(slope);
        self.sum.iter_mut().zip(slope).for_each(|(sum, slope)| *sum += 2.0 * slope);
    }
}

impl Policy for GradientFlow {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let (x, g) = (context.iterate(), context.gradient());
        // A sharpness of 0 sets no limit, and neither does one that is not known.
        let dt = self.dt_max.min(1.0 / context.sharpness().abs());
        if self.sum.is_empty() {
            (self.sum, self.last) = (g.clone(), g.clone());
        }
        self.sum.copy_from(g);
        self.add(context.trial_gradient(0.5 * dt));
        let second = &self.last;
        context.gradient_at(|i| x[i] - 0.5 * dt * second[i]);
        self.add(context.last_gradient());
        let Self { sum, last: third, .. } = self;
        context.gradient_at(|i| x[i] - dt * third[i]);
        context.go_to(|i, fourth| x[i] - dt / 6.0 * (sum[i] + fourth));
        own(dt, STABILITY / dt)
    }
}
