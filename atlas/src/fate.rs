//! What becomes of a run: the content of a pixel.

use crate::MAX_DIMENSION;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// The gradient is small enough after so many steps.
    Converged {
        /// The steps.
        steps: u64,
    },

    /// After all steps it runs in a cycle of this length, 2 to [`MAX_PERIOD`](crate::MAX_PERIOD),
    /// whose swing does not change.
    Periodic {
        /// The length.
        period: u32,
    },

    /// After all steps it comes back to no earlier point but stays in its region, and neighbors
    /// part: the Lyapunov exponent is positive over all of a later stretch.
    Chaotic,

    /// After all steps it is still on its way.
    Unsettled,

    /// The loss exceeded its limit, up or down, or all numbers, at this step.
    Diverged {
        /// The step.
        step: u64,
    },

    /// No step leads away from the iterate.
    Stalled {
        /// The step.
        step: u64,
    },

    /// The loss is not a number where the run starts.
    Undefined,
}

impl Fate {
    /// A small number for its kind, from 1 on; 0 stands for a pixel that is not known yet.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Converged { .. } => 1,
            Self::Periodic { .. } => 2,
            Self::Chaotic => 3,
            Self::Unsettled => 4,
            Self::Diverged { .. } => 5,
            Self::Stalled { .. } => 6,
            Self::Undefined => 7,
        }
    }

    /// Its number: steps or the period; 0 for those without one.
    #[must_use]
    pub fn count(self) -> u64 {
        match self {
            Self::Converged { steps } => steps,
            Self::Periodic { period } => u64::from(period),
            Self::Diverged { step } | Self::Stalled { step } => step,
            Self::Chaotic | Self::Unsettled | Self::Undefined => 0,
        }
    }

    /// The steps that were taken, where `budget` of them were allowed.
    #[must_use]
    pub fn steps(self, budget: u64) -> u64 {
        match self {
            Self::Converged { steps } => steps,
            Self::Diverged { step } | Self::Stalled { step } => step,
            Self::Periodic { .. } | Self::Chaotic | Self::Unsettled => budget,
            Self::Undefined => 0,
        }
    }

    /// The fate with this code and number; None for an unknown code.
    #[must_use]
    pub fn from_code(code: u8, count: u64) -> Option<Self> {
        Some(match code {
            1 => Self::Converged { steps: count },
            2 => Self::Periodic { period: count as u32 },
            3 => Self::Chaotic,
            4 => Self::Unsettled,
            5 => Self::Diverged { step: count },
            6 => Self::Stalled { step: count },
            7 => Self::Undefined,
            _ => return None,
        })
    }

    /// Whether two fates are of one kind, and of one period where they have one: what a map in
    /// single precision must agree on.
    #[must_use]
    pub fn is_alike(self, other: Self) -> bool {
        match (self, other) {
            (Self::Periodic { period: a }, Self::Periodic { period: b }) => a == b,
            // Single precision comes to rest where double precision still creeps.
            (
                Self::Converged { .. } | Self::Stalled { .. } | Self::Unsettled,
                Self::Converged { .. } | Self::Stalled { .. } | Self::Unsettled,
            ) => true,
            _ => self.code() == other.code(),
        }
    }
}

/// A run as a pixel shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pixel {
    /// How it ended.
    pub fate: Fate,

    /// The first coordinates of the last iterate; those beyond its dimension are 0.
    pub last: [f64; MAX_DIMENSION],

    /// λ₁ at the last iterate; NaN where it was not asked for.
    pub sharpness: f64,

    /// The loss at the last iterate; NaN where it was not asked for.
    pub loss: f64,

    /// The share of the test samples that a network takes for what they are at the last iterate;
    /// NaN where it was not asked for, and for regression.
    pub accuracy: f64,

    /// The least eigenvalue of the Hessian at the last iterate, 0 where rounding and the gradient's
    /// tolerance leave its sign open; NaN where it was not asked for or the run has not converged.
    /// Where it is at least 0, that is a minimizer as far as second derivatives tell.
    pub least_curvature: f64,

    /// The share of the steps with 2λ₁/threshold > 2; NaN where it was not asked for.
    pub share: f64,

    /// The mean growth of a small displacement's logarithm a step, with the step sizes held, over
    /// the second half of the budget, or over all steps where the run ended earlier; NaN where it
    /// was not asked for.
    pub lyapunov: f64,
}

impl Pixel {
    /// A pixel with this fate and nothing else.
    #[must_use]
    pub fn of(fate: Fate) -> Self {
        Self {
            fate,
            last: [0.0; MAX_DIMENSION],
            sharpness: f64::NAN,
            loss: f64::NAN,
            accuracy: f64::NAN,
            least_curvature: f64::NAN,
            share: f64::NAN,
            lyapunov: f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for fate in [
            Fate::Converged { steps: 12 },
            Fate::Periodic { period: 4 },
            Fate::Chaotic,
            Fate::Unsettled,
            Fate::Diverged { step: 3 },
            Fate::Stalled { step: 9 },
            Fate::Undefined,
        ] {
            assert_eq!(Fate::from_code(fate.code(), fate.count()), Some(fate));
        }
        assert_eq!(Fate::from_code(0, 0), None);
    }
}
