//! Draws pictures on a canvas, by hand: where things stand is arithmetic of [`layout`], what color
//! they have of [`color`].

pub mod color;
pub mod layout;

mod axes;
mod images;
mod legend;
mod plane;
mod samples;
mod weights;

use plotters::style::RGBColor;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use self::{color::mixed, layout::Rect};
use super::picture::{Picture, Point};
use crate::{
    chart::{FONT, Size, canvas, palette::Palette, panels::ChartStyle, shortened},
    landscape::brush::{Brush, css},
    scene::Stage,
};

/// Size of labels in CSS pixels at the usual scale.
const LABEL: f64 = 11.0;

/// Clears the canvas and draws a picture.
pub fn paint(canvas: &HtmlCanvasElement, picture: &Picture, palette: &Palette, style: ChartStyle<'_>, size: Size) {
    match picture {
        Picture::Curve(curve) => axes::curve(canvas, curve, palette, style, size),
        Picture::Scatter(scatter) => axes::scatter(canvas, scatter, palette, style, size),
        Picture::Plane(plane) => plane::paint(canvas, plane, palette, style, size),
        Picture::Samples(seen) => on_page(canvas, palette, style, size, |brush| samples::paint(brush, seen, palette)),
        Picture::Images(seen) => on_page(canvas, palette, style, size, |brush| images::paint(brush, seen, palette)),
        Picture::Weights(seen) => on_page(canvas, palette, style, size, |brush| weights::paint(brush, seen, palette)),
    }
}

/// Draws on an empty canvas without axes.
fn on_page(
    canvas: &HtmlCanvasElement,
    palette: &Palette,
    style: ChartStyle<'_>,
    size: Size,
    draw: impl FnOnce(&Brush),
) {
    let Some(brush) = Brush::new(canvas, size, style.view.type_scale()) else { return };
    brush.clear(palette);
    draw(&brush);
}

/// A text with its baseline at a place, in a font of this size, cut to fit into `room` if need be.
fn text(brush: &Brush, text: &str, at: (f64, f64), font: f64, room: f64, (color, align): (RGBColor, &str)) {
    let context = &brush.context;
    context.set_font(&format!("{}px {FONT}", font * brush.type_scale));
    let fits = |text: &str| context.measure_text(text).map_or(true, |measured| measured.width() <= room);
    context.set_fill_style_str(&css(color, 1.0));
    context.set_text_align(align);
    context.set_text_baseline("alphabetic");
    let _ = context.fill_text(&shortened(text, fits), at.0, at.1);
}

/// The width of a text in a label's font.
fn width(brush: &Brush, text: &str) -> f64 {
    brush.take_font();
    brush.context.measure_text(text).map_or_else(|_| layout::text_width(text, brush.type_scale), |text| text.width())
}

/// The first of these texts that fits into `room`, or the last.
fn first_fitting<'a>(brush: &Brush, texts: &'a [String], room: f64) -> &'a str {
    let fits = |text: &&String| width(brush, text) <= room;
    texts.iter().find(fits).or(texts.last()).map_or("", String::as_str)
}

/// A rectangle of one color.
fn fill(brush: &Brush, rect: Rect, color: RGBColor) {
    brush.context.set_fill_style_str(&css(color, 1.0));
    brush.context.fill_rect(rect.x, rect.y, rect.width, rect.height);
}

/// The outline of a rectangle, around it; `width` is that at the usual size.
fn outline(brush: &Brush, rect: Rect, color: RGBColor, width: f64) {
    let Rect { x, y, width: across, height: down } = rect;
    let width = brush.scaled(width);
    let half = 0.5 * width;
    brush.context.set_line_width(width);
    brush.context.set_stroke_style_str(&css(color, 1.0));
    brush.context.stroke_rect(x - half, y - half, across + width, down + width);
}

/// Images of the same size as pixels, one below the other.
struct Sheet {
    canvas: HtmlCanvasElement,
    rows: usize,
    columns: usize,
}

impl Sheet {
    /// Images of so many rows and columns, pixel after pixel; nothing if there are no whole ones.
    fn new((rows, columns): (usize, usize), colors: impl Iterator<Item = RGBColor>) -> Option<Self> {
        let bytes: Vec<u8> = colors.flat_map(|RGBColor(red, green, blue)| [red, green, blue, 255]).collect();
        if bytes.is_empty() || rows * columns == 0 || !bytes.len().is_multiple_of(4 * rows * columns) {
            return None;
        }
        let height = bytes.len() / (4 * columns);
        let image = ImageData::new_with_u8_clamped_array(Clamped(&bytes), columns as u32).ok()?;
        let canvas = canvas::detached(columns as f64, height as f64).ok()?;
        canvas::context(&canvas)?.put_image_data(&image, 0.0, 0.0).ok()?;
        Some(Self { canvas, rows, columns })
    }

    /// Draws an image, with sharp pixels or with soft ones.
    fn draw(&self, brush: &Brush, index: usize, to: Rect, is_soft: bool) {
        brush.context.set_image_smoothing_enabled(is_soft);
        // An image that the sheet does not have leaves nothing.
        let _ = brush.context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.canvas,
            0.0,
            (index * self.rows) as f64,
            self.columns as f64,
            self.rows as f64,
            to.x,
            to.y,
            to.width,
            to.height,
        );
        brush.context.set_image_smoothing_enabled(true);
    }
}

/// The radius of points at the usual size, smaller where there are many.
fn radius(count: usize) -> f64 {
    if count > 400 { 2.1 } else { 3.2 }
}

/// Training samples: filled, with a ring of ink where they are wrong.
fn training(stage: &Stage, points: &[Point], radius: f64, palette: &Palette, color: impl Fn(f64) -> RGBColor) {
    for point in points.iter().filter(|point| point.x.is_finite() && point.y.is_finite()) {
        let at = stage.at(point.x, point.y);
        stage.brush.disc(at, radius, (color(point.kind), 1.0), palette.page, 0.75);
        if point.is_wrong {
            wrong(&stage.brush, at, radius, palette);
        }
    }
}

/// Test samples: hollow and paler.
fn test(stage: &Stage, points: &[Point], radius: f64, palette: &Palette, color: impl Fn(f64) -> RGBColor) {
    for point in points.iter().filter(|point| point.x.is_finite() && point.y.is_finite()) {
        hollow(&stage.brush, stage.at(point.x, point.y), radius, palette, color(point.kind));
    }
}

fn hollow(brush: &Brush, at: (f64, f64), radius: f64, palette: &Palette, color: RGBColor) {
    brush.disc(at, 0.9 * radius, (palette.page, 0.6), mixed(palette.page, color, 0.75), 1.25);
}

/// The mark of a sample that is taken for another class.
fn wrong(brush: &Brush, at: (f64, f64), radius: f64, palette: &Palette) {
    brush.disc(at, radius + 2.0, (palette.page, 0.0), palette.ink, 1.5);
}
