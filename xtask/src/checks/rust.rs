//! The checks that are Cargo's: formatting, lints, and the tests of the crates, on this machine, on its
//! graphics card and in a browser.

use std::fs;

use anyhow::{Context as _, Result};

use super::bench::Bench;
use crate::paths;
use crate::process::{Run, progress};
use crate::report::Counts;
use crate::setup::{self, Browser};
use crate::verdict::{Verdict, failure_of};

/// The packages that are compiled for WebAssembly.
const WASM_PACKAGES: [&str; 8] = [
    "--package",
    "flatland",
    "--package",
    "flatland-engine",
    "--package",
    "flatland-compiler",
    "--package",
    "flatland-drawing",
];

/// The check `fmt`.
pub(super) fn fmt(bench: &Bench) -> Result<Verdict> {
    bench.plain("fmt", Run::cargo().args(["fmt", "--all", "--", "--check", "--color", "never"]))
}

/// The check `clippy-host`.
pub(super) fn clippy_host(bench: &Bench) -> Result<Verdict> {
    bench
        .plain("clippy-host", Run::cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// The check `clippy-wasm`.
pub(super) fn clippy_wasm(bench: &Bench) -> Result<Verdict> {
    let run = Run::cargo().args(["clippy", "--target", "wasm32-unknown-unknown", "--lib", "--bins", "--tests"]);
    let more = ["flatland-page", "flatland-gpu", "flatland-card"].map(|name| ["--package", name]);
    let run = run.args(WASM_PACKAGES).args(more.as_flattened());
    bench.plain("clippy-wasm", run.args(["--", "--deny", "warnings"]))
}

/// The check `host`.
pub(super) fn host(bench: &Bench) -> Result<Verdict> {
    bench.tests("host", Run::cargo().args(["test", "--workspace", "--no-fail-fast"]))
}

/// The check `gpu`: its tests count as skipped where there is nothing to run them on.
pub(super) fn gpu(bench: &Bench) -> Result<Verdict> {
    let run = Run::cargo().args(["test", "--package", "flatland-gpu", "--test", "adapter", "--"]);
    let logged = bench.log("gpu", run.args(["--ignored", "--nocapture", "--test-threads", "1"]))?;
    let mut counts = Counts::of_cargo(&logged.output);
    let mut verdict = Verdict { counts: Some(counts), failure: failure_of(&logged, counts), ..Verdict::default() };
    let said = |mark: &str| logged.output.lines().find_map(|line| line.split_once(mark)).map(|(_, rest)| rest.trim());
    if let Some(reason) = said("SKIPPED: ") {
        progress(&format!("gpu: SKIPPED, {reason}"));
        (counts.passed, counts.skipped) = (0, counts.passed);
        verdict.counts = Some(counts);
    } else if let Some(card) = said("on the graphics card ") {
        progress(&format!("gpu: on {card}"));
    }
    Ok(verdict)
}

/// The check `wasm`.
pub(super) fn wasm(bench: &Bench) -> Result<Verdict> {
    let tools = setup::wasm_test_tools()?;
    let browser = setup::browser(true)?;
    let capabilities = paths::logs().join("webdriver.json");
    fs::write(&capabilities, webdriver_capabilities(&browser))
        .with_context(|| format!("writing {}", capabilities.display()))?;
    // No documentation tests: they would be compiled once more, one program each.
    let run = Run::cargo()
        .args(["test", "--target", "wasm32-unknown-unknown", "--no-fail-fast", "--lib", "--bins", "--tests"])
        .args(WASM_PACKAGES)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("CHROMEDRIVER", browser.driver.unwrap_or_default())
        .without_env("GECKODRIVER")
        .without_env("SAFARIDRIVER")
        .without_env("MSEDGEDRIVER")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
        // Where a test does not say otherwise, it runs in the page of a browser.
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        // A loaded machine takes its time to start a browser, and whole descents theirs to run.
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    bench.tests("wasm", tools.command(run)?)
}

/// How chromedriver starts the browser. The test runner adds "headless" and "no-sandbox" itself.
fn webdriver_capabilities(browser: &Browser) -> String {
    let options = serde_json::json!({
        "goog:chromeOptions": {
            "binary": browser.program,
            "args": ["--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
        }
    });
    options.to_string()
}
