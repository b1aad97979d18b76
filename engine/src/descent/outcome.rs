//! How a run ends.

use std::fmt;

use super::limit::Limit;
use super::ray::Ray;
use crate::number::rounded;
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
        /// What kind of point it is.
        to: Limit,
    },

    /// The loss grew beyond the limit, or beyond all numbers, or is not defined.
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

    /// The loss fell below −`stop.loss`, or below all numbers.
    Unbounded {
        /// The index of the last iterate.
        step: u64,
        /// The loss there.
        loss: f64,
        /// `stop.loss`.
        limit: f64,
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
#[derive(Clone, Debug, PartialEq)]
pub enum Divergence {
    /// The loss is above this limit.
    LossAbove(f64),

    /// The loss is +∞.
    InfiniteLoss,

    /// The loss is NaN; the part of a formula that is, if it is one.
    UndefinedLoss(Option<String>),

    /// The gradient is infinite or NaN; the part of a formula that has none, if it is one.
    NonFiniteGradient(Option<String>),
}

/// Why a run does not move any more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stall {
    /// The step of this size is too small to change the iterate.
    Unmoved(f64),

    /// The policy's step size is this, which is not a positive finite number.
    UnusableStep(f64),

    /// A search found no step.
    NoStep {
        /// The number of trials.
        trials: u32,
        /// The last step size tried.
        last: f64,
        /// What the loss does along the ray that was searched.
        ray: Ray,
    },

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
            | Self::Unbounded { step, .. }
            | Self::Stalled { step, .. }
            | Self::Budget { step, .. } => step,
        }
    }

    /// One word for it: `converged`, `diverged`, `unbounded`, `stalled` or `budget`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Converged { .. } => "converged",
            Self::Diverged { .. } => "diverged",
            Self::Unbounded { .. } => "unbounded",
            Self::Stalled { .. } => "stalled",
            Self::Budget { .. } => "budget",
        }
    }

    /// What a converged run has converged to.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        match *self {
            Self::Converged { to, .. } => Some(to),
            _ => None,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Converged { step, gradient_norm, to } => {
                write!(f, "converged at step {step} to {to}; the gradient's norm is {}", rounded(*gradient_norm))
            }
            Self::Diverged { step, why, product_before, .. } => {
                write!(f, "diverged at step {step}: {why}")?;
                match product_before {
                    Some(product) => write!(f, "; η·λ₁ was {} the step before", rounded(*product)),
                    None => Ok(()),
                }
            }
            Self::Unbounded { step, loss, .. } if loss.is_infinite() => {
                write!(f, "unbounded below: at step {step} the loss is −∞")
            }
            Self::Unbounded { step, limit, .. } => {
                write!(f, "unbounded below: at step {step} the loss fell below {}", rounded(-limit))
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
            Self::LossAbove(limit) => write!(f, "the loss exceeded {}", rounded(*limit)),
            Self::InfiniteLoss => f.write_str("the loss is +∞, beyond all numbers"),
            Self::UndefinedLoss(Some(part)) => write!(f, "the loss is not a number, because {part} is none there"),
            Self::UndefinedLoss(None) => f.write_str("the loss is not a number (NaN)"),
            Self::NonFiniteGradient(Some(part)) => {
                write!(f, "the gradient is not finite, because {part} has no derivative there")
            }
            Self::NonFiniteGradient(None) => f.write_str("the gradient is not finite"),
        }
    }
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Unmoved(eta) => write!(f, "a step of size {} leaves the iterate unchanged", rounded(eta)),
            Self::UnusableStep(eta) => {
                write!(f, "the policy's step size is {}, which is not a usable step", rounded(eta))
            }
            Self::NoStep { trials, last, ray } => match ray {
                Ray::Falls => write!(
                    f,
                    "the loss falls along the whole ray x − η∇f, however large the step: a search finds no end there"
                ),
                Ray::LastDigits => write!(
                    f,
                    "no step decreases the loss by more than its last digits: {trials} trial steps, down to {}, \
                     cannot be told apart",
                    rounded(last)
                ),
                Ray::Undefined => write!(
                    f,
                    "the loss is not a finite number at any of {trials} trial steps, down to {}",
                    rounded(last)
                ),
                Ray::Ordinary => {
                    write!(
                        f,
                        "none of {trials} trial steps, down to {}, fulfilled the search's condition",
                        rounded(last)
                    )
                }
            },
            Self::Policy(failure) => failure.fmt(f),
        }
    }
}
