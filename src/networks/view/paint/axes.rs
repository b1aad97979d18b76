//! Functions of one input, and predictions beside targets: points and lines between axes.

use plotters::style::RGBColor;
use web_sys::HtmlCanvasElement;

use super::{
    legend::{self, Entry, Mark, entry},
    radius, test, training,
};
use crate::{
    chart::{Size, axis::Axis, palette::Palette, panels::ChartStyle},
    networks::view::{
        picture::{Curve, Point, Points, Scatter},
        sentence::PARTS,
    },
    scene::{Stage, Stroke, axes, margins, padded},
};

/// Predictions beyond the targets are followed in steps of this part of the targets' height: an
/// axis stands still while they move a little.
const STEP: f64 = 0.2;
/// The most steps in which they are followed.
const MOST_STEPS: f64 = 3.0;

/// Draws the fitted functions with the samples.
pub fn curve(on: &HtmlCanvasElement, curve: &Curve, palette: &Palette, style: ChartStyle<'_>, size: Size) {
    let color = |output: f64| palette.run(output.max(0.0) as usize);
    let mut entries: Vec<Entry> = match curve.outputs.len() {
        1 => vec![entry(Mark::Line(color(0.0)), "fitted")],
        count => (0..count).map(|k| entry(Mark::Line(palette.run(k)), format!("output {}", k + 1))).collect(),
    };
    let is_one = curve.outputs.len() == 1;
    entries.extend(parts(&curve.points, palette.ink, palette));
    let (from, to) = curve.span;
    let x = if from.is_finite() && to > from { Axis::linear(from, to) } else { Axis::linear(-1.0, 1.0) };
    let y = raised(heights(curve), &entries, style, size);
    let Some(stage) = Stage::set(on, &axes(x, y, style), palette, size) else { return };
    let radius = radius(curve.points.training.len());
    test(&stage, &curve.points.test, radius, palette, |_| palette.muted);
    for (k, values) in curve.outputs.iter().enumerate() {
        let last = values.len().saturating_sub(1).max(1) as f64;
        let place = |i: usize| x.value(i as f64 / last);
        let stroke = Stroke::solid(palette.run(k), style.weight + 0.5);
        stage.curve(values.iter().enumerate().map(|(i, value)| (place(i), *value)), stroke);
    }
    training(&stage, &curve.points.training, radius, palette, |k| if is_one { palette.ink } else { color(k) });
    legend::draw(&stage, &entries, palette);
    stage.leave();
}

/// Draws predictions beside targets, with the diagonal on which they are the same.
pub fn scatter(on: &HtmlCanvasElement, scatter: &Scatter, palette: &Palette, style: ChartStyle<'_>, size: Size) {
    let mut entries = parts(&scatter.points, palette.run(0), palette);
    entries.push(entry(Mark::Line(palette.muted), "exact"));
    entries.push(entry(Mark::Bare, "target →, prediction ↑"));
    let (x, y) = scales(&scatter.points);
    let y = raised(y, &entries, style, size);
    let Some(stage) = Stage::set(on, &axes(x, y, style), palette, size) else { return };
    stage.curve([(x.lo, x.lo), (x.hi, x.hi)], Stroke::dashed(palette.muted, (6.0, 4.0), stage.brush.type_scale));
    let radius = radius(scatter.points.training.len());
    let color = |output: f64| palette.run(output.max(0.0) as usize);
    test(&stage, &scatter.points.test, radius, palette, |_| palette.muted);
    training(&stage, &scatter.points.training, radius, palette, color);
    legend::draw(&stage, &entries, palette);
    stage.leave();
}

/// The entries of the samples' points.
fn parts(points: &Points, color: RGBColor, palette: &Palette) -> Vec<Entry> {
    let mut entries = vec![entry(Mark::Filled(color), PARTS[0])];
    if !points.test.is_empty() {
        entries.push(entry(Mark::Hollow(palette.muted), PARTS[1]));
    }
    entries
}

/// The least and the greatest of the finite values.
fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.filter(|value| value.is_finite());
    let (lo, hi) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
    (lo <= hi).then_some((lo, hi))
}

fn all(points: &Points) -> impl Iterator<Item = &Point> {
    points.training.iter().chain(&points.test)
}

/// The heights that are shown: all targets, and what the functions do near them.
fn heights(curve: &Curve) -> Axis {
    let values = || curve.outputs.iter().flatten().copied();
    let Some((lo, hi)) = bounds(all(&curve.points).map(|point| point.y)).or_else(|| bounds(values())) else {
        return Axis::linear(-1.0, 1.0);
    };
    // Targets that are all the same leave the functions' own height to look at.
    let height = if hi > lo { hi - lo } else { bounds(values()).map_or(0.0, |(lo, hi)| hi - lo) };
    let (lo, hi) = followed((lo, hi), height, values());
    let (lo, hi) = padded(lo, hi, 0.06);
    Axis::linear(lo, hi)
}

/// The targets' range with as much beyond it as holds the finite values, in steps.
fn followed((lo, hi): (f64, f64), height: f64, values: impl Iterator<Item = f64>) -> (f64, f64) {
    let step = STEP * if height > 0.0 { height } else { 1.0 };
    let (least, most) = bounds(values).unwrap_or((lo, hi));
    let beyond = |distance: f64| (distance / step).ceil().clamp(0.0, MOST_STEPS) * step;
    (lo - beyond(lo - least), hi + beyond(most - hi))
}

/// Axes for targets and predictions: predictions far from all targets lie at the upper or the lower
/// end or beyond.
fn scales(points: &Points) -> (Axis, Axis) {
    let Some((lo, hi)) = bounds(all(points).map(|point| point.x)) else {
        return (Axis::linear(-1.0, 1.0), Axis::linear(-1.0, 1.0));
    };
    let (from, to) = padded(lo, hi, 0.05);
    let (lo, hi) = followed((from, to), to - from, all(points).map(|point| point.y));
    let (lo, hi) = padded(lo, hi, 0.03);
    (Axis::linear(from, to), Axis::linear(lo, hi))
}

/// The axis with room for a legend above all that it holds.
fn raised(axis: Axis, entries: &[Entry], style: ChartStyle<'_>, size: Size) -> Axis {
    let (left, right) = margins(style.view);
    let scale = style.view.type_scale();
    let legend = legend::height(entries, size.width - left - right - 4.0, scale);
    let plot = (size.height - 30.0 * scale).max(1.0);
    let share = (legend / plot).clamp(0.0, 0.5);
    Axis::linear(axis.lo, axis.lo + (axis.hi - axis.lo) / (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chart::palette::Tone, networks::view::picture::Miss, view_settings::View};

    fn point(x: f64, y: f64) -> Point {
        Point { x, y, kind: 0.0, is_wrong: false }
    }

    fn points(training: &[(f64, f64)], test: &[(f64, f64)]) -> Points {
        let of = |points: &[(f64, f64)]| points.iter().map(|(x, y)| point(*x, *y)).collect();
        Points { training: of(training), test: of(test) }
    }

    #[test]
    fn all_targets_are_shown_and_a_function_that_leaves_does_not_flatten_them() {
        let miss = Miss { largest: 0.0, root_mean_square: 0.0, count: 2 };
        let of = |values: Vec<f64>, points| {
            heights(&Curve { span: (0.0, 1.0), outputs: vec![values], points, misses: [miss; 2] })
        };
        let near = of(vec![-0.9, 1.2], points(&[(0.0, -1.0), (1.0, 1.0)], &[(0.5, 1.1)]));
        assert!(near.lo < -1.0 && near.hi > 1.2 && near.hi < 1.8);
        let far = of(vec![-1e9, f64::NAN, 3e8], points(&[(0.0, -1.0), (1.0, 1.0)], &[]));
        assert!(far.lo > -3.0 && far.hi > 2.0 && far.hi < 3.0, "{far:?}");
        let flat = of(vec![2.0, 4.0], points(&[(0.0, 3.0)], &[]));
        assert!(flat.lo < 2.0 && flat.hi > 4.0);
        let moved = |value| of(vec![0.0, value], points(&[(0.0, -1.0), (1.0, 1.0)], &[]));
        assert_eq!(moved(1.1), moved(1.3));
        let constant = of(vec![3.0], points(&[(0.0, 3.0)], &[]));
        assert!(constant.lo < 3.0 && constant.hi > 3.0);
        let nothing = of(vec![f64::NAN], points(&[], &[]));
        assert_eq!(nothing, Axis::linear(-1.0, 1.0));
    }

    #[test]
    fn the_diagonal_crosses_all_targets_and_far_predictions_do_not_flatten_it() {
        let (x, y) = scales(&points(&[(0.0, 0.1), (10.0, 9.0)], &[(5.0, 1e6), (4.0, f64::NAN)]));
        assert!(x.lo < 0.0 && x.hi > 10.0 && y.lo < x.lo && y.hi > x.hi && y.hi < 20.0);
        assert_eq!(scales(&Points::default()).0, Axis::linear(-1.0, 1.0));
    }

    #[test]
    fn a_legend_lies_above_the_highest_point() {
        let view = View::default();
        let style = ChartStyle { view: &view, weight: 1.75, floor: None };
        let size = Size { width: 360.0, height: 260.0, ratio: 2.0, device: 1.0 };
        let entries = parts(&points(&[], &[(0.0, 0.0)]), RGBColor(0, 0, 0), &Palette::new(Tone::Light));
        assert_eq!(entries.len(), 2);
        let axis = raised(Axis::linear(0.0, 1.0), &entries, style, size);
        let plot = axes(axis, axis, style).plot(size);
        let above = plot.y(&axis, 1.0) - plot.top;
        assert!(above / size.ratio >= legend::height(&entries, 300.0, 1.0) - 1.0);
    }
}
