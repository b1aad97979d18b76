//! How a run ends.

use std::fmt;

use crate::policy::PolicyFailure;

/// How a run ended, and at which iterate.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The gradient is small enough.
    Converged {
        /// The index of the last iterate.
        step: u64,
        /// ‖∇f‖ there.
        gradient_norm: f64,
    },

    /// The loss grew beyond the limit, or beyond all numbers.
    Diverged {
        /// The index of the last iterate.
        step: u64,
        /// What was seen there.
        why: Divergence,
        /// The loss there.
        loss: f64,
        /// The last finite η·λ₁ before it, where the sharpness was recorded.
        product_before: Option<f64>,
    },

    /// No step leads away from the iterate.
    Stalled {
        /// The index of the last iterate.
        step: u64,
        /// Why there is none.
        why: Stall,
    },

    /// All steps were taken, or all oracle calls made.
    Budget {
        /// The index of the last iterate.
        step: u64,
        /// The number of calls, if they were used up.
        calls: Option<u64>,
    },
}

/// Why a run counts as diverged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Divergence {
    /// The loss is above this limit.
    LossAbove(f64),

    /// The loss is infinite or NaN.
    NonFiniteLoss,

    /// The gradient is infinite or NaN.
    NonFiniteGradient,
}

/// Why a run does not move any more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stall {
    /// The step of this size is too small to change the iterate.
    Unmoved(f64),

    /// The policy's step size is this, which is not a positive finite number.
    UnusableStep(f64),

    /// The policy named no step size.
    Policy(PolicyFailure),
}

impl Outcome {
    /// The index of the last iterate.
    #[must_use]
    pub fn step(&self) -> u64 {
        match *self {
            Self::Converged { step, .. }
            | Self::Diverged { step, .. }
            | Self::Stalled { step, .. }
            | Self::Budget { step, .. } => step,
        }
    }

    /// One word for it: `converged`, `diverged`, `stalled` or `budget`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Converged { .. } => "converged",
            Self::Diverged { .. } => "diverged",
            Self::Stalled { .. } => "stalled",
            Self::Budget { .. } => "budget",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Converged { step, gradient_norm } => {
                write!(f, "converged at step {step}: the gradient's norm is {gradient_norm:.3e}")
            }
            Self::Diverged { step, why, product_before, .. } => {
                write!(f, "diverged at step {step}: {why}")?;
                match product_before {
                    Some(product) => write!(f, "; η·λ₁ was {product:.3} the step before"),
                    None => Ok(()),
                }
            }
            Self::Stalled { step, why } => write!(f, "stalled at step {step}: {why}"),
            Self::Budget { step, calls: None } => write!(f, "stopped at step {step}: all steps were taken"),
            Self::Budget { step, calls: Some(calls) } => {
                write!(f, "stopped at step {step}: the {calls} oracle calls are used up")
            }
        }
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LossAbove(limit) => write!(f, "the loss exceeded {limit:e}"),
            Self::NonFiniteLoss => f.write_str("the loss is not a finite number"),
            Self::NonFiniteGradient => f.write_str("the gradient is not finite"),
        }
    }
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmoved(eta) => write!(f, "a step of size {eta:e} leaves the iterate unchanged"),
            Self::UnusableStep(eta) => write!(f, "the policy's step size is {eta}, which is not a usable step"),
            Self::Policy(failure) => failure.fmt(f),
        }
    }
}
