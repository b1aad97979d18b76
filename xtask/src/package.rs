//! The npm-shaped package: the engine for JavaScript, in `pkg/`.

use std::fs;

use anyhow::{Context as _, Result};

use crate::process::{Run, progress};
use crate::{page, paths, setup};

/// The name of the generated module.
const MODULE: &str = "flatland";

/// `cargo xtask package`.
pub fn command() -> Result<()> {
    let tools = setup::page_tools()?;
    page::fetch().run()?;
    progress("Building the JavaScript package — about a minute the first time");
    for run in steps() {
        tools.command(run)?.run()?;
    }
    finish()?;
    progress(&format!("The package is in {}/: publish it, or import it from there", paths::shown(&paths::package())));
    Ok(())
}

/// The commands that make the package's program and its glue, in order.
pub fn steps() -> [Run; 3] {
    let program = paths::target().join("wasm32-unknown-unknown/release/flatland_js.wasm");
    let wasm = paths::package().join(format!("{MODULE}_bg.wasm"));
    [
        Run::cargo().args(["build", "--release", "--target", "wasm32-unknown-unknown", "--package", "flatland-js"]),
        Run::new("wasm-bindgen")
            .args(["--target", "web", "--out-name", MODULE, "--out-dir"])
            .arg(paths::package())
            .arg(program),
        Run::new("wasm-opt")
            .args(["-O3", "--enable-bulk-memory", "--enable-mutable-globals", "--enable-nontrapping-float-to-int"])
            .args(["--enable-reference-types", "--enable-multivalue", "--enable-sign-ext", "--enable-simd", "-o"])
            .arg(&wasm)
            .arg(&wasm),
    ]
}

/// Adds what stands around the program: the manifest with this repository's version, the module for Node, README and licences.
pub fn finish() -> Result<()> {
    let from = paths::root().join("js/package");
    let to = paths::package();
    for name in ["node.js", "README.md"] {
        copy(&from.join(name), &to.join(name))?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&paths::root().join(name), &to.join(name))?;
    }
    let manifest = fs::read_to_string(from.join("package.json")).context("reading js/package/package.json")?;
    let manifest = manifest.replace("\"0.0.0\"", &format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    fs::write(to.join("package.json"), manifest).context("writing the package's manifest")
}

fn copy(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("copying {} to {}", from.display(), to.display()))?;
    Ok(())
}
