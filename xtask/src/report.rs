//! Counting tests in what their runners print, and the summary at the end.

use std::fmt;
use std::time::Duration;

/// Single tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Tests that were left out.
    pub skipped: u64,
}

impl Counts {
    /// The tests that ran.
    pub fn ran(&self) -> u64 {
        self.passed + self.failed
    }

    /// Adds up the "test result:" lines of Rust's test runner; wasm-bindgen's prints the same.
    pub fn of_cargo(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines() {
            let Some((_, result)) = line.split_once("test result: ") else {
                continue;
            };
            let number = |what: &str| {
                let numbers = result
                    .split(['.', ';'])
                    .filter_map(|part| part.trim().strip_suffix(what)?.trim().parse::<u64>().ok());
                numbers.sum::<u64>()
            };
            counts.passed += number(" passed");
            counts.failed += number(" failed");
            counts.skipped += number(" ignored");
        }
        counts
    }

    /// Reads the closing lines of Node's test runner under its TAP reporter: `# pass 5`.
    pub fn of_node(output: &str) -> Self {
        let number = |name: &str| {
            let prefix = format!("# {name} ");
            let numbers = output.lines().filter_map(|line| line.strip_prefix(&prefix)?.trim().parse::<u64>().ok());
            numbers.sum::<u64>()
        };
        Self { passed: number("pass"), failed: number("fail") + number("cancelled"), skipped: number("skipped") }
    }

    /// Reads the report that Playwright's JSON reporter writes.
    pub fn of_playwright(json: &str) -> Option<Self> {
        let report: serde_json::Value = serde_json::from_str(json).ok()?;
        let number = |name: &str| report["stats"][name].as_u64();
        Some(Self {
            passed: number("expected")?,
            failed: number("unexpected")? + number("flaky")?,
            skipped: number("skipped")?,
        })
    }
}

/// How a check went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The check's name.
    pub name: &'static str,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// The single tests in it; `None` where there are none by nature.
    pub counts: Option<Counts>,
    /// How long it took.
    pub duration: Duration,
}

/// All checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Each check.
    pub outcomes: Vec<Outcome>,
}

impl Summary {
    /// Single tests and checks that passed.
    pub fn passed(&self) -> u64 {
        self.sum(|outcome| outcome.counts.unwrap_or_default().passed + u64::from(outcome.failure.is_none()))
    }

    /// Single tests and checks that failed.
    pub fn failed(&self) -> u64 {
        self.sum(|outcome| outcome.counts.unwrap_or_default().failed + u64::from(outcome.failure.is_some()))
    }

    /// A number of each outcome, added up.
    fn sum(&self, number: impl Fn(&Outcome) -> u64) -> u64 {
        self.outcomes.iter().map(number).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<14}{:<10}{:>8}{:>8}{:>9}{:>10}", "check", "result", "passed", "failed", "skipped", "seconds")?;
        for outcome in &self.outcomes {
            let result = if outcome.failure.is_none() { "passed" } else { "FAILED" };
            write!(f, "{:<14}{result:<10}", outcome.name)?;
            match outcome.counts {
                Some(counts) => write!(f, "{:>8}{:>8}{:>9}", counts.passed, counts.failed, counts.skipped)?,
                None => write!(f, "{:>8}{:>8}{:>9}", "–", "–", "–")?,
            }
            write!(f, "{:>10.1}", outcome.duration.as_secs_f64())?;
            if let Some(failure) = &outcome.failure {
                write!(f, "   {}", failure.lines().next().unwrap_or_default())?;
            }
            writeln!(f)?;
        }
        writeln!(f)?;
        write!(f, "{} passed, {} failed", self.passed(), self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_closing_lines_are_counted() {
        let output = "ok 1 - a test\n1..3\n# tests 3\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 0\n";
        assert_eq!(Counts::of_node(output), Counts { passed: 2, failed: 1, skipped: 0 });
    }

    #[test]
    fn results_of_several_test_programs_add_up() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            \x20   test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 7 filtered out\n\
            test result: ok. 1 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1.00s\n";
        assert_eq!(Counts::of_cargo(output), Counts { passed: 6, failed: 4, skipped: 1 });
        assert_eq!(Counts::of_cargo("error: could not compile").ran(), 0);
    }

    #[test]
    fn playwright_reports_are_read_and_a_flaky_test_is_a_failed_one() {
        let json =
            r#"{"suites": [], "stats": {"expected": 5, "unexpected": 1, "flaky": 2, "skipped": 3, "duration": 1.5}}"#;
        assert_eq!(Counts::of_playwright(json), Some(Counts { passed: 5, failed: 3, skipped: 3 }));
        assert_eq!(Counts::of_playwright("{}"), None);
        assert_eq!(Counts::of_playwright(""), None);
    }

    #[test]
    fn the_summary_ends_with_the_count_alone_on_its_line() {
        let check = |name, failure: Option<&str>, counts| Outcome {
            name,
            failure: failure.map(str::to_owned),
            counts,
            duration: Duration::from_millis(1_250),
        };
        let summary = Summary {
            outcomes: vec![
                check("fmt", None, None),
                check("host", Some("2 tests failed\nmore"), Some(Counts { passed: 10, failed: 2, skipped: 0 })),
                check("e2e", None, Some(Counts { passed: 3, failed: 0, skipped: 1 })),
            ],
        };
        let text = summary.to_string();
        assert!(text.ends_with("\n15 passed, 3 failed"), "{text}");
        assert!(text.contains("2 tests failed") && !text.contains("more"), "{text}");
    }
}
