//! The matrix product that everything in a network is made of.
//!
//! Each entry is summed in index order, and vectors run across entries: any vector width gives the
//! same bits.

/// So many rows and columns of a product are summed at once, in registers.
const ROWS: usize = 4;
const COLUMNS: usize = 4;

/// So many rows of the right matrix are put side by side at once.
const PART: usize = 64;

/// Adds the product of `left`, rows × inner, and `right`, inner × columns, to `sums`, rows ×
/// columns; all stand row after row.
pub(crate) fn add_product(left: &[f64], right: &[f64], sums: &mut [f64], inner: usize, columns: usize) {
    if columns == 0 || inner == 0 {
        return;
    }
    let mut packed = [[0.0; COLUMNS]; PART];
    let whole = columns - columns % COLUMNS;
    for first in (0..whole).step_by(COLUMNS) {
        // Long sums are taken in parts, one after the other: their order stays.
        for begun in (0..inner).step_by(PART) {
            let part = (inner - begun).min(PART);
            let packed = &mut packed[..part];
            for (packed, right) in packed.iter_mut().zip(right[begun * columns..].chunks(columns)) {
                packed.copy_from_slice(&right[first..first + COLUMNS]);
            }
            let rows = left.chunks(ROWS * inner).zip(sums.chunks_mut(ROWS * columns));
            for (left, sums) in rows {
                if left.len() == ROWS * inner {
                    add_block::<ROWS>(left, packed, sums, [inner, columns], [begun, first]);
                } else {
                    for (left, sums) in left.chunks(inner).zip(sums.chunks_mut(columns)) {
                        add_block::<1>(left, packed, sums, [inner, columns], [begun, first]);
                    }
                }
            }
        }
    }
    for (left, sums) in left.chunks(inner).zip(sums.chunks_mut(columns)) {
        for (column, sum) in sums.iter_mut().enumerate().skip(whole) {
            for (factor, right) in left.iter().zip(right.chunks(columns)) {
                *sum += factor * right[column];
            }
        }
    }
}

/// Adds to R rows of [`COLUMNS`] sums each, from the column `first` on, the part of the product that
/// begins at `begun`.
#[inline(always)]
fn add_block<const R: usize>(
    left: &[f64],
    right: &[[f64; COLUMNS]],
    sums: &mut [f64],
    [inner, columns]: [usize; 2],
    [begun, first]: [usize; 2],
) {
    let mut block = [[0.0; COLUMNS]; R];
    let mut rows = [&left[..0]; R];
    for (i, (block, row)) in block.iter_mut().zip(&mut rows).enumerate() {
        block.copy_from_slice(&sums[i * columns + first..][..COLUMNS]);
        *row = &left[i * inner + begun..][..right.len()];
    }
    for (k, right) in right.iter().enumerate() {
        for (block, row) in block.iter_mut().zip(&rows) {
            let factor = row[k];
            for (sum, right) in block.iter_mut().zip(right) {
                *sum += factor * right;
            }
        }
    }
    for (i, block) in block.iter().enumerate() {
        sums[i * columns + first..][..COLUMNS].copy_from_slice(block);
    }
}

/// Fills `transposed`, columns × rows, with the transpose of `matrix`, rows × columns.
pub(crate) fn transpose(matrix: &[f64], rows: usize, columns: usize, transposed: &mut [f64]) {
    for (i, row) in matrix.chunks_exact(columns.max(1)).enumerate() {
        for (j, entry) in row.iter().enumerate() {
            transposed[j * rows + i] = *entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize, shift: f64) -> Vec<f64> {
        (0..rows * columns).map(|i| libm::sin(i as f64 * 0.7 + shift)).collect()
    }

    /// Sums in index order, one entry at a time: the same bits.
    #[test]
    fn the_product_is_the_one_by_definition_to_the_last_bit() {
        for (rows, inner, columns) in
            [(1, 1, 1), (3, 5, 7), (4, 4, 4), (9, 600, 13), (64, 20, 20), (5, 0, 3), (2, 3, 0)]
        {
            let (left, right) = (matrix(rows, inner, 0.1), matrix(inner, columns, 0.5));
            let before = matrix(rows, columns, 0.9);
            let mut sums = before.clone();
            add_product(&left, &right, &mut sums, inner, columns);
            for i in 0..rows {
                for j in 0..columns {
                    let mut expected = before[i * columns + j];
                    for k in 0..inner {
                        expected += left[i * inner + k] * right[k * columns + j];
                    }
                    assert_eq!(sums[i * columns + j].to_bits(), expected.to_bits(), "{rows} {inner} {columns}");
                }
            }
        }
    }

    #[test]
    fn a_transpose_is_one() {
        let matrix = matrix(3, 5, 0.0);
        let mut transposed = vec![0.0; 15];
        transpose(&matrix, 3, 5, &mut transposed);
        for i in 0..3 {
            for j in 0..5 {
                assert_eq!(transposed[j * 3 + i], matrix[i * 5 + j]);
            }
        }
    }
}
