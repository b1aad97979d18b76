//! Folders for files that tests write.

use std::fs;
use std::path::PathBuf;

/// An empty folder of a test's own.
pub struct Folder(PathBuf);

impl Folder {
    /// The folder with this name, emptied.
    pub fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// Where a file in it lies.
    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }
}
