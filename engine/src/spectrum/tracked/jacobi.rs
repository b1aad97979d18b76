//! All eigenpairs of a small symmetric matrix by Jacobi's rotations.
//!
//! Cyclic by rows (Golub & Van Loan, Matrix Computations, 4th ed., 2013, section 8.5). Beside the
//! implicit QR iteration it is slower, but it ends for every finite matrix, its vectors are
//! orthogonal to rounding whatever the gaps, and nearly diagonal matrices, which restarts produce,
//! cost it least.

/// Sweeps after which the entries off the diagonal have long vanished: six do for order 40.
const MAX_SWEEPS: usize = 40;

/// Diagonalizes the symmetric `matrix` of order `order`, column by column in a slice: its diagonal
/// becomes the eigenvalues, in no order, and column j of `vectors` a unit eigenvector of the
/// eigenvalue j.
///
/// The error is a few units of rounding of the largest entry times the order. Entries must be
/// finite.
pub(super) fn diagonalize(matrix: &mut [f64], vectors: &mut [f64], order: usize) {
    vectors.fill(0.0);
    vectors.iter_mut().step_by(order + 1).for_each(|entry| *entry = 1.0);
    let scale = matrix.iter().fold(0.0_f64, |scale, entry| scale.max(entry.abs()));
    for _ in 0..MAX_SWEEPS {
        let mut is_diagonal = true;
        for p in 0..order {
            for q in p + 1..order {
                let off = matrix[q * order + p];
                if off.abs() <= 0.25 * f64::EPSILON * scale {
                    continue;
                }
                is_diagonal = false;
                // The smaller angle θ with tan 2θ = 2·off/(a_qq − a_pp).
                let ratio = (0.5 * matrix[q * order + q] - 0.5 * matrix[p * order + p]) / off;
                let tangent = 1.0_f64.copysign(ratio) / (ratio.abs() + (1.0 + ratio * ratio).sqrt());
                let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
                let sine = tangent * cosine;
                rotate_columns(matrix, order, [p, q], [cosine, sine]);
                for column in matrix.chunks_exact_mut(order) {
                    let (a, b) = (column[p], column[q]);
                    column[p] = cosine * a - sine * b;
                    column[q] = sine * a + cosine * b;
                }
                matrix[q * order + p] = 0.0;
                matrix[p * order + q] = 0.0;
                rotate_columns(vectors, order, [p, q], [cosine, sine]);
            }
        }
        if is_diagonal {
            break;
        }
    }
}

/// Rotates the columns p < q by the angle with this cosine and sine.
fn rotate_columns(matrix: &mut [f64], order: usize, [p, q]: [usize; 2], [cosine, sine]: [f64; 2]) {
    let (left, right) = matrix.split_at_mut(q * order);
    for (a, b) in left[p * order..(p + 1) * order].iter_mut().zip(&mut right[..order]) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::*;

    /// Against the definition, QᵀQ = I and A·Q = Q·Λ, at every size and at both ends of the range.
    #[test]
    fn the_pairs_solve_their_equation() {
        for order in 1..=40 {
            for scale in [1.0, 1e-290, 1e300] {
                let entry =
                    |i: usize, j: usize| scale * (libm::sin((1 + i + j) as f64 * 1.7) + libm::cos((i * j) as f64));
                let matrix = DMatrix::from_fn(order, order, entry);
                let (mut diagonal, mut vectors) = (matrix.clone(), DMatrix::zeros(order, order));
                diagonalize(diagonal.as_mut_slice(), vectors.as_mut_slice(), order);
                let (matrix, diagonal) = (matrix / scale, diagonal / scale);
                // Every sweep rotates each entry some times the order, and every rotation rounds.
                let tolerance = 8.0 * order as f64 * f64::EPSILON;
                assert!((vectors.transpose() * &vectors - DMatrix::identity(order, order)).amax() < tolerance);
                let residual = &matrix * &vectors - &vectors * DMatrix::from_diagonal(&diagonal.diagonal());
                assert!(residual.amax() < 2.0 * tolerance, "{order}: {:e}", residual.amax());
            }
        }
    }

    #[test]
    fn a_diagonal_matrix_is_left_alone() {
        let (mut matrix, mut vectors) = ([3.0, 0.0, 0.0, -7.0], [0.0; 4]);
        diagonalize(&mut matrix, &mut vectors, 2);
        assert_eq!((matrix, vectors), ([3.0, 0.0, 0.0, -7.0], [1.0, 0.0, 0.0, 1.0]));
    }
}
