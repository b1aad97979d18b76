//! Numbers as people read and write them.
//!
//! In sentences and labels they have few digits, an exponent where zeros would say nothing, and
//! never the sign of a zero:
//!
//! | function | for | digits | fixed notation |
//! |---|---|---|---|
//! | [`rounded`] | what was measured | at most 5 | 0.0001 up to 99999 |
//! | [`given`] | what somebody set | at most 8 | 0.00001 up to 99999999 |
//! | [`exact`] | what is quoted | as many as read back as the same bits | 0.00001 up to 16 digits |
//!
//! Documents, tables and links hold numbers in their shortest exact form, not by way of this
//! module. [`read`] reads what people type, and says what to write in place of a decimal comma.

use std::fmt::{self, Write as _};
use std::ops::RangeInclusive;

/// A number that formats as sentences show it, without allocating: `0.5`, `2.0513e-7`, `∞`, `NaN`.
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

/// A number that is quoted: the shortest form that reads back as the same bits, the sign of zero
/// apart.
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

/// Reads a number such as `0.5`, `-2` or `1e-3`, with spaces around it.
///
/// # Errors
///
/// What to write instead, as a sentence without its end.
pub fn read(text: &str) -> Result<f64, String> {
    let text = text.trim();
    text.parse().map_err(|_| cure(text).unwrap_or_else(|| "numbers are written as 0.5, -2 or 1e-3".to_owned()))
}

/// Reads a whole number of at least 0, also as `1e4`.
///
/// # Errors
///
/// As [`read`].
pub fn read_whole(text: &str) -> Result<u64, String> {
    let number = match text.trim().parse() {
        Ok(whole) => return Ok(whole),
        Err(_) => read(text)?,
    };
    // Up to here every whole number is a double.
    let is_whole = number.fract() == 0.0 && (0.0..=(1_u64 << 53) as f64).contains(&number);
    if is_whole { Ok(number as u64) } else { Err("write a whole number such as 10000".to_owned()) }
}

/// How a number with a decimal comma or with separators of thousands is written; None for what is
/// no such number.
#[must_use]
pub fn cure(text: &str) -> Option<String> {
    let text = text.trim().replace('−', "-");
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    if is_number(&text) {
        return Some(format!("numbers are written with a plain minus: {text}"));
    }
    if text.contains(|c: char| c.is_whitespace() || "'’_".contains(c)) {
        let joined: String = text.chars().filter(|c| !c.is_whitespace() && !"'’_".contains(*c)).collect();
        let number = if joined.contains(',') { joined.replace(',', ".") } else { joined };
        return is_number(&number).then(|| format!("numbers are written without separators: {number}"));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if is_grouped(whole, ',') && !fraction.contains(',') {
        let (joined, pointed) = (text.replace(',', ""), text.replacen(',', ".", 1));
        let is_either = text.matches(',').count() == 1 && fraction.is_empty();
        return is_number(&joined).then(|| match is_either {
            true => format!("numbers are written with a point and without separators: {joined} or {pointed}"),
            false => format!("numbers are written without separators: {joined}"),
        });
    }
    let (whole, fraction) = text.split_once(',')?;
    let whole = if is_grouped(whole, '.') { whole.replace('.', "") } else { whole.to_owned() };
    let number = format!("{whole}.{fraction}");
    is_number(&number).then(|| format!("numbers are written with a point: {number}"))
}

/// Whether a whole number has separators with three digits behind each.
fn is_grouped(number: &str, separator: char) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.trim_start_matches(['-', '+']);
    let Some((first, rest)) = number.split_once(separator) else { return false };
    matches!(first.len(), 1..=3)
        && is_digits(first)
        && !first.starts_with('0')
        && rest.split(separator).all(|group| group.len() == 3 && is_digits(group))
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

    #[test]
    fn numbers_are_read_and_other_spellings_get_their_cure() {
        assert_eq!((read(" -0.5 "), read("1e-3"), read("+2")), (Ok(-0.5), Ok(1e-3), Ok(2.0)));
        assert_eq!((read_whole("10000"), read_whole("1e4"), read_whole("0")), (Ok(10_000), Ok(10_000), Ok(0)));
        for (text, remedy) in [
            ("0,5", "with a point: 0.5"),
            ("-12,25", "with a point: -12.25"),
            ("1,5e-3", "with a point: 1.5e-3"),
            ("0,500", "with a point: 0.500"),
            ("1.234,5", "with a point: 1234.5"),
            ("1.234.567,89", "with a point: 1234567.89"),
            ("10,000", "10000 or 10.000"),
            ("1,234,567", "without separators: 1234567"),
            ("1,234.5", "without separators: 1234.5"),
            ("10 000", "without separators: 10000"),
            ("10\u{202f}000", "without separators: 10000"),
            ("10'000", "without separators: 10000"),
            ("10_000,5", "without separators: 10000.5"),
            ("−2", "a plain minus: -2"),
            ("one", "as 0.5, -2 or 1e-3"),
            ("1,2,3", "as 0.5, -2 or 1e-3"),
            ("", "as 0.5, -2 or 1e-3"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(remedy), "{text}: {error}");
            assert_eq!(read_whole(text), Err(error));
        }
        for text in ["0.5", "-1", "1e300", "inf", "nan"] {
            assert!(read_whole(text).is_err_and(|error| error.contains("whole number")), "{text}");
        }
    }

    /// Any bits: what is written reads back within half a unit of the last digit, 5e-5 relative
    /// for five digits, and as the same number where it is quoted. No trailing zeros behind a
    /// point, and never a wall of digits.
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
