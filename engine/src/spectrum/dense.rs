//! The largest eigenvalue of a dense symmetric matrix.
//!
//! Householder reduction to a tridiagonal matrix, then bisection on the number of eigenvalues above a shift, which
//! Sturm's sequence counts. Source: Golub & Van Loan, Matrix Computations (4th ed., 2013), sections 8.3.1 and 8.4.1.
//! Cost: 4n³/3 for the reduction, 5n per bisection. Unlike the implicit QR iteration it ends after a fixed number of
//! steps for every finite matrix, and it finds the one eigenvalue that is asked for.

use nalgebra::DMatrix;
use nalgebra::linalg::SymmetricTridiagonal;

/// Bisections after which an interval as wide as the whole spectrum is one unit of rounding wide.
const MAX_BISECTIONS: usize = 80;

/// The algebraically largest eigenvalue of the symmetric `matrix` of size 2 or more; NaN if an entry is not finite.
///
/// The error is a few units of rounding of the matrix's norm.
#[must_use]
pub fn largest(matrix: &DMatrix<f64>) -> f64 {
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return f64::NAN;
    }
    let scale = matrix.amax();
    if scale == 0.0 {
        return 0.0;
    }
    // Divided by its largest entry the matrix can neither overflow nor lose itself in subnormal numbers.
    let (_, diagonal, off_diagonal) = SymmetricTridiagonal::new(matrix / scale).unpack();
    scale * largest_of_tridiagonal(diagonal.as_slice(), off_diagonal.as_slice())
}

fn largest_of_tridiagonal(diagonal: &[f64], off_diagonal: &[f64]) -> f64 {
    let radius = |i: usize| {
        let left = if i == 0 { 0.0 } else { off_diagonal[i - 1].abs() };
        left + off_diagonal.get(i).map_or(0.0, |right| right.abs())
    };
    // λ₁ is at least every diagonal entry and, by Gershgorin, at most every entry plus its radius.
    let mut low = f64::NEG_INFINITY;
    let mut high = f64::NEG_INFINITY;
    for (i, &entry) in diagonal.iter().enumerate() {
        low = low.max(entry);
        high = high.max(entry + radius(i));
    }
    for _ in 0..MAX_BISECTIONS {
        let middle = low + 0.5 * (high - low);
        if middle <= low || middle >= high {
            break;
        }
        if is_above_all(middle, diagonal, off_diagonal) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Whether every eigenvalue is below `shift`: all pivots of the shifted matrix are negative.
fn is_above_all(shift: f64, diagonal: &[f64], off_diagonal: &[f64]) -> bool {
    let mut pivot = diagonal[0] - shift;
    for (entry, off) in diagonal[1..].iter().zip(off_diagonal) {
        if pivot >= 0.0 {
            return false;
        }
        pivot = entry - shift - off * (off / pivot);
    }
    pivot < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fixed, unstructured symmetric matrix.
    fn sample(n: usize) -> DMatrix<f64> {
        DMatrix::from_fn(n, n, |i, j| libm::sin((1 + i + j) as f64 * 1.7) + libm::cos((i * j) as f64))
    }

    #[test]
    fn agrees_with_the_qr_iteration() {
        for n in 2..=24 {
            let matrix = sample(n);
            let expected = matrix.symmetric_eigenvalues().max();
            // Both are backward stable: a few n units of rounding of the norm.
            let tolerance = 4.0 * n as f64 * f64::EPSILON * matrix.norm();
            assert!((largest(&matrix) - expected).abs() <= tolerance, "n = {n}");
        }
    }

    #[test]
    fn scales_with_the_matrix_at_both_ends_of_the_range() {
        let matrix = sample(5);
        let expected = largest(&matrix);
        for power in [1e-300, 1e-8, 1e300] {
            assert!((largest(&(&matrix * power)) / power / expected - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn zero_negative_and_nonfinite_matrices_are_answered() {
        assert_eq!(largest(&DMatrix::zeros(4, 4)), 0.0);
        assert!((largest(&(DMatrix::identity(4, 4) * -3.0)) + 3.0).abs() < 1e-15);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut matrix = sample(4);
            matrix[(1, 2)] = bad;
            assert!(largest(&matrix).is_nan());
        }
    }
}
