//! An environment of its own for the Python package, with what builds and tests it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::paths;
use crate::process::{Run, progress};

/// What is asked whether an interpreter will do: CPython 3.10 or later that can make environments.
const QUESTION: &str = "import ensurepip, sys, venv; \
                        sys.exit(sys.version_info < (3, 10) or sys.implementation.name != 'cpython')";

/// What the environment was filled from.
const STAMP: &str = "installed-from.txt";

/// The interpreter that `PYTHON` names, or `python3`.
pub fn named() -> String {
    env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// Whether there is a Python that the package can be built and tested with.
pub fn is_there() -> bool {
    let answer = Command::new(named()).args(["-c", QUESTION]).stderr(Stdio::null()).status();
    answer.is_ok_and(|status| status.success())
}

/// The environment's folder of programs, with what `python/requirements.txt` lists.
pub fn environment() -> Result<PathBuf> {
    let folder = paths::tools().join("python");
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let list = paths::root().join("python/requirements.txt");
    let wanted = fs::read_to_string(&list).with_context(|| format!("reading {}", list.display()))?;
    // Another interpreter makes another environment.
    let wanted = format!("{}\n{wanted}", named());
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    progress("Installing what the Python package is built and tested with — once, about a minute");
    Run::new(named()).args(["-m", "venv", "--clear"]).arg(&folder).capture()?;
    install(&programs, |run| run.arg("--requirement").arg(&list))?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(programs)
}

/// Has pip install something, from wheels alone: nothing is compiled.
fn install(programs: &Path, what: impl Fn(Run) -> Run) -> Result<()> {
    let run = Run::new(programs.join("python")).args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"]);
    what(run)
        .hint("connect to the package index, or leave the check \"wheel\" out with --skip wheel")
        .capture()
        .map(drop)
}
