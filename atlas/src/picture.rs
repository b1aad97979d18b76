//! A map in the making: what is known of each pixel, and what is to be computed next.
//!
//! Pixels are computed from coarse to fine: first every thirty-second in both directions, then
//! those halfway between, and so on. Until a pixel is known it shows the nearest coarser one. A
//! picture that is moved keeps what it knows; one that is zoomed shows the old picture, stretched,
//! until the new one is there.

use crate::paint::{Look, Range, Sample};
use crate::{MAX_SIDE, MapError, Measure};

/// The distance of the first pixels.
pub const COARSEST: usize = 32;

/// Side of a tile of pixels, in units of their distance: neighbors are computed together, since
/// they mostly fare alike.
const TILE: usize = 8;

/// Nothing is known, not even of a coarser pixel.
const NOTHING: u8 = u8::MAX;

/// Only a stretched picture from before.
const STRETCHED: u8 = u8::MAX - 1;

/// How close two last iterates must be, relative to max(1, |x|), to be the same minimizer.
const SAME: f32 = 1e-2;

/// What is known of a map's pixels, row by row from the top.
#[derive(Clone, Debug)]
pub struct Picture {
    columns: usize,
    rows: usize,
    measure: Measure,
    samples: Vec<Sample>,

    /// The distance of the pixels to which a sample belongs: 1 for one of its own.
    detail: Vec<u8>,

    /// Whether the sample is the pixel's own.
    is_own: Vec<bool>,
    known: usize,
    minimizers: Vec<[f32; 2]>,
}

impl Picture {
    /// A picture of which nothing is known.
    ///
    /// # Errors
    ///
    /// If a side has no pixel or more than [`MAX_SIDE`].
    pub fn new(columns: usize, rows: usize, measure: Measure) -> Result<Self, MapError> {
        if !(1..=MAX_SIDE).contains(&columns) || !(1..=MAX_SIDE).contains(&rows) {
            let expected = format!("1 to {MAX_SIDE} pixels a side");
            return Err(MapError::new("size", expected, format!("{columns} × {rows}"), "choose a smaller picture"));
        }
        let pixels = columns * rows;
        Ok(Self {
            columns,
            rows,
            measure,
            samples: vec![Sample::default(); pixels],
            detail: vec![NOTHING; pixels],
            is_own: vec![false; pixels],
            known: 0,
            minimizers: Vec::new(),
        })
    }

    /// Its width and height.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// How many pixels are known.
    #[must_use]
    pub fn known(&self) -> usize {
        self.known
    }

    /// The sample shown at a pixel, and whether it is its own; None beyond the edge or where
    /// nothing is known.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> Option<(Sample, bool)> {
        let index = (column < self.columns && row < self.rows).then(|| row * self.columns + column)?;
        (self.samples[index].code != 0.0).then(|| (self.samples[index], self.is_own[index]))
    }

    /// The samples, row by row from the top; code 0 where nothing is known.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The pixels that are still to be computed, coarse ones first and in tiles, with where each
    /// distance ends.
    #[must_use]
    pub fn work(&self) -> (Vec<u32>, Vec<usize>) {
        let mut pixels = Vec::with_capacity(self.samples.len() - self.known);
        let mut ends = Vec::new();
        let mut distance = COARSEST;
        while distance >= 1 {
            let side = TILE * distance;
            for top in (0..self.rows).step_by(side) {
                for left in (0..self.columns).step_by(side) {
                    for row in (top..(top + side).min(self.rows)).step_by(distance) {
                        for column in (left..(left + side).min(self.columns)).step_by(distance) {
                            let is_coarser =
                                distance < COARSEST && row % (2 * distance) == 0 && column % (2 * distance) == 0;
                            let index = row * self.columns + column;
                            if !is_coarser && !self.is_own[index] {
                                pixels.push(index as u32);
                            }
                        }
                    }
                }
            }
            ends.push(pixels.len());
            distance /= 2;
        }
        (pixels, ends)
    }

    /// Takes in the sample of a pixel, which also stands for its finer neighbors to the right and
    /// below until they are known.
    pub fn put(&mut self, pixel: usize, sample: Sample) {
        let Some(is_own) = self.is_own.get_mut(pixel) else { return };
        self.known += usize::from(!*is_own);
        *is_own = true;
        let (column, row) = (pixel % self.columns, pixel / self.columns);
        let mut distance = COARSEST;
        while distance > 1 && !(row.is_multiple_of(distance) && column.is_multiple_of(distance)) {
            distance /= 2;
        }
        for row in row..(row + distance).min(self.rows) {
            for index in row * self.columns + column..row * self.columns + (column + distance).min(self.columns) {
                if index == pixel || (!self.is_own[index] && self.detail[index] as usize >= distance) {
                    self.samples[index] = sample;
                    self.detail[index] = distance as u8;
                }
            }
        }
        if self.measure == Measure::Minimizer && sample.is_minimizer() {
            self.note_minimizer(sample.last);
        }
    }

    fn note_minimizer(&mut self, last: [f32; 2]) {
        // A few more than have colors: beyond that they need not be told apart.
        if self.minimizers.len() < 2 * crate::paint::MINIMIZERS.len() && self.minimizer(last).is_none() {
            // In the order of their places, whichever is found first: colors do not depend on the
            // workers.
            let place = self
                .minimizers
                .partition_point(|known| known[0].total_cmp(&last[0]).then(known[1].total_cmp(&last[1])).is_lt());
            self.minimizers.insert(place, last);
        }
    }

    /// The number of the minimizer at a point.
    fn minimizer(&self, last: [f32; 2]) -> Option<usize> {
        let scale = last[0].abs().max(last[1].abs()).max(1.0);
        let is_same = |known: &[f32; 2]| known.iter().zip(last).all(|(a, b)| (a - b).abs() <= SAME * scale);
        self.minimizers.iter().position(is_same)
    }

    /// The first two coordinates of the minimizers found so far, in their order.
    #[must_use]
    pub fn minimizers(&self) -> &[[f32; 2]] {
        &self.minimizers
    }

    /// The picture moved by so many pixels to the right and down; what comes in from beyond the
    /// edge is not known.
    #[must_use]
    pub fn moved(&self, right: i64, down: i64) -> Self {
        let mut moved = Self {
            samples: vec![Sample::default(); self.samples.len()],
            detail: vec![NOTHING; self.samples.len()],
            is_own: vec![false; self.samples.len()],
            known: 0,
            ..self.clone()
        };
        for row in 0..self.rows {
            for column in 0..self.columns {
                let (from_column, from_row) = (column as i64 - right, row as i64 - down);
                let inside =
                    (0..self.columns as i64).contains(&from_column) && (0..self.rows as i64).contains(&from_row);
                if inside {
                    let (to, from) =
                        (row * self.columns + column, from_row as usize * self.columns + from_column as usize);
                    moved.samples[to] = self.samples[from];
                    moved.is_own[to] = self.is_own[from];
                    moved.detail[to] = if self.is_own[from] { 1 } else { STRETCHED };
                    moved.known += usize::from(self.is_own[from]);
                }
            }
        }
        moved
    }

    /// The part of the picture between these shares of its sides (from the left and from the top),
    /// stretched to the whole; nothing of it is a pixel's own.
    #[must_use]
    pub fn stretched(&self, columns: usize, rows: usize, left: f64, right: f64, top: f64, bottom: f64) -> Option<Self> {
        let mut new = Self::new(columns, rows, self.measure).ok()?;
        new.minimizers.clone_from(&self.minimizers);
        let source = |index: usize, count: usize, low: f64, high: f64, of: usize| {
            let place = (low + (high - low) * (index as f64 + 0.5) / count as f64) * of as f64;
            (place >= 0.0 && place < of as f64).then_some(place as usize)
        };
        for row in 0..rows {
            let Some(from_row) = source(row, rows, top, bottom, self.rows) else { continue };
            for column in 0..columns {
                let Some(from_column) = source(column, columns, left, right, self.columns) else { continue };
                let from = from_row * self.columns + from_column;
                if self.samples[from].code != 0.0 {
                    new.samples[row * columns + column] = self.samples[from];
                    new.detail[row * columns + column] = STRETCHED;
                }
            }
        }
        Some(new)
    }

    /// The ends of the color scale, over all pixels that are their own: of steps for outcomes; of
    /// sharpness, losses and exponents without the outermost [`OUTLIERS`] at either end, where these would
    /// take most of the scale.
    #[must_use]
    pub fn range(&self) -> Range {
        let numbers: Vec<f64> = self.numbers().collect();
        let whole = numbers.iter().fold(Range::EMPTY, |range, number| range.with(*number));
        match self.measure {
            Measure::Sharpness | Measure::Loss => within(numbers, whole),
            Measure::Lyapunov => {
                let sizes: Vec<f64> =
                    numbers.iter().map(|number| number.abs()).filter(|size| size.is_finite()).collect();
                let most = within(sizes, Range { low: 0.0, high: whole.high.max(-whole.low) }).high;
                if whole.low > whole.high { whole } else { Range { low: -most, high: most } }
            }
            _ => whole,
        }
    }

    /// How many pixels of their own lie below and above a range.
    #[must_use]
    pub fn beyond(&self, range: Range) -> (usize, usize) {
        let count = |is_beyond: &dyn Fn(f64) -> bool| self.numbers().filter(|number| is_beyond(*number)).count();
        (count(&|number| number < range.low), count(&|number| number > range.high))
    }

    /// The numbers that have a place on the scale.
    fn numbers(&self) -> impl Iterator<Item = f64> {
        let own = self.samples.iter().zip(&self.is_own).filter(|(_, is_own)| **is_own).map(|(sample, _)| sample);
        let is_outcome = self.measure == Measure::Outcome;
        own.filter(move |sample| match sample.code as u8 {
            1 | 5 if is_outcome => true,
            _ if is_outcome => false,
            code => !matches!(code, 5 | 7),
        })
        .map(move |sample| if is_outcome { f64::from(sample.number).max(1.0) } else { f64::from(sample.number) })
    }

    /// The colors, four bytes a pixel; transparent where nothing is known.
    #[must_use]
    pub fn rgba(&self, range: Range, is_dark: bool) -> Vec<u8> {
        let look = Look { measure: self.measure, range, is_dark };
        let mut bytes = Vec::with_capacity(4 * self.samples.len());
        for sample in &self.samples {
            let minimizer = if self.measure == Measure::Minimizer { self.minimizer(sample.last) } else { None };
            match look.color(sample, minimizer) {
                Some([red, green, blue]) => bytes.extend([red, green, blue, 255]),
                None => bytes.extend([0; 4]),
            }
        }
        bytes
    }

    /// How many pixels of their own that have a fate have no number, see [`Sample::number`]. Those
    /// that diverged have a color all the same.
    #[must_use]
    pub fn without_number(&self) -> usize {
        self.count(|sample| !matches!(sample.code as u8, 5 | 7) && sample.number.is_nan())
    }

    /// How many pixels of their own converged to no minimizer, of a picture of minimizers.
    #[must_use]
    pub fn beside_minimizers(&self) -> usize {
        self.count(|sample| sample.code as u8 == 1 && !sample.is_minimizer())
    }

    fn count(&self, holds: impl Fn(&Sample) -> bool) -> usize {
        self.samples.iter().zip(&self.is_own).filter(|(sample, is_own)| **is_own && holds(sample)).count()
    }

    /// How many pixels of their own ended in each way, by [`code`](crate::Fate::code).
    #[must_use]
    pub fn census(&self) -> [usize; 8] {
        let mut counts = [0; 8];
        for (sample, _) in self.samples.iter().zip(&self.is_own).filter(|(_, is_own)| **is_own) {
            counts[(sample.code as usize).min(7)] += 1;
        }
        counts
    }
}

/// The part of the pixels at either end of a scale that may lie beyond it.
const OUTLIERS: f64 = 0.02;

/// The range of all numbers but the outermost, where these would take more than half of it.
fn within(mut numbers: Vec<f64>, whole: Range) -> Range {
    numbers.retain(|number| number.is_finite());
    numbers.sort_by(f64::total_cmp);
    let beyond = (OUTLIERS * numbers.len() as f64) as usize;
    match (numbers.get(beyond), numbers.len().checked_sub(beyond + 1).and_then(|last| numbers.get(last))) {
        (Some(&low), Some(&high)) if high > low && 2.0 * (high - low) < whole.high - whole.low => Range { low, high },
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(number: f32) -> Sample {
        Sample { code: 1.0, number, last: [0.0; 2] }
    }

    #[test]
    fn every_pixel_is_computed_once_coarse_ones_first() {
        let picture = Picture::new(37, 21, Measure::Outcome).unwrap();
        let (work, ends) = picture.work();
        assert_eq!((work.len(), ends.len(), ends.last()), (37 * 21, 6, Some(&work.len())));
        assert_eq!(work.iter().collect::<std::collections::HashSet<_>>().len(), 37 * 21);
        // Every thirty-second in both directions: 2 × 1 of them; every sixteenth: 3 × 2.
        assert_eq!(ends[..2], [2, 6]);
        assert!(work[..6].iter().all(|pixel| pixel % 37 % 16 == 0 && pixel / 37 % 16 == 0));
    }

    #[test]
    fn a_coarse_pixel_stands_for_its_neighbors_until_they_are_known() {
        let mut picture = Picture::new(64, 32, Measure::Outcome).unwrap();
        picture.put(0, sample(1.0));
        assert_eq!(picture.at(31, 31), Some((sample(1.0), false)));
        assert_eq!(picture.at(32, 31), None);
        picture.put(5 * 64 + 5, sample(2.0));
        picture.put(8, sample(3.0));
        assert_eq!(picture.at(5, 5), Some((sample(2.0), true)));
        assert_eq!(picture.at(9, 7), Some((sample(3.0), false)));
        // A coarser one that comes late does not hide finer ones.
        picture.put(0, sample(4.0));
        assert_eq!((picture.at(5, 5), picture.at(9, 7)), (Some((sample(2.0), true)), Some((sample(3.0), false))));
        assert_eq!(picture.known(), 3);
    }

    #[test]
    fn a_picture_that_is_moved_keeps_what_it_knows() {
        let mut picture = Picture::new(20, 10, Measure::Outcome).unwrap();
        for pixel in 0..200 {
            picture.put(pixel, sample(pixel as f32));
        }
        let moved = picture.moved(3, -2);
        assert_eq!(moved.known(), 17 * 8);
        assert_eq!(moved.at(3, 0), Some((sample(40.0), true)));
        assert_eq!(moved.at(2, 0), None);
        let (work, _) = moved.work();
        assert_eq!(work.len(), 200 - 17 * 8);
        let zoomed = picture.stretched(20, 10, 0.5, 1.0, 0.0, 0.5).unwrap();
        assert_eq!((zoomed.known(), zoomed.at(0, 0)), (0, Some((sample(10.0), false))));
    }

    #[test]
    fn outliers_do_not_take_the_scale() {
        let picture = |measure: Measure, number: &dyn Fn(usize) -> f32| {
            let mut picture = Picture::new(100, 10, measure).unwrap();
            (0..1000).for_each(|pixel| picture.put(pixel, sample(number(pixel))));
            picture
        };
        // 1 to 5 evenly, and ten pixels of 7444.
        let spiked = picture(Measure::Sharpness, &|pixel| if pixel < 10 { 7444.0 } else { 1.0 + pixel as f32 / 250.0 });
        let range = spiked.range();
        assert!(range.low >= 1.0 && range.low < 1.2 && range.high > 4.8 && range.high < 5.1, "{range:?}");
        assert_eq!(spiked.beyond(range).1, 20);
        // Without outliers all is on the scale.
        let even = picture(Measure::Sharpness, &|pixel| 1.0 + pixel as f32);
        assert_eq!(even.range(), Range { low: 1.0, high: 1000.0 });
        // Exponents of 0.3 to 0.7 beside superstable lines of −40.
        let chaos =
            picture(Measure::Lyapunov, &|pixel| if pixel < 15 { -40.0 } else { 0.3 + (pixel % 5) as f32 / 10.0 });
        assert!((chaos.range().high - 0.7).abs() < 1e-6 && chaos.range().low == -chaos.range().high);
        assert_eq!(Picture::new(3, 3, Measure::Lyapunov).unwrap().range(), Range::EMPTY);
    }

    #[test]
    fn minimizers_are_told_apart_by_place() {
        let mut picture = Picture::new(4, 1, Measure::Minimizer).unwrap();
        for (pixel, x) in [1.0, -1.0, 1.0001, 3.0].into_iter().enumerate() {
            picture.put(pixel, Sample { last: [x, 0.0], ..sample(9.0) });
        }
        assert_eq!(picture.minimizers(), [[-1.0, 0.0], [1.0, 0.0], [3.0, 0.0]]);
        let rgba = picture.rgba(picture.range(), false);
        assert_eq!(rgba[0..4], rgba[8..12]);
        assert!(rgba[0..4] != rgba[4..8] && rgba[4..8] != rgba[12..16]);
    }

    #[test]
    fn sizes_beyond_the_limit_are_refused() {
        for (columns, rows) in [(0, 5), (5, 0), (MAX_SIDE + 1, 5)] {
            assert!(
                Picture::new(columns, rows, Measure::Outcome)
                    .unwrap_err()
                    .to_string()
                    .starts_with("size: expected 1 to")
            );
        }
    }
}
