//! `cargo xtask test`: every check, one after the other, and a summary.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::process::{self, Logged, Run, progress};
use crate::report::{Counts, Outcome, Summary, failed_tests, stories};
use crate::serve::Site;
use crate::setup::{self, Browser, python};
use crate::verdict::{Verdict, failure_of, named};
use crate::{package, page, paths, size, wheel};

/// Lines of a failed check's log that are shown.
const SHOWN_LINES: usize = 150;

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

/// What `cargo xtask test` was asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only the checks of these names, if any.
    pub only: Vec<String>,
    /// Not the checks of these names.
    pub skip: Vec<String>,
    /// Build the page before testing it.
    pub build: bool,
    /// Show what the checks print while they run.
    pub verbose: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { only: Vec::new(), skip: Vec::new(), build: true, verbose: false }
    }
}

/// A check.
struct Check {
    /// Its name for `--only`.
    name: &'static str,
    /// What it looks at.
    about: &'static str,
    /// Installs what it needs.
    prepare: fn() -> Result<()>,
    /// Does it. An error is a failure of the check.
    run: fn(&Bench) -> Result<Verdict>,
}

/// How many of the slowest browser stories the summary lists.
const SLOWEST: usize = 10;

/// All checks, cheap ones first, in an order that lets each use what the one before compiled.
const CHECKS: [Check; 12] = [
    Check { name: "fmt", about: "formatting of the Rust sources", prepare: || setup::component("rustfmt"), run: fmt },
    Check {
        name: "clippy-host",
        about: "lints of the whole workspace",
        prepare: || setup::component("clippy"),
        run: clippy_host,
    },
    Check {
        name: "clippy-wasm",
        about: "lints of page, engine and compiler as compiled for the browser",
        prepare: || setup::component("clippy").and_then(|()| setup::wasm_target()),
        run: clippy_wasm,
    },
    Check {
        name: "host",
        about: "unit, property and documentation tests on this machine",
        prepare: || Ok(()),
        run: host,
    },
    Check {
        name: "gpu",
        about: "maps on a graphics card, or on Mesa's lavapipe; left out without either",
        prepare: || {
            setup::graphics();
            Ok(())
        },
        run: gpu,
    },
    Check {
        name: "python",
        about: "exported NumPy scripts against the engine; left out without Python 3",
        prepare: || Ok(()),
        run: scripts,
    },
    Check {
        name: "wheel",
        about: "the Python package against the command line; left out without Python 3.10",
        prepare: || if python::is_there() { python::environment().map(drop) } else { Ok(()) },
        run: wheel,
    },
    Check {
        name: "tex",
        about: "exported figures, set by pdflatex with pgfplots; left out without them",
        prepare: || Ok(()),
        run: tex,
    },
    Check {
        name: "wasm",
        about: "tests of page, engine and compiler inside a headless browser",
        prepare: || setup::wasm_test_tools().and_then(|_| setup::browser(true)).map(drop),
        run: wasm,
    },
    Check {
        name: "build",
        about: "the release page and what it weighs",
        prepare: || setup::page_tools().map(drop),
        run: build,
    },
    Check {
        name: "package",
        about: "the JavaScript package, in Node and on a plain page",
        prepare: || {
            setup::page_tools()?;
            setup::browser_test_packages()?;
            setup::browser(false).map(drop)
        },
        run: package,
    },
    Check {
        name: "e2e",
        about: "the built page, used in a browser",
        prepare: || setup::browser_test_packages().and_then(|()| setup::browser(false)).map(drop),
        run: e2e,
    },
];

/// Prints the names of the checks.
pub fn list() {
    for check in &CHECKS {
        println!("{:<14}{}", check.name, check.about);
    }
}

/// Runs the checks; `false` if one of them failed.
pub fn command(options: &Options) -> Result<bool> {
    let checks = selected(options)?;
    let bench = Bench { verbose: options.verbose, build: options.build, page: OnceCell::new() };
    fs::create_dir_all(paths::logs()).with_context(|| format!("creating {}", paths::logs().display()))?;

    progress("Setting up");
    // A tool that cannot be installed fails the checks that need it, and no others.
    let prepared: Vec<Result<()>> = checks.iter().map(|check| (check.prepare)()).collect();

    let mut summary = Summary::default();
    for (check, prepared) in checks.into_iter().zip(prepared) {
        progress(&format!("{}: {}", check.name, check.about));
        let start = Instant::now();
        let _ = fs::remove_file(log_of(check.name));
        let verdict = prepared.and_then(|()| (check.run)(&bench));
        process::hold_if_interrupted();
        let Verdict { counts, failure, slowest } =
            verdict.unwrap_or_else(|error| Verdict { failure: Some(format!("{error:#}")), ..Verdict::default() });
        summary.slowest.extend(slowest);
        if let Some(failure) = &failure {
            if !options.verbose {
                show_end_of(&log_of(check.name));
            }
            progress(&format!("{} FAILED: {failure}", check.name));
        }
        summary.outcomes.push(Outcome { name: check.name, failure, counts, duration: start.elapsed() });
    }
    progress(&format!("Done. What the checks printed is in {}\n", paths::shown(&paths::logs())));
    println!("{summary}");
    Ok(summary.failed() == 0)
}

/// The checks that `options` ask for.
fn selected(options: &Options) -> Result<Vec<&'static Check>> {
    for name in options.only.iter().chain(&options.skip) {
        if !CHECKS.iter().any(|check| check.name == name) {
            let names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
            bail!("there is no check {name:?}.\nWhat to do: choose among {}", names.join(", "));
        }
    }
    let wanted = |name: &str| {
        let named = |names: &[String]| names.iter().any(|other| other == name);
        (options.only.is_empty() || named(&options.only)) && !named(&options.skip)
    };
    Ok(CHECKS.iter().filter(|check| wanted(check.name)).collect())
}

/// Where the output of a check is kept.
fn log_of(name: &str) -> PathBuf {
    paths::logs().join(format!("{name}.log"))
}

/// Prints the end of a log, without Cargo's lines about what it compiles.
fn show_end_of(log: &Path) {
    let Ok(text) = fs::read_to_string(log) else { return };
    let lines: Vec<&str> = text.lines().filter(|line| !is_chatter(line)).collect();
    let from = lines.len().saturating_sub(SHOWN_LINES);
    if from > 0 {
        println!("    … {from} lines before these are in {}", paths::shown(log));
    }
    for line in &lines[from..] {
        println!("    {line}");
    }
}

/// Whether a line just tells of Cargo's progress: "   Compiling yew v0.23.0".
fn is_chatter(line: &str) -> bool {
    let verbs =
        ["Adding", "Blocking", "Checking", "Compiling", "Downloaded", "Downloading", "Fresh", "Locking", "Updating"];
    line.starts_with(' ') && line.split_whitespace().next().is_some_and(|word| verbs.contains(&word))
}

/// What the checks share.
struct Bench {
    verbose: bool,
    build: bool,
    /// Whether the page was built in this run, and why not.
    page: OnceCell<Result<(), String>>,
}

impl Bench {
    /// Runs a command of the check `name`.
    fn log(&self, name: &str, run: Run) -> Result<Logged> {
        run.logged(&log_of(name), self.verbose)
    }

    /// Runs a command that just succeeds or fails.
    fn plain(&self, name: &str, run: Run) -> Result<Verdict> {
        let logged = self.log(name, run)?;
        Ok(Verdict { failure: (!logged.status.success()).then(|| format!("{}", logged.status)), ..Verdict::default() })
    }

    /// Runs a command of a Rust test runner.
    fn tests(&self, name: &str, run: Run) -> Result<Verdict> {
        let logged = self.log(name, run)?;
        let counts = Counts::of_cargo(&logged.output);
        let failure = failure_of(&logged, counts).map(|failure| named(&failure, &failed_tests(&logged.output)));
        Ok(Verdict { counts: Some(counts), failure, ..Verdict::default() })
    }

    /// Runs one test that is ignored elsewhere; `complaint` says what its failure means.
    fn ignored_test(&self, name: &str, run: Run, complaint: &str) -> Result<Verdict> {
        let logged = self.log(name, run)?;
        let failure = (!logged.status.success()).then(|| format!("{complaint} ({})", logged.status));
        let counts = Counts { passed: u64::from(failure.is_none()), failed: u64::from(failure.is_some()), skipped: 0 };
        Ok(Verdict { counts: Some(counts), failure, ..Verdict::default() })
    }

    /// The release page, built at most once.
    fn page(&self, name: &str) -> Result<()> {
        let build = || {
            let tools = setup::page_tools()?;
            page::make(&tools, page::Mode::Release, |run| {
                let logged = self.log(name, run)?;
                if !logged.status.success() {
                    bail!("the page could not be built ({})", logged.status);
                }
                Ok(())
            })
        };
        let result = self.page.get_or_init(|| build().map_err(|error| format!("{error:#}")));
        result.clone().map_err(anyhow::Error::msg)
    }
}

/// The check `fmt`.
fn fmt(bench: &Bench) -> Result<Verdict> {
    bench.plain("fmt", Run::cargo().args(["fmt", "--all", "--", "--check", "--color", "never"]))
}

/// The check `clippy-host`.
fn clippy_host(bench: &Bench) -> Result<Verdict> {
    bench
        .plain("clippy-host", Run::cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// The check `clippy-wasm`.
fn clippy_wasm(bench: &Bench) -> Result<Verdict> {
    let run = Run::cargo().args(["clippy", "--target", "wasm32-unknown-unknown", "--lib", "--bins", "--tests"]);
    let more = ["flatland-page", "flatland-gpu", "flatland-card"].map(|name| ["--package", name]);
    let run = run.args(WASM_PACKAGES).args(more.as_flattened());
    bench.plain("clippy-wasm", run.args(["--", "--deny", "warnings"]))
}

/// The check `host`.
fn host(bench: &Bench) -> Result<Verdict> {
    bench.tests("host", Run::cargo().args(["test", "--workspace", "--no-fail-fast"]))
}

/// The check `gpu`: its tests count as skipped where there is nothing to run them on.
fn gpu(bench: &Bench) -> Result<Verdict> {
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
fn wasm(bench: &Bench) -> Result<Verdict> {
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

/// The check `build`.
fn build(bench: &Bench) -> Result<Verdict> {
    bench.page("build")?;
    let report = size::measure(&paths::dist())?;
    println!("{report}");
    let failure = (!report.within_budget())
        .then(|| format!("the first load weighs {} bytes, above the budget of {}", report.total(), size::BUDGET));
    Ok(Verdict { failure, ..Verdict::default() })
}

/// The check `package`.
fn package(bench: &Bench) -> Result<Verdict> {
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

/// The check `python`: with the interpreter's own NumPy, or with that of the environment for the
/// Python package. Counts as skipped where there is neither.
fn scripts(bench: &Bench) -> Result<Verdict> {
    let mut program = PathBuf::from(python::named());
    let found = Command::new(&program).args(["-c", "import numpy"]).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        if !python::is_there() {
            let why = format!("{} with NumPy is not here; PYTHON may name another one", python::named());
            return Ok(skipped("python", &why));
        }
        program = python::environment()?.join("python");
    }
    let run = Run::cargo().args(["test", "--package", "flatland-export", "--test", "python", "--", "--ignored"]);
    bench.ignored_test("python", run.env("PYTHON", &program), "a script disagrees")
}

/// The check `wheel`.
fn wheel(bench: &Bench) -> Result<Verdict> {
    if !python::is_there() {
        let why = format!("{} is not CPython 3.10 or later with venv; PYTHON may name another one", python::named());
        return Ok(skipped("wheel", &why));
    }
    let programs = python::environment()?;
    let folder = paths::target().join("wheels");
    let command = Run::cargo().args(["build", "--package", "flatland-cli"]);
    for run in [Ok(command), wheel::for_tests(&programs, &folder)] {
        if !bench.log("wheel", run?)?.status.success() {
            bail!("the package could not be built");
        }
    }
    if !bench.log("wheel", wheel::install(&programs, &folder)?)?.status.success() {
        bail!("the package could not be installed");
    }
    let logged = bench.log("wheel", wheel::tests(&programs, &paths::target().join("debug/flatland")))?;
    let counts = Counts::of_pytest(&logged.output);
    Ok(Verdict { counts: Some(counts), failure: failure_of(&logged, counts), ..Verdict::default() })
}

/// What comes of a check that is left out.
fn skipped(name: &str, why: &str) -> Verdict {
    progress(&format!("{name}: SKIPPED, since {why}"));
    Verdict { counts: Some(Counts { passed: 0, failed: 0, skipped: 1 }), ..Verdict::default() }
}

/// The check `tex`.
fn tex(bench: &Bench) -> Result<Verdict> {
    let found = Command::new("kpsewhich").arg("pgfplots.sty").stdout(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        return Ok(skipped("tex", "pdflatex with pgfplots is not here"));
    }
    let run = Run::cargo().args(["test", "--package", "flatland-export", "--test", "pgfplots", "--", "--ignored"]);
    bench.ignored_test("tex", run, "a figure cannot be set")
}

/// The check `e2e`.
fn e2e(bench: &Bench) -> Result<Verdict> {
    if bench.build {
        bench.page("e2e")?;
    } else {
        page::present()?;
    }
    // Exported tables are compared with the command line's.
    let command = bench.log("e2e", Run::cargo().args(["build", "--package", "flatland-cli"]))?;
    if !command.status.success() {
        bail!("the command line could not be built ({})", command.status);
    }
    let browser = setup::browser(false)?;
    let site = Site::start(&paths::dist(), 0)?;
    let json = paths::logs().join("playwright.json");
    let _ = fs::remove_file(&json);
    let run = Run::new("node")
        .args(["node_modules/@playwright/test/cli.js", "test", "--config", "playwright.config.mjs"])
        .within(paths::browser_tests())
        .env("CHROMIUM", &browser.program)
        .env("FLATLAND_URL", site.url())
        .env("FLATLAND_COMMAND", paths::target().join("debug/flatland"))
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &json);
    let logged = bench.log("e2e", run)?;
    let report =
        fs::read_to_string(&json).context("Playwright left no report: it did not get as far as running tests")?;
    let counts = Counts::of_playwright(&report).context("Playwright's report has no counts")?;
    let (failed, slowest) = stories(&report, SLOWEST);
    let names: Vec<&str> = failed.iter().map(String::as_str).collect();
    let failure = failure_of(&logged, counts).map(|failure| named(&failure, &names));
    Ok(Verdict { counts: Some(counts), failure, slowest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str], skip: &[&str]) -> Result<Vec<&'static str>> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let options = Options { only: owned(only), skip: owned(skip), ..Options::default() };
        Ok(selected(&options)?.iter().map(|check| check.name).collect())
    }

    #[test]
    fn all_checks_run_unless_some_are_chosen() {
        assert_eq!(names(&[], &[]).expect("all").len(), CHECKS.len());
        assert_eq!(names(&["e2e", "fmt"], &[]).expect("two"), ["fmt", "e2e"]);
        assert!(!names(&[], &["host"]).expect("all but one").contains(&"host"));
    }

    #[test]
    fn an_unknown_check_is_an_error_that_names_the_known_ones() {
        let error = names(&["e3e"], &[]).expect_err("no such check").to_string();
        assert!(error.contains("e3e") && error.contains("clippy-wasm"), "{error}");
    }

    #[test]
    fn progress_of_cargo_is_chatter_and_complaints_are_not() {
        assert!(is_chatter("   Compiling yew v0.23.0"));
        assert!(is_chatter("    Checking flatland v0.1.0 (/somewhere)"));
        assert!(!is_chatter("error: could not compile `flatland`"));
        assert!(!is_chatter("     Running unittests src/lib.rs"));
        assert!(!is_chatter(""));
    }

    #[cfg(unix)]
    #[test]
    fn a_run_without_tests_is_a_failure() {
        let logged = |code: &str| {
            let log = std::env::temp_dir().join(format!("xtask-checks-{code}-{}", std::process::id()));
            let logged = Run::new("sh").args(["-c", &format!("exit {code}")]).logged(&log, false).expect("sh runs");
            let _ = fs::remove_file(log);
            logged
        };
        let counts = |passed, failed| Counts { passed, failed, skipped: 0 };
        assert_eq!(failure_of(&logged("0"), counts(0, 0)).as_deref(), Some("no test ran"));
        assert_eq!(failure_of(&logged("0"), counts(5, 0)), None);
        assert_eq!(failure_of(&logged("1"), counts(5, 2)).as_deref(), Some("2 of 7 tests failed"));
        assert!(failure_of(&logged("1"), counts(5, 0)).is_some());
    }
}
