//! What follows the spectrum of a Hessian along a run where it is known by its products alone.

use std::fmt::Debug;

use dyn_clone::DynClone;
use nalgebra::DVector;

use super::tracked::{MAX_COUNT, Multiply};

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

    /// The largest residual among them.
    pub residual: f64,

    /// The Hessian-vector products that were spent.
    pub products: u64,
}

impl Top {
    /// Before anything was found.
    pub(crate) const NONE: Self = Self { values: [f64::NAN; MAX_COUNT], residual: f64::NAN, products: 0 };
}

/// The spectrum of a Hessian that is known by its products alone, from point to point of a run.
///
/// An objective brings its own, so that a program that has no such objective has none of this.
pub trait Tracking: Debug + DynClone + Send {
    /// The largest eigenvalues at a point, warm from the points before; each `multiply` is that of
    /// the Hessian there.
    fn top(&mut self, multiply: Multiply) -> Top;

    /// How many eigenvalues are tracked.
    fn count(&self) -> usize;

    /// Tracks so many from the next point on, 1 to [`MAX_COUNT`], or the nearest of these.
    fn set_count(&mut self, count: usize);

    /// The unit eigenvector of λ₁ at the point where [`Tracking::top`] was asked last.
    fn vector(&self) -> Option<&DVector<f64>>;

    /// The least eigenvalue, warm from where it was asked last.
    fn least(&mut self, multiply: Multiply) -> f64;

    /// An estimate of the trace, and its standard error.
    fn trace(&self, multiply: Multiply) -> [f64; 2];

    /// λ₁ with a unit eigenvector in `direction`, and the products that were spent, at a point that
    /// need not be one of the run: what is known of that is left alone.
    fn eigenpair(&self, multiply: Multiply, direction: &mut DVector<f64>) -> (f64, u64);
}

dyn_clone::clone_trait_object!(Tracking);
