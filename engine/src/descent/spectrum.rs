//! What columns ask of the spectrum at an iterate, beyond λ₁.

use nalgebra::{DMatrix, DVector};

use crate::column::Column;
use crate::curvature::{Curvature, Precision, Top};
use crate::objective::{MAX_DIMENSION, Objective};
use crate::spectrum::tracked::Tracked;
use crate::spectrum::{kth_eigenvalue, top_eigenpair, trace};
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
    hessian: Option<DMatrix<f64>>,
    top: Option<Top>,

    /// The unit eigenvector of λ₁.
    pub direction: DVector<f64>,

    /// The one at the iterate before; zero at first.
    before: DVector<f64>,

    /// λ_min, from visit to visit where the Hessian is known by products.
    pub least: f64,
    smallest: Option<Box<Tracked>>,
    tolerance: f64,

    /// The largest residual of the tracked eigenvalues.
    pub residual: f64,

    /// The trace and its standard error.
    pub trace: [f64; 2],
}

impl Spectrum {
    pub fn new(dimension: usize, precision: Precision) -> Self {
        let zeros = DVector::zeros(dimension);
        Self {
            hessian: (dimension <= MAX_DIMENSION).then(|| DMatrix::zeros(dimension, dimension)),
            top: None,
            direction: zeros.clone(),
            before: zeros,
            least: f64::NAN,
            smallest: None,
            tolerance: precision.tolerance,
            residual: f64::NAN,
            trace: [f64::NAN; 2],
        }
    }

    /// The eigenvalue that `rank` others are not below; NaN where it is not known.
    pub fn eigenvalue(&self, rank: usize) -> f64 {
        match (&self.hessian, &self.top) {
            (Some(hessian), _) => kth_eigenvalue(hessian, rank),
            (None, Some(top)) => top.values.get(rank).copied().unwrap_or(f64::NAN),
            (None, None) => f64::NAN,
        }
    }

    /// Looks at x as far as the columns `asked` need it; `top` is what was tracked there.
    pub fn visit(
        &mut self,
        objective: &dyn Objective,
        x: &DVector<f64>,
        asked: &[Column],
        top: Option<(&Top, &Curvature)>,
    ) {
        std::mem::swap(&mut self.before, &mut self.direction);
        let asks_for = |column| asked.contains(&column);
        let asks_for_trace = asks_for(Column::Trace) || asks_for(Column::TraceError);
        if let Some(hessian) = &mut self.hessian {
            objective.hessian(x, hessian);
            if top_eigenpair(hessian, &mut self.direction).is_nan() {
                self.direction.fill(f64::NAN);
            }
            (self.residual, self.least) = (0.0, kth_eigenvalue(hessian, hessian.nrows().saturating_sub(1)));
            self.trace = [hessian.diagonal().iter().sum(), 0.0];
        } else {
            self.top = top.map(|(top, _)| *top);
            self.residual = self.top.map_or(f64::NAN, |top| top.residual);
            match top.and_then(|(_, curvature)| curvature.tracked_vector()) {
                Some(vector) => self.direction.copy_from(vector),
                None => self.direction.fill(f64::NAN),
            }
            let mut multiply =
                |v: &DVector<f64>, product: &mut DVector<f64>| objective.hessian_vector_product(x, v, product);
            if asks_for(Column::LambdaMin) {
                let new = || Box::new(Tracked::smallest(x.len(), 1, self.tolerance));
                self.least = self.smallest.get_or_insert_with(new).visit(&mut multiply).values[0];
            }
            if asks_for_trace {
                let estimate = trace::hutchinson(x.len(), TRACE_PRODUCTS, TRACE_SEED, &mut multiply);
                self.trace = [estimate.mean, estimate.standard_error];
            }
        }
        if dot(&self.direction, &self.before) < 0.0 {
            self.direction.neg_mut();
        }
    }
}

/// The products of an estimate of the trace: its error falls with their root.
const TRACE_PRODUCTS: u32 = 16;

/// The same vectors at every iterate, so that the estimate moves as the trace does.
const TRACE_SEED: u64 = 0;
