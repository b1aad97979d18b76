//! The top of the spectrum of an objective's Hessian, along the points of one run.
//!
//! Up to [`MAX_DIMENSION`] variables the Hessian is written down and its eigenvalues are right to
//! rounding. Beyond, it is known by its products alone, and eigenvalues are tracked from point to
//! point ([`crate::spectrum::tracked`]) to a residual that a [`Precision`] sets.

use nalgebra::{DMatrix, DVector};

use crate::objective::{MAX_DIMENSION, Objective};
use crate::spectrum::tracked::{MAX_COUNT, Tracked, Visit};
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
pub(crate) struct Top {
    /// The eigenvalues that are known, NaN beyond.
    pub values: [f64; MAX_COUNT],

    /// The largest residual among them; 0 where they are right to rounding.
    pub residual: f64,

    /// The Hessian-vector products that were spent.
    pub products: u64,
}

impl Top {
    /// λ₁ alone, of a Hessian that was written down.
    pub fn of_matrix(sharpness: f64, dimension: usize) -> Self {
        let mut values = [f64::NAN; MAX_COUNT];
        values[0] = sharpness;
        Self { values, residual: 0.0, products: dimension as u64 }
    }
}

/// See the module's header.
#[derive(Debug)]
pub(crate) struct Curvature {
    way: Way,
    precision: Precision,
}

#[derive(Debug)]
enum Way {
    /// Room for the Hessian.
    Dense(DMatrix<f64>),

    /// Boxed, since it is large beside what most runs need.
    Tracked(Box<Tracked>),
}

impl Curvature {
    /// For points of `dimension` variables.
    pub fn new(dimension: usize, precision: Precision) -> Self {
        let way = if dimension <= MAX_DIMENSION {
            Way::Dense(DMatrix::zeros(dimension, dimension))
        } else {
            Way::Tracked(Box::new(Tracked::new(dimension, precision.count as usize, precision.tolerance)))
        };
        Self { way, precision }
    }

    /// Room for the Hessian where it is written down.
    pub fn matrix(&mut self) -> Option<&mut DMatrix<f64>> {
        match &mut self.way {
            Way::Dense(matrix) => Some(matrix),
            Way::Tracked(_) => None,
        }
    }

    /// Whether the spectrum is to be recorded at this step.
    pub fn is_due(&self, step: u64) -> bool {
        self.is_dense() || step.is_multiple_of(self.precision.every)
    }

    /// Whether the Hessian is written down.
    pub fn is_dense(&self) -> bool {
        matches!(self.way, Way::Dense(_))
    }

    /// The largest eigenvalues at x.
    pub fn top(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> Top {
        match &mut self.way {
            Way::Dense(matrix) => {
                let first = objective.sharpness(x, matrix);
                let known = (self.precision.count as usize).min(x.len());
                let mut values = [f64::NAN; MAX_COUNT];
                values[0] = first;
                if known > 1 {
                    objective.hessian(x, matrix);
                    (1..known).for_each(|rank| values[rank] = kth_eigenvalue(matrix, rank));
                }
                Top { values, residual: 0.0, products: x.len() as u64 }
            }
            Way::Tracked(tracked) => {
                let Visit { values, residuals, products, .. } = visit(tracked, objective, x);
                let residual = residuals.iter().copied().filter(|residual| !residual.is_nan()).fold(0.0, f64::max);
                Top { values, residual, products: u64::from(products) }
            }
        }
    }

    /// λ₁ at x with a unit eigenvector in `direction`, and the products that were spent.
    ///
    /// What is tracked along the run is left alone: x need not be one of its points.
    pub fn eigenpair(
        &mut self,
        objective: &dyn Objective,
        x: &DVector<f64>,
        direction: &mut DVector<f64>,
    ) -> (f64, u64) {
        let n = x.len();
        match &mut self.way {
            Way::Dense(matrix) => {
                objective.hessian(x, matrix);
                (spectrum::top_eigenpair(matrix, direction), n as u64)
            }
            Way::Tracked(_) => {
                let mut tracked = Tracked::new(n, 1, self.precision.tolerance);
                let found = visit(&mut tracked, objective, x);
                if let Some(vector) = tracked.vector(0) {
                    direction.copy_from(vector);
                }
                (found.values[0], u64::from(found.products))
            }
        }
    }

    /// The unit eigenvector of λ₁ where it was last tracked.
    pub fn tracked_vector(&self) -> Option<&DVector<f64>> {
        match &self.way {
            Way::Dense(_) => None,
            Way::Tracked(tracked) => tracked.vector(0),
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
                let largest = visit(tracked, objective, x).values[0];
                [least(objective, x, self.precision.tolerance).values[0], largest]
            }
        }
    }
}

/// The least eigenvalue of the Hessian at x by products, from a cold start.
pub(crate) fn least(objective: &dyn Objective, x: &DVector<f64>, tolerance: f64) -> Visit {
    visit(&mut Tracked::smallest(x.len(), 1, tolerance), objective, x)
}

fn visit(tracked: &mut Tracked, objective: &dyn Objective, x: &DVector<f64>) -> Visit {
    tracked.visit(&mut |v, product| objective.hessian_vector_product(x, v, product))
}
