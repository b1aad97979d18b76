//! The top of the spectrum of an objective's Hessian, along the points of one run.
//!
//! Where the Hessian is written down its eigenvalues are right to rounding. An objective for which
//! it is too large, such as a network, brings its [`Tracking`]: eigenvalues are followed from point
//! to point by Hessian-vector products alone, to a residual that a [`Precision`] sets.

use nalgebra::{DMatrix, DVector};

use crate::objective::Objective;
use crate::spectrum::{self, Precision, Top, Tracking, kth_eigenvalue, largest_eigenvalue};

/// See the module's header.
#[derive(Clone, Debug)]
pub(crate) struct Curvature {
    way: Way,
    every: u64,
}

#[derive(Clone, Debug)]
enum Way {
    /// Room for the Hessian.
    Dense(DMatrix<f64>),

    /// What follows the spectrum, and what it found last; boxed, since most runs have none.
    Tracked(Box<(Box<dyn Tracking>, Top)>),
}

impl Curvature {
    /// For points of `objective`.
    pub fn new(objective: &dyn Objective, precision: Precision) -> Self {
        let dimension = objective.dimension();
        let dense = || Way::Dense(DMatrix::zeros(dimension, dimension));
        let tracked = |tracking| Way::Tracked(Box::new((tracking, Top::NONE)));
        let way = objective.tracking(precision).map_or_else(dense, tracked);
        Self { way, every: precision.every }
    }

    /// Room for the Hessian where it is written down.
    pub fn matrix(&mut self) -> Option<&mut DMatrix<f64>> {
        match &mut self.way {
            Way::Dense(matrix) => Some(matrix),
            Way::Tracked(_) => None,
        }
    }

    /// What follows the spectrum where the Hessian is not written down, and what it found last.
    pub fn tracked(&mut self) -> Option<(&mut dyn Tracking, &Top)> {
        match &mut self.way {
            Way::Dense(_) => None,
            Way::Tracked(tracked) => Some((tracked.0.as_mut(), &tracked.1)),
        }
    }

    /// Whether the spectrum is to be recorded at this step.
    pub fn is_due(&self, step: u64) -> bool {
        self.is_dense() || step.is_multiple_of(self.every)
    }

    /// Whether the Hessian is written down.
    pub fn is_dense(&self) -> bool {
        matches!(self.way, Way::Dense(_))
    }

    /// λ₁ at x.
    pub fn sharpness(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> f64 {
        match &mut self.way {
            Way::Dense(matrix) => objective.sharpness(x, matrix),
            Way::Tracked(tracked) => {
                tracked.1 = tracked.0.top(&mut products(objective, x));
                tracked.1.values[0]
            }
        }
    }

    /// The Hessian-vector products that λ₁ took last: one for each variable where the Hessian is
    /// written down.
    pub fn cost(&self) -> u64 {
        match &self.way {
            Way::Dense(matrix) => matrix.nrows() as u64,
            Way::Tracked(tracked) => tracked.1.products,
        }
    }

    /// λ₁ at x with a unit eigenvector in `direction`, and the products that were spent.
    pub fn eigenpair(
        &mut self,
        objective: &dyn Objective,
        x: &DVector<f64>,
        direction: &mut DVector<f64>,
    ) -> (f64, u64) {
        match &mut self.way {
            Way::Dense(matrix) => {
                objective.hessian(x, matrix);
                (spectrum::top_eigenpair(matrix, direction), x.len() as u64)
            }
            Way::Tracked(tracked) => tracked.0.eigenpair(&mut products(objective, x), direction),
        }
    }

    /// The least eigenvalue and the largest one at x.
    pub fn ends(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> [f64; 2] {
        match &mut self.way {
            Way::Dense(matrix) => {
                objective.hessian(x, matrix);
                [kth_eigenvalue(matrix, matrix.nrows().saturating_sub(1)), largest_eigenvalue(matrix)]
            }
            Way::Tracked(tracked) => {
                let largest = tracked.0.top(&mut products(objective, x)).values[0];
                [tracked.0.least(&mut products(objective, x)), largest]
            }
        }
    }
}

/// λ₁ at a point that belongs to no run: to rounding where the Hessian is written down, else by
/// products from a cold start, to a residual of `precision.tolerance`·|λ₁|.
#[must_use]
pub fn sharpness_at(objective: &dyn Objective, x: &DVector<f64>, precision: Precision) -> f64 {
    Curvature::new(objective, precision).sharpness(objective, x)
}

/// v ↦ ∇²f(x)·v.
pub(crate) fn products<'a>(
    objective: &'a dyn Objective,
    x: &'a DVector<f64>,
) -> impl FnMut(&DVector<f64>, &mut DVector<f64>) + 'a {
    move |v, product| objective.hessian_vector_product(x, v, product)
}
