//! Numbers as the page writes them: rounded to a few digits, or exactly, as whole multiples of a
//! power of ten.

/// The number `digits`·10^`power`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// The digits, with the sign.
    pub digits: i64,
    /// The power of ten that they count.
    pub power: i32,
}

impl Decimal {
    /// `value` rounded to `count` significant digits, at most 17; 0 for what is not finite.
    pub fn rounded(value: f64, count: usize) -> Self {
        let text = format!("{value:.*e}", count.clamp(1, 17) - 1);
        let read = || {
            let (digits, power) = text.split_once('e')?;
            let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
            let digits = digits.replace('.', "").parse().ok()?;
            Some(Self { digits, power: power.parse::<i32>().ok()? - places as i32 })
        };
        read().map_or(Self { digits: 0, power: 0 }, Self::trimmed)
    }

    /// The same number without zeros at the end of its digits.
    pub fn trimmed(self) -> Self {
        let Self { mut digits, mut power } = self;
        if digits == 0 {
            return Self { digits: 0, power: 0 };
        }
        while digits % 10 == 0 {
            digits /= 10;
            power += 1;
        }
        Self { digits, power }
    }

    /// The nearest double.
    pub fn value(self) -> f64 {
        format!("{}e{}", self.digits, self.power).parse().unwrap_or(f64::NAN)
    }

    /// The power of ten of the leading digit.
    pub fn exponent(self) -> i32 {
        self.digits.unsigned_abs().checked_ilog10().map_or(0, |places| places as i32) + self.power
    }

    /// All digits, without a power of ten: 0.25, −1500.
    pub fn plain(self) -> String {
        let Self { digits, power } = self.trimmed();
        let mut text = digits.unsigned_abs().to_string();
        if power >= 0 {
            text.extend(std::iter::repeat_n('0', power as usize));
        } else {
            let places = power.unsigned_abs() as usize;
            if text.len() <= places {
                text.insert_str(0, &"0".repeat(places + 1 - text.len()));
            }
            text.insert(text.len() - places, '.');
        }
        if digits < 0 { format!("−{text}") } else { text }
    }

    /// With a power of ten: 2.5·10⁻⁷, 10⁶.
    pub fn scientific(self) -> String {
        let exponent = self.exponent();
        let mantissa = Self { power: self.power - exponent, ..self };
        match mantissa.trimmed() {
            Self { digits: 1, .. } => power_of_ten(exponent),
            Self { digits: -1, .. } => format!("−{}", power_of_ten(exponent)),
            mantissa => format!("{}·10{}", mantissa.plain(), superscript(exponent)),
        }
    }

    /// All its digits in few characters: 0.25, 12, 1.5 k, 2 M, 10⁻⁷. Different numbers are written
    /// differently.
    pub fn short(self) -> String {
        let of = |thousands: i32| Self { power: self.power - 3 * thousands, ..self }.plain();
        match self.exponent() {
            _ if self.digits == 0 => "0".to_owned(),
            -3..=3 => of(0),
            4 | 5 => format!("{} k", of(1)),
            6..=8 => format!("{} M", of(2)),
            _ => self.scientific(),
        }
    }
}

/// 10 to a power: 1, 10, 10⁻⁷.
pub fn power_of_ten(power: i32) -> String {
    match power {
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        _ => format!("10{}", superscript(power)),
    }
}

/// A whole number in raised digits.
pub fn superscript(number: i32) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raise = |c: char| c.to_digit(10).map_or('⁻', |digit| RAISED[digit as usize]);
    number.to_string().chars().map(raise).collect()
}

/// A number with four significant digits in few characters: 0.25, 12, 1.5 k, 2 M, 10⁻⁷.
pub fn short(value: f64) -> String {
    Decimal::rounded(value, 4).short()
}

/// `value` rounded to so many significant digits.
pub fn round_to(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    Decimal::rounded(value, digits.max(1) as usize).value()
}

/// A number as the readouts show it: with four significant digits, or three beside a power of ten.
pub fn significant(value: f64) -> String {
    if value.is_nan() {
        return "—".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    match Decimal::rounded(value, 4).exponent() {
        // A whole number of five digits is written whole.
        exponent @ -3..=4 => Decimal::rounded(value, 4.max(exponent + 1) as usize).plain(),
        _ => Decimal::rounded(value, 3).scientific(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(short(0.25), "0.25");
        assert_eq!(short(-1.5), "−1.5");
        assert_eq!(short(25_000.0), "25 k");
        assert_eq!(short(3e6), "3 M");
        assert_eq!(short(1e-7), "10⁻⁷");
        assert_eq!(short(0.0), "0");
        assert_eq!(significant(5.714_285_7), "5.714");
        assert_eq!(significant(0.5), "0.5");
        assert_eq!(significant(0.001_234_56), "0.001235");
        assert_eq!(significant(12_345.4), "12345");
        assert_eq!(significant(1.234e-7), "1.23·10⁻⁷");
        assert_eq!(significant(9.9999e-4), "0.001");
        assert_eq!(significant(99_999.9), "10⁵");
        assert_eq!(significant(f64::NAN), "—");
        assert_eq!(significant(10.69), "10.69");
        assert_eq!(significant(-0.0), "0");
    }

    /// From the least subnormal to the greatest double: no wall of digits, no 0 for what is not 0.
    #[test]
    fn numbers_of_every_size_are_short() {
        for power in -323..=308 {
            for factor in [1.0, 2.5, -9.999_96] {
                let value = factor * format!("1e{power}").parse::<f64>().unwrap_or(f64::NAN);
                if !value.is_finite() {
                    continue;
                }
                for text in [short(value), significant(value)] {
                    assert!(text.chars().count() <= 13, "{value:e} is written {text}");
                    assert!(text != "0" && text != "−0" && !text.contains("inf"), "{value:e} is written {text}");
                }
            }
        }
        // The exact value of the least double is 4.94…·10⁻³²⁴.
        assert_eq!(significant(5e-324), "4.94·10⁻³²⁴");
        assert_eq!(significant(f64::MAX), "1.8·10³⁰⁸");
    }

    #[test]
    fn rounding_keeps_significant_digits() {
        assert_eq!(round_to(0.123_456, 3), 0.123);
        assert_eq!(round_to(-98_765.0, 2), -99_000.0);
        assert_eq!(round_to(0.0, 3), 0.0);
    }
}
