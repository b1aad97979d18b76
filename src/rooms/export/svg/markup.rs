//! How numbers, colors, fonts and texts of a canvas are written in SVG.

use std::borrow::Cow;

use super::{Ink, Rectangle};

/// Opens a window at `place` through which `source` is seen.
pub(super) fn window(place: Rectangle, source: Rectangle) -> String {
    let ([x, y, width, height], source) = (place.map(number), source.map(number).join(" "));
    format!(
        "<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" viewBox=\"{source}\" \
         preserveAspectRatio=\"none\" overflow=\"hidden\">"
    )
}

/// How lines and the outlines of letters look.
pub(super) fn outline(ink: &Ink) -> String {
    let color = paint("stroke", &ink.stroke);
    format!("{color} stroke-width=\"{}\" stroke-linejoin=\"{}\"", number(ink.line_width), ink.line_join)
}

/// A font as a context has it.
pub(super) struct Font<'a> {
    /// None where it is the usual one.
    pub(super) weight: Option<&'a str>,
    /// In pixels.
    pub(super) size: &'a str,
    /// As CSS has it, with all that may stand in for it.
    pub(super) family: &'a str,
}

impl<'a> Font<'a> {
    /// Reads `font`; what cannot be read is a new context's.
    pub(super) fn of(font: &'a str) -> Self {
        let Some((before, family)) = font.split_once("px ") else {
            return Self { weight: None, size: "10", family: "sans-serif" };
        };
        let digits = |letter: char| letter.is_ascii_digit() || letter == '.';
        let style = before.trim_end_matches(digits);
        let weights = ["bold", "500", "600", "700", "800", "900"];
        let weight = style.split(' ').find(|word| weights.contains(word));
        Self { weight, size: &before[style.len()..], family: family.trim_start() }
    }
}

/// To a hundredth.
pub(super) fn number(value: f64) -> String {
    rounded(value, 100.0).to_string()
}

/// To one of so many parts; halves go up, and zero has no sign.
pub(super) fn rounded(value: f64, parts: f64) -> f64 {
    let (scaled, floor) = (value * parts, (value * parts).floor());
    let whole = if scaled - floor >= 0.5 { floor + 1.0 } else { floor };
    whole / parts + 0.0
}

/// A color as SVG 1.1 has it: opacity stands apart.
pub(super) fn paint(name: &str, color: &str) -> String {
    let Some(([red, green, blue], opacity)) = channels(color) else {
        return format!("{name}=\"{}\"", escaped(color));
    };
    let opacity = if opacity < 1.0 { format!(" {name}-opacity=\"{}\"", number(opacity)) } else { String::new() };
    format!("{name}=\"#{red:02x}{green:02x}{blue:02x}\"{opacity}")
}

/// What `rgba(…)` says, if it is that.
fn channels(color: &str) -> Option<([u8; 3], f64)> {
    let mut parts = color.strip_prefix("rgba(")?.strip_suffix(')')?.split(',').map(str::trim);
    let mut channel = || parts.next()?.parse().ok();
    let rgb = [channel()?, channel()?, channel()?];
    let opacity = parts.next()?.parse().ok()?;
    parts.next().is_none().then_some((rgb, opacity))
}

/// Text as it stands in XML.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Cow::Owned(text.replace('"', "&quot;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_two_digits_and_halves_go_up() {
        let cases = [(1.0, "1"), (0.126, "0.13"), (0.125, "0.13"), (-0.125, "-0.12"), (-0.001, "0"), (1e7, "10000000")];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn colors_have_their_opacity_apart() {
        assert_eq!(paint("fill", "#0072b2"), r##"fill="#0072b2""##);
        assert_eq!(paint("fill", "rgba(255, 7,0,1)"), r##"fill="#ff0700""##);
        assert_eq!(paint("stroke", "rgba(1,2,3,0.256)"), r##"stroke="#010203" stroke-opacity="0.26""##);
        assert_eq!(paint("fill", "rgba(1,2,3)"), r#"fill="rgba(1,2,3)""#);
        assert_eq!(paint("fill", "a\"<b"), r#"fill="a&quot;&lt;b""#);
    }

    #[test]
    fn a_font_has_a_weight_where_it_is_named() {
        for (font, weight) in [("bold 13.2px x", Some("bold")), ("12px x", None), ("300 9px x", None)] {
            assert_eq!(Font::of(font).weight, weight);
        }
    }
}
