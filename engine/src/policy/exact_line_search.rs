//! The exact line search, Cauchy's steepest descent.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::description::{Bounds, Description, Parameter, Scale};

/// Doublings and halvings while looking for an interval that holds a minimum.
const MAX_BRACKETING: u32 = 200;

/// Steps of Brent's method; golden sections alone would need about 40.
const MAX_REFINING: u32 = 100;

/// The relative width to end at: the loss cannot tell smaller differences apart.
const PRECISION: f64 = 1e-8;

/// (3 − √5)/2.
const GOLDEN: f64 = 0.381_966_011_250_105_1;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "exact-line-search",
        title: "Exact line search",
        short: "exact LS",
        latex: r"\eta_k = \operatorname{arg\,min}_{\eta > 0} f(x_k - \eta g_k)",
        summary: "The step to the lowest point along the gradient. η is the inverse of the curvature along it, so that η·λ₁ \
                  is at least 1; consecutive gradients are at right angles, and the descent zigzags.",
        source: "Cauchy, 1847; the minimum by Brent, 1973",
        parameters: &[Parameter::number(
            "eta0",
            "η₀",
            "the first trial of the first step; later ones start from the step before",
            1.0,
            Bounds::POSITIVE,
            (1e-2, 1e2),
            Scale::Log,
        )],
    },
    build: |spec| Box::new(Exact { eta: spec.number("eta0") }),
};

struct Exact {
    /// The first trial.
    eta: f64,
}

impl Policy for Exact {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let reference = context.loss();
        let mut trials = 0;
        let mut loss = |eta: f64| {
            trials += 1;
            let loss = context.trial_loss(eta);
            if loss.is_nan() { f64::INFINITY } else { loss }
        };
        let eta = match bracket(self.eta, reference, &mut loss) {
            Some(bracket) => refine(bracket, &mut loss),
            None => return Err(PolicyFailure::NoAcceptedTrial { trials, smallest: self.eta }),
        };
        self.eta = eta;
        Ok(Step { reference: Some(reference), trials, ..Step::of(eta) })
    }
}

/// An interval with a point inside where the loss is lower than at both ends.
struct Bracket {
    low: f64,
    inside: (f64, f64),
    high: f64,
}

/// Doubles or halves from `eta`; None where no step decreases the loss, or every one does.
fn bracket(eta: f64, reference: f64, loss: &mut impl FnMut(f64) -> f64) -> Option<Bracket> {
    let first = (eta, loss(eta));
    if first.1 < reference {
        let (mut low, mut inside) = (0.0, first);
        for _ in 0..MAX_BRACKETING {
            let next = (2.0 * inside.0, loss(2.0 * inside.0));
            if next.1 >= inside.1 {
                return Some(Bracket { low, inside, high: next.0 });
            }
            (low, inside) = (inside.0, next);
        }
        return None;
    }
    let mut high = first.0;
    for _ in 0..MAX_BRACKETING {
        let next = (0.5 * high, loss(0.5 * high));
        if next.1 < reference {
            return Some(Bracket { low: 0.0, inside: next, high });
        }
        high = next.0;
    }
    None
}

/// Brent's minimization: parabolas through the three best points, golden sections where they do not help.
fn refine(Bracket { mut low, inside, mut high }: Bracket, loss: &mut impl FnMut(f64) -> f64) -> f64 {
    let (mut best, mut second, mut third) = (inside, inside, inside);
    let (mut move_now, mut move_before) = (0.0f64, 0.0f64);
    for _ in 0..MAX_REFINING {
        let middle = 0.5 * (low + high);
        let tolerance = PRECISION * best.0;
        if (best.0 - middle).abs() + 0.5 * (high - low) <= 2.0 * tolerance {
            break;
        }
        let r = (best.0 - second.0) * (best.1 - third.1);
        let q = (best.0 - third.0) * (best.1 - second.1);
        let numerator = (best.0 - third.0) * q - (best.0 - second.0) * r;
        let parabola = -numerator / (2.0 * (q - r));
        let target = best.0 + parabola;
        // A parabola counts where it stays inside and moves less than half as far as the move before the last.
        let helps = parabola.abs() < 0.5 * move_before.abs() && target > low && target < high;
        move_before = move_now;
        move_now = if helps {
            parabola
        } else {
            move_before = if best.0 < middle { high - best.0 } else { low - best.0 };
            GOLDEN * move_before
        };
        let trial = best.0 + if move_now.abs() < tolerance { tolerance.copysign(move_now) } else { move_now };
        let new = (trial, loss(trial));
        if new.1 <= best.1 {
            *(if new.0 < best.0 { &mut high } else { &mut low }) = best.0;
            (third, second, best) = (second, best, new);
        } else {
            *(if new.0 < best.0 { &mut low } else { &mut high }) = new.0;
            if new.1 <= second.1 || second.0 == best.0 {
                (third, second) = (second, new);
            } else if new.1 <= third.1 || third.0 == best.0 || third.0 == second.0 {
                third = new;
            }
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_minima_wherever_the_search_starts() {
        for eta in [1e-6, 0.3, 1.0, 1e4] {
            for (minimum, mut loss) in [
                (0.7, Box::new(|x: f64| (x - 0.7) * (x - 0.7)) as Box<dyn FnMut(f64) -> f64>),
                (2.0, Box::new(|x: f64| libm::cosh((x - 2.0).min(300.0)))),
                (1e-3, Box::new(|x: f64| (x - 1e-3).abs())),
            ] {
                let reference = loss(0.0);
                let bracket = bracket(eta, reference, &mut loss).unwrap();
                let found = refine(bracket, &mut loss);
                // A loss is flat to rounding within √ε of its minimum.
                assert!((found - minimum).abs() < 1e-6 * minimum, "{found} {minimum}");
            }
        }
    }
}
