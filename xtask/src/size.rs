//! How much the page weighs before it can be used, compressed as web servers send it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process::Run;

/// All files of the first load together may weigh this many bytes. The goal is 380 kB.
pub const BUDGET: u64 = 380_000;

/// Compresses each file named in the arguments and prints its sizes, one line each.
const BROTLI: &str = r#"
const { brotliCompressSync, constants } = require("node:zlib");
for (const file of process.argv.slice(1)) {
  const bytes = require("node:fs").readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  console.log(bytes.length, brotliCompressSync(bytes, { params }).length);
}
"#;

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// Its path in the site.
    pub file: String,
    /// Bytes on disk.
    pub raw: u64,
    /// Bytes when compressed.
    pub brotli: u64,
}

/// What the page weighs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The files of the first load.
    pub weights: Vec<Weight>,
    /// Programs and parts of the page's program that are fetched when somebody wants them.
    pub on_request: Vec<Weight>,
}

impl Report {
    /// Bytes to transfer for the first load.
    pub fn total(&self) -> u64 {
        self.weights.iter().map(|weight| weight.brotli).sum()
    }

    /// Whether the page keeps to [`BUDGET`].
    pub fn within_budget(&self) -> bool {
        self.total() <= BUDGET
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kilobytes = |bytes: u64| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
        for (name, weights) in [("fetched on request", &self.on_request), ("first load", &self.weights)] {
            writeln!(f, "{name:<48}{:>12}{:>12}", "raw", "brotli")?;
            for weight in weights {
                writeln!(f, "{:<48}{:>12}{:>12}", weight.file, kilobytes(weight.raw), kilobytes(weight.brotli))?;
            }
        }
        let raw = self.weights.iter().map(|weight| weight.raw).sum();
        let verdict = if self.within_budget() { "within" } else { "ABOVE" };
        write!(
            f,
            "{:<48}{:>12}{:>12}   {verdict} the budget of {}",
            "together",
            kilobytes(raw),
            kilobytes(self.total()),
            kilobytes(BUDGET)
        )
    }
}

/// Weighs what a browser loads before the page in `dist` can be used, and the programs that it
/// fetches later.
pub fn measure(dist: &Path) -> Result<Report> {
    let first = first_load(dist)?;
    let mut later = BTreeSet::new();
    add_files(dist, Path::new(""), "wasm", &mut later)?;
    let later = later.difference(&first).cloned().collect();
    Ok(Report { weights: weigh(dist, &first)?, on_request: weigh(dist, &later)? })
}

fn weigh(dist: &Path, files: &BTreeSet<PathBuf>) -> Result<Vec<Weight>> {
    let paths = files.iter().map(|file| dist.join(file));
    let output =
        Run::new("node").arg("--eval").arg(BROTLI).arg("--").args(paths).hint("run `cargo xtask build`").capture()?;
    let mut weights = Vec::new();
    for (file, line) in files.iter().zip(output.lines()) {
        let (raw, brotli) =
            line.split_once(' ').with_context(|| format!("node wrote {line:?} instead of two sizes"))?;
        weights.push(Weight { file: file.display().to_string(), raw: raw.parse()?, brotli: brotli.parse()? });
    }
    Ok(weights)
}

/// `index.html`, what it names, the program's snippets, and the script that starts workers.
fn first_load(dist: &Path) -> Result<BTreeSet<PathBuf>> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("reading {}", index.display()))?;
    let mut files: BTreeSet<PathBuf> = [PathBuf::from("index.html"), PathBuf::from("worker.js")].into();
    files.extend(named_in(&html));
    add_files(dist, Path::new("snippets"), "js", &mut files)?;
    files.retain(|file| dist.join(file).is_file());
    Ok(files)
}

/// The files of the site that a page refers to.
fn named_in(html: &str) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for attribute in [" href=\"", " src=\"", " data-js=\"", " data-wasm=\""] {
        for rest in html.split(attribute).skip(1) {
            let value = rest.split('"').next().unwrap_or_default();
            let path = Path::new(value.split(['?', '#']).next().unwrap_or_default());
            let path: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
            if !value.contains(':')
                && path.components().all(|part| matches!(part, Component::Normal(_)))
                && !path.as_os_str().is_empty()
            {
                files.insert(path);
            }
        }
    }
    files
}

/// Adds every file under `folder`, which need not exist, whose name ends in `ending`.
fn add_files(dist: &Path, folder: &Path, ending: &str, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(dist.join(folder)) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            add_files(dist, &path, ending, files)?;
        } else if path.extension().is_some_and(|extension| extension == ending) {
            files.insert(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_a_page_names_are_found_once_each() {
        let html = r##"<link href="./style-1.css"><link rel="preload" href="./a_bg.wasm">
            <script defer src="boot.js?v=1" data-js="./a.js" data-wasm="./a_bg.wasm"></script>
            <a href="https://example.org/x.js">x</a><a href="#main">m</a><a href="../up.js">u</a><a href="/root.js">r</a>"##;
        let names: Vec<String> = named_in(html).iter().map(|path| path.display().to_string()).collect();
        assert_eq!(names, ["a.js", "a_bg.wasm", "boot.js", "style-1.css"]);
    }

    #[test]
    fn the_budget_is_on_the_compressed_sum() {
        let weigh = |brotli| Weight { file: "a".to_owned(), raw: 1_000_000, brotli };
        let mut report = Report { weights: vec![weigh(BUDGET - 1), weigh(1)], on_request: vec![weigh(BUDGET)] };
        assert!(report.within_budget());
        assert!(report.to_string().contains("within the budget of 380.0 kB"), "{report}");
        report.weights.push(weigh(1));
        assert!(!report.within_budget());
        assert!(report.to_string().contains("ABOVE"), "{report}");
    }
}
