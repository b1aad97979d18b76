//! Numbers in sentences and labels: few digits, an exponent where zeros would say nothing, never `-0`.
//!
//! | function | for | digits | fixed notation |
//! |---|---|---|---|
//! | [`rounded`] | what was measured | at most 5 | 0.0001 up to 99999 |
//! | [`given`] | what somebody set | at most 8 | 0.00001 up to 99999999 |
//! | [`exact`] | what is quoted | as many as read back as the same bits | 0.00001 up to 16 digits |
//!
//! Documents, tables and links hold numbers in their shortest exact form by other ways; this is what people read.

use std::fmt::{self, Write as _};
use std::ops::RangeInclusive;

/// A number that formats as sentences show it, without allocating: `0.5`, `2.0513e-7`, `∞`, `−∞`, `NaN`.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    value: f64,

    /// The most significant digits; as many as the number needs where there is none.
    digits: Option<usize>,

    /// The lowest and the highest power of ten of a first digit in fixed notation.
    lowest: i32,
    highest: i32,
}

impl Written {
    const fn new(value: f64, digits: Option<usize>, fixed: RangeInclusive<i32>) -> Self {
        Self { value, digits, lowest: *fixed.start(), highest: *fixed.end() }
    }
}

/// A measured number: at most five significant digits.
#[must_use]
pub const fn rounded(value: f64) -> Written {
    Written::new(value, Some(5), -4..=4)
}

/// A number that somebody set, such as a step size in a run's name: at most eight significant
/// digits, which tell 1.99999 from 2.
#[must_use]
pub const fn given(value: f64) -> Written {
    Written::new(value, Some(8), -5..=7)
}

/// A number that is quoted: the shortest form that reads back as the same bits, the sign of zero apart.
#[must_use]
pub const fn exact(value: f64) -> Written {
    Written::new(value, None, -5..=15)
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value;
        if value.is_nan() {
            return f.write_str("NaN");
        } else if value.is_infinite() {
            return f.write_str(if value > 0.0 { "∞" } else { "−∞" });
        } else if value == 0.0 {
            return f.write_str("0");
        }
        // The shortest form first: subnormal numbers have fewer digits than rounding would show.
        let mut scientific = Scratch::default();
        write!(scientific, "{:e}", value.abs())?;
        let count = scientific.text().bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
        if let Some(digits) = self.digits.filter(|digits| count > *digits) {
            scientific.length = 0;
            write!(scientific, "{:.*e}", digits - 1, value.abs())?;
        }
        let (mantissa, exponent) = scientific.text().split_once('e').ok_or(fmt::Error)?;
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        let (first, rest) = mantissa.split_at(1);
        let rest = rest.trim_start_matches('.').trim_end_matches('0');
        if value < 0.0 {
            f.write_char('-')?;
        }
        // Digits before the point, besides the first.
        let before = exponent.clamp(0, rest.len() as i32) as usize;
        if !(self.lowest..=self.highest).contains(&exponent) {
            let point = if rest.is_empty() { "" } else { "." };
            write!(f, "{first}{point}{rest}e{exponent}")
        } else if exponent < 0 {
            write!(f, "0.{:0<1$}{first}{rest}", "", (-exponent - 1) as usize)
        } else if rest.len() > before {
            write!(f, "{first}{}.{}", &rest[..before], &rest[before..])
        } else {
            write!(f, "{first}{rest:0<0$}", exponent as usize)
        }
    }
}

/// Room for a number of seventeen digits with point and exponent.
#[derive(Default)]
struct Scratch {
    bytes: [u8; 32],
    length: usize,
}

impl Scratch {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl fmt::Write for Scratch {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn all(values: &[f64], write: fn(f64) -> Written) -> Vec<String> {
        values.iter().map(|value| write(*value).to_string()).collect()
    }

    #[test]
    fn measured_numbers_have_five_digits_and_an_exponent_beyond() {
        let (values, texts): (Vec<f64>, Vec<&str>) = [
            (0.5, "0.5"),
            (-0.0, "0"),
            (2.0, "2"),
            (-12.0, "-12"),
            (1.0 / 3.0, "0.33333"),
            (2.05126491, "2.0513"),
            (99_999.4, "99999"),
            (99_999.6, "1e5"),
            (0.0001, "0.0001"),
            (0.000_123_456, "0.00012346"),
            (0.000_099_999_6, "0.0001"),
            (0.000_099, "9.9e-5"),
            (1_000.0, "1000"),
            (1e-300, "1e-300"),
            (7.529_842_725_926e125, "7.5298e125"),
            (-5e-324, "-5e-324"),
            (f64::MAX, "1.7977e308"),
            (f64::INFINITY, "∞"),
            (f64::NEG_INFINITY, "−∞"),
            (f64::NAN, "NaN"),
        ]
        .into_iter()
        .unzip();
        assert_eq!(all(&values, rounded), texts);
    }

    #[test]
    fn what_is_given_or_quoted_keeps_more() {
        assert_eq!(
            all(&[1.99999, 0.3, 5e-324, 1.0 / 3.0, 1e7, 1e8, 1e-5], given),
            ["1.99999", "0.3", "5e-324", "0.33333333", "10000000", "1e8", "0.00001"]
        );
        assert_eq!(
            all(&[9_007_199_254_740_991.0, 0.1 + 0.2, 1e150, 123_456_789_012_345_680.0, -0.0], exact),
            ["9007199254740991", "0.30000000000000004", "1e150", "1.2345678901234568e17", "0"]
        );
    }

    /// Any bits: what is written reads back within half a unit of the last digit, 5e-5 relative for five digits, and as
    /// the same number where it is quoted. No trailing zeros behind a point, and never a wall of digits.
    #[test]
    fn every_number_reads_back() {
        let mut random = Random::new(1);
        let mut bits = || (random.uniform() * 2f64.powi(32)) as u64;
        for _ in 0..200_000 {
            let value = f64::from_bits(bits() << 32 | bits());
            if !value.is_finite() || value == 0.0 {
                continue;
            }
            for (write, error, longest) in
                [(rounded as fn(f64) -> Written, 5e-5, 12), (given, 5e-8, 15), (exact, 0.0, 24)]
            {
                let text = write(value).to_string();
                let read: f64 = text.parse().unwrap();
                assert!((read - value).abs() <= error * value.abs(), "{value:e}: {text}");
                assert!(text.len() <= longest, "{value:e}: {text}");
                let mantissa = text.split('e').next().unwrap();
                assert!(!mantissa.contains('.') || !mantissa.ends_with(['0', '.']), "{text}");
            }
        }
        for value in [1e-5, 1e-4, 0.1, 1.0, 10.0, 12_345.0, 1e5, 1e8, 1e15, 1e16] {
            for write in [rounded, given, exact] {
                assert_eq!(write(value).to_string().parse::<f64>().unwrap(), value);
            }
        }
    }
}
