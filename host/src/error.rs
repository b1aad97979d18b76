//! Why files do not make an experiment.

use std::fmt;
use std::io;

use flatland_engine::FieldError;

/// Why an experiment, or what it learns from, cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// The document, or the field that names a file, is not valid.
    Invalid(FieldError),

    /// What was being done, such as `read table.csv`, and what went wrong.
    Io(String, io::Error),
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::Io(action, error) => write!(f, "cannot {action}: {error}"),
        }
    }
}

impl From<FieldError> for ReadError {
    fn from(error: FieldError) -> Self {
        Self::Invalid(error)
    }
}
