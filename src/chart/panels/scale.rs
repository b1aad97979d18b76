//! The y axes: chosen by the part of the data that is seen.

use std::ops::Range;

use crate::{
    chart::{
        axis::{Axis, round_bound},
        panels::quartiles,
    },
    protocol::{BEYOND, Quantity},
    session::{Run, Session},
};

/// The rows of each run that are seen.
pub type Spans = [Range<usize>];

fn runs<'a>(session: &'a Session, spans: &'a Spans) -> impl Iterator<Item = (&'a Run, Range<usize>)> {
    session.runs().iter().zip(spans.iter().cloned())
}

/// The least and the greatest value of a quantity among the rows, the quartiles of several starts included; what has diverged beyond all
/// numbers is not.
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

/// Whole half decades around positive values, or around all of them on a linear axis.
pub fn positive(session: &Session, spans: &Spans, quantities: &[Quantity], log: bool) -> Axis {
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut start = 0.0_f64;
    for (run, span) in runs(session, spans) {
        for quantity in quantities {
            let (least, most) = extent(session, run, *quantity, span.clone());
            hi = hi.max(most);
            let has_none = log && least <= 0.0;
            lo = lo.min(if has_none { least_positive(run, *quantity, span.clone()) } else { least });
            start = start.max(run.history.get(*quantity, span.start).unwrap_or(0.0));
        }
    }
    if !log {
        return if hi > lo { Axis::linear(lo.min(0.0), round_bound(hi)) } else { Axis::linear(0.0, 1.0) };
    }
    // A run that diverges may leave by hundreds of decades; the picture ends four above the start.
    hi = hi.min(start.max(1e-12) * 1e4);
    if !(lo > 0.0 && lo.is_finite() && hi > 0.0) {
        return Axis::log10(1e-3, 1.0);
    }
    lo = lo.max(1e-32).min(hi);
    let half_decades = |value: f64| value.log10() * 2.0;
    let lo = libm::pow(10.0, (half_decades(lo) - 0.05).floor() / 2.0);
    let hi = libm::pow(10.0, (half_decades(hi) + 0.1).ceil() / 2.0);
    if hi / lo < 10.0 { Axis::log10(hi / 10.0, hi) } else { Axis::log10(lo, hi) }
}

/// The least positive value among a sample of the rows, for a run that also reaches zero or less.
fn least_positive(run: &Run, quantity: Quantity, span: Range<usize>) -> f64 {
    let stride = (span.len() / 2000).max(1);
    let values = span.step_by(stride).filter_map(|row| run.history.get(quantity, row));
    values.filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min)
}

/// From 0 (or the most negative curvature) to half above the largest threshold that is typical of a run.
pub fn sharpness(session: &Session, spans: &Spans, log: bool) -> Axis {
    if log {
        return positive(session, spans, &[Quantity::Sharpness, Quantity::Threshold], true);
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

/// Powers of two around 2, as far as the data goes, from 1/8 to 16: what lies beyond is marked at the edge.
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

/// Around the values between `lo` and `hi`, with 0.
pub fn signed(lo: f64, hi: f64) -> Axis {
    let bound = |value: f64| if value < 0.0 { -round_bound(-value) } else { round_bound(value) };
    Axis::linear(if lo < 0.0 { bound(lo) } else { 0.0 }, bound(hi.max(0.0)))
}
