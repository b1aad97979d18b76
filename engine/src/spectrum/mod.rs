//! Sharpness: the algebraically largest eigenvalue λ₁ of a symmetric Hessian.
//!
//! One and two variables have closed forms ([`closed`]); larger matrices are reduced to tridiagonal form and bisected
//! ([`dense`]). A matrix with an entry that is not finite has the sharpness NaN: it never panics and never loops.

pub mod closed;
pub mod dense;

use nalgebra::DMatrix;

/// The algebraically largest eigenvalue of the symmetric `matrix`, with an error of a few units of rounding of its norm.
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
