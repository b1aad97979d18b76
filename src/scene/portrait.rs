//! The phase portrait: how far an iterate lies from the running mean of two steps, along the top
//! eigenvector, against λ₁.
//!
//! With s = xₖ − xₖ₋₁ the displacement from the mean of the two is s/2, so that the horizontal
//! coordinate is ½uᵀs. At the edge of stability the oscillation grows above the threshold, which
//! lowers λ₁, and dies out below it: the portrait turns around the threshold.

use flatland_engine::column::Column;
use web_sys::HtmlCanvasElement;

use super::{Stage, Stroke, axes, padded};
use crate::{
    chart::{
        Size,
        axis::{Axis, round_bound, short, significant},
        palette::Palette,
        panels::{ChartStyle, asked},
    },
    landscape::{paint::row, trail},
    protocol::Quantity,
    session::{Run, Session},
    view_settings::View,
};

/// Steps shown.
const STEPS: usize = 400;

/// The points of a run's portrait, by row; `None` where the engine does not record what it needs.
fn points<'a>(session: &'a Session, run: &'a Run) -> Option<impl Fn(usize) -> Option<(f64, f64)> + 'a> {
    let projection = asked(session, run, Column::Projection)?;
    let sharpness = run.history.series(Quantity::Sharpness);
    Some(move |row: usize| {
        let (s, lambda) = (projection.get(row)?, sharpness.get(row)?);
        (s.is_finite() && lambda.is_finite()).then_some((0.5 * s, lambda))
    })
}

/// The rows that are shown.
fn rows(session: &Session, run: &Run) -> std::ops::RangeInclusive<usize> {
    let now = row(run, session.step());
    now.saturating_sub(STEPS)..=now
}

/// Axes around the points and the threshold.
fn scales(points: impl Iterator<Item = (f64, f64)>, threshold: Option<f64>) -> (Axis, Axis) {
    let (mut reach, mut lo, mut hi) = (0.0_f64, f64::INFINITY, f64::NEG_INFINITY);
    for (s, lambda) in points {
        (reach, lo, hi) = (reach.max(s.abs()), lo.min(lambda), hi.max(lambda));
    }
    if lo > hi {
        return (Axis::linear(-1.0, 1.0), Axis::linear(0.0, 1.0));
    }
    // A threshold far away would flatten the rest: then the picture is of the sharpness alone.
    if let Some(threshold) = threshold.filter(|t| (lo - 2.0 * hi.abs()..=3.0 * hi.abs()).contains(t)) {
        (lo, hi) = (lo.min(threshold), hi.max(threshold));
    }
    let (lo, hi) = padded(lo, hi, 0.15);
    let reach = round_bound(reach);
    (Axis::linear(-reach, reach), Axis::linear(lo, hi))
}

/// Draws the selected run's portrait.
pub fn paint(on: &HtmlCanvasElement, session: &Session, palette: &Palette, style: ChartStyle<'_>, size: Size) {
    let ChartStyle { view, weight, .. } = style;
    let run = session.runs().get(view.selected);
    let Some((run, point)) = run.and_then(|run| Some((run, points(session, run)?))) else { return };
    let threshold = run.history.threshold(row(run, session.step()));
    let (x, y) = scales(rows(session, run).filter_map(&point), threshold);
    let Some(stage) = Stage::set(on, &axes(x, y, style), palette, size) else { return };
    let scale = stage.brush.type_scale;
    stage.curve([(0.0, y.lo), (0.0, y.hi)], Stroke { opacity: 0.5, ..Stroke::solid(palette.muted, scale) });
    let color = palette.run(run.color);
    if let Some(threshold) = threshold.filter(|t| t.is_finite()) {
        let name = if run.history.is_plain(row(run, session.step())) { "2/η" } else { "edge" };
        stage.horizontal(
            threshold,
            &format!("{name} = {}", short(threshold)),
            Stroke::dashed(palette.ink, (6.0, 4.0), scale),
            palette,
        );
    }
    let first = *rows(session, run).start();
    let pixel = |row: usize| point(row).filter(|_| row >= first).map(|(s, lambda)| stage.at(s, lambda));
    let style = trail::Style { color, page: palette.page, weight, is_ghost: false, parity: view.parity, halo: false };
    trail::draw(&stage.brush, &pixel, row(run, session.step()), style);
    stage.leave();
}

/// What the portrait says.
pub fn sentence(session: &Session, view: &View) -> String {
    let run = session.runs().get(view.selected);
    let Some((run, point)) = run.and_then(|run| Some((run, points(session, run)?))) else {
        return "The steps along the top eigenvector are being computed.".to_owned();
    };
    let seen: Vec<(f64, f64)> = rows(session, run).filter_map(&point).collect();
    let (Some((_, now)), Some(threshold)) = (seen.last(), run.history.threshold(row(run, session.step()))) else {
        return "The portrait begins with the first step.".to_owned();
    };
    let reach = seen.iter().fold(0.0_f64, |reach, (s, _)| reach.max(s.abs()));
    // What holds for the quadratic model: a softer loss may keep a cycle alive below the edge.
    let (side, fate) = if *now > threshold { ("above", "grow") } else { ("below", "shrink") };
    format!(
        "Over {} steps the iterates swing by up to {} around their mean. λ₁ = {} against {}: {side} the edge, where a quadratic would have them {fate}.",
        seen.len(),
        significant(reach),
        significant(*now),
        significant(threshold)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scales_are_symmetric_and_hold_a_threshold_that_is_near() {
        let points = [(-0.3, 3.0), (0.8, 5.0)];
        let (x, y) = scales(points.into_iter(), Some(4.0));
        assert_eq!((x.lo, x.hi), (-0.8, 0.8));
        assert!(y.lo < 3.0 && y.hi > 5.0 && y.hi < 6.0);
        assert!(scales(points.into_iter(), Some(7.0)).1.hi > 7.0);
        assert!(scales(points.into_iter(), Some(700.0)).1.hi < 6.0);
        assert_eq!(scales([].into_iter(), None).1, Axis::linear(0.0, 1.0));
    }
}
