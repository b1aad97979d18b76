//! The files that a network's data need: those that are part of this program, and the user's.

use std::fs;
use std::io;
use std::path::Path;

use flatland_engine::Experiment;
use flatland_engine::data::{self, shelf};
use flatland_engine::experiment::{ErrorKind, FieldError};

use crate::Failure;

/// The largest file of a user's, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// The shipped files by their names on the shelf.
const SHIPPED: [(&str, &[u8]); 5] = [
    ("digits", include_bytes!("../../static/data/digits.csv.gz")),
    ("mnist/train-images", include_bytes!("../../static/data/mnist/train-5000-images.idx3-ubyte.gz")),
    ("mnist/train-labels", include_bytes!("../../static/data/mnist/train-5000-labels.idx1-ubyte.gz")),
    ("mnist/test-images", include_bytes!("../../static/data/mnist/test-1000-images.idx3-ubyte.gz")),
    ("mnist/test-labels", include_bytes!("../../static/data/mnist/test-1000-labels.idx1-ubyte.gz")),
];

/// Puts all files that the experiment's data need on the shelf; paths are relative to `folder`.
///
/// # Errors
///
/// Where a file cannot be read or is too large, or is not the one that its SHA-256 says.
pub fn fetch(experiment: &Experiment, folder: &Path) -> Result<(), Failure> {
    let spec = experiment.objective.part("data");
    for name in data::files(spec) {
        if shelf::get(name).is_some() {
            continue;
        }
        let shipped = SHIPPED.iter().find(|(known, _)| *known == name);
        let bytes = match shipped {
            Some((_, bytes)) => bytes.to_vec(),
            // The engine says what is missing where a SHA-256 has no path beside it.
            None if shelf::is_sha256(name) => match spec.text("path") {
                "" => continue,
                path => read(folder, path)?,
            },
            None => read(folder, name)?,
        };
        shelf::put(name, bytes).map_err(|error| FieldError {
            kind: ErrorKind::Unknown,
            field: "objective.data".to_owned(),
            expected: "the file that the experiment was made with".to_owned(),
            found: error.to_string(),
            remedy: "give that file, or leave \"sha256\" out".to_owned(),
        })?;
    }
    Ok(())
}

fn read(folder: &Path, path: &str) -> Result<Vec<u8>, Failure> {
    let file = folder.join(path);
    let failure = |error| Failure::Io(format!("read {}", file.display()), error);
    let length = fs::metadata(&file).map_err(failure)?.len();
    if length > MAX_BYTES {
        let message = format!("it has {length} bytes, and at most {MAX_BYTES} are read: take fewer rows");
        return Err(failure(io::Error::new(io::ErrorKind::FileTooLarge, message)));
    }
    fs::read(&file).map_err(failure)
}
