//! Building the page.

use std::path::Path;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

use crate::chunks::{self, Program};
use crate::process::{Run, progress};
use crate::setup::Tools;
use crate::{paths, setup, size};

/// How the page in `dist/` comes about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Optimised, as it is published.
    #[default]
    Release,
    /// Not optimised: for a quick look.
    Dev,
    /// Whatever is there.
    AsItIs,
}

/// `cargo xtask build`.
pub fn command(mode: Mode) -> Result<()> {
    build(mode)?;
    if mode == Mode::Release {
        println!("{}", size::measure(&paths::dist())?);
    }
    progress(&format!(
        "The page is in {}/: any static web server can serve it, under any path",
        paths::shown(&paths::dist())
    ));
    Ok(())
}

/// Sets up and builds as `mode` asks, with Trunk talking to the terminal.
pub fn build(mode: Mode) -> Result<()> {
    if mode == Mode::AsItIs {
        return present();
    }
    let tools = setup::page_tools()?;
    let kind = if mode == Mode::Release {
        "release page — one to three minutes the first time"
    } else {
        "page, unoptimised"
    };
    progress(&format!("Building the {kind}"));
    make(&tools, mode, Run::run)
}

/// Builds into `dist/`, with `run` to carry out each command. What was there before stays until all
/// is well.
pub fn make(tools: &Tools, mode: Mode, mut run: impl FnMut(Run) -> Result<()>) -> Result<()> {
    let site = paths::target().join("site");
    run(fetch())?;
    run(trunk(tools, mode, &site)?)?;
    let program = Program::find(&site, if mode == Mode::Release { "page" } else { "debug" })?;
    let parts = program.split()?;
    run(tools.command(chunks::bind(&parts))?)?;
    program.put_together(&parts)?;
    run(tools.command(finish(&site, mode))?)?;
    let dist = paths::dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("removing the old {}", paths::shown(&dist)))?;
    }
    fs::rename(&site, &dist).with_context(|| format!("moving {} to {}", paths::shown(&site), paths::shown(&dist)))
}

/// An error unless a page was built.
pub fn present() -> Result<()> {
    if paths::dist().join("index.html").is_file() {
        return Ok(());
    }
    bail!("there is no built page in {}/.\nWhat to do: `cargo xtask build`", paths::shown(&paths::dist()))
}

/// Downloads the crates of `Cargo.lock`; says nothing and needs no network when they are there.
pub fn fetch() -> Run {
    Run::cargo()
        .args(["fetch", "--quiet", "--target", "wasm32-unknown-unknown"])
        .hint("crates must be downloaded once: check the network and run the command again")
}

/// Trunk, which must not go looking for tools itself: they are on its `PATH`. It leaves a page in
/// `site` whose program is still to be split and finished.
fn trunk(tools: &Tools, mode: Mode, site: &Path) -> Result<Run> {
    let mut run = Run::new("trunk");
    // Trunk takes "true" and "false" here and stumbles over the usual "1".
    if env::var_os("NO_COLOR").is_some() {
        run = run.env("NO_COLOR", "true");
    }
    run = run
        // What went wrong is in the message; where in Trunk, nobody needs to know.
        .env("RUST_LIB_BACKTRACE", "0")
        .env(chunks::VARIABLE, "1")
        .args(["build", "--offline", "true", "--skip-version-check", "--release"])
        .arg(if mode == Mode::Release { "true" } else { "false" })
        .arg("--dist")
        .arg(site)
        .hint("what the compiler says above tells what to mend; after a change of tools, `cargo xtask setup`");
    tools.command(run)
}

/// Makes programs and scripts small, as the hook in `Trunk.toml` does for a page in one piece.
fn finish(site: &Path, mode: Mode) -> Run {
    Run::new("node")
        .arg("xtask/finish.mjs")
        .without_env(chunks::VARIABLE)
        .env("TRUNK_STAGING_DIR", site)
        .env("TRUNK_PROFILE", if mode == Mode::Release { "release" } else { "debug" })
        .hint("the tools are installed by `cargo xtask setup`")
}
