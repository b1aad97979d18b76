//! A band between two series: every column of device pixels is filled from the least lower value to
//! the greatest upper one, so that at any zoom it covers every row.

use plotters::prelude::RGBAColor;

use super::{
    axis::Axis,
    trace::{Plot, Source},
};

/// What lies between two series of the same rows.
pub struct Band<'a> {
    /// The lower edge.
    pub lower: Source<'a>,
    /// The upper edge, over the same ticks.
    pub upper: Source<'a>,
    /// Its color.
    pub color: RGBAColor,
}

/// An outline in the making: its upper edge forward, its lower one to be walked back.
#[derive(Default)]
struct Edges {
    upper: Vec<(f64, f64)>,
    lower: Vec<(f64, f64)>,
    outlines: Vec<Vec<(f64, f64)>>,
}

impl Edges {
    /// Goes on from one place to another at the same height; what is no number ends the outline.
    fn hold(&mut self, places: &[f64], low: f64, high: f64) {
        if low.is_finite() && high.is_finite() {
            self.upper.extend(places.iter().map(|at| (*at, high)));
            self.lower.extend(places.iter().map(|at| (*at, low)));
        } else {
            self.end();
        }
    }

    fn end(&mut self) {
        let (mut outline, back) = (std::mem::take(&mut self.upper), std::mem::take(&mut self.lower));
        outline.extend(back.into_iter().rev());
        if !outline.is_empty() {
            self.outlines.push(outline);
        }
    }
}

impl Band<'_> {
    /// Its outlines in pixels, one for each stretch without a gap.
    pub fn outlines(&self, x: &Axis, y: &Axis, plot: &Plot) -> Vec<Vec<(f64, f64)>> {
        let (ticks, lower, upper) = (self.lower.ticks, self.lower.series, self.upper.series);
        let (below, above) = (self.lower.map, self.upper.map);
        let end = self.lower.end.min(lower.len());
        let columns = ((plot.right - plot.left) / plot.column).round().max(1.0);
        let start = ticks.row(x.lo, 0, end).saturating_sub(1);
        let last = (ticks.row(x.hi, start, end) + 1).min(end);
        let mut edges = Edges::default();
        if (last - start) as f64 <= columns {
            for row in start..last {
                let at = plot.x(x, ticks.x(row)).clamp(plot.left, plot.right);
                let value = |series: &crate::session::series::Series| series.get(row).unwrap_or(f64::NAN);
                edges.hold(&[at], plot.y(y, below.of(value(lower))), plot.y(y, above.of(value(upper))));
            }
        } else {
            let mut from = ticks.row(x.lo, start, last);
            for column in 1..=columns as usize {
                let is_last = column == columns as usize;
                let to = if is_last { last } else { ticks.row(x.value(column as f64 / columns), from, last) };
                let (low, high) = (lower.bucket(from..to), upper.bucket(from..to));
                let right = plot.left + column as f64 * plot.column;
                if low.is_empty() || high.is_empty() {
                    // Rows may be rarer than columns in places; a gap is where there are rows
                    // without a number.
                    if to > from {
                        edges.end();
                    }
                } else {
                    let (low, high) = (below.of(low.min), above.of(high.max));
                    edges.hold(&[right - plot.column, right], plot.y(y, low), plot.y(y, high));
                }
                from = to;
            }
        }
        edges.end();
        edges.outlines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{ticks::Ticks, trace::Map},
        session::series::Series,
    };

    const PLOT: Plot = Plot { left: 40.0, right: 540.0, top: 10.0, bottom: 210.0, column: 1.0, pixel: 1.0 };

    fn source(series: &Series) -> Source<'_> {
        Source { series, ticks: Ticks::Rows, end: series.len(), map: Map::Itself, stepped: false, bridged: false }
    }

    fn outlines(lower: &Series, upper: &Series, x: &Axis, y: &Axis) -> Vec<Vec<(f64, f64)>> {
        Band { lower: source(lower), upper: source(upper), color: RGBAColor(0, 0, 0, 0.15) }.outlines(x, y, &PLOT)
    }

    /// The heights at which vertical lines at `at` cross an outline.
    fn crossings(outline: &[(f64, f64)], at: f64) -> Vec<f64> {
        let next = outline.iter().cycle().skip(1);
        let sides = outline.iter().zip(next).filter(|(a, b)| (a.0 < at) != (b.0 < at));
        sides.map(|(a, b)| a.1 + (b.1 - a.1) * (at - a.0) / (b.0 - a.0)).collect()
    }

    /// Period 2 with rare spikes up and down, which a stride would miss.
    fn edges(rows: usize) -> (Series, Series) {
        let (mut lower, mut upper) = (Series::default(), Series::default());
        for row in 0..rows {
            let wave = if row % 2 == 0 { 0.0 } else { 1.0 };
            lower.push(if row % 9973 == 5001 { 0.5 } else { 4.0 + wave });
            upper.push(if row % 7919 == 300 { 19.0 } else { 7.0 + wave });
        }
        (lower, upper)
    }

    #[test]
    fn a_band_covers_every_row_of_a_hundred_thousand_and_no_more_than_its_column() {
        let (lower, upper) = edges(100_000);
        let y = Axis::linear(0.0, 20.0);
        for (lo, hi) in [(0.0, 100_000.0), (20_000.0, 60_000.0), (299.0, 302.0), (5_000.0, 5_400.0)] {
            let x = Axis::linear(lo, hi);
            let outlines = outlines(&lower, &upper, &x, &y);
            assert_eq!(outlines.len(), 1);
            let (mut tops, mut top, mut bottom) = (vec![f64::INFINITY; 500], 0.0, 0.0);
            for row in lo as usize..(hi as usize).min(100_000) {
                // Not on a boundary of columns, where both neighbors count.
                let at = PLOT.x(&x, row as f64) + 1e-6;
                let column = (at - PLOT.left) as usize;
                // With many rows to a column it is filled evenly.
                if tops[column].is_infinite() || hi - lo < 500.0 {
                    let heights = crossings(&outlines[0], at);
                    (top, bottom) = heights.iter().fold((f64::MAX, f64::MIN), |(a, b), h| (a.min(*h), b.max(*h)));
                    tops[column] = top;
                }
                for series in [&lower, &upper] {
                    let value = PLOT.y(&y, series.get(row).unwrap_or(f64::NAN));
                    assert!(
                        (top - 0.05..=bottom + 0.05).contains(&value),
                        "row {row}: {value} not in {top} to {bottom}"
                    );
                }
            }
            // Spikes stay in their columns: elsewhere the band ends where its edges do.
            let calm = tops.iter().filter(|top| **top > PLOT.y(&y, 8.5)).count();
            assert!(hi - lo < 1_000.0 || calm > 450, "{calm} of 500 columns are calm between {lo} and {hi}");
        }
    }

    #[test]
    fn what_is_no_number_is_a_gap_and_what_is_beyond_reaches_the_edge() {
        let (mut lower, mut upper) = (Series::default(), Series::default());
        for (low, high) in [(1.0, 2.0), (1.0, 2.0), (f64::NAN, f64::NAN), (1.0, f64::MAX), (0.0, f64::MAX)] {
            lower.push(low);
            upper.push(high);
        }
        let outlines = outlines(&lower, &upper, &Axis::linear(0.0, 4.0), &Axis::log10(0.1, 10.0));
        assert_eq!(outlines.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4]);
        assert_eq!(outlines[1][..2].iter().map(|point| point.1).collect::<Vec<_>>(), [PLOT.top; 2]);
        assert_eq!(outlines[1][2].1, PLOT.bottom, "what is not positive lies at the floor of a logarithmic axis");
    }
}
