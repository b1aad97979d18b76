//! The rows of a sweep in a file, so that an interrupted sweep goes on where it was.
//!
//! Beside the rows, in `FILE.sweep`, stands what they are rows of: the completed experiment, the
//! fields with their values, and the format. Rows of anything else are never added to, and never
//! overwritten.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flatland_host::sweep::SweepError;
use serde_json::Value;

use crate::Failure;

/// A file that rows are added to.
pub struct Kept {
    file: File,
    path: PathBuf,

    /// The points whose rows were there already.
    pub points: usize,
}

/// What the file must hold.
pub struct Shape<'a> {
    /// What it is rows of.
    pub identity: &'a str,

    /// What stands before the first row; empty, or a line.
    pub head: &'a [u8],

    /// How many rows each point has.
    pub rows: usize,
}

impl Kept {
    /// Opens the file at `path`: a new one, or one with the first rows of the same sweep. What a
    /// point has less than all of its rows of, a row that was cut off among it, is taken out. `out`
    /// is what the user calls it, beside which stands what the rows are of.
    ///
    /// # Errors
    ///
    /// If there is a file that no sweep, or another one, has written, and if files cannot be read or
    /// written.
    pub fn open(path: &Path, out: &Path, shape: &Shape<'_>) -> Result<Self, Failure> {
        let beside = with_ending(out, ".sweep");
        let reading = |path: &Path| format!("read {}", path.display());
        let writing = |path: &Path| format!("write {}", path.display());
        if !path.exists() {
            // First what the rows are of: without it they would be refused later on.
            fs::write(&beside, shape.identity).map_err(|error| Failure::Io(writing(&beside), error))?;
            let mut file = File::create_new(path).map_err(|error| Failure::Io(writing(path), error))?;
            lock(&file, out)?;
            file.write_all(shape.head).map_err(|error| Failure::Io(writing(path), error))?;
            return Ok(Self { file, path: path.to_owned(), points: 0 });
        }
        is_of(out, shape)?;
        let file = OpenOptions::new().read(true).write(true).open(path);
        let mut file = file.map_err(|error| Failure::Io(writing(path), error))?;
        lock(&file, out)?;
        let there = whole_points(&file, shape).map_err(|error| Failure::Io(reading(path), error))?;
        let Some((points, length)) = there else { return Err(refusal(out, "rows with other columns")) };
        let mut trim = || {
            file.set_len(length)?;
            file.seek(SeekFrom::End(0))?;
            // It may have been interrupted before its head was written.
            if length == 0 { file.write_all(shape.head) } else { Ok(()) }
        };
        trim().map_err(|error| Failure::Io(writing(path), error))?;
        Ok(Self { file, path: path.to_owned(), points })
    }

    /// Adds rows, and waits until they are on the disk.
    ///
    /// # Errors
    ///
    /// If they cannot be written; the sweep can then go on from what is there.
    pub fn add(&mut self, rows: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(rows).and_then(|()| self.file.sync_data());
        written.map_err(|error| Failure::Io(format!("write {}", self.path.display()), error))
    }
}

/// Makes sure that what is there under the name `out` are rows of the same sweep.
///
/// # Errors
///
/// If they are of another one, or of none.
pub fn is_of(out: &Path, shape: &Shape<'_>) -> Result<(), Failure> {
    let beside = with_ending(out, ".sweep");
    match fs::read_to_string(&beside) {
        Ok(identity) if identity == shape.identity => Ok(()),
        Ok(identity) => Err(refusal(out, what_differs(&identity, shape.identity))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(refusal(out, "a file that no sweep has written")),
        Err(error) => Err(Failure::Io(format!("read {}", beside.display()), error)),
    }
}

/// What else there is, where it is not the same.
fn what_differs(there: &str, asked: &str) -> &'static str {
    let without_shard = |text: &str| {
        let mut identity: Value = serde_json::from_str(text).unwrap_or_default();
        identity.as_object_mut().map(|identity| identity.remove("shard"));
        identity
    };
    if without_shard(there) == without_shard(asked) { "another part of its grid" } else { "the rows of another sweep" }
}

/// Keeps others from adding rows at the same time.
fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Failure::InvalidSweep(SweepError {
            field: "--out".to_owned(),
            expected: "a file that no other command writes".to_owned(),
            found: format!("{}, which one is writing", path.display()),
            remedy: "wait until it has ended, or name another file".to_owned(),
        })),
        // Where the file system knows no locks, nobody is kept out.
        Err(TryLockError::Error(_)) | Ok(()) => Ok(()),
    }
}

/// The path with something behind its name.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

fn refusal(path: &Path, found: &str) -> Failure {
    Failure::InvalidSweep(SweepError {
        field: "--out".to_owned(),
        expected: "a new file, or the first rows of this very sweep".to_owned(),
        found: format!("{found} in {}", path.display()),
        remedy: "name another file, or delete that one and the one beside it that ends in .sweep".to_owned(),
    })
}

/// The points of which all rows are there, and the length of the file up to them; None where it
/// begins in another way.
fn whole_points(file: &File, shape: &Shape<'_>) -> io::Result<Option<(usize, u64)>> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    // Lines of CSV have a head, and may go on within quotes.
    let is_csv = !shape.head.is_empty();
    let mut is_quoted = false;
    let mut length = 0;
    if is_csv {
        reader.read_until(b'\n', &mut line)?;
        if line != shape.head {
            // It may have been interrupted within its head.
            return Ok(shape.head.starts_with(&line).then_some((0, 0)));
        }
        length += line.len() as u64;
    }
    let (mut points, mut rows, mut end) = (0, 0, length);
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok(Some((points, end)));
        }
        length += line.len() as u64;
        is_quoted ^= is_csv && line.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        rows += usize::from(!is_quoted);
        if rows == shape.rows && !is_quoted {
            (points, rows, end) = (points + 1, 0, length);
        }
    }
}
