//! The matrix product that everything in a network is made of.
//!
//! Each entry is summed in index order, and vectors run across entries: any vector width, and any
//! number of cores, gives the same bits. No multiplication is fused with its addition, as not every
//! host can.

use std::ops::Range;

/// So many rows of a product are summed at once, in registers.
const ROWS: usize = 4;

/// So many columns of it, where a register holds two numbers.
const COLUMNS: usize = 4;

/// So many rows of the right matrix, and columns of it, are put side by side at once: together they
/// fit the first cache.
const PART: usize = 64;

/// So many rows and columns of a matrix are transposed at once.
const SIDE: usize = 8;

/// Right matrices of at most this size are in that cache as they stand.
const SMALL: usize = 2048;

/// Products of two numbers from which on other cores are worth waking.
#[cfg(not(target_family = "wasm"))]
const MANY: usize = 1 << 20;

/// Adds the product of `left`, rows × inner, and `right`, inner × columns, to `sums`, rows ×
/// columns; all stand row after row.
///
/// On hosts other than browsers with the widest vectors that the processor has; large products on
/// all cores of rayon's pool, unless it is at work already.
pub fn add_product(left: &[f64], right: &[f64], sums: &mut [f64], inner: usize, columns: usize) {
    if columns == 0 || inner == 0 {
        return;
    }
    #[cfg(target_family = "wasm")]
    add_tiles::<COLUMNS>(left, right, sums, [inner, columns]);
    #[cfg(not(target_family = "wasm"))]
    share(left, right, sums, [inner, columns]);
}

/// [`add_product`], by blocks of rows on several cores where that is worth it.
#[cfg(not(target_family = "wasm"))]
fn share(left: &[f64], right: &[f64], sums: &mut [f64], [inner, columns]: [usize; 2]) {
    use rayon::prelude::*;

    // On a thread of the pool the other ones have runs of their own to compute.
    let is_alone = rayon::current_thread_index().is_none() && rayon::current_num_threads() > 1;
    if !is_alone || sums.len().saturating_mul(inner) < MANY {
        return add_widely(left, right, sums, [inner, columns]);
    }
    let rows = (sums.len() / columns).div_ceil(rayon::current_num_threads()).next_multiple_of(ROWS);
    let blocks = left.par_chunks(rows * inner).zip(sums.par_chunks_mut(rows * columns));
    blocks.for_each(|(left, sums)| add_widely(left, right, sums, [inner, columns]));
}

/// [`add_product`] on one core, with the vectors that it has.
#[cfg(not(target_family = "wasm"))]
fn add_widely(left: &[f64], right: &[f64], sums: &mut [f64], shape: [usize; 2]) {
    use pulp::Arch;

    match Arch::new() {
        Arch::Scalar => add_tiles::<COLUMNS>(left, right, sums, shape),
        #[cfg(target_arch = "x86_64")]
        Arch::V4(wide) => wide.vectorize(Tiles::<16> { left, right, sums, shape }),
        wide => wide.dispatch(Tiles::<8> { left, right, sums, shape }),
    }
}

/// [`add_tiles`] and what it is given.
#[cfg(not(target_family = "wasm"))]
struct Tiles<'a, const C: usize> {
    left: &'a [f64],
    right: &'a [f64],
    sums: &'a mut [f64],
    shape: [usize; 2],
}

#[cfg(not(target_family = "wasm"))]
impl<const C: usize> pulp::NullaryFnOnce for Tiles<'_, C> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        add_tiles::<C>(self.left, self.right, self.sums, self.shape);
    }
}

/// [`add_product`] by tiles of C columns; what is left over of them is filled up with zeros, unless
/// it is only one.
#[inline(always)]
fn add_tiles<const C: usize>(left: &[f64], right: &[f64], sums: &mut [f64], shape: [usize; 2]) {
    let [inner, columns] = shape;
    let whole = columns - columns % C;
    if inner <= PART && inner * columns <= SMALL {
        let panel = |first: usize| right.chunks_exact(columns).filter_map(move |row| row[first..].first_chunk());
        add_rows::<C, _>(left, sums, shape, 0..inner, (0..whole).step_by(C), C, panel);
    } else {
        add_packed::<C>(left, right, sums, shape, whole);
    }
    match columns - whole {
        0 => {}
        1 => add_rest::<1>(left, right, sums, shape, whole),
        rest if rest <= COLUMNS => add_rest::<COLUMNS>(left, right, sums, shape, whole),
        _ => add_rest::<C>(left, right, sums, shape, whole),
    }
}

/// The first `whole` columns, a multiple of C: the right matrix by parts that stay in the cache
/// while all rows of the left one meet them.
#[inline(always)]
fn add_packed<const C: usize>(left: &[f64], right: &[f64], sums: &mut [f64], shape: [usize; 2], whole: usize) {
    let [inner, columns] = shape;
    let mut packed = vec![[0.0; C]; PART * PART / C];
    for group in (0..whole).step_by(PART) {
        let firsts = (group..whole.min(group + PART)).step_by(C);
        // Long sums are taken in parts, one after the other: their order stays.
        for begun in (0..inner).step_by(PART) {
            let part = begun..inner.min(begun + PART);
            for (k, row) in right.chunks_exact(columns).skip(begun).take(part.len()).enumerate() {
                for (number, first) in firsts.clone().enumerate() {
                    packed[number * PART + k].copy_from_slice(&row[first..first + C]);
                }
            }
            let panel = |first: usize| packed[(first - group) / C * PART..].iter();
            add_rows::<C, _>(left, sums, shape, part, firsts.clone(), C, panel);
        }
    }
}

/// The last columns from `first` on, of which there are at most C.
#[inline(always)]
fn add_rest<const C: usize>(left: &[f64], right: &[f64], sums: &mut [f64], shape: [usize; 2], first: usize) {
    let [inner, columns] = shape;
    let width = columns - first;
    let mut packed = [[0.0; C]; PART];
    for begun in (0..inner).step_by(PART) {
        let part = begun..inner.min(begun + PART);
        for (packed, row) in packed.iter_mut().zip(right[begun * columns..].chunks_exact(columns)) {
            packed[..width].copy_from_slice(&row[first..]);
        }
        add_rows::<C, _>(left, sums, shape, part, std::iter::once(first), width, |_| packed.iter());
    }
}

/// Adds the terms of `part`, for all rows and the columns of the panels that begin at `firsts`;
/// `width` columns of a panel count.
#[inline(always)]
fn add_rows<'a, const C: usize, I: Iterator<Item = &'a [f64; C]>>(
    left: &[f64],
    sums: &mut [f64],
    [inner, columns]: [usize; 2],
    part: Range<usize>,
    firsts: impl Iterator<Item = usize> + Clone,
    width: usize,
    panel: impl Fn(usize) -> I,
) {
    for (left, sums) in left.chunks(ROWS * inner).zip(sums.chunks_mut(ROWS * columns)) {
        // Where there are fewer rows, the last one is summed again and not kept.
        let last = sums.len() / columns - 1;
        let row = |i: usize| &left[last.min(i) * inner..][part.clone()];
        let rows = [row(0), row(1), row(2), row(3)];
        for first in firsts.clone() {
            add_block(rows, panel(first), sums, columns, first..first + width);
        }
    }
}

/// Adds the products of `rows` and `right` to up to [`ROWS`] rows of sums, in the columns `range`,
/// of which there are at most C.
#[inline(always)]
fn add_block<'a, const C: usize>(
    rows: [&[f64]; ROWS],
    mut right: impl Iterator<Item = &'a [f64; C]>,
    sums: &mut [f64],
    columns: usize,
    range: Range<usize>,
) {
    let read = |i: usize| sums.get(i * columns..(i + 1) * columns).map_or([0.0; C], |row| read(&row[range.clone()]));
    // One by one, as a loop over them would keep them in memory.
    let (mut sums0, mut sums1, mut sums2, mut sums3) = (read(0), read(1), read(2), read(3));
    let [row0, row1, row2, row3] = rows;
    for (((factor0, factor1), factor2), factor3) in row0.iter().zip(row1).zip(row2).zip(row3) {
        let Some(right) = right.next() else { break };
        add_multiple(&mut sums0, *factor0, right);
        add_multiple(&mut sums1, *factor1, right);
        add_multiple(&mut sums2, *factor2, right);
        add_multiple(&mut sums3, *factor3, right);
    }
    for (row, block) in sums.chunks_mut(columns).zip([sums0, sums1, sums2, sums3]) {
        let row = &mut row[range.clone()];
        match row.first_chunk_mut() {
            Some(row) => *row = block,
            None => row.copy_from_slice(&block[..range.len()]),
        }
    }
}

#[inline(always)]
fn add_multiple<const C: usize>(sums: &mut [f64; C], factor: f64, right: &[f64; C]) {
    for (sum, right) in sums.iter_mut().zip(right) {
        *sum += factor * right;
    }
}

/// Up to C numbers, filled up with zeros; through a copy of a fixed length where there are C, so
/// that they stay in registers.
#[inline(always)]
fn read<const C: usize>(numbers: &[f64]) -> [f64; C] {
    numbers.first_chunk().copied().unwrap_or_else(|| {
        let mut block = [0.0; C];
        block[..numbers.len()].copy_from_slice(numbers);
        block
    })
}

/// Fills `transposed`, columns × rows, with the transpose of `matrix`, rows × columns.
pub(crate) fn transpose(matrix: &[f64], rows: usize, columns: usize, transposed: &mut [f64]) {
    // Square by square, as each of them is in the cache on both sides.
    for first in (0..columns).step_by(SIDE) {
        for (block, lines) in matrix.chunks(SIDE * columns).enumerate() {
            for (i, line) in lines.chunks_exact(columns).enumerate() {
                let place = block * SIDE + i;
                let line = &line[first..columns.min(first + SIDE)];
                for (target, entry) in transposed[first * rows..].chunks_exact_mut(rows).zip(line) {
                    target[place] = *entry;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize, shift: f64) -> Vec<f64> {
        (0..rows * columns).map(|i| libm::sin(i as f64 * 0.7 + shift)).collect()
    }

    /// Sums in index order, one entry at a time: the same bits, also for tiles of the widths that
    /// other processors have.
    #[test]
    fn the_product_is_the_one_by_definition_to_the_last_bit() {
        for (rows, inner, columns) in [
            (1, 1, 1),
            (3, 5, 7),
            (4, 4, 4),
            (9, 600, 13),
            (64, 20, 20),
            (15, 130, 31),
            (150, 100, 90),
            (5, 0, 3),
            (2, 3, 0),
        ] {
            let (left, right) = (matrix(rows, inner, 0.1), matrix(inner, columns, 0.5));
            let before = matrix(rows, columns, 0.9);
            let mut sums = before.clone();
            add_product(&left, &right, &mut sums, inner, columns);
            for add in [add_tiles::<4>, add_tiles::<8>, add_tiles::<16>] {
                let mut tiled = before.clone();
                if inner * columns > 0 {
                    add(&left, &right, &mut tiled, [inner, columns]);
                }
                assert!(tiled.iter().zip(&sums).all(|(a, b)| a.to_bits() == b.to_bits()), "{rows} {inner} {columns}");
            }
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
        for (rows, columns) in [(3, 5), (8, 8), (19, 33), (1, 20), (20, 1), (0, 4), (4, 0)] {
            let matrix = matrix(rows, columns, 0.0);
            let mut transposed = vec![0.0; rows * columns];
            transpose(&matrix, rows, columns, &mut transposed);
            for i in 0..rows {
                for j in 0..columns {
                    assert_eq!(transposed[j * rows + i], matrix[i * columns + j]);
                }
            }
        }
    }
}
