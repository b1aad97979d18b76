//! The line searches of the Flatland paper, which accept a step where
//!
//! f(x − ηg) ≤ R − cη‖g‖².
//!
//! The reference R is f(x), or for the nonmonotone ones a weighted mean of all losses so far ([`ZhangHager`]). The first
//! trial is the step before, or Polyak's. A trial that fails is multiplied by δ until one holds; where the first trial
//! holds at once, the nonmonotone and the monotone search *grow* the step until one fails, so that the step taken is
//! within one factor of the largest the condition allows. Large steps are the point: on the edge of stability from the
//! first step on.
//!
//! Source: Galli, Fox, Bartolomaeus, Schmidt & Rauhut, 2026, arXiv 2606.06722, with the constants of their experiments.
//! The reference is that of Zhang & Hager, 2004. Cost: one loss, and one for each trial; about four a step.

pub(super) mod capped;
pub(super) mod monotone;
pub(super) mod nonmonotone;
pub(super) mod polyak;
mod zhang_hager;

use super::{Policy, PolicyFailure, Step, StepContext, assumed_minimum};
use crate::description::{Bounds, Parameter, Scale};
use zhang_hager::ZhangHager;

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

const ETA0: Parameter = Parameter::number(
    "eta0",
    "η₀",
    "the first trial of the first step",
    1.0,
    Bounds::POSITIVE,
    (1e-2, 1e2),
    Scale::Log,
);

const XI: Parameter = Parameter::number(
    "xi",
    "ξ",
    "the memory: 0 compares with the last loss, 1 with the mean of all",
    1.0,
    Bounds::closed(0.0, 1.0),
    (0.0, 1.0),
    Scale::Linear,
);

/// Which step size to try first.
enum FirstTrial {
    /// The step before.
    Previous { eta: f64 },

    /// (f − f*)/(c_p‖g‖²).
    Polyak { c_p: f64, f_star: Option<f64> },
}

/// What to do where the first trial holds.
enum Growth {
    /// Take it.
    Never,

    /// Divide by `factor` until a trial fails.
    Unbounded { factor: f64 },

    /// Divide by δ once, if the result is below `cap`.
    OnceBelow { cap: f64 },
}

/// A line search; its entries differ in these fields only.
struct LineSearch {
    c: f64,
    delta: f64,

    /// None for the monotone search: R = f(x).
    reference: Option<ZhangHager>,

    first_trial: FirstTrial,
    growth: Growth,

    /// Whether a search gives up below [`ETA_MIN`] rather than after [`MAX_TRIALS`] only.
    stops_at_eta_min: bool,
}

impl Policy for LineSearch {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let loss = context.loss();
        let first = self.first_trial(loss, context);
        let reference = self.reference.as_mut().map_or(loss, |reference| reference.update(loss));
        let mut search = Search {
            reference,
            slope: self.c * context.gradient_norm_squared(),
            delta: self.delta,
            eta_min: if self.stops_at_eta_min { ETA_MIN } else { 0.0 },
            cuts: 0,
            trials: 0,
        };
        let mut eta = search.run(first, context);
        while let (Some(accepted), true) = (eta, search.cuts == 0) {
            let larger = match self.growth {
                Growth::Unbounded { factor } => accepted / factor,
                Growth::OnceBelow { cap } if accepted == first && accepted / self.delta < cap => accepted / self.delta,
                Growth::Never | Growth::OnceBelow { .. } => break,
            };
            // A search that ends empty-handed has grown beyond every number: the step before it stands.
            eta = search.run(larger, context).or(Some(accepted));
        }
        let eta = eta.unwrap_or(ETA_MIN);
        if let FirstTrial::Previous { eta: previous } = &mut self.first_trial {
            *previous = eta;
        }
        Ok(Step { eta, reference: Some(reference), trials: search.trials })
    }
}

impl LineSearch {
    fn first_trial(&self, loss: f64, context: &StepContext<'_>) -> f64 {
        let eta = match self.first_trial {
            FirstTrial::Previous { eta } => eta,
            FirstTrial::Polyak { c_p, f_star } => {
                // The small number keeps the quotient defined where the gradient vanishes.
                (loss - assumed_minimum(f_star, context)) / (c_p * context.gradient_norm_squared() + 1e-8)
            }
        };
        let eta = eta.clamp(ETA_MIN, ETA_MAX);
        match self.growth {
            Growth::OnceBelow { cap } => eta.min(cap),
            Growth::Never | Growth::Unbounded { .. } => eta,
        }
    }
}

/// The searches of one step: they share the condition and the counts.
struct Search {
    reference: f64,
    slope: f64,
    delta: f64,
    eta_min: f64,
    cuts: u32,
    trials: u32,
}

impl Search {
    /// The first of η, δη, δ²η, … at which the condition holds; None if none of the trials does.
    fn run(&mut self, mut eta: f64, context: &mut StepContext<'_>) -> Option<f64> {
        for _ in 0..MAX_TRIALS {
            if self.holds(eta, context) {
                return Some(eta);
            }
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
