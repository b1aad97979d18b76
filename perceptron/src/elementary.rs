//! eˣ − 1 and tanh without branches and without tables, so that loops over them run on vectors and
//! give the same bits on every host and at every vector width.
//!
//! The library's functions are right to half a unit of the last place more, and four times slower.

use std::f64::consts::LOG2_E;

/// 1.5·2⁵²: a sum with it is rounded to a whole number, which stands in the sum's last bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// ln 2 in two parts: a multiple of the first by a whole number up to 2¹¹ is exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];

/// Beyond ± this tanh is ±1 in double precision.
const SATURATION: f64 = 20.0;

/// 1/j! for j from 13 down to 2.
const FACTORIALS: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
];

/// eˣ − 1 for |x| ≤ 700, with a relative error of at most 4 units of rounding.
///
/// x = k·ln 2 + r with a whole k and |r| ≤ ½·ln 2, and eˣ − 1 = 2ᵏ(eʳ − 1) + (2ᵏ − 1); the
/// remainder of the series of eʳ is below a unit of rounding of r. NaN stays NaN.
#[inline(always)]
pub(crate) fn exp_minus_one(x: f64) -> f64 {
    let shifted = x * LOG2_E + ROUNDER;
    let k = shifted - ROUNDER;
    let r = (x - k * LN_2[0]) - k * LN_2[1];
    let mut series = FACTORIALS[0];
    for factor in &FACTORIALS[1..] {
        series = series * r + factor;
    }
    let series = r + r * r * series;
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    power * series + (power - 1.0)
}

/// tanh x = (e^(2x) − 1)/(e^(2x) + 1), with a relative error of at most 4 units of rounding.
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    let size = x.abs();
    // Written so that NaN stays.
    let size = if size > SATURATION { SATURATION } else { size };
    let grown = exp_minus_one(2.0 * size);
    (grown / (grown + 2.0)).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spaced in x, and in its logarithm down to where both functions are linear.
    fn points() -> impl Iterator<Item = f64> {
        let even = (-20_000..=20_000).map(|i| f64::from(i) * 1.1e-3);
        let small = (0..1000).map(|i| libm::pow(10.0, -f64::from(i) * 0.05));
        even.chain(small.clone()).chain(small.map(|x| -x))
    }

    /// The library is right to one unit of rounding, so that five must suffice.
    #[test]
    fn they_are_the_library_s_to_the_last_digits() {
        for x in points() {
            let tolerance = |expected: f64| 5.0 * f64::EPSILON * expected.abs();
            let (found, expected) = (tanh(x), libm::tanh(x));
            assert!((found - expected).abs() <= tolerance(expected), "tanh {x:e}: {found:e}, not {expected:e}");
            let (found, expected) = (exp_minus_one(x), libm::expm1(x));
            assert!((found - expected).abs() <= tolerance(expected), "expm1 {x:e}: {found:e}, not {expected:e}");
        }
    }

    #[test]
    fn the_ends_and_what_is_no_number_are_answered() {
        assert_eq!((tanh(f64::INFINITY), tanh(-1e300), tanh(25.0)), (1.0, -1.0, 1.0));
        assert_eq!(tanh(-0.0).to_bits(), (-0.0_f64).to_bits());
        assert!(tanh(f64::NAN).is_nan() && exp_minus_one(f64::NAN).is_nan());
        assert!((exp_minus_one(700.0) / libm::exp(700.0) - 1.0).abs() < 1e-15);
        assert_eq!(exp_minus_one(-700.0), -1.0);
    }
}
