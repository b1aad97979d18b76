//! Numbers as people type them, for every field of the page: read as they are meant, or refused
//! with the cure, never misread.
//!
//! A number is written with a point. One comma is a decimal comma, unless it could as well part
//! thousands: `1,234` is refused. Thousands may be parted by spaces, apostrophes or underscores.
//! One division or power of two numbers is worked out (`1/3`, `2^-3`), and what the page itself
//! writes is read back (`2.5·10⁻⁷`).

/// The number that `text` says, or what is wrong with it.
pub fn number(text: &str) -> Result<f64, String> {
    let typed = text.trim();
    if typed.is_empty() {
        return Err("Expected a number such as 0.3; the field is empty.".to_owned());
    }
    let tidy = tidy(typed);
    let operator = tidy.char_indices().skip(1).find(|(_, c)| matches!(c, '/' | '^'));
    let value = match operator {
        Some((at, operator)) => {
            let (a, b) = (plain(tidy[..at].trim(), typed)?, plain(tidy[at + 1..].trim(), typed)?);
            if operator == '/' { a / b } else { libm::pow(a, b) }
        }
        None => plain(&tidy, typed)?,
    };
    if value.is_finite() { Ok(value) } else { Err(format!("Expected a finite number; got “{typed}”.")) }
}

/// The whole number that `text` says: a point before three zeros may have been meant to part
/// thousands.
pub fn whole_number(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    match text.trim().split_once('.') {
        Some((before, "000")) => Err(two_ways(text.trim(), &format!("{before}000"), before)),
        _ => Ok(value),
    }
}

/// The numbers that `text` lists, separated by semicolons, or, where none is typed, by spaces or
/// commas with a space.
pub fn list(text: &str) -> Result<Vec<f64>, String> {
    if text.contains(';') {
        return text.split(';').filter(|part| !part.trim().is_empty()).map(number).collect();
    }
    let typed = text.trim();
    let parts: Vec<&str> =
        typed.split_whitespace().map(|part| part.trim_end_matches(',')).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && !typed.contains(',') && without_groups(&tidy(typed)).is_some() {
        return Err(two_ways(typed, &parts.concat(), &parts.join("; ")));
    }
    if let Some(part) = parts.iter().find(|part| part.contains(',')) {
        let (several, one) = (part.replace(',', "; "), part.replacen(',', ".", 1));
        return Err(if part.matches(',').count() == 1 {
            two_ways(part, &several, &format!("{one};"))
        } else {
            format!("Separate numbers by semicolons, such as {several}; got “{part}”.")
        });
    }
    parts.into_iter().map(number).collect()
}

fn two_ways(typed: &str, one: &str, other: &str) -> String {
    format!("“{typed}” can be read in two ways: write {one} or {other}.")
}

fn not_a_number(typed: &str) -> String {
    format!("Expected a number such as 0.3 or 1e-3; got “{typed}”.")
}

/// The text with plain minus signs and spaces, and powers of ten in raised digits as exponents.
fn tidy(typed: &str) -> String {
    let mut text: String = typed
        .chars()
        .map(|c| match c {
            '−' | '–' => '-',
            '’' => '\'',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let raised = |c: char| "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|known| known == c);
    if let Some((at, _)) = text.char_indices().find(|(_, c)| raised(*c).is_some())
        && let Some(mantissa) = text[..at].strip_suffix("10")
    {
        let digit = |c: char| raised(c).map(|place| if place == 0 { '-' } else { (b'0' + place as u8 - 1) as char });
        let exponent: Option<String> = text[at..].chars().map(digit).collect();
        let mantissa = mantissa.trim_end_matches([' ', '·', '×', '*']);
        if let Some(exponent) = exponent {
            text = match mantissa {
                "" => format!("1e{exponent}"),
                "-" => format!("-1e{exponent}"),
                mantissa => format!("{mantissa}e{exponent}"),
            };
        }
    }
    text
}

/// Reads a number without operators; `typed` is what messages quote.
fn plain(text: &str, typed: &str) -> Result<f64, String> {
    let wrong = || Err(not_a_number(typed));
    let bare = text.trim_start_matches(['-', '+']);
    if ["nan", "inf", "infinity", "∞"].contains(&bare.to_ascii_lowercase().as_str()) {
        return Err(format!("Expected a finite number; got “{typed}”."));
    }
    let (sign, bare) = match text.len() - bare.len() {
        0 => ("", bare),
        1 if text.starts_with('-') => ("-", bare),
        1 => ("", bare),
        _ => return wrong(),
    };
    let (mantissa, exponent) = bare.split_once(['e', 'E']).unwrap_or((bare, "0"));
    let is_written = mantissa.chars().all(|c| c.is_ascii_digit() || ".,' _".contains(c))
        && mantissa.contains(|c: char| c.is_ascii_digit());
    if !is_written || exponent.parse::<i64>().is_err() {
        return wrong();
    }
    let (commas, points) = (mantissa.matches(',').count(), mantissa.matches('.').count());
    let point = match (commas, points) {
        (0, 0 | 1) => mantissa.to_owned(),
        (1, 0) => {
            let (before, after) = mantissa.split_once(',').unwrap_or_default();
            let parts_thousands = after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
            if parts_thousands {
                let end = &bare[mantissa.len()..];
                return Err(two_ways(
                    typed,
                    &format!("{sign}{before}{after}{end}"),
                    &format!("{sign}{before}.{after}{end}"),
                ));
            }
            mantissa.replace(',', ".")
        }
        _ => {
            // Thousands parted by commas or points: one reading at the most, which is named.
            let (parting, decimal) = if mantissa.rfind(',') > mantissa.rfind('.') { ('.', ',') } else { (',', '.') };
            let (parting, decimal) = if commas == 0 || points == 0 { (decimal, '\0') } else { (parting, decimal) };
            let (whole, places) = mantissa.split_once(decimal).unwrap_or((mantissa, ""));
            return match without_groups(&whole.replace(parting, " ")) {
                Some(digits) if places.chars().all(|c| c.is_ascii_digit()) => {
                    let cure = if places.is_empty() { digits } else { format!("{digits}.{places}") };
                    Err(format!(
                        "Numbers are written with a point and without separators of thousands: write {sign}{cure}; got “{typed}”."
                    ))
                }
                _ => wrong(),
            };
        }
    };
    let (whole, places) = point.split_once('.').unwrap_or((&point, ""));
    let whole = if whole.chars().all(|c| c.is_ascii_digit()) { Some(whole.to_owned()) } else { without_groups(whole) };
    let Some(whole) = whole.filter(|_| places.chars().all(|c| c.is_ascii_digit())) else { return wrong() };
    let Ok(value) = format!("{sign}{whole}.{places}e{exponent}").parse::<f64>() else { return wrong() };
    if value == 0.0 && (whole + places).contains(|c| c != '0') {
        return Err(format!("“{typed}” is too small: the least number is 5e-324. Write 0."));
    }
    Ok(value)
}

/// The digits of a whole number whose thousands are parted, all by the same sign.
fn without_groups(text: &str) -> Option<String> {
    let parting = text.chars().find(|c| !c.is_ascii_digit())?;
    let groups: Vec<&str> = text.split(parting).collect();
    let is_group = |(place, group): (usize, &&str)| {
        let fits = if place == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        fits && group.chars().all(|c| c.is_ascii_digit())
    };
    groups.iter().enumerate().all(is_group).then(|| groups.concat())
}

/// A number as a field shows it: short, and read back as the same number.
pub fn written(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) { format!("{value:e}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_as_the_same_number() {
        for value in [0.3, -2.5, 1e-12, 1e12, 0.1 + 0.2, 500.0, 0.0, 5e-324, f64::MAX, -1e-300] {
            assert_eq!(number(&written(value)), Ok(value));
            assert!(written(value).len() < 25);
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_meant() {
        for (text, value) in [
            (" 0,25 ", 0.25),
            (",5", 0.5),
            ("0,125", 0.125),
            ("12,34", 12.34),
            ("1234,567", 1234.567),
            ("1,5e-3", 1.5e-3),
            ("−3", -3.0),
            ("+3", 3.0),
            (".5", 0.5),
            ("3.", 3.0),
            ("1.234", 1.234),
            ("10 000", 10_000.0),
            ("1\u{202f}287", 1287.0),
            ("1_000", 1000.0),
            ("10'000", 10_000.0),
            ("10’000,5", 10_000.5),
            ("1/3", 1.0 / 3.0),
            ("2^-3", 0.125),
            ("-1 / 4", -0.25),
            ("2.5·10⁻⁷", 2.5e-7),
            ("−10⁶", -1e6),
        ] {
            assert_eq!(number(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_could_be_misread_is_refused_with_the_cure() {
        for (text, cure) in [
            ("1,234", "write 1234 or 1.234"),
            ("-10,000", "write -10000 or -10.000"),
            ("1,234,567", "write 1234567"),
            ("1,234.5", "write 1234.5"),
            ("1.234,5", "write 1234.5"),
            ("1.234.567", "write 1234567"),
            ("1e-400", "Write 0"),
            ("1e999", "Expected a finite number"),
            ("-inf", "Expected a finite number"),
            ("1/0", "Expected a finite number"),
        ] {
            let error = number(text).expect_err(text);
            assert!(error.contains(cure), "{text}: {error}");
        }
        for nonsense in [
            "abc",
            "",
            "NaN",
            "0x10",
            "1 2",
            "1,2,3",
            "1..2",
            "--1",
            "1e1.5",
            "e5",
            "1_00",
            "1'000_000",
            "/3",
            "2^",
            "0,4x",
        ] {
            assert!(number(nonsense).is_err(), "{nonsense}: {:?}", number(nonsense));
        }
    }

    #[test]
    fn a_whole_number_with_three_zeros_after_a_point_may_be_thousands() {
        assert!(whole_number("10.000").expect_err("thousands").contains("write 10000 or 10"));
        assert_eq!(whole_number("10000.0"), Ok(10_000.0));
        assert_eq!(whole_number("500"), Ok(500.0));
    }

    #[test]
    fn lists_are_read_with_semicolons_spaces_and_commas_between() {
        assert_eq!(list("1; 0.5, −2"), Err(not_a_number("0.5, −2")));
        assert_eq!(list("1, 0.5, −2"), Ok(vec![1.0, 0.5, -2.0]));
        assert_eq!(list("1 0.5 −2"), Ok(vec![1.0, 0.5, -2.0]));
        assert_eq!(list("0,5; 10 000;"), Ok(vec![0.5, 10_000.0]));
        for (text, cure) in [
            ("0,5", "write 0; 5 or 0.5;"),
            ("1,2,3", "semicolons, such as 1; 2; 3"),
            ("10 000", "write 10000 or 10; 000"),
            ("1; two", "“two”"),
            ("1; NaN", "“NaN”"),
            ("1; 1,234", "write 1234 or 1.234"),
        ] {
            let error = list(text).expect_err(text);
            assert!(error.contains(cure), "{text}: {error}");
        }
    }
}
