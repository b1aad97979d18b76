//! The exact line search, Cauchy's steepest descent.

use super::{Entry, FROM_LAST_STEP, Policy, PolicyFailure, Step, StepContext, first_trial};
use crate::spec::Description;

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
        latex: Description::tex(
            r"\eta_k = \operatorname{arg\,min}_{\eta > 0} f(x_k - \eta g_k) \quad \text{near } \eta_{k-1}",
        ),
        summary: "The step to a lowest point along the gradient: of several minima the one that doubling or halving the step before \
                  comes to. η is the inverse of the curvature along it, so that η·λ₁ \
                  is at least 1; consecutive gradients are at right angles, and the descent zigzags.",
        source: "Cauchy, 1847; the minimum by Brent, 1973",
        parameters: &[first_trial(FROM_LAST_STEP)],
    },
    build: |spec| Box::new(Exact { eta: spec.number("eta0") }),
};

#[derive(Clone)]
struct Exact {
    /// The first trial.
    eta: f64,
}

impl Policy for Exact {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let reference = context.loss();
        let (mut trials, mut last) = (0, self.eta);
        let mut loss = |eta: f64| {
            (trials, last) = (trials + 1, eta);
            let loss = context.trial_loss(eta);
            if loss.is_nan() { f64::INFINITY } else { loss }
        };
        let eta = match bracket(self.eta, reference, &mut loss) {
            Some(bracket) => refine(bracket, &mut loss),
            None => return Err(PolicyFailure::NoAcceptedTrial { trials, last }),
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

/// Brent's minimization: parabolas through the three best points, golden sections where they do not
/// help.
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
        // A parabola counts where it stays inside and moves less than half as far as the move
        // before the last.
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

    /// Ties included: a step that only reaches the reference decreases nothing.
    #[test]
    fn a_bracket_is_lower_inside_than_at_its_ends() {
        let mut loss = |x: f64| (x - 0.5) * (x - 0.5);
        for (eta, expected) in
            [(1.0, (0.0, 0.5, 1.0)), (8.0, (0.0, 0.5, 1.0)), (0.0625, (0.25, 0.5, 1.0)), (0.375, (0.0, 0.375, 0.75))]
        {
            let Bracket { low, inside, high } = bracket(eta, 0.25, &mut loss).unwrap();
            assert_eq!((low, inside.0, high), expected, "{eta}");
            assert_eq!(inside.1, loss(inside.0));
            assert!(inside.1 < loss(low) && inside.1 <= loss(high));
        }
    }

    #[test]
    fn no_bracket_is_found_where_the_loss_only_falls_or_only_rises() {
        for slope in [-1.0, 1.0] {
            let mut trials = 0;
            let found = bracket(1.0, 0.0, &mut |eta: f64| {
                trials += 1;
                slope * eta
            });
            assert!(found.is_none());
            assert_eq!(trials, 1 + MAX_BRACKETING);
        }
    }

    /// Against `scipy.optimize.brent(loss, brack=(low, inside, high), tol=1e-8)` of SciPy 1.17.1,
    /// another implementation of the same method: its first trials, to the seven digits it knows of
    /// the golden section, and how many there are.
    #[test]
    fn trials_are_those_of_another_implementation() {
        type Case<'a> = (fn(f64) -> f64, [f64; 3], &'a [f64], usize);
        let cases: [Case; 5] = [
            (
                |x| (x - 0.7).powi(4) + 0.1 * x,
                [0.0, 0.25, 1.0],
                &[0.5364745, 0.7135255, 0.4621944, 0.4334576, 0.363383, 0.4102288, 0.4089265, 0.4074721],
                13,
            ),
            (
                |x| (x - 0.3).abs(),
                [0.0, 0.25, 0.5],
                &[
                    0.1545085, 0.3454915, 0.3024777, 0.2989287, 0.2854211, 0.2982827, 0.3001079, 0.3010131, 0.2999869,
                    0.2995827, 0.299932, 0.3000088,
                ],
                23,
            ),
            (
                |x| x - 0.2 * libm::log(x + 0.01),
                [0.0, 0.5, 1.0],
                &[0.309017, 0.190983, 0.1349282, 0.2007529, 0.1910872, 0.1899612],
                14,
            ),
            (
                |x| (x - 1.0) * (x - 1.0) + 0.5 * (x - 0.9).abs(),
                [0.0, 0.8, 3.2],
                &[
                    1.7167184, 1.1501553, 0.9123389, 0.951848, 0.9055577, 0.8652383, 0.8901571, 0.9036168, 0.8984756,
                    0.900981, 0.9010228, 0.9003724, 0.8996479, 0.9002645,
                ],
                36,
            ),
            (
                |x| libm::cos(3.0 * x) + 0.1 * x * x,
                [0.0, 1.5, 2.0],
                &[0.927051, 0.572949, 1.0184935, 1.0375447, 1.0243655, 1.0244126],
                9,
            ),
        ];
        for (loss, [low, inside, high], expected, count) in cases {
            let mut trials = Vec::new();
            let mut best = (inside, loss(inside));
            let found = refine(Bracket { low, inside: best, high }, &mut |x| {
                // The loss cannot tell points apart that are closer.
                assert!((x - best.0).abs() >= 0.999 * PRECISION * best.0, "{x:?} {best:?}");
                assert!(low < x && x < high);
                let trial = (x, loss(x));
                trials.push(x);
                best = if trial.1 <= best.1 { trial } else { best };
                trial.1
            });
            assert_eq!(found, best.0);
            for (trial, expected) in trials.iter().zip(expected) {
                assert!((trial - expected).abs() < 2e-7, "{trials:?} {expected}");
            }
            // SciPy's keeps its distance from the ends of the interval, and so saves some of the
            // last trials.
            assert!((count / 2..=2 * count).contains(&trials.len()), "{} {count}", trials.len());
        }
    }
}
