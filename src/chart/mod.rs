//! Charts: a [`Chart`] says what is to be seen, [`draw`] draws it on any plotters backend (the canvas of the page, SVG in tests).
//!
//! Contract: lengths in a [`Chart`] are CSS pixels; `draw` multiplies them by the drawing's pixel ratio. Values that are not finite break a
//! line; values outside the axis lie at its edge with a small triangle.

pub mod axis;
pub mod canvas;
pub mod palette;
pub mod panels;
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
    axis::{Axis, Tick},
    palette::Palette,
    trace::{Plot, dash, trace},
};
use crate::session::series::Series;

/// The page's type face, with what stands in for it.
pub const FONT: &str = "Inter, system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", sans-serif";
/// Size of tick labels in CSS pixels.
const LABEL_SIZE: f64 = 11.0;

/// One line of a chart.
#[derive(Debug)]
pub struct Line<'a> {
    /// What is drawn.
    pub series: &'a Series,
    /// Rows shown.
    pub rows: usize,
    /// Its color.
    pub color: RGBColor,
    /// Its opacity.
    pub opacity: f64,
    /// Its width.
    pub width: f64,
    /// Lengths of dash and gap.
    pub dashes: Option<(f64, f64)>,
    /// Whether a value holds until the next row.
    pub stepped: bool,
    /// Written where the line ends.
    pub label: String,
}

/// What is to be seen.
#[derive(Debug)]
pub struct Chart<'a> {
    /// Steps.
    pub x: Axis,
    /// The quantity.
    pub y: Axis,
    /// Lines, the last on top.
    pub lines: Vec<Line<'a>>,
    /// A level that is part of the picture, with its label; what lies above is shaded.
    pub level: Option<(f64, &'static str)>,
    /// Steps at which a run was changed, with the run's color.
    pub marks: Vec<(f64, RGBColor)>,
    /// The step that is shown, if it is not the last.
    pub cursor: Option<f64>,
    /// Room for labels at the right.
    pub right: f64,
    /// Room for tick labels at the left.
    pub left: f64,
    /// Width of a line at a usual distance, in CSS pixels.
    pub weight: f64,
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

impl Chart<'_> {
    /// The rectangle for values, in pixels of a drawing.
    pub fn plot(&self, size: Size) -> Plot {
        let column = size.ratio / size.device;
        let left = (self.left * size.ratio).round();
        let columns = (((size.width - self.right) * size.ratio - left) / column).floor().max(2.0);
        Plot {
            left,
            right: left + columns * column,
            top: (8.0 * size.ratio).round(),
            bottom: ((size.height - 22.0) * size.ratio).round(),
            column,
        }
    }
}

type Drawn<DB> = Result<(), DrawingErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Draws a chart.
pub fn draw<DB: DrawingBackend>(on: &mut DB, chart: &Chart<'_>, palette: &Palette, size: Size) -> Drawn<DB> {
    let mut pen = Pen { on, palette, ratio: size.ratio };
    let plot = chart.plot(size);
    let scale = &chart.y;
    if let Some((level, _)) = chart.level {
        let edge = plot.y(scale, level);
        if edge > plot.top {
            pen.fill(plot.left, plot.top, plot.right, edge, palette.beyond.mix(0.08))?;
        }
    }
    let y_ticks = chart.y.ticks(((plot.bottom - plot.top) / size.ratio / 42.0) as usize);
    for Tick { value, label } in &y_ticks {
        let y = plot.y(scale, *value);
        pen.stroke(&[(plot.left, y), (plot.right, y)], palette.grid.to_rgba(), 1.0)?;
        pen.text(label, (plot.left - 8.0 * size.ratio, y), palette.muted, HPos::Right, VPos::Center, false)?;
    }
    for Tick { value, label } in chart.x.ticks(((plot.right - plot.left) / size.ratio / 75.0) as usize) {
        let at = (plot.x(&chart.x, value), plot.bottom + 7.0 * size.ratio);
        pen.text(&label, at, palette.muted, HPos::Center, VPos::Top, false)?;
    }
    pen.stroke(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], palette.muted.mix(0.5), 1.0)?;
    for (step, color) in &chart.marks {
        if *step <= chart.x.hi {
            let x = plot.x(&chart.x, *step);
            pen.stroke(&[(x, plot.top), (x, plot.bottom)], color.mix(0.55), 1.0)?;
            pen.polygon(&triangle(x, plot.top, 4.0 * size.ratio), color.to_rgba())?;
        }
    }
    if let Some((level, _)) = chart.level {
        let y = plot.y(scale, level);
        pen.stroke(&[(plot.left, y), (plot.right, y)], palette.ink.mix(0.75), 1.5)?;
    }
    let mut labels = Vec::new();
    for line in &chart.lines {
        pen.line(chart, line, &plot)?;
        let end = line.rows.min(line.series.len());
        let last = (0..end).rev().take(2).filter_map(|row| line.series.get(row)).find(|v| v.is_finite());
        if let Some(value) = last.filter(|_| !line.label.is_empty()) {
            labels.push((plot.y(scale, value), line.label.as_str(), line.color));
        }
    }
    if let Some((level, label)) = chart.level {
        labels.push((plot.y(scale, level), label, palette.ink));
    }
    let height = 13.0 * size.ratio;
    spread(&mut labels, plot.top, plot.bottom, height);
    for (y, label, color) in labels {
        pen.text(label, (plot.right + 6.0 * size.ratio, y), color, HPos::Left, VPos::Center, true)?;
    }
    if let Some(step) = chart.cursor {
        let x = plot.x(&chart.x, step);
        pen.stroke(&[(x, plot.top), (x, plot.bottom)], palette.ink.mix(0.55), 1.0)?;
    }
    Ok(())
}

/// Moves labels apart so that none lies on another, keeping their order and staying near their lines.
fn spread<T>(labels: &mut [(f64, T, RGBColor)], top: f64, bottom: f64, height: f64) {
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
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

/// A triangle that points down from `y`.
fn triangle(x: f64, y: f64, half: f64) -> [(f64, f64); 3] {
    [(x - half, y), (x + half, y), (x, y + 1.5 * half)]
}

/// Draws in floating-point pixels on a backend of whole ones.
struct Pen<'a, DB> {
    on: &'a mut DB,
    palette: &'a Palette,
    ratio: f64,
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
        let font = (FONT, LABEL_SIZE * self.ratio, style).into_font();
        let style = TextStyle::from(font).color(&color).pos(Pos::new(h, v));
        self.on.draw_text(text, &style, whole(&at))
    }

    fn line(&mut self, chart: &Chart<'_>, line: &Line<'_>, plot: &Plot) -> Drawn<DB> {
        let traced = trace(line.series, line.rows, &chart.x, &chart.y, plot, line.stepped);
        let color = line.color.mix(line.opacity);
        let dashes = line.dashes.filter(|_| line.stepped || !traced.dense);
        for piece in &traced.pieces {
            match dashes {
                Some((on, off)) => {
                    for dash in dash(piece, on * self.ratio, off * self.ratio) {
                        self.stroke(&dash, color, line.width)?;
                    }
                }
                None => self.stroke(piece, color, line.width)?,
            }
            if traced.roomy && !line.stepped {
                for point in piece {
                    let radius = (2.0 * self.ratio).round() as u32;
                    self.on.draw_circle(whole(point), radius, &color, true)?;
                }
            }
        }
        let half = 3.5 * self.ratio;
        if !line.stepped {
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
    fn labels_move_apart_and_stay_inside() {
        let ink = RGBColor(0, 0, 0);
        let mut labels =
            vec![(100.0, 'a', ink), (101.0, 'b', ink), (99.0, 'c', ink), (199.0, 'd', ink), (200.0, 'e', ink)];
        spread(&mut labels, 0.0, 200.0, 13.0);
        assert_eq!(labels.iter().map(|l| l.1).collect::<String>(), "cabde");
        for pair in labels.windows(2) {
            assert!(pair[1].0 - pair[0].0 >= 13.0);
        }
        assert!(labels[4].0 <= 200.0);
    }
}
