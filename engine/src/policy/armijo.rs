//! Armijo's backtracking, from the same first trial at every step or from a multiple of the last
//! step.

use super::{Entry, Policy, PolicyFailure, Spec, Step, StepContext, first_trial};
use crate::spec::{Bounds, Description, Parameter, Scale};

/// Cuts after which the search gives up; at the default shrink the step has long vanished by then.
const MAX_TRIALS: u32 = 1000;

const fn decrease(default: f64) -> Parameter {
    let help = "the part of the expected decrease to ask for";
    Parameter::number("c", "c", help, default, Bounds::open(0.0, 1.0), (1e-4, 0.9), Scale::Log)
}

const fn shrink(default: f64) -> Parameter {
    let bounds = Bounds::closed(0.01, 0.99);
    Parameter::number("shrink", "β", "the factor of a cut", default, bounds, (0.1, 0.95), Scale::Linear)
}

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "armijo",
        title: "Armijo backtracking",
        short: "Armijo",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le f(x_k) - c\,\eta_k \lVert g_k \rVert^2, \quad \eta_k = \eta_0 \beta^j",
        ),
        summary: "Cuts the step until the loss falls enough. The loss is monotone, the sharpness may keep growing and the \
                  steps shrink with it.",
        source: "Armijo, 1966",
        parameters: &[first_trial("the first trial of every step"), decrease(1e-4), shrink(0.5)],
    },
    build: |spec| Box::new(Armijo::new(spec, None)),
};

pub(super) const STOCHASTIC_ENTRY: Entry = Entry {
    description: &Description {
        name: "armijo-sls",
        title: "Armijo from the last step (SLS)",
        short: "SLS",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le f(x_k) - c\,\eta_k \lVert g_k \rVert^2, \quad \eta_k = \gamma\,\eta_{k-1} \beta^j",
        ),
        summary: "Backtracking that tries γ times its last step first, with full batches. Few cuts a step, steps that follow the \
                  curvature, and a loss that never rises.",
        source: "Vaswani et al., 2019, arXiv 1905.09997",
        parameters: &[
            first_trial("the first trial of the first step"),
            decrease(0.1),
            shrink(0.9),
            Parameter::number(
                "growth",
                "γ",
                "the first trial over the last step",
                2.0,
                Bounds::closed(1.0, 100.0),
                (1.0, 10.0),
                Scale::Log,
            ),
        ],
    },
    build: |spec| Box::new(Armijo::new(spec, Some(spec.number("growth")))),
};

/// The largest step that a growing first trial may reach: where nothing is ever cut it would
/// overflow.
const MAX_FIRST_TRIAL: f64 = 1e10;

#[derive(Clone)]
struct Armijo {
    /// The next first trial.
    eta0: f64,
    c: f64,
    shrink: f64,

    /// The next first trial over the step accepted; None for always the same first trial.
    growth: Option<f64>,
}

impl Armijo {
    fn new(spec: &Spec, growth: Option<f64>) -> Self {
        Self { eta0: spec.number("eta0"), c: spec.number("c"), shrink: spec.number("shrink"), growth }
    }
}

impl Policy for Armijo {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let reference = context.loss();
        let slope = self.c * context.gradient_norm_squared();
        let mut eta = self.eta0;
        for trials in 1..=MAX_TRIALS {
            if context.trial_loss(eta) <= reference - eta * slope {
                if let Some(growth) = self.growth {
                    self.eta0 = (growth * eta).min(MAX_FIRST_TRIAL);
                }
                return Ok(Step { reference: Some(reference), trials, ..Step::of(eta) });
            }
            eta *= self.shrink;
        }
        Err(PolicyFailure::NoAcceptedTrial { trials: MAX_TRIALS, last: eta / self.shrink })
    }
}
