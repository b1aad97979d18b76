//! From a series to the points of a line: every column of device pixels shows its first, least,
//! greatest and last value, so that no spike and no oscillation is lost at any zoom. Where there is
//! room for single rows, each is a point.

mod pen;

use self::pen::Pen;
use crate::{
    chart::{
        axis::Axis,
        envelope::{Envelope, envelopes},
        ticks::Ticks,
    },
    session::series::{BLOCK, FAN, Series},
};

/// The rectangle that values are drawn in, in pixels of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Pixels of the drawing to a column of the screen.
    pub column: f64,
    /// Pixels of the drawing to a CSS pixel.
    pub pixel: f64,
}

impl Plot {
    /// The pixel of a step; step 0 of a logarithmic axis lies far to the left.
    pub fn x(&self, axis: &Axis, step: f64) -> f64 {
        self.left + axis.fraction(step).max(-1e6) * (self.right - self.left)
    }

    /// The pixel of a value, held within the plot.
    pub fn y(&self, axis: &Axis, value: f64) -> f64 {
        self.bottom - axis.fraction(value).clamp(0.0, 1.0) * (self.bottom - self.top)
    }
}

/// A line in pixels, broken where there is nothing finite and cut where it leaves the plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The pieces, each of at least one point.
    pub pieces: Vec<Vec<(f64, f64)>>,
    /// Where values lie above the plot: one mark for each stretch of columns.
    pub above: Vec<f64>,
    /// Where values lie below the plot, or cannot be shown on a logarithmic axis.
    pub below: Vec<f64>,
    /// Whether each row is a point of its own, with room for a dot.
    pub roomy: bool,
    /// The first row traced.
    pub start: usize,
    /// Whether several rows share a column. Gaps of a dash would then hide values.
    pub dense: bool,
    /// What stands for the line where it swings too fast to be followed.
    pub envelopes: Vec<Envelope>,
}

/// Pixels of a row beyond which rows are drawn as dots.
const ROOM: f64 = 7.0;

impl Trace {
    /// The points of single rows inside of the plot, with their rows.
    pub fn dots<'a>(
        &self,
        source: &'a Source<'_>,
        x: &'a Axis,
        y: &'a Axis,
        plot: &'a Plot,
    ) -> impl Iterator<Item = (usize, (f64, f64))> + 'a {
        let rows = self.start..source.end.min(source.series.len());
        rows.map(|row| (row, source.ticks.x(row), y.fraction(source.value(row))))
            .skip_while(|(_, at, _)| *at < x.lo)
            .take_while(|(_, at, _)| *at <= x.hi)
            .filter(|(_, _, share)| (0.0..=1.0).contains(share))
            .map(|(row, at, share)| (row, (plot.x(x, at), plot.bottom - share * (plot.bottom - plot.top))))
    }
}

/// A monotone function of values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Map {
    /// The value itself.
    #[default]
    Itself,
    /// The value less this number.
    Above(f64),
    /// 2 divided by the value; NaN, which is not shown, where that is not positive.
    TwoOver,
}

impl Map {
    /// The function at `value`.
    pub fn of(self, value: f64) -> f64 {
        match self {
            Self::Itself => value,
            Self::Above(floor) => value - floor,
            Self::TwoOver if value > 0.0 => 2.0 / value,
            Self::TwoOver => f64::NAN,
        }
    }
}

/// What is traced: the first `end` rows of a series, each value turned into another one by `map`.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The values.
    pub series: &'a Series,
    /// Where the rows lie.
    pub ticks: Ticks<'a>,
    /// How many rows.
    pub end: usize,
    /// What is shown of a value.
    pub map: Map,
    /// Whether a value holds until the next row.
    pub stepped: bool,
    /// Whether rows without a value are passed over: values are known now and then only.
    pub bridged: bool,
}

impl Source<'_> {
    fn value(&self, row: usize) -> f64 {
        self.mapped(self.series.get(row).unwrap_or(f64::NAN))
    }

    fn mapped(&self, value: f64) -> f64 {
        self.map.of(value)
    }
}

/// Traces a source.
pub fn trace(source: &Source<'_>, x: &Axis, y: &Axis, plot: &Plot) -> Trace {
    let (ticks, end) = (source.ticks, source.end.min(source.series.len()));
    let columns = ((plot.right - plot.left) / plot.column).round().max(1.0);
    // One row more at either side, so that lines run on to the edges of the plot.
    let start = ticks.row(x.lo, 0, end).saturating_sub(1);
    let last = (ticks.row(x.hi, start, end) + 1).min(end);
    let rows_per_column = (last - start) as f64 / columns;
    let mut trace = Trace {
        start,
        dense: rows_per_column > 1.0,
        roomy: (last - start) as f64 * ROOM < columns,
        ..Trace::default()
    };
    let found = envelopes(source, x, y, plot);
    let mut pen = Pen::new(&mut trace, y, plot, source.bridged);
    let mut from = start;
    for envelope in &found {
        // Up to the envelope's first row, and from its last one on.
        line(&mut pen, source, x, (from, (envelope.rows.start + 1).min(last)), rows_per_column);
        pen.lift();
        for (at, low, high) in &envelope.extents {
            pen.note_outside(*at, *low, *high);
        }
        from = envelope.rows.end.saturating_sub(1).max(start);
    }
    if found.last().is_none_or(|envelope| envelope.rows.end < last) {
        line(&mut pen, source, x, (from, last), rows_per_column);
    }
    pen.lift();
    trace.envelopes = found;
    trace
}

/// Draws the rows from `start` to `last`.
fn line(pen: &mut Pen<'_>, source: &Source<'_>, x: &Axis, (start, last): (usize, usize), rows_per_column: f64) {
    let Source { series, ticks, stepped, .. } = *source;
    let (end, plot) = (source.end.min(series.len()), pen.plot());
    if rows_per_column <= 1.0 {
        let mut previous: Option<f64> = None;
        let at = |row: usize| plot.x(x, ticks.x(row));
        for row in start..last {
            let value = source.value(row);
            // A row beyond an edge ends the line at the edge, on the way to its neighbor within.
            let neighbor = match at(row) {
                at if at < plot.left => Some(row + 1).filter(|next| *next < last),
                at if at > plot.right => row.checked_sub(1).filter(|before| *before >= start),
                _ => None,
            };
            let inside = at(row).clamp(plot.left, plot.right);
            if let Some(neighbor) = neighbor.filter(|_| !stepped) {
                pen.edge(inside, (at(row), value), (at(neighbor), source.value(neighbor)));
                continue;
            }
            if stepped && let Some(held) = previous {
                pen.point(inside, held);
            }
            pen.point(inside, value);
            previous = value.is_finite().then_some(value);
        }
        if stepped
            && last == end
            && matches!(ticks, Ticks::Rows)
            && let Some(held) = previous
        {
            pen.point(plot.x(x, last as f64).min(plot.right), held);
        }
        return;
    }
    let columns = ((plot.right - plot.left) / plot.column).round().max(1.0);
    let grain = grain(rows_per_column);
    let snap = |row: usize| (row + grain / 2) / grain * grain;
    let first = ((x.fraction(ticks.x(start)) * columns).max(0.0) as usize).min(columns as usize);
    let mut from = ticks.row(x.lo, start, last);
    for column in first..columns as usize {
        // The last column takes the row at its right edge too.
        let is_last = column + 1 == columns as usize;
        let edge = x.value((column + 1) as f64 / columns);
        let to = if is_last { last } else { snap(ticks.row(edge, from, last)).clamp(from, last) };
        let rows = from..to;
        from = to;
        if rows.is_empty() {
            if from == last {
                break;
            }
            continue;
        }
        let bucket = series.bucket(rows);
        let at = plot.left + (column as f64 + 0.5) * plot.column;
        if bucket.is_empty() {
            pen.skip();
        } else {
            pen.column(at, [bucket.first, bucket.min, bucket.max, bucket.last].map(|value| source.mapped(value)));
        }
    }
}

/// The whole blocks of rows that columns begin and end with: a question about whole blocks touches
/// few buckets, and an edge moves by a thirty-second of a column at the most.
fn grain(rows_per_column: f64) -> usize {
    let mut grain = 1;
    let mut next = BLOCK;
    while next as f64 * 16.0 <= rows_per_column {
        grain = next;
        next *= FAN;
    }
    grain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(series: &Series, end: usize) -> Source<'_> {
        Source { series, ticks: Ticks::Rows, end, map: Map::Itself, stepped: false, bridged: false }
    }

    const PLOT: Plot = Plot { left: 0.0, right: 500.0, top: 0.0, bottom: 200.0, column: 1.0, pixel: 1.0 };

    /// Every point that is drawn, of lines and of envelopes.
    fn drawn(trace: &Trace) -> Vec<(f64, f64)> {
        let outlines = trace.envelopes.iter().map(|envelope| envelope.outline.clone());
        trace.pieces.iter().cloned().chain(outlines).flatten().collect()
    }

    fn noisy(rows: usize) -> Series {
        let mut series = Series::default();
        for row in 0..rows {
            let spike = if row % 9973 == 5000 { 50.0 } else { 0.0 };
            series.push(if row % 2 == 0 { 1.0 } else { 3.0 } + spike);
        }
        series
    }

    #[test]
    fn every_columns_extremes_survive_at_any_length() {
        let y = Axis::linear(0.0, 60.0);
        for rows in [1_000, 40_000, 1_000_000] {
            let series = noisy(rows);
            let x = Axis::linear(0.0, rows as f64);
            let trace = trace(&plain(&series, rows), &x, &y, &PLOT);
            let points = drawn(&trace);
            let is_within = |column: usize, y: f64| {
                let at = column as f64 + 0.5;
                trace.envelopes.iter().any(|Envelope { outline, .. }| {
                    let (upper, lower) = outline.split_at(outline.len() / 2);
                    let height = |edge: &[(f64, f64)]| {
                        edge.windows(2).find(|pair| (pair[0].0 < at) != (pair[1].0 < at)).map(|pair| pair[0].1)
                    };
                    height(upper).is_some_and(|top| top <= y) && height(lower).is_some_and(|bottom| y <= bottom)
                })
            };
            assert!(points.len() <= 4 * 500 + 4, "{rows} rows make {} points", points.len());
            for column in 0..500 {
                let rows = (column * rows / 500)..((column + 1) * rows / 500);
                let (min, max) = rows.fold((f64::MAX, f64::MIN), |(lo, hi), row| {
                    let value = series.get(row).unwrap_or(f64::NAN);
                    (lo.min(value), hi.max(value))
                });
                // A column's edge may lie a thirty-second of a column beside the pixel's.
                let is_near = |p: &&(f64, f64)| (p.0 as usize).abs_diff(column) <= 1;
                let drawn: Vec<f64> = points.iter().filter(is_near).map(|p| p.1).collect();
                for extreme in [min, max] {
                    let wanted = PLOT.y(&y, extreme);
                    let is_drawn = drawn.iter().any(|y| (y - wanted).abs() < 1e-9) || is_within(column, wanted);
                    assert!(is_drawn, "column {column} loses {extreme}");
                }
            }
        }
    }

    #[test]
    fn a_line_that_goes_on_beyond_an_edge_ends_there_on_its_way() {
        let mut series = Series::default();
        [0.0, 10.0, 20.0, 0.0].into_iter().for_each(|value| series.push(value));
        let (x, y) = (Axis::linear(0.5, 2.5), Axis::linear(0.0, 20.0));
        let trace = trace(&plain(&series, 4), &x, &y, &PLOT);
        // Halfway between 0 and 10 at the left, between 20 and 0 at the right.
        assert_eq!(trace.pieces, [[(0.0, 150.0), (125.0, 100.0), (375.0, 0.0), (500.0, 100.0)]]);
        series.push(f64::NAN);
        let held = Source { stepped: true, ..plain(&series, 4) };
        let stepped = super::trace(&held, &x, &y, &PLOT);
        assert_eq!(stepped.pieces[0][..2], [(0.0, 200.0), (125.0, 200.0)]);
    }

    #[test]
    fn another_clock_loses_no_extreme_either() {
        let (series, mut time) = (noisy(50_000), Series::default());
        // Long steps first, then ever shorter ones.
        (0..50_000).for_each(|row| time.push(100.0 * f64::from(row).sqrt()));
        let (x, y) = (Axis::linear(0.0, 100.0 * 50_000_f64.sqrt()), Axis::linear(0.0, 60.0));
        let source = Source { ticks: Ticks::At(&time), ..plain(&series, 50_000) };
        let points = drawn(&trace(&source, &x, &y, &PLOT));
        for row in (5000..50_000).step_by(9973) {
            let (at, wanted) =
                (PLOT.x(&x, time.get(row).unwrap_or(f64::NAN)), PLOT.y(&y, series.get(row).unwrap_or(0.0)));
            assert!(points.iter().any(|p| (p.0 - at).abs() <= 1.0 && (p.1 - wanted).abs() < 1e-9), "row {row} is lost");
        }
    }

    #[test]
    fn a_mapped_series_shows_the_mapped_extremes() {
        let mut series = Series::default();
        (0..40_000).for_each(|row| series.push(if row == 20_000 { 1.0 } else { 4.0 }));
        let source = Source { map: Map::TwoOver, ..plain(&series, 40_000) };
        let (x, y) = (Axis::linear(0.0, 40_000.0), Axis::linear(0.0, 4.0));
        let points = trace(&source, &x, &y, &PLOT).pieces.concat();
        assert!(points.iter().any(|p| p.1 == PLOT.y(&y, 2.0)) && points.iter().any(|p| p.1 == PLOT.y(&y, 0.5)));
    }

    #[test]
    fn gaps_are_bridged_where_values_are_known_now_and_then_only() {
        for rows in [20, 20_000] {
            let mut series = Series::default();
            (0..rows).for_each(|row| series.push(if row % 10 == 0 { row as f64 } else { f64::NAN }));
            let (x, y) = (Axis::linear(0.0, rows as f64), Axis::linear(0.0, rows as f64));
            let bridged = Source { bridged: true, ..plain(&series, rows) };
            let pieces = trace(&bridged, &x, &y, &PLOT).pieces;
            assert_eq!(pieces.len(), 1, "{rows} rows");
            assert!(pieces[0].windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 >= pair[1].1));
        }
        let broken = trace(&plain(&noisy(0), 0), &Axis::linear(0.0, 1.0), &Axis::linear(0.0, 1.0), &PLOT);
        assert!(broken.pieces.is_empty());
    }

    #[test]
    fn few_rows_are_drawn_one_by_one() {
        let series = noisy(20);
        let trace = trace(&plain(&series, 20), &Axis::linear(0.0, 20.0), &Axis::linear(0.0, 60.0), &PLOT);
        assert_eq!(trace.pieces.len(), 1);
        assert_eq!(trace.pieces[0].len(), 20);
        assert!(trace.roomy);
    }

    #[test]
    fn nothing_finite_breaks_the_line_and_outside_is_marked_once() {
        let mut series = Series::default();
        for value in [1.0, 2.0, f64::NAN, 3.0, 100.0, 100.0, 1.0, -5.0] {
            series.push(value);
        }
        let trace = trace(&plain(&series, 8), &Axis::linear(0.0, 8.0), &Axis::linear(0.0, 10.0), &PLOT);
        assert_eq!(trace.pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 3]);
        assert_eq!(trace.pieces[1][1].1, PLOT.top);
        assert_eq!(trace.pieces[2][2].1, PLOT.bottom);
        assert_eq!(trace.above.len(), 1);
        assert_eq!(trace.below.len(), 1);
    }

    #[test]
    fn what_is_not_positive_lies_at_the_floor_of_a_log_axis_with_a_mark() {
        let mut series = Series::default();
        for value in [1.0, 0.0, 1.0] {
            series.push(value);
        }
        let trace = trace(&plain(&series, 3), &Axis::linear(0.0, 3.0), &Axis::log10(1e-3, 1.0), &PLOT);
        assert_eq!(trace.below.len(), 1);
        assert_eq!(trace.pieces[0][1].1, PLOT.bottom);
    }
}
