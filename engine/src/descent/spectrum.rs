//! What columns ask of the spectrum at an iterate, beyond λ₁.

use nalgebra::DVector;

use crate::column::Column;
use crate::curvature::{Curvature, products};
use crate::objective::Objective;
use crate::spectrum::tracked::MAX_COUNT;
use crate::spectrum::{Top, kth_eigenvalue, top_eigenpair};
use crate::vector::dot;

/// Whether a column is one of the tracked eigenvalues or made of them.
pub(super) fn is_of_top(column: Column) -> bool {
    column.rank().is_some() || matches!(column, Column::Residual | Column::Projection)
}

/// Whether a column needs the spectrum beyond λ₁.
pub(super) fn is_of_spectrum(column: Column) -> bool {
    is_of_top(column) || matches!(column, Column::LambdaMin | Column::Trace | Column::TraceError)
}

/// The spectrum at an iterate, as far as it is asked for.
pub(super) struct Spectrum {
    /// λ₁, λ₂, …; NaN where it is not known.
    values: [f64; MAX_COUNT],

    /// The unit eigenvector of λ₁.
    pub direction: DVector<f64>,

    /// The one at the iterate before; zero at first.
    before: DVector<f64>,

    /// The largest residual of the eigenvalues; 0 where they are right to rounding.
    pub residual: f64,

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
        (self.values, self.residual, self.least) = ([f64::NAN; MAX_COUNT], f64::NAN, f64::NAN);
        self.trace = [f64::NAN; 2];
        self.direction.fill(f64::NAN);
    }

    /// Looks at x as far as the columns `asked` need it; `top` is what was tracked there.
    pub fn visit(
        &mut self,
        objective: &dyn Objective,
        x: &DVector<f64>,
        asked: &[Column],
        curvature: &mut Curvature,
        top: Option<&Top>,
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
            if asks_for(Column::LambdaMin) {
                self.least = kth_eigenvalue(hessian, hessian.nrows().saturating_sub(1));
            }
            self.trace = [hessian.diagonal().iter().sum(), 0.0];
        } else if let Some(tracking) = curvature.tracking() {
            self.values = top.map_or([f64::NAN; MAX_COUNT], |top| top.values);
            self.residual = top.map_or(f64::NAN, |top| top.residual);
            match tracking.vector().filter(|_| top.is_some()) {
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
