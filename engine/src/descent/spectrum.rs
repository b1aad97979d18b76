//! What columns ask of the spectrum at an iterate, beyond λ₁.

use nalgebra::DVector;

use crate::column::Column;
use crate::curvature::{Curvature, products};
use crate::objective::Objective;
use crate::spectrum::tracked::MAX_COUNT;
use crate::spectrum::{Top, Tracking, kth_eigenvalue, top_eigenpair};
use crate::vector::dot;

/// Above this part of the threshold an eigenvalue may soon be beyond it, and the next one matters.
const NEAR: f64 = 0.75;

/// Below this part it will not be for a while.
const FAR: f64 = 0.5;

/// Whether a column is one of the tracked eigenvalues or made of them.
pub(super) fn is_of_top(column: Column) -> bool {
    column.rank().is_some() || matches!(column, Column::Residual | Column::Unstable | Column::Projection)
}

/// Whether a column needs the spectrum beyond λ₁.
pub(super) fn is_of_spectrum(column: Column) -> bool {
    is_of_top(column) || matches!(column, Column::LambdaMin | Column::Trace | Column::TraceError)
}

/// The spectrum at an iterate, as far as it is asked for.
#[derive(Clone)]
pub(super) struct Spectrum {
    /// λ₁, λ₂, …; NaN where it is not known.
    values: [f64; MAX_COUNT],

    /// The unit eigenvector of λ₁.
    pub direction: DVector<f64>,

    /// The one at the iterate before; zero at first.
    before: DVector<f64>,

    /// The largest residual of the eigenvalues; 0 where they are right to rounding.
    pub residual: f64,

    /// How many eigenvalues are above the threshold.
    pub unstable: f64,

    /// How many eigenvalues are tracked at the least; None before the first visit.
    fewest: Option<usize>,

    /// λ_min.
    pub least: f64,

    /// The trace and its standard error.
    pub trace: [f64; 2],
}

impl Spectrum {
    pub fn new(dimension: usize) -> Self {
        let zeros = DVector::zeros(dimension);
        Self {
            values: [f64::NAN; MAX_COUNT],
            direction: zeros.clone(),
            before: zeros,
            residual: f64::NAN,
            unstable: f64::NAN,
            fewest: None,
            least: f64::NAN,
            trace: [f64::NAN; 2],
        }
    }

    /// The eigenvalue number `rank`, counted from 0 for λ₁; NaN where it is not known.
    pub fn eigenvalue(&self, rank: usize) -> f64 {
        self.values.get(rank).copied().unwrap_or(f64::NAN)
    }

    /// Passes an iterate at which nothing is looked at.
    pub fn forget(&mut self) {
        (self.values, self.residual) = ([f64::NAN; MAX_COUNT], f64::NAN);
        (self.unstable, self.least) = (f64::NAN, f64::NAN);
        self.trace = [f64::NAN; 2];
        self.direction.fill(f64::NAN);
    }

    /// Counts the eigenvalues above the threshold, and sees to it that the next visit knows all that
    /// may be: it tracks one more where the last one is near the threshold, and one less where two
    /// are far from it.
    fn count_unstable(&mut self, tracking: &mut dyn Tracking, threshold: f64) -> f64 {
        let count = tracking.count();
        let fewest = *self.fewest.get_or_insert(count);
        if self.eigenvalue(count - 1) > NEAR * threshold {
            tracking.set_count(count + 1);
        } else if count > fewest && self.eigenvalue(count - 2) < FAR * threshold {
            tracking.set_count(count - 1);
        }
        self.values.iter().filter(|value| **value > threshold).count() as f64
    }

    /// Looks at x as far as the columns `asked` need it; `is_tracked` says whether `curvature` has
    /// tracked eigenvalues there.
    pub fn visit(
        &mut self,
        objective: &dyn Objective,
        x: &DVector<f64>,
        asked: &[Column],
        threshold: Option<f64>,
        curvature: &mut Curvature,
        is_tracked: bool,
    ) {
        std::mem::swap(&mut self.before, &mut self.direction);
        let asks_for = |column| asked.contains(&column);
        let asks_for_trace = asks_for(Column::Trace) || asks_for(Column::TraceError);
        if let Some(hessian) = curvature.matrix() {
            objective.hessian(x, hessian);
            if top_eigenpair(hessian, &mut self.direction).is_nan() {
                self.direction.fill(f64::NAN);
            }
            for rank in asked.iter().filter_map(|column| column.rank()) {
                self.values[rank] = kth_eigenvalue(hessian, rank);
            }
            self.residual = 0.0;
            if asks_for(Column::Unstable) {
                let ranks = (0..MAX_COUNT)
                    .take_while(|rank| threshold.is_some_and(|threshold| kth_eigenvalue(hessian, *rank) > threshold));
                self.unstable = threshold.map_or(f64::NAN, |_| ranks.count() as f64);
            }
            if asks_for(Column::LambdaMin) {
                self.least = kth_eigenvalue(hessian, hessian.nrows().saturating_sub(1));
            }
            self.trace = [hessian.diagonal().iter().sum(), 0.0];
        } else if let Some((tracking, last)) = curvature.tracked() {
            let top = if is_tracked { *last } else { Top::NONE };
            (self.values, self.residual) = (top.values, top.residual);
            if asks_for(Column::Unstable) {
                self.unstable = match threshold.filter(|_| is_tracked) {
                    Some(threshold) => self.count_unstable(tracking, threshold),
                    None => f64::NAN,
                };
            }
            match tracking.vector().filter(|_| is_tracked) {
                Some(vector) => self.direction.copy_from(vector),
                None => self.direction.fill(f64::NAN),
            }
            if asks_for(Column::LambdaMin) {
                self.least = tracking.least(&mut products(objective, x));
            }
            if asks_for_trace {
                self.trace = tracking.trace(&mut products(objective, x));
            }
        }
        if dot(&self.direction, &self.before) < 0.0 {
            self.direction.neg_mut();
        }
    }
}
