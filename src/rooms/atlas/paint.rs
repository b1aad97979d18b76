//! A drawing on a canvas: its pixels, its axes, where the edge of stability lies, where the Lab is,
//! and pins.

use flatland_atlas::{Axis, Scale, paint::Range};
use flatland_drawing::Sheet;
use js_sys::Array;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::chart::{
    axis, canvas,
    palette::{FACE, Palette, Tone, css},
};

/// Width of a digit of a label, about, in CSS pixels.
const DIGIT: f64 = 6.4;
/// Beside, above and below a drawing, in CSS pixels: left, top, right, bottom.
const MARGINS: [f64; 4] = [54.0, 24.0, 10.0, 38.0];
/// Size of labels in CSS pixels.
const LABEL: f64 = 11.0;

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// From the left.
    pub left: f64,
    /// From the top.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Frame {
    /// The place for the pixels on a canvas of this size, where words and lines are `zoom` times as
    /// large as usual.
    pub fn within(width: f64, height: f64, zoom: f64) -> Self {
        let [left, top, right, bottom] = MARGINS.map(|margin| margin * zoom);
        Self { left, top, width: width - left - right, height: height - top - bottom }
    }

    /// What the margins of a drawing take, across and down.
    pub fn around(zoom: f64) -> [f64; 2] {
        let [left, top, right, bottom] = MARGINS.map(|margin| margin * zoom);
        [left + right, top + bottom]
    }

    /// The place of shares of the sides from the left and from the top.
    pub fn place(&self, [right, down]: [f64; 2]) -> [f64; 2] {
        [self.left + right * self.width, self.top + down * self.height]
    }

    /// The shares of the sides of a place; None outside.
    pub fn share(&self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let share = [(x - self.left) / self.width, (y - self.top) / self.height];
        share.iter().all(|share| (0.0..1.0).contains(share)).then_some(share)
    }
}

/// How a drawing looks.
#[derive(Clone, Copy)]
pub struct Style {
    /// The page's colors.
    pub palette: Palette,
    /// Words and lines are so many times as large as usual.
    pub zoom: f64,
}

impl Style {
    /// Whether ink is light.
    pub fn is_dark(&self) -> bool {
        self.palette.tone() == Tone::Dark
    }
}

/// What is painted.
pub struct Painting<'a> {
    /// The drawing.
    pub sheet: &'a Sheet,
    /// What stands across and up, for people.
    pub labels: &'a [String; 2],
    /// The ends of the color scale.
    pub range: Range,
    /// Pins, in shares of the sides from the left and from the top, with their names.
    pub pins: &'a [([f64; 2], String)],
    /// Its looks.
    pub style: Style,
}

impl Painting<'_> {
    /// Paints it into a place of a canvas, whose pixels are CSS pixels here. `scratch` is a canvas
    /// for the pixels.
    ///
    /// # Errors
    ///
    /// What the browser says if a canvas is too large.
    pub fn paint(
        &self,
        pen: &CanvasRenderingContext2d,
        frame: Frame,
        scratch: &HtmlCanvasElement,
    ) -> Result<(), JsValue> {
        self.paint_pixels(pen, frame, scratch)?;
        self.paint_axes(pen, frame)?;
        pen.save();
        pen.begin_path();
        pen.rect(frame.left, frame.top, frame.width, frame.height);
        pen.clip();
        self.paint_threshold(pen, frame)?;
        pen.restore();
        self.paint_here(pen, frame)?;
        self.paint_pins(pen, frame)
    }

    fn paint_pixels(
        &self,
        pen: &CanvasRenderingContext2d,
        frame: Frame,
        scratch: &HtmlCanvasElement,
    ) -> Result<(), JsValue> {
        let (columns, rows) = self.sheet.size();
        scratch.set_width(columns as u32);
        scratch.set_height(rows as u32);
        let colors = self.sheet.rgba(self.style.is_dark(), self.range);
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&colors), columns as u32, rows as u32)?;
        let context =
            canvas::context(scratch).ok_or_else(|| JsValue::from("the browser has no canvas of this size"))?;
        context.put_image_data(&image, 0.0, 0.0)?;
        pen.set_image_smoothing_enabled(false);
        let Frame { left, top, width, height } = frame;
        pen.draw_image_with_html_canvas_element_and_dw_and_dh(scratch, left, top, width, height)?;
        if self.sheet.order().measure.is_none() && self.style.zoom > 1.0 {
            self.thicken(pen, frame, scratch)?;
        }
        Ok(())
    }

    /// Draws the hits of a diagram, each a pixel, as dots that are seen from the back row: once
    /// more a pixel farther to each side, where ink wins against the page.
    fn thicken(
        &self,
        pen: &CanvasRenderingContext2d,
        Frame { left, top, width, height }: Frame,
        scratch: &HtmlCanvasElement,
    ) -> Result<(), JsValue> {
        pen.save();
        pen.begin_path();
        pen.rect(left, top, width, height);
        pen.clip();
        pen.set_global_composite_operation(if self.style.is_dark() { "lighten" } else { "darken" })?;
        for (right, down) in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            let (left, top) = (left + right, top + down);
            pen.draw_image_with_html_canvas_element_and_dw_and_dh(scratch, left, top, width, height)?;
        }
        pen.restore();
        Ok(())
    }

    fn font(&self, weight: &str, size: f64) -> String {
        format!("{weight} {}px {FACE}", size * self.style.zoom)
    }

    fn paint_axes(&self, pen: &CanvasRenderingContext2d, frame: Frame) -> Result<(), JsValue> {
        let Frame { left, top, width, height } = frame;
        let zoom = self.style.zoom;
        let (bottom, right) = (top + height, left + width);
        let [ink, muted] = [self.style.palette.ink, self.style.palette.muted].map(css);
        pen.save();
        pen.set_stroke_style_str(&muted);
        pen.set_fill_style_str(&muted);
        pen.set_line_width(zoom);
        pen.set_global_alpha(0.6);
        pen.stroke_rect(left + 0.5, top + 0.5, width - 1.0, height - 1.0);
        pen.set_global_alpha(1.0);
        pen.set_font(&self.font("400", LABEL));
        pen.set_text_baseline("top");
        pen.set_text_align("center");
        let order = self.sheet.order();
        let across = ticks(&order.x, width / (80.0 * zoom), 72.0 / DIGIT);
        for (label, share) in &across.labels {
            let x = (left + share * width).round() + 0.5;
            stroke(pen, &[[x, bottom], [x, bottom + 4.0 * zoom]]);
            let half = pen.measure_text(label)?.width() / 2.0;
            pen.fill_text(label, x.max(left + half).min(right - half), bottom + 6.0 * zoom)?;
        }
        pen.set_text_baseline("middle");
        pen.set_text_align("right");
        let up = ticks(&order.y, height / (48.0 * zoom), (MARGINS[0] - 8.0) / DIGIT);
        for (label, share) in &up.labels {
            let y = (top + (1.0 - share) * height).round() + 0.5;
            stroke(pen, &[[left - 4.0 * zoom, y], [left, y]]);
            let half = 0.5 * LABEL * zoom;
            pen.fill_text(label, left - 7.0 * zoom, y.max(top + half).min(bottom - half))?;
        }
        pen.set_fill_style_str(&ink);
        pen.set_font(&self.font("600", LABEL + 1.0));
        pen.set_text_baseline("alphabetic");
        let [x_label, y_label] = self.labels;
        pen.fill_text(&named(x_label, &across.note), right, bottom + 32.0 * zoom)?;
        pen.set_text_align("left");
        pen.fill_text(&named(y_label, &up.note), left - (MARGINS[0] - 2.0) * zoom, top - 8.0 * zoom)?;
        pen.restore();
        Ok(())
    }

    /// The edge of stability, dashed, dark on light so that it is seen on every color.
    fn paint_threshold(&self, pen: &CanvasRenderingContext2d, frame: Frame) -> Result<(), JsValue> {
        let Some(curve) = self.sheet.threshold() else { return Ok(()) };
        let zoom = self.style.zoom;
        for (color, width) in [("#ffffff", 3.5), ("#16191d", 1.5)] {
            pen.set_stroke_style_str(color);
            pen.set_line_width(width * zoom);
            pen.set_line_dash(&Array::of2(&(6.0 * zoom).into(), &(5.0 * zoom).into()))?;
            for part in curve.split(Option::is_none) {
                let points: Vec<[f64; 2]> = part
                    .iter()
                    .flatten()
                    // A canvas has no place for what is far away.
                    .map(|[right, up]| frame.place([right.clamp(-2.0, 3.0), 1.0 - up.clamp(-2.0, 3.0)]))
                    .collect();
                stroke(pen, &points);
            }
        }
        pen.set_line_dash(&Array::new()).map(drop)
    }

    /// Where the Lab's own run is.
    fn paint_here(&self, pen: &CanvasRenderingContext2d, frame: Frame) -> Result<(), JsValue> {
        let Some((right, down)) = self.sheet.here().filter(|(right, _)| (0.0..=1.0).contains(right)) else {
            return Ok(());
        };
        let zoom = self.style.zoom;
        pen.save();
        match down {
            None => {
                let x = frame.left + right * frame.width;
                pen.set_line_dash(&Array::of2(&(2.0 * zoom).into(), &(4.0 * zoom).into()))?;
                pen.set_stroke_style_str(&css(self.style.palette.ink));
                pen.set_line_width(zoom);
                stroke(pen, &[[x, frame.top], [x, frame.top + frame.height]]);
            }
            Some(down) if (0.0..=1.0).contains(&down) => {
                dot(pen, frame.place([right, down]), 5.0 * zoom, 2.0 * zoom, "#ffffff")?;
            }
            Some(_) => {}
        }
        pen.restore();
        Ok(())
    }

    fn paint_pins(&self, pen: &CanvasRenderingContext2d, frame: Frame) -> Result<(), JsValue> {
        let zoom = self.style.zoom;
        let inside = |[right, down]: [f64; 2]| (0.0..=1.0).contains(&right) && (0.0..=1.0).contains(&down);
        for (at, name) in self.pins.iter().filter(|(at, _)| inside(*at)) {
            pen.save();
            let [x, y] = frame.place(*at);
            dot(pen, [x, y], 8.0 * zoom, 1.5 * zoom, "#ffe27a")?;
            pen.set_fill_style_str("#16191d");
            pen.set_font(&self.font("700", LABEL));
            pen.set_text_align("center");
            pen.set_text_baseline("middle");
            pen.fill_text(name, x, y + 0.5)?;
            pen.restore();
        }
        Ok(())
    }
}

/// A disk with a dark rim.
fn dot(pen: &CanvasRenderingContext2d, [x, y]: [f64; 2], radius: f64, rim: f64, color: &str) -> Result<(), JsValue> {
    pen.begin_path();
    pen.arc(x, y, radius, 0.0, std::f64::consts::TAU)?;
    pen.set_fill_style_str(color);
    pen.fill();
    pen.set_line_width(rim);
    pen.set_stroke_style_str("#16191d");
    pen.stroke();
    Ok(())
}

fn stroke(pen: &CanvasRenderingContext2d, points: &[[f64; 2]]) {
    pen.begin_path();
    for (i, [x, y]) in points.iter().enumerate() {
        if i == 0 {
            pen.move_to(*x, *y);
        } else {
            pen.line_to(*x, *y);
        }
    }
    pen.stroke();
}

/// The labels of an axis with their shares of the way, and what “…” in them stands for.
struct Ticks {
    labels: Vec<(String, f64)>,
    note: String,
}

fn ticks(axis: &Axis, wanted: f64, room: f64) -> Ticks {
    let line = match axis.scale {
        Scale::Log => axis::Axis::log10(axis.from, axis.to),
        Scale::Linear => axis::Axis::linear(axis.from, axis.to),
    };
    let found = line.ticks(wanted as usize, room);
    let labels = found.ticks.into_iter().map(|tick| (tick.label, line.fraction(tick.value))).collect();
    Ticks { labels, note: found.note }
}

/// What an axis is, with the note on its labels.
fn named(name: &str, note: &str) -> String {
    if note.is_empty() { name.to_owned() } else { format!("{name} = {note}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_shares_are_each_others_inverses() {
        let frame = Frame::within(264.0, 162.0, 1.0);
        assert_eq!(frame, Frame { left: 54.0, top: 24.0, width: 200.0, height: 100.0 });
        assert_eq!(frame.place([0.25, 0.5]), [104.0, 74.0]);
        assert_eq!(frame.share([104.0, 74.0]), Some([0.25, 0.5]));
        assert_eq!(frame.share([53.0, 74.0]), None);
        assert_eq!(frame.share([254.0, 74.0]), None, "the right end is the next pixel");
    }

    #[test]
    fn labels_stand_where_their_numbers_are() {
        let axis = |from, to, scale| Axis { field: String::new(), from, to, scale };
        let found = ticks(&axis(0.0, 4.0, Scale::Linear), 4.0, 8.0);
        assert_eq!(found.labels[1], ("1".to_owned(), 0.25));
        let found = ticks(&axis(0.01, 100.0, Scale::Log), 4.0, 8.0);
        assert!(found.labels.iter().any(|(label, share)| label == "1" && (share - 0.5).abs() < 1e-12));
    }
}
