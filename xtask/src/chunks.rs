//! Takes the page's program apart: what the first picture does not need lies in chunks that are
//! fetched on request.
//!
//! The page marks where (`src/rooms/mod.rs`). Cargo links the program with relocations
//! (`build.rs`), the splitter moves what only a chunk needs into a file of its own, and
//! wasm-bindgen then runs on what is left. A link module, which the program's glue imports, knows
//! where the chunks are. All files of a build have the hash in their names that Trunk gave the
//! program: a page never takes a chunk of another build.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::paths;
use crate::process::Run;

/// The environment variable that has `build.rs` of the page link for splitting, and Trunk's hook
/// leave the rest to us.
pub const VARIABLE: &str = "FLATLAND_CHUNKS";

/// The page's program.
const PROGRAM: &str = "flatland-page";

/// What follows the hash in the name of a program that wasm-bindgen made.
const WASM_SUFFIX: &str = "_bg.wasm";

/// What wasm-bindgen calls the program while it works on it. Each import has this name: it is
/// short.
const BOUND: &str = "page";

/// The page's program in a site that Trunk made.
pub struct Program {
    /// The site.
    site: PathBuf,
    /// The program as Cargo linked it.
    linked: PathBuf,
    /// What all files of the program begin with: its name and its hash.
    stem: String,
}

/// A program taken apart.
pub struct Parts {
    /// What is left of the program, for wasm-bindgen.
    main: PathBuf,
    /// Where wasm-bindgen is to put what it makes.
    bound: PathBuf,
    /// The script that fetches chunks.
    link: PathBuf,
    /// The chunks.
    chunks: Vec<PathBuf>,
}

impl Program {
    /// Finds the program in the site that Trunk has just made; `profile` is the folder of Cargo's
    /// output.
    pub fn find(site: &Path, profile: &str) -> Result<Self> {
        let linked = paths::target().join("wasm32-unknown-unknown").join(profile).join(format!("{PROGRAM}.wasm"));
        let names = fs::read_dir(site).with_context(|| format!("reading {}", site.display()))?;
        let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let stem = stem_among(names).with_context(|| {
            format!("Trunk left no program named {PROGRAM}-…{WASM_SUFFIX} in {}", paths::shown(site))
        })?;
        Ok(Self { site: site.to_owned(), linked, stem })
    }

    /// Takes the program apart.
    pub fn split(&self) -> Result<Parts> {
        let folder = paths::target().join("chunks");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
        let (out, bound) = (folder.join("split"), folder.join("bound"));
        let main = out.join("main.wasm");
        let linked = fs::read(&self.linked).with_context(|| format!("reading {}", self.linked.display()))?;
        // The glue and the link module import each other by the names that they have in the site.
        let (glue, link) = (format!("./{}.js", self.stem), format!("./{}-chunks.js", self.stem));
        let mut options = Options::new(&linked);
        options.output_dir = &out;
        options.main_out_path = &main;
        options.link_name = &link;
        options.main_module = &glue;
        let split = transform(options).map_err(|error| anyhow!("the page's program cannot be split: {error:#}"))?;
        Ok(Parts { link: out.join(&link), main, bound, chunks: split.split_modules })
    }

    /// Puts the parts into the site, where Trunk's program in one piece was.
    pub fn put_together(&self, parts: &Parts) -> Result<()> {
        let glue = parts.bound.join(format!("{BOUND}.js"));
        let text = fs::read_to_string(&glue).with_context(|| format!("reading {}", glue.display()))?;
        let [old, new] = [BOUND, &self.stem].map(|name| format!("'{name}{WASM_SUFFIX}'"));
        write(&self.site.join(format!("{}.js", self.stem)), &text.replace(&old, &new))?;
        copy(
            &parts.bound.join(format!("{BOUND}{WASM_SUFFIX}")),
            &self.site.join(format!("{}{WASM_SUFFIX}", self.stem)),
        )?;
        let mut link = fs::read_to_string(&parts.link).with_context(|| format!("reading {}", parts.link.display()))?;
        for chunk in &parts.chunks {
            let old = chunk.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let new = format!("{}-{}", self.stem, old.strip_prefix("split_").unwrap_or(&old));
            link = link.replace(&format!("\"./{old}\""), &format!("\"./{new}\""));
            copy(chunk, &self.site.join(new))?;
        }
        write(&self.site.join(format!("{}-chunks.js", self.stem)), &link)?;
        self.announce_link_module()
    }

    /// Has browsers fetch the link module together with the glue that imports it, and not after it.
    fn announce_link_module(&self) -> Result<()> {
        let path = self.site.join("index.html");
        let html = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let html = announced(&html, &self.stem)
            .with_context(|| format!("{} does not preload the program as Trunk.toml says", paths::shown(&path)))?;
        write(&path, &html)
    }
}

/// wasm-bindgen for what is left of the program; it keeps what chunks need of it.
pub fn bind(parts: &Parts) -> Run {
    Run::new("wasm-bindgen")
        .arg(&parts.main)
        .arg("--out-dir")
        .arg(&parts.bound)
        .args(["--out-name", BOUND, "--target", "web", "--no-typescript", "--keep-lld-exports"])
        .hint("the tools are installed by `cargo xtask setup`")
}

/// Name and hash of the page's program among the files of a site.
fn stem_among(mut names: impl Iterator<Item = String>) -> Option<String> {
    names.find_map(|name| {
        let stem = name.strip_suffix(WASM_SUFFIX)?;
        stem.strip_prefix(PROGRAM)?.starts_with('-').then(|| stem.to_owned())
    })
}

/// A page that preloads the link module beside the glue; `None` if it does not preload the glue.
fn announced(html: &str, stem: &str) -> Option<String> {
    let glue = format!("<link rel=\"modulepreload\" href=\"./{stem}.js\">");
    let link = format!("<link rel=\"modulepreload\" href=\"./{stem}-chunks.js\">");
    html.contains(&glue).then(|| html.replacen(&glue, &format!("{glue}{link}"), 1))
}

/// Writes a text.
fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Copies a file.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("copying {} to {}", from.display(), to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_program_is_told_from_others() {
        let among = |names: &[&str]| stem_among(names.iter().map(|name| (*name).to_owned()));
        let site = ["flatland-card_bg.wasm", "flatland-page-1f3a_bg.wasm", "flatland-page-1f3a.js", "index.html"];
        assert_eq!(among(&site), Some("flatland-page-1f3a".to_owned()));
        assert_eq!(among(&site[..1]), None);
    }

    #[test]
    fn the_link_module_is_preloaded_with_the_glue() {
        let html =
            r#"<head><link rel="modulepreload" href="./a-1.js"><link rel="preload" href="./a-1_bg.wasm"></head>"#;
        let announced = announced(html, "a-1").expect("the glue is there");
        assert!(
            announced
                .contains(r#"href="./a-1.js"><link rel="modulepreload" href="./a-1-chunks.js"><link rel="preload""#)
        );
        assert_eq!(super::announced(html, "b"), None);
    }
}
