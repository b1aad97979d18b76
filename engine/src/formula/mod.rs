//! Formulas that people type: parsed into a flat program with exact derivatives, never run as code.
//!
//! ```text
//! f(x, y) = (a - x)^2 + b*(y - x^2)^2; a = 1 [0, 2]; b = 100 [1, 200]
//! ```
//!
//! The head `f(x, y) =` may be left out: then the variables are x, y, z or x1 … x16, as far as they
//! occur. `f(x1 … x4) =` names a range. After the expression stand parameters with their values
//! and, in brackets, the range of their sliders.
//!
//! Operators `+ - * / ^` (`^` binds tightest and to the right), functions [`FUNCTIONS`], constants
//! `pi` and `e`. Parsing never panics, takes time in proportion to the text, and its errors point
//! at a column ([`FormulaError`]). A formula that leaves the real numbers at a point (log of a
//! negative number, division by zero) is NaN or infinite there, which ends a descent by name.
//! Constant factors are gathered, and what cancels for every x counts as 0 also where x is no
//! number.

mod cure;
mod error;
mod parse;
mod token;

pub use error::FormulaError;

use std::sync::OnceLock;

use crate::number::exact;
use crate::program::Program;

/// The longest formula, in characters.
pub const MAX_LENGTH: usize = 1_000;

/// The most variables.
pub const MAX_VARIABLES: usize = 16;

/// The most parameters.
pub const MAX_PARAMETERS: usize = 12;

/// The deepest nesting.
pub const MAX_DEPTH: usize = 64;

/// The most operations, after equal ones have been joined.
pub const MAX_OPERATIONS: usize = 1_000;

/// The functions of one argument, and `min`, `max`, `sum` of several.
pub const FUNCTIONS: [&str; 18] = [
    "abs", "sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "cosh", "sinh", "logcosh", "softplus", "sigmoid", "relu",
    "sign", "min", "max", "sum",
];

/// Whether formulas wait for [`install`].
pub(crate) const ARE_DEFERRED: bool = cfg!(all(target_arch = "wasm32", feature = "deferred-formulas"));

/// What reads formulas.
struct Reader {
    formula: fn(&str) -> Result<Formula, FormulaError>,
    expression: fn(&str, &[&str]) -> Result<Formula, FormulaError>,
}

static READER: OnceLock<Reader> = OnceLock::new();

/// Has formulas read from now on, where that is deferred.
pub(crate) fn install() {
    READER.get_or_init(|| Reader { formula: parse::formula, expression: parse::expression });
}

fn reader() -> Result<&'static Reader, FormulaError> {
    if !ARE_DEFERRED {
        install();
    }
    READER
        .get()
        .ok_or_else(|| FormulaError::new(1, "what reads formulas to be there", "that it is still to be fetched"))
}

/// A parsed formula.
#[derive(Clone, Debug)]
pub struct Formula {
    /// The names of the variables, in order.
    pub variables: Vec<String>,

    /// The parameters, in order.
    pub parameters: Vec<Parameter>,

    program: Program,
}

/// A named constant of a formula that a slider can change.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,

    /// Its value.
    pub value: f64,

    /// The range of its slider, if one is given.
    pub range: Option<(f64, f64)>,

    /// Where its value stands in the text, in bytes.
    pub place: std::ops::Range<usize>,
}

impl Formula {
    /// Parses a formula.
    ///
    /// # Errors
    ///
    /// Where the text is not a formula, or too long, too deep or of too many variables: with the
    /// column and what was expected there.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        (reader()?.formula)(text)
    }

    /// Parses an expression in given variables, without a head; parameters may follow it.
    ///
    /// # Errors
    ///
    /// As for [`Formula::parse`].
    pub fn with_variables(text: &str, variables: &[&str]) -> Result<Self, FormulaError> {
        (reader()?.expression)(text, variables)
    }

    /// The operations that compute it: an input for each variable, and one result.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The text with another value of a parameter, found by its name; the rest stays as it was
    /// typed.
    #[must_use]
    pub fn with_parameter(&self, text: &str, name: &str, value: f64) -> String {
        match self.parameters.iter().find(|parameter| parameter.name == name) {
            Some(parameter)
                if text.is_char_boundary(parameter.place.start) && text.is_char_boundary(parameter.place.end) =>
            {
                let (before, after) = (&text[..parameter.place.start], &text[parameter.place.end..]);
                format!("{before}{}{after}", exact(value))
            }
            _ => text.to_owned(),
        }
    }
}
