//! `flatland sweep --out grid.parquet` and `--shard`: the same rows as printed, bit by bit, and no part
//! that reads as a whole.
#![allow(missing_docs)]

mod common;
#[path = "common/folder.rs"]
mod folder;

use std::collections::BTreeSet;
use std::fs::{self, File};

use common::{command, flatland, text};
use folder::Folder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

/// Two runs, one with a label that takes two lines in CSV, and losses that are infinite or NaN.
const TWO: &str = r#"{"version": 1, "objective": {"name": "double-well"}, "start": [0.3], "steps": 20, "runs": [
    {"policy": {"name": "constant"}, "label": "a \"quoted\"\nlabel, η"}, {"policy": {"name": "polyak"}}]}"#;

const OVER: [&str; 4] = ["--over", "runs[0].policy.eta=lin:0.5:4:20", "--over", "start[0]=0.25,0.5,0.75"];

/// What came of a sweep with these further arguments.
fn sweep(document: &str, arguments: &[&str]) -> std::process::Output {
    flatland(&[&["sweep", "-"], &OVER[..], arguments].concat(), document.as_bytes())
}

fn succeeds(document: &str, arguments: &[&str]) -> String {
    let output = sweep(document, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

/// The rows of a Parquet file, each cell as the CSV has it.
fn rows(path: &str) -> Vec<Vec<String>> {
    let reader = SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet");
    let cell = |field: &Field| match field {
        Field::Long(count) => count.to_string(),
        Field::Double(number) => format!("{number:?}"),
        Field::Str(text) => text.clone(),
        other => panic!("{other}"),
    };
    reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| row.expect("a row").get_column_iter().map(|(_, field)| cell(field)).collect())
        .collect()
}

/// The rows that are printed, the only quoted cell of which is the label.
fn printed(document: &str, arguments: &[&str]) -> Vec<Vec<String>> {
    let csv = succeeds(document, arguments).replace("\"a \"\"quoted\"\"\nlabel, η\"", "LABEL");
    let cells = |line: &str| line.split(',').map(|cell| cell.replace("LABEL", "a \"quoted\"\nlabel, η")).collect();
    csv.lines().skip(1).map(cells).collect()
}

fn without_point(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row[1..].to_vec()).collect()
}

#[test]
fn a_file_has_the_rows_that_are_printed_to_the_last_bit() {
    let folder = Folder::new("parquet-rows");
    for (name, document) in
        [("one", TWO.to_owned()), ("ensemble", TWO.replacen('{', r#"{"ensemble": {"size": 3, "spread": 0.01}, "#, 1))]
    {
        let out = folder.path(&format!("{name}.parquet"));
        assert_eq!(succeeds(&document, &["--out", &out]), "");
        let rows = rows(&out);
        assert_eq!(rows.len(), 20 * 3 * 2);
        assert_eq!(without_point(&rows), printed(&document, &[]));
        assert!(rows.iter().enumerate().all(|(i, row)| row[0] == (i / 2).to_string()));
        assert!(rows.iter().flatten().any(|cell| cell == "NaN" || cell == "inf") || name == "one");
        // Nothing else lies there than what the rows are of.
        assert!(
            !fs::exists(format!("{out}.rows")).expect("a folder") && fs::exists(format!("{out}.sweep")).expect("it")
        );
    }
}

#[test]
fn a_file_says_what_it_holds() {
    let folder = Folder::new("parquet-metadata");
    let out = folder.path("grid.parquet");
    succeeds(TWO, &["--out", &out, "--shard", "2/7"]);
    let reader = SerializedFileReader::new(File::open(&out).expect("a file")).expect("Parquet");
    let metadata = reader.metadata();
    let value = |key: &str| {
        let entries = metadata.file_metadata().key_value_metadata().expect("metadata");
        entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.clone()).expect("a value")
    };
    assert_eq!(value("flatland.version"), env!("CARGO_PKG_VERSION"));
    assert_eq!((value("flatland.points").as_str(), value("flatland.shard").as_str()), ("60", "2/7"));
    let over: Vec<String> = serde_json::from_str(&value("flatland.over")).expect("JSON");
    assert_eq!(over, [OVER[1], OVER[3]]);
    let experiment: Value = serde_json::from_str(&value("flatland.experiment")).expect("JSON");
    assert_eq!(experiment["objective"]["name"], "double-well");
    // As a document it gives the same rows.
    let again = folder.path("again.parquet");
    succeeds(&experiment.to_string(), &["--out", &again, "--shard", "2/7"]);
    assert_eq!(rows(&again), rows(&out));
    for column in metadata.row_group(0).columns() {
        assert_eq!(column.compression(), Compression::ZSTD(ZstdLevel::default()));
    }
}

#[test]
fn all_shards_together_are_the_grid() {
    let folder = Folder::new("parquet-shards");
    let whole = folder.path("whole.parquet");
    succeeds(TWO, &["--out", &whole]);
    // 64 shards are more than there are points.
    for shards in [1, 3, 16, 64] {
        let mut union = Vec::new();
        for shard in 1..=shards {
            let out = folder.path(&format!("{shard}-of-{shards}.parquet"));
            let name = format!("{shard}/{shards}");
            succeeds(TWO, &["--out", &out, "--shard", &name]);
            let part = rows(&out);
            assert_eq!(part, printed(TWO, &["--shard", &name]));
            union.extend(part);
        }
        union.sort_by_key(|row| (row[0].parse::<u64>().expect("a point"), row[3].parse::<u64>().expect("a run")));
        assert_eq!(union, rows(&whole), "{shards} shards");
    }
    let line = succeeds(TWO, &["--format", "jsonl", "--shard", "60/60"]);
    let row: Value = serde_json::from_str(line.lines().next().expect("a row")).expect("JSON");
    assert_eq!((&row["point"], &row["start[0]"]), (&Value::from(59), &Value::from(0.75)));
}

/// However far the rows had come, the same command leaves the file that it would have left at once.
#[test]
fn an_interrupted_sweep_goes_on_where_it_was() {
    let folder = Folder::new("parquet-kept");
    let out = folder.path("grid.parquet");
    let arguments = ["--out", &out, "--shard", "1/2"];
    succeeds(TWO, &arguments);
    let (whole, kept) = (fs::read(&out).expect("a file"), format!("{out}.rows"));
    let lines = succeeds(TWO, &["--shard", "1/2"]);
    for length in [0, 5, lines.len() / 3, lines.len() / 2, lines.len() - 1, lines.len()] {
        fs::remove_file(&out).expect("it was there");
        fs::write(&kept, &lines[..length]).expect("a file");
        // As a command leaves it that is killed while it writes the file.
        fs::write(format!("{out}.tmp"), &whole[..whole.len() / 2]).expect("a file");
        let output = sweep(TWO, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(text(&output.stderr).contains("points are there already"), length > 1000);
        assert!(fs::read(&out).expect("a file") == whole, "from {length} bytes");
        let there: BTreeSet<_> =
            fs::read_dir(folder.path("")).expect("it").map(|file| file.expect("it").file_name()).collect();
        assert_eq!(there, BTreeSet::from(["grid.parquet".into(), "grid.parquet.sweep".into()]));
    }
    // Interrupted when all was done but the rows.
    fs::write(&kept, &lines).expect("a file");
    let output = sweep(TWO, &arguments);
    assert!(text(&output.stderr).contains("all 30 points are there already"), "{}", text(&output.stderr));
    assert!(!fs::exists(&kept).expect("a folder"));
}

#[test]
fn rows_of_anything_else_are_left_alone() {
    let folder = Folder::new("parquet-other");
    let out = folder.path("grid.parquet");
    let refused = |document: &str, arguments: &[&str], part: &str| {
        let before = fs::read(&out).expect("a file");
        let output = sweep(document, &[&["--out", out.as_str()], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{part}");
        assert!(text(&output.stderr).contains(part), "{}", text(&output.stderr));
        assert_eq!(fs::read(&out).expect("a file"), before);
    };
    fs::write(&out, "my own").expect("a file");
    refused(TWO, &[], "found a file that no sweep has written");
    fs::remove_file(&out).expect("it was there");
    succeeds(TWO, &["--out", &out, "--shard", "1/4"]);
    refused(TWO, &["--shard", "2/4"], "found another part of its grid");
    refused(TWO, &[], "found another part of its grid");
    refused(&TWO.replace("20", "21"), &["--shard", "1/4"], "found the rows of another sweep");
    // The same while the rows are not complete.
    fs::rename(&out, format!("{out}.rows")).expect("a file");
    let output = sweep(TWO, &["--out", &out, "--shard", "3/4"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("found another part of its grid"), "{}", text(&output.stderr));
}

#[test]
fn what_cannot_be_done_says_why_and_leaves_nothing() {
    let folder = Folder::new("parquet-bad");
    let nowhere = folder.path("no/such/folder/grid.parquet");
    let (text_file, csv) = (folder.path("grid.txt"), folder.path("grid.csv"));
    for (arguments, status, part) in [
        (&["--shard", "0/4"][..], 2, "--shard: expected a shard from 1/4 to 4/4, found \"0/4\""),
        (&["--shard", "5/4"], 2, "--shard: expected a shard from 1/4 to 4/4, found \"5/4\""),
        (&["--shard", "x"], 2, "--shard: expected NUMBER/SHARDS, found \"x\""),
        (&["--out", &text_file], 2, "--out: expected a name that ends in .csv, .jsonl or .parquet"),
        (&["--out", &csv, "--format", "parquet"], 2, "--format: expected csv, as the file's name ends, found parquet"),
        (&["--format", "parquet"], 2, "--format: expected csv or jsonl for rows that are printed"),
        (&["--out", &nowhere], 1, "cannot write"),
    ] {
        let output = sweep(TWO, arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(status), 0), "{arguments:?}");
        assert!(text(&output.stderr).contains(part), "{part}: {}", text(&output.stderr));
    }
    assert_eq!(fs::read_dir(folder.path("")).expect("a folder").count(), 0);
    // A name with another ending will do where the format is said.
    succeeds(TWO, &["--out", &text_file, "--format", "jsonl"]);
}

/// On a device that is always full, under the name that the file has while it is written; and with
/// a limit for files in general. What had been computed stays, and the sweep goes on from there.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_no_part_that_reads_as_a_whole() {
    use std::io::Write as _;
    let folder = Folder::new("parquet-full");
    let out = folder.path("grid.parquet");
    std::os::unix::fs::symlink("/dev/full", format!("{out}.tmp")).expect("a link");
    let output = sweep(TWO, &["--out", &out]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("grid.parquet: No space left on device"), "{message}");
    assert!(!fs::exists(&out).expect("a folder"));
    let output = sweep(TWO, &["--out", &out]);
    assert!(text(&output.stderr).contains("60 of 60 points are there already"), "{}", text(&output.stderr));
    assert_eq!(without_point(&rows(&out)), printed(TWO, &[]));

    let small = folder.path("small.parquet");
    let command = command(&[]);
    // Blocks of 512 bytes. Without the trap the limit would kill.
    let script = "ulimit -f 8; trap '' XFSZ; exec \"$@\"";
    let mut child = std::process::Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(command.get_program())
        .args(["sweep", "-"])
        .args(OVER)
        .args(["--out", &small])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("a shell");
    child.stdin.take().expect("piped").write_all(TWO.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("small.parquet.rows: File too large"), "{message}");
    assert!(!fs::exists(&small).expect("a folder"));
    succeeds(TWO, &["--out", &small]);
    assert_eq!(rows(&small), rows(&out));
}
