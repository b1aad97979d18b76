//! What an objective or a policy says about itself: one text for the page, the command line, the
//! docs and the tests.
//!
//! A [`Description`] stands beside the code it describes. [`Bounds`] are hard: an experiment
//! outside them is rejected. The slider's range is soft: where the interesting values lie.

use std::fmt;
use std::ops::{Bound, RangeBounds as _};

use crate::number::exact;

/// The largest magnitude of any number in an experiment; beyond it squares overflow and nothing can
/// be learned.
pub const MAX_MAGNITUDE: f64 = 1e150;

/// Name, formula, parameters and source of an objective or a policy.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The kebab-case name that experiments use.
    pub name: &'static str,

    /// The name for people.
    pub title: &'static str,

    /// A label of at most 12 characters, for legends.
    pub short: &'static str,

    /// The defining formula as LaTeX, without delimiters; empty where [`Self::tex`] leaves it out.
    pub latex: &'static str,

    /// What it is and what to observe, in a sentence or two.
    pub summary: &'static str,

    /// Where it comes from: author, year, and where there is one the arXiv id.
    pub source: &'static str,

    /// The parameters, in the order to show them.
    pub parameters: &'static [Parameter],
}

impl Description {
    /// A formula in LaTeX. A Wasm program that does not ask for the feature `latex` goes without:
    /// the page shows what its build made of them.
    pub(crate) const fn tex(formula: &'static str) -> &'static str {
        if cfg!(any(feature = "latex", not(target_arch = "wasm32"))) { formula } else { "" }
    }

    /// Whether it is as in the paper that Flatland implements (arXiv 2606.06722), which is then its
    /// first source. Others may only share a thought with it.
    #[must_use]
    pub fn is_in_the_paper(&self) -> bool {
        self.source.starts_with("Galli et al., 2026, arXiv 2606.06722")
    }

    /// The parameter with this key.
    #[must_use]
    pub fn parameter(&self, key: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.key == key)
    }
}

/// One parameter of an objective or a policy.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The key in an experiment, such as `eta`.
    pub key: &'static str,

    /// The symbol in formulas, as Unicode, such as `η`.
    pub symbol: &'static str,

    /// What it does, in a few words.
    pub help: &'static str,

    /// Another number that it must not exceed, if there is one.
    pub order: Option<Order>,

    /// Its type, default and range.
    pub kind: ParameterKind,
}

/// What a number must not exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The key of the other number, of the same objective or policy.
    pub key: &'static str,

    /// Whether it must stay below it, and not be equal.
    pub is_strict: bool,
}

impl Parameter {
    /// A number that is always there.
    pub(crate) const fn number(
        key: &'static str,
        symbol: &'static str,
        help: &'static str,
        default: f64,
        bounds: Bounds,
        slider: (f64, f64),
        scale: Scale,
    ) -> Self {
        let kind = ParameterKind::Number { default, bounds, slider, scale };
        Self { key, symbol, help, order: None, kind }
    }

    /// The same, to stay below another number.
    pub(crate) const fn below(self, key: &'static str) -> Self {
        Self { order: Some(Order { key, is_strict: true }), ..self }
    }

    /// The same, to be at most another number.
    pub(crate) const fn at_most(self, key: &'static str) -> Self {
        Self { order: Some(Order { key, is_strict: false }), ..self }
    }
}

/// The type of a parameter, with its default and range.
#[derive(Clone, Copy, Debug)]
pub enum ParameterKind {
    /// A number.
    Number {
        /// The value where an experiment leaves it out.
        default: f64,
        /// What is valid.
        bounds: Bounds,
        /// What a slider offers.
        slider: (f64, f64),
        /// How a slider spaces it.
        scale: Scale,
    },

    /// A number that may be absent, which is the default.
    OptionalNumber {
        /// What its absence means.
        absent: &'static str,
        /// What is valid.
        bounds: Bounds,
        /// What a slider offers.
        slider: (f64, f64),
        /// How a slider spaces it.
        scale: Scale,
    },

    /// One of a few words.
    Choice {
        /// The word where an experiment leaves it out.
        default: &'static str,
        /// All of them.
        options: &'static [&'static str],
    },

    /// A text with a grammar of its own, such as a formula.
    Text {
        /// The text where an experiment leaves it out.
        default: &'static str,
        /// What is wrong with a text, if anything: what was expected, and what was found where.
        check: fn(&str) -> Result<(), (String, String)>,
    },

    /// Yes or no.
    Flag {
        /// The answer where an experiment leaves it out.
        default: bool,
    },

    /// A list of whole numbers, which may be empty.
    Widths {
        /// The list where an experiment leaves it out.
        default: &'static [f64],
        /// What is valid for each number.
        bounds: Bounds,
        /// The longest valid list.
        max_length: usize,
    },

    /// One of several things with parameters of their own.
    Part {
        /// The name of the one where an experiment leaves it out.
        default: &'static str,
        /// All of them.
        options: fn() -> Vec<&'static Description>,
    },

    /// A list of numbers, at least one.
    Numbers {
        /// The list where an experiment leaves it out.
        default: &'static [f64],
        /// What is valid for each number.
        bounds: Bounds,
        /// The longest valid list.
        max_length: usize,
    },
}

/// How a slider spaces its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,

    /// Evenly in the logarithm; the slider's range is positive.
    Log,
}

/// The valid values of a number. NaN is never valid, and the ends are finite or open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lower end.
    pub min: Bound<f64>,

    /// The upper end.
    pub max: Bound<f64>,
}

impl Bounds {
    /// Every number up to [`MAX_MAGNITUDE`], with either sign.
    pub const ANY: Self = Self::closed(-MAX_MAGNITUDE, MAX_MAGNITUDE);

    /// Above 0, up to [`MAX_MAGNITUDE`].
    pub const POSITIVE: Self = Self::above(0.0, MAX_MAGNITUDE);

    /// From 0 to [`MAX_MAGNITUDE`].
    pub const NONNEGATIVE: Self = Self::closed(0.0, MAX_MAGNITUDE);

    /// From `min` to `max`, both included.
    #[must_use]
    pub const fn closed(min: f64, max: f64) -> Self {
        Self { min: Bound::Included(min), max: Bound::Included(max) }
    }

    /// Above `min`, up to and including `max`.
    #[must_use]
    pub const fn above(min: f64, max: f64) -> Self {
        Self { min: Bound::Excluded(min), max: Bound::Included(max) }
    }

    /// Between `min` and `max`, both excluded.
    #[must_use]
    pub const fn open(min: f64, max: f64) -> Self {
        Self { min: Bound::Excluded(min), max: Bound::Excluded(max) }
    }

    /// Whether the number is valid; never for NaN.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.min, self.max).contains(&value)
    }
}

impl fmt::Display for Bounds {
    /// Completes "a number …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.min {
            Bound::Included(min) => write!(f, "of at least {}", exact(min))?,
            Bound::Excluded(min) => write!(f, "above {}", exact(min))?,
            Bound::Unbounded => write!(f, "of any size")?,
        }
        match self.max {
            Bound::Included(max) => write!(f, " and at most {}", exact(max)),
            Bound::Excluded(max) => write!(f, " and below {}", exact(max)),
            Bound::Unbounded => Ok(()),
        }
    }
}
