//! The rows of a sweep as a Parquet file.
//!
//! Such a file can only be written at once, since it ends with what says where everything lies. So
//! rows are [kept](super::kept) as CSV, which holds every bit of a number, in `FILE.rows`, and become
//! the file when all are there: under another name first, so that a part is never taken for a whole.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use flatland_host::sweep::parquet::{self, Metadata};
use flatland_host::sweep::{Cell, Rows};
use flatland_host::whole::write_whole;

use super::kept::{Kept, Shape, is_of, with_ending};
use crate::Failure;

/// The rows that become a batch of columns.
const ROWS_OF_BATCH: usize = 1 << 14;

/// A Parquet file to be.
pub struct Table {
    /// Its rows so far.
    pub rows: Kept,

    rows_path: PathBuf,
    path: PathBuf,
    schema: SchemaRef,
    metadata: Metadata,
}

impl Table {
    /// Begins the file at `path`, or goes on with the rows that an earlier call left; None where it
    /// is there already.
    ///
    /// # Errors
    ///
    /// As [`Kept::open`].
    pub fn open(
        path: &Path,
        shape: &Shape<'_>,
        schema: SchemaRef,
        metadata: Metadata,
    ) -> Result<Option<Self>, Failure> {
        let rows_path = with_ending(path, ".rows");
        if path.exists() {
            is_of(path, shape)?;
            // Left by a command that was interrupted when all was done.
            match fs::remove_file(&rows_path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Failure::Io(format!("remove {}", rows_path.display()), error));
                }
                _ => return Ok(None),
            }
        }
        let rows = Kept::open(&rows_path, path, shape)?;
        Ok(Some(Self { rows, rows_path, path: path.to_owned(), schema, metadata }))
    }

    /// Writes the file, all rows being there, and removes them.
    ///
    /// # Errors
    ///
    /// If the rows cannot be read or the file cannot be written; the same command then goes on from
    /// the rows.
    pub fn finish(self) -> Result<(), Failure> {
        let doing = |what: &str, path: &Path| format!("{what} {}", path.display());
        let file = File::open(&self.rows_path).map_err(|error| Failure::Io(doing("read", &self.rows_path), error))?;
        let batches = Batches { records: Records::new(BufReader::new(file)), schema: SchemaRef::clone(&self.schema) };
        write_whole(&self.path, |output| parquet::write(output, &self.schema, &self.metadata, batches))
            .map_err(|error| Failure::Io(doing("write", &self.path), error))?;
        // Windows removes no file that is open.
        drop(self.rows);
        fs::remove_file(&self.rows_path).map_err(|error| Failure::Io(doing("remove", &self.rows_path), error))
    }
}

/// Rows of CSV as columns, many at a time.
struct Batches<R> {
    records: Records<R>,
    schema: SchemaRef,
}

impl<R: BufRead> Batches<R> {
    fn batch(&mut self) -> io::Result<Option<RecordBatch>> {
        let mut rows = Rows::new(&self.schema);
        let mut count = 0;
        while count < ROWS_OF_BATCH {
            let Some(record) = self.records.next()? else { break };
            if record.len() != self.schema.fields().len() {
                return Err(no_row(format!("{} cells", record.len())));
            }
            let cells = self.schema.fields().iter().zip(record).map(|(field, text)| match field.data_type() {
                DataType::Int64 => text.parse().map(Cell::Count).map_err(|_| no_row(text.clone())),
                DataType::Utf8 => Ok(Cell::Text(text)),
                _ => text.parse().map(Cell::Number).map_err(|_| no_row(text.clone())),
            });
            rows.push_cells(cells.collect::<io::Result<Vec<_>>>()?);
            count += 1;
        }
        if count == 0 { Ok(None) } else { rows.take().map(Some).map_err(io::Error::other) }
    }
}

impl<R: BufRead> Iterator for Batches<R> {
    type Item = io::Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

fn no_row(found: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the rows kept for it have been changed: found {found}"))
}

/// The rows of a table in CSV, behind its head.
struct Records<R> {
    reader: R,
    is_headless: bool,
    line: Vec<u8>,
    cells: Vec<String>,
}

impl<R: BufRead> Records<R> {
    fn new(reader: R) -> Self {
        Self { reader, is_headless: false, line: Vec::new(), cells: Vec::new() }
    }

    /// The cells of the next row.
    fn next(&mut self) -> io::Result<Option<&[String]>> {
        if !self.is_headless {
            self.read()?;
            self.is_headless = true;
        }
        self.read()?;
        let text = str::from_utf8(&self.line).map_err(|_| no_row("bytes that are no text".to_owned()))?;
        let mut rest = text.trim_end_matches('\n');
        if rest.is_empty() {
            return Ok(None);
        }
        self.cells.clear();
        loop {
            let (cell, behind) = cell(rest);
            self.cells.push(cell);
            match behind.strip_prefix(',') {
                Some(behind) => rest = behind,
                None => return Ok(Some(&self.cells)),
            }
        }
    }

    /// A line, with those after it as long as one ends within quotes.
    fn read(&mut self) -> io::Result<()> {
        self.line.clear();
        loop {
            let count = self.reader.read_until(b'\n', &mut self.line)?;
            if count == 0 || self.line.iter().filter(|byte| **byte == b'"').count() % 2 == 0 {
                return Ok(());
            }
        }
    }
}

/// The first cell of a row, and what stands behind it.
fn cell(row: &str) -> (String, &str) {
    let Some(mut rest) = row.strip_prefix('"') else {
        let (cell, behind) = row.split_at(row.find(',').unwrap_or(row.len()));
        return (cell.to_owned(), behind);
    };
    let mut cell = String::new();
    while let Some((part, behind)) = rest.split_once('"') {
        cell.push_str(part);
        match behind.strip_prefix('"') {
            Some(behind) => {
                cell.push('"');
                rest = behind;
            }
            None => return (cell, behind),
        }
    }
    (cell, "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use flatland_export::csv;

    use super::*;

    #[test]
    fn cells_are_read_as_they_were_meant() {
        let texts = ["plain", "a,b", "a \"quoted\" one", "two\nlines", "", "\"", "Ünï, \"\n\""];
        let line: Vec<_> = texts.iter().map(|text| csv::text(text)).collect();
        let table = format!("a head,\"of two\nlines\"\n{}\n{}\n", line.join(","), line.join(","));
        let mut records = Records::new(table.as_bytes());
        for _ in 0..2 {
            assert_eq!(records.next().unwrap().unwrap(), texts);
        }
        assert_eq!(records.next().unwrap(), None);
    }

    #[test]
    fn numbers_keep_their_bits() {
        for number in [0.1, -0.0, 5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, 1e21] {
            let text = format!("{number:?}");
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{text}");
        }
        assert!(format!("{:?}", f64::NAN).parse::<f64>().unwrap().is_nan());
    }
}
