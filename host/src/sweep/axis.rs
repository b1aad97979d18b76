//! A field and the values it takes.
//!
//! ```text
//! runs[0].policy.eta=log:0.01:2:50    50 values from 0.01 to 2, evenly in the logarithm
//! start[0]=lin:-2:2:41                41 values from −2 to 2, evenly
//! objective.a=0.1,0.2,0.5             these values
//! ```

use flatland_engine::number::{exact, read, read_whole};

use super::SweepError;

/// The most values of one field.
pub const MAX_VALUES: usize = 1_000_000;

/// A field's path and its values, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The field's path, such as `runs[0].policy.eta`.
    pub path: String,

    /// Its values, in order.
    pub values: Vec<f64>,

    /// Whether the values were listed one by one.
    pub is_list: bool,
}

impl Axis {
    /// Reads `FIELD=RANGE`.
    ///
    /// # Errors
    ///
    /// If the text is not of this form, or says too many values or none.
    pub fn parse(text: &str) -> Result<Self, SweepError> {
        let Some((path, range)) = text.split_once('=') else {
            return Err(SweepError {
                field: text.to_owned(),
                expected: "FIELD=RANGE".to_owned(),
                found: "no \"=\"".to_owned(),
                remedy: "write for instance runs[0].policy.eta=log:0.01:2:50".to_owned(),
            });
        };
        let path = path.trim();
        let wrong = |expected: &str, found: String, remedy: &str| SweepError {
            field: path.to_owned(),
            expected: expected.to_owned(),
            found,
            remedy: remedy.to_owned(),
        };
        let number = |text: &str| match read(text) {
            Ok(number) if number.is_finite() => Ok(number),
            Ok(_) => Err(wrong("a finite number", format!("\"{text}\""), "give a number such as 0.5")),
            Err(remedy) => Err(wrong("a finite number", format!("\"{text}\""), &remedy)),
        };
        let parts: Vec<_> = range.split(':').collect();
        let values = match parts[..] {
            [scale @ ("lin" | "log"), low, high, count] => {
                let (low, high) = (number(low)?, number(high)?);
                let wrong_count =
                    |remedy: &str| wrong(&format!("a count from 1 to {MAX_VALUES}"), format!("\"{count}\""), remedy);
                let count = read_whole(count).map_err(|remedy| wrong_count(&remedy))? as usize;
                if !(1..=MAX_VALUES).contains(&count) {
                    return Err(wrong_count("the count is the number of values, both ends included"));
                }
                if !(low < high || (low == high && count == 1)) {
                    let remedy = "put the lower end first: lin:LOW:HIGH:COUNT or log:LOW:HIGH:COUNT";
                    return Err(wrong(
                        "a range from a lower to a higher end",
                        format!("{} to {}", exact(low), exact(high)),
                        remedy,
                    ));
                }
                if scale == "lin" {
                    spaced(low, high, count, |t| t)
                } else if low > 0.0 {
                    // Of base ten, so that powers of ten come out exactly.
                    let ends = (libm::log10(low), libm::log10(high));
                    let mut values = spaced(ends.0, ends.1, count, libm::exp10);
                    values[0] = low;
                    if count > 1 {
                        values[count - 1] = high;
                    }
                    values
                } else {
                    return Err(wrong("a logarithmic range above 0", exact(low).to_string(), "raise it, or use lin"));
                }
            }
            [list] => {
                let values = list.split(',').map(number).collect::<Result<Vec<_>, _>>()?;
                if values.len() > MAX_VALUES {
                    let expected = format!("at most {MAX_VALUES} values");
                    return Err(wrong(&expected, values.len().to_string(), "sweep over fewer"));
                }
                values
            }
            _ => {
                let expected = "lin:LOW:HIGH:COUNT, log:LOW:HIGH:COUNT or numbers with commas";
                return Err(wrong(expected, format!("\"{range}\""), "write for instance lin:-2:2:41"));
            }
        };
        Ok(Self { path: path.to_owned(), values, is_list: parts.len() == 1 })
    }

    /// The axis over these values.
    ///
    /// # Errors
    ///
    /// If there are too many values or none, or one is not finite.
    pub fn listed(path: String, values: Vec<f64>) -> Result<Self, SweepError> {
        let wrong = |expected: String, found: String, remedy: &str| {
            Err(SweepError { field: path.clone(), expected, found, remedy: remedy.to_owned() })
        };
        if !(1..=MAX_VALUES).contains(&values.len()) {
            return wrong(format!("1 to {MAX_VALUES} values"), values.len().to_string(), "sweep over so many");
        }
        match values.iter().position(|value| !value.is_finite()) {
            None => Ok(Self { path, values, is_list: true }),
            Some(place) => {
                let found = format!("{} at place {place}", exact(values[place]));
                wrong("finite numbers".to_owned(), found, "give a number such as 0.5")
            }
        }
    }

    /// How many values were listed and which, since a comma may have been meant as a decimal one.
    #[must_use]
    pub fn told(&self) -> String {
        const SHOWN: usize = 8;
        let shown: Vec<_> = self.values.iter().take(SHOWN).map(|value| exact(*value).to_string()).collect();
        let (count, rest) = (self.values.len(), if self.values.len() > SHOWN { ", …" } else { "" });
        let plural = if count == 1 { "" } else { "s" };
        format!("{}: {count} value{plural}: {}{rest}", self.path, shown.join(", "))
    }
}

/// `map` of `count` numbers from `low` to `high`, evenly, both included; the lower one alone where
/// one is asked for.
fn spaced(low: f64, high: f64, count: usize, map: impl Fn(f64) -> f64) -> Vec<f64> {
    let last = (count - 1).max(1);
    let at = |i: usize| if i == last { high } else { low + (high - low) * i as f64 / last as f64 };
    (0..count).map(|i| map(at(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<f64> {
        Axis::parse(text).expect("a range").values
    }

    #[test]
    fn ranges_are_spaced_evenly_with_exact_ends() {
        assert_eq!(values("x=lin:-2:2:5"), [-2.0, -1.0, 0.0, 1.0, 2.0]);
        assert_eq!(values("x=lin:0:10:11"), (0..=10).map(f64::from).collect::<Vec<_>>());
        assert_eq!(values("x=log:0.01:100:5"), [0.01, 0.1, 1.0, 10.0, 100.0]);
        assert_eq!(values("x=log:0.3:0.7:1"), [0.3]);
        assert_eq!(values("x=lin:4:4:1"), [4.0]);
        assert_eq!(values("x = 0.5, -2,1e-3"), [0.5, -2.0, 1e-3]);
        let values = values("x=log:0.3:0.7:9");
        assert_eq!((values[0], values[8]), (0.3, 0.7));
        // Evenly in the logarithm: all ratios agree up to the rounding of a power, a few units of
        // 1e-16.
        let ratio = (0.7_f64 / 0.3).powf(1.0 / 8.0);
        assert!(values.windows(2).all(|pair| (pair[1] / pair[0] / ratio - 1.0).abs() < 1e-14));
    }

    #[test]
    fn what_is_no_range_says_why() {
        for (text, part) in [
            ("x", "no \"=\""),
            ("x=", "a finite number"),
            ("x=1,,2", "a finite number"),
            ("x=lin:0:nan:3", "a finite number"),
            ("x=lin:0:inf:3", "a finite number"),
            ("x=1e999", "a finite number"),
            ("x=lin:0:1:0", "a count from 1"),
            ("x=lin:0:1:-3", "a count from 1"),
            ("x=lin:0:1:1000001", "a count from 1"),
            ("x=lin:2:1:5", "2 to 1;"),
            ("x=log:2:1:5", "2 to 1;"),
            ("x=lin:1:1:5", "1 to 1;"),
            ("x=log:0:1:5", "above 0"),
            ("x=log:-1:1:5", "above 0"),
            ("x=lin:0:1", "lin:LOW:HIGH:COUNT"),
            ("x=lin:0,5:1:3", "with a point: 0.5"),
            ("x=lin:0:1:1,000", "1000 or 1.000"),
            ("x=10 000", "without separators: 10000"),
            ("x=geo:0:1:3", "lin:LOW:HIGH:COUNT"),
        ] {
            let error = Axis::parse(text).expect_err(text).to_string();
            assert!(error.starts_with('x') && error.contains(part), "{text}: {error}");
        }
    }
}
