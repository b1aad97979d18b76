//! The checks that programs of others carry out: Python, and pdflatex. Where one is missing, its check
//! counts as skipped.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::bench::Bench;
use crate::process::{Run, progress};
use crate::report::Counts;
use crate::setup::python;
use crate::verdict::{Verdict, failure_of};
use crate::{paths, wheel};

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
