//! What marks and colors mean, in rows along the upper edge of a plot.

use plotters::style::RGBColor;

use super::{
    LABEL, fill, hollow,
    layout::{self, Rect},
    outline, text, wrong,
};
use crate::{chart::palette::Palette, landscape::brush::css, scene::Stage};

/// The radius of points before labels.
const RADIUS: f64 = 3.2;

/// What stands before a label.
#[derive(Clone, Copy, Debug)]
pub enum Mark {
    /// A piece of a line.
    Line(RGBColor),
    /// A training point.
    Filled(RGBColor),
    /// A test point.
    Hollow(RGBColor),
    /// A point that is taken for another class.
    Wrong(RGBColor),
    /// A color.
    Swatch(RGBColor),
    /// Nothing.
    Bare,
}

/// A mark and what it means.
#[derive(Clone, Debug)]
pub struct Entry {
    mark: Mark,
    label: String,
}

/// A legend's entry.
pub fn entry(mark: Mark, label: impl Into<String>) -> Entry {
    Entry { mark, label: label.into() }
}

impl Entry {
    /// Room for the mark before the label.
    fn indent(&self, scale: f64) -> f64 {
        scale * if matches!(self.mark, Mark::Bare) { 4.0 } else { 24.0 }
    }

    fn width(&self, scale: f64) -> f64 {
        self.indent(scale) + layout::text_width(&self.label, scale) + 8.0 * scale
    }
}

fn places(entries: &[Entry], width: f64, scale: f64) -> Vec<(f64, usize)> {
    layout::flow(&entries.iter().map(|entry| entry.width(scale)).collect::<Vec<_>>(), width)
}

/// The height of a legend within a plot of this width, in CSS pixels.
pub fn height(entries: &[Entry], width: f64, scale: f64) -> f64 {
    let rows = places(entries, width, scale).last().map_or(0, |(_, row)| row + 1);
    rows as f64 * layout::LINE * scale
}

/// Leaves out what comes last until the legend is at most so high.
pub fn shorten(entries: &mut Vec<Entry>, (width, most): (f64, f64), scale: f64) {
    while entries.len() > 1 && height(entries, width, scale) > most {
        entries.pop();
    }
}

/// Draws it.
pub fn draw(stage: &Stage, entries: &[Entry], palette: &Palette) {
    let (brush, scale) = (&stage.brush, stage.brush.type_scale);
    let (left, line) = (stage.left + 4.0, layout::LINE * scale);
    let width = (stage.right - left).max(0.0);
    for (entry, (x, row)) in entries.iter().zip(places(entries, width, scale)) {
        let (x, top) = (left + x, stage.top + row as f64 * line);
        brush.context.set_fill_style_str(&css(palette.page, 0.75));
        brush.context.fill_rect(x, top, entry.width(scale), line);
        let at = (x + 12.0 * scale, top + 0.5 * line);
        match entry.mark {
            Mark::Line(color) => {
                brush.line([(x + 4.0 * scale, at.1), (x + 20.0 * scale, at.1)], color, 1.0, 2.5 * scale);
            }
            Mark::Filled(color) => brush.disc(at, RADIUS, (color, 1.0), palette.page, 0.75),
            Mark::Hollow(color) => hollow(brush, at, RADIUS, palette, color),
            Mark::Wrong(color) => {
                brush.disc(at, RADIUS, (color, 1.0), palette.page, 0.75);
                wrong(brush, at, RADIUS, palette);
            }
            Mark::Swatch(color) => {
                let (width, height) = (14.0 * scale, 8.0 * scale);
                let swatch = Rect { x: x + 5.0 * scale, y: at.1 - 0.5 * height, width, height };
                fill(brush, swatch, color);
                outline(brush, swatch, palette.muted, 0.5);
            }
            Mark::Bare => {}
        }
        let baseline = top + 0.5 * line + 4.0 * scale;
        let indent = entry.indent(scale);
        let room = width - indent;
        text(brush, &entry.label, (x + indent, baseline), LABEL, room, (palette.ink, "left"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_is_shortened_from_its_end() {
        let color = RGBColor(0, 0, 0);
        let all =
            || ["fit", "training", "test", "shade: probability"].map(|label| entry(Mark::Line(color), label)).to_vec();
        assert_eq!(height(&all(), 1000.0, 1.0), layout::LINE);
        let mut entries = all();
        shorten(&mut entries, (1000.0, layout::LINE), 1.0);
        assert_eq!(entries.len(), 4);
        shorten(&mut entries, (180.0, layout::LINE), 1.0);
        assert_eq!(entries.iter().map(|entry| entry.label.as_str()).collect::<Vec<_>>(), ["fit", "training"]);
        shorten(&mut entries, (1.0, 0.0), 1.0);
        assert_eq!(entries.len(), 1);
    }
}
