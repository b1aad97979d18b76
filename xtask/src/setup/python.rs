//! Environments of their own for the Python package: with what builds and tests it, and with
//! JupyterLab and what its notebooks use.

use std::env;
use std::fs;
use std::path::PathBuf;
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

/// The programs of the environment with what builds and tests the package.
pub fn environment() -> Result<PathBuf> {
    filled("python", "python/requirements.txt", "wheel")
}

/// The programs of the environment with JupyterLab and what the notebooks use.
pub fn notebooks() -> Result<PathBuf> {
    filled("notebooks", "python/notebooks/requirements.txt", "notebook")
}

/// The folder of programs of the environment `name`, with what `list` lists; the check `check` uses
/// it.
fn filled(name: &str, list: &str, check: &str) -> Result<PathBuf> {
    let folder = paths::tools().join(name);
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let list = paths::root().join(list);
    let wanted = fs::read_to_string(&list).with_context(|| format!("reading {}", list.display()))?;
    // Another interpreter makes another environment.
    let wanted = format!("{}\n{wanted}", named());
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    progress(&format!("Installing what the check \"{check}\" uses of Python — once, about a minute"));
    Run::new(named()).args(["-m", "venv", "--clear"]).arg(&folder).capture()?;
    // From wheels alone: nothing is compiled.
    Run::new(programs.join("python"))
        .args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--requirement"])
        .arg(&list)
        .hint(format!("connect to the package index, or leave the check {check:?} out with --skip {check}"))
        .capture()?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(programs)
}
