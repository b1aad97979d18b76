//! Parts of the Rust toolchain.

use std::path::Path;

use anyhow::Result;

use crate::process::{Run, progress};

/// The target of the page.
const WASM: &str = "wasm32-unknown-unknown";

/// Rust's standard library for WebAssembly.
pub fn wasm_target() -> Result<()> {
    let libraries = Run::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM])
        .hint("install Rust from https://rustup.rs")
        .capture()?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    progress(&format!("Installing Rust's {WASM} target — once, under a minute"));
    Run::new("rustup")
        .args(["target", "add", WASM])
        .hint(format!(
            "install Rust from https://rustup.rs, or the {WASM} standard library from where your Rust comes from"
        ))
        .run()
}

/// A component such as `rustfmt`.
pub fn component(name: &str) -> Result<()> {
    let program = if name == "rustfmt" { "cargo-fmt" } else { "cargo-clippy" };
    if Run::new(program).arg("--version").capture().is_ok() {
        return Ok(());
    }
    progress(&format!("Installing {name} — once, some seconds"));
    Run::new("rustup")
        .args(["component", "add", name])
        .hint(format!("install {name} from where your Rust comes from"))
        .run()
}
