//! Files that are whole or not there.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// Writes a file under a temporary name beside it and renames it once it is on the disk. Whatever
/// comes in between, a full disk or an interrupt, `path` is what it was before.
///
/// The temporary name is always the same, `path` with `.tmp` behind it: whoever calls this keeps
/// others from writing the same file, and what a killed process left is overwritten.
///
/// # Errors
///
/// If the file cannot be written, or as `write`.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let temporary = temporary(path);
    let written = (|| {
        let mut output = BufWriter::with_capacity(1 << 16, File::create(&temporary)?);
        write(&mut output)?;
        output.flush()?;
        output.get_ref().sync_all()?;
        fs::rename(&temporary, path)
    })();
    if written.is_err() {
        // It says why already.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".tmp");
    name.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_leaves_what_was_there() {
        let folder = std::env::temp_dir().join(format!("flatland-whole-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("table");
        write_whole(&path, |output| output.write_all(b"first")).unwrap();
        let error = write_whole(&path, |output| {
            output.write_all(b"second")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
