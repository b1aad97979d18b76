//! Colors between others. All mix the page's own color with run colors, which color-blind eyes tell
//! apart, so that they work in both tones.

use plotters::style::RGBColor;

use crate::chart::palette::Palette;

/// The color at a share of the way from one to another.
pub fn mixed(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let share = share.clamp(0.0, 1.0);
    let of = |from: u8, to: u8| (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8;
    RGBColor(of(from.0, to.0), of(from.1, to.1), of(from.2, to.2))
}

/// From blue at −1 through the page's color at 0 to red at 1, and on beyond as at the ends; grey
/// for what is not a number.
pub fn diverging(value: f64, palette: &Palette) -> RGBColor {
    match value {
        value if value.is_nan() => nothing(palette),
        value if value < 0.0 => mixed(palette.page, palette.run(0), -value),
        value => mixed(palette.page, palette.run(1), value),
    }
}

/// From almost the page's color at 0 to blue at 1; grey for what is not a number.
pub fn sequential(share: f64, palette: &Palette) -> RGBColor {
    if share.is_nan() { nothing(palette) } else { mixed(palette.page, palette.beyond, 0.08 + 0.92 * share) }
}

/// Where there is no value.
pub fn nothing(palette: &Palette) -> RGBColor {
    mixed(palette.page, palette.muted, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::palette::Tone;

    /// Perceived lightness, roughly: the weights of Rec. 709.
    fn lightness(RGBColor(red, green, blue): RGBColor) -> f64 {
        0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue)
    }

    #[test]
    fn both_signs_leave_the_page_s_color_steadily_and_differ() {
        for palette in [Tone::Light, Tone::Dark].map(Palette::new) {
            assert_eq!(diverging(0.0, &palette), palette.page);
            for sign in [-1.0, 1.0] {
                let distances: Vec<f64> = (0..=10)
                    .map(|i| {
                        (lightness(diverging(sign * f64::from(i) / 10.0, &palette)) - lightness(palette.page)).abs()
                    })
                    .collect();
                assert!(distances.windows(2).all(|pair| pair[1] > pair[0]), "{distances:?}");
                assert_eq!(diverging(sign * f64::INFINITY, &palette), diverging(sign, &palette));
            }
            let (below, above) = (diverging(-0.4, &palette), diverging(0.4, &palette));
            assert!(below.2 > below.0 && above.0 > above.2);
            for value in [-1.0, 0.0, 1.0] {
                assert_ne!(diverging(value, &palette), diverging(f64::NAN, &palette));
            }
        }
    }
}
