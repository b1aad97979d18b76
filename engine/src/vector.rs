//! What vectors need everywhere: products and norms that give the same bits on every host.

use nalgebra::DVector;

/// The cube root of the unit roundoff 2⁻⁵²: the step of a central difference at which its own error
/// and that of rounding are alike.
pub(crate) const DIFFERENCE_STEP: f64 = 6.055_454_452_393_343e-6;

/// aᵀb, summed in index order so that every host gets the same bits.
pub(crate) fn dot<'a>(a: impl IntoIterator<Item = &'a f64>, b: impl IntoIterator<Item = &'a f64>) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.into_iter().zip(b) {
        sum += a * b;
    }
    sum
}

/// The norm of what `entries` gives, summed in its order.
pub(crate) fn norm(entries: impl Iterator<Item = f64>) -> f64 {
    let mut sum = 0.0;
    for entry in entries {
        sum += entry * entry;
    }
    sum.sqrt()
}

/// ‖v‖ from v and its squared norm, also where the square overflows or vanishes.
pub(crate) fn norm_from_square(v: &DVector<f64>, norm_squared: f64) -> f64 {
    if norm_squared.is_finite() && norm_squared >= f64::MIN_POSITIVE {
        return norm_squared.sqrt();
    }
    // The largest entry leaves NaN aside, the sum of squares does not.
    let scale = v.amax();
    if norm_squared.is_nan() {
        return f64::NAN;
    }
    if scale == 0.0 || !scale.is_finite() {
        return scale;
    }
    let sum: f64 = v.iter().map(|entry| (entry / scale) * (entry / scale)).sum();
    scale * sum.sqrt()
}

/// √(a² + b²), to about one unit in the last place.
///
/// By the processor's square root, which rounds alike everywhere: a library's `hypot` is made of
/// dozens of operations, and this one is on the way of every sharpness in two variables. Squares
/// that would overflow or vanish are scaled first.
pub(crate) fn hypot(a: f64, b: f64) -> f64 {
    let sum = a * a + b * b;
    if (1e-280..1e300).contains(&sum) {
        return sum.sqrt();
    }
    let (a, b) = (a.abs(), b.abs());
    let size = a.max(b);
    if size > 0.0 && size.is_finite() && !sum.is_nan() {
        let (a, b) = (a / size, b / size);
        size * (a * a + b * b).sqrt()
    } else {
        // 0, infinite or NaN.
        a + b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_step_is_the_cube_root_of_the_roundoff() {
        assert!((DIFFERENCE_STEP * DIFFERENCE_STEP * DIFFERENCE_STEP / f64::EPSILON - 1.0).abs() < 4e-15);
    }

    /// Against the library's, which is right to half a unit: three roundings add up to about one
    /// and a half.
    #[test]
    fn it_is_the_library_s_to_the_last_digits() {
        let mut state = 1_u64;
        for _ in 0..10_000 {
            let mut random = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let mantissa = (state >> 12) as f64 / (1_u64 << 52) as f64 - 0.5;
                mantissa * libm::pow(10.0, (state >> 32) as f64 % 600.0 - 300.0)
            };
            let (a, b) = (random(), random());
            let expected = libm::hypot(a, b);
            assert!((hypot(a, b) - expected).abs() <= 4e-16 * expected, "{a} {b}");
        }
        for (a, b) in [(3.0, 4.0), (0.0, 0.0), (0.0, -2.0), (1e300, 1e300), (5e-324, 0.0), (-1e-200, 1e-200)] {
            assert!((hypot(a, b) - libm::hypot(a, b)).abs() <= 4e-16 * libm::hypot(a, b), "{a} {b}");
        }
        assert_eq!(hypot(f64::NEG_INFINITY, 1.0), f64::INFINITY);
        assert!(hypot(f64::NAN, 1.0).is_nan());
    }
}
