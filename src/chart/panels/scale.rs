//! The y axes: chosen by the part of the data that is seen.

use std::ops::Range;

use super::x;
use crate::{
    chart::{
        axis::{Axis, round_bound},
        panels::quartiles,
        trace::Map,
    },
    protocol::{BEYOND, EndKind, Quantity},
    session::{
        Run, Session,
        series::{BLOCK, Series},
    },
    view_settings::View,
};

/// The rows of each run that are seen.
pub type Spans = [Range<usize>];

fn runs<'a>(session: &'a Session, spans: &'a Spans) -> impl Iterator<Item = (&'a Run, Range<usize>)> {
    session.runs().iter().zip(spans.iter().cloned())
}

/// The least and the greatest value of a quantity among the rows, the quartiles of several starts
/// included; what has diverged beyond all numbers is not.
fn extent(session: &Session, run: &Run, quantity: Quantity, span: Range<usize>) -> (f64, f64) {
    let bucket = run.history.series(quantity).bucket(span.clone());
    let (mut lo, mut hi) = (bucket.min, bucket.max);
    if let Some([lower, _, upper]) = quartiles(session, run, quantity) {
        lo = lo.min(lower.bucket(span.clone()).min);
        let most = upper.bucket(span).max;
        hi = if most < BEYOND { hi.max(most) } else { hi };
    }
    (lo, hi)
}

/// A linear axis around all values that are seen.
pub fn linear(session: &Session, spans: &Spans, quantities: &[Quantity]) -> Axis {
    let all = runs(session, spans)
        .flat_map(|(run, span)| quantities.iter().map(move |quantity| extent(session, run, *quantity, span.clone())));
    let (lo, hi) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (lo, hi)| (a.min(lo), b.max(hi)));
    Axis::around(lo, hi)
}

/// A run that diverges is shown up to this many times the greatest value that the picture begins
/// with.
const FOLLOWED: f64 = 1e4;

/// A logarithmic axis, of whole half decades, around all positive values that are seen. A run that
/// diverges may leave it at the top.
pub fn logarithmic(session: &Session, spans: &Spans, quantities: &[Quantity], map: Map) -> Axis {
    let (mut lo, mut hi) = (f64::INFINITY, 0.0_f64);
    let (mut start, mut diverging) = (0.0_f64, 0.0_f64);
    let floor = if let Map::Above(floor) = map { floor } else { 0.0 };
    for (run, span) in runs(session, spans) {
        let has_diverged = run.end.as_ref().is_some_and(|end| end.kind == EndKind::Diverged);
        for quantity in quantities {
            let series = run.history.series(*quantity);
            let (least, most) = extent(session, run, *quantity, span.clone());
            let most = map.of(most);
            // Several starts may diverge where their middle does not.
            let own = if has_diverged { 0.0 } else { map.of(series.bucket(span.clone()).max) };
            (hi, diverging) = (hi.max(own), diverging.max(most));
            let least = if least > floor { least } else { least_positive(series, span.clone(), floor) };
            lo = lo.min(map.of(least));
            start = start.max(series.get(span.start).map_or(0.0, |value| map.of(value)));
        }
    }
    decades(lo, hi.max(diverging.min(if start > 0.0 { start * FOLLOWED } else { f64::MAX })))
}

/// A logarithmic axis of whole half decades around these values.
fn decades(lo: f64, hi: f64) -> Axis {
    if !(lo > 0.0 && lo.is_finite() && hi > 0.0) {
        return Axis::log10(1e-3, 1.0);
    }
    let lo = lo.min(hi);
    let half_decades = |value: f64| libm::log10(value) * 2.0;
    let low = libm::pow(10.0, (half_decades(lo) - 0.05).floor() / 2.0).clamp(f64::from_bits(1), lo);
    let high = libm::pow(10.0, (half_decades(hi) + 0.1).ceil() / 2.0).clamp(hi, f64::MAX);
    if high / low < 10.0 {
        Axis::log10((high / 10.0).max(f64::from_bits(1)), high.max(10.0 * f64::from_bits(1)))
    } else {
        Axis::log10(low, high)
    }
}

/// A logarithmic axis around the positive values of some series.
pub fn log_of_series<'a>(all: impl Iterator<Item = &'a Series>, span: &Range<usize>) -> Axis {
    let extents = all.map(|series| (least_positive(series, span.clone(), 0.0), series.bucket(span.clone()).max));
    let (lo, hi) = extents.fold((f64::INFINITY, 0.0_f64), |(a, b), (lo, hi)| (a.min(lo), b.max(hi)));
    decades(lo, hi)
}

/// A logarithmic axis around the positive curvatures of one run.
pub fn log_of_run(session: &Session, index: usize, span: &Range<usize>) -> Axis {
    let mut spans = vec![0..0; session.runs().len()];
    spans[index] = span.clone();
    logarithmic(session, &spans, &[Quantity::Sharpness], Map::Itself)
}

/// Parts, at least, that a span with values on both sides of a floor is looked at in.
const FINEST: usize = 4096;

/// The least value above `floor` among the rows; infinite where there is none. In long spans that
/// go up and down through the floor it is that of a sample.
fn least_positive(series: &Series, rows: Range<usize>, floor: f64) -> f64 {
    let bucket = series.bucket(rows.clone());
    if bucket.is_empty() || bucket.max <= floor {
        return f64::INFINITY;
    }
    if bucket.min > floor {
        return bucket.min;
    }
    let finest = (rows.len() / FINEST).max(BLOCK);
    let mut least = f64::INFINITY;
    let mut row = rows.start;
    while row < rows.end {
        let end = (row / finest + 1).saturating_mul(finest).min(rows.end);
        let part = series.bucket(row..end);
        if part.min > floor {
            least = least.min(part.min);
        } else if part.max > floor {
            let values = (row..end).step_by(finest / BLOCK).filter_map(|row| series.get(row));
            least = values.chain([part.max]).filter(|value| *value > floor).fold(least, f64::min);
        }
        row = end;
    }
    least
}

/// The least value above `floor` that is seen of a quantity.
pub fn least_above(session: &Session, view: &View, quantity: Quantity, floor: f64) -> f64 {
    let costs = x::Costs::new(session, view);
    let of = |(index, run): (usize, &Run)| {
        least_positive(run.history.series(quantity), x::span(session, view, &costs, index), floor)
    };
    session.runs().iter().enumerate().map(of).fold(f64::INFINITY, f64::min)
}

/// From 0 (or the most negative curvature) to half above the largest threshold that is typical of a
/// run.
pub fn sharpness(session: &Session, spans: &Spans, log: bool) -> Axis {
    if log {
        return logarithmic(session, spans, &[Quantity::Sharpness, Quantity::Threshold], Map::Itself);
    }
    let mut thresholds = 0.0_f64;
    let (mut least, mut most) = (0.0_f64, 0.0_f64);
    for (run, span) in runs(session, spans) {
        let series = run.history.series(Quantity::Threshold);
        // The later half: a step size may begin anywhere.
        let later = span.start + span.len() / 2..span.end;
        let stride = (later.len() / 128).max(1);
        let mut sample: Vec<f64> =
            later.step_by(stride).filter_map(|row| series.get(row)).filter(|t| t.is_finite()).collect();
        sample.sort_by(f64::total_cmp);
        if let Some(median) = sample.get(sample.len() / 2) {
            thresholds = thresholds.max(*median);
        }
        let (lo, hi) = extent(session, run, Quantity::Sharpness, span);
        least = least.min(lo);
        most = most.max(hi);
    }
    // The data is shown whole as long as it does not dwarf the thresholds.
    let hi = if thresholds > 0.0 { (1.5 * thresholds).max((1.1 * most).min(4.0 * thresholds)) } else { 1.2 * most };
    // Where nothing comes near a threshold, the picture is of the sharpness.
    let hi = if most > 0.0 && hi > 8.0 * most { 1.2 * most } else { hi };
    let hi = round_bound(hi);
    Axis::linear(if least < 0.0 { -round_bound(-least).min(hi) } else { 0.0 }, hi)
}

/// Powers of two around 2, as far as the data goes, from 1/8 to 16: what lies beyond is marked at
/// the edge.
pub fn product(session: &Session, spans: &Spans, log: bool) -> Axis {
    let (mut lo, mut hi) = (0.5_f64, 6.0_f64);
    for (run, span) in runs(session, spans) {
        let (least, most) = extent(session, run, Quantity::Product, span);
        lo = lo.min(least);
        hi = hi.max(most);
    }
    if !log {
        return Axis::linear(if lo < 0.0 { -round_bound(-lo).min(16.0) } else { 0.0 }, round_bound(hi.min(16.0)));
    }
    let lo = libm::pow(2.0, lo.max(0.125).log2().floor());
    let hi = libm::pow(2.0, hi.min(16.0).log2().ceil());
    Axis::log2(lo, hi)
}
