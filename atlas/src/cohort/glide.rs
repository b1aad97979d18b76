//! The shortcut for constant steps: a stretch without looking, and then one look back.

use super::Cohort;
use crate::Measure;
use crate::program::lanes::{LANES, Lane};
use crate::rule::Kind;

/// Steps of a stretch: the look back costs about two of them.
const STRETCH: u64 = 16;

/// ‖∇f‖² above which a loss might have exceeded its limit on the way. A limit that is exceeded and
/// undercut again within one stretch without such a gradient would take steps of more than ten
/// thousand times the gradient's length.
const STEEP: f64 = 1e6;

impl Cohort<'_> {
    /// Takes a stretch of steps from `step` on, and returns the step where it ends; None where
    /// there is none to take, or where something may have happened on it: then nothing has been
    /// done.
    pub(super) fn glide(&mut self, step: u64) -> Option<u64> {
        let follows = matches!(self.measure, Measure::Share | Measure::Lyapunov);
        if self.closed.rule.kind != Kind::Constant || follows || step + STRETCH > self.closed.steps || step < self.awake
        {
            return None;
        }
        let n = self.dimension;
        for (place, x) in self.x[..n].iter().enumerate() {
            *self.gradient.lane_mut(place) = *x;
        }
        let program = &self.closed.programs.gradient;
        let keeps = self.keeps(step + STRETCH);
        let (mut least, mut greatest) = ([f64::INFINITY; LANES], [0.0; LANES]);
        for ahead in 0..STRETCH {
            if ahead + 1 == STRETCH {
                for coordinate in 0..n {
                    self.before[coordinate] = *self.gradient.lane(coordinate);
                }
            }
            if keeps {
                let place = ((step + ahead) as usize % super::KEPT) * n;
                for coordinate in 0..n {
                    self.kept[place + coordinate] = *self.gradient.lane(coordinate);
                }
            }
            self.gradient.run(program);
            let (x, others) = self.gradient.split(program.inputs);
            let result = |coordinate: usize| program.results[coordinate] - program.inputs;
            match n {
                1 => watch_one(&others[result(0)], &mut least, &mut greatest),
                _ => watch(others, (0..n).map(result), &mut least, &mut greatest),
            }
            for coordinate in 0..n {
                descend(&mut x[coordinate], &self.slots[0], &others[result(coordinate)]);
            }
        }
        if self.may_have_ended(&least, &greatest) {
            // The next look comes when the stretch has been taken step by step.
            self.awake = step + STRETCH;
            return None;
        }
        for coordinate in 0..n {
            self.x[coordinate] = *self.gradient.lane(coordinate);
        }
        Some(step + STRETCH)
    }

    /// Whether a run that goes on may have met a stopping rule: a gradient that is small, very
    /// large or no number, a loss beyond its limit at the end, or an iterate that the last step has
    /// not moved: with a constant step none will move it again.
    fn may_have_ended(&mut self, least: &Lane, greatest: &Lane) -> bool {
        let tolerance = self.closed.stop.gradient_norm;
        let limit = self.closed.stop.loss;
        for place in 0..self.dimension {
            *self.trial.lane_mut(place) = *self.gradient.lane(place);
        }
        for place in self.dimension..self.x.len() {
            *self.trial.lane_mut(place) = self.x[place];
        }
        let program = &self.closed.programs.loss;
        self.trial.run(program);
        let loss = self.trial.lane(program.results[0]);
        (0..LANES).any(|i| {
            let is_quiet = least[i].sqrt() > tolerance && greatest[i] <= STEEP && loss[i].abs() <= limit;
            let has_moved = (0..self.dimension).any(|k| self.gradient.lane(k)[i] != self.before[k][i]);
            self.is_alive[i] && !(is_quiet && has_moved)
        })
    }
}

/// x ← x − ηg.
#[inline]
fn descend(x: &mut Lane, eta: &Lane, g: &Lane) {
    for i in 0..LANES {
        x[i] -= eta[i] * g[i];
    }
}

/// Keeps the least and the greatest g²; a g that is no number makes the greatest one, and keeps it
/// so.
#[inline]
fn watch_one(g: &Lane, least: &mut Lane, greatest: &mut Lane) {
    for i in 0..LANES {
        let square = g[i] * g[i];
        least[i] = if square < least[i] { square } else { least[i] };
        greatest[i] = if square <= greatest[i] { greatest[i] } else { square };
    }
}

/// The same of ‖g‖².
#[inline]
fn watch(numbers: &[Lane], gradient: impl Iterator<Item = usize>, least: &mut Lane, greatest: &mut Lane) {
    let mut squares = [0.0; LANES];
    for place in gradient {
        let g = &numbers[place];
        for i in 0..LANES {
            squares[i] += g[i] * g[i];
        }
    }
    for i in 0..LANES {
        least[i] = if squares[i] < least[i] { squares[i] } else { least[i] };
        greatest[i] = if squares[i] <= greatest[i] { greatest[i] } else { squares[i] };
    }
}
