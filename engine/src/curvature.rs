//! The top of the spectrum of an objective's Hessian, along the points of one run.
//!
//! Where the Hessian is written down its eigenvalues are right to rounding. An objective for which
//! it is too large, such as a network, brings its [`Tracking`]: eigenvalues are followed from point
//! to point by Hessian-vector products alone, to a residual that a [`Precision`] sets.

use std::fmt::Debug;

use nalgebra::{DMatrix, DVector};

use crate::objective::Objective;
use crate::spectrum::tracked::MAX_COUNT;
use crate::spectrum::{self, kth_eigenvalue, largest_eigenvalue};

/// How well eigenvalues are known that are found by products.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// How many of the largest are tracked, 1 to 8; a column that asks for one further down adds to
    /// it.
    pub count: u64,

    /// The residual ‖Hv − λv‖ is at most this part of |λ₁|; λ₁ itself is then right to about its
    /// square.
    pub tolerance: f64,

    /// They are found at every iterate whose step is a multiple of this.
    pub every: u64,
}

impl Precision {
    /// The most eigenvalues that are tracked.
    pub const MAX_COUNT: u64 = MAX_COUNT as u64;
}

impl Default for Precision {
    fn default() -> Self {
        Self { count: 1, tolerance: 1e-3, every: 1 }
    }
}

/// What is known of the largest eigenvalues λ₁ ≥ λ₂ ≥ … at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Top {
    /// The eigenvalues that are known, NaN beyond.
    pub values: [f64; MAX_COUNT],

    /// The largest residual among them; 0 where they are right to rounding.
    pub residual: f64,

    /// The Hessian-vector products that were spent.
    pub products: u64,
}

impl Top {
    /// λ₁ alone, of a Hessian that was written down.
    pub(crate) fn of_matrix(sharpness: f64, dimension: usize) -> Self {
        let mut values = [f64::NAN; MAX_COUNT];
        values[0] = sharpness;
        Self { values, residual: 0.0, products: dimension as u64 }
    }
}

/// The spectrum of a Hessian that is known by its products alone, from point to point of a run.
///
/// An objective brings its own, so that a program that has no such objective has none of this.
pub trait Tracking: Debug + Send {
    /// The largest eigenvalues at x, warm from the points before.
    fn top(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> Top;

    /// The unit eigenvector of λ₁ at the point where [`Tracking::top`] was asked last.
    fn vector(&self) -> Option<&DVector<f64>>;

    /// The least eigenvalue at x, warm from where it was asked last.
    fn least(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> f64;

    /// An estimate of the trace at x, and its standard error.
    fn trace(&self, objective: &dyn Objective, x: &DVector<f64>) -> [f64; 2];

    /// λ₁ at x with a unit eigenvector in `direction`, and the products that were spent; what is
    /// known of the run is left alone, since x need not be one of its points.
    fn eigenpair(&self, objective: &dyn Objective, x: &DVector<f64>, direction: &mut DVector<f64>) -> (f64, u64);
}

/// See the module's header.
#[derive(Debug)]
pub(crate) struct Curvature {
    way: Way,
    every: u64,
}

#[derive(Debug)]
enum Way {
    /// Room for the Hessian.
    Dense(DMatrix<f64>),
    Tracked(Box<dyn Tracking>),
}

impl Curvature {
    /// For points of `objective`.
    pub fn new(objective: &dyn Objective, precision: Precision) -> Self {
        let dimension = objective.dimension();
        let dense = || Way::Dense(DMatrix::zeros(dimension, dimension));
        let way = objective.tracking(precision).map_or_else(dense, Way::Tracked);
        Self { way, every: precision.every }
    }

    /// Room for the Hessian where it is written down.
    pub fn matrix(&mut self) -> Option<&mut DMatrix<f64>> {
        match &mut self.way {
            Way::Dense(matrix) => Some(matrix),
            Way::Tracked(_) => None,
        }
    }

    /// What follows the spectrum where the Hessian is not written down.
    pub fn tracking(&mut self) -> Option<&mut dyn Tracking> {
        match &mut self.way {
            Way::Dense(_) => None,
            Way::Tracked(tracking) => Some(tracking.as_mut()),
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

    /// λ₁ at x, and what else was found on the way.
    pub fn top(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> Top {
        match &mut self.way {
            Way::Dense(matrix) => Top::of_matrix(objective.sharpness(x, matrix), x.len()),
            Way::Tracked(tracking) => tracking.top(objective, x),
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
            Way::Tracked(tracking) => tracking.eigenpair(objective, x, direction),
        }
    }

    /// The least eigenvalue and the largest one at x.
    pub fn ends(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> [f64; 2] {
        match &mut self.way {
            Way::Dense(matrix) => {
                objective.hessian(x, matrix);
                [kth_eigenvalue(matrix, matrix.nrows().saturating_sub(1)), largest_eigenvalue(matrix)]
            }
            Way::Tracked(tracking) => {
                let largest = tracking.top(objective, x).values[0];
                [tracking.least(objective, x), largest]
            }
        }
    }
}
