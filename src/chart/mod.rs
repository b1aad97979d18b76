//! Charts: a [`Chart`] says what is to be seen, [`draw`] draws it on any plotters backend (the
//! canvas of the page, SVG in tests).
//!
//! Contract: lengths in a [`Chart`] are CSS pixels; `draw` multiplies them by the drawing's pixel
//! ratio. Values that are not finite break a line; values outside the axis lie at its edge with a
//! small triangle. Where a line swings faster than an eye can follow, an [`envelope`] stands for
//! it.

pub mod axis;
pub mod axis_ticks;
pub mod band;
pub mod canvas;
mod dash;
pub mod decimal;
pub mod envelope;
pub mod palette;
pub mod panels;
pub mod ticks;
pub mod trace;

use plotters::{
    prelude::{DrawingBackend, RGBAColor, RGBColor},
    style::{
        Color as _, FontStyle, IntoFont as _, ShapeStyle, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use plotters_backend::DrawingErrorKind;

use self::{
    axis::Axis,
    axis_ticks::Tick,
    band::Band,
    dash::dash,
    palette::Palette,
    trace::{Plot, Source, Trace, trace},
};

/// The page's type face, with what stands in for it.
pub const FONT: &str = "Inter, system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", sans-serif";
/// Size of tick labels in CSS pixels.
const LABEL_SIZE: f64 = 11.0;
/// Width of a digit of that size, about, in CSS pixels.
const DIGIT: f64 = 6.4;

/// The opacity of the area that stands for a line where it swings too fast to be followed.
const PALE: f64 = 0.2;

/// The opacity of that area's edges.
const EDGE: f64 = 0.5;

/// One line of a chart.
pub struct Line<'a> {
    /// What is drawn.
    pub source: Source<'a>,
    /// Its color.
    pub color: RGBColor,
    /// Its opacity.
    pub opacity: f64,
    /// Its width.
    pub width: f64,
    /// Lengths of dash and gap.
    pub dashes: Option<(f64, f64)>,
    /// Written where the line ends.
    pub label: String,
}

/// What is to be seen.
pub struct Chart<'a> {
    /// Steps, or what else counts.
    pub x: Axis,
    /// The quantity.
    pub y: Axis,
    /// Bands, behind the lines.
    pub bands: Vec<Band<'a>>,
    /// Lines, the last on top.
    pub lines: Vec<Line<'a>>,
    /// A word on the values, such as why the axis is linear.
    pub note: String,
    /// A level that is part of the picture, with its label.
    pub level: Option<(f64, &'static str)>,
    /// Whether what lies above the level is shaded.
    pub shaded: bool,
    /// Where a run was changed, with the run's color.
    pub marks: Vec<(f64, RGBColor)>,
    /// Stretches of the x axis with their colors, drawn as a strip along it.
    pub strip: Vec<(f64, f64, RGBColor)>,
    /// Where the step that is shown lies, if it is not the last.
    pub cursor: Option<f64>,
    /// Whether dots of even and odd steps are told apart.
    pub parity: bool,
    /// Room for labels at the right.
    pub right: f64,
    /// Room for tick labels at the left.
    pub left: f64,
    /// Width of a line at a usual distance, in CSS pixels.
    pub weight: f64,
    /// By how much type is larger than usual.
    pub type_scale: f64,
}

/// A drawing's size: CSS pixels, and how many pixels of the drawing and of the screen make one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Pixels of the drawing to a CSS pixel.
    pub ratio: f64,
    /// Device pixels to a CSS pixel.
    pub device: f64,
}

/// The width of a line at a usual distance, in CSS pixels.
pub const USUAL_WEIGHT: f64 = 1.75;

impl Chart<'_> {
    /// Axes without anything between them.
    pub fn new(x: Axis, y: Axis) -> Self {
        Self {
            x,
            y,
            bands: Vec::new(),
            lines: Vec::new(),
            note: String::new(),
            level: None,
            shaded: false,
            marks: Vec::new(),
            strip: Vec::new(),
            cursor: None,
            parity: false,
            right: 14.0,
            left: 46.0,
            weight: USUAL_WEIGHT,
            type_scale: 1.0,
        }
    }

    /// The rectangle for values, in pixels of a drawing.
    pub fn plot(&self, size: Size) -> Plot {
        let column = size.ratio / size.device;
        let left = (self.left * size.ratio).round();
        let columns = (((size.width - self.right) * size.ratio - left) / column).floor().max(2.0);
        Plot {
            left,
            right: left + columns * column,
            top: (8.0 * size.ratio).round(),
            bottom: ((size.height - 22.0 * self.type_scale) * size.ratio).round(),
            column,
            pixel: size.ratio,
        }
    }
}

impl Line<'_> {
    /// The last finite value that is seen, where its label belongs.
    fn last(&self, x: &Axis) -> Option<f64> {
        let Source { series, ticks, end, map, .. } = self.source;
        let end = ticks.row(x.hi.next_up(), 0, end.min(series.len()));
        let values = (0..end).rev().take(2).filter_map(|row| series.get(row));
        values.map(|value| map.of(value)).find(|value| value.is_finite())
    }
}

type Drawn<DB> = Result<(), DrawingErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Draws a chart; `measure` tells how wide a text is in a font, in pixels of the drawing.
pub fn draw<DB: DrawingBackend>(
    on: &mut DB,
    chart: &Chart<'_>,
    palette: &Palette,
    size: Size,
    measure: &dyn Fn(&str, &str) -> f64,
) -> Drawn<DB> {
    let unit = size.ratio * chart.type_scale;
    let mut pen = Pen { on, palette, measure, ratio: size.ratio, unit };
    let plot = chart.plot(size);
    let scale = &chart.y;
    if let Some((level, _)) = chart.level.filter(|_| chart.shaded) {
        let edge = plot.y(scale, level);
        if edge > plot.top {
            pen.fill(plot.left, plot.top, plot.right, edge, palette.beyond.mix(0.08))?;
        }
    }
    // About as many digits as fit left of the plot, and between two ticks below it.
    let digit = DIGIT * chart.type_scale;
    let wanted = (plot.bottom - plot.top) / size.ratio / (30.0 * chart.type_scale).max(42.0);
    // On a low figure for a large hall two numbers still make an axis.
    let wanted = if chart.type_scale > 1.0 { wanted.max(3.0) } else { wanted };
    let y_ticks = chart.y.ticks(wanted as usize, (chart.left - 9.0) / digit);
    let x_ticks = chart.x.ticks(((plot.right - plot.left) / size.ratio / 75.0) as usize, 65.0 / digit);
    for Tick { value, label } in &y_ticks.ticks {
        let y = plot.y(scale, *value);
        pen.stroke(&[(plot.left, y), (plot.right, y)], palette.grid.to_rgba(), 1.0)?;
        pen.text(label, (plot.left - 8.0 * size.ratio, y), palette.muted, HPos::Right, VPos::Center, false)?;
    }
    for Tick { value, label } in &x_ticks.ticks {
        let at = (plot.x(&chart.x, *value), plot.bottom + 7.0 * size.ratio);
        pen.text(label, at, palette.muted, HPos::Center, VPos::Top, false)?;
    }
    pen.stroke(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], palette.muted.mix(0.5), 1.0)?;
    for (step, color) in &chart.marks {
        if (chart.x.lo..=chart.x.hi).contains(step) {
            let x = plot.x(&chart.x, *step);
            pen.stroke(&[(x, plot.top), (x, plot.bottom)], color.mix(0.55), chart.type_scale)?;
            pen.polygon(&triangle(x, plot.top, 4.0 * unit), color.to_rgba())?;
        }
    }
    if let Some((level, _)) = chart.level {
        let y = plot.y(scale, level);
        pen.stroke(&[(plot.left, y), (plot.right, y)], palette.ink.mix(0.75), 1.5 * chart.type_scale)?;
    }
    for (from, to, color) in &chart.strip {
        let (left, right) = (plot.x(&chart.x, *from).max(plot.left), plot.x(&chart.x, *to).min(plot.right));
        if right > left {
            pen.fill(left, plot.bottom - 5.0 * unit, right, plot.bottom, color.to_rgba())?;
        }
    }
    for band in &chart.bands {
        for outline in band.outlines(&chart.x, scale, &plot) {
            pen.polygon(&outline, band.color)?;
        }
    }
    let mut labels = Vec::new();
    let traces: Vec<Trace> = chart.lines.iter().map(|line| trace(&line.source, &chart.x, scale, &plot)).collect();
    // The areas of all lines lie behind each of them.
    for (line, traced) in chart.lines.iter().zip(&traces) {
        for envelope in &traced.envelopes {
            pen.polygon(&envelope.outline, line.color.mix(PALE * line.opacity))?;
        }
    }
    for (line, traced) in chart.lines.iter().zip(&traces) {
        pen.line(chart, line, traced, &plot)?;
        if let Some(value) = line.last(&chart.x).filter(|_| !line.label.is_empty()) {
            add_label(&mut labels, (plot.y(scale, value), line.label.as_str(), line.color));
        }
    }
    if let Some((level, label)) = chart.level.filter(|(_, label)| !label.is_empty()) {
        add_label(&mut labels, (plot.y(scale, level), label, palette.ink));
    }
    let height = 13.0 * unit;
    spread(&mut labels, plot.top, plot.bottom, height);
    let beside = plot.right + 6.0 * size.ratio;
    for (y, label, color) in labels {
        let label = pen.shortened(label, size.width * size.ratio - beside, true);
        pen.text(&label, (beside, y), color, HPos::Left, VPos::Center, true)?;
    }
    let within = plot.right - 4.0 * size.ratio;
    if !x_ticks.note.is_empty() {
        let at = (within, plot.bottom - 8.0 * size.ratio);
        pen.text(&x_ticks.note, at, palette.muted, HPos::Right, VPos::Bottom, false)?;
    }
    let notes: Vec<&str> =
        [&chart.note, &y_ticks.note].into_iter().map(String::as_str).filter(|note| !note.is_empty()).collect();
    if !notes.is_empty() {
        let said = pen.shortened(&notes.join("; "), within - plot.left, false);
        pen.text(&said, (within, plot.top + 2.0 * size.ratio), palette.muted, HPos::Right, VPos::Top, false)?;
    }
    if let Some(place) = chart.cursor.filter(|place| (chart.x.lo..=chart.x.hi).contains(place)) {
        let x = plot.x(&chart.x, place);
        pen.stroke(&[(x, plot.top), (x, plot.bottom)], palette.ink.mix(0.55), chart.type_scale)?;
    }
    Ok(())
}

/// Adds a label, from the top down.
fn add_label<T>(labels: &mut Vec<(f64, T, RGBColor)>, label: (f64, T, RGBColor)) {
    labels.insert(labels.partition_point(|other| other.0 <= label.0), label);
}

/// Moves labels apart so that none lies on another, keeping their order and staying near their
/// lines.
fn spread<T>(labels: &mut [(f64, T, RGBColor)], top: f64, bottom: f64, height: f64) {
    let mut least = top;
    for label in labels.iter_mut() {
        label.0 = label.0.max(least);
        least = label.0 + height;
    }
    let mut most = bottom;
    for label in labels.iter_mut().rev() {
        label.0 = label.0.min(most);
        most = label.0 - height;
    }
}

/// The text, or the longest beginning of it that `fits` with an ellipsis.
pub(crate) fn shortened(text: &str, fits: impl Fn(&str) -> bool) -> String {
    let mut shown = text.to_owned();
    let mut kept = text.to_owned();
    while !fits(&shown) && kept.pop().is_some() {
        shown = format!("{}…", kept.trim_end());
    }
    shown
}

/// A triangle that points down from `y`.
fn triangle(x: f64, y: f64, half: f64) -> [(f64, f64); 3] {
    [(x - half, y), (x + half, y), (x, y + 1.5 * half)]
}

/// Draws in floating-point pixels on a backend of whole ones.
struct Pen<'a, DB> {
    on: &'a mut DB,
    palette: &'a Palette,
    measure: &'a dyn Fn(&str, &str) -> f64,
    ratio: f64,
    /// Pixels of the drawing to a CSS pixel at the usual size of type: marks grow with the type.
    unit: f64,
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    fn stroke(&mut self, points: &[(f64, f64)], color: RGBAColor, width: f64) -> Drawn<DB> {
        let style = ShapeStyle { color, filled: false, stroke_width: (width * self.ratio).round().max(1.0) as u32 };
        self.on.draw_path(points.iter().map(whole), &style)
    }

    fn polygon(&mut self, points: &[(f64, f64)], color: RGBAColor) -> Drawn<DB> {
        self.on.fill_polygon(points.iter().map(whole), &color)
    }

    fn fill(&mut self, left: f64, top: f64, right: f64, bottom: f64, color: RGBAColor) -> Drawn<DB> {
        self.on.draw_rect(whole(&(left, top)), whole(&(right, bottom)), &color, true)
    }

    fn text(&mut self, text: &str, at: (f64, f64), color: RGBColor, h: HPos, v: VPos, bold: bool) -> Drawn<DB> {
        let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = (FONT, LABEL_SIZE * self.unit, style).into_font();
        let style = TextStyle::from(font).color(&color).pos(Pos::new(h, v));
        self.on.draw_text(text, &style, whole(&at))
    }

    /// The text, or as much of its beginning as fits into `room` pixels with an ellipsis.
    fn shortened(&self, text: &str, room: f64, bold: bool) -> String {
        let font = format!("{}{}px {FONT}", if bold { "bold " } else { "" }, LABEL_SIZE * self.unit);
        shortened(text, |text| (self.measure)(text, &font) <= room)
    }

    fn line(&mut self, chart: &Chart<'_>, line: &Line<'_>, traced: &Trace, plot: &Plot) -> Drawn<DB> {
        let stepped = line.source.stepped;
        let color = line.color.mix(line.opacity);
        let dashes = line.dashes.filter(|_| stepped || !traced.dense);
        for piece in &traced.pieces {
            match dashes {
                Some((on, off)) => {
                    for dash in dash(piece, on * self.unit, off * self.unit) {
                        self.stroke(&dash, color, line.width)?;
                    }
                }
                None => self.stroke(piece, color, line.width)?,
            }
        }
        for envelope in &traced.envelopes {
            let (upper, lower) = envelope.outline.split_at(envelope.outline.len() / 2);
            for edge in [upper, lower] {
                self.stroke(edge, line.color.mix(EDGE * line.opacity), 1.0)?;
            }
        }
        for (class, branch) in traced.envelopes.iter().flat_map(|envelope| &envelope.branches) {
            if chart.parity && class % 2 == 1 {
                for dash in dash(branch, 2.0 * self.unit, 2.5 * self.unit) {
                    self.stroke(&dash, color, line.width)?;
                }
            } else {
                self.stroke(branch, color, line.width)?;
            }
        }
        if traced.roomy && !stepped {
            self.dots(chart, line, traced, plot)?;
        }
        let half = 3.5 * self.unit;
        if !stepped {
            for x in &traced.above {
                let [a, b, tip] = triangle(*x, plot.top + 1.5 * half, -half);
                self.polygon(&[a, b, tip], self.palette_over(color))?;
            }
            for x in &traced.below {
                self.polygon(&triangle(*x, plot.bottom - 1.5 * half, half), self.palette_over(color))?;
            }
        }
        Ok(())
    }

    /// A dot for each row; those of odd steps are hollow if they are to be told apart.
    fn dots(&mut self, chart: &Chart<'_>, line: &Line<'_>, traced: &Trace, plot: &Plot) -> Drawn<DB> {
        let color = line.color.mix(line.opacity);
        let radius = 2.2 * self.unit;
        for (row, point) in traced.dots(&line.source, &chart.x, &chart.y, plot) {
            self.on.draw_circle(whole(&point), radius.round() as u32, &color, true)?;
            if chart.parity && row % 2 == 1 {
                self.on.draw_circle(whole(&point), (0.55 * radius).round() as u32, &self.palette.page, true)?;
            }
        }
        Ok(())
    }

    /// Marks are drawn opaque: they are few and must be seen.
    fn palette_over(&self, color: RGBAColor) -> RGBAColor {
        debug_assert!(color.3 > 0.0, "an invisible line has no marks on {:?}", self.palette.tone());
        RGBAColor(color.0, color.1, color.2, 1.0)
    }
}

fn whole(point: &(f64, f64)) -> (i32, i32) {
    (point.0.round() as i32, point.1.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_too_long_ends_in_an_ellipsis() {
        let of = |most: usize| move |text: &str| text.chars().count() <= most;
        assert_eq!(shortened("η = 0.5", of(7)), "η = 0.5");
        assert_eq!(shortened("nonmonotone search", of(12)), "nonmonotone…");
        assert_eq!(shortened("größer λ₁", of(7)), "größer…");
        assert_eq!(shortened("abc", of(0)), "…");
    }

    #[test]
    fn labels_move_apart_and_stay_inside() {
        let ink = RGBColor(0, 0, 0);
        let mut labels = Vec::new();
        for label in [(100.0, 'a'), (101.0, 'b'), (99.0, 'c'), (199.0, 'd'), (200.0, 'e')] {
            add_label(&mut labels, (label.0, label.1, ink));
        }
        spread(&mut labels, 0.0, 200.0, 13.0);
        assert_eq!(labels.iter().map(|l| l.1).collect::<String>(), "cabde");
        for pair in labels.windows(2) {
            assert!(pair[1].0 - pair[0].0 >= 13.0);
        }
        assert!(labels[4].0 <= 200.0);
    }
}
