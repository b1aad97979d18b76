//! Scripts of networks against the engine: data, weights at the start, derivatives and runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flatland_engine::data::shelf;
use flatland_engine::experiment::{Change, RunSpec, Spec};
use flatland_engine::network::{Activation, Initialization, Loss, Part};
use flatland_engine::{Descent, Experiment, policy};
use flatland_export::python;
use nalgebra::DVector;

use super::{Expected, STEPS, named, output};

/// Runs every script in the first folder given, with the second as that of its data, and prints its
/// output after its name, then the gradient and the Hessian's product with it at the start, the
/// start itself and the training samples.
const DRIVER: &str = r#"
import pathlib, runpy, sys
folder, sys.argv[1:] = sys.argv[1], sys.argv[2:]
def show(name, numbers):
    print(name, *map(repr, numbers.ravel().tolist()))
for path in sorted(pathlib.Path(folder).glob("*.py")):
    print("==", path.stem)
    script = runpy.run_path(str(path), run_name="__main__")
    objective, start = script["objective"], script["START"]
    gradient = objective.gradient(start)
    print("derivatives", *gradient, *objective.product(start, gradient))
    show("start", start)
    show("inputs", objective.inputs)
    show("targets", objective.targets)
"#;

/// The largest residual of an eigenpair, for networks whose Hessian is not written down:
/// eigenvalues are then right to rounding, since they are better than their vectors by the square.
const RESIDUAL: f64 = 1e-9;

/// Normal numbers are a logarithm's root times a cosine, and points on a curve sines and cosines,
/// each of which may differ by a unit in the last place, some 10⁻¹⁶; numbers here are up to 3.
const LAST_PLACES: f64 = 2e-15;

fn network(data: Spec, hidden: &[f64], activation: &str, loss: &str, initialization: Spec) -> Spec {
    Spec::new("network")
        .with("data", data)
        .with("hidden", hidden.to_vec())
        .with("activation", activation)
        .with("loss", loss)
        .with("initialization", initialization)
}

fn experiment(objective: Spec, policies: impl IntoIterator<Item = Spec>) -> Experiment {
    let mut experiment = Experiment::new(objective, policies.into_iter().map(RunSpec::new).collect());
    (experiment.steps, experiment.seed, experiment.spectrum.tolerance) = (STEPS, 12_345, RESIDUAL);
    experiment.complete_and_check().expect("valid")
}

fn constant(eta: f64) -> Spec {
    Spec::new("constant").with("eta", eta)
}

/// Every set of data that is drawn or in closed form, small, with every loss, initialization and
/// activation, some networks so large that their Hessian is not written down.
fn combinations() -> Vec<(String, Experiment)> {
    let sets = [
        Spec::new("chebyshev").with("degree", 3.0).with("points", 12.0),
        Spec::new("moons").with("samples", 20.0),
        Spec::new("circles").with("samples", 21.0),
        Spec::new("spirals").with("samples", 22.0).with("noise", 0.05),
    ];
    let initializations =
        [Spec::new("pytorch").with("scale", 2.0), Spec::new("xavier"), Spec::new("normal").with("gain", 1.5)];
    let shapes: [&[f64]; 4] = [&[5.0], &[20.0, 10.0], &[3.0, 4.0, 2.0], &[]];
    let mut cases = Vec::new();
    for set in &sets {
        for loss in Loss::NAMES.into_iter().filter(|loss| *loss != "cross-entropy" || set.name != "chebyshev") {
            for initialization in &initializations {
                let i = cases.len();
                let activation = Activation::NAMES[i % 5];
                let objective = network(set.clone(), shapes[i % 4], activation, loss, initialization.clone());
                let objective = objective.with("bias", i % 7 > 1);
                let policies = [constant(0.1), Spec::new("nonmonotone-line-search")];
                let name = format!("{i:02}-{}-{activation}-{loss}-{}", set.name, initialization.name);
                cases.push((name, experiment(objective, policies)));
            }
        }
    }
    cases
}

/// A small network and one whose Hessian is not written down.
fn networks() -> [(&'static str, Spec); 2] {
    let moons = Spec::new("moons").with("samples", 20.0);
    let chebyshev = Spec::new("chebyshev").with("degree", 3.0).with("points", 12.0);
    [
        ("small", network(moons, &[5.0], "tanh", "cross-entropy", Spec::new("normal"))),
        ("large", network(chebyshev, &[12.0, 8.0], "softplus", "half-mean-squared-error", Spec::new("pytorch"))),
    ]
}

fn with_every_policy() -> Vec<(String, Experiment)> {
    let mut cases = Vec::new();
    for (size, objective) in networks() {
        for entry in policy::catalogue() {
            let name = entry.description.name;
            let spec = match name {
                "expression" => Spec::new(name).with("expression", "min(0.3, 1.9/lambda) * (1 + 0.1*tanh(curvature))"),
                // Its first step is so short that the change of the gradient is mostly rounding.
                "adgd-2019" => Spec::new(name).with("eta0", 0.01),
                _ => Spec::new(name),
            };
            cases.push((format!("{size}-{name}"), experiment(objective.clone(), [spec])));
        }
    }
    cases
}

/// A start that is listed, a policy that takes over, sharpness at every third step only.
fn others() -> Vec<(String, Experiment)> {
    let [(_, small), (_, large)] = networks();
    let mut listed = experiment(small, [constant(0.5)]);
    listed.start = (0..27).map(|i| f64::from(i) / 16.0 - 0.75).collect();
    let mut changed = experiment(large, [constant(0.1)]);
    changed.runs[0].changes = vec![Change { step: 9, policy: Spec::new("sharpness") }];
    changed.spectrum.every = 3;
    let unbounded = network(Spec::new("chebyshev"), &[9.0, 9.0], "linear", "mean-squared-error", Spec::new("xavier"));
    let mut unbounded = experiment(unbounded, [constant(1e3)]);
    unbounded.steps = 100;
    vec![("listed".to_owned(), listed), ("changed".to_owned(), changed), ("diverging".to_owned(), unbounded)]
}

/// The folder with the data files that ship.
fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/data")
}

fn put_shipped_files() {
    for file in shelf::SHIPPED {
        let bytes = fs::read(shipped().join(file.file)).expect("it ships");
        shelf::put(file.name, bytes).expect("as it ships");
    }
}

fn images() -> Vec<(String, Experiment)> {
    let digits = |samples: f64| Spec::new("digits").with("samples", samples);
    let relu = network(digits(60.0), &[16.0, 16.0], "relu", "mean-squared-error", Spec::new("pytorch"));
    let tanh = network(digits(101.0), &[12.0], "tanh", "cross-entropy", Spec::new("normal"));
    let mnist =
        network(Spec::new("mnist").with("samples", 40.0), &[6.0], "relu", "mean-squared-error", Spec::new("pytorch"));
    // With σ = 2 two runs of the second network that begin a rounding apart are 10⁹ times as far
    // apart after 16 steps.
    let cdat = Spec::new("cdat").with("sigma", 1.0);
    let policies = || [constant(0.5), Spec::new("capped-nonmonotone-line-search"), cdat.clone()];
    let mut mnist = experiment(mnist, [constant(0.2)]);
    mnist.steps = 3;
    vec![
        ("digits-relu".to_owned(), experiment(relu, policies())),
        ("digits-tanh".to_owned(), experiment(tanh, policies())),
        ("mnist".to_owned(), mnist),
    ]
}

/// Tables of a user's, as they lie in the folder of data files.
const TABLES: &[(&str, &str)] = &[
    ("words.csv", "a;kind;\"b;c\"\r\n1;yes;2.5\n\n-2;\"no, \"\"never\"\"\";1e-3\r\n3.25;yes;-7\n.5;no;0\n4;no;11\n"),
    ("numbers.tsv", "\u{feff}0.5\t1\t3\n1.5\t1\t-0.25\n-2\t1\t8\n4\t1\t1.125\n"),
    ("classes.csv", "x,y\n1,2\n2,-1\n3,2\n5,10\n8,10\n13,-1\n"),
];

fn tables() -> Vec<(String, Experiment)> {
    let file = |i: usize| Spec::new("file").with("path", TABLES[i].0);
    let sets = [
        file(0).with("label", "kind"),
        file(1).with("sha256", shelf::sha256(TABLES[1].1.as_bytes()).as_str()),
        file(2).with("standardize", "alike").with("samples", 3.0),
        file(2).with("standardize", "none").with("task", "regression"),
        file(0).with("label", "kind"),
    ];
    let last = sets.len() - 1;
    let cases = sets.into_iter().enumerate().map(|(i, set)| {
        let objective = network(set, &[3.0], "tanh", "mean-squared-error", Spec::new("pytorch"));
        // The last one is to give back its inputs.
        let objective = if i == last { objective.with("targets", "inputs") } else { objective };
        (format!("table-{i}"), experiment(objective, [constant(0.01)]))
    });
    cases.collect()
}

/// Arrays of a user's: in NPY, in MNIST's format with its labels gzipped, and in an archive.
fn arrays(folder: &Path) -> Vec<(String, Experiment)> {
    let floats = |values: &[f64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>();
    let npy = |header: &str, numbers: &[u8]| {
        // The header ends where a multiple of 64 bytes does.
        let line = format!("{header:<117}\n");
        [b"\x93NUMPY\x01\x00", &(line.len() as u16).to_le_bytes()[..], line.as_bytes(), numbers].concat()
    };
    let rows = [1.0, 2.0, 0.25, -3.0, 5.0, 1.5, 0.5, 0.0, -2.0, 4.0, 1.0, 0.125];
    let table = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }", &floats(&rows));
    let pixels: Vec<u8> = (0..20_u8).map(|i| i.wrapping_mul(37)).collect();
    let images = [&[0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 2], &pixels[..]].concat();
    let labels = vec![0, 0, 8, 1, 0, 0, 0, 5, 7, 9, 7, 7, 9];
    // Python itself writes what is packed.
    let pack = format!(
        "import gzip, io, sys, numpy as np\n\
         open({0:?}, 'wb').write(gzip.compress(bytes({labels:?}), mtime=0))\n\
         np.savez_compressed({1:?}, X=np.arange(12, dtype='<f4').reshape(6, 2) ** 2, y=np.array([0, 1, 0, 2, 2, 1]))\n",
        folder.join("labels.gz"),
        folder.join("archive.npz"),
    );
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    assert!(Command::new(python).args(["-c", &pack]).status().expect("Python starts").success());
    fs::write(folder.join("table.npy"), table).expect("written");
    fs::write(folder.join("images.idx"), images).expect("written");
    let put = |name: &str| {
        let content = fs::read(folder.join(name)).expect("written above");
        let hash = shelf::sha256(&content);
        shelf::put(name, content.clone()).expect("any name");
        shelf::put(&hash, content).expect("its own name");
        hash
    };
    let file = || Spec::new("file");
    put("table.npy");
    let [images, labels, archive] = ["images.idx", "labels.gz", "archive.npz"].map(put);
    let sets = [
        file().with("path", "table.npy").with("task", "regression"),
        file().with("path", "images.idx").with("labels", "labels.gz"),
        file().with("sha256", images.as_str()).with("labels", labels.as_str()).with("standardize", "columns"),
        file().with("path", "archive.npz").with("sha256", archive.as_str()),
        file().with("sha256", archive.as_str()).with("standardize", "none"),
    ];
    let cases = sets.into_iter().enumerate().map(|(i, set)| {
        let objective = network(set, &[3.0], "tanh", "mean-squared-error", Spec::new("pytorch"));
        (format!("array-{i}"), experiment(objective, [constant(0.001)]))
    });
    cases.collect()
}

/// Where the script of a run differs from the engine.
fn complaints(cases: Vec<(String, Experiment)>, folder: &str, data: &Path) -> Vec<String> {
    let (mut scripts, mut runs) = (Vec::new(), Vec::new());
    for (name, experiment) in cases {
        for run in 0..experiment.runs.len() {
            let name = format!("{name}.{run}");
            scripts.push((name.clone(), python::script(&experiment, run, "a link").expect("valid")));
            runs.push((name, Descent::new(&experiment, run).expect("valid")));
        }
    }
    let text = output(folder, DRIVER, &scripts, &[data]);
    let mut complaints = Vec::new();
    for (name, descent) in runs {
        let start = DVector::from_column_slice(descent.iterate());
        let (mut gradient, mut product) = (DVector::zeros(start.len()), DVector::zeros(start.len()));
        descent.objective().gradient(&start, &mut gradient);
        descent.objective().hessian_vector_product(&start, &gradient, &mut product);
        let network = descent.objective().as_network().expect("a network");
        let samples = network.samples(Part::Training).clone();
        let is_normal = matches!(network.architecture().initialization, Initialization::Normal { .. });
        let is_curve = ["moons", "circles", "spirals"].into_iter().any(|curve| name.contains(curve));
        let expected = Expected::along(name, descent, gradient.iter().chain(&product).copied().collect());
        let section = expected.section(&text);
        for (what, numbers, is_exact) in [
            ("start", start.as_slice(), !is_normal),
            ("inputs", &samples.inputs, !is_curve),
            ("targets", &samples.targets, true),
        ] {
            let found = named(section, what);
            let tolerance = if is_exact { 0.0 } else { LAST_PLACES };
            let is_same = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance;
            if found.len() != numbers.len() || !found.iter().zip(numbers).all(is_same) {
                complaints.push(format!("{}: {what} {found:?} instead of {numbers:?}", expected.name));
            }
        }
        complaints.extend(expected.complaints(section));
    }
    complaints
}

#[test]
#[ignore = "needs Python 3 with NumPy: cargo xtask test --only python"]
fn networks_of_all_kinds_agree_with_the_engine() {
    let cases = [combinations(), with_every_policy(), others()].concat();
    let complaints = complaints(cases, "networks", Path::new("nowhere"));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
#[ignore = "needs Python 3 with NumPy: cargo xtask test --only python"]
fn networks_on_images_agree_with_the_engine() {
    put_shipped_files();
    let complaints = complaints(images(), "images", &shipped());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
#[ignore = "needs Python 3 with NumPy: cargo xtask test --only python"]
fn networks_on_a_table_agree_with_the_engine() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tables-of-users");
    fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in TABLES {
        fs::write(folder.join(name), text).expect("written");
        shelf::put(name, text.as_bytes().to_vec()).expect("any name");
        shelf::put(&shelf::sha256(text.as_bytes()), text.as_bytes().to_vec()).expect("its own name");
    }
    let complaints = complaints([tables(), arrays(&folder)].concat(), "tables", &folder);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Without its data, and with other data, a script says what to do.
#[test]
#[ignore = "needs Python 3 with NumPy: cargo xtask test --only python"]
fn a_script_says_which_file_it_misses() {
    put_shipped_files();
    let (_, experiment) = images().swap_remove(0);
    let script = python::script(&experiment, 0, "a link").expect("valid");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("script.py"), script).expect("written");
    let message = || {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let output = Command::new(python).arg(folder.join("script.py")).output().expect("Python starts");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let missing = message();
    assert!(missing.starts_with("digits.csv.gz is not in the folder ") && missing.contains("static/data"), "{missing}");
    assert_eq!(missing.lines().count(), 1, "{missing}");
    fs::write(folder.join("digits.csv.gz"), "0,1\n").expect("written");
    let other = message();
    assert!(other.contains("other content") && other.lines().count() == 1, "{other}");
}
