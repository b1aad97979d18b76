//! The checks that programs of others carry out: Python, and pdflatex. Where one is missing, its
//! check counts as skipped.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::bench::Bench;
use crate::process::{Run, progress};
use crate::report::{Counts, Stories, stories};
use crate::setup::{self, python};
use crate::verdict::{Verdict, failure_of, named};
use crate::{notebook, page, paths, wheel};

/// The check `python`: with the interpreter's own NumPy, or with that of the environment for the
/// Python package. Counts as skipped where there is neither.
pub(super) fn scripts(bench: &Bench) -> Result<Verdict> {
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
pub(super) fn wheel(bench: &Bench) -> Result<Verdict> {
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

/// The check `notebook`: the widget in a JupyterLab, and the notebooks from first to last cell.
pub(super) fn notebook(bench: &Bench) -> Result<Verdict> {
    if !python::is_there() {
        let why = format!("{} is not CPython 3.10 or later with venv; PYTHON may name another one", python::named());
        return Ok(skipped("notebook", &why));
    }
    let browser = match setup::browser(false) {
        Ok(browser) => browser,
        Err(error) => return Ok(skipped("notebook", &format!("{error:#}"))),
    };
    if bench.build {
        bench.page("notebook")?;
    } else {
        page::present()?;
    }
    notebook::pack(&paths::dist(), &notebook::folder())?;
    let (builders, programs) = (python::environment()?, python::notebooks()?);
    let folder = paths::target().join("notebook-wheels");
    if !bench.log("notebook", wheel::for_tests(&builders, &folder)?)?.status.success() {
        bail!("the package could not be built");
    }
    if !bench.log("notebook", wheel::install(&programs, &folder)?)?.status.success() {
        bail!("the package could not be installed");
    }
    let executed = bench.log("notebook", wheel::notebooks(&programs))?;
    let of_notebooks = Counts::of_pytest(&executed.output);
    let json = paths::logs().join("notebook.json");
    let _ = fs::remove_file(&json);
    let run = Run::new("node")
        .args(["node_modules/@playwright/test/cli.js", "test", "--config", "notebook.config.mjs"])
        .within(paths::browser_tests())
        .env("CHROMIUM", &browser.program)
        .env("FLATLAND_JUPYTER", programs.join("jupyter"))
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &json);
    let told = bench.log("notebook", run)?;
    let report = fs::read_to_string(&json).context("Playwright left no report: it did not get as far as a story")?;
    let of_stories = Counts::of_playwright(&report).context("Playwright's report has no counts")?;
    let Stories { failed, second, .. } = stories(&report, 0);
    let names: Vec<&str> = failed.iter().map(String::as_str).collect();
    let failure = failure_of(&told, of_stories).map(|failure| named(&failure, &names));
    let failure =
        failure.or_else(|| failure_of(&executed, of_notebooks).map(|failure| format!("notebooks: {failure}")));
    Ok(Verdict { counts: Some(of_notebooks + of_stories), failure, second, ..Verdict::default() })
}

/// What comes of a check that is left out.
pub(super) fn skipped(name: &str, why: &str) -> Verdict {
    progress(&format!("{name}: SKIPPED, since {why}"));
    Verdict { counts: Some(Counts { passed: 0, failed: 0, skipped: 1 }), ..Verdict::default() }
}

/// The check `tex`.
pub(super) fn tex(bench: &Bench) -> Result<Verdict> {
    let found = Command::new("kpsewhich").arg("pgfplots.sty").stdout(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        return Ok(skipped("tex", "pdflatex with pgfplots is not here"));
    }
    let run = Run::cargo().args(["test", "--package", "flatland-export", "--test", "pgfplots", "--", "--ignored"]);
    bench.ignored_test("tex", run, "a figure cannot be set")
}
