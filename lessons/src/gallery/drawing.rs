//! A picture as SVG, in tenths of CSS pixels: lines, areas, discs, and pixels that lie behind them.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plotters::style::RGBColor;

/// Width and height of a picture in CSS pixels.
pub const SIZE: (f64, f64) = (288.0, 180.0);
/// Units of the drawing to a CSS pixel.
const UNITS: f64 = 10.0;

/// See the module's header. Lengths are in CSS pixels.
#[derive(Debug, Default)]
pub struct Drawing {
    body: String,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    pub color: RGBColor,
    pub opacity: f64,
    pub width: f64,
    /// Lengths of dash and gap.
    pub dashes: Option<(f64, f64)>,
}

impl Drawing {
    /// All of it as a file.
    pub fn finish(self) -> String {
        let (width, height) = (units(SIZE.0), units(SIZE.1));
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {width} {height}" fill="none" stroke-linejoin="round" stroke-linecap="round">{}</svg>"#,
            SIZE.0, SIZE.1, self.body
        )
    }

    /// A line through points.
    pub fn line(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        if points.len() > 1 {
            self.lines(&path(points), stroke);
        }
    }

    /// Lines that have nothing to do with each other.
    pub fn segments(&mut self, segments: impl IntoIterator<Item = [(f64, f64); 2]>, stroke: Stroke) {
        let paths: String = segments.into_iter().map(|segment| path(&segment)).collect();
        if !paths.is_empty() {
            self.lines(&paths, stroke);
        }
    }

    fn lines(&mut self, path: &str, Stroke { color, opacity, width, dashes }: Stroke) {
        let dashes = dashes
            .map(|(on, off)| format!(r#" stroke-linecap="butt" stroke-dasharray="{} {}""#, units(on), units(off)));
        let opacity = attribute("stroke-opacity", opacity);
        self.put(format_args!(
            r#"<path d="{path}" stroke="{}" stroke-width="{}"{opacity}{}/>"#,
            css(color),
            units(width),
            dashes.unwrap_or_default()
        ));
    }

    /// A filled area.
    pub fn area(&mut self, outline: &[(f64, f64)], color: RGBColor, opacity: f64) {
        let opacity = attribute("fill-opacity", opacity);
        self.put(format_args!(r#"<path d="{}z" fill="{}"{opacity}/>"#, path(outline), css(color)));
    }

    /// A disc with a ring.
    pub fn disc(&mut self, (x, y): (f64, f64), radius: f64, fill: (RGBColor, f64), ring: RGBColor) {
        let opacity = attribute("fill-opacity", fill.1);
        self.put(format_args!(
            r#"<circle cx="{}" cy="{}" r="{}" fill="{}"{opacity} stroke="{}" stroke-width="15"/>"#,
            units(x),
            units(y),
            units(radius),
            css(fill.0),
            css(ring)
        ));
    }

    /// Pixels over all of the picture, as a PNG.
    pub fn pixels(&mut self, png: &[u8]) {
        let (width, height) = (units(SIZE.0), units(SIZE.1));
        let data = STANDARD.encode(png);
        self.put(format_args!(
            r#"<image width="{width}" height="{height}" preserveAspectRatio="none" href="data:image/png;base64,{data}"/>"#
        ));
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(element);
    }
}

fn units(length: f64) -> i64 {
    (length * UNITS).round() as i64
}

fn css(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// An opacity, where it is not 1.
fn attribute(name: &str, value: f64) -> String {
    if value < 1.0 { format!(r#" {name}="{}""#, (value * 100.0).round() / 100.0) } else { String::new() }
}

/// A path from each point to the next, by differences: they are short.
fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    let mut last: Option<(i64, i64)> = None;
    for (x, y) in points {
        let at = (units(*x), units(*y));
        // Writing to a string cannot fail.
        let _ = match last {
            None => write!(path, "M{} {}", at.0, at.1),
            Some(last) if last == at => Ok(()),
            Some((x, y)) => write!(path, "l{} {}", at.0 - x, at.1 - y),
        };
        last = Some(at);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_by_differences_and_stay_where_they_are() {
        let mut drawing = Drawing::default();
        let stroke = Stroke { color: RGBColor(0, 114, 178), opacity: 0.5, width: 2.0, dashes: Some((5.0, 3.5)) };
        drawing.line(&[(1.0, 2.0), (1.0, 2.01), (4.04, 0.0)], stroke);
        drawing.line(&[(1.0, 2.0)], stroke);
        drawing.segments([], stroke);
        let svg = drawing.finish();
        assert!(svg.contains(r##"<path d="M10 20l30 -20" stroke="#0072b2" stroke-width="20" stroke-opacity="0.5" stroke-linecap="butt" stroke-dasharray="50 35"/>"##), "{svg}");
        assert_eq!(svg.matches("<path").count(), 1);
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
    }
}
