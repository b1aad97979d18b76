//! The command's contract: what goes where, and with which exit status.
#![allow(missing_docs)]

mod common;

use std::io::{Read as _, Write as _};

use common::{command, flatland, text};

const EXPERIMENT: &str = r#"{
    "version": 1,
    "objective": {"name": "scalar-factorization"},
    "start": [3.0, 0.5],
    "runs": [
        {"policy": {"name": "constant", "eta": 0.3}},
        {"policy": {"name": "nonmonotone-line-search"}, "label": "NLS"},
        {"policy": {"name": "constant", "eta": 9.0}}
    ],
    "steps": 4
}"#;

const HEADER: &str = "run,step,loss,gradient_norm,sharpness,step_size,product,reference,function_evaluations,\
                      gradient_evaluations,hvp_evaluations,x0,x1";

#[test]
fn run_prints_one_row_per_iterate() {
    let output = flatland(&["run", "-"], EXPERIMENT.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines: Vec<_> = text(&output.stdout).lines().collect();
    assert_eq!(lines[0], HEADER);
    assert_eq!(lines[1], "0,0,0.125,1.5206906325745548,9.435470351223465,0.3,2.8306411053670395,,0,1,0,3.0,0.5");
    let columns = HEADER.split(',').count();
    assert!(lines.iter().all(|line| line.split(',').count() == columns));
    // The last row of a run takes no step.
    assert!(lines[5].starts_with("0,4,") && lines[5].ends_with(",,,,0,5,0,2.379548309312186,1.1929095430512704"));
    let fields: Vec<_> = lines[6].split(',').collect();
    assert_eq!((fields[0], fields[5], fields[7], fields[8]), ("1", "0.125", "0.125", "5"));
    // Numbers read back as the same bits.
    assert_eq!(lines[1].split(',').nth(3).and_then(|n| n.parse().ok()), Some(1.5206906325745548));
}

#[test]
fn run_says_on_standard_error_why_each_run_stopped() {
    let output = flatland(&["run", "-"], EXPERIMENT.as_bytes());
    let lines: Vec<_> = text(&output.stderr).lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], "run 0 (constant η=0.3): stopped at step 4: all steps were taken");
    assert_eq!(lines[1], "run 1 (NLS): stopped at step 4: all steps were taken");
    assert!(lines[2].starts_with("run 2 (constant η=9): diverged at step "), "{}", lines[2]);
}

#[test]
fn run_reads_a_file() {
    let path = std::env::temp_dir().join(format!("flatland-{}.json", std::process::id()));
    std::fs::write(&path, EXPERIMENT).expect("a writable folder");
    let output = flatland(&["run", path.to_str().expect("UTF-8")], b"");
    std::fs::remove_file(&path).expect("the file is there");
    assert_eq!(output.stdout, flatland(&["run", "-"], EXPERIMENT.as_bytes()).stdout);
}

#[test]
fn run_prints_one_json_document() {
    let output = flatland(&["run", "-", "--format", "json"], EXPERIMENT.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["experiment"]["version"], 1);
    let runs = document["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 3);
    assert_eq!(runs[1]["label"], "NLS");
    assert_eq!(runs[0]["records"].as_array().map(Vec::len), Some(5));
    assert_eq!(runs[0]["records"][0]["x"], serde_json::json!([3.0, 0.5]));
    assert_eq!(runs[0]["records"][4]["step_size"], serde_json::Value::Null);
    assert_eq!(runs[0]["outcome"]["name"], "budget");
    assert_eq!(runs[2]["outcome"]["name"], "diverged");
    let events = runs[2]["events"].as_array().expect("events");
    assert_eq!(events[0]["event"], "above the threshold");
    // ½(xy − 1)² at (3, ½): the eigenvalues of [[y², 2xy − 1], [2xy − 1, x²]] = [[¼, 2], [2, 9]].
    let sharpness = 4.625 + (4.375_f64.powi(2) + 4.0).sqrt();
    assert!((events[0]["product"].as_f64().expect("a number") / (9.0 * sharpness) - 1.0).abs() < 1e-14);
    assert_eq!(events.last().map(|event| &event["event"]), Some(&serde_json::json!("diverged")));
}

/// x₁ = 1 − 10·⅔ is outside of the logarithm's domain; 3 − 108 is cubed thrice before its fourth
/// power overflows; 1 − ½·2 is 0.
#[test]
fn json_tells_nan_and_both_infinities_apart() {
    for (expression, start, eta, word, outcome) in [
        ("x - log(2 + x)", 1, 10.0, "NaN", "diverged"),
        ("x^4", 3, 1.0, "Infinity", "diverged"),
        ("log(x^2)", 1, 0.5, "-Infinity", "unbounded"),
    ] {
        let experiment = serde_json::json!({
            "version": 1, "objective": { "name": "formula", "expression": expression }, "start": [start],
            "runs": [{ "policy": { "name": "constant", "eta": eta } }], "stop": { "loss": 1.7e308 }
        });
        let output = flatland(&["run", "-", "--format", "json"], experiment.to_string().as_bytes());
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let run = &document["runs"][0];
        let last = run["records"].as_array().and_then(|records| records.last()).expect("a record");
        assert_eq!((&last["loss"], &last["step_size"]), (&serde_json::json!(word), &serde_json::Value::Null));
        assert_eq!(run["outcome"]["name"], outcome, "{run}");
    }
}

#[test]
fn run_prints_one_json_object_a_line() {
    let output = flatland(&["run", "-", "--format", "jsonl"], EXPERIMENT.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["experiment"]["version"], 1);
    assert_eq!((lines[1]["run"].as_u64(), lines[1]["step_size"].as_f64()), (Some(0), Some(0.3)));
    let end = lines.iter().position(|line| line["outcome"]["name"] == "budget").expect("an end");
    assert!(lines[6..end].iter().all(|line| line["run"] == 0 && line["event"].is_string()));
    assert_eq!(lines[end + 1]["run"], 1);
    assert_eq!(lines.last().map(|line| &line["outcome"]["name"]), Some(&serde_json::json!("diverged")));
}

#[test]
fn columns_that_are_asked_for_stand_last() {
    let experiment = EXPERIMENT.replace("\"steps\"", "\"columns\": [\"l_bb3\", \"threshold\"], \"steps\"");
    let output = flatland(&["run", "-"], experiment.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines: Vec<_> = text(&output.stdout).lines().collect();
    assert_eq!(lines[0], format!("{HEADER},threshold,l_bb3"));
    // At the start there is no step to look back at, and at the end none to take.
    assert!(lines[1].ends_with(",3.0,0.5,6.666666666666667,"), "{}", lines[1]);
    let last: Vec<_> = lines[5].split(',').collect();
    assert!(last[13].is_empty() && last[14].parse::<f64>().is_ok_and(|number| number > 0.0));
    let document = flatland(&["run", "-", "--format", "json"], experiment.as_bytes()).stdout;
    let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
    assert_eq!(document["runs"][0]["records"][0]["threshold"], 2.0 / 0.3);
    assert_eq!(document["runs"][0]["records"][0]["l_bb3"], serde_json::Value::Null);
}

#[test]
fn an_invalid_experiment_exits_with_two_and_prints_nothing() {
    let broken = [
        ("{}", "version"),
        ("", "the file is empty"),
        (&*EXPERIMENT.replace("0.3", "-0.3"), "runs[0].policy.eta"),
        (&*EXPERIMENT.replace("\"steps\"", "\"stepz\""), "did you mean \"steps\"?"),
    ]
    .map(|(input, part)| (input.as_bytes().to_vec(), part.to_owned()));
    for (input, part) in broken.into_iter().chain([(b"\xff\xfe".to_vec(), "the file is empty".to_owned())]) {
        let output = flatland(&["run", "-"], &input);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        let message = text(&output.stderr);
        assert!(message.contains(&part) && message.lines().count() == 1, "{message}");
    }
}

#[test]
fn everything_else_exits_with_one() {
    let missing = flatland(&["run", "/no/such/file.json"], b"");
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("cannot read /no/such/file.json"), "{}", text(&missing.stderr));
    for arguments in [&[][..], &["fly"], &["run"], &["run", "-", "--format", "xml"]] {
        let output = flatland(arguments, b"");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

#[test]
fn help_and_version_are_answers() {
    for arguments in [&["--help"][..], &["run", "--help"], &["--version"]] {
        let output = flatland(arguments, b"");
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.is_empty() && output.stderr.is_empty());
    }
    let version = flatland(&["--version"], b"");
    assert_eq!(text(&version.stdout).trim(), concat!("flatland ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn list_names_every_entry() {
    let listed = flatland(&["list"], b"");
    assert_eq!(listed.status.code(), Some(0));
    let listed = text(&listed.stdout).to_owned();
    let document = flatland(&["list", "--format", "json"], b"").stdout;
    let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
    for (key, count) in [("objectives", 10), ("policies", 13)] {
        let entries = document[key].as_array().expect("a list");
        assert!(entries.len() >= count);
        for entry in entries {
            assert!(listed.contains(entry["name"].as_str().expect("a name")));
            for parameter in entry["parameters"].as_array().expect("a list") {
                assert!(listed.contains(parameter["key"].as_str().expect("a key")));
            }
        }
    }
    let objective = |name: &str| {
        let objectives = document["objectives"].as_array().expect("a list");
        objectives.iter().find(|entry| entry["name"] == name).expect("a known objective")
    };
    assert_eq!(
        (&objective("double-well")["minimum"], &objective("double-well")["flattest_sharpness"]),
        (&0.0.into(), &2.0.into())
    );
    assert_eq!(objective("double-well")["constant_step"], 1.1);
    assert!(objective("logistic")["flattest_sharpness"].is_null() && objective("formula")["minimum"].is_null());
    assert!(listed.contains("sharpness of the flattest minimum 2\n") && listed.contains("minimum not known"));
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let long = EXPERIMENT.replace("\"steps\": 4", "\"steps\": 200000, \"stop\": {\"gradient_norm\": 0}");
    let mut child = command(&["run", "-"]).spawn().expect("the command starts");
    child.stdin.take().expect("piped").write_all(long.as_bytes()).expect("the command reads");
    let mut output = child.stdout.take().expect("piped");
    output.read_exact(&mut [0; 100]).expect("some rows");
    drop(output);
    let ended = child.wait_with_output().expect("the command ends");
    assert_eq!(ended.status.code(), Some(0));
    assert!(!text(&ended.stderr).contains("panicked"), "{}", text(&ended.stderr));
}

/// The members of an ensemble, run as experiments of their own from the starts that `--members`
/// prints, have the quartiles that the rows and the sweep hold.
#[test]
fn several_starts_are_printed_as_quartiles_or_one_by_one() {
    let alone = r#"{"version": 1, "objective": {"name": "scalar-factorization"}, "start": [3, 0.5], "steps": 6,
        "runs": [{"policy": {"name": "constant", "eta": 0.3}}, {"policy": {"name": "constant", "eta": 2}}], "seed": 4}"#;
    let plural = alone.replace("\"seed\"", "\"ensemble\": {\"size\": 5, \"spread\": 0.2}, \"seed\"");
    let rows = |bytes: &[u8]| -> Vec<Vec<String>> {
        text(bytes).lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let output = flatland(&["run", "-"], plural.as_bytes());
    assert!(
        text(&output.stderr).starts_with("5 starts of each run (spread 0.2, seed 4): "),
        "{}",
        text(&output.stderr)
    );
    let quartiles = rows(&output.stdout);
    // Without the last nine columns it is the table of the own start.
    let own = rows(&flatland(&["run", "-"], alone.as_bytes()).stdout);
    assert_eq!(quartiles.iter().map(|row| row[..13].to_vec()).collect::<Vec<_>>(), own);
    let members = rows(&flatland(&["run", "-", "--members"], plural.as_bytes()).stdout);
    assert_eq!(members[0].join(","), HEADER.replace("run,", "run,member,"));
    for run in ["0", "1"] {
        let of = |member: usize| -> Vec<&Vec<String>> {
            members.iter().filter(|row| row[0] == run && row[1] == member.to_string()).collect()
        };
        for member in 0..5 {
            let rows_of = of(member);
            let start = format!("\"start\": [{}, {}]", rows_of[0][12], rows_of[0][13]);
            let lone = rows(&flatland(&["run", "-"], alone.replace("\"start\": [3, 0.5]", &start).as_bytes()).stdout);
            let lone: Vec<_> = lone.iter().filter(|row| row[0] == run).collect();
            assert_eq!(lone.len(), rows_of.len());
            assert!(rows_of.iter().zip(lone).all(|(row, lone)| row[2..] == lone[1..]));
        }
        // Of five values in their order, the quartiles are the second, the third and the fourth.
        for row in quartiles.iter().filter(|row| row[0] == run) {
            let mut losses: Vec<f64> = (0..5)
                .map(|member| {
                    let rows = of(member);
                    let has_ended = row[1].parse::<usize>().expect("a step") + 1 >= rows.len();
                    let last = rows.last().expect("rows");
                    let has_diverged = has_ended && last[2] != "6" && run == "1";
                    let at = if has_ended { last } else { rows[row[1].parse::<usize>().expect("a step")] };
                    if has_diverged { f64::INFINITY } else { at[3].parse().expect("a loss") }
                })
                .collect();
            losses.sort_by(f64::total_cmp);
            let found: Vec<f64> = row[13..16].iter().map(|cell| cell.parse().expect("a number")).collect();
            assert_eq!(found, losses[1..4], "run {run}, step {}", row[1]);
        }
    }
    let document = flatland(&["run", "-", "--format", "json"], plural.as_bytes()).stdout;
    let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
    assert_eq!(document["ensemble"], serde_json::json!({"size": 5, "spread": 0.2, "seed": 4}));
    assert_eq!(document["runs"][0]["records"][3]["loss_median"].to_string(), quartiles[4][14]);
    let document = flatland(&["run", "-", "--format", "json", "--members"], plural.as_bytes()).stdout;
    let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(10));
    assert_eq!((&document["runs"][9]["run"], &document["runs"][9]["member"]), (&1.into(), &4.into()));
    let lines = flatland(&["run", "-", "--format", "jsonl", "--members"], plural.as_bytes()).stdout;
    assert!(text(&lines).lines().skip(1).all(|line| line.contains("\"member\":")));
    // The sweep's last loss is that of the last row.
    let sweep = flatland(&["sweep", "-", "--over", "runs[0].policy.eta=lin:0.3:0.3:1"], plural.as_bytes());
    let sweep = rows(&sweep.stdout);
    let median = sweep[0].iter().position(|name| name == "final_loss_median").expect("a column");
    assert_eq!(sweep[1][median], quartiles[7][14]);
    let refused = flatland(&["run", "-", "--members"], alone.as_bytes());
    assert!(refused.status.code() == Some(2) && text(&refused.stderr).contains("ensemble: expected several starts"));
}

/// A label that a spreadsheet would run as a formula stands behind an apostrophe; numbers stay as
/// they are.
#[test]
fn labels_are_no_formulas_to_a_spreadsheet() {
    let experiment = EXPERIMENT.replace("NLS", "=HYPERLINK(1,2)");
    let output = flatland(&["sweep", "-", "--over", "start[0]=-1,3"], experiment.as_bytes());
    let output = text(&output.stdout);
    assert!(output.contains("\n-1.0,1,\"'=HYPERLINK(1,2)\",budget,"), "{output}");
}
