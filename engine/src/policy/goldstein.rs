//! Goldstein's two-sided condition.

use super::{Entry, FROM_LAST_STEP, Policy, PolicyFailure, Step, StepContext, first_trial};
use crate::spec::{Bounds, Description, Parameter, Scale};

const MAX_TRIALS: u32 = 200;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "goldstein",
        title: "Goldstein search",
        short: "Goldstein",
        latex: Description::tex(
            r"f(x_k) - (1 - c)\,\eta_k \lVert g_k \rVert^2 \le f(x_k - \eta_k g_k) \le f(x_k) - c\,\eta_k \lVert g_k \rVert^2",
        ),
        summary: "The loss must fall enough, and not more than expected: steps that are too short are as wrong as those that \
                  are too long. On a parabola η·λ₁ lies between 2c and 2(1 − c).",
        source: "Goldstein, 1965; Nocedal & Wright, 2006",
        parameters: &[
            Parameter::number(
                "c",
                "c",
                "the margin on both sides",
                0.25,
                Bounds::open(0.0, 0.5),
                (0.01, 0.45),
                Scale::Linear,
            ),
            first_trial(FROM_LAST_STEP),
        ],
    },
    build: |spec| Box::new(Goldstein { c: spec.number("c"), eta: spec.number("eta0") }),
};

#[derive(Clone)]
struct Goldstein {
    c: f64,

    /// The first trial.
    eta: f64,
}

impl Policy for Goldstein {
    /// Doubles until a step is too long, then halves the interval between one that is too short and
    /// one too long.
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let reference = context.loss();
        let slope = context.gradient_norm_squared();
        let (mut short, mut long, mut eta) = (0.0, f64::INFINITY, self.eta);
        let mut last = eta;
        for trials in 1..=MAX_TRIALS {
            last = eta;
            let decrease = reference - context.trial_loss(eta);
            if decrease >= self.c * eta * slope {
                if decrease <= (1.0 - self.c) * eta * slope {
                    self.eta = eta;
                    return Ok(Step { reference: Some(reference), trials, ..Step::of(eta) });
                }
                short = eta;
            } else {
                long = eta;
            }
            eta = if long.is_finite() { short + 0.5 * (long - short) } else { 2.0 * eta };
        }
        Err(PolicyFailure::NoAcceptedTrial { trials: MAX_TRIALS, last })
    }
}
