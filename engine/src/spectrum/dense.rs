//! Eigenvalues of a dense symmetric matrix, one at a time, and the eigenvector of the largest.
//!
//! Householder reduction to a tridiagonal matrix, then bisection on the number of eigenvalues above
//! a shift, which Sturm's sequence counts; for the eigenvector, inverse iteration on the
//! tridiagonal matrix. Source: Golub & Van Loan, Matrix Computations (4th ed., 2013), sections
//! 8.2.2, 8.3.1 and 8.4.1. Cost: 4n³/3 for the reduction, 5n per bisection. Unlike the implicit QR
//! iteration it ends after a fixed number of steps for every finite matrix, and it finds the one
//! eigenvalue that is asked for.

use nalgebra::linalg::SymmetricTridiagonal;
use nalgebra::{DMatrix, DVector};

/// Bisections after which an interval as wide as the whole spectrum is one unit of rounding wide.
const MAX_BISECTIONS: usize = 80;

/// Inverse iterations: each gains the digits by which the shift is nearer to its eigenvalue than to
/// the next.
const INVERSE_ITERATIONS: usize = 3;

/// The algebraically largest eigenvalue of the symmetric `matrix` of size 2 or more; NaN if an
/// entry is not finite.
///
/// The error is a few units of rounding of the matrix's norm.
#[must_use]
pub fn largest(matrix: &DMatrix<f64>) -> f64 {
    kth_largest(matrix, 0)
}

/// The eigenvalue that `rank` others are not below: the largest for rank 0. As [`largest`]
/// otherwise; NaN if there are not that many.
#[must_use]
pub fn kth_largest(matrix: &DMatrix<f64>, rank: usize) -> f64 {
    if rank >= matrix.nrows() {
        return f64::NAN;
    }
    match scale_of(matrix) {
        0.0 => 0.0,
        scale if scale.is_nan() => f64::NAN,
        // Divided by its largest entry the matrix can neither overflow nor lose itself in subnormal
        // numbers.
        scale => {
            let (_, diagonal, off_diagonal) = SymmetricTridiagonal::new(matrix / scale).unpack();
            scale * kth_of_tridiagonal(diagonal.as_slice(), off_diagonal.as_slice(), rank)
        }
    }
}

/// The largest eigenvalue, as [`largest`], and a unit eigenvector of it in `vector`, whose largest
/// entry is positive.
///
/// The vector is as good as the gap to the next eigenvalue allows; without a gap it is one of many.
/// It is left alone where the eigenvalue is NaN.
pub fn largest_with_vector(matrix: &DMatrix<f64>, vector: &mut DVector<f64>) -> f64 {
    let scale = scale_of(matrix);
    if scale.is_nan() {
        return f64::NAN;
    }
    if scale == 0.0 {
        vector.fill(0.0);
        vector[0] = 1.0;
        return 0.0;
    }
    let (q, diagonal, off_diagonal) = SymmetricTridiagonal::new(matrix / scale).unpack();
    let (diagonal, off_diagonal) = (diagonal.as_slice(), off_diagonal.as_slice());
    let value = kth_of_tridiagonal(diagonal, off_diagonal, 0);
    // No eigenvector is orthogonal to this start in a way that rounding would not undo.
    let mut direction: Vec<f64> = (0..diagonal.len()).map(|i| 1.0 + 1.0 / (i + 2) as f64).collect();
    for _ in 0..INVERSE_ITERATIONS {
        solve_shifted(diagonal, off_diagonal, value, &mut direction);
        let size = direction.iter().fold(0.0_f64, |size, entry| size.max(entry.abs()));
        direction.iter_mut().for_each(|entry| *entry /= size);
    }
    for (i, entry) in vector.iter_mut().enumerate() {
        *entry = direction.iter().enumerate().map(|(j, weight)| q[(i, j)] * weight).sum();
    }
    let largest = vector[vector.icamax()];
    let norm = vector.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
    *vector /= norm.copysign(largest);
    scale * value
}

/// The largest absolute entry; NaN if one is not finite.
fn scale_of(matrix: &DMatrix<f64>) -> f64 {
    if matrix.iter().any(|entry| !entry.is_finite()) { f64::NAN } else { matrix.amax() }
}

fn kth_of_tridiagonal(diagonal: &[f64], off_diagonal: &[f64], rank: usize) -> f64 {
    let radius = |i: usize| {
        let left = if i == 0 { 0.0 } else { off_diagonal[i - 1].abs() };
        left + off_diagonal.get(i).map_or(0.0, |right| right.abs())
    };
    // λ₁ is at least every diagonal entry and, by Gershgorin, at most every entry plus its radius.
    let mut low = f64::NEG_INFINITY;
    let mut high = f64::NEG_INFINITY;
    let mut lowest = f64::INFINITY;
    for (i, &entry) in diagonal.iter().enumerate() {
        low = low.max(entry);
        high = high.max(entry + radius(i));
        lowest = lowest.min(entry - radius(i));
    }
    if rank > 0 {
        low = lowest;
    }
    for _ in 0..MAX_BISECTIONS {
        let middle = low + 0.5 * (high - low);
        if middle <= low || middle >= high {
            break;
        }
        if has_at_most_above(rank, middle, diagonal, off_diagonal) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Whether at most `rank` eigenvalues are not below `shift`: so many pivots of the shifted matrix
/// are not negative.
fn has_at_most_above(rank: usize, shift: f64, diagonal: &[f64], off_diagonal: &[f64]) -> bool {
    let mut pivot = diagonal[0] - shift;
    let mut above = usize::from(!is_negative(pivot));
    for (entry, off) in diagonal[1..].iter().zip(off_diagonal) {
        if above > rank {
            return false;
        }
        if pivot == 0.0 {
            pivot = f64::EPSILON * f64::EPSILON;
        }
        pivot = entry - shift - off * (off / pivot);
        above += usize::from(!is_negative(pivot));
    }
    above <= rank
}

fn is_negative(pivot: f64) -> bool {
    pivot < 0.0
}

/// Replaces `b` by the solution of (T − shift)·y = b, by elimination with row exchanges; a
/// vanishing pivot, which is what one hopes for at an eigenvalue, is replaced by a rounding.
fn solve_shifted(diagonal: &[f64], off_diagonal: &[f64], shift: f64, b: &mut [f64]) {
    let n = diagonal.len();
    let safe = |pivot: f64| if pivot.abs() < f64::EPSILON { f64::EPSILON.copysign(pivot) } else { pivot };
    // The row being eliminated: its entries in columns i, i + 1 and i + 2.
    let mut row = [diagonal[0] - shift, off_diagonal.first().copied().unwrap_or(0.0), 0.0];
    let mut upper = Vec::with_capacity(n);
    for i in 0..n - 1 {
        let mut next = [off_diagonal[i], diagonal[i + 1] - shift, off_diagonal.get(i + 1).copied().unwrap_or(0.0)];
        if next[0].abs() > row[0].abs() {
            std::mem::swap(&mut next, &mut row);
            b.swap(i, i + 1);
        }
        row[0] = safe(row[0]);
        let factor = next[0] / row[0];
        b[i + 1] -= factor * b[i];
        upper.push(row);
        row = [next[1] - factor * row[1], next[2] - factor * row[2], 0.0];
    }
    row[0] = safe(row[0]);
    upper.push(row);
    for i in (0..n).rev() {
        let [pivot, first, second] = upper[i];
        let known = first * b.get(i + 1).unwrap_or(&0.0) + second * b.get(i + 2).unwrap_or(&0.0);
        b[i] = (b[i] - known) / pivot;
    }
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
    fn every_eigenvalue_agrees_with_the_qr_iteration() {
        for n in 2..=12 {
            let matrix = sample(n);
            let mut expected: Vec<_> = matrix.symmetric_eigenvalues().iter().copied().collect();
            expected.sort_by(|a, b| b.total_cmp(a));
            for (rank, expected) in expected.into_iter().enumerate() {
                let tolerance = 4.0 * n as f64 * f64::EPSILON * matrix.norm();
                assert!((kth_largest(&matrix, rank) - expected).abs() <= tolerance, "n = {n}, rank {rank}");
            }
            assert!(kth_largest(&matrix, n).is_nan());
        }
    }

    /// The residual ‖Hu − λu‖ is a few n units of rounding of the norm, whatever the gap.
    #[test]
    fn the_eigenvector_solves_its_equation() {
        for n in 2..=24 {
            let matrix = sample(n);
            let mut vector = DVector::zeros(n);
            let value = largest_with_vector(&matrix, &mut vector);
            assert_eq!(value, largest(&matrix));
            assert!((vector.norm() - 1.0).abs() < 1e-14 && vector[vector.icamax()] > 0.0);
            let residual = (&matrix * &vector - &vector * value).norm();
            assert!(residual <= 8.0 * n as f64 * f64::EPSILON * matrix.norm(), "n = {n}: {residual:e}");
        }
    }

    #[test]
    fn a_diagonal_or_repeated_spectrum_has_an_eigenvector_too() {
        let diagonal = DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, 5.0, -2.0, 5.0]));
        let mut vector = DVector::zeros(4);
        assert!((largest_with_vector(&diagonal, &mut vector) - 5.0).abs() < 1e-14);
        assert!(vector[0].abs() < 1e-14 && vector[2].abs() < 1e-14 && (vector.norm() - 1.0).abs() < 1e-14);
        assert_eq!(largest_with_vector(&DMatrix::zeros(3, 3), &mut DVector::zeros(3)), 0.0);
        assert!(largest_with_vector(&DMatrix::from_element(3, 3, f64::NAN), &mut DVector::zeros(3)).is_nan());
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
