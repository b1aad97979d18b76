//! The built page as one file, for people who host it: `pkg/flatland-site.zip`.

use std::fs::{self, File};
use std::io::{self, Cursor, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::process::progress;
use crate::{page, paths};

/// The folder within the file.
const FOLDER: &str = "flatland";

/// What stands beside the page for who unpacks it.
const README: &str = "\
Flatland, an edge-of-stability laboratory: a static site. Any web server can serve this folder, under any path.

To look at it on this machine:

    python3 -m http.server 8000

in this folder, then open http://127.0.0.1:8000/ in a browser. (Opened as a file it cannot run: browsers load
programs only through a web server.)

What a public server should send along is in docs/hosting.md of Flatland's repository.
";

/// `cargo xtask zip`.
pub fn command(mode: page::Mode) -> Result<()> {
    page::build(mode)?;
    fs::create_dir_all(paths::package()).with_context(|| format!("creating {}", paths::package().display()))?;
    let path = paths::package().join("flatland-site.zip");
    let bytes = zipped(&paths::dist())?;
    fs::write(&path, &bytes).with_context(|| format!("writing {}", path.display()))?;
    progress(&format!("The page is in {}, {} kB: unpack it and serve it", paths::shown(&path), bytes.len() / 1000));
    Ok(())
}

/// A folder with all it holds, and the readme beside it. The same files give the same bytes.
fn zipped(site: &Path) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    archive.start_file(format!("{FOLDER}/README.txt"), options)?;
    archive.write_all(README.as_bytes())?;
    for file in files(site)? {
        let name: Vec<_> = file.strip_prefix(site)?.iter().map(|part| part.to_string_lossy()).collect();
        archive.start_file(format!("{FOLDER}/{}", name.join("/")), options)?;
        let mut source = File::open(&file).with_context(|| format!("reading {}", file.display()))?;
        io::copy(&mut source, &mut archive).with_context(|| format!("reading {}", file.display()))?;
    }
    Ok(archive.finish()?.into_inner())
}

/// All files under a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn all_files_are_in_it_with_their_contents_and_twice_the_same() -> Result<()> {
        let site = std::env::temp_dir().join(format!("flatland-site-{}", std::process::id()));
        fs::create_dir_all(site.join("lessons"))?;
        fs::write(site.join("index.html"), "<!doctype html>")?;
        fs::write(site.join("lessons/edge.json"), "{}")?;
        let bytes = zipped(&site)?;
        assert_eq!(bytes, zipped(&site)?);
        fs::remove_dir_all(&site)?;
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
        let names = archive.file_names().map(|name| Ok(name?.into_owned())).collect::<Result<Vec<String>>>()?;
        assert_eq!(names, ["flatland/README.txt", "flatland/index.html", "flatland/lessons/edge.json"]);
        let mut text = String::new();
        archive.by_name("flatland/index.html")?.read_to_string(&mut text)?;
        assert_eq!(text, "<!doctype html>");
        Ok(())
    }
}
