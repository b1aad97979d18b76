//! Tables from files: text with separators (CSV), and arrays in the formats IDX, NPY and NPZ, plain
//! or gzipped.
//!
//! Which format it is, the first bytes say. Nothing in a file is trusted: counts are checked before
//! memory is taken for them, and every number must be finite.

mod array;
mod csv;
mod error;
mod gzip;
mod idx;
mod npy;
mod npz;

use array::Array;
pub use error::TableError;
pub use gzip::{MAX_UNCOMPRESSED_BYTES, gunzip};

use crate::spec::MAX_MAGNITUDE;

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
/// the first line calls `label`, or in the last one; a single array has its targets in the last
/// column, and of several in an archive `x` has the inputs and `y` the targets (or `x_train` and
/// `y_train`, `data` and `target`, `images` and `labels`).
///
/// # Errors
///
/// Where the bytes are no table to learn from: [`TableError`] says why.
pub fn read(bytes: &[u8], label: Option<&str>) -> Result<Table, TableError> {
    let uncompressed = gunzip(bytes)?;
    let bytes = uncompressed.as_deref().unwrap_or(bytes);
    let table = match array(bytes)? {
        Some(array) => array.with_last_column(),
        None if npz::begins(bytes) => npz::read(bytes),
        None => return csv::read(text(bytes)?, label),
    };
    match label {
        None => table,
        Some(label) => Err(TableError::NoSuchColumn { name: label.to_owned(), known: Vec::new() }),
    }
}

/// Reads a table from the bytes of two arrays, each gzipped or not: images or rows of inputs, and
/// one label for each.
///
/// # Errors
///
/// Where the bytes are no arrays to learn from: [`TableError`] says why.
pub fn read_with_labels(bytes: &[u8], labels: &[u8]) -> Result<Table, TableError> {
    let read = |bytes: &[u8]| {
        let uncompressed = gunzip(bytes)?;
        let bytes = uncompressed.as_deref().unwrap_or(bytes);
        match array(bytes)? {
            Some(array) => Ok(array),
            None if npz::begins(bytes) => Err(TableError::LabelsTwice),
            None => text(bytes).and(Err(TableError::LabelsTwice)),
        }
    };
    read(bytes)?.with_labels(read(labels)?)
}

/// The array that bytes are, if they begin as one.
fn array(bytes: &[u8]) -> Result<Option<Array>, TableError> {
    match bytes {
        _ if idx::begins(bytes) => idx::read(bytes).map(Some),
        _ if npy::begins(bytes) => npy::read(bytes).map(Some),
        _ => Ok(None),
    }
}

/// The text that bytes are, without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, TableError> {
    let start = bytes.get(..4).unwrap_or(bytes);
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (valid, _) = bytes.split_at(error.valid_up_to());
        // A text in another encoding begins as text nevertheless.
        if start.is_ascii() && !valid.is_empty() {
            TableError::NotText { line: 1 + valid.iter().filter(|byte| **byte == b'\n').count() }
        } else {
            TableError::Magic { found: start.to_vec() }
        }
    });
    if start.iter().any(is_control) {
        return Err(TableError::Magic { found: start.to_vec() });
    }
    Ok(text?.trim_start_matches('\u{feff}'))
}

/// Whether a number can be learned from: finite, and no larger than any other in an experiment.
fn is_usable(number: f64) -> bool {
    number.abs() <= MAX_MAGNITUDE
}

#[cfg(test)]
mod tests {
    use super::gzip::tests::gzip;
    use super::*;

    #[test]
    fn the_first_bytes_say_the_format() {
        let csv = b"\xef\xbb\xbfx,y\n1,2\n3,4\n".to_vec();
        let idx = vec![0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4];
        let npy = npy::tests::file(1, "'|u1'", "False", "(2, 2)", &[1, 2, 3, 4]);
        let (inputs, target) = (vec![1.0, 3.0], Target::Numbers(vec![2.0, 4.0]));
        let expected = Table { rows: 2, features: 1, inputs, target, image: None };
        for file in [csv, idx, npy] {
            assert_eq!(read(&file, None).as_ref(), Ok(&expected));
            assert_eq!(read(&gzip(&file), None).as_ref(), Ok(&expected));
        }
    }

    #[test]
    fn other_bytes_are_named() {
        for bytes in [&b"\x89PNG\r\n"[..], b"PK\x05\x06", b"\x01", b"\xff\xfe1\0,\0"] {
            let found = bytes.iter().take(4).copied().collect();
            assert_eq!(read(bytes, None), Err(TableError::Magic { found }));
        }
        assert_eq!(read(b"x,y\n1,\xe9\n", None), Err(TableError::NotText { line: 2 }));
        assert_eq!(read(b"", None), Err(TableError::Empty));
    }

    #[test]
    fn labels_come_from_a_second_array_or_a_column() {
        let images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4];
        let labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 8];
        let table = read_with_labels(&gzip(&images), &labels).unwrap();
        assert_eq!((table.image, table.target), (Some((1, 2)), Target::Numbers(vec![7.0, 8.0])));
        assert_eq!(read(&images, None), Err(TableError::NoLabels));
        assert_eq!(read_with_labels(b"1,2\n", &labels), Err(TableError::LabelsTwice));
        let error = read(&images, Some("class")).unwrap_err();
        assert_eq!(error, TableError::NoSuchColumn { name: "class".into(), known: vec![] });
    }
}
