//! One axis of a map: a number of the experiment, and the range it takes.

use flatland_engine::number::{exact, read};
use serde::{Deserialize, Serialize};

use crate::MapError;

/// How an axis is spaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Evenly.
    #[default]
    Linear,

    /// Evenly in the logarithm.
    Log,
}

/// A number of the experiment and its range, from left to right or from bottom to top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// The path of a numeric field, such as `runs[0].policy.eta`.
    pub field: String,

    /// The lower end.
    pub from: f64,

    /// The higher end.
    pub to: f64,

    /// The spacing.
    #[serde(default)]
    pub scale: Scale,
}

impl Axis {
    /// Reads `FIELD=lin:FROM:TO` or `FIELD=log:FROM:TO`.
    ///
    /// # Errors
    ///
    /// If the text is not of this form or the range cannot be drawn.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        let example = "write for instance runs[0].policy.eta=log:0.01:2";
        let Some((field, range)) = text.split_once('=') else {
            return Err(MapError::new(text, "FIELD=RANGE", "no \"=\"", example));
        };
        let field = field.trim();
        let parts: Vec<_> = range.split(':').map(str::trim).collect();
        let (scale, from, to) = match parts[..] {
            ["lin", from, to] => (Scale::Linear, from, to),
            ["log", from, to] => (Scale::Log, from, to),
            _ => return Err(MapError::new(field, "lin:FROM:TO or log:FROM:TO", format!("\"{range}\""), example)),
        };
        let number =
            |text: &str| read(text).map_err(|remedy| MapError::new(field, "a number", format!("\"{text}\""), remedy));
        let axis = Self { field: field.to_owned(), from: number(from)?, to: number(to)?, scale };
        axis.check()?;
        Ok(axis)
    }

    /// Whether the range can be drawn.
    ///
    /// # Errors
    ///
    /// If an end is not finite, the ends are in the wrong order or too close to tell pixels apart,
    /// or a logarithm does not exist.
    pub fn check(&self) -> Result<(), MapError> {
        let Self { field, from, to, scale } = self;
        let range = format!("{} to {}", exact(*from), exact(*to));
        if !(from.is_finite() && to.is_finite() && (to - from).is_finite()) {
            return Err(MapError::new(field, "a finite range", range, "give two finite numbers"));
        }
        if from >= to {
            return Err(MapError::new(field, "a range from a lower to a higher end", range, "put the lower end first"));
        }
        if *scale == Scale::Log && *from <= 0.0 {
            return Err(MapError::new(field, "a logarithmic range above 0", range, "raise it, or use a linear scale"));
        }
        // A thousand pixels need ten bits below the larger end, and some to spare.
        if (to - from) < 1e-12 * from.abs().max(to.abs()) {
            return Err(MapError::new(field, "a range that numbers can resolve", range, "zoom out"));
        }
        Ok(())
    }

    /// The number at a share of the way, 0 at the lower and 1 at the higher end.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.from + (self.to - self.from) * share,
            Scale::Log => {
                let (low, high) = (libm::log(self.from), libm::log(self.to));
                libm::exp(low + (high - low) * share)
            }
        }
    }

    /// The share of the way at a number; outside 0 to 1 beyond the ends, NaN where there is none.
    #[must_use]
    pub fn share(&self, number: f64) -> f64 {
        match self.scale {
            Scale::Linear => (number - self.from) / (self.to - self.from),
            Scale::Log => (libm::log(number) - libm::log(self.from)) / (libm::log(self.to) - libm::log(self.from)),
        }
    }

    /// The number at the middle of pixel `index` of `count`.
    #[must_use]
    pub fn at_pixel(&self, index: usize, count: usize) -> f64 {
        self.at((index as f64 + 0.5) / count as f64)
    }

    /// The axis between two shares of this one.
    #[must_use]
    pub fn between(&self, low: f64, high: f64) -> Self {
        Self { from: self.at(low), to: self.at(high), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_spaced() {
        let axis = Axis::parse("runs[0].policy.eta=log:0.01:100").unwrap();
        assert_eq!((axis.field.as_str(), axis.scale), ("runs[0].policy.eta", Scale::Log));
        assert!((axis.at(0.5) - 1.0).abs() < 1e-15 && (axis.share(10.0) - 0.75).abs() < 1e-15);
        let axis = Axis::parse("start[0] = lin:-2:2").unwrap();
        assert_eq!((axis.at_pixel(0, 4), axis.at_pixel(3, 4), axis.share(1.0)), (-1.5, 1.5, 0.75));
        let part = axis.between(0.25, 0.5);
        assert_eq!((part.from, part.to), (-1.0, 0.0));
    }

    #[test]
    fn what_cannot_be_drawn_says_why() {
        for (text, part) in [
            ("x", "no \"=\""),
            ("x=lin:0", "lin:FROM:TO"),
            ("x=geo:0:1", "lin:FROM:TO"),
            ("x=lin:0:one", "\"one\""),
            ("x=lin:0,1:2", "found \"0,1\"; numbers are written with a point: 0.1"),
            ("x=lin:1:10,000", "10000 or 10.000"),
            ("x=lin:0:inf", "a finite range"),
            ("x=lin:nan:1", "a finite range"),
            ("x=lin:-1e308:1e308", "a finite range"),
            ("x=lin:2:1", "lower end first"),
            ("x=lin:1:1", "lower end first"),
            ("x=log:0:1", "above 0"),
            ("x=log:-1:1", "above 0"),
            ("x=lin:1:1.0000000000001", "zoom out"),
        ] {
            let error = Axis::parse(text).expect_err(text).to_string();
            assert!(error.starts_with('x') && error.contains(part), "{text}: {error}");
        }
    }
}
