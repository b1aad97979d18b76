//! What comes of a check: its counts, and why it failed.

use crate::process::Logged;
use crate::report::{Counts, Story};

/// How many failed tests the summary names.
const NAMED: usize = 5;

/// What came of a check that could be carried out.
#[derive(Default)]
pub struct Verdict {
    /// The single tests.
    pub counts: Option<Counts>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// The slowest browser stories.
    pub slowest: Vec<Story>,
    /// Browser stories that passed at their second try only.
    pub second: Vec<String>,
}

/// Why a run of tests is a failure, if it is one.
pub fn failure_of(logged: &Logged, counts: Counts) -> Option<String> {
    if counts.failed > 0 {
        Some(format!("{} of {} tests failed", counts.failed, counts.ran()))
    } else if !logged.status.success() {
        Some(format!("{}", logged.status))
    } else if counts.ran() == 0 {
        Some("no test ran".to_owned())
    } else {
        None
    }
}

/// A failure with the names of the tests that failed, the first ones.
pub fn named(failure: &str, names: &[&str]) -> String {
    let more = if names.len() > NAMED { ", …" } else { "" };
    let shown = names[..names.len().min(NAMED)].join(", ");
    if names.is_empty() { failure.to_owned() } else { format!("{failure}: {shown}{more}") }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;
    use crate::process::Run;

    #[test]
    fn a_run_without_tests_is_a_failure() {
        let logged = |code: &str| {
            let log = std::env::temp_dir().join(format!("xtask-verdict-{code}-{}", std::process::id()));
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
