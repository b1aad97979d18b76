//! What can be wrong with a file of data.

use super::{MAX_CELLS, MAX_CLASSES, MAX_ROWS, MAX_UNCOMPRESSED_BYTES};
use crate::spec::{ErrorKind, FieldError, shorten};

/// The most names of columns that a message lists.
const MAX_LISTED: usize = 20;

/// Why a file is not a table to learn from. Lines, rows and columns are counted from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("expected {}, found {}; {}", self.expected(), self.found(), self.remedy())]
pub enum TableError {
    /// There is nothing in it, or no row below its header line.
    Empty,

    /// Bytes that begin as no known format does.
    Magic {
        /// The first bytes, at most four.
        found: Vec<u8>,
    },

    /// A text that is not UTF-8.
    NotText {
        /// The first line that is not.
        line: usize,
    },

    /// A single column: no inputs beside the target.
    OneColumn,

    /// A row with more or fewer cells than the first one.
    Ragged {
        /// Its line.
        line: usize,
        /// The cells of the first line.
        expected: usize,
        /// Its cells.
        found: usize,
    },

    /// A cell that is no finite number of at most 1e150 where one must stand, or an empty label.
    NotANumber {
        /// Its line, or its row in a format without lines.
        line: usize,
        /// Its column.
        column: usize,
        /// What stands there.
        cell: String,
    },

    /// A quoted cell without its closing quote, or with text behind it.
    Quote {
        /// Its line.
        line: usize,
    },

    /// The column of labels is not in the header line.
    NoSuchColumn {
        /// The name that was asked for.
        name: String,
        /// The names in the header line.
        known: Vec<String>,
    },

    /// All rows are of one class.
    OneClass {
        /// Its name.
        name: String,
    },

    /// More classes than [`MAX_CLASSES`].
    TooManyClasses {
        /// How many there are.
        found: usize,
    },

    /// More rows than [`MAX_ROWS`].
    TooManyRows {
        /// How many there are.
        found: usize,
    },

    /// More cells than [`MAX_CELLS`].
    TooManyCells {
        /// How many there are; `None` where no number holds them.
        found: Option<usize>,
    },

    /// Gzipped bytes that are more than [`MAX_UNCOMPRESSED_BYTES`] uncompressed.
    TooLarge,

    /// Gzipped bytes that cannot be uncompressed.
    Gzip {
        /// What the decoder says.
        message: String,
    },

    /// An array whose numbers end too early.
    Truncated {
        /// The bytes that its header asks for.
        expected: usize,
        /// The bytes that there are.
        found: usize,
    },

    /// An array with bytes behind its numbers.
    TooLong {
        /// The bytes that its header asks for.
        expected: usize,
        /// The bytes that there are.
        found: usize,
    },

    /// Numbers of a type that is not read.
    UnsupportedType {
        /// The type as the format writes it.
        found: String,
    },

    /// An array stored column by column.
    FortranOrder,

    /// A header that breaks the rules of its format.
    Header {
        /// What should be there.
        expected: &'static str,
    },

    /// An array with a shape that does not fit.
    Shape {
        /// What fits.
        expected: &'static str,
        /// Its shape.
        found: Vec<usize>,
    },

    /// Images without a file of labels.
    NoLabels,

    /// A file of labels beside a text or an archive, which has its labels within.
    LabelsTwice,

    /// A ZIP archive that is broken, or without the right arrays.
    Archive {
        /// What should be in it.
        expected: &'static str,
    },

    /// As many labels as images there must be.
    LabelCount {
        /// The images.
        expected: usize,
        /// The labels.
        found: usize,
    },
}

impl TableError {
    /// What should be there; completes "expected …".
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::Empty => "at least one row of numbers".to_owned(),
            Self::Magic { .. } => {
                "a text with separators, or the first bytes of an IDX, NPY, NPZ or gzip file".to_owned()
            }
            Self::NotText { .. } => "a text in UTF-8".to_owned(),
            Self::OneColumn => "at least two columns, separated by a comma, a semicolon or a tab".to_owned(),
            Self::Ragged { expected, .. } => format!("{expected} cells in every line, as in the first"),
            Self::NotANumber { .. } => "a finite number of at most 1e150, or in the column of labels a word".to_owned(),
            Self::Quote { .. } => "a closing quote at the end of each quoted cell".to_owned(),
            Self::NoSuchColumn { known, .. } if known.is_empty() => {
                "no name of a column, as an array has no names".to_owned()
            }
            Self::NoSuchColumn { known, .. } if known.len() > MAX_LISTED => {
                format!("one of the {} columns in the first line", known.len())
            }
            Self::NoSuchColumn { known, .. } => {
                let names: Vec<_> = known.iter().map(|name| shorten(name)).collect();
                format!("one of the columns in the first line: {}", names.join(", "))
            }
            Self::OneClass { .. } => "at least two classes".to_owned(),
            Self::TooManyClasses { .. } => format!("at most {MAX_CLASSES} classes"),
            Self::TooManyRows { .. } => format!("at most {MAX_ROWS} rows"),
            Self::TooManyCells { .. } => format!("at most {MAX_CELLS} cells"),
            Self::TooLarge => format!("at most {MAX_UNCOMPRESSED_BYTES} bytes uncompressed"),
            Self::Gzip { .. } => "a whole gzip file".to_owned(),
            Self::Truncated { expected, .. } | Self::TooLong { expected, .. } => format!("{expected} bytes"),
            Self::UnsupportedType { .. } => {
                "bytes, or integers or floating-point numbers of 32 or 64 bits, in NPY little-endian".to_owned()
            }
            Self::FortranOrder => "an array stored row by row".to_owned(),
            Self::Header { expected } => format!("a header with {expected}"),
            Self::Shape { expected, .. } => (*expected).to_owned(),
            Self::NoLabels => "a second file with one label an image".to_owned(),
            Self::LabelsTwice => "the labels in a column of the text, or in the archive".to_owned(),
            Self::Archive { expected } => format!("an archive with {expected}"),
            Self::LabelCount { expected, .. } => format!("{expected} labels, one an image"),
        }
    }

    /// What is there; completes "found …".
    #[must_use]
    pub fn found(&self) -> String {
        match self {
            Self::Empty | Self::NoLabels => "none".to_owned(),
            Self::Magic { found } => format!("the bytes {found:02x?}"),
            Self::NotText { line } => format!("other bytes in line {line}"),
            Self::OneColumn => "one".to_owned(),
            Self::Ragged { line, found, .. } => format!("{found} in line {line}"),
            Self::NotANumber { line, column, cell } => {
                format!("\"{}\" in line {line}, column {column}", shorten(cell))
            }
            Self::Quote { line } => format!("none in line {line}"),
            Self::NoSuchColumn { name, .. } => format!("the name \"{}\"", shorten(name)),
            Self::OneClass { name } => format!("\"{}\" in every row", shorten(name)),
            Self::TooManyCells { found: None } => "more than can be counted".to_owned(),
            Self::TooManyClasses { found }
            | Self::TooManyRows { found }
            | Self::TooManyCells { found: Some(found) } => found.to_string(),
            Self::TooLarge => "more".to_owned(),
            Self::Gzip { message } => format!("a broken one ({message})"),
            Self::Truncated { found, .. } | Self::TooLong { found, .. } | Self::LabelCount { found, .. } => {
                found.to_string()
            }
            Self::UnsupportedType { found } => format!("the type \"{}\"", shorten(found)),
            Self::FortranOrder => "one stored column by column".to_owned(),
            Self::Header { .. } | Self::Archive { .. } => "one without".to_owned(),
            Self::Shape { found, .. } => match found.as_slice() {
                [] => "a single number".to_owned(),
                shape => shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × "),
            },
            Self::LabelsTwice => "a file of labels beside it".to_owned(),
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Empty | Self::Magic { .. } => "is this the right file?",
            Self::NotText { .. } => "save it again as UTF-8",
            Self::OneColumn => "save the table with one of these separators",
            Self::Ragged { .. } => "complete the line or remove it",
            Self::NotANumber { .. } => "fill the cell in, or remove the row or the column",
            Self::Quote { .. } => "add it, and write a quote within a cell twice",
            Self::NoSuchColumn { .. } => "choose one of these, or none for the last column",
            Self::OneClass { .. } => "add rows of another class, or choose another column of labels",
            Self::TooManyClasses { .. } => "take the targets as numbers, or choose another column of labels",
            Self::TooManyRows { .. } | Self::TooManyCells { .. } | Self::TooLarge => "take a part of the table",
            Self::Gzip { .. } | Self::Truncated { .. } | Self::TooLong { .. } => "get the file again",
            Self::UnsupportedType { .. } => "convert the array, as with x.astype(\"float64\")",
            Self::FortranOrder => "save numpy.ascontiguousarray(x)",
            Self::Header { .. } => "save the array again",
            Self::Shape { .. } => "reshape the array",
            Self::NoLabels => "name the file of labels too",
            Self::Archive { .. } => "save the arrays again, as with numpy.savez(file, x=x, y=y)",
            Self::LabelsTwice => "name no file of labels",
            Self::LabelCount { .. } => "choose the two files that belong together",
        }
    }

    /// The same as what is wrong with a field, the key of a parameter or empty.
    pub(in crate::data) fn in_field(self, field: &str) -> FieldError {
        let kind = match self {
            Self::TooManyRows { .. } | Self::TooManyCells { .. } | Self::TooLarge => ErrorKind::TooLong,
            Self::NoLabels => ErrorKind::Missing,
            Self::NoSuchColumn { .. } => ErrorKind::Unknown,
            _ => ErrorKind::Type,
        };
        FieldError::new(kind, field, self.expected(), self.found(), self.remedy())
    }
}
