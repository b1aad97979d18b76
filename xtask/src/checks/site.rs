//! The checks of what is built for browsers: the page, and the package for JavaScript.

use std::fs;

use anyhow::{Context as _, Result, bail};

use super::{bench::Bench, outside::skipped};
use crate::process::Run;
use crate::report::{Counts, Stories, second_tries, stories};
use crate::serve::Site;
use crate::verdict::{Verdict, failure_of, named};
use crate::{package, page, paths, setup, size};

/// How many of the slowest browser stories the summary lists.
const SLOWEST: usize = 10;

/// The check `build`.
pub(super) fn build(bench: &Bench) -> Result<Verdict> {
    bench.page("build")?;
    let report = size::measure(&paths::dist())?;
    println!("{report}");
    let failure = (!report.within_budget())
        .then(|| format!("the first load weighs {} bytes, above the budget of {}", report.total(), size::BUDGET));
    Ok(Verdict { failure, ..Verdict::default() })
}

/// The check `package`.
pub(super) fn package(bench: &Bench) -> Result<Verdict> {
    let tools = setup::page_tools()?;
    for run in package::steps("flatland-js", package::MODULE, &paths::package()) {
        let logged = bench.log("package", tools.command(run)?)?;
        if !logged.status.success() {
            bail!("the package could not be built ({})", logged.status);
        }
    }
    package::finish()?;
    // The numbers are compared with the command line's.
    let command = bench.log("package", Run::cargo().args(["build", "--package", "flatland-cli"]))?;
    if !command.status.success() {
        bail!("the command line could not be built ({})", command.status);
    }
    let run = Run::new("node")
        .args(["--test", "--test-reporter=tap", "package/package.test.mjs"])
        .within(paths::browser_tests())
        .env("CHROMIUM", &setup::browser(false)?.program)
        .env("FLATLAND_PACKAGE", paths::package())
        .env("FLATLAND_COMMAND", paths::target().join("debug/flatland"));
    let logged = bench.log("package", run)?;
    let counts = Counts::of_node(&logged.output);
    Ok(Verdict { counts: Some(counts), failure: failure_of(&logged, counts), ..Verdict::default() })
}

/// The check `e2e`.
pub(super) fn e2e(bench: &Bench) -> Result<Verdict> {
    built(bench, "e2e")?;
    stories_in(bench, "e2e", "chromium", |run| run)
}

/// The check `firefox`.
pub(super) fn firefox(bench: &Bench) -> Result<Verdict> {
    match setup::firefox() {
        Ok(program) => {
            built(bench, "firefox")?;
            stories_in(bench, "firefox", "firefox", |run| run.env("FIREFOX", &program))
        }
        Err(why) => Ok(skipped("firefox", &why)),
    }
}

/// The check `webkit`.
pub(super) fn webkit(bench: &Bench) -> Result<Verdict> {
    let webkit = match setup::webkit() {
        Ok(webkit) => webkit,
        Err(why) => return Ok(skipped("webkit", &why)),
    };
    built(bench, "webkit")?;
    let site = Site::start(&paths::dist(), 0)?;
    let run = Run::new("node")
        .args(["--test", "--test-reporter=tap", "webkit/core.test.mjs"])
        .within(paths::browser_tests())
        .env("FLATLAND_URL", site.url())
        .env("WEBKIT_DRIVER", &webkit.driver)
        .env("WEBKIT_BROWSER", &webkit.browser)
        .env("XVFB", &webkit.screen);
    let logged = bench.log("webkit", run)?;
    let counts = Counts::of_node(&logged.output);
    let second = second_tries(&logged.output);
    Ok(Verdict { counts: Some(counts), failure: failure_of(&logged, counts), second, ..Verdict::default() })
}

/// Builds the page, unless that was not asked for or done in this run.
fn built(bench: &Bench, check: &str) -> Result<()> {
    if bench.build { bench.page(check) } else { page::present() }
}

/// Plays the stories in a browser, one of the projects of Playwright's settings.
fn stories_in(bench: &Bench, check: &str, project: &str, with: impl FnOnce(Run) -> Run) -> Result<Verdict> {
    // Exported tables are compared with the command line's.
    let command = bench.log(check, Run::cargo().args(["build", "--package", "flatland-cli"]))?;
    if !command.status.success() {
        bail!("the command line could not be built ({})", command.status);
    }
    let browser = setup::browser(false)?;
    let site = Site::start(&paths::dist(), 0)?;
    let json = paths::logs().join(format!("playwright-{project}.json"));
    let _ = fs::remove_file(&json);
    let run = Run::new("node")
        .args([
            "node_modules/@playwright/test/cli.js",
            "test",
            "--config",
            "playwright.config.mjs",
            "--project",
            project,
        ])
        .within(paths::browser_tests())
        .env("CHROMIUM", &browser.program)
        .env("FLATLAND_URL", site.url())
        .env("FLATLAND_COMMAND", paths::target().join("debug/flatland"))
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &json);
    let logged = bench.log(check, with(run))?;
    let report =
        fs::read_to_string(&json).context("Playwright left no report: it did not get as far as running tests")?;
    let counts = Counts::of_playwright(&report).context("Playwright's report has no counts")?;
    let Stories { failed, second, slowest } = stories(&report, SLOWEST);
    let names: Vec<&str> = failed.iter().map(String::as_str).collect();
    let failure = failure_of(&logged, counts).map(|failure| named(&failure, &names));
    Ok(Verdict { counts: Some(counts), failure, slowest, second })
}
