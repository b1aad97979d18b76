//! Methods that do not move along the gradient at the iterate: momentum, a look uphill, and the
//! flows that they discretize. Each has its own edge of stability.

pub(super) mod central_flow;
pub(super) mod gradient_flow;
pub(super) mod heavy_ball;
pub(super) mod nesterov;
pub(super) mod sam;

use super::{Entry, Motion, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Parameter, Scale};

const BETA: Parameter = Parameter::number(
    "beta",
    "β",
    "the part of the last displacement to repeat",
    0.9,
    Bounds::closed(0.0, 1.0),
    (0.0, 0.99),
    Scale::Linear,
);

/// The step η that the policy has put down itself.
fn own(eta: f64, threshold: f64) -> Result<Step, PolicyFailure> {
    Ok(Step { motion: Motion::Own { threshold }, ..Step::of(eta) })
}
