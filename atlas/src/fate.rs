//! What becomes of a run: the content of a pixel.

use crate::MAX_DIMENSION;

/// The longest period that is looked for.
pub const MAX_PERIOD: usize = 32;

/// How close, relative to max(1, |x|), an iterate must come back to count as returned. Rounding noise of an attracting cycle in double
/// precision is orders below it, the drift of a run that is still settling mostly above it.
pub const RETURN: f64 = 1e-6;

/// Orbits smaller than this, relative to max(1, |x|), are points that are being approached.
pub const POINTLIKE: f64 = 1e-5;

/// How many more steps are taken after the budget, to tell chaos from slow settling by the sign of the Lyapunov exponent: as many again,
/// but at least 64 and at most 512. The exponent of n steps is known to some 1/√n.
#[must_use]
pub fn chaos_steps(budget: u64) -> u64 {
    budget.clamp(64, 512)
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// The gradient is small enough after so many steps.
    Converged {
        /// The steps.
        steps: u64,
    },

    /// After all steps it runs in a cycle of this length, 2 to [`MAX_PERIOD`].
    Periodic {
        /// The length.
        period: u32,
    },

    /// After all steps it comes back to no earlier point, and neighbors part: the Lyapunov exponent is positive.
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

    /// Whether two fates are of one kind, and of one period where they have one: what a map in single precision must agree on.
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

    /// The last iterate; coordinates beyond its dimension are 0.
    pub last: [f64; MAX_DIMENSION],

    /// λ₁ at the last iterate; NaN where it was not asked for.
    pub sharpness: f64,

    /// The share of the steps with 2λ₁/threshold > 2; NaN where it was not asked for.
    pub share: f64,

    /// The mean growth of a small displacement's logarithm a step, with the step sizes held, over the second half of the budget, or over
    /// all steps where the run ended earlier; NaN where it was not asked for.
    pub lyapunov: f64,
}

impl Pixel {
    /// A pixel with this fate and nothing else.
    #[must_use]
    pub fn of(fate: Fate) -> Self {
        Self { fate, last: [0.0; MAX_DIMENSION], sharpness: f64::NAN, share: f64::NAN, lyapunov: f64::NAN }
    }
}

/// What an orbit does that used up its steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Orbit {
    /// A cycle of this length.
    Cycle(u32),

    /// It approaches a point.
    Approaching,

    /// Nothing comes back.
    Wandering,
}

/// Looks for the shortest cycle in the last iterates: `at(back)` is the iterate so many steps before the last, for 0 ≤ back < `known`.
///
/// A cycle of length p must close twice, from the last iterate to the one p before and on to the one 2p before.
#[must_use]
pub fn orbit(dimension: usize, known: usize, at: impl Fn(usize, usize) -> f64) -> Orbit {
    let scale = (0..dimension).fold(1.0_f64, |scale, i| scale.max(at(0, i).abs()));
    let distance = |a: usize, b: usize| (0..dimension).fold(0.0_f64, |far, i| far.max((at(a, i) - at(b, i)).abs()));
    for period in 1..=MAX_PERIOD {
        if 2 * period >= known {
            break;
        }
        let returns = distance(0, period) <= RETURN * scale && distance(period, 2 * period) <= RETURN * scale;
        if returns {
            let size = (1..period).fold(0.0_f64, |size, back| size.max(distance(0, back)));
            return if size <= POINTLIKE * scale { Orbit::Approaching } else { Orbit::Cycle(period as u32) };
        }
    }
    Orbit::Wandering
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orbit_of(sequence: impl Fn(usize) -> f64) -> Orbit {
        orbit(1, 2 * MAX_PERIOD + 1, |back, _| sequence(100 - back))
    }

    #[test]
    fn cycles_are_told_from_points_and_from_wandering() {
        assert_eq!(orbit_of(|k| if k % 2 == 0 { 1.0 } else { -1.0 }), Orbit::Cycle(2));
        assert_eq!(orbit_of(|k| (k % 3) as f64), Orbit::Cycle(3));
        assert_eq!(orbit_of(|k| (k % 32) as f64), Orbit::Cycle(32));
        assert_eq!(orbit_of(|k| (k % 33) as f64), Orbit::Wandering);
        assert_eq!(orbit_of(|_| 2.0), Orbit::Approaching);
        // Flipping by a few units of single precision's rounding is resting.
        assert_eq!(orbit_of(|k| if k % 2 == 0 { 1.0 } else { 1.0 + 3e-7 }), Orbit::Approaching);
        assert_eq!(orbit_of(|k| (k as f64 * 2.0_f64.sqrt()).sin()), Orbit::Wandering);
        // Settling slowly on a 2-cycle, by 4e-3 a return: not there yet.
        assert_eq!(orbit_of(|k| if k % 2 == 0 { 0.998_f64.powi(k as i32) } else { 0.0 }), Orbit::Wandering);
    }

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
