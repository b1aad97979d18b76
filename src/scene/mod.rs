//! What stands in the landscape's place when a question is asked of one iterate or of the last few
//! hundred: the lens, the segment and the portrait. Each has a picture, drawn within the axes of a
//! [`Chart`], and a sentence.

pub mod close;
mod lens;
mod portrait;
mod segment;

use plotters::style::RGBColor;
use web_sys::HtmlCanvasElement;

use crate::{
    chart::{Chart, Size, axis::Axis, canvas, palette::Palette, panels::ChartStyle},
    landscape::brush::{Brush, css},
    session::Run,
    view_settings::View,
};

/// The radius of a dot that has a number, in CSS pixels at the usual size.
const NUMBERED: f64 = 7.0;

/// Axes on a canvas, with a brush for curves between them.
pub struct Stage {
    pub(crate) brush: Brush,
    x: Axis,
    y: Axis,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// A line's looks.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    /// Its color.
    pub color: RGBColor,
    /// Its opacity.
    pub opacity: f64,
    /// Its width in CSS pixels.
    pub width: f64,
    /// Lengths of dash and gap at the usual size.
    pub dashes: Option<(f64, f64)>,
}

/// Room left and right of the plot, in CSS pixels.
pub fn margins(view: &View) -> (f64, f64) {
    (46.0 * view.type_scale(), 14.0 * view.type_scale())
}

/// Axes without anything between them.
pub(crate) fn axes(x: Axis, y: Axis, style: ChartStyle<'_>) -> Chart<'static> {
    let (left, right) = margins(style.view);
    Chart { right, left, weight: style.weight, type_scale: style.view.type_scale(), ..Chart::new(x, y) }
}

impl Stroke {
    /// A whole line.
    pub(crate) fn solid(color: RGBColor, width: f64) -> Self {
        Self { color, opacity: 1.0, width, dashes: None }
    }

    /// A thin dashed line.
    pub(crate) fn dashed(color: RGBColor, dashes: (f64, f64), scale: f64) -> Self {
        Self { color, opacity: 0.9, width: 1.5 * scale, dashes: Some(dashes) }
    }
}

/// What a picture of one iterate is told about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Its step.
    pub step: u64,
    /// The step size about to be used there.
    pub eta: f64,
    /// The λ₁ above which the method is unstable.
    pub threshold: f64,
    /// Whether that is 2/η.
    pub is_plain: bool,
    /// How many earlier iterates are projected.
    pub earlier: usize,
    /// The run's place in the palette.
    pub color: usize,
}

impl Facts {
    /// Those of a run's iterate at a row.
    pub fn of(run: &Run, row: usize, earlier: usize) -> Self {
        // Numbers, so that facts are equal to themselves.
        let number = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
        Self {
            step: row as u64,
            eta: number(run.history.step_size(row)),
            threshold: number(run.history.threshold(row)),
            is_plain: run.history.is_plain(row),
            earlier,
            color: run.color,
        }
    }
}

impl Stage {
    /// Clears the canvas and draws the chart's axes. Curves that follow stay within the plot until
    /// [`Stage::leave`].
    pub(crate) fn set(on: &HtmlCanvasElement, chart: &Chart<'_>, palette: &Palette, size: Size) -> Option<Self> {
        canvas::paint(on, chart, palette, size);
        let brush = Brush::new(on, size, chart.type_scale)?;
        let plot = chart.plot(size);
        let [left, right, top, bottom] = [plot.left, plot.right, plot.top, plot.bottom].map(|at| at / size.ratio);
        brush.context.save();
        brush.context.begin_path();
        brush.context.rect(left, top, right - left, bottom - top);
        brush.context.clip();
        Some(Self { brush, x: chart.x, y: chart.y, left, right, top, bottom })
    }

    /// From here on what is drawn may lie anywhere.
    pub(crate) fn leave(&self) {
        self.brush.context.restore();
    }

    fn across(&self, x: f64) -> f64 {
        self.left + self.x.fraction(x).clamp(-50.0, 50.0) * (self.right - self.left)
    }

    pub(crate) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.across(x), self.bottom - self.y.fraction(y).clamp(-50.0, 50.0) * (self.bottom - self.top))
    }

    pub(crate) fn curve(&self, points: impl IntoIterator<Item = (f64, f64)>, stroke: Stroke) {
        self.brush.dash(stroke.dashes);
        let points = points.into_iter().map(|(x, y)| self.at(x, y));
        self.brush.line(points, stroke.color, stroke.opacity, stroke.width);
        self.brush.dash(None);
    }

    /// What the curves are, in rows along the upper edge.
    fn key(&self, entries: &[(&str, Stroke)], palette: &Palette) {
        let Brush { context, .. } = &self.brush;
        let scale = self.brush.type_scale;
        let first = self.left + 8.0;
        let (mut x, mut y) = (first, self.top + 12.0 * scale);
        for (text, stroke) in entries {
            self.brush.take_font();
            let width = 37.0 * scale + context.measure_text(text).map_or(50.0, |text| text.width());
            if x > first && x + width > self.right {
                (x, y) = (first, y + 18.0 * scale);
            }
            context.set_fill_style_str(&css(palette.page, 1.0));
            context.fill_rect(x - 4.0, y - 12.0 * scale, width, 18.0 * scale);
            let (end, height) = (x + 18.0 * scale, y - 4.0 * scale);
            self.brush.dash(stroke.dashes);
            self.brush.line([(x, height), (end, height)], stroke.color, stroke.opacity, stroke.width);
            self.brush.dash(None);
            self.brush.label(text, (end + 5.0 * scale, y), palette.ink, "left");
            x += width;
        }
    }

    /// A vertical line with a label beside its upper or lower end.
    fn vertical(&self, x: f64, label: &str, stroke: Stroke, is_low: bool, palette: &Palette) {
        self.brush.dash(stroke.dashes);
        let at = self.across(x);
        self.brush.line([(at, self.top), (at, self.bottom)], stroke.color, stroke.opacity, stroke.width);
        self.brush.dash(None);
        let is_right = at > 0.5 * (self.left + self.right);
        let (offset, align) = if is_right { (-5.0, "right") } else { (5.0, "left") };
        let (offset, low) = (self.brush.scaled(offset), self.bottom - self.brush.scaled(8.0));
        let y = if is_low { low } else { self.top + self.brush.scaled(30.0) };
        self.brush.label_on_halo(label, (at + offset, y), palette.ink, palette.page, align);
    }

    /// A horizontal line with a label above its right end.
    fn horizontal(&self, y: f64, label: &str, stroke: Stroke, palette: &Palette) {
        self.curve([(self.x.lo, y), (self.x.hi, y)], stroke);
        let (_, at) = self.at(self.x.hi, y);
        self.brush.label_on_halo(
            label,
            (self.right - 6.0, at - self.brush.scaled(5.0)),
            stroke.color,
            palette.page,
            "right",
        );
    }

    /// Dots with their numbers, counted from 1 and drawn in this order. One that a later one would
    /// cover is small and has none.
    fn numbered(&self, points: &[((f64, f64), f64)], color: RGBColor, palette: &Palette) {
        let places: Vec<(f64, f64)> = points.iter().map(|((x, y), _)| self.at(*x, *y)).collect();
        let reach = self.brush.scaled(1.5 * NUMBERED);
        for (index, (at, (_, opacity))) in places.iter().zip(points).enumerate() {
            let is_covered = places[index + 1..].iter().any(|later| (later.0 - at.0).hypot(later.1 - at.1) < reach);
            let radius = if is_covered { 3.0 } else { NUMBERED };
            self.brush.disc(*at, radius, (palette.page, 1.0), color, 1.5);
            self.brush.disc(*at, radius, (color, *opacity), color, 1.5);
            if !is_covered {
                let below = (at.0, at.1 + self.brush.scaled(4.0));
                self.brush.label(&(index + 1).to_string(), below, palette.ink, "center");
            }
        }
    }
}

/// Bounds with room around what is seen.
pub(crate) fn padded(lo: f64, hi: f64, room: f64) -> (f64, f64) {
    let span = if hi > lo { hi - lo } else { lo.abs().max(1e-12) };
    (lo - room * span, hi + room * span)
}
