//! The step size that a search tries first.

use crate::policy::barzilai_borwein::BarzilaiBorwein;
use crate::policy::{PolicyFailure, StepContext, height};
use crate::random::Random;

use super::{ETA_MAX, ETA_MIN};

/// The first trial, with what it remembers from step to step.
#[derive(Clone)]
pub(super) enum FirstTrial {
    /// The step before.
    Previous { eta: f64 },

    /// Always the same.
    Same { eta: f64 },

    /// (f − f*)/(c_p‖g‖²).
    Polyak { c_p: f64, f_star: Option<f64> },

    /// The same times δ^l, at most `eta_max`, where l is the number of cuts that the last steps
    /// needed, less one a step.
    PolyakWithMemory { c_p: f64, f_star: Option<f64>, eta_max: f64, delta: f64, cuts: u32 },

    /// The step of Barzilai and Borwein.
    BarzilaiBorwein(BarzilaiBorwein),

    /// The first trial before, divided by a random number from 0.1 to 0.9 where it held, at most
    /// `eta_max`.
    Random { eta: f64, eta_max: f64, random: Option<Random> },
}

impl FirstTrial {
    /// The first trial at an iterate with this loss.
    ///
    /// # Errors
    ///
    /// If it is measured from an assumed minimum that the loss is not above.
    pub fn propose(&mut self, loss: f64, context: &StepContext<'_>) -> Result<f64, PolicyFailure> {
        Ok(match self {
            Self::Previous { eta } => eta.clamp(ETA_MIN, ETA_MAX),
            Self::Same { eta } => *eta,
            Self::Polyak { c_p, f_star } => polyak(loss, *c_p, *f_star, context)?.clamp(ETA_MIN, ETA_MAX),
            Self::PolyakWithMemory { c_p, f_star, eta_max, delta, cuts } => {
                let shrink = libm::pow(*delta, f64::from(*cuts));
                (polyak(loss, *c_p, *f_star, context)? * shrink).min(*eta_max)
            }
            Self::BarzilaiBorwein(policy) => policy.eta(context),
            Self::Random { eta, random, .. } => {
                random.get_or_insert_with(|| Random::new(context.seed()));
                *eta
            }
        })
    }

    /// Takes in the step that was taken, and how many trials were cut before it.
    pub fn learn(&mut self, taken: f64, new_cuts: u32) {
        match self {
            Self::Same { .. } | Self::Polyak { .. } | Self::BarzilaiBorwein(_) => {}
            Self::Previous { eta } => *eta = taken,
            Self::PolyakWithMemory { cuts, .. } => *cuts = (*cuts + new_cuts).saturating_sub(1),
            Self::Random { eta, eta_max, random } => {
                if let (0, Some(random)) = (new_cuts, random) {
                    *eta = (*eta / random.truncated_normal(0.5, 1.0, 0.1, 0.9)).min(*eta_max);
                }
            }
        }
    }
}

fn polyak(loss: f64, c_p: f64, f_star: Option<f64>, context: &StepContext<'_>) -> Result<f64, PolicyFailure> {
    // The small number keeps the quotient defined where the gradient vanishes.
    Ok(height(f_star, loss, context)? / (c_p * context.gradient_norm_squared() + 1e-8))
}
