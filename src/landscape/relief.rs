//! The terrain as heights, and heights as colors.
//!
//! Losses and gradients are bands of cividis (Nuñez, Anderton, Renslow, 2018), which look alike to
//! every kind of color vision. The sharpness runs from blue through white to red (ColorBrewer's
//! RdBu), over equal ratios, and is white exactly at the threshold.

use crate::{chart::palette::Tone, landscape::Terrain, view_settings::Layer};

/// Bands from the lowest to the highest loss.
const BANDS: f64 = 11.0;
/// cividis at nine even places from dark to bright.
const CIVIDIS: [[f64; 3]; 9] = [
    [0.0, 32.0, 77.0],
    [26.0, 56.0, 111.0],
    [65.0, 77.0, 107.0],
    [96.0, 99.0, 111.0],
    [124.0, 123.0, 120.0],
    [154.0, 147.0, 120.0],
    [187.0, 175.0, 110.0],
    [221.0, 203.0, 90.0],
    [255.0, 234.0, 70.0],
];
/// The ends of the diverging colors: far below the threshold, far above it.
const BELOW: [f64; 3] = [67.0, 133.0, 190.0];
const ABOVE: [f64; 3] = [214.0, 110.0, 92.0];
const WHITE: [f64; 3] = [255.0, 255.0, 255.0];
/// Octaves to either side of the threshold over which the colors run, at the least and at the most.
const OCTAVES: (f64, f64) = (1.0, 5.0);

/// Shades to either side of white on a scale of colors.
const SHADES: i32 = 24;

/// One quantity of a terrain, in logarithms.
#[derive(Clone, Debug)]
pub struct Relief {
    /// The quantity.
    pub layer: Layer,
    /// log₁₀ of f − f*, λ₁ or ‖∇f‖ at the grid's points; −∞ where λ₁ is not positive, NaN where
    /// there is nothing.
    heights: Vec<f64>,
    /// The second and the ninety-eighth percentile: a single peak does not flatten the rest.
    range: (f64, f64),
}

impl Relief {
    /// Takes logarithms.
    pub fn new(terrain: &Terrain, layer: Layer) -> Self {
        let heights: Vec<f64> = match layer {
            Layer::Loss => log_losses(terrain),
            Layer::Sharpness => {
                // `max` would turn NaN into 0.
                let height = |value: &f64| if value.is_nan() { f64::NAN } else { value.max(0.0).log10() };
                terrain.sharpness.iter().map(height).collect()
            }
            Layer::Gradient => {
                terrain.gradient.iter().map(|value| value.abs().max(f64::MIN_POSITIVE).log10()).collect()
            }
        };
        let mut sorted: Vec<f64> = heights.iter().copied().filter(|height| height.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let range = match sorted.len() {
            0 => (0.0, 1.0),
            n => (sorted[n / 50], sorted[n - 1 - n / 50]),
        };
        Self { layer, heights, range }
    }

    /// The values at the ends of the colors; those of the sharpness lie around `threshold`.
    pub fn ends(&self, threshold: f64) -> (f64, f64) {
        match self.layer {
            Layer::Sharpness => {
                let ratio = libm::pow(2.0, self.octaves());
                (threshold / ratio, threshold * ratio)
            }
            _ => (libm::pow(10.0, self.range.0), libm::pow(10.0, self.range.1)),
        }
    }

    /// The colors from the least value to the greatest, at even places.
    pub fn steps(&self, tone: Tone) -> Vec<[u8; 3]> {
        match self.layer {
            Layer::Sharpness => {
                (-SHADES..=SHADES).map(|shade| diverging(f64::from(shade) / f64::from(SHADES))).collect()
            }
            _ => (0..BANDS as u32).map(|band| cividis(f64::from(band) / (BANDS - 1.0), true, tone)).collect(),
        }
    }

    /// Half of the terrain's range: a threshold in the middle uses all colors.
    fn octaves(&self) -> f64 {
        (0.5 * (self.range.1 - self.range.0) * std::f64::consts::LOG2_10).clamp(OCTAVES.0, OCTAVES.1)
    }

    /// RGBA bytes of `width` × `height` pixels in bands, interpolated between grid points.
    pub fn bands(&self, terrain: &Terrain, width: usize, height: usize, tone: Tone) -> Vec<u8> {
        let (low, high) = self.range;
        let mut bytes = Vec::with_capacity(width * height * 4);
        for row in 0..height {
            for column in 0..width {
                let across = column as f64 / (width - 1).max(1) as f64;
                let down = row as f64 / (height - 1).max(1) as f64;
                let value = interpolate(terrain, &self.heights, across, down);
                let share = ((value - low) / (high - low).max(1e-12)).clamp(0.0, 1.0);
                let band = ((share * BANDS).floor() / (BANDS - 1.0)).min(1.0);
                let [r, g, b] = cividis(band, value.is_finite(), tone);
                bytes.extend([r, g, b, 255]);
            }
        }
        bytes
    }

    /// RGBA bytes of the grid's points, white at `threshold`. One pixel a point: this is done anew
    /// whenever the threshold moves.
    pub fn around(&self, threshold: f64, tone: Tone) -> Vec<u8> {
        let (middle, scale) = (threshold.log10(), std::f64::consts::LOG2_10 / self.octaves());
        let color = |height: &f64| {
            if height.is_nan() {
                return nothing(tone);
            }
            diverging(((height - middle) * scale).clamp(-1.0, 1.0))
        };
        self.heights.iter().map(color).flat_map(|[r, g, b]| [r, g, b, 255]).collect()
    }
}

/// log₁₀(f − f*), where f* is the known infimum or the least value seen, with a floor a little
/// above it.
fn log_losses(terrain: &Terrain) -> Vec<f64> {
    let finite = || terrain.values.iter().copied().filter(|v| v.is_finite());
    let least = finite().fold(f64::INFINITY, f64::min);
    let most = finite().fold(f64::NEG_INFINITY, f64::max);
    let base = if terrain.minimum.is_finite() { terrain.minimum } else { least };
    let floor = 1e-4 * (most - base).max(1e-300);
    terrain.values.iter().map(|v| if v.is_finite() { (v - base).max(floor).log10() } else { f64::NAN }).collect()
}

fn interpolate(terrain: &Terrain, heights: &[f64], across: f64, down: f64) -> f64 {
    let (columns, rows) = (terrain.columns, terrain.rows);
    let (x, y) = (across * (columns - 1) as f64, down * (rows - 1) as f64);
    let (c, r) = ((x as usize).min(columns.saturating_sub(2)), (y as usize).min(rows.saturating_sub(2)));
    let (u, v) = (x - c as f64, y - r as f64);
    let at = |dc: usize, dr: usize| heights[(r + dr).min(rows - 1) * columns + (c + dc).min(columns - 1)];
    mix(mix(at(0, 0), at(1, 0), u), mix(at(0, 1), at(1, 1), u), v)
}

/// Between `a` (at 0) and `b` (at 1). At the very ends the other one does not count, finite or not.
fn mix(a: f64, b: f64, share: f64) -> f64 {
    if share <= 0.0 {
        a
    } else if share >= 1.0 {
        b
    } else {
        a + (b - a) * share
    }
}

/// The color of a sharpness: −1 far below the threshold, 0 there, 1 far above it.
fn diverging(share: f64) -> [u8; 3] {
    blend(WHITE, if share < 0.0 { BELOW } else { ABOVE }, share.abs())
}

fn blend(from: [f64; 3], to: [f64; 3], share: f64) -> [u8; 3] {
    [0, 1, 2].map(|channel| (from[channel] * (1.0 - share) + to[channel] * share).round() as u8)
}

fn page(tone: Tone) -> [f64; 3] {
    match tone {
        Tone::Light => WHITE,
        Tone::Dark => [20.0, 23.0, 27.0],
    }
}

/// The color of what has no value.
fn nothing(tone: Tone) -> [u8; 3] {
    page(tone).map(|c| (c * 0.9 + 12.0) as u8)
}

/// The color of a band, paler on a light page and dimmer on a dark one, so that trajectories stand
/// out.
fn cividis(share: f64, is_finite: bool, tone: Tone) -> [u8; 3] {
    if !is_finite {
        return nothing(tone);
    }
    let strength = if tone == Tone::Light { 0.52 } else { 0.60 };
    // The darkest third of the scale is left out: blue trajectories would drown in it.
    let place = (0.28 + 0.72 * share) * 8.0;
    let low = (place as usize).min(7);
    let u = place - low as f64;
    let full = [0, 1, 2].map(|channel| CIVIDIS[low][channel] * (1.0 - u) + CIVIDIS[low + 1][channel] * u);
    blend(page(tone), full, strength)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscape::Window;

    fn terrain(values: Vec<f64>) -> Terrain {
        Terrain {
            id: 1,
            window: Window { bounds: [0.0, 1.0, 0.0, 1.0] },
            columns: 3,
            rows: 3,
            sharpness: values.clone(),
            gradient: values.clone(),
            values,
            minimum: f64::NAN,
        }
    }

    #[test]
    fn the_lowest_is_darker_than_the_highest_and_nothing_is_lost_to_nan() {
        let terrain = terrain(vec![0.0, 1.0, 10.0, 100.0, f64::NAN, 1e3, 1e4, 1e5, 1e6]);
        for layer in [Layer::Loss, Layer::Gradient] {
            let bytes = Relief::new(&terrain, layer).bands(&terrain, 3, 3, Tone::Light);
            assert_eq!(bytes.len(), 36);
            let brightness = |pixel: usize| bytes[4 * pixel..4 * pixel + 3].iter().map(|b| u32::from(*b)).sum::<u32>();
            assert!(brightness(0) < brightness(8));
            assert!(bytes.chunks(4).all(|pixel| pixel[3] == 255));
        }
    }

    #[test]
    fn the_scale_of_colors_has_those_of_the_picture() {
        let terrain = terrain(vec![1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 1e3]);
        for tone in [Tone::Light, Tone::Dark] {
            let relief = Relief::new(&terrain, Layer::Loss);
            let (bytes, steps) = (relief.bands(&terrain, 3, 3, tone), relief.steps(tone));
            assert_eq!((steps.len(), steps[0].as_slice(), steps[10].as_slice()), (11, &bytes[..3], &bytes[32..35]));
        }
        let steps = Relief::new(&terrain, Layer::Sharpness).steps(Tone::Light);
        assert_eq!((steps[0], steps[steps.len() / 2]), ([67, 133, 190], [255, 255, 255]));
        assert_eq!(steps[steps.len() - 1], [214, 110, 92]);
    }

    #[test]
    fn the_sharpness_is_white_exactly_at_the_threshold_and_moves_with_it() {
        let terrain = terrain(vec![-3.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0, f64::NAN, f64::INFINITY]);
        let relief = Relief::new(&terrain, Layer::Sharpness);
        for (threshold, place) in [(4.0, 4), (8.0, 5)] {
            for tone in [Tone::Light, Tone::Dark] {
                let bytes = relief.around(threshold, tone);
                let rgb: Vec<&[u8]> = bytes.chunks(4).map(|pixel| &pixel[..3]).collect();
                assert_eq!(rgb[place], [255, 255, 255]);
                assert_eq!(rgb.iter().filter(|color| ***color == [255, 255, 255]).count(), 1, "{tone:?}");
                // Below it bluer, above it redder; without curvature the bluest.
                assert!(rgb[place - 1][2] > rgb[place - 1][0] && rgb[place + 1][0] > rgb[place + 1][2]);
                assert_eq!(rgb[0], rgb[1]);
                assert_eq!(rgb[0], [67, 133, 190]);
            }
        }
        let (low, high) = relief.ends(4.0);
        assert!((low * high / 16.0 - 1.0).abs() < 1e-12 && low < 4.0);
    }
}
