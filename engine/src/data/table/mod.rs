//! Tables from files: text with separators (CSV), and arrays in the formats IDX and NPY, plain or
//! gzipped.
//!
//! Which format it is, the first bytes say. Nothing in a file is trusted: counts are checked before
//! memory is taken for them, and every number must be finite.

mod csv;
mod error;
mod gzip;

pub use error::TableError;
pub use gzip::{MAX_UNCOMPRESSED_BYTES, gunzip};

/// The most rows of a table.
pub const MAX_ROWS: usize = 1_000_000;

/// The most cells of a table, targets included.
pub const MAX_CELLS: usize = 50_000_000;

/// The most classes of a table.
pub const MAX_CLASSES: usize = 1000;

/// Rows of inputs with a target each.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The number of rows, at least 1.
    pub rows: usize,

    /// The number of inputs in a row, at least 1.
    pub features: usize,

    /// The inputs, row by row: all of them finite.
    pub inputs: Vec<f64>,

    /// The target of each row.
    pub target: Target,

    /// The rows and columns of the image that a row's inputs are, where the file says so.
    pub image: Option<(usize, usize)>,
}

/// The targets of a table's rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Finite numbers.
    Numbers(Vec<f64>),

    /// Texts, of which at least one is not a number.
    Words {
        /// One a row.
        words: Vec<String>,
        /// The line and the column, counted from 1, of the first that is not a number.
        place: (usize, usize),
    },
}

/// Reads a table from the bytes of a file, gzipped or not. Text has its labels in the column that
/// the first line calls `label`, or in the last one.
///
/// # Errors
///
/// Where the bytes are no table to learn from: [`TableError`] says why.
pub fn read(bytes: &[u8], label: Option<&str>) -> Result<Table, TableError> {
    let uncompressed = gunzip(bytes)?;
    let bytes = uncompressed.as_deref().unwrap_or(bytes);
    csv::read(text(bytes)?, label)
}

/// The text that bytes are, without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, TableError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (valid, _) = bytes.split_at(error.valid_up_to());
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        // A text in another encoding begins as text nevertheless.
        let start = bytes.get(..4).unwrap_or(bytes);
        let is_text = start.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
        if is_text { TableError::NotText { line } } else { TableError::Magic { found: start.to_vec() } }
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}
