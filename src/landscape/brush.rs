//! Draws on a canvas in CSS pixels with fractions: lines, discs, labels.

use plotters::style::RGBColor;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::chart::{FONT, Size, canvas, palette::Palette};

/// See the module's header.
pub struct Brush {
    /// The canvas's context, scaled to CSS pixels.
    pub context: CanvasRenderingContext2d,
    /// The canvas's size.
    pub size: Size,
    /// By how much type is larger than usual.
    pub type_scale: f64,
}

/// Size of labels in CSS pixels.
const LABEL_SIZE: f64 = 11.0;

impl Brush {
    /// A brush for a canvas; what is drawn there stays.
    pub fn new(on: &HtmlCanvasElement, size: Size, type_scale: f64) -> Option<Self> {
        let context = canvas::context(on)?;
        context.set_transform(size.ratio, 0.0, 0.0, size.ratio, 0.0, 0.0).ok()?;
        context.set_line_join("round");
        context.set_line_cap("round");
        Some(Self { context, size, type_scale })
    }

    /// Paints all of the canvas with the page's color.
    pub fn clear(&self, palette: &Palette) {
        self.context.set_fill_style_str(&css(palette.page, 1.0));
        self.context.fill_rect(0.0, 0.0, self.size.width, self.size.height);
    }

    /// The pixel at fractions of the canvas.
    pub fn place(&self, (across, down): (f64, f64)) -> (f64, f64) {
        // Far outside points would overflow the canvas's arithmetic; no line is seen to bend out
        // there.
        let held = |share: f64, length: f64| (share.clamp(-50.0, 50.0)) * length;
        (held(across, self.size.width), held(down, self.size.height))
    }

    /// A line through points; it is broken where one is not finite.
    pub fn line(&self, points: impl IntoIterator<Item = (f64, f64)>, color: RGBColor, opacity: f64, width: f64) {
        self.stroke(&mut points.into_iter(), color, opacity, width);
    }

    fn stroke(&self, points: &mut dyn Iterator<Item = (f64, f64)>, color: RGBColor, opacity: f64, width: f64) {
        self.context.set_stroke_style_str(&css(color, opacity));
        self.context.set_line_width(width);
        self.context.begin_path();
        let mut is_down = false;
        for (x, y) in points {
            let is_finite = x.is_finite() && y.is_finite();
            if is_finite && is_down {
                self.context.line_to(x, y);
            } else if is_finite {
                self.context.move_to(x, y);
            }
            is_down = is_finite;
        }
        self.context.stroke();
    }

    /// A length that grows with the type, as marks and thin lines do on a projector.
    pub fn scaled(&self, length: f64) -> f64 {
        length * self.type_scale
    }

    /// Dashes for the lines that follow, at the usual size; nothing for whole ones.
    pub fn dash(&self, pattern: Option<(f64, f64)>) {
        let lengths = match pattern {
            Some((on, off)) => js_sys::Array::of2(&self.scaled(on).into(), &self.scaled(off).into()),
            None => js_sys::Array::new(),
        };
        // Lengths that are not negative are all that it asks for.
        let _ = self.context.set_line_dash(&lengths);
    }

    /// A filled disc with a ring; radius and width are those at the usual size.
    pub fn disc(&self, at: (f64, f64), radius: f64, fill: (RGBColor, f64), ring: RGBColor, width: f64) {
        self.circle(at, radius);
        self.context.set_fill_style_str(&css(fill.0, fill.1));
        self.context.fill();
        self.context.set_line_width(self.scaled(width));
        self.context.set_stroke_style_str(&css(ring, 1.0));
        self.context.stroke();
    }

    /// A ring that can be seen on any color; the radius is that at the usual size.
    pub fn ring(&self, at: (f64, f64), radius: f64, color: RGBColor, page: RGBColor) {
        self.circle(at, radius);
        for (color, width) in [(page, 4.5), (color, 2.0)] {
            self.context.set_line_width(self.scaled(width));
            self.context.set_stroke_style_str(&css(color, 1.0));
            self.context.stroke();
        }
    }

    fn circle(&self, (x, y): (f64, f64), radius: f64) {
        self.context.begin_path();
        // A positive radius is all that an arc asks for.
        let _ = self.context.arc(x, y, self.scaled(radius), 0.0, std::f64::consts::TAU);
    }

    /// The type face of labels, for what follows.
    pub fn take_font(&self) {
        self.context.set_font(&format!("{}px {FONT}", LABEL_SIZE * self.type_scale));
    }

    /// A small text with its baseline at a place: "left", "center" or "right" of it.
    pub fn label(&self, text: &str, (x, y): (f64, f64), color: RGBColor, align: &str) {
        self.take_font();
        self.context.set_fill_style_str(&css(color, 1.0));
        self.context.set_text_align(align);
        self.context.set_text_baseline("alphabetic");
        let _ = self.context.fill_text(text, x, y);
    }

    /// A label on a halo of the page's color.
    pub fn label_on_halo(&self, text: &str, at: (f64, f64), color: RGBColor, page: RGBColor, align: &str) {
        self.take_font();
        self.context.set_text_align(align);
        self.context.set_text_baseline("alphabetic");
        self.context.set_line_width(self.scaled(3.5));
        self.context.set_stroke_style_str(&css(page, 0.85));
        let _ = self.context.stroke_text(text, at.0, at.1);
        self.label(text, at, color, align);
    }
}

/// A color as CSS.
pub fn css(color: RGBColor, opacity: f64) -> String {
    format!("rgba({},{},{},{opacity})", color.0, color.1, color.2)
}
