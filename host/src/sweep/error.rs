//! What can be wrong with a sweep.

use std::fmt;

use flatland_engine::FieldError;

/// What is wrong with a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepError {
    /// The field that was to be swept over.
    pub field: String,

    /// What should be there.
    pub expected: String,

    /// What is there.
    pub found: String,

    /// What to do.
    pub remedy: String,
}

impl std::error::Error for SweepError {}

impl From<FieldError> for SweepError {
    fn from(error: FieldError) -> Self {
        let FieldError { field, expected, found, remedy, .. } = error;
        Self { field, expected, found, remedy }
    }
}

impl fmt::Display for SweepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, expected, found, remedy } = self;
        write!(f, "{field}: expected {expected}, found {found}; {remedy}")
    }
}
