//! Envelopes: what stands for a line where it goes up and down faster than an eye can follow.
//!
//! A line with more than a swing to a few pixels fills everything between its extremes and hides
//! what lies behind. There it gives way to a pale area from its least to its greatest value, which
//! holds every row, and, where it repeats itself every two to four rows, to one line for each of
//! them: the branches of even and odd steps of a period-2 orbit.

use std::ops::Range;

use super::{
    axis::Axis,
    trace::{Plot, Source},
};

/// Swings (two rows) that are nearer than this many CSS pixels run into one another.
const NARROW: f64 = 3.0;

/// Rows in the middle of a bin by which it is judged.
const SAMPLE: usize = 8;

/// Rows in a bin, at least: a sample and something around it.
const ROWS: f64 = 12.0;

/// Changes of direction among the sample's six that make it swing.
const TURNS: usize = 3;

/// CSS pixels that a swing must reach over to be more than a thick line.
const LEAST: f64 = 4.0;

/// The part of a bin's extent that its swings must reach over: else the line rather rises or falls.
const SHARE: f64 = 0.5;

/// Bins in a row between two that swing that are taken as part of the same envelope.
const GAP: usize = 12;

/// The fewest bins of an envelope.
const SHORTEST: usize = 3;

/// The fewest bins of a branch.
const LASTING: usize = 8;

/// The longest cycle that is drawn branch by branch.
const LONGEST: usize = 4;

/// The part of a swing within which a cycle returns.
const RETURN: f64 = 0.04;

/// The part of a swing that a branch may move by from bin to bin.
const JUMP: f64 = 0.2;

/// Points of an outline to the width of a bin.
const FINENESS: f64 = 4.0;

/// A stretch of rows that an envelope stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The rows.
    pub rows: Range<usize>,
    /// The area that holds all of them, in pixels.
    pub outline: Vec<(f64, f64)>,
    /// Lines through rows that belong together, in pixels, each with the remainder of its rows by
    /// the cycle's length.
    pub branches: Vec<(usize, Vec<(f64, f64)>)>,
    /// Places in pixels with the least and the greatest value around them.
    pub extents: Vec<(f64, f64, f64)>,
}

/// Some columns of pixels with the rows in them.
struct Bin {
    middle: f64,
    rows: Range<usize>,
    /// The height of the area between its extremes in pixels, where it has values.
    reach: Option<f64>,
    swings: bool,
    /// The first row of the sample, the cycle's length and its swing, where the line repeats
    /// itself.
    cycle: Option<(usize, usize, f64)>,
}

/// The envelopes of a source, from the left.
pub fn envelopes(source: &Source<'_>, x: &Axis, y: &Axis, plot: &Plot) -> Vec<Envelope> {
    let (ticks, end) = (source.ticks, source.end.min(source.series.len()));
    let start = ticks.row(x.lo, 0, end);
    let last = ticks.row(x.hi.next_up(), start, end);
    let density = (last - start) as f64 / ((plot.right - plot.left) / plot.pixel);
    if density * NARROW < 2.0 {
        return Vec::new();
    }
    let plotted = Plotted { source, x, y, plot, width: (ROWS / density).ceil().max(1.0) * plot.pixel };
    let count = ((plot.right - plot.left) / plotted.width).ceil() as usize;
    let mut from = start;
    let mut bins: Vec<Bin> = Vec::with_capacity(count);
    for bin in 0..count {
        let left = plot.left + bin as f64 * plotted.width;
        let to = if bin + 1 == count { last } else { plotted.row(left + plotted.width, from, last) };
        // Too few rows to be judged are part of what they end.
        let is_rest = to - from < SAMPLE && to == last;
        match bins.last_mut().filter(|_| is_rest) {
            Some(bin) => bin.rows.end = to,
            None => bins.push(plotted.judged(left + 0.5 * plotted.width, from..to)),
        }
        from = to;
    }
    close_gaps(&mut bins);
    bins.chunk_by(|a, b| a.swings == b.swings)
        .filter(|stretch| stretch[0].swings && stretch.len() >= SHORTEST)
        .map(|stretch| plotted.envelope(stretch))
        .collect()
}

/// Lets up to [`GAP`] bins between two that swing swing too, if they are not calm: chaos rests now
/// and then. So do a few at the end.
fn close_gaps(bins: &mut [Bin]) {
    let end = bins.iter().rposition(|bin| !bin.rows.is_empty()).map_or(0, |last| last + 1);
    let swinging: Vec<usize> = (0..bins.len()).filter(|i| bins[*i].swings).collect();
    let mut close = |before: usize, after: usize, most: usize| {
        let reach = |i: usize| bins.get(i).and_then(|bin| bin.reach).unwrap_or(f64::INFINITY);
        let least = 0.25 * reach(before).min(reach(after));
        let between = before + 1..after;
        if between.len() <= most && between.clone().all(|i| bins[i].reach.is_some_and(|reach| reach >= least)) {
            bins[between].iter_mut().for_each(|bin| bin.swings = true);
        }
    };
    swinging.windows(2).for_each(|pair| close(pair[0], pair[1], GAP));
    if let Some(last) = swinging.last() {
        close(*last, end, GAP / 4);
    }
}

/// A source on its axes.
struct Plotted<'a, 'b> {
    source: &'a Source<'b>,
    x: &'a Axis,
    y: &'a Axis,
    plot: &'a Plot,
    /// Pixels of a bin.
    width: f64,
}

impl Plotted<'_, '_> {
    fn height(&self, value: f64) -> f64 {
        self.plot.y(self.y, self.source.map.of(value))
    }

    /// The first row at a pixel or after it.
    fn row(&self, pixel: f64, from: usize, last: usize) -> usize {
        let value = self.x.value((pixel - self.plot.left) / (self.plot.right - self.plot.left));
        self.source.ticks.row(value, from, last)
    }

    /// The least and the greatest value shown of some rows.
    fn extent(&self, rows: Range<usize>) -> Option<(f64, f64)> {
        let bucket = self.source.series.bucket(rows);
        let [a, b] = [bucket.min, bucket.max].map(|value| self.source.map.of(value));
        (!bucket.is_empty() && a.is_finite() && b.is_finite()).then(|| (a.min(b), a.max(b)))
    }

    /// A bin, and whether the line swings in it.
    fn judged(&self, middle: f64, rows: Range<usize>) -> Bin {
        let pixel = self.plot.pixel;
        let extent = self.extent(rows.clone());
        let reach = extent.map(|(low, high)| self.plot.y(self.y, low) - self.plot.y(self.y, high));
        let mut bin = Bin { middle, rows: rows.clone(), reach, swings: false, cycle: None };
        let Some(reach) = reach.filter(|_| rows.len() >= SAMPLE) else { return bin };
        let first = rows.start + (rows.len() - SAMPLE) / 2;
        let mut sample = [0.0; SAMPLE];
        for (row, place) in (first..).zip(&mut sample) {
            let Some(value) = self.source.series.get(row).filter(|value| value.is_finite()) else {
                // Of rows that have been thinned their extremes alone are known.
                let bucket = self.source.series.bucket(rows);
                let drift = (self.height(bucket.last) - self.height(bucket.first)).abs();
                bin.swings =
                    first < self.source.series.thinned_rows() && reach > LEAST * pixel && drift < SHARE * reach;
                return bin;
            };
            *place = self.height(value);
        }
        let (top, bottom) = sample.iter().fold((f64::MAX, f64::MIN), |(a, b), h| (a.min(*h), b.max(*h)));
        let swing = bottom - top;
        let turns = sample.windows(3).filter(|of| (of[1] - of[0]) * (of[2] - of[1]) < 0.0).count();
        bin.swings = turns >= TURNS && swing >= LEAST * pixel && swing >= SHARE * reach;
        let returns = |period: &usize| {
            let mut pairs = sample.iter().zip(&sample[*period..]);
            pairs.all(|(a, b)| (a - b).abs() <= (RETURN * swing).max(0.75 * pixel))
        };
        bin.cycle = (2..=LONGEST).find(returns).map(|period| (first, period, swing));
        bin
    }

    fn envelope(&self, bins: &[Bin]) -> Envelope {
        let rows = bins.first().map_or(0, |bin| bin.rows.start)..bins.last().map_or(0, |bin| bin.rows.end);
        let at = |row: usize| self.plot.x(self.x, self.source.ticks.x(row)).clamp(self.plot.left, self.plot.right);
        let (left, right) = (at(rows.start), at(rows.end.saturating_sub(1)));
        // Each point holds the rows half a bin to its left and right, so that the line from point
        // to point holds every row.
        let count = ((right - left) / (self.width / FINENESS).max(self.plot.pixel)).ceil().max(1.0);
        let mut extents = Vec::with_capacity(count as usize + 1);
        let mut from = rows.start;
        for i in 0..=count as usize {
            let middle = left + (right - left) * i as f64 / count;
            from = self.row(middle - 0.5 * self.width, from, rows.end);
            let to = self.row(middle + 0.5 * self.width, from, rows.end);
            extents.extend(self.extent(from..to).map(|(low, high)| (middle, low, high)));
        }
        let upper = extents.iter().map(|(at, _, high)| (*at, self.plot.y(self.y, *high)));
        let lower = extents.iter().rev().map(|(at, low, _)| (*at, self.plot.y(self.y, *low)));
        Envelope { rows, outline: upper.chain(lower).collect(), branches: self.branches(bins), extents }
    }

    /// Lines through the rows of a cycle, broken where they jump.
    fn branches(&self, bins: &[Bin]) -> Vec<(usize, Vec<(f64, f64)>)> {
        let mut branches = Vec::new();
        for stretch in bins.chunk_by(|a, b| a.cycle.map(|of| of.1) == b.cycle.map(|of| of.1)) {
            let Some((_, period, _)) = stretch[0].cycle else { continue };
            for class in 0..period {
                let point = |bin: &Bin| {
                    let (first, _, swing) = bin.cycle?;
                    let row = first + (class + period - first % period) % period;
                    Some((bin.middle, self.height(self.source.series.get(row)?), swing))
                };
                let points: Vec<_> = stretch.iter().filter_map(point).collect();
                let pieces = points.chunk_by(|a, b| (a.1 - b.1).abs() <= (JUMP * a.2).max(self.plot.pixel));
                let long = pieces.filter(|piece| piece.len() >= LASTING);
                branches.extend(long.map(|piece| (class, piece.iter().map(|(x, y, _)| (*x, *y)).collect())));
            }
        }
        branches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{ticks::Ticks, trace::Map},
        session::series::Series,
    };

    const PLOT: Plot = Plot { left: 0.0, right: 500.0, top: 0.0, bottom: 200.0, column: 1.0, pixel: 1.0 };

    fn of(rows: usize, value: impl Fn(usize) -> f64) -> Vec<Envelope> {
        let mut series = Series::default();
        (0..rows).for_each(|row| series.push(value(row)));
        let source =
            Source { series: &series, ticks: Ticks::Rows, end: rows, map: Map::Itself, stepped: false, bridged: false };
        envelopes(&source, &Axis::linear(0.0, rows as f64), &Axis::linear(0.0, 4.0), &PLOT)
    }

    #[test]
    fn a_cycle_of_two_becomes_an_area_with_two_branches() {
        for rows in [500, 5_000, 500_000] {
            // 1, 3, 1, 3, …: even rows below.
            let found = of(rows, |row: usize| if row.is_multiple_of(2) { 1.0 } else { 3.0 });
            assert_eq!(found.len(), 1, "{rows} rows");
            assert_eq!(found[0].rows, 0..rows);
            let heights = |class| {
                let (_, points) = found[0].branches.iter().find(|branch| branch.0 == class).expect("a branch");
                points.iter().map(|point| point.1).collect::<Vec<_>>()
            };
            assert!(heights(0).iter().all(|y| *y == 150.0) && heights(1).iter().all(|y| *y == 50.0));
            let outline = &found[0].outline;
            assert!(outline.iter().all(|point| [50.0, 150.0].contains(&point.1)));
            assert_eq!(outline[0], (0.0, 50.0));
            // The last row lies a row before the edge.
            assert!(outline[outline.len() / 2 - 1].0 >= 499.0 - 1e-9);
        }
    }

    #[test]
    fn cycles_up_to_four_have_their_branches_and_chaos_has_none() {
        for period in [2, 3, 4] {
            let values = [1.0, 3.0, 0.5, 2.0];
            let found = of(4_000, |row| values[row % period]);
            let classes: Vec<_> = found[0].branches.iter().map(|branch| branch.0).collect();
            assert_eq!(classes, (0..period).collect::<Vec<_>>());
        }
        // The logistic map at 4, stretched over the axis.
        let mut x = 0.3;
        let mut next = || {
            x *= 4.0 * (1.0 - x);
            4.0 * x
        };
        let chaos: Vec<f64> = (0..4_000).map(|_| next()).collect();
        let found = of(4_000, |row| chaos[row]);
        let covered: usize = found.iter().map(|envelope| envelope.rows.len()).sum();
        assert!(covered > 3_900, "{covered} of 4000 rows");
        assert!(found.iter().all(|envelope| envelope.branches.iter().all(|branch| branch.1.len() < 8)));
    }

    #[test]
    fn what_does_not_swing_stays_a_line() {
        assert_eq!(of(50_000, |row| 4.0 * row as f64 / 5e4), []);
        // Swings of a pixel or two are a thick line.
        assert_eq!(of(50_000, |row| 2.0 + 0.02 * (row % 2) as f64), []);
        // A swing to ten pixels can be followed.
        assert_eq!(of(100, |row| 1.0 + (row % 2) as f64), []);
        // One spike is no swing.
        assert_eq!(of(50_000, |row| if row == 25_000 { 4.0 } else { 1.0 }), []);
    }

    #[test]
    fn an_area_holds_every_row_in_its_column() {
        let value = |row: usize| if row.is_multiple_of(2) { 1.0 } else { 3.0 } + if row == 7_001 { 0.9 } else { 0.0 };
        let found = of(20_000, value);
        assert_eq!(found.len(), 1);
        let spike = found[0].extents.iter().filter(|(_, _, high)| *high > 3.5).count();
        assert!((1..=FINENESS as usize + 1).contains(&spike), "the spike stays in the width of a bin: {spike}");
    }

    #[test]
    fn a_line_that_begins_to_swing_gives_way_there() {
        // Swings grow from nothing: x_k = (−1)^k e^(k/100) until the swing is 2.
        let value = |row: usize| {
            let size = (libm::exp(row as f64 / 300.0 - 6.0)).min(1.0);
            2.0 + if row.is_multiple_of(2) { size } else { -size }
        };
        let found = of(4_000, value);
        assert_eq!(found.len(), 1);
        // 4 pixels of 200 are a swing of 0.08: size 0.04 at row 300·(6 + ln 0.04) = 834.
        assert!((780..900).contains(&found[0].rows.start), "{:?}", found[0].rows);
        assert_eq!(found[0].rows.end, 4_000);
    }
}
