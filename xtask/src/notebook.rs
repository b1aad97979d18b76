//! The page's files as the Python package holds them, for the widget in notebooks.
//!
//! There is no server there: the page's scripts stand behind blob: addresses, to which nothing can
//! be relative. What they name relative to themselves begins with `flatland:/` here, which
//! `python/flatland/_frame.js` understands. Two scripts that import each other cannot both have the
//! other's address, so that the chunks reach the program by way of `globalThis`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};

use crate::paths;

/// What the package does without: the site's own pages and icons, what keeps it offline, and the
/// large data set.
const LEFT_OUT: [&str; 8] = [
    "data/README.md",
    "data/mnist/",
    "docs",
    "flatland-lab.js",
    "icon-",
    "inter-license.txt",
    "manifest.webmanifest",
    "offline.js",
];
/// Endings of files that are compressed in themselves.
const COMPRESSED: [&str; 3] = ["gz", "png", "woff2"];
/// The ending of what is packed here; `python/flatland/_page.py` takes it off.
const PACKED: &str = ".packed";

/// Where the package holds the page.
pub fn folder() -> PathBuf {
    paths::root().join("python/flatland/_page")
}

/// Puts the page in `site` into the package's `folder`, in place of what is there.
pub fn pack(site: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    for path in files(site)? {
        let name = name_in(site, &path);
        if LEFT_OUT.iter().any(|left_out| name.starts_with(left_out)) {
            continue;
        }
        let content = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let content = if name.ends_with(".js") {
            let text = String::from_utf8(content).with_context(|| format!("{name} is no text"))?;
            adapted(&name, &text)
                .with_context(|| format!("{name} is not written as xtask/src/notebook.rs expects it"))?
                .into_bytes()
        } else {
            content
        };
        let is_compressed = COMPRESSED.iter().any(|ending| name.ends_with(ending));
        let (name, content) = if is_compressed { (name, content) } else { (name + PACKED, packed(&content)?) };
        let target = folder.join(name);
        let parent = target.parent().context("a file lies in a folder")?;
        fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
        fs::write(&target, content).with_context(|| format!("writing {}", target.display()))?;
    }
    Ok(())
}

/// The same bytes for the same content.
fn packed(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// A script as it works without an address; `None` if it is not as expected.
fn adapted(name: &str, text: &str) -> Option<String> {
    if name == "worker.js" {
        // `_frame.js` imports for it.
        return (text.matches("import(").count() == 1).then(|| text.replace("import(", "flatlandImport("));
    }
    let text = text.replace("import.meta.url", "\"flatland:/\"").replace("import(\"./", "flatlandImport(\"./");
    if name.ends_with("-chunks.js") {
        let (import, rest) = text.split_once(';')?;
        let local = between(import, "initSync as ", "}")?.trim();
        return Some(format!("const {local}=(...all)=>globalThis.flatlandProgram(...all);{rest}"));
    }
    if text.contains("-chunks.js\"") {
        let exports = between(&text, "export{", "}").or_else(|| between(&text, "export {", "}"))?;
        let local = exports.split(',').find_map(|export| match export.trim().split_once(" as ") {
            Some((local, "initSync")) => Some(local),
            None if export.trim() == "initSync" => Some("initSync"),
            _ => None,
        })?;
        return Some(format!("{text}\nglobalThis.flatlandProgram={local};"));
    }
    Some(text)
}

/// What stands between two marks, the first time.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(begin)?;
    Some(rest.split_once(end)?.0)
}

/// A file's name within a folder, with slashes.
fn name_in(folder: &Path, path: &Path) -> String {
    let name = path.strip_prefix(folder).unwrap_or(path);
    name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// All files under a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_no_longer_ask_where_they_are_nor_import_in_circles() {
        let chunks = "import{initSync as t}from\"./p-1.js\";fetch(new URL(\"./p-1-rooms.wasm\",import.meta.url));t()";
        assert_eq!(
            adapted("p-1-chunks.js", chunks).expect("chunks"),
            "const t=(...all)=>globalThis.flatlandProgram(...all);fetch(new URL(\"./p-1-rooms.wasm\",\"flatland:/\"));t()"
        );
        let glue = "import*as n from\"./p-1-chunks.js\";function Y(){}export{Y as initSync,V as default};";
        assert_eq!(adapted("p-1.js", glue).expect("glue"), format!("{glue}\nglobalThis.flatlandProgram=Y;"));
        let long = "import * as n from \"./p-1-chunks.js\";\nexport { initSync, init as default };\n";
        assert!(adapted("p-1.js", long).expect("glue").ends_with("globalThis.flatlandProgram=initSync;"));
        assert_eq!(adapted("worker.js", "await import(data.js)").expect("worker"), "await flatlandImport(data.js)");
        let boot = "import(glue),import(\"./lists.js\")";
        assert_eq!(adapted("boot.js", boot).expect("boot"), "import(glue),flatlandImport(\"./lists.js\")");
    }

    #[test]
    fn scripts_of_another_form_are_refused() {
        assert_eq!(adapted("worker.js", "importScripts(js)"), None);
        assert_eq!(adapted("p-1-chunks.js", "import t from \"./p-1.js\";"), None);
        assert_eq!(adapted("p-1.js", "import*as n from\"./p-1-chunks.js\";export default V;"), None);
    }

    #[test]
    fn the_package_has_the_page_without_what_is_left_out() -> Result<()> {
        let base = std::env::temp_dir().join(format!("flatland-notebook-{}", std::process::id()));
        let (site, folder) = (base.join("site"), base.join("packed"));
        for (name, content) in [
            ("index.html", "<!doctype html>"),
            ("docs/index.html", "tour"),
            ("data/digits.csv.gz", "digits"),
            ("data/mnist/images.gz", "images"),
            ("lessons/edge.json", "{}"),
        ] {
            let path = site.join(name);
            fs::create_dir_all(path.parent().context("a folder")?)?;
            fs::write(path, content)?;
        }
        pack(&site, &folder)?;
        pack(&site, &folder)?;
        let mut names: Vec<String> = files(&folder)?.iter().map(|path| name_in(&folder, path)).collect();
        names.sort();
        fs::remove_dir_all(&base)?;
        assert_eq!(names, ["data/digits.csv.gz", "index.html.packed", "lessons/edge.json.packed"]);
        Ok(())
    }
}
