//! The command on networks: rows, files of the user's, sweeps, ensembles, maps, and the examples of
//! `docs/networks.md`.
#![allow(missing_docs)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{command, flatland, text};
use serde_json::{Value, json};

/// A small network on the digits, for some steps.
const DIGITS: &str = r#"{"version": 1, "steps": 4, "seed": 7,
    "objective": {"name": "network", "data": {"name": "digits", "samples": 60}, "hidden": [6], "activation": "relu",
                  "loss": "cross-entropy", "initialization": {"name": "pytorch", "scale": 1.5}},
    "runs": [{"policy": {"name": "constant", "eta": 0.1}}, {"policy": {"name": "nonmonotone-line-search"}}]}"#;

/// The cells of a table, its head first.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    text(bytes).lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// What the command prints, which must work.
fn printed(arguments: &[&str], input: &str) -> Vec<u8> {
    let output = flatland(arguments, input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    output.stdout
}

/// The document with the value at a JSON pointer changed.
fn with(document: &str, pointer: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(document).expect("JSON");
    *document.pointer_mut(pointer).expect(pointer) = value;
    document.to_string()
}

#[test]
fn a_network_has_rows_without_coordinates() {
    let asked = DIGITS.replace(
        "\"steps\": 4",
        "\"steps\": 4, \"columns\": [\"accuracy\", \"test_accuracy\", \"test_loss\", \"lambda2\", \"residual\"]",
    );
    let rows = cells(&printed(&["run", "-"], &asked));
    assert_eq!(
        rows[0].join(","),
        "run,step,loss,gradient_norm,sharpness,step_size,product,reference,function_evaluations,\
         gradient_evaluations,hvp_evaluations,lambda2,residual,accuracy,test_accuracy,test_loss"
    );
    assert_eq!(rows.len(), 1 + 2 * 5);
    for row in &rows[1..] {
        let number = |i: usize| row[i].parse::<f64>().expect("a number");
        assert_eq!(row.len(), rows[0].len());
        assert!(number(11) <= number(4) && number(12) <= 1e-3 * number(4), "{row:?}");
        // Of 60 training samples, and of the 1797 − 60 others.
        for (share, of) in [(number(13), 60.0), (number(14), 1737.0)] {
            assert!((0.0..=1.0).contains(&share) && (share * of - (share * of).round()).abs() < 1e-9, "{row:?}");
        }
    }
    // Both runs start with the same weights.
    assert_eq!(rows[1][2], rows[6][2]);
    let document: Value = serde_json::from_slice(&printed(&["run", "-", "--format", "json"], &asked)).expect("JSON");
    let record = &document["runs"][0]["records"][3];
    assert_eq!(record["loss"].to_string(), rows[4][2]);
    assert_eq!(record["test_accuracy"].to_string(), rows[4][14]);
    assert!(record["x"].as_array().is_none_or(Vec::is_empty), "{record}");
    let again = document["experiment"].to_string();
    assert_eq!(cells(&printed(&["run", "-"], &again)), rows);
}

/// A folder of its own for a test's files.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("networks-{name}"));
    fs::create_dir_all(&folder).expect("a writable folder");
    folder
}

/// Runs a network on `table.csv` with this content, as a document beside it says.
fn on_table(name: &str, content: &str, data: Value) -> std::process::Output {
    let folder = folder(name);
    fs::write(folder.join("table.csv"), content).expect("a writable folder");
    let document = json!({
        "version": 1, "steps": 3, "runs": [{ "policy": { "name": "constant" } }],
        "columns": ["accuracy", "test_loss"], "objective": { "name": "network", "data": data, "hidden": [4] }
    });
    let path = folder.join("network.json");
    fs::write(&path, document.to_string()).expect("a writable folder");
    flatland(&["run", path.to_str().expect("UTF-8")], b"")
}

#[test]
fn a_table_of_the_user_s_lies_beside_the_document() {
    let numbers: String = (0..20).map(|i| format!("{i},{},{}\n", i % 3, 0.25 * f64::from(i))).collect();
    let words: String = (0..20).map(|i| format!("{i},{},{}\n", i % 3, ["red", "blue"][i % 2])).collect();
    for (name, table, is_classes) in [("regression", numbers, false), ("classes", words, true)] {
        let output = on_table(name, &table, json!({ "name": "file", "path": "table.csv" }));
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let rows = cells(&output.stdout);
        assert_eq!((rows[0][11].as_str(), rows.len()), ("accuracy", 5));
        assert_eq!(rows[4][11].is_empty(), !is_classes, "{:?}", rows[4]);
        assert!(rows[4][12].parse::<f64>().is_ok_and(f64::is_finite), "{:?}", rows[4]);
    }
}

#[test]
fn a_file_that_is_not_what_it_should_be_is_named() {
    let table = "1,2,3.5\n4,5,6.5\n7,8,9.5\n";
    let ragged = "1,2,3.5\n4,5\n7,8,9.5\n";
    let hash = "0".repeat(64);
    for (name, content, data, status, parts) in [
        ("missing", table, json!({ "name": "file", "path": "other.csv" }), 1, ["cannot read", "other.csv"]),
        (
            "hash",
            table,
            json!({ "name": "file", "path": "table.csv", "sha256": hash }),
            2,
            ["objective.data.sha256: expected a file with the SHA-256 000", "leave \"sha256\" out"],
        ),
        ("hash-alone", table, json!({ "name": "file", "sha256": hash }), 2, ["objective.data.path", "add it"]),
        ("ragged", ragged, json!({ "name": "file", "path": "table.csv" }), 2, ["objective.data.path", "line 2"]),
        ("nothing", table, json!({ "name": "file" }), 2, ["objective.data.sha256", "choose a file"]),
    ] {
        let output = on_table(name, content, data);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{name}: {message}");
        assert!(parts.iter().all(|part| message.contains(part)) && message.lines().count() == 1, "{name}: {message}");
        assert!(output.stdout.is_empty(), "{name}");
    }
}

/// Each point of a sweep is the run of that document.
#[test]
fn a_sweep_is_single_runs() {
    for (field, pointer, values) in [
        ("seed", "/seed", [0, 5]),
        ("objective.hidden[0]", "/objective/hidden/0", [3, 10]),
        ("objective.data.samples", "/objective/data/samples", [20, 90]),
        ("objective.initialization.scale", "/objective/initialization/scale", [1, 3]),
        ("runs[0].policy.eta", "/runs/0/policy/eta", [1, 2]),
    ] {
        let over = format!("{field}={},{}", values[0], values[1]);
        let output = flatland(&["sweep", "-", "--over", &over], DIGITS.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        // 64·6 + 6 + 6·10 + 10 = 460 weights, whatever the point: 4 runs of 4 steps on 60 samples.
        let cost = "about 2.6e6 operations: 4 runs × 4 steps × 6 × 460 weights × 60 samples";
        assert!(text(&output.stderr).contains(cost), "{}", text(&output.stderr));
        let swept = cells(&output.stdout);
        assert_eq!(swept.len(), 5, "{field}");
        for (i, value) in values.into_iter().enumerate() {
            let single = cells(&printed(&["run", "-"], &with(DIGITS, pointer, json!(value))));
            for run in 0..2 {
                let (row, last) = (&swept[1 + 2 * i + run], &single[5 * (run + 1)]);
                // The loss and the sharpness of the last iterate.
                assert_eq!((&row[5], &row[7]), (&last[2], &last[4]), "{field} = {value}, run {run}");
            }
        }
        assert_ne!(swept[1][5], swept[3][5], "{field}");
    }
}

#[test]
fn what_no_network_can_be_is_said_before_the_first_row() {
    for (over, part) in [
        ("objective.hidden[0]=5,5.5", "objective.hidden[0]: expected a whole number"),
        ("objective.data.samples=100,100.5", "objective.data.samples: expected a whole number"),
        ("objective.data.samples=100,5000", "objective.data.samples: expected a number"),
        ("objective.hidden[0]=lin:10:20000:2", "objective.hidden[0]: expected a number"),
        ("start[0]=0,1", "start[0]: expected a numeric field"),
    ] {
        let output = flatland(&["sweep", "-", "--over", over], DIGITS.as_bytes());
        assert_eq!(output.status.code(), Some(2), "{over}");
        assert!(output.stdout.is_empty() && text(&output.stderr).contains(part), "{}", text(&output.stderr));
    }
    let deep = with(DIGITS, "/objective/hidden", json!([1000, 10]));
    let output = flatland(&["sweep", "-", "--over", "objective.hidden[1]=10,10000"], deep.as_bytes());
    assert!(output.stdout.is_empty() && text(&output.stderr).contains("at most 1000000 parameters"));
}

/// Member i of an ensemble has the seed plus i.
#[test]
fn an_ensemble_is_seeds() {
    let one = with(DIGITS, "/runs", json!([{ "policy": { "name": "constant", "eta": 0.1 } }]));
    let several = one.replace("\"steps\"", "\"ensemble\": {\"size\": 3, \"spread\": 0.1}, \"steps\"");
    let members = cells(&printed(&["run", "-", "--members"], &several));
    let quartiles = cells(&printed(&["run", "-"], &several));
    let mut losses = Vec::new();
    for member in 0..3 {
        let alone = cells(&printed(&["run", "-"], &with(&one, "/seed", json!(7 + member))));
        let rows: Vec<_> = members.iter().filter(|row| row[1] == member.to_string()).collect();
        assert_eq!(rows.len(), 5);
        for (row, alone) in rows.iter().zip(&alone[1..]) {
            assert_eq!(row[2..], alone[1..]);
        }
        losses.push(alone[5][2].parse::<f64>().expect("a loss"));
    }
    losses.sort_by(f64::total_cmp);
    let median = quartiles[0].iter().position(|name| name == "loss_median").expect("a column");
    assert_eq!(quartiles[5][median].parse(), Ok(losses[1]));
}

#[test]
fn networks_and_their_data_are_listed() {
    let listed = printed(&["list"], "");
    let document: Value = serde_json::from_slice(&printed(&["list", "--format", "json"], "")).expect("JSON");
    let names = |key: &str| -> Vec<String> {
        let entries = document[key].as_array().expect("a list").iter();
        entries.map(|entry| entry["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names("networks"), ["network"]);
    assert_eq!(names("data"), ["chebyshev", "moons", "circles", "spirals", "digits", "mnist", "file"]);
    for name in names("networks").into_iter().chain(names("data")) {
        assert!(text(&listed).contains(&format!("\n  {name}  (")), "{name}");
    }
    // The parts of a network have parameters of their own.
    for parameter in ["half-mean-squared-error", "standardize", "degree"] {
        assert!(text(&listed).contains(parameter), "{parameter}");
    }
    let parameters = document["networks"][0]["parameters"].as_array().expect("a list");
    let initialization = parameters.iter().find(|parameter| parameter["key"] == "initialization").expect("it");
    assert_eq!(initialization["options"][0]["parameters"][0]["key"], "scale");
}

/// A map over the step size and the seed, read back from its file: loss and accuracy are those of
/// the last row.
#[test]
fn a_map_of_networks_is_single_runs() {
    let one = with(DIGITS, "/runs", json!([{ "policy": { "name": "constant", "eta": 0.1 } }]));
    let one = one.replace("\"steps\"", "\"columns\": [\"test_accuracy\"], \"steps\"");
    let prefix = folder("map").join("map");
    let prefix = prefix.to_str().expect("UTF-8");
    for (measure, column) in [("loss", 2), ("accuracy", 11)] {
        let axes = ["--x", "runs[0].policy.eta=lin:0.1:0.3", "--y", "seed=lin:0:1", "--size", "2x2"];
        let arguments = [&["atlas", "-", "--out", prefix, "--measure", measure][..], &axes].concat();
        let output = flatland(&arguments, one.as_bytes());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(
            said.contains("operations: 4 runs × 4 steps") && said.contains("networks are trained by the engine alone"),
            "{said}"
        );
        let bytes = fs::read(Path::new(prefix).with_extension("npy")).expect("a file");
        let numbers: Vec<f32> = bytes[bytes.len() - 2 * 2 * 4 * 4..]
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        for (pixel, (seed, eta)) in [(1, 0.15), (1, 0.25), (0, 0.15), (0, 0.25)].into_iter().enumerate() {
            let there = with(&with(&one, "/seed", json!(seed)), "/runs/0/policy/eta", json!(eta));
            let expected: f64 = cells(&printed(&["run", "-"], &there))[5][column].parse().expect("a number");
            // Four steps stay at code 4, on its way. η is the middle of a pixel to rounding.
            assert_eq!(numbers[4 * pixel], 4.0);
            assert!((f64::from(numbers[4 * pixel + 1]) - expected).abs() < 1e-6, "{measure}, {seed}, {eta}");
        }
    }
}

#[test]
fn what_needs_coordinates_is_refused_by_name() {
    let x = "runs[0].policy.eta=lin:0.1:0.3";
    for (arguments, part) in [
        (&["--bifurcation", "x0", "--from", "0", "--to", "1"][..], "quantity: expected loss or sharpness"),
        (&["--y", "seed=lin:0:1", "--measure", "minimizer"], "measure: expected a measure of what has no named"),
        (&["--y", "start[0]=lin:0:1"], "start[0]: expected a numeric field"),
    ] {
        let arguments = [&["atlas", "-", "--size", "2x2", "--x", x][..], arguments].concat();
        let output = flatland(&arguments, DIGITS.as_bytes());
        assert!(output.status.code() == Some(2) && text(&output.stderr).contains(part), "{}", text(&output.stderr));
    }
    let prefix = folder("diagram").join("loss");
    let arguments = ["--out", prefix.to_str().expect("UTF-8"), "--bifurcation", "loss", "--from", "0", "--to", "9"];
    let arguments = [&["atlas", "-", "--size", "2x3", "--iterates", "2", "--x", x][..], &arguments].concat();
    assert!(printed(&arguments, DIGITS).is_empty());
    let well = r#"{"version": 1, "objective": {"name": "double-well"}, "runs": [{"policy": {"name": "constant"}}]}"#;
    let arguments = ["atlas", "-", "--x", x, "--y", "start[0]=lin:0:1", "--measure", "accuracy"];
    let output = flatland(&arguments, well.as_bytes());
    assert!(text(&output.stderr).contains("measure: expected a network for accuracy"), "{}", text(&output.stderr));
}

/// The documents of `docs/networks.md` are valid, and its commands work.
#[test]
fn the_examples_of_the_documentation_work() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let copy = in_copy(&docs);
    let page = fs::read_to_string(docs.join("networks.md")).expect("the page");
    let mut documents = 0;
    let mut commands = 0;
    // Blocks stand between the odd fences and the even ones.
    for block in page.split("```").skip(1).step_by(2) {
        let (language, content) = block.split_once('\n').expect("a fence ends in its line");
        match language {
            "json" => {
                let path = copy.join("document.json");
                fs::write(&path, with(content, "/steps", json!(2))).expect("a writable folder");
                let rows = cells(&printed(&["run", path.to_str().expect("UTF-8")], ""));
                assert!(rows.len() >= 4, "{content}");
                documents += 1;
            }
            "sh" => {
                for line in content.lines() {
                    let arguments = words(line.split(" > ").next().unwrap_or_default());
                    assert_eq!(arguments[0], "flatland", "{line}");
                    let mut command = command(&arguments[1..]);
                    let output = command.current_dir(&copy).output().expect("the command ends");
                    assert_eq!(output.status.code(), Some(0), "{line}: {}", text(&output.stderr));
                    commands += 1;
                }
            }
            other => panic!("a block in \"{other}\", which nothing here can check"),
        }
    }
    assert!(documents >= 2 && commands >= 6, "{documents} documents, {commands} commands");
}

/// The words of a shell's line, of which those in quotes are one.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('\'').enumerate();
    parts.flat_map(|(i, part)| if i % 2 == 0 { part.split_whitespace().collect() } else { vec![part] }).collect()
}

/// A folder with the examples in `docs/`, of two steps each, and with a table; commands may leave
/// their files there.
fn in_copy(docs: &Path) -> PathBuf {
    let copy = folder("docs");
    // Rows of an earlier test would be gone on with.
    let _ = fs::remove_dir_all(&copy);
    fs::create_dir_all(copy.join("docs")).expect("a writable folder");
    for name in ["chebyshev.json", "digits.json"] {
        let document = fs::read_to_string(docs.join(name)).expect("an example");
        fs::write(copy.join("docs").join(name), with(&document, "/steps", json!(2))).expect("a writable folder");
    }
    let table: String = (0..20).map(|i| format!("{i},{}\n", 0.3 * f64::from(i))).collect();
    fs::write(copy.join("table.csv"), table).expect("a writable folder");
    copy
}

/// Half a million steps of a small network are 6·25·60·5·10⁵ = 4.5·10⁹ operations and need no word;
/// on wide layers they do. The word comes first: nobody has to wait for it.
#[test]
fn a_long_run_says_so_before_it_begins() {
    use std::io::{BufRead as _, BufReader};

    let told = |hidden: u32, steps: u32| {
        let document = with(&with(DIGITS, "/objective/hidden/0", json!(hidden)), "/steps", json!(steps));
        let path = folder("long").join("network.json");
        fs::write(&path, document).expect("a writable folder");
        let mut child = command(&["run", path.to_str().expect("UTF-8")]).spawn().expect("the command starts");
        // Its output is thrown away, so that it never waits for a reader.
        let mut output = child.stdout.take().expect("piped");
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let mut line = String::new();
        BufReader::new(child.stderr.take().expect("piped")).read_line(&mut line).expect("a line");
        let _ = child.kill();
        child.wait().expect("a child");
        line
    };
    assert!(told(6, 4).starts_with("run 0 "));
    let line = told(2000, 5000);
    assert!(
        line.starts_with("about 5.4e11 operations: 2 runs × 5000 steps × 6 × 150010 weights × 60 samples"),
        "{line}"
    );
}

/// What it computes is compared with the engine in the tests of scripts; here it has the run that is
/// asked for, and finds the data as `run` does.
#[test]
fn a_run_becomes_a_script() {
    let script = printed(&["python", "-", "--run", "1"], DIGITS);
    let script = text(&script);
    assert!(script.starts_with("#!/usr/bin/env python3\n") && script.contains("flatland python - --run 1"), "{script}");
    assert!(script.contains("LargeNetwork(digits(samples=60), hidden=[6], bias=True, "), "{script}");
    assert!(script.contains("0: lambda: nonmonotone(") && !script.contains("Constant("), "{script}");
    let output = flatland(&["python", "-", "--run", "2"], DIGITS.as_bytes());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(text(&output.stderr).starts_with("flatland: invalid experiment: "), "{}", text(&output.stderr));
}
