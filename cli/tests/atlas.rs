//! `flatland atlas`: known truths as pictures, the files' formats, and what is refused.
#![allow(missing_docs)]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{flatland, text};

/// Where a test's files go.
fn prefix(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("atlas-{name}"))
}

/// One run with a constant step.
fn experiment(objective: &str, start: &str, steps: u64) -> String {
    format!(
        r#"{{"version": 1, "objective": {objective}, "start": {start}, "runs": [{{"policy": {{"name": "constant", "eta": 0.1}}}}],
            "steps": {steps}}}"#
    )
}

/// A file of numbers, read back.
struct Numbers {
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Numbers {
    fn read(path: &PathBuf) -> Self {
        let bytes = fs::read(path).expect("a file");
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
        let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!((10 + length) % 64, 0, "numbers are aligned");
        let header = std::str::from_utf8(&bytes[10..10 + length]).expect("ASCII");
        assert!(
            header.ends_with('\n') && header.contains("'descr': '<f4'") && header.contains("'fortran_order': False")
        );
        let shape = header.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).expect("a shape").0;
        let shape: Vec<usize> = shape.split(',').map(|side| side.trim().parse().expect("a side")).collect();
        let values: Vec<f32> = bytes[10 + length..]
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        assert_eq!(values.len(), shape.iter().product::<usize>());
        Self { shape, values }
    }

    /// The code of a pixel, rows counted from the bottom, and its number.
    fn at(&self, column: usize, up: usize) -> (u8, f32) {
        let place = 4 * ((self.shape[0] - 1 - up) * self.shape[1] + column);
        (self.values[place] as u8, self.values[place + 1])
    }
}

/// Draws a map, and reads its numbers.
fn drawn(name: &str, experiment: &str, arguments: &[&str]) -> (Numbers, String) {
    let prefix = prefix(name);
    let mut all = vec!["atlas", "-", "--out", prefix.to_str().expect("UTF-8")];
    all.extend(arguments);
    let output = flatland(&all, experiment.as_bytes());
    let said = text(&output.stderr).to_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(output.stdout.is_empty());
    (Numbers::read(&prefix.with_extension("npy")), said)
}

const CONVERGED: u8 = 1;
const PERIODIC: u8 = 2;
const DIVERGED: u8 = 5;

const WELL: &str = r#"{"name": "double-well"}"#;

/// Which column an edge falls into, and the first column that is not as before, at most one apart.
fn assert_edge(first: Option<usize>, edge: f64, range: (f64, f64), columns: usize, what: &str) {
    let column = (edge - range.0) / (range.1 - range.0) * columns as f64;
    let first = first.expect(what) as f64;
    assert!((first - column).abs() <= 1.0, "{what}: column {first}, expected {column}");
}

/// ¼(x² − 1)² from 0.3 (Chen & Bruna, 2022): to the minimum up to η = 1, on a 2-cycle up to √5 − 1,
/// away beyond 2.
#[test]
fn the_double_well_splits_cycles_and_diverges_where_theory_says() {
    let arguments = ["--x", "runs[0].policy.eta=lin:0.5:2.5", "--y", "start[0]=lin:0.3:0.3001", "--size", "400x1"];
    let (numbers, said) = drawn("well", &experiment(WELL, "[0.3]", 20_000), &arguments);
    assert_eq!(numbers.shape, [1, 400, 4]);
    assert!(said.contains("many at once") && said.contains("steps per second"), "{said}");
    let code = |column: usize| numbers.at(column, 0);
    let (range, columns) = ((0.5, 2.5), 400);
    let first =
        |from: usize, is_other: &dyn Fn((u8, f32)) -> bool| (from..columns).find(|column| is_other(code(*column)));
    assert_edge(first(0, &|(code, _)| code != CONVERGED), 1.0, range, columns, "the minimum");
    let five = 5.0_f64.sqrt() - 1.0;
    let cycle = first(104, &|pixel| pixel != (PERIODIC, 2.0));
    assert_edge(cycle, five, range, columns, "the 2-cycle");
    assert_edge(first(0, &|(code, _)| code == DIVERGED), 2.0, range, columns, "divergence");
    // Bounded below the edge; in the end everything leaves above it.
    assert!((302..400).filter(|column| code(*column).0 == DIVERGED).count() > 90);
}

#[test]
fn a_quartic_diverges_beyond_the_square_root_of_two_over_eta() {
    let arguments = ["--x", "runs[0].policy.eta=log:0.1:4", "--y", "start[0]=lin:0.01:4.81", "--size", "60x240"];
    let quartic = experiment(r#"{"name": "power", "p": 4}"#, "[1]", 5_000);
    let (numbers, _) = drawn("quartic", &quartic, &arguments);
    for column in 0..60 {
        let eta = 0.1 * 40.0_f64.powf((column as f64 + 0.5) / 60.0);
        let first = (0..240).find(|up| numbers.at(column, *up).0 == DIVERGED);
        assert_edge(first, (2.0 / eta).sqrt(), (0.01, 4.81), 240, &format!("η = {eta}"));
    }
}

#[test]
fn a_product_diverges_beyond_its_circle() {
    let arguments = ["--x", "start[0]=lin:-3.2:3.2", "--y", "start[1]=lin:-3.1:3.3", "--size", "120x120"];
    let product = experiment(r#"{"name": "scalar-factorization", "mu": 0}"#, "[1, 1]", 20_000).replace("0.1}", "0.5}");
    let (numbers, _) = drawn("product", &product, &arguments);
    // On the diagonals x = ±y it would take for ever: none of the pixels is there.
    let place = |index: usize, low: f64| low + 6.4 * (index as f64 + 0.5) / 120.0;
    for pixel in 0..120 * 120 {
        let (column, up) = (pixel % 120, pixel / 120);
        // η(x² + y²) = 4, to a pixel of 0.053.
        let (x, y) = (place(column, -3.2), place(up, -3.1));
        let radius = x.hypot(y);
        let (code, _) = numbers.at(column, up);
        if (radius - 8.0_f64.sqrt()).abs() > 0.054 {
            // Within, some take long: those that end where the step is just small enough.
            assert_eq!(code == DIVERGED, radius > 8.0_f64.sqrt(), "at {x}, {y}");
        }
    }
}

/// ½(xy − μ)² from (x, y): min{1/|μ|, 8/(s + √(s² − 16μ(xy − μ)))} with s = x² + y² (Liang &
/// Montúfar, 2025).
#[test]
fn a_factorization_has_its_exact_largest_step() {
    for (name, x, y) in [("a", 3.0_f64, 0.5_f64), ("b", 2.0, 1.0), ("c", 4.0, 0.1)] {
        let s = x * x + y * y;
        let largest = (8.0 / (s + (s * s - 16.0 * (x * y - 1.0)).sqrt())).min(1.0);
        let (low, high) = (0.5 * largest, 1.5 * largest);
        let eta = format!("runs[0].policy.eta=lin:{low}:{high}");
        let thin = format!("start[1]=lin:{y}:{}", y + 1e-9);
        let factorization = experiment(r#"{"name": "scalar-factorization", "mu": 1}"#, &format!("[{x}, {y}]"), 20_000);
        let (numbers, _) = drawn(name, &factorization, &["--x", &eta, "--y", &thin, "--size", "200x1"]);
        let first = (0..200).find(|column| numbers.at(*column, 0).0 != CONVERGED);
        assert_edge(first, largest, (low, high), 200, &format!("from ({x}, {y})"));
    }
}

/// |x|ᵖ/p with 1 < p < 2 ends on the 2-cycle |x| = (η/2)^(1/(2 − p)).
#[test]
fn the_cycle_of_a_power_has_its_amplitude() {
    let power = experiment(r#"{"name": "power", "p": 1.5}"#, "[1]", 3_000);
    let arguments = [
        "--x",
        "runs[0].policy.eta=lin:0.2:1",
        "--bifurcation",
        "x0",
        "--from",
        "-0.3",
        "--to",
        "0.3",
        "--size",
        "40x600",
    ];
    let (numbers, said) = drawn("power", &power, &arguments);
    assert_eq!(numbers.shape, [600, 40]);
    assert!(said.contains("40 columns"), "{said}");
    for column in 0..40 {
        let eta = 0.2 + 0.8 * (column as f64 + 0.5) / 40.0;
        let amplitude = (eta / 2.0) * (eta / 2.0);
        let hit: Vec<usize> = (0..600).filter(|row| numbers.values[row * 40 + column] > 0.0).collect();
        let row_of = |x: f64| ((0.3 - x) / 0.6 * 600.0) as usize;
        let expected = [row_of(amplitude), row_of(-amplitude)];
        assert!(
            hit.len() == 2 && hit[0].abs_diff(expected[0]) <= 1 && hit[1].abs_diff(expected[1]) <= 1,
            "η = {eta}: {hit:?}"
        );
    }
}

#[test]
fn a_picture_says_what_it_shows() {
    let arguments = [
        "--x",
        "start[0]=lin:-2:2",
        "--y",
        "runs[0].policy.eta=log:0.1:3",
        "--measure",
        "lyapunov",
        "--size",
        "31x17",
        "--dark",
        "--steps",
        "50",
    ];
    let labelled = experiment(WELL, "[0.3]", 20_000).replace("\"runs\": [{", "\"runs\": [{\"label\": \"η\", ");
    let (numbers, _) = drawn("picture", &labelled, &arguments);
    assert_eq!(numbers.shape, [17, 31, 4]);
    let file = fs::File::open(prefix("picture").with_extension("png")).expect("a file");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("a picture");
    let mut colors = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut colors).expect("colors");
    let info = reader.info();
    assert_eq!((info.width, info.height, colors.len()), (31, 17, 3 * 31 * 17));
    let texts: Vec<_> =
        info.uncompressed_latin1_text.iter().map(|chunk| (chunk.keyword.as_str(), &chunk.text)).collect();
    let of = |key: &str| texts.iter().find(|(keyword, _)| *keyword == key).expect("a text").1;
    assert_eq!(of("Title"), "lyapunov over start[0] (across) and runs[0].policy.eta (up)");
    let description: serde_json::Value = serde_json::from_str(of("Description")).expect("JSON");
    assert_eq!(description["experiment"]["steps"], 50);
    assert_eq!(description["experiment"]["runs"][0]["label"], "η");
    assert_eq!(description["y"]["scale"], "log");
}

/// A policy that only the engine follows gives a map as well, and it is said why; with or without a
/// graphics card.
#[test]
fn how_a_map_was_computed_is_said() {
    let nesterov = experiment(WELL, "[0.3]", 60).replace(r#""constant", "eta": 0.1"#, r#""nesterov""#);
    let arguments = ["--x", "start[0]=lin:-2:2", "--y", "runs[0].policy.eta=lin:0.1:1", "--size", "12x9", "--gpu"];
    let (_, said) = drawn("engine", &nesterov, &arguments);
    assert!(said.contains("one by one with the engine") && said.contains("computed on the processor"), "{said}");
    let (card, said) = drawn("card", &experiment(WELL, "[0.3]", 60), &arguments);
    // Where there is a card, or a program that plays one, it was used.
    assert!(said.contains("in single precision") || said.contains("computed on the processor"), "{said}");
    let (processor, _) = drawn("processor", &experiment(WELL, "[0.3]", 60), &arguments[..6]);
    let codes = |numbers: &Numbers| numbers.values.iter().step_by(4).map(|code| *code as u8).collect::<Vec<_>>();
    let differing = codes(&card).iter().zip(codes(&processor)).filter(|(a, b)| **a != *b).count();
    assert!(differing <= 40, "{differing} of 108 pixels differ");
}

#[test]
fn what_is_no_map_exits_with_two_and_writes_nothing() {
    let good = ["--x", "start[0]=lin:-2:2", "--y", "runs[0].policy.eta=log:0.1:3"];
    let with = |more: &[&'static str]| [&good[..], more].concat();
    let across = |x: &'static str| vec!["--x", x, "--y", "start[0]=lin:0:1"];
    for (arguments, part) in [
        (across("runs[0].policy.eta"), "no \"=\""),
        (across("runs[0].policy.eta=lin:0:2:9"), "lin:FROM:TO"),
        (across("runs[0].policy.eta=lin:2:1"), "lower end first"),
        (across("runs[0].policy.eta=lin:1:inf"), "a finite range"),
        (across("runs[0].policy.eta=lin:-1:1"), "runs[0].policy.eta"),
        (across("runs[0].policy.name=lin:0:1"), "a numeric field"),
        (across("runs[0].policy.etta=lin:0:1"), "near names"),
        (across("start[0]=lin:0:1"), "two different fields"),
        (with(&["--size", "800"]), "size: expected WIDTHxHEIGHT"),
        (with(&["--size", "9000x5"]), "size: expected 1 to 8192"),
        (with(&["--measure", "color"]), "measure: expected one of outcome"),
        (with(&["--run", "3"]), "run: expected"),
        (with(&["--steps", "2000000"]), "steps: expected at most 1000000"),
        (vec!["--x", "start[0]=lin:0:1", "--bifurcation", "x1", "--from", "0", "--to", "1"], "x0 to x0"),
        (vec!["--x", "start[0]=lin:0:1", "--bifurcation", "loss", "--from", "0"], "to: expected the end"),
        (vec!["--x", "start[0]=lin:0:1", "--bifurcation", "loss", "--from", "1", "--to", "-1"], "lower end first"),
    ] {
        let prefix = prefix("refused");
        let mut all = vec!["atlas", "-", "--out", prefix.to_str().expect("UTF-8")];
        all.extend(&arguments);
        let output = flatland(&all, experiment(WELL, "[0.3]", 20).as_bytes());
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(message.lines().count() == 1 && message.contains(part), "{arguments:?}: {message}");
        assert!(!prefix.with_extension("png").exists() && !prefix.with_extension("npy").exists());
    }
    let nowhere = flatland(
        &["atlas", "-", "--out", "/nowhere/map", "--size", "2x2", good[0], good[1], good[2], good[3]],
        experiment(WELL, "[0.3]", 20).as_bytes(),
    );
    assert_eq!(nowhere.status.code(), Some(1), "{}", text(&nowhere.stderr));
    assert!(text(&nowhere.stderr).contains("cannot write /nowhere/map.png"));
}

#[test]
fn help_explains_axes_measures_and_files() {
    let help = flatland(&["atlas", "--help"], b"");
    let help = text(&help.stdout);
    for part in ["log:0.01:2", "lin:-2:2", "--bifurcation", "lyapunov", "PREFIX.npy", "7 undefined", "--gpu", "--dark"]
    {
        assert!(help.contains(part), "{part}: {help}");
    }
}

/// Numbers with commas or spaces are refused with their cure, and 1e2 is a hundred.
#[test]
fn numbers_are_read_as_people_write_them_or_refused_with_the_cure() {
    let experiment =
        br#"{"version": 1, "objective": {"name": "double-well"}, "runs": [{"policy": {"name": "constant"}}]}"#;
    let x = ["atlas", "-", "--y", "start[0]=lin:-2:2", "--size", "4x3", "--x"];
    for (more, status, part) in [
        (&["runs[0].policy.eta=lin:0,1:2"][..], 2, "numbers are written with a point: 0.1"),
        (&["runs[0].policy.eta=lin:0.1:2", "--steps", "10,000"], 1, "10000 or 10.000"),
        (&["runs[0].policy.eta=lin:0.1:2", "--steps", "10 000"], 1, "without separators: 10000"),
        (&["runs[0].policy.eta=lin:0.1:2", "--steps", "1.5"], 1, "a whole number"),
    ] {
        let output = flatland(&[&x[..], more].concat(), experiment);
        let message = text(&output.stderr);
        assert!(output.status.code() == Some(status) && message.contains(part), "{more:?}: {message}");
    }
    let prefix = std::env::temp_dir().join(format!("flatland-steps-{}", std::process::id()));
    let prefix = prefix.to_str().expect("UTF-8");
    let wide = ["runs[0].policy.eta=lin:0.1:2", "--steps", "1e2", "--out", prefix];
    let output = flatland(&[&x[..], &wide].concat(), experiment);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let picture = fs::read(format!("{prefix}.png")).expect("a picture");
    assert!(String::from_utf8_lossy(&picture).contains(r#""steps":100"#));
    for ending in ["png", "npy"] {
        fs::remove_file(format!("{prefix}.{ending}")).expect("the file is there");
    }
}
