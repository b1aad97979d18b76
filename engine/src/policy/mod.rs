//! Step-size policies: what chooses η in x ← x − η∇f(x).
//!
//! A [`Policy`] sees the iterate through a [`StepContext`], which counts what it asks for. A step
//! size that is not a positive finite number ends the run with the outcome *stalled*; a policy need
//! not guard against it. A method that does not move along the gradient, such as momentum, puts its
//! next iterate down itself and says where its own edge of stability is ([`Motion`]).
//!
//! To add one: write its file, with its [`Entry`] beside it, and add the entry's line to the
//! catalogue.

mod adagrad_norm;
mod adgd;
mod armijo;
mod barzilai_borwein;
mod catalogue;
mod cdat;
mod clipped;
mod constant;
mod context;
mod dog;
mod exact_line_search;
mod expression;
mod gd_polyak;
mod goldstein;
mod l0_l1;
mod line_search;
mod motion;
mod normalized;
mod polyak;
mod schedule;
mod sharpness;
mod sps_max;
mod sqrt_loss;
mod strongly_adapted;
mod wolfe;

pub use catalogue::{catalogue, find, groups};
pub use context::{Evaluations, Previous, StepContext};
pub(crate) use context::{Point, Workspace, take_step};
pub use expression::VARIABLES as RULE_VARIABLES;
pub(crate) use expression::install as install_rules;

use dyn_clone::DynClone;

use crate::number::rounded;
use crate::spec::{Bounds, Description, FieldError, Parameter, Scale, Spec, complete_spec};

/// Chooses step sizes along one run; it may keep state from step to step.
pub trait Policy: DynClone + Send {
    /// The step to take from the context's iterate.
    ///
    /// # Errors
    ///
    /// If the policy cannot name a step size at all.
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure>;
}

dyn_clone::clone_trait_object!(Policy);

/// The first trial of a search, as a parameter; `help` says of which.
const fn first_trial(help: &'static str) -> Parameter {
    Parameter::number("eta0", "η₀", help, 1.0, Bounds::POSITIVE, (1e-2, 1e2), Scale::Log)
}

/// The help of [`first_trial`] where a search begins with the step before.
const FROM_LAST_STEP: &str = "the first trial of the first step; later ones start from the step before";

/// A policy's decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The step size η.
    pub eta: f64,

    /// The value R against which a line search compared its trials.
    pub reference: Option<f64>,

    /// The number of step sizes that were tried.
    pub trials: u32,

    /// Where it leads.
    pub motion: Motion,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Motion {
    /// To x − η∇f(x). On a quadratic this is unstable where λ₁ exceeds 2/η.
    Descent,

    /// To the point that the policy has put down with [`StepContext::go_to`].
    Own {
        /// The λ₁ above which the method is unstable on a quadratic.
        threshold: f64,
    },
}

impl Step {
    /// A step size that was computed, not searched.
    #[must_use]
    pub const fn of(eta: f64) -> Self {
        Self { eta, reference: None, trials: 0, motion: Motion::Descent }
    }

    /// The λ₁ above which a method of such steps is unstable on a quadratic.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        match self.motion {
            Motion::Descent => 2.0 / self.eta,
            Motion::Own { threshold } => threshold,
        }
    }
}

/// Why a policy named no step size.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PolicyFailure {
    /// A search ran out of trials.
    #[error("none of {trials} trial steps, down to {}, fulfilled the search's condition", rounded(*last))]
    NoAcceptedTrial {
        /// The number of trials.
        trials: u32,
        /// The last step size tried.
        last: f64,
    },

    /// A policy that measures f from its minimum has come to the value it assumes for it, or below,
    /// and there is a slope still.
    #[error("f = {} is {} the assumed f* = {}; set f* to the minimum", rounded(*loss), relation(*loss, *f_star), rounded(*f_star))]
    AtAssumedMinimum {
        /// f(x).
        loss: f64,
        /// f*.
        f_star: f64,
    },

    /// A policy that divides by a curvature has found it to be 0.
    #[error("{0} is 0 there, and the policy divides by it")]
    NoCurvature(&'static str),

    /// A policy that needs a curvature has found it to be no number.
    #[error("{0} is not a number there, and the policy needs it")]
    UndefinedCurvature(&'static str),
}

/// How a loss that is not above f* stands to it.
fn relation(loss: f64, f_star: f64) -> &'static str {
    if loss < f_star { "below" } else { "already at" }
}

/// A policy in the catalogue.
pub struct Entry {
    /// What it says about itself.
    pub description: &'static Description,

    /// Builds it; the spec is complete and valid.
    pub(crate) build: fn(&Spec) -> Box<dyn Policy>,
}

impl Entry {
    /// Builds the policy that `spec` describes.
    ///
    /// # Errors
    ///
    /// If the spec names another policy or has an unknown or invalid parameter.
    pub fn build(&self, spec: &Spec) -> Result<Box<dyn Policy>, FieldError> {
        Ok((self.build)(&complete_spec(spec, self.description, "policy")?))
    }
}

/// The value of the minimum that a policy is to assume: its own parameter, or what is known, or
/// else 0.
fn assumed_minimum(parameter: Option<f64>, context: &StepContext<'_>) -> f64 {
    parameter.or_else(|| context.minimum()).unwrap_or(0.0)
}

/// f(x) − f*, by the assumed f*.
///
/// # Errors
///
/// Where it is not positive.
fn height(parameter: Option<f64>, loss: f64, context: &StepContext<'_>) -> Result<f64, PolicyFailure> {
    let f_star = assumed_minimum(parameter, context);
    if loss > f_star { Ok(loss - f_star) } else { Err(PolicyFailure::AtAssumedMinimum { loss, f_star }) }
}

/// The curvature, by the name given, as a divisor.
///
/// # Errors
///
/// Where it is 0 or NaN.
fn divisor(name: &'static str, curvature: f64) -> Result<f64, PolicyFailure> {
    if curvature == 0.0 {
        Err(PolicyFailure::NoCurvature(name))
    } else if curvature.is_nan() {
        Err(PolicyFailure::UndefinedCurvature(name))
    } else {
        Ok(curvature)
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, DVector};

    use super::context::{Point, Workspace};
    use super::{Evaluations, StepContext, assumed_minimum};
    use crate::objective::{DenseHessian, Gradient, HessianVectorProduct, Objective, Value};
    use crate::spectrum::Precision;

    /// A constant, of which the minimum is known or not.
    struct Flat(Option<f64>);

    impl Value for Flat {
        fn dimension(&self) -> usize {
            1
        }

        fn value(&self, _x: &DVector<f64>) -> f64 {
            -3.0
        }
    }

    impl Gradient for Flat {
        fn gradient(&self, _x: &DVector<f64>, gradient: &mut DVector<f64>) {
            gradient.fill(0.0);
        }
    }

    impl HessianVectorProduct for Flat {
        fn hessian_vector_product(&self, _x: &DVector<f64>, _v: &DVector<f64>, product: &mut DVector<f64>) {
            product.fill(0.0);
        }
    }

    impl DenseHessian for Flat {
        fn hessian(&self, _x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
            hessian.fill(0.0);
        }
    }

    impl Objective for Flat {
        fn minimum(&self) -> Option<f64> {
            self.0
        }

        fn flattest_sharpness(&self) -> Option<f64> {
            self.0.map(|_| 0.0)
        }
    }

    #[test]
    fn a_minimum_is_what_was_given_or_is_known_or_else_0() {
        for (given, known, expected) in
            [(None, None, 0.0), (None, Some(-3.0), -3.0), (Some(-4.0), Some(-3.0), -4.0), (Some(-4.0), None, -4.0)]
        {
            let context = StepContext {
                objective: &Flat(known),
                step: 0,
                point: &Point::zeros(1),
                previous: None,
                workspace: &mut Workspace::new(&Flat(known), Precision::default()),
                evaluations: &mut Evaluations::default(),
                destination: &mut DVector::zeros(1),
                seed: 0,
                sharpness: None,
                loss_is_paid: false,
                sharpness_is_paid: false,
            };
            assert_eq!(assumed_minimum(given, &context), expected);
            assert_eq!(context.minimum(), known);
        }
    }
}
