//! The line searches of the Flatland paper and those they come from, which accept a step where
//!
//! f(x − ηg) ≤ R − cη‖g‖².
//!
//! The reference R is f(x), or for the nonmonotone ones a weighted mean of all losses so far or the
//! largest of the last few ([`Reference`]). The first trial is the step before, Polyak's, or
//! another one ([`FirstTrial`]). A trial that fails is multiplied by δ until one holds; where the
//! first trial holds at once, the paper's searches *grow* the step until one fails, so that the
//! step taken is within one factor of the largest the condition allows. Large steps are the point:
//! on the edge of stability from the first step on.
//!
//! Source: Galli, Fox, Bartolomaeus, Schmidt & Rauhut, 2026, arXiv 2606.06722, with the constants
//! of their experiments. The reference is that of Zhang & Hager, 2004. Cost: one loss, and one for
//! each trial; about four a step.

pub(super) mod capped;
pub(super) mod classical;
mod first_trial;
pub(super) mod monotone;
pub(super) mod no_tune;
pub(super) mod nonmonotone;
pub(super) mod polyak;
pub(super) mod ponos;
mod reference;

use super::{Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Parameter, Scale};
use first_trial::FirstTrial;
use reference::{Reference, ZhangHager};

/// The smallest first trial, and the step taken where every trial failed.
const ETA_MIN: f64 = 1e-6;

/// The largest first trial.
const ETA_MAX: f64 = 1e4;

/// Trials in one search; growing starts a new one.
const MAX_TRIALS: u32 = 100;

const C: Parameter = Parameter::number(
    "c",
    "c",
    "the part of the expected decrease to ask for",
    1e-4,
    Bounds::open(0.0, 1.0),
    (1e-4, 0.9),
    Scale::Log,
);

const DELTA: Parameter =
    Parameter::number("delta", "δ", "the factor of a cut", 0.5, Bounds::closed(0.01, 0.99), (0.1, 0.9), Scale::Linear);

const ETA0: Parameter = super::first_trial("the first trial of the first step");

const XI: Parameter = Parameter::number(
    "xi",
    "ξ",
    "the memory: 0 compares with the last loss, 1 with the mean of all",
    1.0,
    Bounds::closed(0.0, 1.0),
    (0.0, 1.0),
    Scale::Linear,
);

/// What to do where the first trial holds.
#[derive(Clone)]
enum Growth {
    /// Take it.
    Never,

    /// Divide by `factor` until a trial fails.
    Unbounded { factor: f64 },

    /// Divide by δ once, if the result is below `cap`.
    OnceBelow { cap: f64 },

    /// Divide by δ until a trial fails, or `cap` itself holds.
    UpTo { cap: f64 },
}

/// What to do where all trials fail.
#[derive(Clone)]
enum Otherwise {
    /// Take [`ETA_MIN`], as the paper's experiments do.
    Minimal,

    /// Stall.
    Nothing,
}

/// A line search; its entries differ in these fields only.
#[derive(Clone)]
struct LineSearch {
    c: f64,
    delta: f64,

    reference: Reference,
    first_trial: FirstTrial,
    growth: Growth,
    otherwise: Otherwise,

    /// Whether a search gives up below [`ETA_MIN`] rather than after [`MAX_TRIALS`] only.
    stops_at_eta_min: bool,
}

impl Policy for LineSearch {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let loss = context.loss();
        let first = self.first_trial.propose(loss, context)?;
        let first = match self.growth {
            Growth::OnceBelow { cap } | Growth::UpTo { cap } => first.min(cap),
            Growth::Never | Growth::Unbounded { .. } => first,
        };
        let reference = self.reference.update(loss);
        let mut search = Search {
            reference,
            slope: self.c * context.gradient_norm_squared(),
            delta: self.delta,
            eta_min: if self.stops_at_eta_min { ETA_MIN } else { 0.0 },
            cuts: 0,
            trials: 0,
            last: first,
        };
        let eta = search.run(first, context).map(|accepted| self.grow(first, accepted, &mut search, context));
        let eta = match (eta, &self.otherwise) {
            (Some(eta), _) => eta,
            (None, Otherwise::Minimal) => ETA_MIN,
            (None, Otherwise::Nothing) => {
                let Search { trials, last, .. } = search;
                return Err(PolicyFailure::NoAcceptedTrial { trials, last });
            }
        };
        self.first_trial.learn(eta, search.cuts);
        Ok(Step { reference: Some(reference), trials: search.trials, ..Step::of(eta) })
    }
}

impl LineSearch {
    /// The step to take where the first trial was `first` and the step `accepted` holds.
    fn grow(&self, first: f64, mut accepted: f64, search: &mut Search, context: &mut StepContext<'_>) -> f64 {
        while search.cuts == 0 {
            let larger = match self.growth {
                Growth::Unbounded { factor } => accepted / factor,
                Growth::OnceBelow { cap } if accepted == first && accepted / self.delta < cap => accepted / self.delta,
                Growth::UpTo { cap } if accepted < cap => {
                    let larger = (accepted / self.delta).min(cap);
                    // From the cap a cut would not lead back to the step that holds.
                    if !search.holds(larger, context) {
                        break;
                    }
                    accepted = larger;
                    continue;
                }
                Growth::Never | Growth::OnceBelow { .. } | Growth::UpTo { .. } => break,
            };
            match search.run(larger, context) {
                Some(eta) => accepted = eta,
                // A search that ends empty-handed has grown beyond every number: the step before it
                // stands.
                None => break,
            }
        }
        accepted
    }
}

/// The searches of one step: they share the condition and the counts.
#[derive(Clone)]
struct Search {
    reference: f64,
    slope: f64,
    delta: f64,
    eta_min: f64,
    cuts: u32,
    trials: u32,

    /// The last step that was tried in vain.
    last: f64,
}

impl Search {
    /// The first of η, δη, δ²η, … at which the condition holds; None if none of the trials does.
    fn run(&mut self, mut eta: f64, context: &mut StepContext<'_>) -> Option<f64> {
        for _ in 0..MAX_TRIALS {
            if self.holds(eta, context) {
                return Some(eta);
            }
            self.last = eta;
            eta *= self.delta;
            self.cuts += 1;
            if eta < self.eta_min {
                break;
            }
        }
        None
    }

    fn holds(&mut self, eta: f64, context: &mut StepContext<'_>) -> bool {
        self.trials += 1;
        let loss = context.trial_loss(eta);
        eta.is_finite() && loss.is_finite() && loss <= self.reference - eta * self.slope
    }
}
