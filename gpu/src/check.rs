//! How far single precision can be trusted on a map.

use flatland_atlas::{Axis, Pixel, Plan, Scale, compute};

/// Pixels in single precision, held against double precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// How many were compared.
    pub compared: usize,

    /// How many have another fate ([`flatland_atlas::Fate::is_alike`]).
    pub differing: usize,
}

/// Computes `sample` of the pixels once more in double precision, spread evenly over all, and
/// counts those with another fate.
#[must_use]
pub fn check(plan: &Plan, points: &[(f64, f64)], pixels: &[Pixel], sample: usize) -> Check {
    let count = points.len().min(pixels.len());
    let sample = sample.min(count);
    // Multiples of the golden ratio, so that no line of a grid is preferred.
    let mut chosen: Vec<usize> =
        (0..sample).map(|i| ((i as f64 * 0.618_033_988_749_894_9).fract() * count as f64) as usize).collect();
    chosen.sort_unstable();
    chosen.dedup();
    let places: Vec<_> = chosen.iter().map(|i| points[*i]).collect();
    let exact = compute(plan, &places);
    let differs = |(i, exact): (&usize, &Pixel)| !pixels[*i].fate.is_alike(exact.fate);
    let differing = chosen.iter().zip(&exact).filter(|pair| differs(*pair)).count();
    Check { compared: chosen.len(), differing }
}

/// Whether single precision tells so many neighboring pixels of an axis apart: they must be two
/// units in the last place apart.
#[must_use]
pub fn can_resolve(axis: &Axis, pixels: usize) -> bool {
    let unit = f64::from(f32::EPSILON);
    let spacing = |from: f64, to: f64| (to - from).abs() >= 2.0 * unit * from.abs().max(to.abs());
    let ends = [(0, 1), (pixels.saturating_sub(2), pixels.saturating_sub(1))];
    pixels < 2
        || axis.scale == Scale::Linear
            && ends.iter().all(|(a, b)| spacing(axis.at_pixel(*a, pixels), axis.at_pixel(*b, pixels)))
        || axis.scale == Scale::Log && spacing(axis.at_pixel(0, pixels), axis.at_pixel(1, pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_zooms_are_beyond_single_precision() {
        let axis = |text: &str| Axis::parse(text).unwrap();
        assert!(can_resolve(&axis("x=lin:-2:2"), 8192));
        assert!(can_resolve(&axis("x=log:1e-6:1"), 8192));
        assert!(!can_resolve(&axis("x=lin:1:1.0001"), 1000));
        assert!(!can_resolve(&axis("x=log:1:1.0001"), 1000));
        assert!(can_resolve(&axis("x=lin:1:1.0001"), 300));
    }
}
