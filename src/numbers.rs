//! Numbers as tables and sentences write them.

/// Digits that a number has where nothing else is asked for.
pub const DIGITS: usize = 4;

/// What stands for a number that does not exist.
const NOTHING: &str = "–";

const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A whole number with thin spaces between thousands.
pub fn group(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// So many significant digits, without zeros at the end.
pub fn significant(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return NOTHING.to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    if value == 0.0 {
        return "0".to_owned();
    }
    if (1e-3..1e6).contains(&value.abs()) {
        return plain(&scientific);
    }
    let raised: String =
        exponent.chars().map(|c| c.to_digit(10).map_or('⁻', |digit| SUPERSCRIPTS[digit as usize])).collect();
    match plain(mantissa).as_str() {
        "1" => format!("10{raised}"),
        mantissa => format!("{mantissa}·10{raised}"),
    }
}

/// A decimal as short as it can be, with a true minus.
fn plain(decimal: &str) -> String {
    decimal.parse::<f64>().map_or_else(|_| decimal.to_owned(), |number| number.to_string()).replace('-', "−")
}

/// A number of steps or calls, with thin spaces between groups of three; one that is not whole has
/// two decimals.
pub fn whole(value: f64) -> String {
    if value.is_nan() {
        return NOTHING.to_owned();
    }
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.fract() == 0.0 && rounded >= 0.0 { group(rounded as u64) } else { plain(&rounded.to_string()) }
}

/// A share in percent.
pub fn percent(value: f64) -> String {
    if value.is_nan() { NOTHING.to_owned() } else { format!("{:.1} %", 100.0 * value) }
}

/// A number as machines read it: the shortest text that is the same bits, `inf` for what is
/// infinite, and nothing for what does not exist.
pub fn raw(value: f64) -> String {
    if value.is_nan() {
        String::new()
    } else if value.is_infinite() {
        if value > 0.0 { "inf" } else { "-inf" }.to_owned()
    } else if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(group(500), "500");
        assert_eq!(group(1_000_000), "1\u{202f}000\u{202f}000");
    }

    #[test]
    fn numbers_have_few_digits_and_no_needless_ones() {
        for (value, shown) in [
            (0.0, "0"),
            (0.0648, "0.0648"),
            (-1.5, "−1.5"),
            (123_456.0, "123500"),
            (1e-8, "10⁻⁸"),
            (2.98e-8, "2.98·10⁻⁸"),
            (-3.21e12, "−3.21·10¹²"),
            (999_999.0, "1000000"),
            (f64::NAN, "–"),
            (f64::INFINITY, "∞"),
            (f64::NEG_INFINITY, "−∞"),
        ] {
            assert_eq!(significant(value, DIGITS), shown);
        }
        assert_eq!(significant(2.0 / 3.0, 2), "0.67");
    }

    #[test]
    fn machines_read_every_bit() {
        for (value, text) in [
            (5.0, "5"),
            (-0.25, "-0.25"),
            (1e-8, "1e-8"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, ""),
        ] {
            assert_eq!(raw(value), text);
        }
    }

    #[test]
    fn counts_are_grouped_and_shares_are_percent() {
        assert_eq!(whole(1_234_567.0), "1\u{202f}234\u{202f}567");
        assert_eq!(whole(12.0), "12");
        assert_eq!(whole(2.625), "2.63");
        assert_eq!(whole(f64::NAN), "–");
        assert_eq!(percent(0.123_45), "12.3 %");
        assert_eq!(percent(f64::NAN), "–");
    }
}
