//! Combinations of a space's columns, block by block.

use flatland_vectors::add_scaled;
use nalgebra::DVector;

use super::space::CAPACITY;

/// Entries of a block: one of each column of a full space fits the first cache.
const BLOCK: usize = 128;

/// Adds Σⱼ weightsⱼ·columnsⱼ to `sum`, block by block, so that `sum` is read from memory once.
pub(super) fn add_combination(sum: &mut [f64], columns: &[DVector<f64>], weights: impl Iterator<Item = f64> + Clone) {
    for (block, sum) in sum.chunks_mut(BLOCK).enumerate() {
        for (column, weight) in columns.iter().zip(weights.clone()) {
            add_scaled(sum, weight, column.as_slice().get(block * BLOCK..).unwrap_or_default());
        }
    }
}

/// Replaces the first columns by combinations of all: column c becomes the sum over j of
/// weights\[c·m + j\]·columnⱼ, for m ≤ [`CAPACITY`] columns and as many c as `weights` has
/// weights for.
pub(super) fn rotate(columns: &mut [DVector<f64>], weights: &[f64]) {
    let Some(dimension) = columns.first().map(DVector::len) else { return };
    let mut old = [0.0; CAPACITY * BLOCK];
    for start in (0..dimension).step_by(BLOCK) {
        let end = dimension.min(start + BLOCK);
        for (old, column) in old.chunks_exact_mut(BLOCK).zip(columns.iter()) {
            old[..end - start].copy_from_slice(&column.as_slice()[start..end]);
        }
        let weights = weights.chunks_exact(columns.len());
        for (column, weights) in columns.iter_mut().zip(weights) {
            let column = &mut column.as_mut_slice()[start..end];
            column.fill(0.0);
            for (old, weight) in old.chunks_exact(BLOCK).zip(weights) {
                add_scaled(column, *weight, old);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Integers, whose sums are exact in any order.
    #[test]
    fn combinations_are_those_of_the_definition_at_every_length() {
        for n in [0, 1, 7, 8, 9, 127, 128, 129, 300] {
            let columns: Vec<_> =
                (0..3).map(|j| DVector::from_fn(n, |i, _| ((i * (j + 3) + j) % 11) as f64 - 5.0)).collect();
            let combination =
                |weights: [f64; 3]| &columns[0] * weights[0] + &columns[1] * weights[1] + &columns[2] * weights[2];
            let mut sum = columns[2].clone();
            add_combination(sum.as_mut_slice(), &columns, [2.0, -1.0, 4.0].into_iter());
            assert_eq!(sum, combination([2.0, -1.0, 5.0]));
            let mut rotated = columns.clone();
            rotate(&mut rotated, &[1.0, 2.0, 3.0, -4.0, 5.0, -6.0]);
            assert_eq!(rotated, [combination([1.0, 2.0, 3.0]), combination([-4.0, 5.0, -6.0]), columns[2].clone()]);
        }
    }
}
