//! What can be wrong with a map.

use std::fmt;

use flatland_engine::FieldError;

/// What is wrong with a map, said so that it can be mended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct MapError {
    /// Where.
    pub field: String,

    /// What should be there.
    pub expected: String,

    /// What is there.
    pub found: String,

    /// What to do.
    pub remedy: String,
}

impl MapError {
    /// An error in a field.
    pub fn new(
        field: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), expected: expected.into(), found: found.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, expected, found, remedy } = self;
        let place = if field.is_empty() { "the map" } else { field };
        write!(f, "{place}: expected {expected}, found {found}; {remedy}")
    }
}

impl From<FieldError> for MapError {
    fn from(error: FieldError) -> Self {
        let FieldError { field, expected, found, remedy, .. } = error;
        Self { field, expected, found, remedy }
    }
}
