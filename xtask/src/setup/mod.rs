//! Set-up: every tool the commands need, installed once, in the versions this repository was made
//! with.

mod apt;
mod browser;
mod cargo_tools;
mod further;
mod node;
pub mod python;
mod rust;
mod version;
mod vulkan;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

pub use browser::Browser;
pub use further::{firefox, webkit};

use crate::process::Run;

/// Tools that are not on the `PATH` of the person who called us, and the folders to add for them.
#[derive(Debug, Default)]
pub struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// A command that finds the tools.
    pub fn command(&self, run: Run) -> Result<Run> {
        Ok(run.env("PATH", self.path()?))
    }

    /// The `PATH` with the tools first.
    fn path(&self) -> Result<OsString> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        env::join_paths(self.folders.iter().cloned().chain(env::split_paths(&inherited)))
            .context("the path of the tools folder contains a character that PATH cannot hold")
    }

    /// Adds a folder, once.
    fn add(&mut self, folder: PathBuf) {
        if !self.folders.contains(&folder) {
            self.folders.push(folder);
        }
    }
}

/// What compiles for WebAssembly.
pub fn wasm_target() -> Result<()> {
    rust::wasm_target()
}

/// A part of the Rust toolchain that may be missing, such as `clippy`.
pub fn component(name: &str) -> Result<()> {
    rust::component(name)
}

/// What builds the page: the wasm32 target, Trunk, wasm-bindgen and wasm-opt.
pub fn page_tools() -> Result<Tools> {
    let mut tools = Tools::default();
    rust::wasm_target()?;
    node::present()?;
    cargo_tools::trunk(&mut tools)?;
    cargo_tools::wasm_bindgen(&mut tools)?;
    node::page_packages(&mut tools)?;
    Ok(tools)
}

/// What runs `wasm-bindgen-test` tests, apart from the browser.
pub fn wasm_test_tools() -> Result<Tools> {
    let mut tools = Tools::default();
    rust::wasm_target()?;
    cargo_tools::wasm_bindgen(&mut tools)?;
    Ok(tools)
}

/// The npm packages of the browser tests.
pub fn browser_test_packages() -> Result<()> {
    node::present()?;
    node::browser_test_packages()
}

/// A browser, and its driver if `with_driver`.
pub fn browser(with_driver: bool) -> Result<Browser> {
    browser::ensure(with_driver)
}

/// What plays a graphics card where there is none, if it can be had.
pub fn graphics() {
    vulkan::ensure();
}

/// All of the above.
pub fn everything() -> Result<()> {
    component("rustfmt")?;
    component("clippy")?;
    page_tools()?;
    browser_test_packages()?;
    graphics();
    // Whoever cannot have them is told by the checks that need them.
    let _ = (firefox(), webkit());
    let browser = browser(true)?;
    crate::process::progress(&format!("Everything is installed; tests use {}", browser.program.display()));
    Ok(())
}
