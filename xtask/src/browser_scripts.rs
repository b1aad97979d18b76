//! Node scripts that drive a browser over the built page: benchmarks and pictures.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process::{Run, progress};
use crate::serve::Site;
use crate::setup::Browser;
use crate::{page, paths, setup, wasm_bench};

/// `cargo xtask bench`: the engine and maps on the host, the loop of recorded steps in WebAssembly
/// against the host, then every `tests/bench/*.bench.mjs` in a browser. `filter` selects by name in
/// both. `false` if one of them failed.
pub fn bench(mode: page::Mode, filter: Option<&str>) -> Result<bool> {
    progress("Benchmarking the engine and maps on this machine");
    let engine = Run::cargo()
        .args(["bench", "--package", "flatland-engine", "--package", "flatland-atlas"])
        .args(filter.map(|filter| ["--", filter]).into_iter().flatten());
    let mut good = report(engine.run());
    if filter.is_none_or(|filter| "wasm".contains(filter)) {
        good &= report(wasm_bench::command());
    }

    let scripts = scripts(&paths::browser_tests().join("bench"), ".bench.mjs", filter)?;
    if scripts.is_empty() {
        progress("No browser benchmark is of that name");
        return Ok(good);
    }
    let stage = Stage::set(mode)?;
    for script in scripts {
        progress(&format!("Benchmarking in the browser: {}", paths::shown(&script)));
        good &= report(stage.node(&script).run());
    }
    Ok(good)
}

/// `cargo xtask screenshots`: pictures of the page at several sizes into `out`, or of its `rooms`.
pub fn screenshots(mode: page::Mode, out: &Path, rooms: bool) -> Result<()> {
    let out = std::path::absolute(out).with_context(|| format!("finding {}", out.display()))?;
    let stage = Stage::set(mode)?;
    fs::create_dir_all(&out).with_context(|| format!("creating {}", out.display()))?;
    progress(&format!("Taking pictures into {}", paths::shown(&out)));
    stage.node(&paths::browser_tests().join("screenshots.mjs")).arg(&out).args(rooms.then_some("--rooms")).run()
}

/// The page, served, and a browser to show it in.
struct Stage {
    browser: Browser,
    site: Site,
}

impl Stage {
    /// Sets up, builds and serves.
    fn set(mode: page::Mode) -> Result<Self> {
        setup::browser_test_packages()?;
        let browser = setup::browser(false)?;
        page::build(mode)?;
        Ok(Self { browser, site: Site::start(&paths::dist(), 0)? })
    }

    /// Node, told where page and browser are.
    fn node(&self, script: &Path) -> Run {
        Run::new("node")
            .arg(script)
            .within(paths::browser_tests())
            .env("CHROMIUM", &self.browser.program)
            .env("FLATLAND_URL", self.site.url())
            .hint("what the script says above tells what went wrong")
    }
}

/// Shows an error and turns it into `false`.
fn report(result: Result<()>) -> bool {
    result.inspect_err(|error| eprintln!("\n{error:#}")).is_ok()
}

/// The files of `folder` that end in `suffix` and contain `filter`, by name.
fn scripts(folder: &Path, suffix: &str, filter: Option<&str>) -> Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut scripts = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(suffix) && filter.is_none_or(|filter| name.contains(filter)) {
            scripts.push(entry.path());
        }
    }
    scripts.sort();
    Ok(scripts)
}
