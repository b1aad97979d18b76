//! Building the page.

use std::env;

use anyhow::{Result, bail};

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
    fetch().run()?;
    let kind = if mode == Mode::Release {
        "release page — one to three minutes the first time"
    } else {
        "page, unoptimised"
    };
    progress(&format!("Building the {kind}"));
    trunk(&tools, mode)?.run()
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

/// Trunk, which must not go looking for tools itself: they are on its `PATH`.
pub fn trunk(tools: &Tools, mode: Mode) -> Result<Run> {
    let mut run = Run::new("trunk");
    // Trunk takes "true" and "false" here and stumbles over the usual "1".
    if env::var_os("NO_COLOR").is_some() {
        run = run.env("NO_COLOR", "true");
    }
    run = run
        // What went wrong is in the message; where in Trunk, nobody needs to know.
        .env("RUST_LIB_BACKTRACE", "0")
        .args(["build", "--offline", "true", "--skip-version-check", "--release"])
        .arg(if mode == Mode::Release { "true" } else { "false" })
        .hint("what the compiler says above tells what to mend; after a change of tools, `cargo xtask setup`");
    tools.command(run)
}
