//! `cargo xtask test`: every check, one after the other, and a summary.

mod bench;
mod outside;
mod rust;
mod site;

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use self::bench::{Bench, log_of, show_end_of};
use crate::paths;
use crate::process::{self, progress};
use crate::report::{Outcome, Summary};
use crate::setup::{self, python};
use crate::verdict::Verdict;

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

/// All checks, cheap ones first, in an order that lets each use what the one before compiled.
const CHECKS: [Check; 15] = [
    Check {
        name: "fmt",
        about: "formatting of the Rust sources",
        prepare: || setup::component("rustfmt"),
        run: rust::fmt,
    },
    Check {
        name: "clippy-host",
        about: "lints of the whole workspace",
        prepare: || setup::component("clippy"),
        run: rust::clippy_host,
    },
    Check {
        name: "clippy-wasm",
        about: "lints of page, engine and compiler as compiled for the browser",
        prepare: || setup::component("clippy").and_then(|()| setup::wasm_target()),
        run: rust::clippy_wasm,
    },
    Check {
        name: "host",
        about: "unit, property and documentation tests on this machine",
        prepare: || Ok(()),
        run: rust::host,
    },
    Check {
        name: "gpu",
        about: "maps on a graphics card, or on Mesa's lavapipe; left out without either",
        prepare: || {
            setup::graphics();
            Ok(())
        },
        run: rust::gpu,
    },
    Check {
        name: "python",
        about: "exported NumPy scripts against the engine; left out without Python 3",
        prepare: || Ok(()),
        run: outside::scripts,
    },
    Check {
        name: "wheel",
        about: "the Python package against the command line; left out without Python 3.10",
        prepare: || if python::is_there() { python::environment().map(drop) } else { Ok(()) },
        run: outside::wheel,
    },
    Check {
        name: "tex",
        about: "exported figures, set by pdflatex with pgfplots; left out without them",
        prepare: || Ok(()),
        run: outside::tex,
    },
    Check {
        name: "wasm",
        about: "tests of page, engine and compiler inside a headless browser",
        prepare: || setup::wasm_test_tools().and_then(|_| setup::browser(true)).map(drop),
        run: rust::wasm,
    },
    Check {
        name: "build",
        about: "the release page and what it weighs",
        prepare: || setup::page_tools().map(drop),
        run: site::build,
    },
    Check {
        name: "package",
        about: "the JavaScript package, in Node and on a plain page",
        prepare: || {
            setup::page_tools()?;
            setup::browser_test_packages()?;
            setup::browser(false).map(drop)
        },
        run: site::package,
    },
    Check {
        name: "notebook",
        about: "the widget in a JupyterLab, and the notebooks; left out without Python 3.10 and a browser",
        prepare: || {
            if !python::is_there() {
                return Ok(());
            }
            setup::page_tools()?;
            setup::browser_test_packages()?;
            python::environment().and_then(|_| python::notebooks()).map(drop)
        },
        run: outside::notebook,
    },
    Check {
        name: "e2e",
        about: "the built page, used in a browser",
        prepare: || setup::browser_test_packages().and_then(|()| setup::browser(false)).map(drop),
        run: site::e2e,
    },
    Check {
        name: "firefox",
        about: "stories of the built page in Firefox; left out without it",
        prepare: || setup::browser_test_packages().and_then(|()| setup::browser(false)).map(drop),
        run: site::firefox,
    },
    Check {
        name: "webkit",
        about: "the core of the built page in WebKit; left out without it",
        prepare: setup::browser_test_packages,
        run: site::webkit,
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
    let bench = Bench::new(options.verbose, options.build);
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
        let Verdict { counts, failure, slowest, second } =
            verdict.unwrap_or_else(|error| Verdict { failure: Some(format!("{error:#}")), ..Verdict::default() });
        summary.slowest.extend(slowest);
        summary.second.extend(second);
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
}
