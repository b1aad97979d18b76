//! What is known at one iterate.

use crate::policy::Evaluations;

/// Which costly quantities to record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// λ₁; without it [`Record::sharpness`] is NaN.
    pub sharpness: bool,
}

impl Default for Recording {
    /// Everything.
    fn default() -> Self {
        Self { sharpness: true }
    }
}

/// One iterate xₖ: everything in it was measured there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// k.
    pub step: u64,

    /// f(xₖ).
    pub loss: f64,

    /// ‖∇f(xₖ)‖.
    pub gradient_norm: f64,

    /// λ₁(xₖ), the algebraically largest eigenvalue of the Hessian, so that it may be negative. NaN
    /// where it was not recorded or the Hessian is not finite.
    pub sharpness: f64,

    /// ηₖ, with which xₖ is left; None where the run stops.
    pub step_size: Option<f64>,

    /// The λ₁ above which the method is unstable on a quadratic: 2/ηₖ for gradient descent, another
    /// one for methods with momentum and the like. None where the run stops.
    pub threshold: Option<f64>,

    /// The reference Rₖ of a line search.
    pub reference: Option<f64>,

    /// The number of trial steps of a line search.
    pub trials: u32,

    /// The evaluations since the start, those at xₖ included.
    pub evaluations: Evaluations,
}

impl Record {
    /// What stands before the first record.
    pub(super) const NONE: Self = Self {
        step: 0,
        loss: f64::NAN,
        gradient_norm: f64::NAN,
        sharpness: f64::NAN,
        step_size: None,
        threshold: None,
        reference: None,
        trials: 0,
        evaluations: Evaluations { function: 0, gradient: 0, hvp: 0 },
    };

    /// 2·λ₁(xₖ)/threshold, where both are known: at 2 the method is at its own edge of stability.
    /// For gradient descent this is ηₖ·λ₁(xₖ).
    #[must_use]
    pub fn product(&self) -> Option<f64> {
        let (eta, threshold) = (self.step_size?, self.threshold?);
        if threshold == 2.0 / eta {
            return self.step_times_sharpness();
        }
        (!self.sharpness.is_nan()).then(|| 2.0 * self.sharpness / threshold)
    }

    /// ηₖ·λ₁(xₖ), where both are known, whatever the method.
    #[must_use]
    pub fn step_times_sharpness(&self) -> Option<f64> {
        self.step_size.filter(|_| !self.sharpness.is_nan()).map(|eta| eta * self.sharpness)
    }
}
