//! What a panel's picture has around it: numbers and names of its axes, and a scale of its colors.

use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

use crate::{
    chart::{
        axis::Axis,
        palette::{FACE, Palette, css},
    },
    lab::{Colors, Surround},
};

/// Below the panel, for numbers and for the name of its axis.
const NUMBERS_BELOW: f64 = 17.0;
const NAME_BELOW: f64 = 16.0;
/// At the left, likewise.
const NUMBERS_BESIDE: f64 = 36.0;
const NAME_BESIDE: f64 = 16.0;
/// At the right, for a scale of colors: all of it, the gap before it, and the bar.
const COLORS: f64 = 86.0;
const COLORS_GAP: f64 = 12.0;
const BAR: f64 = 12.0;
/// Half of a digit's height: by so much a number's baseline lies below its tick.
const HALF_DIGIT: f64 = 4.0;
/// Between two numbers, at the least.
const NUMBERS_APART: f64 = 15.0;

/// A rectangle in CSS pixels: left, top, width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The left edge.
    pub left: f64,
    /// The upper edge.
    pub top: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

impl Place {
    /// What of a place is left to the panel itself.
    pub fn within(self, around: &Surround) -> Self {
        let (mut left, mut below, mut right) = (0.0, NAME_BELOW, 0.0);
        if around.axes.is_some() {
            left = NUMBERS_BESIDE + if around.y_name.is_empty() { 0.0 } else { NAME_BESIDE };
            below += NUMBERS_BELOW;
            right = if around.colors.is_some() { COLORS } else { 10.0 };
        }
        Self { left: self.left + left, top: self.top, width: self.width - left - right, height: self.height - below }
    }

    fn right(self) -> f64 {
        self.left + self.width
    }

    fn bottom(self) -> f64 {
        self.top + self.height
    }
}

/// Draws what stands around a panel that lies at `panel` within `all`.
pub fn draw(
    pen: &CanvasRenderingContext2d,
    around: &Surround,
    all: Place,
    panel: Place,
    palette: &Palette,
) -> Result<(), JsValue> {
    let draft = Draft { pen, ink: css(palette.ink), muted: css(palette.muted) };
    let (left, right) = around.margins;
    let middle = 0.5 * (panel.left + left + panel.right() - right);
    draft.write(&around.x_name, (middle, all.bottom() - 4.0), "center", &draft.ink)?;
    let Some([x, y]) = around.axes else { return Ok(()) };
    draft.box_around(panel);
    for tick in x.ticks((panel.width / 70.0) as usize, 9.0).ticks {
        let at = panel.left + x.fraction(tick.value) * panel.width;
        draft.line((at, panel.bottom()), (at, panel.bottom() + 4.0));
        draft.write(&tick.label, (at, panel.bottom() + 15.0), "center", &draft.muted)?;
    }
    for tick in y.ticks((panel.height / 50.0) as usize, 5.0).ticks {
        let at = panel.bottom() - y.fraction(tick.value) * panel.height;
        draft.line((panel.left - 4.0, at), (panel.left, at));
        draft.write(&tick.label, (panel.left - 7.0, at + HALF_DIGIT), "right", &draft.muted)?;
    }
    if !around.y_name.is_empty() {
        draft.upwards(&around.y_name, (all.left + 11.0, panel.top + 0.5 * panel.height))?;
    }
    around.colors.as_ref().map_or(Ok(()), |colors| draft.colors(colors, panel))
}

struct Draft<'a> {
    pen: &'a CanvasRenderingContext2d,
    ink: String,
    muted: String,
}

impl Draft<'_> {
    fn write(&self, text: &str, (x, y): (f64, f64), align: &str, color: &str) -> Result<(), JsValue> {
        self.pen.set_font(&format!("11px {FACE}"));
        self.pen.set_fill_style_str(color);
        self.pen.set_text_align(align);
        self.pen.set_text_baseline("alphabetic");
        self.pen.fill_text(text, x, y)
    }

    /// Writes a text from below upwards.
    fn upwards(&self, text: &str, (x, y): (f64, f64)) -> Result<(), JsValue> {
        self.pen.save();
        self.pen.translate(x, y)?;
        self.pen.rotate(-std::f64::consts::FRAC_PI_2)?;
        self.write(text, (0.0, 0.0), "center", &self.ink)?;
        self.pen.restore();
        Ok(())
    }

    fn line(&self, from: (f64, f64), to: (f64, f64)) {
        self.pen.set_stroke_style_str(&self.muted);
        self.pen.set_line_width(1.0);
        self.pen.begin_path();
        self.pen.move_to(from.0, from.1);
        self.pen.line_to(to.0, to.1);
        self.pen.stroke();
    }

    fn box_around(&self, place: Place) {
        self.pen.set_stroke_style_str(&self.muted);
        self.pen.set_line_width(1.0);
        self.pen.stroke_rect(place.left, place.top, place.width, place.height);
    }

    /// A bar of the colors with their values at its right, and their name above it.
    fn colors(&self, colors: &Colors, panel: Place) -> Result<(), JsValue> {
        let bar = Place { left: panel.right() + COLORS_GAP, width: BAR, ..panel };
        let each = bar.height / colors.steps.len() as f64;
        for (index, [red, green, blue]) in colors.steps.iter().enumerate() {
            self.pen.set_fill_style_str(&format!("#{red:02x}{green:02x}{blue:02x}"));
            let bottom = bar.bottom() - index as f64 * each;
            // Each reaches up to the top, where the next lies on it: so there are no seams.
            self.pen.fill_rect(bar.left, bar.top, bar.width, bottom - bar.top);
        }
        self.box_around(bar);
        self.write(&colors.name, (bar.left, bar.top - 7.0), "left", &self.ink)?;
        let height = |value: f64| bar.bottom() - colors.axis.fraction(value) * bar.height;
        let level = colors.level.as_ref().map(|(value, label)| (height(*value), label));
        for (at, label) in numbers(colors.axis, bar, level.map(|(at, _)| at)) {
            self.line((bar.right(), at), (bar.right() + 4.0, at));
            self.write(&label, (bar.right() + 7.0, at + HALF_DIGIT), "left", &self.muted)?;
        }
        if let Some((at, label)) = level {
            self.line((bar.left, at), (bar.right() + 4.0, at));
            self.write(label, (bar.right() + 7.0, at + HALF_DIGIT), "left", &self.ink)?;
        }
        Ok(())
    }
}

/// The numbers beside a bar, with their heights: none lies on another or on the `level`.
fn numbers(axis: Axis, bar: Place, level: Option<f64>) -> Vec<(f64, String)> {
    let mut taken: Vec<f64> = level.into_iter().collect();
    let mut numbers = Vec::new();
    for tick in axis.ticks((bar.height / 45.0) as usize, 6.0).ticks {
        let at = bar.bottom() - axis.fraction(tick.value) * bar.height;
        if taken.iter().all(|other| (at - other).abs() >= NUMBERS_APART) {
            taken.push(at);
            numbers.push((at, tick.label));
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Place = Place { left: 20.0, top: 60.0, width: 400.0, height: 260.0 };

    #[test]
    fn a_panel_gives_room_for_what_it_has_around_it() {
        let chart = Surround {
            title: "Loss f".to_owned(),
            x_name: "step k".to_owned(),
            y_name: String::new(),
            axes: None,
            margins: (46.0, 76.0),
            colors: None,
        };
        assert_eq!(ALL.within(&chart), Place { height: 260.0 - NAME_BELOW, ..ALL });
        let axis = Axis::linear(0.0, 1.0);
        let plane = Surround { y_name: "y".to_owned(), axes: Some([axis, axis]), ..chart };
        let within = ALL.within(&plane);
        assert_eq!((within.left, within.right(), within.top), (72.0, 410.0, 60.0));
        assert_eq!(within.bottom(), ALL.bottom() - NUMBERS_BELOW - NAME_BELOW);
        let colors = Colors { name: "λ₁".to_owned(), axis, steps: vec![[0; 3]], level: None };
        assert_eq!(ALL.within(&Surround { colors: Some(colors), ..plane }).right(), 334.0);
    }

    #[test]
    fn numbers_beside_a_bar_keep_apart_and_leave_room_for_the_level() {
        let heights =
            |level| -> Vec<f64> { numbers(Axis::log10(0.8, 20.0), ALL, level).into_iter().map(|(at, _)| at).collect() };
        let all = heights(None);
        assert!(all.len() >= 3 && all.windows(2).all(|pair| pair[0] - pair[1] >= NUMBERS_APART), "{all:?}");
        assert!(all.iter().all(|at| (ALL.top..=ALL.bottom()).contains(at)));
        let beside = heights(Some(all[1] + 3.0));
        assert!(!beside.contains(&all[1]) && beside.contains(&all[0]));
    }
}
