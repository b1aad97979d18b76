//! The npm-shaped package: the engine for JavaScript, in `pkg/`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process::{Run, progress};
use crate::{page, paths, setup};

/// The name of the generated module.
pub const MODULE: &str = "flatland";

/// `cargo xtask package`.
pub fn command() -> Result<()> {
    let tools = setup::page_tools()?;
    page::fetch().run()?;
    progress("Building the JavaScript package — about a minute the first time");
    for run in steps("flatland-js", MODULE, &paths::package()) {
        tools.command(run)?.run()?;
    }
    finish()?;
    progress(&format!("The package is in {}/: publish it, or import it from there", paths::shown(&paths::package())));
    Ok(())
}

/// The commands that make a crate's program and its glue, named `module`, in `folder`, in order.
pub fn steps(crate_name: &str, module: &str, folder: &Path) -> [Run; 3] {
    let program = format!("wasm32-unknown-unknown/release/{}.wasm", crate_name.replace('-', "_"));
    let wasm = folder.join(format!("{module}_bg.wasm"));
    [
        Run::cargo().args([
            "build",
            "--release",
            "--target",
            "wasm32-unknown-unknown",
            "--lib",
            "--package",
            crate_name,
        ]),
        Run::new("wasm-bindgen")
            .args(["--target", "web", "--out-name", module, "--out-dir"])
            .arg(folder)
            .arg(paths::target().join(program)),
        Run::new("wasm-opt")
            .args(["-O3", "--enable-bulk-memory", "--enable-mutable-globals", "--enable-nontrapping-float-to-int"])
            .args(["--enable-reference-types", "--enable-multivalue", "--enable-sign-ext", "--enable-simd", "-o"])
            .arg(&wasm)
            .arg(&wasm),
    ]
}

/// Adds what stands around the program: the manifest with this repository's version, the module for
/// Node, README and licences.
pub fn finish() -> Result<()> {
    let from = paths::root().join("js/package");
    let to = paths::package();
    for name in ["node.js", "flatland-lab.js", "lab.js", "lab.d.ts", "README.md"] {
        copy(&from.join(name), &to.join(name))?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&paths::root().join(name), &to.join(name))?;
    }
    let manifest = fs::read_to_string(from.join("package.json")).context("reading js/package/package.json")?;
    let manifest = manifest.replace("\"0.0.0\"", &format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    fs::write(to.join("package.json"), manifest).context("writing the package's manifest")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("copying {} to {}", from.display(), to.display()))?;
    Ok(())
}
