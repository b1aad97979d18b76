//! The engine's errors as Python's: `flatland.FieldError`, with the field in an attribute, and
//! `OSError` with the name of the file.

use std::io;

use flatland_atlas::MapError;
use flatland_engine::FieldError;
use flatland_engine::experiment::link::LinkError;
use flatland_host::ReadError;
use flatland_host::sweep::SweepError;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

/// What Python raises for an error of ours.
pub trait Raise {
    /// The exception.
    fn raise(self) -> PyErr;
}

/// `flatland.FieldError(field, expected, found, remedy)`.
pub fn field_error(field: &str, expected: &str, found: &str, remedy: &str) -> PyErr {
    Python::attach(|py| {
        let class = py.import("flatland._errors").and_then(|module| module.getattr("FieldError"));
        match class.and_then(|class| class.call1((field, expected, found, remedy))) {
            Ok(error) => PyErr::from_value(error),
            Err(error) => error,
        }
    })
}

impl Raise for FieldError {
    fn raise(self) -> PyErr {
        field_error(&self.field, &self.expected, &self.found, &self.remedy)
    }
}

impl Raise for SweepError {
    fn raise(self) -> PyErr {
        field_error(&self.field, &self.expected, &self.found, &self.remedy)
    }
}

impl Raise for MapError {
    fn raise(self) -> PyErr {
        field_error(&self.field, &self.expected, &self.found, &self.remedy)
    }
}

impl Raise for LinkError {
    fn raise(self) -> PyErr {
        match self {
            Self::Experiment(error) => error.raise(),
            other => field_error("link", "a link with an experiment", &other.to_string(), "copy the whole link"),
        }
    }
}

impl Raise for ReadError {
    fn raise(self) -> PyErr {
        match self {
            Self::Invalid(error) => error.raise(),
            Self::Io(action, error) => os_error(&action, &error),
        }
    }
}

/// `OSError` that says what could not be done.
pub fn os_error(action: &str, error: &io::Error) -> PyErr {
    let message = format!("cannot {action}: {error}");
    // With its number Python finds the subclass, such as FileNotFoundError.
    match error.raw_os_error() {
        Some(number) => PyOSError::new_err((number, message)),
        None => PyOSError::new_err(message),
    }
}
