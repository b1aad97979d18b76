//! How small displacements grow along the runs: v ← (I − ηH)v, with the step sizes held.
//!
//! For constant steps this is the tangent map of the descent, and the mean of log ‖v‖ a step its
//! largest Lyapunov exponent (Benettin et al., 1980). For policies that choose η from the iterate
//! it leaves out how η itself changes.

use crate::program::lanes::{LANES, Lane};

/// Steps whose growth is multiplied before a logarithm is taken: sixteen of at most 1e18 each stay
/// finite, and so do those of the least.
const TOGETHER: u32 = 16;

/// The displacements of a cohort.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    direction: Vec<Lane>,
    next: Vec<Lane>,

    /// The growth since the last logarithm.
    product: Lane,
    together: u32,

    /// Whether the second half has begun.
    is_late: bool,

    /// Sums of logarithms, and how many, over all steps and over the second half.
    sums: [[f64; 2]; LANES],
    counts: [Lane; 2],
}

impl Growth {
    pub fn new(dimension: usize) -> Self {
        let lanes = vec![[0.0; LANES]; dimension];
        let mut growth = Self {
            direction: lanes.clone(),
            next: lanes,
            product: [1.0; LANES],
            together: 0,
            is_late: false,
            sums: [[0.0; 2]; LANES],
            counts: [[0.0; LANES]; 2],
        };
        growth.begin();
        growth
    }

    /// Starts afresh.
    pub fn begin(&mut self) {
        // Along no axis, so that no displacement stays in a coordinate plane by accident.
        let norm = (0..self.direction.len()).map(|i| 1.0 / ((i + 1) * (i + 1)) as f64).sum::<f64>().sqrt();
        for (i, lane) in self.direction.iter_mut().enumerate() {
            *lane = [1.0 / ((i + 1) as f64 * norm); LANES];
        }
        self.product = [1.0; LANES];
        (self.together, self.is_late) = (0, false);
        self.sums = [[0.0; 2]; LANES];
        self.counts = [[0.0; LANES]; 2];
    }

    /// Takes in a step with each run's η and Hessian, of the runs whose mask is 1.
    pub fn follow<'h>(&mut self, eta: &Lane, mask: &Lane, h: impl Fn(usize, usize) -> &'h Lane, is_late: bool) {
        let n = self.direction.len();
        let mut squares = [0.0; LANES];
        for row in 0..n {
            let mut product = [0.0; LANES];
            for (column, direction) in self.direction.iter().enumerate() {
                let h = h(row, column);
                for i in 0..LANES {
                    product[i] += h[i] * direction[i];
                }
            }
            let (next, direction) = (&mut self.next[row], &self.direction[row]);
            for i in 0..LANES {
                next[i] = direction[i] - eta[i] * product[i];
                squares[i] += next[i] * next[i];
            }
        }
        if is_late && !self.is_late {
            // What has grown until now belongs to the first half.
            for lane in 0..LANES {
                self.take(lane);
            }
            self.is_late = true;
        }
        // A displacement that vanishes or overflows starts again; the smallest and the largest
        // factors stand for it.
        let restart = 1.0 / (n as f64).sqrt();
        let mut norm = [0.0; LANES];
        for i in 0..LANES {
            norm[i] = squares[i].sqrt();
            let raised = if norm[i] < 1e-18 { 1e-18 } else { norm[i] };
            let clamped = if raised > 1e18 { 1e18 } else { raised };
            // NaN stands for a factor of 1.
            let counts = (mask[i] > 0.0) & !clamped.is_nan();
            self.product[i] *= if counts { clamped } else { 1.0 };
            self.counts[0][i] += mask[i];
        }
        if is_late {
            for i in 0..LANES {
                self.counts[1][i] += mask[i];
            }
        }
        for (direction, next) in self.direction.iter_mut().zip(&self.next) {
            for i in 0..LANES {
                // Divided whether or not it can be: a branch would keep lanes from vector
                // instructions.
                let share = next[i] / norm[i];
                let is_usable = (norm[i] > 0.0) & (norm[i] <= f64::MAX);
                direction[i] = if is_usable { share } else { restart };
            }
        }
        self.together += 1;
        if self.together == TOGETHER {
            self.together = 0;
            for lane in (0..LANES).filter(|lane| mask[*lane] > 0.0) {
                self.take(lane);
            }
        }
    }

    /// Turns the product into a logarithm.
    fn take(&mut self, lane: usize) {
        let log = libm::log(self.product[lane]);
        self.product[lane] = 1.0;
        self.sums[lane][0] += log;
        if self.is_late {
            self.sums[lane][1] += log;
        }
    }

    /// The sums of logarithms of a lane before the second half, and over it.
    pub fn halves(&self, lane: usize) -> [f64; 2] {
        let rest = libm::log(self.product[lane]);
        let [all, late] = self.sums[lane];
        if self.is_late { [all - late, late + rest] } else { [all + rest, 0.0] }
    }

    /// The mean logarithm a step of a lane.
    pub fn exponent(&self, lane: usize) -> f64 {
        let rest = libm::log(self.product[lane]);
        let half = usize::from(self.counts[1][lane] > 0.0);
        (self.sums[lane][half] + rest) / self.counts[half][lane]
    }
}
