//! Axes: the map from values to pixels, and ticks at round numbers.

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

/// A tick: its value and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// What is written there; empty for a tick that is only a line.
    pub label: String,
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

    /// Where `value` lies: 0 at `lo`, 1 at `hi`, outside of [0, 1] beyond. On a logarithmic axis what is not positive lies at −∞.
    pub fn fraction(&self, value: f64) -> f64 {
        match self.spacing {
            Spacing::Linear => (value - self.lo) / (self.hi - self.lo),
            _ if value <= 0.0 => f64::NEG_INFINITY,
            _ => libm::log(value / self.lo) / libm::log(self.hi / self.lo),
        }
    }

    /// The value at a fraction of the axis.
    pub fn value(&self, fraction: f64) -> f64 {
        match self.spacing {
            Spacing::Linear => self.lo + fraction * (self.hi - self.lo),
            _ => self.lo * libm::pow(self.hi / self.lo, fraction),
        }
    }

    /// Ticks at round numbers, about `wanted` of them and never more than twice as many.
    pub fn ticks(&self, wanted: usize) -> Vec<Tick> {
        match self.spacing {
            Spacing::Linear => linear_ticks(self.lo, self.hi, wanted),
            Spacing::Log10 => log10_ticks(self.lo, self.hi, wanted),
            Spacing::Log2 => log2_ticks(self.lo, self.hi, wanted),
        }
    }
}

/// The least of 1, 2, 2.5, 5 times a power of ten that is not below `value`.
fn round_up(value: f64) -> f64 {
    let power = libm::pow(10.0, value.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|round| *round >= value * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// A bound for an axis, not below `value` and seldom changing while `value` grows.
pub fn round_bound(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    let power = libm::pow(10.0, value.log10().floor());
    [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|round| *round >= value * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

fn linear_ticks(lo: f64, hi: f64, wanted: usize) -> Vec<Tick> {
    let span = hi - lo;
    if !(span.is_finite() && span > 0.0) {
        return vec![Tick { value: lo, label: short(lo) }];
    }
    let step = round_up(span / wanted.max(1) as f64);
    let first = (lo / step - 1e-9).ceil() as i64;
    let last = (hi / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).map(|value| Tick { value, label: short(value) }).collect()
}

fn log10_ticks(lo: f64, hi: f64, wanted: usize) -> Vec<Tick> {
    let first = (lo.log10() - 1e-9).ceil() as i32;
    let last = (hi.log10() + 1e-9).floor() as i32;
    let decades = last - first + 1;
    if decades < 3 {
        // Too short for whole decades alone: 1, 2 and 5 of each.
        let fine: Vec<Tick> = (first - 1..=last)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * 10_f64.powi(power)))
            .filter(|value| (lo * (1.0 - 1e-9)..=hi * (1.0 + 1e-9)).contains(value))
            .map(|value| Tick { value, label: short(value) })
            .collect();
        return if fine.len() >= 2 { fine } else { linear_ticks(lo, hi, wanted) };
    }
    let stride = (decades as usize).div_ceil(wanted.max(1)) as i32;
    (first..=last)
        .filter(|power| power.rem_euclid(stride) == 0)
        .map(|power| Tick { value: 10_f64.powi(power), label: power_of_ten(power) })
        .collect()
}

fn log2_ticks(lo: f64, hi: f64, wanted: usize) -> Vec<Tick> {
    let first = (lo.log2() - 1e-9).ceil() as i32;
    let last = (hi.log2() + 1e-9).floor() as i32;
    let stride = ((last - first + 1).max(1) as usize).div_ceil(wanted.max(1)) as i32;
    // 2 itself is always among them: it is the threshold.
    (first..=last)
        .filter(|power| (power - 1).rem_euclid(stride) == 0)
        .map(|power| 2_f64.powi(power))
        .map(|value| Tick { value, label: short(value) })
        .collect()
}

fn power_of_ten(power: i32) -> String {
    match power {
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        _ => format!("10{}", superscript(power)),
    }
}

fn superscript(number: i32) -> String {
    number
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            digit => char::from_u32('⁰' as u32 + digit.to_digit(10).unwrap_or(0)).unwrap_or(digit),
        })
        .collect()
}

/// A round number in few characters: 0.25, 12, 1.5 k, 2 M, 10⁻⁷.
pub fn short(value: f64) -> String {
    let size = value.abs();
    let trimmed = |value: f64, digits: usize| {
        let text = format!("{value:.digits$}");
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        text.replace('-', "−")
    };
    if size == 0.0 || size < 1e-300 {
        "0".to_owned()
    } else if !(1e-3..1e9).contains(&size) {
        let power = (size.log10() + 1e-9).floor() as i32;
        let mantissa = value / 10_f64.powi(power);
        match trimmed(mantissa, 2).as_str() {
            "1" => power_of_ten(power),
            mantissa => format!("{mantissa}·10{}", superscript(power)),
        }
    } else if size >= 1e6 {
        format!("{} M", trimmed(value / 1e6, 2))
    } else if size >= 1e4 {
        format!("{} k", trimmed(value / 1e3, 2))
    } else {
        trimmed(value, if size >= 100.0 { 1 } else { 4 })
    }
}

/// `value` rounded to so many significant digits.
pub fn round_to(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    format!("{value:.*e}", (digits - 1).max(0) as usize).parse().unwrap_or(value)
}

/// A number with four significant digits, as the readouts show it.
pub fn significant(value: f64) -> String {
    if value.is_nan() {
        return "—".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e5).contains(&size) {
        let power = size.log10().floor() as i32;
        let mantissa = value / 10_f64.powi(power);
        return format!("{}·10{}", format!("{mantissa:.2}").replace('-', "−"), superscript(power));
    }
    let before = if size < 1.0 { 0 } else { size.log10().floor() as usize + 1 };
    let digits = if size < 1.0 { 4 } else { 4_usize.saturating_sub(before) };
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, wanted: usize) -> Vec<String> {
        axis.ticks(wanted).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn values_go_to_pixels_and_back() {
        for axis in [Axis::linear(-3.0, 5.0), Axis::log10(1e-9, 1e3), Axis::log2(0.25, 16.0)] {
            assert_eq!(axis.fraction(axis.lo), 0.0);
            assert!((axis.fraction(axis.hi) - 1.0).abs() < 1e-15);
            for fraction in [0.1, 0.5, 0.93] {
                assert!((axis.fraction(axis.value(fraction)) - fraction).abs() < 1e-12);
            }
        }
        assert_eq!(Axis::log10(1e-3, 1.0).fraction(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(labels(Axis::linear(0.0, 12.0), 6), ["0", "2", "4", "6", "8", "10", "12"]);
        assert_eq!(labels(Axis::linear(0.0, 230.0), 5), ["0", "50", "100", "150", "200"]);
        assert_eq!(labels(Axis::linear(0.0, 1e6), 4), ["0", "250 k", "500 k", "750 k", "1 M"]);
        assert_eq!(labels(Axis::log10(1e-3, 2.0), 6), ["10⁻³", "10⁻²", "10⁻¹", "1"]);
        assert_eq!(labels(Axis::log2(0.4, 9.0), 6), ["0.5", "1", "2", "4", "8"]);
    }

    #[test]
    fn an_axis_within_one_decade_still_has_ticks() {
        assert_eq!(labels(Axis::log10(21.0, 47.0), 5), ["30", "40"]);
        assert_eq!(labels(Axis::log10(0.15, 0.6), 5), ["0.2", "0.5"]);
    }

    #[test]
    fn an_axis_of_forty_decades_has_few_ticks() {
        let ticks = labels(Axis::log10(1e-40, 1.0), 6);
        assert!((4..=8).contains(&ticks.len()), "{ticks:?}");
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(short(0.25), "0.25");
        assert_eq!(short(-1.5), "−1.5");
        assert_eq!(short(25_000.0), "25 k");
        assert_eq!(short(1e-7), "10⁻⁷");
        assert_eq!(significant(5.714_285_7), "5.714");
        assert_eq!(significant(0.5), "0.5");
        assert_eq!(significant(1.234e-7), "1.23·10⁻⁷");
        assert_eq!(significant(f64::NAN), "—");
        assert_eq!(significant(10.69), "10.69");
    }

    #[test]
    fn rounding_keeps_significant_digits() {
        assert_eq!(round_to(0.123_456, 3), 0.123);
        assert_eq!(round_to(-98_765.0, 2), -99_000.0);
        assert_eq!(round_to(0.0, 3), 0.0);
    }

    #[test]
    fn bounds_do_not_flicker_while_a_value_grows() {
        let bounds: Vec<f64> = (0..1000).map(|i| round_bound(1.0 + f64::from(i) * 0.01)).collect();
        let changes = bounds.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes <= 11);
    }
}
