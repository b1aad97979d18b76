//! One recorded quantity of one run, kept so that it can be drawn faithfully at any zoom.
//!
//! Contract:
//! - Values are appended once and never change. Row `k` is the value at iterate `k`.
//! - Beside the values stands a pyramid of [`Bucket`]s: the first, least, greatest and last value
//!   of every block of 16, 64, 256 … rows. A question about any span is answered from O(log n)
//!   buckets, so the cost of drawing does not grow with history.
//! - NaN and infinity take part in no bucket: a bucket with nothing finite in it is
//!   [`Bucket::EMPTY`].
//! - [`Series::thin`] gives back the memory of the oldest rows. What is left of them is their
//!   pyramid, and the exact value of every 16th row.

use std::ops::Range;

/// Rows that one bucket of the lowest level stands for.
pub const BLOCK: usize = 16;
/// Buckets of one level that one bucket of the next level stands for.
pub const FAN: usize = 4;
/// Rows of one chunk: the unit in which memory is taken and given back.
pub const CHUNK: usize = 4096;
/// Buckets of one chunk of a level.
const BUCKETS: usize = 1024;

/// The first, least, greatest and last finite value of a span of rows: the four that a one-pixel
/// column needs to be drawn as if every point had been (M4: Jugel, Jerzak, Hackenbroich, Markl,
/// VLDB 2014).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// The earliest finite value.
    pub first: f64,
    /// The least finite value.
    pub min: f64,
    /// The greatest finite value.
    pub max: f64,
    /// The latest finite value.
    pub last: f64,
}

impl Bucket {
    /// The bucket of a span without a finite value.
    pub const EMPTY: Self = Self { first: f64::NAN, min: f64::INFINITY, max: f64::NEG_INFINITY, last: f64::NAN };

    /// Whether no finite value has been seen.
    pub fn is_empty(&self) -> bool {
        self.min > self.max
    }

    fn push(&mut self, value: f64) {
        if value.is_finite() {
            self.merge(&Self { first: value, min: value, max: value, last: value });
        }
    }

    fn merge(&mut self, later: &Self) {
        if later.is_empty() {
            return;
        }
        if self.is_empty() {
            *self = *later;
            return;
        }
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.last = later.last;
    }
}

/// A level of the pyramid, in chunks too: one list would be moved as a whole whenever it had to
/// grow, and those of a run, which are of one length, all at once, in the middle of a frame.
#[derive(Clone, Debug, Default)]
struct Level(Vec<Vec<Bucket>>);

impl Level {
    fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * BUCKETS + last.len())
    }

    fn get(&self, index: usize) -> Option<&Bucket> {
        self.0.get(index / BUCKETS)?.get(index % BUCKETS)
    }

    fn push(&mut self, bucket: Bucket) {
        match self.0.last_mut() {
            Some(last) if last.len() < BUCKETS => last.push(bucket),
            _ => self.0.push(vec![bucket]),
        }
    }

    fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        self.0.truncate(len.div_ceil(BUCKETS));
        if let Some(last) = self.0.last_mut()
            && !len.is_multiple_of(BUCKETS)
        {
            last.truncate(len % BUCKETS);
        }
    }

    fn bytes(&self) -> usize {
        self.0.iter().map(Vec::capacity).sum::<usize>() * size_of::<Bucket>()
    }
}

/// An append-only sequence of numbers with its pyramid.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Chunks of [`CHUNK`] rows; the leading ones are empty once thinned.
    chunks: Vec<Vec<f64>>,
    /// `levels[l][i]` covers the rows from `i·16·4^l` to `(i + 1)·16·4^l`; only complete buckets
    /// are there.
    levels: Vec<Level>,
    len: usize,
    thinned_chunks: usize,
}

impl Series {
    /// How many rows have been appended.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no row has been appended.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The rows below this one are kept as their pyramid only.
    pub fn thinned_rows(&self) -> usize {
        self.thinned_chunks * CHUNK
    }

    /// Appends rows.
    pub fn extend(&mut self, mut values: &[f64]) {
        while !values.is_empty() {
            let room = CHUNK - self.len % CHUNK;
            let (now, later) = values.split_at(room.min(values.len()));
            if room == CHUNK {
                self.chunks.push(Vec::with_capacity(CHUNK));
            }
            if let Some(chunk) = self.chunks.last_mut() {
                chunk.extend_from_slice(now);
            }
            self.len += now.len();
            values = later;
        }
        self.summarise();
    }

    /// Appends one row.
    pub fn push(&mut self, value: f64) {
        self.extend(&[value]);
    }

    /// Makes the buckets that have become complete.
    fn summarise(&mut self) {
        let blocks = self.len / BLOCK;
        if self.levels.is_empty() && blocks > 0 {
            self.levels.push(Level::default());
        }
        for block in self.levels.first().map_or(0, Level::len)..blocks {
            let mut bucket = Bucket::EMPTY;
            for row in block * BLOCK..(block + 1) * BLOCK {
                bucket.push(self.exact(row).unwrap_or(f64::NAN));
            }
            self.levels[0].push(bucket);
        }
        let mut level = 1;
        while self.levels.get(level - 1).is_some_and(|below| below.len() >= FAN) {
            if level == self.levels.len() {
                self.levels.push(Level::default());
            }
            let (lower, upper) = self.levels.split_at_mut(level);
            let below = &lower[level - 1];
            for group in upper[0].len()..below.len() / FAN {
                let mut bucket = Bucket::EMPTY;
                (group * FAN..(group + 1) * FAN)
                    .filter_map(|index| below.get(index))
                    .for_each(|later| bucket.merge(later));
                upper[0].push(bucket);
            }
            level += 1;
        }
    }

    /// Forgets every row from `len` on, as far as their detail is still there.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let len = len.max(self.thinned_rows());
        self.chunks.truncate(len.div_ceil(CHUNK));
        if let Some(chunk) = self.chunks.last_mut()
            && !len.is_multiple_of(CHUNK)
        {
            chunk.truncate(len % CHUNK);
        }
        self.len = len;
        let mut span = BLOCK;
        for level in &mut self.levels {
            level.truncate(len / span);
            span *= FAN;
        }
    }

    fn exact(&self, row: usize) -> Option<f64> {
        self.chunks.get(row / CHUNK)?.get(row % CHUNK).copied()
    }

    /// The value at `row`, or, where the detail has been given back, at the nearest earlier row
    /// that is kept (a multiple of 16). `None` beyond the end.
    pub fn get(&self, row: usize) -> Option<f64> {
        if row < self.thinned_rows() { self.levels.first()?.get(row / BLOCK).map(|b| b.first) } else { self.exact(row) }
    }

    /// The rows before `end` whose detail is still there, in order.
    pub fn kept(&self, end: usize) -> impl Iterator<Item = f64> + '_ {
        let rows = end.min(self.len).saturating_sub(self.thinned_rows());
        self.chunks.iter().flatten().copied().take(rows)
    }

    /// The bucket of `rows`, cut at the end of the series. Ends that fall inside a thinned block
    /// take the whole block.
    pub fn bucket(&self, rows: Range<usize>) -> Bucket {
        let mut bucket = Bucket::EMPTY;
        let end = rows.end.min(self.len);
        let mut row = rows.start;
        while row < end {
            let mut level = None;
            let mut span = BLOCK;
            for candidate in 0..self.levels.len() {
                // Within `end`, which is within the series, every bucket is complete.
                if !row.is_multiple_of(span) || row + span > end {
                    break;
                }
                level = Some((candidate, span));
                span *= FAN;
            }
            match level {
                Some((level, span)) => {
                    bucket.merge(self.levels[level].get(row / span).unwrap_or(&Bucket::EMPTY));
                    row += span;
                }
                None if row < self.thinned_rows() => {
                    if let Some(block) = self.levels.first().and_then(|l| l.get(row / BLOCK)) {
                        bucket.merge(block);
                    }
                    row = (row / BLOCK + 1) * BLOCK;
                }
                None => {
                    bucket.push(self.exact(row).unwrap_or(f64::NAN));
                    row += 1;
                }
            }
        }
        bucket
    }

    /// Gives back the memory of the oldest chunk that still has its rows; `false` when only the
    /// newest is left.
    pub fn thin(&mut self) -> bool {
        if self.thinned_chunks + 1 >= self.chunks.len() {
            return false;
        }
        self.chunks[self.thinned_chunks] = Vec::new();
        self.thinned_chunks += 1;
        true
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        let rows = (self.chunks.len() - self.thinned_chunks) * CHUNK;
        rows * size_of::<f64>() + self.levels.iter().map(Level::bytes).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alternates in sign with period 2 and has one spike: what a stride would lose.
    fn signal(row: usize) -> f64 {
        let sign = if row.is_multiple_of(2) { 1.0 } else { -1.0 };
        if row == 7777 { 1e3 } else { sign * (1.0 + row as f64 * 1e-4) }
    }

    fn series(len: usize) -> Series {
        let mut series = Series::default();
        for row in 0..len {
            series.push(signal(row));
        }
        series
    }

    fn scanned(rows: Range<usize>) -> Bucket {
        let mut bucket = Bucket::EMPTY;
        for row in rows {
            bucket.push(signal(row));
        }
        bucket
    }

    #[test]
    fn every_span_agrees_with_a_scan_of_its_rows() {
        let series = series(20_000);
        for (start, end) in [(0, 1), (0, 20_000), (3, 19), (16, 80), (5, 7778), (7777, 7778), (4095, 4097), (1, 16_385)]
        {
            assert_eq!(series.bucket(start..end), scanned(start..end), "{start}..{end}");
        }
    }

    #[test]
    fn truncating_and_appending_again_is_the_same_as_never_having_had_more() {
        for len in [0, 1, 15, 16, 17, 63, 64, 65, 4095, 4096, 4097, 9000] {
            let mut cut = series(12_345);
            cut.truncate(len);
            assert_eq!(cut.len(), len);
            for row in len..13_000 {
                cut.push(signal(row));
            }
            let fresh = series(13_000);
            for start in (0..13_000).step_by(731) {
                assert_eq!(cut.bucket(start..13_000), fresh.bucket(start..13_000), "cut at {len}");
                assert_eq!(cut.get(start), fresh.get(start));
            }
        }
    }

    /// The pyramid's levels are in chunks, too: cuts at their ends, beside them and in the second
    /// and third.
    #[test]
    fn a_level_of_several_chunks_is_cut_and_grows_like_one() {
        let rows = BLOCK * BUCKETS;
        for len in [rows - BLOCK, rows, rows + BLOCK, 2 * rows, 2 * rows + 5] {
            let mut cut = series(3 * rows);
            cut.truncate(len);
            assert_eq!(cut.levels[0].len(), len / BLOCK, "cut at {len}");
            for row in len..3 * rows {
                cut.push(-signal(row));
            }
            let bucket = cut.bucket(len / BLOCK * BLOCK..3 * rows);
            let mut expected = scanned(len / BLOCK * BLOCK..len);
            (len..3 * rows).for_each(|row| expected.push(-signal(row)));
            assert_eq!(bucket, expected, "cut at {len}");
        }
    }

    #[test]
    fn values_that_are_not_finite_are_kept_but_never_summarised() {
        let mut series = Series::default();
        for value in [1.0, f64::NAN, 3.0, f64::INFINITY] {
            series.push(value);
        }
        assert!(series.get(1).is_some_and(f64::is_nan));
        assert_eq!(series.bucket(0..4), Bucket { first: 1.0, min: 1.0, max: 3.0, last: 3.0 });
        assert!(series.bucket(1..2).is_empty());
    }

    #[test]
    fn thinning_keeps_every_extreme_and_every_sixteenth_value() {
        let mut series = series(20_000);
        let before = series.bytes();
        assert!(series.thin() && series.thin());
        assert_eq!(series.thinned_rows(), 2 * CHUNK);
        assert!(series.bytes() < before);
        assert_eq!(series.bucket(0..20_000), scanned(0..20_000));
        assert_eq!(series.get(160), Some(signal(160)));
        assert_eq!(series.get(165), Some(signal(160)));
        assert_eq!(series.get(9001), Some(signal(9001)));
        let kept: Vec<f64> = series.kept(9000).collect();
        assert_eq!(kept, (2 * CHUNK..9000).map(signal).collect::<Vec<_>>());
    }

    #[test]
    fn the_newest_chunk_is_never_thinned() {
        let mut series = series(CHUNK + 1);
        assert!(series.thin());
        assert!(!series.thin());
    }
}
