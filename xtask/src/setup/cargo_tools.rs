//! Tools that Cargo builds from source: Trunk and wasm-bindgen's command line.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::{Tools, version};
use crate::paths;
use crate::process::{Run, progress};

/// Trunk is the builder of the page. Later versions need a later Rust than ours.
const TRUNK: &str = "0.21.14";

/// A crate to install.
struct Tool<'a> {
    /// How people call it.
    name: &'a str,
    /// The crate.
    package: &'a str,
    /// Exactly this version.
    version: &'a str,
    /// The programs it brings; the first one is asked for its version.
    programs: &'a [&'a str],
    /// Further arguments of `cargo install`.
    arguments: &'a [&'a str],
    /// About how long it takes on two cores.
    duration: &'a str,
}

/// Trunk, on the path of `tools`.
pub fn trunk(tools: &mut Tools) -> Result<()> {
    let tool = Tool {
        name: "Trunk",
        package: "trunk",
        version: TRUNK,
        programs: &["trunk"],
        arguments: &["--no-default-features", "--features", "rustls"],
        duration: "3 to 6 minutes on two cores",
    };
    ensure(&tool, tools)
}

/// wasm-bindgen's tools in the version of the library in `Cargo.lock`: the two must agree.
pub fn wasm_bindgen(tools: &mut Tools) -> Result<()> {
    let path = paths::root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let version = version::locked(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name exactly one version of wasm-bindgen")?;
    let tool = Tool {
        name: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        arguments: &[],
        duration: "2 to 4 minutes on two cores",
    };
    ensure(&tool, tools)
}

/// Finds the tool in the tools folder or on the `PATH`, or installs it.
fn ensure(tool: &Tool<'_>, tools: &mut Tools) -> Result<()> {
    let folder = paths::tools();
    let bin = folder.join("bin");
    let program = tool.programs[0];
    let in_folder = program_at(&bin, program);
    let is_exact = |path: &Path| {
        Run::new(path).arg("--version").capture().is_ok_and(|text| version::printed(&text) == Some(tool.version))
    };

    let all_there = tool.programs.iter().all(|program| program_at(&bin, program).is_file());
    if all_there && is_exact(&in_folder) {
        tools.add(bin);
        return Ok(());
    }
    // A stale version in the tools folder would hide the right one on the PATH, so that one is
    // replaced.
    let all_on_path = tool.programs.iter().all(|program| paths::on_path(program).is_some());
    if !in_folder.exists() && all_on_path && paths::on_path(program).is_some_and(|path| is_exact(&path)) {
        return Ok(());
    }
    progress(&format!("Installing {} {} — once, about {}", tool.name, tool.version, tool.duration));
    // The versions its authors locked, or, where one of those was withdrawn, the newest that fit.
    if install(tool, &folder, true).is_err() {
        progress(&format!("    the versions locked by {}'s authors did not do; trying the newest that fit", tool.name));
        install(tool, &folder, false)?;
    }
    tools.add(bin);
    Ok(())
}

/// Calls `cargo install`.
fn install(tool: &Tool<'_>, folder: &Path, locked: bool) -> Result<()> {
    // The tools share a target folder, which also lets an interrupted installation go on where it
    // was.
    let target = folder.join("build");
    let mut run = Run::cargo()
        .args(["install", "--quiet", "--force", "--version", tool.version])
        .args(tool.arguments)
        .args(locked.then_some("--locked"))
        .arg("--root")
        .arg(folder)
        .arg(tool.package)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
        .without_env("CARGO_BUILD_TARGET")
        .hint(format!(
            "check the network and the disk, and run the command again; or install {} {} yourself",
            tool.name, tool.version
        ));
    // Soon compiled rather than fast: these tools run for moments.
    for (setting, value) in
        [("OPT_LEVEL", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0"), ("STRIP", "symbols")]
    {
        run = run.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    run.run()?;
    let _ = fs::remove_dir_all(target);
    Ok(())
}

/// Where a program of that name is in `folder`.
fn program_at(folder: &Path, name: &str) -> std::path::PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
