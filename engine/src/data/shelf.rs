//! The files that are at hand: a table of bytes by name, for the whole process.
//!
//! The engine opens no file and fetches nothing. Whoever runs it, a page or a command line, puts
//! bytes here before it builds a data set; a file of the user's stands under its SHA-256 or, on a
//! command line, under its path. It is a cache of content that never changes: putting a shipped
//! file twice changes nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};

use super::table::{TableError, gunzip};

/// A file that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its name on the shelf.
    pub name: &'static str,

    /// Where it lies within the folder of data sets, gzipped.
    pub file: &'static str,

    /// The SHA-256 of its uncompressed content, in hexadecimal digits.
    pub sha256: &'static str,
}

/// All files that come with the program.
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "digits",
        file: "digits.csv.gz",
        sha256: "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
    },
    Shipped {
        name: "mnist/train-images",
        file: "mnist/train-5000-images.idx3-ubyte.gz",
        sha256: "c736d8124353305b5772271da69f5e319c507252ce6a1f92362c70362e771476",
    },
    Shipped {
        name: "mnist/train-labels",
        file: "mnist/train-5000-labels.idx1-ubyte.gz",
        sha256: "6071f384a186318e9a479b9655370d64c2aeb1d57ed53b883e5902359995f7f3",
    },
    Shipped {
        name: "mnist/test-images",
        file: "mnist/test-1000-images.idx3-ubyte.gz",
        sha256: "aa36e1f600dcfb43cbc77881244f7fc1960a4d9eb42e309939f64a642b0a4a39",
    },
    Shipped {
        name: "mnist/test-labels",
        file: "mnist/test-1000-labels.idx1-ubyte.gz",
        sha256: "da363b388f4ce7fb2cf09fb1d734c771ce6baa051459da6dc8f5df3bf399d614",
    },
];

/// Why bytes were not put on the shelf.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ShelfError {
    /// The content is not that of the name.
    #[error("\"{name}\": expected content with the SHA-256 {expected}, found {found}; get the file again")]
    Content {
        /// The name on the shelf.
        name: String,
        /// The SHA-256 that belongs to the name.
        expected: String,
        /// The SHA-256 of the bytes.
        found: String,
    },

    /// The bytes cannot be uncompressed.
    #[error("\"{name}\": {error}")]
    Gzip {
        /// The name on the shelf.
        name: String,
        /// What is wrong with them.
        error: TableError,
    },
}

/// The SHA-256 of bytes as 64 lower-case hexadecimal digits: FIPS 180-4.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text is a SHA-256 as [`sha256`] writes it.
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Puts a file on the shelf, in place of what stood under that name. A shipped file may come
/// gzipped or not; it is kept uncompressed. A user's file is kept as it is.
///
/// # Errors
///
/// Where the content is not that of the shipped file with this name, or has another SHA-256 than
/// the one that is its name; the shelf is then as it was.
pub fn put(name: &str, bytes: Vec<u8>) -> Result<(), ShelfError> {
    let shipped = SHIPPED.iter().find(|shipped| shipped.name == name);
    let bytes = match (shipped, gunzip(&bytes)) {
        (Some(_), Err(error)) => return Err(ShelfError::Gzip { name: name.to_owned(), error }),
        (Some(_), Ok(Some(content))) => content,
        _ => bytes,
    };
    let expected = shipped.map(|shipped| shipped.sha256).or_else(|| is_sha256(name).then_some(name));
    if let Some(expected) = expected {
        let found = sha256(&bytes);
        if found != expected {
            return Err(ShelfError::Content { name: name.to_owned(), expected: expected.to_owned(), found });
        }
    }
    let mut files = files().write().unwrap_or_else(PoisonError::into_inner);
    files.insert(name.to_owned(), bytes.into());
    Ok(())
}

/// The bytes under a name; a shipped file's uncompressed, a user's as they were put.
#[must_use]
pub fn get(name: &str) -> Option<Arc<[u8]>> {
    files().read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
}

/// The table itself. An insertion that panicked left it whole, so that its poison can be ignored.
fn files() -> &'static RwLock<BTreeMap<String, Arc<[u8]>>> {
    static FILES: OnceLock<RwLock<BTreeMap<String, Arc<[u8]>>>> = OnceLock::new();
    FILES.get_or_init(RwLock::default)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Puts all shipped files on the shelf, once for all tests.
    pub fn fill() {
        static FILLED: OnceLock<()> = OnceLock::new();
        FILLED.get_or_init(put_all);
    }

    fn put_all() {
        let files: [(&str, &[u8]); 5] = [
            ("digits", include_bytes!("../../../static/data/digits.csv.gz")),
            ("mnist/train-images", include_bytes!("../../../static/data/mnist/train-5000-images.idx3-ubyte.gz")),
            ("mnist/train-labels", include_bytes!("../../../static/data/mnist/train-5000-labels.idx1-ubyte.gz")),
            ("mnist/test-images", include_bytes!("../../../static/data/mnist/test-1000-images.idx3-ubyte.gz")),
            ("mnist/test-labels", include_bytes!("../../../static/data/mnist/test-1000-labels.idx1-ubyte.gz")),
        ];
        for (name, bytes) in files {
            put(name, bytes.to_vec()).unwrap();
        }
    }

    /// The examples of FIPS 180-2.
    #[test]
    fn hashes_are_those_of_the_standard() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert!(is_sha256(expected) && !is_sha256(&expected.to_uppercase()) && !is_sha256("ba78"));
    }

    #[test]
    fn shipped_files_are_checked_gzipped_or_not() {
        fill();
        let digits = get("digits").unwrap();
        assert_eq!(digits.len(), 264_712);
        put("digits", digits.to_vec()).unwrap();
        let mut altered = digits.to_vec();
        altered[0] = b'1';
        let error = put("digits", altered).unwrap_err();
        assert!(matches!(&error, ShelfError::Content { name, .. } if name == "digits"), "{error}");
        let error = put("digits", vec![0x1f, 0x8b, 8, 0]).unwrap_err();
        assert!(matches!(error, ShelfError::Gzip { .. }), "{error}");
        assert_eq!(get("digits").unwrap(), digits);
    }

    #[test]
    fn a_hash_names_only_its_own_content() {
        let name = sha256(b"a file of the user's");
        assert!(put(&name, b"another file".to_vec()).is_err());
        assert_eq!(get(&name), None);
        put(&name, b"a file of the user's".to_vec()).unwrap();
        assert_eq!(&*get(&name).unwrap(), b"a file of the user's");
        put("some/path.csv", b"anything".to_vec()).unwrap();
        assert_eq!(&*get("some/path.csv").unwrap(), b"anything");
    }
}
