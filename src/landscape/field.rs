//! The loss as bands of color: log(f − f*) between the low and the high of what is seen, in the colors of cividis (Nuñez, Anderton,
//! Renslow, 2018), which look alike to every kind of color vision.

use crate::{chart::palette::Tone, landscape::Terrain};

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

/// The terrain as RGBA bytes, `width` × `height` pixels, interpolated between grid points.
pub fn pixels(terrain: &Terrain, width: usize, height: usize, tone: Tone) -> Vec<u8> {
    let heights = log_heights(terrain);
    let (low, high) = range(&heights);
    let mut bytes = Vec::with_capacity(width * height * 4);
    for row in 0..height {
        for column in 0..width {
            let value = interpolate(
                terrain,
                &heights,
                column as f64 / (width - 1).max(1) as f64,
                row as f64 / (height - 1).max(1) as f64,
            );
            let share = ((value - low) / (high - low).max(1e-12)).clamp(0.0, 1.0);
            let band = ((share * BANDS).floor() / (BANDS - 1.0)).min(1.0);
            let [r, g, b] = color(band, value.is_finite(), tone);
            bytes.extend([r, g, b, 255]);
        }
    }
    bytes
}

/// log₁₀(f − f*), where f* is the known infimum or the least value seen, with a floor a little above it.
fn log_heights(terrain: &Terrain) -> Vec<f64> {
    let finite = || terrain.values.iter().copied().filter(|v| v.is_finite());
    let least = finite().fold(f64::INFINITY, f64::min);
    let most = finite().fold(f64::NEG_INFINITY, f64::max);
    let base = if terrain.minimum.is_finite() { terrain.minimum } else { least };
    let floor = 1e-4 * (most - base).max(1e-300);
    terrain.values.iter().map(|v| if v.is_finite() { (v - base).max(floor).log10() } else { f64::NAN }).collect()
}

/// The second and the ninety-eighth percentile: a single peak does not flatten the rest.
fn range(heights: &[f64]) -> (f64, f64) {
    let mut sorted: Vec<f64> = heights.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => (0.0, 1.0),
        n => (sorted[n / 50], sorted[n - 1 - n / 50]),
    }
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

/// The color of a band, paler on a light page and dimmer on a dark one, so that trajectories stand out.
fn color(share: f64, is_finite: bool, tone: Tone) -> [u8; 3] {
    let (page, strength) = match tone {
        Tone::Light => ([255.0, 255.0, 255.0], 0.52),
        Tone::Dark => ([20.0, 23.0, 27.0], 0.60),
    };
    if !is_finite {
        return page.map(|c| (c * 0.9 + 12.0) as u8);
    }
    // The darkest third of the scale is left out: blue trajectories would drown in it.
    let place = (0.28 + 0.72 * share) * 8.0;
    let low = (place as usize).min(7);
    let u = place - low as f64;
    let mut rgb = [0_u8; 3];
    for (channel, out) in rgb.iter_mut().enumerate() {
        let full = CIVIDIS[low][channel] * (1.0 - u) + CIVIDIS[low + 1][channel] * u;
        *out = (page[channel] * (1.0 - strength) + full * strength).round() as u8;
    }
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscape::Window;

    #[test]
    fn the_lowest_is_darker_than_the_highest_and_nothing_is_lost_to_nan() {
        let values = vec![0.0, 1.0, 10.0, 100.0, f64::NAN, 1e3, 1e4, 1e5, 1e6];
        let terrain = Terrain {
            window: Window { bounds: [0.0, 1.0, 0.0, 1.0] },
            columns: 3,
            rows: 3,
            sharpness: values.clone(),
            values,
            minimum: f64::NAN,
        };
        let bytes = pixels(&terrain, 3, 3, Tone::Light);
        assert_eq!(bytes.len(), 36);
        let brightness = |pixel: usize| bytes[4 * pixel..4 * pixel + 3].iter().map(|b| u32::from(*b)).sum::<u32>();
        assert!(brightness(0) < brightness(8));
        assert!(bytes.chunks(4).all(|pixel| pixel[3] == 255));
    }
}
