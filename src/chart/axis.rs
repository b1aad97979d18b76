//! Axes: the map from values to pixels, and the choice of ends that hold all values.

use super::decimal::Decimal;
pub use super::decimal::{round_to, short, significant};

/// How values are spread along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// Equal differences are equal lengths.
    Linear,
    /// Equal ratios are equal lengths; ticks at powers of ten.
    Log10,
    /// Equal ratios are equal lengths; ticks at powers of two.
    Log2,
}

/// A closed interval of values laid along a line of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The value at the beginning.
    pub lo: f64,
    /// The value at the end.
    pub hi: f64,
    /// How values are spread in between.
    pub spacing: Spacing,
}

impl Axis {
    /// A linear axis.
    pub fn linear(lo: f64, hi: f64) -> Self {
        Self { lo, hi, spacing: Spacing::Linear }
    }

    /// A logarithmic axis with ticks at powers of ten; both ends must be positive.
    pub fn log10(lo: f64, hi: f64) -> Self {
        Self { lo, hi, spacing: Spacing::Log10 }
    }

    /// A logarithmic axis with ticks at powers of two; both ends must be positive.
    pub fn log2(lo: f64, hi: f64) -> Self {
        Self { lo, hi, spacing: Spacing::Log2 }
    }

    /// A linear axis with round ends that holds all values from `lo` to `hi`. It holds 0 too,
    /// unless the values differ by less than a twentieth of their size: then it shows how they
    /// differ.
    pub fn around(lo: f64, hi: f64) -> Self {
        if !(lo.is_finite() && hi.is_finite() && lo <= hi) {
            return Self::linear(0.0, 1.0);
        }
        let size = lo.abs().max(hi.abs());
        if lo < hi && lo * hi.signum() > 0.0 && hi - lo < size / NARROW {
            let step = step(lo, hi, 4);
            let (first, last) = (index_below(lo, step), -index_below(-hi, step));
            let [lo, hi] = [first, last].map(|index| multiple(step, index).value().clamp(f64::MIN, f64::MAX));
            return Self::linear(lo, hi);
        }
        let above = if hi > 0.0 || lo == 0.0 { round_bound(hi) } else { 0.0 };
        Self::linear(if lo < 0.0 { -round_bound(-lo) } else { 0.0 }, above)
    }

    /// Where `value` lies: 0 at `lo`, 1 at `hi`, outside of [0, 1] beyond. On a logarithmic axis
    /// what is not positive lies at −∞.
    pub fn fraction(&self, value: f64) -> f64 {
        match self.spacing {
            Spacing::Linear if (self.hi - self.lo).is_finite() => (value - self.lo) / (self.hi - self.lo),
            Spacing::Linear => (value / 2.0 - self.lo / 2.0) / (self.hi / 2.0 - self.lo / 2.0),
            _ if value <= 0.0 => f64::NEG_INFINITY,
            _ => log_ratio(value, self.lo) / log_ratio(self.hi, self.lo),
        }
    }

    /// The value at a fraction of the axis.
    pub fn value(&self, fraction: f64) -> f64 {
        match self.spacing {
            Spacing::Linear if (self.hi - self.lo).is_finite() => self.lo + fraction * (self.hi - self.lo),
            Spacing::Linear => self.lo * (1.0 - fraction) + self.hi * fraction,
            _ => libm::exp(libm::log(self.lo) + fraction * log_ratio(self.hi, self.lo)),
        }
    }
}

/// Values that differ by less than this part of their size are shown without 0.
const NARROW: f64 = 20.0;

/// log(a/b), also where a/b is beyond all doubles or has lost digits.
fn log_ratio(a: f64, b: f64) -> f64 {
    let ratio = a / b;
    if ratio.is_normal() && b.is_normal() { libm::log(ratio) } else { libm::log(a) - libm::log(b) }
}

/// The least of 1, 2, 2.5 and 5 times a power of ten that divides the way from `lo` to `hi` into at
/// most `wanted` steps, and that doubles of their size can tell apart.
pub(super) fn step(lo: f64, hi: f64, wanted: usize) -> Decimal {
    let size = lo.abs().max(hi.abs());
    let least = hi / wanted.max(1) as f64 - lo / wanted.max(1) as f64;
    // Below the least normal double, multiples of a step are no longer where they should be.
    round_above(least.max(size - size.next_down()).max(f64::MIN_POSITIVE), &[10, 20, 25, 50])
}

/// The step times `index`.
pub(super) fn multiple(step: Decimal, index: i64) -> Decimal {
    Decimal { digits: step.digits.saturating_mul(index), ..step }
}

/// The index of the greatest multiple of the step that is not above `value`.
pub(super) fn index_below(value: f64, step: Decimal) -> i64 {
    let value = value.clamp(f64::MIN, f64::MAX);
    // The quotient is rounded: it may be one off.
    let mut index = (value / step.value()).floor() as i64;
    while multiple(step, index).value() > value {
        index -= 1;
    }
    while multiple(step, index + 1).value() <= value {
        index += 1;
    }
    index
}

/// The least of these tenths, or of ten times them and so on, times a power of ten, that is not
/// below a positive `value`.
fn round_above(value: f64, tenths: &[i64]) -> Decimal {
    let power = Decimal::rounded(value, 17).exponent() - 1;
    let candidates = [power - 1, power, power + 1];
    let all =
        candidates.into_iter().flat_map(|power| tenths.iter().map(move |digits| Decimal { digits: *digits, power }));
    all.into_iter().find(|round| round.value() >= value).unwrap_or(Decimal { digits: 100, power })
}

/// A bound for an axis, not below `value` and seldom changing while `value` grows.
pub fn round_bound(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    round_above(value, &[10, 12, 15, 20, 25, 30, 40, 50, 60, 80]).value().min(f64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_pixels_and_back() {
        for axis in [
            Axis::linear(-3.0, 5.0),
            Axis::linear(-1.5e308, 1.5e308),
            Axis::log10(1e-9, 1e3),
            Axis::log10(1e-310, 1e300),
            Axis::log2(0.25, 16.0),
        ] {
            assert_eq!(axis.fraction(axis.lo), 0.0);
            assert!((axis.fraction(axis.hi) - 1.0).abs() < 1e-15);
            for fraction in [0.1, 0.5, 0.93] {
                assert!((axis.fraction(axis.value(fraction)) - fraction).abs() < 1e-12, "{axis:?} {fraction}");
            }
        }
        assert_eq!(Axis::log10(1e-3, 1.0).fraction(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn bounds_do_not_flicker_while_a_value_grows() {
        let bounds: Vec<f64> = (0..1000).map(|i| round_bound(1.0 + f64::from(i) * 0.01)).collect();
        let changes = bounds.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes <= 11);
    }

    #[test]
    fn a_bound_is_round_and_never_below() {
        for (value, bound) in [(3.0, 3.0), (0.3, 0.3), (1e13 + 1.0, 1.2e13), (1.1e-300, 1.2e-300), (5e-324, 5e-324)] {
            assert_eq!(round_bound(value), bound);
        }
        assert_eq!(round_bound(1.7e308), f64::MAX);
        assert_eq!(round_bound(0.0), 1.0);
    }

    #[test]
    fn values_that_hardly_differ_are_seen_to_move() {
        for (lo, hi) in [(2.700_000_059, 2.700_000_061), (1e8, 1e8_f64.next_up()), (1e13, 1e13 + 1.0), (-7.1, -7.0)] {
            let axis = Axis::around(lo, hi);
            let moves = axis.fraction(hi) - axis.fraction(lo);
            // Ends are a step or two beyond, of at least three steps in all; doubles next to each
            // other are two steps at the most.
            assert!(moves > 0.3, "{lo} to {hi} take {moves} of {axis:?}");
        }
        // What differs by much is shown from 0 on.
        assert_eq!(Axis::around(3.0, 12.0), Axis::linear(0.0, 12.0));
        assert_eq!(Axis::around(-3.0, 4.5), Axis::linear(-3.0, 5.0));
        assert_eq!(Axis::around(-4.5, -1.0), Axis::linear(-5.0, 0.0));
        assert_eq!(Axis::around(0.0, 0.0), Axis::linear(0.0, 1.0));
        assert_eq!(Axis::around(7.0, 7.0), Axis::linear(0.0, 8.0));
        assert_eq!(Axis::around(-7.0, -7.0), Axis::linear(-8.0, 0.0));
        assert_eq!(Axis::around(f64::INFINITY, f64::NEG_INFINITY), Axis::linear(0.0, 1.0));
    }
}
