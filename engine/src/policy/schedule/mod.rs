//! Step sizes that are fixed in advance: they depend on how many steps the policy has taken, and on
//! nothing it sees.
//!
//! A policy that takes over in the middle of a run counts from there.

pub(super) mod cyclic;
pub(super) mod decay;
pub(super) mod gd_warmup;
pub(super) mod long_steps;
pub(super) mod silver;
pub(super) mod warmup;

use super::{Policy, PolicyFailure, Step, StepContext, divisor};
use crate::spec::{Bounds, Parameter, ParameterKind, Scale};

/// The smoothness that the schedules of the theory divide by.
const SMOOTHNESS: Parameter = Parameter {
    key: "smoothness",
    symbol: "L",
    help: "the smoothness that the steps are for",
    order: None,
    kind: ParameterKind::OptionalNumber {
        absent: "the sharpness where the policy starts",
        bounds: Bounds::POSITIVE,
        slider: (0.1, 100.0),
        scale: Scale::Log,
    },
};

/// A schedule: η from the number of steps taken.
#[derive(Clone)]
struct Schedule<F> {
    eta: F,
    taken: u64,
}

impl<F: Fn(u64) -> f64> Schedule<F> {
    fn new(eta: F) -> Self {
        Self { eta, taken: 0 }
    }
}

impl<F: Fn(u64) -> f64 + Clone + Send> Policy for Schedule<F> {
    fn step_size(&mut self, _context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let eta = (self.eta)(self.taken);
        self.taken += 1;
        Ok(Step::of(eta))
    }
}

/// A schedule of multiples of 1/L.
#[derive(Clone)]
struct PerSmoothness<F> {
    smoothness: Option<f64>,
    multiple: F,
    taken: u64,
}

impl<F: Fn(u64) -> f64 + Clone + Send> Policy for PerSmoothness<F> {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let smoothness = match self.smoothness {
            Some(smoothness) => smoothness,
            None => *self.smoothness.insert(divisor("λ₁", context.sharpness())?),
        };
        let multiple = (self.multiple)(self.taken);
        self.taken += 1;
        Ok(Step::of(multiple / smoothness))
    }
}
