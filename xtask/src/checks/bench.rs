//! What the checks share: how their commands are run, logged and counted, and the page that some of
//! them look at.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::process::{Logged, Run};
use crate::report::{Counts, failed_tests};
use crate::verdict::{Verdict, failure_of, named};
use crate::{page, paths, setup};

/// Lines of a failed check's log that are shown.
const SHOWN_LINES: usize = 150;

/// What the checks share.
pub(super) struct Bench {
    /// Whether what the checks print is shown while they run.
    pub(super) verbose: bool,
    /// Whether the page is built before it is tested.
    pub(super) build: bool,
    /// Whether the page was built in this run, and why not.
    page: OnceCell<Result<(), String>>,
}

impl Bench {
    /// Nothing is built yet.
    pub(super) fn new(verbose: bool, build: bool) -> Self {
        Self { verbose, build, page: OnceCell::new() }
    }

    /// Runs a command of the check `name`.
    pub(super) fn log(&self, name: &str, run: Run) -> Result<Logged> {
        run.logged(&log_of(name), self.verbose)
    }

    /// Runs a command that just succeeds or fails.
    pub(super) fn plain(&self, name: &str, run: Run) -> Result<Verdict> {
        let logged = self.log(name, run)?;
        Ok(Verdict { failure: (!logged.status.success()).then(|| format!("{}", logged.status)), ..Verdict::default() })
    }

    /// Runs a command of a Rust test runner.
    pub(super) fn tests(&self, name: &str, run: Run) -> Result<Verdict> {
        let logged = self.log(name, run)?;
        let counts = Counts::of_cargo(&logged.output);
        let failure = failure_of(&logged, counts).map(|failure| named(&failure, &failed_tests(&logged.output)));
        Ok(Verdict { counts: Some(counts), failure, ..Verdict::default() })
    }

    /// Runs one test that is ignored elsewhere; `complaint` says what its failure means.
    pub(super) fn ignored_test(&self, name: &str, run: Run, complaint: &str) -> Result<Verdict> {
        let logged = self.log(name, run)?;
        let failure = (!logged.status.success()).then(|| format!("{complaint} ({})", logged.status));
        let counts = Counts { passed: u64::from(failure.is_none()), failed: u64::from(failure.is_some()), skipped: 0 };
        Ok(Verdict { counts: Some(counts), failure, ..Verdict::default() })
    }

    /// The release page, built at most once.
    pub(super) fn page(&self, name: &str) -> Result<()> {
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

/// Where the output of a check is kept.
pub(super) fn log_of(name: &str) -> PathBuf {
    paths::logs().join(format!("{name}.log"))
}

/// Prints the end of a log, without Cargo's lines about what it compiles.
pub(super) fn show_end_of(log: &Path) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_of_cargo_is_chatter_and_complaints_are_not() {
        assert!(is_chatter("   Compiling yew v0.23.0"));
        assert!(is_chatter("    Checking flatland v0.1.0 (/somewhere)"));
        assert!(!is_chatter("error: could not compile `flatland`"));
        assert!(!is_chatter("     Running unittests src/lib.rs"));
        assert!(!is_chatter(""));
    }
}
