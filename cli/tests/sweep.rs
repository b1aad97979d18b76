//! `flatland sweep`: grids whose results are known in closed form, the order of rows, and what is
//! refused.
#![allow(missing_docs)]

mod common;
#[path = "common/folder.rs"]
mod folder;

use std::fs;

use common::{command, flatland, text};
use folder::Folder;
use serde_json::Value;

/// One run on an objective of one variable, from 0.3.
fn experiment(objective: &str, steps: u64) -> String {
    format!(
        r#"{{"version": 1, "objective": {objective}, "start": [0.3], "runs": [{{"policy": {{"name": "constant"}}}}],
            "steps": {steps}}}"#
    )
}

/// The rows of a sweep as JSON objects.
fn rows(experiment: &str, over: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["sweep", "-", "--format", "jsonl"];
    arguments.extend(over.iter().flat_map(|range| ["--over", range]));
    let output = flatland(&arguments, experiment.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // No bar where standard error is not a terminal; only lists are told.
    let told: Vec<_> = text(&output.stderr).lines().map(|line| line.split(':').next().unwrap_or_default()).collect();
    let listed = over.iter().filter_map(|range| range.split_once('=').filter(|(_, values)| !values.contains(':')));
    assert_eq!(told, listed.map(|(field, _)| field).collect::<Vec<_>>());
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn number(row: &Value, column: &str) -> f64 {
    row[column].as_f64().unwrap_or_else(|| panic!("no number {column} in {row}"))
}

/// On ½x² a step multiplies x by 1 − η: it converges below 2, diverges above, and at 2 goes to and
/// fro for ever.
#[test]
fn a_quadratic_diverges_exactly_above_two() {
    let quadratic = experiment(r#"{"name": "quadratic", "curvatures": [1]}"#, 5_000);
    let rows = rows(&quadratic, &["runs[0].policy.eta=lin:0.0625:4:64"]);
    assert_eq!(rows.len(), 64);
    for row in &rows {
        let eta = number(row, "runs[0].policy.eta");
        let expected = if eta < 2.0 {
            ("converged", 0.0)
        } else if eta > 2.0 {
            ("diverged", 1.0)
        } else {
            ("budget", 0.0)
        };
        assert_eq!(
            (row["outcome"].as_str(), number(row, "share_beyond_edge")),
            (Some(expected.0), expected.1),
            "{row}"
        );
        assert_eq!((number(row, "final_sharpness"), number(row, "flattest_sharpness")), (1.0, 1.0));
        // ‖∇f‖ = 0.3·|1 − η|ᵏ first falls to 1e-10, or f = ½x² first rises above 1e12, at this k.
        let factor = (1.0 - eta).abs();
        let steps = match expected.0 {
            "converged" if factor > 1e-9 => ((1e-10_f64 / 0.3).ln() / factor.ln()).ceil(),
            "converged" => 1.0,
            "diverged" => ((2e12_f64.sqrt() / 0.3).ln() / factor.ln()).floor() + 1.0,
            _ => 5_000.0,
        };
        assert_eq!(number(row, "end_step"), steps, "{row}");
    }
}

/// The double well ¼(x² − 1)²: a minimum below η = 1, then a 2-cycle up to √5 − 1 whose points a, b
/// have ab = 1/η and (a + b)² = 1 + 3/η, and no bounded run from 0.3 far above 2 (Chen & Bruna,
/// 2022).
#[test]
fn a_double_well_has_its_period_and_its_cycle() {
    let rows = rows(&experiment(r#"{"name": "double-well"}"#, 5_000), &["runs[0].policy.eta=lin:0.5:2.5:101"]);
    let (mut converged, mut cycles, mut diverged) = (0, 0, 0);
    for row in &rows {
        let eta = number(row, "runs[0].policy.eta");
        let outcome = row["outcome"].as_str().expect("a word");
        if eta < 0.99 {
            assert_eq!(outcome, "converged", "{row}");
            // λ₁ = 2 at both minima; ‖∇f‖ ≤ 1e-10 leaves |x| within 1e-10 of 1.
            assert!((number(row, "final_sharpness") - 2.0).abs() < 1e-9, "{row}");
            converged += 1;
        } else if (1.01..1.22).contains(&eta) {
            assert_eq!(outcome, "budget", "{row}");
            let (sum, difference) = ((1.0 + 3.0 / eta).sqrt(), (1.0 - 1.0 / eta).sqrt());
            let losses =
                [sum + difference, sum - difference].map(|double| 0.25 * (0.25 * double * double - 1.0).powi(2));
            // The cycle attracts by at least a few percent a round, so that after 5000 steps only
            // rounding is left.
            let error = losses.map(|loss| (number(row, "final_loss") - loss).abs());
            assert!(error[0].min(error[1]) < 1e-12, "{row}: {losses:?}");
            cycles += 1;
        } else if eta > 2.05 {
            assert_eq!(outcome, "diverged", "{row}");
            diverged += 1;
        }
    }
    assert!(converged > 20 && cycles >= 10 && diverged > 20, "{converged} {cycles} {diverged}");
}

/// A row is the summary of what `flatland run` prints for the same experiment.
#[test]
fn a_row_sums_up_the_records_of_its_run() {
    let document = |eta: f64| {
        format!(
            r#"{{"version": 1, "objective": {{"name": "scalar-factorization"}}, "start": [3, 0.5],
                "runs": [{{"policy": {{"name": "constant", "eta": {eta}}}}},
                         {{"policy": {{"name": "nonmonotone-line-search"}}, "label": "a, \"quoted\""}}], "steps": 40}}"#
        )
    };
    let over = ["sweep", "-", "--over", "runs[0].policy.eta=0.1,0.25,0.3"];
    let sweep = flatland(&over, document(1.0).as_bytes());
    let lines: Vec<_> = text(&sweep.stdout).lines().collect();
    assert_eq!(
        lines[0],
        "runs[0].policy.eta,run,policy,outcome,end_step,final_loss,best_loss,final_sharpness,flattest_sharpness,\
         share_beyond_edge,function_evaluations,gradient_evaluations,hvp_evaluations"
    );
    assert_eq!(lines.len(), 7);
    for (i, eta) in [0.1, 0.25, 0.3].into_iter().enumerate() {
        let run = flatland(&["run", "-"], document(eta).as_bytes());
        let records: Vec<Vec<&str>> =
            text(&run.stdout).lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()).collect();
        for (index, title) in [(0, format!("constant η={eta}")), (1, r#""a, ""quoted""""#.to_owned())] {
            let records: Vec<_> = records.iter().filter(|record| record[0] == index.to_string()).collect();
            let column = |at: usize| records.iter().filter_map(move |record| record[at].parse::<f64>().ok());
            let last = records.last().expect("records");
            let beyond = column(6).filter(|product| *product > 2.0).count() as f64 / column(5).count() as f64;
            let outcome = if last[1] == "40" { "budget" } else { "converged" };
            let expected = format!(
                "{eta:?},{index},{title},{outcome},{},{},{:?},{},{:?},{beyond:?},{},{},{}",
                last[1],
                last[2],
                column(2).fold(f64::INFINITY, f64::min),
                last[4],
                column(4).fold(f64::INFINITY, f64::min),
                last[8],
                last[9],
                last[10]
            );
            assert_eq!(lines[1 + 2 * i + index], expected);
        }
    }
}

/// More points than are computed at once, on one thread and on several: the same bytes, the last
/// field fastest.
#[test]
fn rows_come_in_the_order_of_the_grid_whatever_the_number_of_threads() {
    let run = |threads: &str| {
        let arguments = ["sweep", "-", "--over", "start[0]=lin:-2:2:50", "--over", "runs[0].policy.eta=log:0.01:10:31"];
        let mut child = command(&arguments).env("RAYON_NUM_THREADS", threads).spawn().expect("the command starts");
        let experiment = experiment(r#"{"name": "double-well"}"#, 50);
        std::io::Write::write_all(&mut child.stdin.take().expect("piped"), experiment.as_bytes()).expect("it reads");
        child.wait_with_output().expect("the command ends").stdout
    };
    let (one, several) = (run("1"), run("5"));
    assert!(one == several, "the number of threads makes a difference");
    let values: Vec<[f64; 2]> = text(&one)
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',').map(|cell| cell.parse().expect("a number"));
            [cells.next().expect("the start"), cells.next().expect("the step size")]
        })
        .collect();
    assert_eq!(values.len(), 50 * 31);
    assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "out of order");
    assert_eq!((values[0], values[30], values[31][1]), ([-2.0, 0.01], [-2.0, 10.0], 0.01));
}

#[test]
fn parameters_of_formulas_and_absent_fields_can_be_swept_over() {
    let formula = r#"{"version": 1, "objective": {"name": "formula", "expression": "a*x^2; a = 1"},
                      "runs": [{"policy": {"name": "polyak"}}], "steps": 3}"#;
    let rows = rows(formula, &["objective.expression.a=0.5,2", "runs[0].policy.f_star=-1,0"]);
    let sharpness: Vec<_> = rows.iter().map(|row| number(row, "final_sharpness")).collect();
    assert_eq!(sharpness, [1.0, 1.0, 4.0, 4.0]);
    assert_eq!(rows[0]["runs[0].policy.f_star"], -1.0);
}

/// A comma may have been meant as a decimal one: what a list holds is said, on standard error.
#[test]
fn lists_of_values_are_told() {
    for (over, told) in [
        ("start[0]=0,5", "start[0]: 2 values: 0, 5"),
        ("start[0]=0.5", "start[0]: 1 value: 0.5"),
        ("start[0]=1,2,3,4,5,6,7,8,9", "start[0]: 9 values: 1, 2, 3, 4, 5, 6, 7, 8, …"),
        ("start[0]=lin:0:5:2", ""),
    ] {
        let output = flatland(&["sweep", "-", "--over", over], experiment(r#"{"name": "double-well"}"#, 2).as_bytes());
        assert_eq!((output.status.code(), text(&output.stderr).trim_end()), (Some(0), told));
    }
}

#[test]
fn what_cannot_be_swept_over_exits_with_two_and_prints_nothing() {
    let huge = ["start[0]=lin:0:1:1000000", "stop.loss=lin:1:2:11"];
    for (over, parts) in [
        (
            &["runs[0].policy.etta=0.1"][..],
            &["runs[0].policy.etta", "no such field", "near names are runs[0].policy.eta,"][..],
        ),
        (&["runs[0].policy.name=1"], &["runs[0].policy.name", "the text \"constant\""]),
        (&["start=1"], &["start:", "a list of 1", "start[0]"]),
        (&["start[1]=1"], &["start[1]", "no such field", "start[0]"]),
        (&["runs[0].policy=1"], &["an object"]),
        (&["start[0]"], &["no \"=\""]),
        (&["start[0]="], &["a finite number"]),
        (&["start[0]=lin:0,5:1:3"], &["start[0]", "with a point: 0.5"]),
        (&["steps=10 000"], &["steps", "without separators: 10000"]),
        (&["start[0]=lin:0:1:0"], &["start[0]", "a count from 1 to 1000000"]),
        (&["start[0]=log:2:1:4"], &["start[0]", "2 to 1;"]),
        (&["start[0]=lin:0:inf:4"], &["start[0]", "a finite number"]),
        (&["start[0]=1", "start[0]=2"], &["start[0]", "twice"]),
        (&huge, &["stop.loss", "at most 10000000 points", "11000000"]),
        (&["runs[0].policy.eta=0.5,1,-0.25"], &["runs[0].policy.eta", "-0.25"]),
        (&["steps=10,10.5"], &["steps", "a whole number"]),
        (&["start[0]=0,1", "steps=1e300"], &["steps"]),
    ] {
        let mut arguments = vec!["sweep", "-"];
        arguments.extend(over.iter().flat_map(|range| ["--over", range]));
        let output = flatland(&arguments, experiment(r#"{"name": "double-well"}"#, 10).as_bytes());
        assert_eq!(output.status.code(), Some(2), "{over:?}");
        assert!(output.stdout.is_empty(), "{over:?}");
        let message = text(&output.stderr);
        assert!(message.lines().count() == 1 && parts.iter().all(|part| message.contains(part)), "{over:?}: {message}");
    }
    let output = flatland(&["sweep", "-", "--over", "steps=1"], b"{}");
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(2), true));
}

/// Whether changes are in order depends on the whole point: such a grid may be valid though single
/// values are not.
#[test]
fn fields_that_depend_on_each_other_are_checked_together() {
    let changes = r#"{"version": 1, "objective": {"name": "double-well"}, "steps": 9, "runs": [{"policy": {"name": "constant"},
        "changes": [{"step": 2, "policy": {"name": "polyak"}}, {"step": 4, "policy": {"name": "constant"}}]}]}"#;
    let (first, second) = ("runs[0].changes[0].step=5", "runs[0].changes[1].step=6,7");
    assert_eq!(rows(changes, &[first, second]).len(), 2);
    let output = flatland(&["sweep", "-", "--over", first], changes.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("runs[0].changes[1].step"), "{}", text(&output.stderr));
}

#[test]
fn help_explains_ranges_and_columns() {
    let help = flatland(&["sweep", "--help"], b"");
    let help = text(&help.stdout);
    for part in [
        "log:0.01:2:50",
        "lin:-2:2:41",
        "0.1,0.2,0.5",
        "share_beyond_edge",
        "flattest_sharpness",
        ".parquet",
        "3/16 is the third of sixteen",
        "flatland.experiment",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
}

/// η_min beyond η_max is refused before anything is printed; where η_max is swept too, the grid may
/// hold points that fit.
#[test]
fn constants_that_contradict_each_other_are_refused_before_the_first_row() {
    let document = r#"{"version": 1, "objective": {"name": "double-well"}, "steps": 5,
        "runs": [{"policy": {"name": "cyclic", "eta_min": 0.1, "eta_max": 0.3}}]}"#;
    let sweep = flatland(&["sweep", "-", "--over", "runs[0].policy.eta_min=0.1,0.5"], document.as_bytes());
    assert!(!sweep.status.success() && text(&sweep.stdout).is_empty(), "{}", text(&sweep.stdout));
    assert!(text(&sweep.stderr).contains("η_max"), "{}", text(&sweep.stderr));
    let over = ["sweep", "-", "--over", "runs[0].policy.eta_min=0.5,0.6", "--over", "runs[0].policy.eta_max=0.7,0.9"];
    let sweep = flatland(&over, document.as_bytes());
    assert!(sweep.status.success() && text(&sweep.stdout).lines().count() == 5, "{}", text(&sweep.stderr));
}

/// The arguments of a sweep of two runs over 60 points, into a file.
fn into(out: &str) -> Vec<&str> {
    let over = ["--over", "runs[0].policy.eta=lin:0.5:1.5:20", "--over", "start[0]=0.25,0.5,0.75"];
    [&["sweep", "-", "--out", out], &over[..]].concat()
}

/// Two runs, one with a label that takes two lines in CSV.
const TWO: &str = r#"{"version": 1, "objective": {"name": "double-well"}, "start": [0.3], "steps": 20, "runs": [
    {"policy": {"name": "constant"}, "label": "a \"quoted\"\nlabel"}, {"policy": {"name": "polyak"}}]}"#;

/// However many bytes had been written when it was interrupted, the same command leaves the file
/// that it would have left at once; and what is whole stays as it is.
#[test]
fn an_interrupted_sweep_goes_on_where_it_was() {
    let folder = Folder::new("sweep-kept");
    for format in ["csv", "jsonl"] {
        let out = folder.path(&format!("grid.{format}"));
        let arguments = [&into(&out)[..], &["--format", format]].concat();
        let sweep = || {
            let output = flatland(&arguments, TWO.as_bytes());
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            assert!(output.stdout.is_empty());
            (fs::read(&out).expect("rows"), text(&output.stderr).to_owned())
        };
        let (whole, _) = sweep();
        let printed = flatland(&[&arguments[..2], &arguments[4..]].concat(), TWO.as_bytes());
        assert_eq!(whole, printed.stdout);
        for length in [0, 5, whole.len() / 3, whole.len() / 2 + 1, whole.len() - 1, whole.len()] {
            fs::write(&out, &whole[..length]).expect("a file");
            let (again, told) = sweep();
            assert_eq!(again, whole, "{format}, from {length} bytes");
            assert_eq!(told.contains("points are there already"), length > 1000, "{told}");
        }
    }
}

#[test]
fn rows_of_anything_else_are_left_alone() {
    let folder = Folder::new("sweep-other");
    let out = folder.path("grid.csv");
    fs::write(&out, "my own table\n").expect("a file");
    let refused = |experiment: &str, part: &str| {
        let before = fs::read(&out).expect("rows");
        let output = flatland(&into(&out), experiment.as_bytes());
        assert_eq!(output.status.code(), Some(2));
        let message = text(&output.stderr);
        assert!(message.contains("--out: expected a new file") && message.contains(part), "{message}");
        assert_eq!(fs::read(&out).expect("rows"), before);
    };
    refused(TWO, "found a file that no sweep has written");
    fs::remove_file(&out).expect("it was there");
    assert_eq!(flatland(&into(&out), TWO.as_bytes()).status.code(), Some(0));
    refused(&TWO.replace("20", "21"), "found the rows of another sweep");
    // As another version of the command may have written.
    let rows = fs::read_to_string(&out).expect("rows");
    fs::write(&out, rows.replace("best_loss", "least_loss")).expect("a file");
    refused(TWO, "found rows with other columns");
    let nowhere = folder.path("no/such/folder/grid.csv");
    let output = flatland(&into(&nowhere), TWO.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot write"), "{}", text(&output.stderr));
}

/// Killed in the middle, without a chance to tidy up.
#[test]
fn a_sweep_that_is_killed_loses_no_row() {
    let folder = Folder::new("sweep-killed");
    let out = folder.path("grid.csv");
    let document = folder.path("networks.json");
    let network =
        r#"{"version": 1, "objective": {"name": "network"}, "runs": [{"policy": {"name": "constant"}}], "steps": 60}"#;
    fs::write(&document, network).expect("a file");
    let arguments = ["sweep", &document, "--over", "seed=lin:0:63:64", "--out", &out];
    let mut child = command(&arguments).stderr(std::process::Stdio::null()).spawn().expect("a command");
    // As soon as some rows are there; should it be quicker than that, nothing is left to be done.
    let rows = || fs::read_to_string(&out).map_or(0, |rows| rows.lines().count());
    while rows() < 5 && child.try_wait().expect("a child").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().expect("a child");
    child.wait().expect("a child");
    assert!(rows() >= 5);
    let output = flatland(&arguments, b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let printed = flatland(&arguments[..4], b"");
    assert_eq!(fs::read(&out).expect("rows"), printed.stdout);
}
