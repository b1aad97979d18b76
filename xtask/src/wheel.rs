//! The Python package as a wheel, in `pkg/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::process::{Run, progress};
use crate::setup::python;
use crate::{notebook, page, paths};

/// `cargo xtask wheel`, with the page in it.
pub fn command(mode: page::Mode) -> Result<()> {
    if !python::is_there() {
        bail!(
            "{} is not CPython 3.10 or later with venv.\n\
             What to do: install it, or name another one in the environment variable PYTHON",
            python::named()
        );
    }
    page::build(mode)?;
    notebook::pack(&paths::dist(), &notebook::folder())?;
    let programs = python::environment()?;
    progress("Building the Python package — about three minutes the first time");
    fs::create_dir_all(paths::package()).with_context(|| format!("creating {}", paths::package().display()))?;
    for old in wheels(&paths::package())? {
        fs::remove_file(&old).with_context(|| format!("removing {}", old.display()))?;
    }
    build(&programs, "wheel", &paths::package()).run()?;
    let wheel = built(&paths::package())?;
    let size = fs::metadata(&wheel).with_context(|| format!("reading {}", wheel.display()))?.len();
    progress(&format!("The package is {}, {} kB: install it with pip", paths::shown(&wheel), size / 1000));
    Ok(())
}

/// Builds the wheel under a profile of Cargo's into a folder.
pub fn build(programs: &Path, profile: &str, folder: &Path) -> Run {
    Run::new(programs.join("maturin"))
        .args(["build", "--manifest-path", "python/Cargo.toml", "--profile", profile, "--interpreter"])
        .arg(programs.join("python"))
        .arg("--out")
        .arg(folder)
}

/// The commands that build the wheel as tests want it, soon, into an empty `folder`.
pub fn for_tests(programs: &Path, folder: &Path) -> Result<Run> {
    match fs::remove_dir_all(folder) {
        Err(error) if folder.exists() => Err(error).with_context(|| format!("emptying {}", folder.display())),
        // With the profile of the other tests most of it is compiled already.
        _ => Ok(build(programs, "dev", folder)),
    }
}

/// Installs the wheel in `folder` into the environment, over an older one.
pub fn install(programs: &Path, folder: &Path) -> Result<Run> {
    let run = Run::new(programs.join("python")).args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]);
    Ok(run.arg("--force-reinstall").arg(built(folder)?))
}

/// The tests of the installed package, held against the command line `command`.
pub fn tests(programs: &Path, command: &Path) -> Run {
    Run::new(programs.join("python"))
        .args(["-m", "pytest", "--color", "no", "-rs", "-p", "no:cacheprovider"])
        .within(paths::root().join("python/tests"))
        .env("FLATLAND_COMMAND", command)
        .env("PYTHONDONTWRITEBYTECODE", "1")
}

/// The notebooks, executed by the environment that has the package.
pub fn notebooks(programs: &Path) -> Run {
    Run::new(programs.join("python"))
        .args(["-m", "pytest", "--color", "no", "-rs", "-p", "no:cacheprovider"])
        .within(paths::root().join("python/notebooks"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
}

/// The only wheel in a folder.
fn built(folder: &Path) -> Result<PathBuf> {
    wheels(folder)?.pop().with_context(|| format!("maturin left no wheel in {}", folder.display()))
}

fn wheels(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "whl")).collect())
}
