//! Tools that npm installs: wasm-opt, terser and the packages of the browser tests.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::{Tools, version};
use crate::paths;
use crate::process::{Run, progress};

/// The oldest Node that will do.
const OLDEST_NODE: u32 = 20;

/// The packages under the folder that [`install`] filled, and the lock they were installed from.
const STAMP: &str = "node_modules/.installed-from";

/// Node and npm are there.
pub fn present() -> Result<()> {
    let hint =
        format!("install Node {OLDEST_NODE} or later with npm, from https://nodejs.org or your system's packages");
    let text = Run::new("node").arg("--version").hint(&hint).capture()?;
    if version::printed(&text).and_then(version::major).is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node {} is too old.\nWhat to do: {hint}", text.trim());
    }
    if paths::on_path("npm").is_none() && paths::on_path("npm.cmd").is_none() {
        bail!("npm is not on the PATH.\nWhat to do: {hint}");
    }
    Ok(())
}

/// wasm-opt and terser, on the path of `tools`.
pub fn page_packages(tools: &mut Tools) -> Result<()> {
    let source = paths::root().join("xtask/npm");
    let [binaryen, terser] = ["binaryen", "terser"].map(|package| pinned(&source.join("package.json"), package));
    let folder = paths::tools().join("npm");
    install(&source, &folder, &format!("wasm-opt (binaryen {}) and terser {}", binaryen?, terser?))?;
    tools.add(folder.join("node_modules").join(".bin"));
    Ok(())
}

/// The packages of the browser tests, beside them.
pub fn browser_test_packages() -> Result<()> {
    let folder = paths::browser_tests();
    install(&folder, &folder, "the browser tests' npm packages")
}

/// Installs what `source/package-lock.json` lists into `folder`, unless that was done before.
fn install(source: &Path, folder: &Path, what: &str) -> Result<()> {
    let lock_path = source.join("package-lock.json");
    let lock = fs::read(&lock_path).with_context(|| format!("reading {}", lock_path.display()))?;
    let stamp = folder.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    progress(&format!("Installing {what} — once, under a minute"));
    if source != folder {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        for file in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(source.join(file), folder.join(file))
                .with_context(|| format!("copying {file} to {}", folder.display()))?;
        }
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Run::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .within(folder)
        .hint("check the network and the disk, and run the command again")
        .run()?;
    fs::write(&stamp, lock).with_context(|| format!("writing {}", stamp.display()))
}

/// The exact version of `package` among the dependencies of a `package.json`.
fn pinned(manifest: &Path, package: &str) -> Result<String> {
    let text = fs::read_to_string(manifest).with_context(|| format!("reading {}", manifest.display()))?;
    let manifest_json: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("reading {}", manifest.display()))?;
    let version = manifest_json["dependencies"][package].as_str();
    version.map(str::to_owned).with_context(|| format!("{} does not pin {package}", manifest.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_package_is_pinned_to_one_version() {
        for package in ["binaryen", "terser"] {
            let version = pinned(&paths::root().join("xtask/npm/package.json"), package).expect("a version");
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{version}");
            assert!(version::major(&version).is_some());
        }
    }
}
