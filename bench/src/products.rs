//! The matrix product of the networks against the libraries that have one, on the shapes that
//! networks have.

use std::hint::black_box;

use flatland_perceptron::kernel::add_product;
use nalgebra::DMatrix;

/// Who multiplies.
pub const MULTIPLIERS: [&str; 4] = ["own", "nalgebra", "matrixmultiply", "gemm"];

/// Multiplies matrices of rows × inner and inner × columns `count` times and adds the product to
/// what is there, as [`MULTIPLIERS`] do it; returns the sum of all entries.
///
/// Matrices stand row after row, but for nalgebra, which has its own order.
///
/// # Errors
///
/// If there is no multiplier of this name.
pub fn multiply(who: &str, rows: u32, inner: u32, columns: u32, count: u32) -> Result<f64, String> {
    let (rows, inner, columns) = (rows as usize, inner as usize, columns as usize);
    let entry = |i: usize| ((i * 7919) % 1009) as f64 / 1009.0 - 0.5;
    let left: Vec<f64> = (0..rows * inner).map(entry).collect();
    let right: Vec<f64> = (0..inner * columns).map(|i| entry(i + 5)).collect();
    let mut sums = vec![0.0; rows * columns];
    match who {
        "own" => {
            for _ in 0..count {
                add_product(black_box(&left), black_box(&right), &mut sums, inner, columns);
            }
        }
        "nalgebra" => {
            let left = DMatrix::from_row_slice(rows, inner, &left);
            let right = DMatrix::from_row_slice(inner, columns, &right);
            let mut product = DMatrix::zeros(rows, columns);
            for _ in 0..count {
                product.gemm(1.0, black_box(&left), black_box(&right), 1.0);
            }
            sums.copy_from_slice(product.as_slice());
        }
        "matrixmultiply" => {
            for _ in 0..count {
                call_matrixmultiply([rows, inner, columns], black_box(&left), black_box(&right), &mut sums);
            }
        }
        "gemm" => {
            for _ in 0..count {
                call_gemm([rows, inner, columns], black_box(&left), black_box(&right), &mut sums);
            }
        }
        _ => return Err(format!("expected one of {MULTIPLIERS:?}, found {who:?}")),
    }
    Ok(sums.iter().sum())
}

/// `sums` += `left`·`right`, all row after row.
#[expect(unsafe_code, reason = "the library takes pointers")]
fn call_matrixmultiply([m, k, n]: [usize; 3], left: &[f64], right: &[f64], sums: &mut [f64]) {
    assert!(left.len() == m * k && right.len() == k * n && sums.len() == m * n);
    let [across, down, along] = [1, k as isize, n as isize];
    // SAFETY: the matrices have these many rows and columns, and `sums` is borrowed by nobody else.
    unsafe {
        let (left, right, sums) = (left.as_ptr(), right.as_ptr(), sums.as_mut_ptr());
        matrixmultiply::dgemm(m, k, n, 1.0, left, down, across, right, along, across, 1.0, sums, along, across);
    }
}

/// `sums` += `left`·`right`, all row after row, on one core.
#[expect(unsafe_code, reason = "the library takes pointers")]
fn call_gemm([m, k, n]: [usize; 3], left: &[f64], right: &[f64], sums: &mut [f64]) {
    assert!(left.len() == m * k && right.len() == k * n && sums.len() == m * n);
    let [across, down, along] = [1, k as isize, n as isize];
    // SAFETY: the matrices have these many rows and columns, and `sums` is borrowed by nobody else.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            sums.as_mut_ptr(),
            across,
            along,
            true,
            left.as_ptr(),
            across,
            down,
            right.as_ptr(),
            across,
            along,
            1.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Up to rounding: libraries sum in orders of their own.
    #[test]
    fn all_multiply_alike() {
        let expected = multiply("own", 30, 70, 21, 2).expect("a multiplier");
        for who in MULTIPLIERS {
            let sum = multiply(who, 30, 70, 21, 2).expect("a multiplier");
            assert!((sum - expected).abs() < 1e-9, "{who}: {sum}, not {expected}");
        }
        assert!(multiply("nobody", 1, 1, 1, 1).is_err());
    }
}
