//! What is wrong with a lesson, and where.

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A line of a lesson's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub path: PathBuf,
    /// The number of the line, counted from 1; 0 for the file as a whole.
    pub number: usize,
}

impl Line {
    /// A line of a file.
    pub fn of(path: &Path, number: usize) -> Self {
        Self { path: path.to_owned(), number }
    }

    /// The line so many lines further down.
    pub fn plus(&self, lines: usize) -> Self {
        Self { number: self.number + lines, ..self.clone() }
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if self.number > 0 {
            write!(f, ":{}", self.number)?;
        }
        Ok(())
    }
}

/// Something that is wrong with a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{line}: expected {expected}; found {found}. {remedy}")]
pub struct Problem {
    line: Line,
    expected: String,
    found: String,
    remedy: String,
}

impl Problem {
    /// A problem at a line: what was expected there, what was found, and what to do.
    pub fn new(line: &Line, expected: &str, found: &dyn Display, remedy: &str) -> Self {
        let mut remedy = remedy.to_owned();
        if let Some(first) = remedy.get(..1) {
            let first = first.to_uppercase();
            remedy.replace_range(..1, &first);
        }
        if !remedy.ends_with(['.', '?']) {
            remedy.push('.');
        }
        let found = found.to_string().trim_end_matches('.').to_owned();
        Self { line: line.clone(), expected: expected.to_owned(), found, remedy }
    }
}
