//! Counting tests in what their runners print, and the summary at the end.

use std::fmt;
use std::ops::Add;
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

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
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

    /// Reads the closing line of pytest: `2 failed, 108 passed, 1 skipped in 10.15s`.
    pub fn of_pytest(output: &str) -> Self {
        let line = output.lines().rev().map(|line| line.trim_matches(['=', ' ']));
        let line =
            line.filter_map(|line| line.rsplit_once(" in ")).find(|(_, time)| time.starts_with(char::is_numeric));
        let line = line.map(|(counts, _)| counts);
        let number = |what: &str| {
            let mut parts = line.unwrap_or_default().split(", ").filter_map(|part| part.trim().split_once(' '));
            parts.find(|(_, word)| word.trim_end_matches('s') == what).and_then(|(number, _)| number.parse().ok())
        };
        let number = |what: &str| number(what).unwrap_or(0);
        Self { passed: number("passed"), failed: number("failed") + number("error"), skipped: number("skipped") }
    }

    /// Reads the report that Playwright's JSON reporter writes. A story that passed at its second
    /// try has passed; the summary names it.
    pub fn of_playwright(json: &str) -> Option<Self> {
        let report: serde_json::Value = serde_json::from_str(json).ok()?;
        let number = |name: &str| report["stats"][name].as_u64();
        Some(Self {
            passed: number("expected")? + number("flaky")?,
            failed: number("unexpected")?,
            skipped: number("skipped")?,
        })
    }
}

/// The names of the tests that failed, in what Rust's test runner and wasm-bindgen's print.
pub fn failed_tests(output: &str) -> Vec<&str> {
    let failed = |line: &'_ str| line.ends_with(" ... FAILED") || line.ends_with(" ... FAIL");
    let lines = output.lines().map(str::trim).filter(|line| failed(line));
    lines.filter_map(|line| Some(line.strip_prefix("test ")?.rsplit_once(" ... ")?.0)).collect()
}

/// A browser story and how many seconds it took.
pub type Story = (String, f64);

/// What Playwright's JSON report says of its stories.
#[derive(Debug, Default, PartialEq)]
pub struct Stories {
    /// Those that failed.
    pub failed: Vec<String>,
    /// Those that passed at their second try only.
    pub second: Vec<String>,
    /// The slowest ones, the slowest first.
    pub slowest: Vec<Story>,
}

/// Reads Playwright's JSON report, with `slowest` of the slowest stories.
pub fn stories(json: &str, slowest: usize) -> Stories {
    let report: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let (mut failed, mut second, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let mut open: Vec<(String, &serde_json::Value)> = vec![(String::new(), &report)];
    while let Some((path, suite)) = open.pop() {
        for inner in suite["suites"].as_array().into_iter().flatten() {
            open.push((format!("{path}{} › ", inner["title"].as_str().unwrap_or_default()), inner));
        }
        for spec in suite["specs"].as_array().into_iter().flatten() {
            let name = format!("{path}{}", spec["title"].as_str().unwrap_or_default());
            let tests = || spec["tests"].as_array().into_iter().flatten();
            let results = tests().flat_map(|test| test["results"].as_array().into_iter().flatten());
            let seconds = results.filter_map(|result| result["duration"].as_f64()).sum::<f64>() / 1000.0;
            if spec["ok"].as_bool() == Some(false) {
                failed.push(name.clone());
            } else if tests().any(|test| test["status"] == "flaky") {
                second.push(name.clone());
            }
            all.push((name, seconds));
        }
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all.truncate(slowest);
    Stories { failed, second, slowest: all }
}

/// The tests of Node's runner that say in a diagnostic that they passed at their second try.
pub fn second_tries(output: &str) -> Vec<String> {
    let names = output.lines().filter_map(|line| line.trim().strip_prefix("# at its second try: "));
    names.map(str::to_owned).collect()
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
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Each check.
    pub outcomes: Vec<Outcome>,
    /// The slowest browser stories.
    pub slowest: Vec<Story>,
    /// Browser stories that passed at their second try only.
    pub second: Vec<String>,
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
        if !self.slowest.is_empty() {
            writeln!(f, "\nthe slowest browser stories{:>29}", "seconds")?;
        }
        for (story, seconds) in &self.slowest {
            writeln!(f, "{seconds:>56.1}   {story}")?;
        }
        for story in &self.second {
            writeln!(f, "\npassed at its second try only: {story}")?;
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
    fn counts_are_read_from_pytest() {
        let output =
            "FAILED test_a.py::test_b - in 3 s\n==== 1 failed, 107 passed, 2 skipped, 1 error in 10.15s ====\n";
        assert_eq!(Counts::of_pytest(output), Counts { passed: 107, failed: 2, skipped: 2 });
        let output = "....\n110 passed, 1 skipped in 72.02s (0:01:12)\n";
        assert_eq!(Counts::of_pytest(output), Counts { passed: 110, failed: 0, skipped: 1 });
        assert_eq!(Counts::of_pytest("no tests ran in 0.01s\n"), Counts::default());
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
    fn failures_have_their_names() {
        let output = "test a::b ... ok\ntest c::d ... FAILED\n    test e - should panic ... FAILED\ntest f ... FAIL\n";
        assert_eq!(failed_tests(output), ["c::d", "e - should panic", "f"]);
        let json = r#"{"suites": [{"title": "lab.spec.mjs", "suites": [{"title": "time", "specs": [
            {"title": "runs", "ok": true, "tests": [{"results": [{"duration": 1500}]}]},
            {"title": "stops", "ok": false, "tests": [{"results": [{"duration": 2000}, {"duration": 500}]}]}]}],
            "specs": [{"title": "opens", "ok": true, "tests": [{"status": "flaky", "results": [{"duration": 100}]}]}]}]}"#;
        let Stories { failed, second, slowest } = stories(json, 2);
        assert_eq!(failed, ["lab.spec.mjs › time › stops"]);
        assert_eq!(second, ["lab.spec.mjs › opens"]);
        assert_eq!(
            slowest,
            [("lab.spec.mjs › time › stops".to_owned(), 2.5), ("lab.spec.mjs › time › runs".to_owned(), 1.5)]
        );
        assert_eq!(stories("", 3), Stories::default());
        let output = "ok 1 - a\n# at its second try: a\n    # at its second try: b c\n";
        assert_eq!(second_tries(output), ["a", "b c"]);
    }

    #[test]
    fn playwright_reports_are_read() {
        let json =
            r#"{"suites": [], "stats": {"expected": 5, "unexpected": 1, "flaky": 2, "skipped": 3, "duration": 1.5}}"#;
        assert_eq!(Counts::of_playwright(json), Some(Counts { passed: 7, failed: 1, skipped: 3 }));
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
            slowest: vec![("a › story".to_owned(), 12.34)],
            second: vec!["another › story".to_owned()],
        };
        let text = summary.to_string();
        assert!(text.ends_with("\n15 passed, 3 failed"), "{text}");
        assert!(text.contains("2 tests failed") && !text.contains("more"), "{text}");
        assert!(text.contains("12.3   a › story"), "{text}");
        assert!(text.contains("\npassed at its second try only: another › story\n"), "{text}");
    }
}
