//! WebAssembly against the host: the loop of `bench/`, built for both and run by turns.

use std::env::consts::EXE_SUFFIX;

use anyhow::Result;

use crate::process::{Run, progress};
use crate::{package, page, paths, setup};

/// Builds both and prints steps per second and their ratio.
pub fn command() -> Result<()> {
    let tools = setup::page_tools()?;
    page::fetch().run()?;
    progress("Building the loop of recorded steps for this machine and for WebAssembly");
    Run::cargo().args(["build", "--release", "--package", "flatland-bench", "--bin", "flatland-bench"]).run()?;
    let folder = paths::target().join("wasm-bench");
    for run in package::steps("flatland-bench", "bench", &folder) {
        tools.command(run)?.run()?;
    }
    progress("Benchmarking WebAssembly against this machine");
    Run::new("node")
        .arg(paths::browser_tests().join("bench/wasm.mjs"))
        .env("FLATLAND_BENCH_WASM", &folder)
        .env("FLATLAND_BENCH_HOST", paths::target().join(format!("release/flatland-bench{EXE_SUFFIX}")))
        .run()
}
