//! What is wrong with a formula, and where.

use thiserror::Error;

/// Why a text is not a formula.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column {column}: expected {expected}, found {found}")]
pub struct FormulaError {
    /// The column, counted from 1 in characters.
    pub column: usize,

    /// What would have been right there.
    pub expected: String,

    /// What stands there.
    pub found: String,
}

impl FormulaError {
    pub(super) fn new(column: usize, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { column, expected: expected.into(), found: found.into() }
    }
}
