//! Sharpness: the algebraically largest eigenvalue λ₁ of a symmetric Hessian.
//!
//! One and two variables have closed forms ([`closed`]); larger matrices are reduced to tridiagonal
//! form and bisected ([`dense`]). A matrix with an entry that is not finite has the sharpness NaN:
//! it never panics and never loops.
//!
//! Matrices too large to be stored are known by their products with vectors: [`tracked`] finds the
//! ends of their spectrum, [`trace`] estimates their trace.

mod by_products;
pub mod closed;
pub mod dense;
pub mod trace;
pub mod tracked;
mod tracking;

use nalgebra::{DMatrix, DVector};

pub use by_products::ByProducts;
pub use tracked::Multiply;
pub use tracking::{Precision, Top, Tracking};

/// The algebraically largest eigenvalue of the symmetric `matrix`, with an error of a few units of
/// rounding of its norm.
///
/// NaN if an entry is not finite; NaN also for the empty matrix.
#[must_use]
pub fn largest_eigenvalue(matrix: &DMatrix<f64>) -> f64 {
    match matrix.nrows() {
        0 => f64::NAN,
        1 => closed::largest_of_1x1(matrix[(0, 0)]),
        2 => closed::largest_of_2x2(matrix[(0, 0)], matrix[(0, 1)], matrix[(1, 1)]),
        _ => dense::largest(matrix),
    }
}

/// The largest eigenvalue, as [`largest_eigenvalue`], with a unit eigenvector of it in `vector`;
/// its largest entry is positive.
///
/// `vector` has the matrix's size, and is left alone where the eigenvalue is NaN.
pub fn top_eigenpair(matrix: &DMatrix<f64>, vector: &mut DVector<f64>) -> f64 {
    match matrix.nrows() {
        0 => f64::NAN,
        1 => {
            vector[0] = 1.0;
            closed::largest_of_1x1(matrix[(0, 0)])
        }
        2 => {
            let (a, b, c) = (matrix[(0, 0)], matrix[(0, 1)], matrix[(1, 1)]);
            let value = closed::largest_of_2x2(a, b, c);
            if !value.is_nan() {
                vector.copy_from_slice(&closed::vector_of_2x2(a, b, c));
            }
            value
        }
        _ => dense::largest_with_vector(matrix, vector),
    }
}

/// The eigenvalue number `rank` of the symmetric `matrix`, counted from 0 for the largest; NaN if
/// there is none.
#[must_use]
pub fn kth_eigenvalue(matrix: &DMatrix<f64>, rank: usize) -> f64 {
    match (matrix.nrows(), rank) {
        (_, 0) => largest_eigenvalue(matrix),
        (0 | 1, _) => f64::NAN,
        // The smaller one of H is the larger one of −H, negated; a difference, since that of zeros
        // is no −0.
        (2, 1) => 0.0 - closed::largest_of_2x2(-matrix[(0, 0)], -matrix[(0, 1)], -matrix[(1, 1)]),
        _ => dense::kth_largest(matrix, rank),
    }
}
