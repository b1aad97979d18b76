//! The strong Wolfe conditions.

use super::{Entry, FROM_LAST_STEP, Policy, PolicyFailure, Step, StepContext, first_trial};
use crate::spec::{Bounds, Description, Parameter, Scale};
use crate::vector::dot;

const MAX_TRIALS: u32 = 200;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "wolfe",
        title: "Strong Wolfe search",
        short: "Wolfe",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le f(x_k) - c_1 \eta_k \lVert g_k \rVert^2, \quad |\nabla f(x_k - \eta_k g_k)^\top g_k| \le c_2 \lVert g_k \rVert^2",
        ),
        summary: "The loss must fall, and the slope along the step must flatten. With a small c₂ it is an exact line \
                  search that lives near η·λ₁ = 1 and zigzags.",
        source: "Wolfe, 1969; Nocedal & Wright, 2006 (Algorithms 3.5 and 3.6, with bisection)",
        parameters: &[
            Parameter::number(
                "c1",
                "c₁",
                "the part of the expected decrease to ask for",
                1e-4,
                Bounds::open(0.0, 1.0),
                (1e-4, 0.5),
                Scale::Log,
            )
            .below("c2"),
            Parameter::number(
                "c2",
                "c₂",
                "the part of the slope that may be left; above c₁",
                0.9,
                Bounds::open(0.0, 1.0),
                (0.01, 0.99),
                Scale::Linear,
            ),
            first_trial(FROM_LAST_STEP),
        ],
    },
    build: |spec| Box::new(Wolfe { c1: spec.number("c1"), c2: spec.number("c2"), eta: spec.number("eta0") }),
};

#[derive(Clone)]
struct Wolfe {
    c1: f64,
    c2: f64,

    /// The first trial.
    eta: f64,
}

impl Policy for Wolfe {
    /// Doubles while the loss still falls along the step, then halves the interval in which it
    /// stops falling.
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let reference = context.loss();
        let slope = context.gradient_norm_squared();
        let gradient = context.gradient();
        // The best step so far that decreases the loss enough, and the other end of the interval.
        let (mut good, mut good_loss, mut other, mut eta) = (0.0, reference, f64::INFINITY, self.eta);
        let mut last = eta;
        for trials in 1..=MAX_TRIALS {
            last = eta;
            let loss = context.trial_loss(eta);
            if !(loss <= reference - self.c1 * eta * slope && loss < good_loss) {
                other = eta;
            } else {
                let slope_there = -dot(context.trial_gradient(eta), gradient);
                if slope_there.abs() <= self.c2 * slope {
                    self.eta = eta;
                    return Ok(Step { reference: Some(reference), trials, ..Step::of(eta) });
                }
                // Where the loss would rise towards the other end, the minimum is on this side.
                if (slope_there >= 0.0) == (other > good) {
                    other = good;
                }
                (good, good_loss) = (eta, loss);
            }
            eta = if other.is_finite() { good + 0.5 * (other - good) } else { 2.0 * eta };
        }
        Err(PolicyFailure::NoAcceptedTrial { trials: MAX_TRIALS, last })
    }
}
