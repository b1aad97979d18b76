//! The files that a network's data need: those that are part of this program, and the user's.

use std::fs;
use std::io;
use std::path::Path;

use flatland_engine::Experiment;
use flatland_engine::data::shelf::ShelfError;
use flatland_engine::data::{self, shelf};
use flatland_engine::experiment::{ErrorKind, FieldError, Spec};

use serde_json::Value;

use crate::ReadError;

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

/// An experiment that needs no folder, and its files of data.
pub struct Sealed {
    /// The experiment, which names its files by their SHA-256.
    pub experiment: Experiment,

    /// The content of the files that do not come with this program, by their names.
    pub files: Vec<(String, Vec<u8>)>,
}

/// See [`crate::document::fetch_data`].
pub fn fetch(experiment: &Experiment, folder: &Path) -> Result<(), ReadError> {
    let spec = experiment.objective.part("data");
    for name in data::files(spec) {
        // A path may have other content than when it was last read in this process.
        let is_path = !shelf::is_sha256(name) && SHIPPED.iter().all(|(known, _)| *known != name);
        if !is_path && shelf::get(name).is_some() {
            continue;
        }
        let bytes = match SHIPPED.iter().find(|(known, _)| *known == name) {
            Some((_, bytes)) => bytes.to_vec(),
            None if shelf::is_sha256(name) => read(folder, path_of(spec, name)?)?,
            None => read(folder, name)?,
        };
        put(name, bytes)?;
    }
    Ok(())
}

fn put(name: &str, bytes: Vec<u8>) -> Result<(), FieldError> {
    shelf::put(name, bytes).map_err(|error| {
        let found = match error {
            ShelfError::Content { found, .. } => format!("one with {found}"),
            ShelfError::Gzip { error, .. } => error.to_string(),
        };
        FieldError {
            kind: ErrorKind::Unknown,
            field: "objective.data.sha256".to_owned(),
            expected: format!("a file with the SHA-256 {name}"),
            found,
            remedy: "give the file that the experiment was made with, or leave \"sha256\" out".to_owned(),
        }
    })
}

/// See [`crate::document::sealed`].
pub fn seal(experiment: &Experiment, folder: &Path) -> Result<Sealed, ReadError> {
    let spec = experiment.objective.part("data");
    let mut document: Value = serde_json::from_str(&experiment.to_json()).unwrap_or_default();
    let mut files = Vec::new();
    for name in data::files(spec).into_iter().filter(|name| SHIPPED.iter().all(|(known, _)| known != name)) {
        let is_sha256 = shelf::is_sha256(name);
        // A path may have other content than when it was last read in this process.
        let content = match shelf::get(name).filter(|_| is_sha256) {
            Some(content) => content.to_vec(),
            None => read(folder, if is_sha256 { path_of(spec, name)? } else { name })?,
        };
        let key = if spec.text("labels") == name { "labels" } else { "sha256" };
        let sha256 = if is_sha256 { name.to_owned() } else { shelf::sha256(&content) };
        document["objective"]["data"][key] = Value::from(sha256.as_str());
        files.push((sha256, content));
    }
    for (name, content) in &files {
        put(name, content.clone())?;
    }
    let experiment = Experiment::from_json(&document.to_string())?;
    fetch(&experiment, folder)?;
    Ok(Sealed { experiment, files })
}

/// The path of the file with this SHA-256.
fn path_of<'a>(spec: &'a Spec, sha256: &str) -> Result<&'a str, FieldError> {
    let is_main = spec.text("sha256") == sha256;
    let path = if is_main { spec.text("path") } else { "" };
    if !path.is_empty() {
        return Ok(path);
    }
    let (field, remedy) = if is_main {
        ("objective.data.path", "add it: \"path\": \"table.csv\", relative to the document")
    } else {
        ("objective.data.labels", "give the path instead, relative to the document")
    };
    Err(FieldError {
        kind: ErrorKind::Missing,
        field: field.to_owned(),
        expected: "the path of a file".to_owned(),
        found: "its SHA-256 alone".to_owned(),
        remedy: remedy.to_owned(),
    })
}

fn read(folder: &Path, path: &str) -> Result<Vec<u8>, ReadError> {
    let file = folder.join(path);
    let failure = |error| ReadError::Io(format!("read {}", file.display()), error);
    let length = fs::metadata(&file).map_err(failure)?.len();
    if length > MAX_BYTES {
        let message = format!("it has {length} bytes, and at most {MAX_BYTES} are read: take fewer rows");
        return Err(failure(io::Error::new(io::ErrorKind::FileTooLarge, message)));
    }
    fs::read(&file).map_err(failure)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_file_that_has_changed_is_read_anew() {
        let name = format!("flatland-host-data-{}.csv", std::process::id());
        let folder = std::env::temp_dir();
        let document = format!(
            r#"{{"version":1,"objective":{{"name":"network","data":{{"name":"file","path":"{name}"}},"hidden":[3]}},
                "runs":[{{"policy":{{"name":"constant","eta":0.1}}}}],"steps":0}}"#
        );
        let content_with = |label: f64| {
            let rows: String = (0..20).map(|i| format!("{},{}\n", 0.1 * f64::from(i), label * f64::from(i))).collect();
            fs::write(folder.join(&name), format!("x,y\n{rows}")).unwrap();
            let experiment = Experiment::from_json(&document).unwrap();
            fetch(&experiment, &folder).unwrap();
            shelf::get(&name).unwrap().to_vec()
        };
        let (one, two) = (content_with(0.5), content_with(2.0));
        fs::remove_file(folder.join(&name)).unwrap();
        assert_ne!(one, two);
        assert!(String::from_utf8(two).unwrap().contains("0.1,2\n"));
    }
}
