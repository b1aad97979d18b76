//! One step of every run that goes on: stopping rules, the policy, the step itself.

use super::Cohort;
use crate::program::entry;
use crate::program::lanes::{LANES, Lane, any};
use crate::rule::{BB_MIN, ETA_MAX, ETA_MIN, Kind};
use crate::{Fate, Measure};

/// What policies remember from step to step.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    /// The iterates and gradients of the step before.
    pub previous_x: Vec<Lane>,
    pub previous_g: Vec<Lane>,

    /// The steps before; NaN before the first.
    pub previous_eta: Lane,

    /// The growth of AdGD's last step.
    pub theta: Lane,

    /// CDAT's averages.
    pub numerator: Lane,
    pub denominator: Lane,

    /// The weight and the mean of Zhang and Hager.
    pub weight: Lane,
    pub mean: Lane,
}

impl Memory {
    pub fn new(dimension: usize) -> Self {
        let lanes = vec![[0.0; LANES]; dimension];
        let zero = [0.0; LANES];
        Self {
            previous_x: lanes.clone(),
            previous_g: lanes,
            previous_eta: zero,
            theta: zero,
            numerator: zero,
            denominator: zero,
            weight: zero,
            mean: zero,
        }
    }

    /// Forgets everything.
    pub fn begin(&mut self, slots: &[Lane], kind: Kind) {
        self.previous_eta = match kind {
            // A search goes on from its step: the first goes on from η₀.
            Kind::Search(_) => slots[2],
            _ => [f64::NAN; LANES],
        };
        self.theta = [if kind == (Kind::Adgd { is_second: true }) { 1.0 / 3.0 } else { 0.0 }; LANES];
        for lane in [&mut self.numerator, &mut self.denominator, &mut self.weight, &mut self.mean] {
            *lane = [0.0; LANES];
        }
    }
}

impl Cohort<'_> {
    /// One step of every run that goes on, of which `step` have been taken.
    pub(super) fn step(&mut self, step: u64) {
        self.evaluate();
        self.stop(step);
        if self.alive == 0 {
            return;
        }
        if self.keeps(step) {
            self.keep(step);
        }
        self.choose();
        self.refuse(step);
        self.measure(step);
        self.move_on(step);
    }

    /// Ends the runs to which a stopping rule applies, as the engine does.
    pub(super) fn stop(&mut self, step: u64) {
        let limit = self.closed.stop.loss;
        let tolerance = self.closed.stop.gradient_norm;
        let norm_squared = self.norm_squared();
        let loss = self.loss();
        // Mostly nothing happens to any of them, which can be told of all at once.
        let mut ends = [0.0; LANES];
        // A little above the tolerance's square is above it, however that was rounded.
        let quiet = tolerance * tolerance * (1.0 + 1e-9);
        for i in 0..LANES {
            // Comparing with the largest numbers, not with infinity, stays with vector
            // instructions.
            let is_finite = (loss[i] >= f64::MIN) & (norm_squared[i] <= f64::MAX);
            let goes_on = is_finite & (loss[i].abs() <= limit) & (norm_squared[i] > quiet);
            ends[i] = if goes_on { 0.0 } else { self.mask[i] };
        }
        if !any(&ends) {
            return;
        }
        for lane in 0..LANES {
            if !self.is_alive[lane] {
                continue;
            }
            let loss = self.loss()[lane];
            let is_finite = loss.is_finite() && (0..self.dimension).all(|i| self.slope(i)[lane].is_finite());
            if step == 0 && loss.is_nan() {
                self.end(lane, Fate::Undefined);
            } else if !is_finite && loss.abs() <= limit && (0..self.dimension).any(|i| self.slope(i)[lane].is_nan()) {
                self.is_singular[lane] = true;
                self.end(lane, Fate::Unsettled);
            } else if !is_finite || loss.abs() > limit {
                self.end(lane, Fate::Diverged { step });
            } else if norm_squared[lane].sqrt() <= tolerance {
                self.end(lane, Fate::Converged { steps: step });
            }
        }
    }

    /// Lets the rule choose each η.
    fn choose(&mut self) {
        let norm_squared = self.norm_squared();
        let slots = &self.slots;
        let mut eta = [f64::NAN; LANES];
        match self.closed.rule.kind {
            Kind::Constant => eta = slots[0],
            Kind::Clipped => {
                for i in 0..LANES {
                    eta[i] = slots[0][i].min(slots[0][i] * slots[1][i] / norm_squared[i].sqrt());
                }
            }
            Kind::Normalized => {
                for i in 0..LANES {
                    eta[i] = slots[0][i] / norm_squared[i].sqrt();
                }
            }
            Kind::Sharpness => {
                for i in 0..LANES {
                    if self.is_alive[i] {
                        eta[i] = slots[0][i] / self.sharpness(i).abs();
                    }
                }
            }
            Kind::Polyak => {
                let loss = self.loss();
                for i in 0..LANES {
                    eta[i] = (loss[i] - slots[0][i]) / norm_squared[i];
                }
            }
            Kind::Cdat => {
                let curvature = self.curvature_along_gradient();
                let Self { memory, slots, .. } = self;
                for i in 0..LANES {
                    let (sigma, beta) = (slots[0][i], slots[1][i]);
                    memory.numerator[i] = beta * memory.numerator[i] + (1.0 - beta) * norm_squared[i];
                    memory.denominator[i] = beta * memory.denominator[i] + (1.0 - beta) * curvature[i].abs();
                    eta[i] = sigma * memory.numerator[i] / memory.denominator[i];
                }
            }
            Kind::BarzilaiBorwein { is_long } => {
                for i in 0..LANES {
                    eta[i] = if self.memory.previous_eta[i].is_nan() {
                        slots[0][i]
                    } else {
                        let [ss, sy, yy] = self.secant(i);
                        let eta = match (sy <= 0.0, is_long) {
                            (true, _) => slots[1][i],
                            (false, true) => ss / sy,
                            (false, false) => sy / yy,
                        };
                        eta.max(BB_MIN).min(slots[1][i])
                    };
                }
            }
            Kind::Adgd { is_second } => {
                for i in 0..LANES {
                    let previous = self.memory.previous_eta[i];
                    if previous.is_nan() {
                        eta[i] = self.slots[0][i];
                        continue;
                    }
                    let [ss, _, yy] = self.secant(i);
                    let theta = self.memory.theta[i];
                    eta[i] = if is_second {
                        let growth = (2.0 / 3.0 + theta).sqrt() * previous;
                        let excess = 2.0 * previous * previous * (yy / ss) - 1.0;
                        if excess > 0.0 { growth.min(previous / excess.sqrt()) } else { growth }
                    } else {
                        ((1.0 + theta).sqrt() * previous).min((0.5 * (ss / yy)).sqrt())
                    };
                    self.memory.theta[i] = eta[i] / previous;
                }
            }
            Kind::Armijo => eta = self.armijo(&norm_squared),
            Kind::Search(search) => {
                let first = if search.starts_from_polyak {
                    let loss = self.loss();
                    std::array::from_fn(|i| {
                        let polyak = (loss[i] - slots[6][i]) / (slots[5][i] * norm_squared[i] + 1e-8);
                        polyak.clamp(ETA_MIN, ETA_MAX)
                    })
                } else {
                    self.memory.previous_eta.map(|eta| eta.clamp(ETA_MIN, ETA_MAX))
                };
                eta = self.search(search, first, &norm_squared);
                if search.starts_from_polyak {
                    // A loss that is not above the assumed minimum has no step, as in the engine.
                    let loss = self.loss();
                    for i in 0..LANES {
                        eta[i] = if loss[i] > self.slots[6][i] { eta[i] } else { f64::NAN };
                    }
                }
            }
        }
        self.eta = eta;
    }

    /// Ends the runs without a usable step.
    fn refuse(&mut self, step: u64) {
        let mut ends = [0.0; LANES];
        for i in 0..LANES {
            let is_usable = (self.eta[i] > 0.0) & (self.eta[i] <= f64::MAX);
            ends[i] = if is_usable { 0.0 } else { self.mask[i] };
        }
        if !any(&ends) {
            return;
        }
        for lane in 0..LANES {
            let eta = self.eta[lane];
            let is_usable = eta > 0.0 && eta.is_finite();
            if self.is_alive[lane] && !is_usable {
                self.end(lane, Fate::Stalled { step });
            }
        }
    }

    /// Takes in what the map is to show of the step.
    fn measure(&mut self, step: u64) {
        match self.measure {
            Measure::Share => {
                for lane in 0..LANES {
                    if self.is_alive[lane] {
                        self.taken[lane] += 1;
                        self.beyond[lane] += u64::from(self.eta[lane] * self.sharpness(lane) > 2.0);
                    }
                }
            }
            Measure::Lyapunov => {
                let (n, results) = (self.dimension, self.results());
                let here = &self.here;
                let curvature = |i, j| here.lane(results[1 + n + entry(n, i, j)]);
                self.growth.follow(&self.eta, &self.mask, curvature, step >= self.half);
            }
            _ => {}
        }
    }

    /// Takes the steps.
    fn move_on(&mut self, step: u64) {
        // Those that go on and have not moved.
        let mut rests = self.mask;
        let looks_back = matches!(self.closed.rule.kind, Kind::BarzilaiBorwein { .. } | Kind::Adgd { .. });
        for coordinate in 0..self.dimension {
            let g = self.here.lane(self.results()[1 + coordinate]);
            let x = &mut self.x[coordinate];
            if looks_back {
                self.memory.previous_x[coordinate] = *x;
                self.memory.previous_g[coordinate] = *g;
            }
            for i in 0..LANES {
                let next = x[i] - self.eta[i] * g[i];
                rests[i] = if next == x[i] { rests[i] } else { 0.0 };
                x[i] = if self.mask[i] > 0.0 { next } else { x[i] };
            }
        }
        self.memory.previous_eta = self.eta;
        if !any(&rests) {
            return;
        }
        for lane in (0..LANES).filter(|lane| rests[*lane] > 0.0) {
            self.end(lane, Fate::Stalled { step });
        }
    }

    /// gᵀHg.
    fn curvature_along_gradient(&self) -> Lane {
        let n = self.dimension;
        let mut sum = [0.0; LANES];
        for row in 0..n {
            let mut product = [0.0; LANES];
            for column in 0..n {
                let (h, g) = (self.curvature(row, column), self.slope(column));
                for i in 0..LANES {
                    product[i] += h[i] * g[i];
                }
            }
            let g = self.slope(row);
            for i in 0..LANES {
                sum[i] += g[i] * product[i];
            }
        }
        sum
    }

    /// sᵀs, sᵀy and yᵀy of the last step of a lane.
    fn secant(&self, lane: usize) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for coordinate in 0..self.dimension {
            let s = self.x[coordinate][lane] - self.memory.previous_x[coordinate][lane];
            let y = self.slope(coordinate)[lane] - self.memory.previous_g[coordinate][lane];
            sums[0] += s * s;
            sums[1] += s * y;
            sums[2] += y * y;
        }
        sums
    }
}
