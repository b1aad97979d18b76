//! How small displacements grow along the runs: v ← (I − ηH)v, with the step sizes held.
//!
//! For constant steps this is the tangent map of the descent, and the mean of log ‖v‖ a step its largest Lyapunov exponent (Benettin et
//! al., 1980). For policies that choose η from the iterate it leaves out how η itself changes.

use crate::program::lanes::{LANES, Lane};

/// Steps whose growth is multiplied before a logarithm is taken: sixteen of at most 1e18 each stay finite, and so do those of the least.
const TOGETHER: u32 = 16;

/// The displacements of a cohort.
#[derive(Clone, Debug, Default)]
pub(super) struct Growth {
    direction: Vec<Lane>,
    next: Vec<Lane>,

    /// The growth since the last logarithm.
    product: Vec<f64>,
    together: u32,

    /// Whether the second half has begun.
    is_late: bool,

    /// Sums of logarithms, and how many, over all steps and over the second half.
    sums: Vec<[f64; 2]>,
    counts: Vec<[u64; 2]>,
}

impl Growth {
    pub fn new(dimension: usize) -> Self {
        let mut growth =
            Self { direction: vec![[0.0; LANES]; dimension], next: vec![[0.0; LANES]; dimension], ..Self::default() };
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
        self.product = vec![1.0; LANES];
        (self.together, self.is_late) = (0, false);
        self.sums = vec![[0.0; 2]; LANES];
        self.counts = vec![[0; 2]; LANES];
    }

    /// Takes in a step with each run's η and Hessian.
    pub fn follow(
        &mut self,
        eta: &Lane,
        is_alive: &[bool; LANES],
        h: impl Fn(usize, usize, usize) -> f64,
        is_late: bool,
    ) {
        let n = self.direction.len();
        for row in 0..n {
            for lane in 0..LANES {
                let mut product = 0.0;
                for (column, direction) in self.direction.iter().enumerate() {
                    product += h(row, column, lane) * direction[lane];
                }
                self.next[row][lane] = self.direction[row][lane] - eta[lane] * product;
            }
        }
        std::mem::swap(&mut self.direction, &mut self.next);
        if is_late && !self.is_late {
            // What has grown until now belongs to the first half.
            for lane in 0..LANES {
                self.take(lane);
            }
            self.is_late = true;
        }
        self.together += 1;
        let takes = self.together == TOGETHER;
        for lane in (0..LANES).filter(|lane| is_alive[*lane]) {
            let norm = self.direction.iter().map(|v| v[lane] * v[lane]).sum::<f64>().sqrt();
            // A displacement that vanishes or overflows starts again; the smallest and the largest factors stand for it.
            let factor = if norm.is_nan() { 1.0 } else { norm.clamp(1e-18, 1e18) };
            for v in &mut self.direction {
                v[lane] = if norm > 0.0 && norm.is_finite() { v[lane] / norm } else { 1.0 / (n as f64).sqrt() };
            }
            self.product[lane] *= factor;
            self.counts[lane][0] += 1;
            self.counts[lane][1] += u64::from(is_late);
            if takes {
                self.take(lane);
            }
        }
        if takes {
            self.together = 0;
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

    /// The mean logarithm a step of a lane.
    pub fn exponent(&self, lane: usize) -> f64 {
        let rest = libm::log(self.product[lane]);
        let half = usize::from(self.counts[lane][1] > 0);
        (self.sums[lane][half] + rest) / self.counts[lane][half] as f64
    }
}
