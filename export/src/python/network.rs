//! What a script needs to know of a network: its data, its weights at the start, its passes.

use std::fmt::Write as _;

use flatland_engine::data::table::{TableError, gunzip};
use flatland_engine::data::{DataSet, Targets, shelf};
use flatland_engine::experiment::{ErrorKind, ParameterValue, Spec};
use flatland_engine::network::{Activation, Architecture, Initialization, Loss, Network};
use flatland_engine::spectrum::Precision;
use flatland_engine::{Experiment, FieldError, experiment};

use super::{list, pieces, written};

macro_rules! piece {
    ($file:literal) => {
        include_str!(concat!("../../python/network/", $file, ".py"))
    };
}

/// The largest residual of an eigenpair, as part of the eigenvalue. Larger ones may end a search
/// before an eigenvalue is seen that has risen above the others; the engine looks for these in
/// other ways.
const MAX_TOLERANCE: f64 = 1e-4;

/// What a script says of a sharpness that is found to a residual.
const ON_SHARPNESS: &str = "\
The sharpness of so large a network is found by iteration, in the page and here to a residual.
Where the step size depends on it, runs agree as far as that.

";

/// Numbers of a line of a start that is listed.
const NUMBERS_IN_A_LINE: usize = 4;

/// The parts of a script that a network needs.
pub(super) struct Parts {
    /// Modules of Python's library, beside those that every script has.
    pub modules: Vec<&'static str>,

    /// What else is to be said of the numbers, a paragraph or nothing.
    pub note: &'static str,

    /// Constants, a line each, or none.
    pub constants: String,

    /// Functions and classes, in their order.
    pub pieces: Vec<&'static str>,

    /// The call that makes the objective.
    pub objective: String,

    /// What the start is.
    pub start: String,
}

/// The parts for a checked experiment with this network.
///
/// # Errors
///
/// Where the data is a file that a script cannot read.
pub(super) fn parts(experiment: &Experiment, network: &Network) -> Result<Parts, FieldError> {
    let Architecture { layers, activation, loss, initialization } = network.architecture();
    let is_autoencoder = experiment.objective.text("targets") == "inputs";
    let data = data(experiment.objective.part("data"), network.data(), is_autoencoder)?;
    let is_start_drawn = experiment.start.is_empty();
    let mut pieces = Vec::new();
    if is_start_drawn || data.is_drawn {
        pieces.extend([pieces::RANDOM, piece!("stream")]);
    }
    pieces.extend(data.pieces);
    let start = if is_start_drawn {
        let (piece, arguments) = match initialization {
            Initialization::Pytorch { scale } => (piece!("initializations/pytorch"), format!(", scale={scale:?}")),
            Initialization::Xavier => (piece!("initializations/xavier"), String::new()),
            Initialization::Normal { gain } => (piece!("initializations/normal"), format!(", gain={gain:?}")),
        };
        pieces.push(piece);
        format!("draw_weights(objective.widths, objective.bias{arguments})")
    } else {
        listed(&experiment.start)
    };
    pieces.push(match activation {
        Activation::Tanh => piece!("activations/tanh"),
        Activation::Relu => piece!("activations/relu"),
        Activation::Gelu => piece!("activations/gelu"),
        Activation::Softplus => piece!("activations/softplus"),
        Activation::Linear => piece!("activations/linear"),
    });
    pieces.push(match loss {
        Loss::MeanSquaredError => piece!("losses/mean_squared_error"),
        Loss::HalfMeanSquaredError => piece!("losses/half_mean_squared_error"),
        Loss::CrossEntropy => piece!("losses/cross_entropy"),
    });
    pieces.push(piece!("network"));
    let hidden: Vec<String> = (1..layers.count()).map(|l| layers.width(l).to_string()).collect();
    let bias = written(&ParameterValue::Flag(!layers.biases(1).is_empty()));
    let samples = if is_autoencoder {
        pieces.push(piece!("reconstructed"));
        format!("reconstructed({})", data.call)
    } else {
        data.call
    };
    let mut arguments = format!("{samples}, hidden=[{}], bias={bias}", hidden.join(", "));
    let is_large = layers.parameters() > experiment::MAX_DIMENSION;
    if is_large {
        pieces.push(piece!("large_network"));
        let Precision { tolerance, every, .. } = experiment.spectrum;
        let tolerance = tolerance.min(MAX_TOLERANCE);
        // Writing to memory cannot fail.
        let _ = write!(arguments, ", tolerance={tolerance:?}, sharpness_every={every}");
    }
    let class = if is_large { "LargeNetwork" } else { "Network" };
    let objective = format!("{class}({arguments})");
    let note = if is_large { ON_SHARPNESS } else { "" };
    Ok(Parts { note, modules: data.modules, constants: data.constants, pieces, objective, start })
}

/// The parts that make the training samples.
struct Data {
    /// Whether random numbers take part.
    is_drawn: bool,
    modules: Vec<&'static str>,
    constants: String,
    pieces: Vec<&'static str>,
    call: String,
}

/// The data of a network, which is to give back its inputs if it `is_autoencoder`.
fn data(spec: &Spec, set: &DataSet, is_autoencoder: bool) -> Result<Data, FieldError> {
    let split = [piece!("split"), piece!("standardize"), piece!("one_hot"), piece!("files")];
    let of_users = [split[0], split[1], split[2], split[3], piece!("data/learned")];
    let curve = [piece!("one_hot"), piece!("data/curves")];
    let (needed, own): (&[_], _) = match spec.name.as_str() {
        "chebyshev" => (&[], piece!("data/chebyshev")),
        "moons" => (&curve, piece!("data/moons")),
        "circles" => (&curve, piece!("data/circles")),
        "spirals" => (&curve, piece!("data/spirals")),
        "digits" => (&split, piece!("data/digits")),
        "mnist" => (&split, piece!("data/mnist")),
        "file" => (&of_users, ""),
        other => {
            let expected = "data that can be written in NumPy";
            return Err(refusal(ErrorKind::Unknown, "name", expected, &format!("\"{other}\""), "save the rows as CSV"));
        }
    };
    let mut data = Data {
        is_drawn: !needed.is_empty(),
        modules: Vec::new(),
        constants: String::new(),
        pieces: needed.iter().copied().filter(|piece| !piece.is_empty()).collect(),
        call: String::new(),
    };
    if spec.name == "file" {
        let classes = if is_autoencoder { "\"unused\"".to_owned() } else { classes(&set.targets)? };
        of_user(spec, set, &classes, &mut data)?;
        return Ok(data);
    }
    data.pieces.push(own);
    let shipped = shelf::SHIPPED.iter().filter(|file| own.contains(file.file));
    let files: Vec<_> = shipped.map(|file| (file.file.to_owned(), file.sha256.to_owned())).collect();
    if !files.is_empty() {
        data.modules.extend(FILE_MODULES);
        data.constants = constants(&files, false);
    }
    let arguments: Vec<String> = spec.parameters.iter().map(|(key, value)| argument(key, value)).collect();
    data.call = format!("{}({})", spec.name, arguments.join(", "));
    Ok(data)
}

/// The modules that it takes to read a data file.
const FILE_MODULES: [&str; 4] = ["gzip", "hashlib", "pathlib", "sys"];

/// What is added for a file of the user's: a table as text, or an array.
fn of_user(spec: &Spec, set: &DataSet, classes: &str, data: &mut Data) -> Result<(), FieldError> {
    let mut files = Vec::new();
    let main = if spec.text("path").is_empty() { "sha256" } else { "path" };
    let (content, main) = reading(spec, main, &mut files)?;
    let labels = if spec.text("labels").is_empty() { None } else { Some(reading(spec, "labels", &mut files)?.1) };
    data.modules.extend(FILE_MODULES);
    let is_array = [&b"\x93NUMPY"[..], b"PK\x03\x04", b"\0\0"].into_iter().any(|magic| content.starts_with(magic));
    let end = format!("classes={classes}, samples={}, standardized=\"{}\"", set.train.count, standardized(set));
    if is_array {
        data.modules.push("io");
        data.pieces.push(piece!("data/array"));
        data.call = format!("array({main}, labels={}, {end})", labels.as_deref().unwrap_or("None"));
    } else {
        data.modules.extend(["csv", "re"]);
        data.pieces.push(piece!("data/table"));
        let rows = set.train.count + set.test.count;
        data.call = format!("table({main}, rows={rows}, label={}, {end})", string(spec.text("label")));
    }
    if files.iter().any(|(name, _)| shelf::is_sha256(name)) {
        data.pieces.push(piece!("known_files"));
    }
    data.constants = constants(&files, true);
    Ok(())
}

/// The content of the file that a parameter names, unpacked, and the call that reads it; the file
/// is added to those that the script knows.
fn reading(spec: &Spec, key: &str, files: &mut Vec<(String, String)>) -> Result<(Vec<u8>, String), FieldError> {
    let (name, sha256) = (spec.text(key), spec.text("sha256"));
    // The engine has read it, by its SHA-256 if there is one.
    let bytes = shelf::get(if key == "path" && !sha256.is_empty() { sha256 } else { name }).unwrap_or_default();
    let broken = |error: TableError| refusal(ErrorKind::Type, key, "a table", &error.to_string(), "save it again");
    let content = gunzip(&bytes).map_err(broken)?.unwrap_or_else(|| bytes.to_vec());
    files.push((name.to_owned(), shelf::sha256(&content)));
    let call = if shelf::is_sha256(name) { "read_known" } else { "read_file" };
    Ok((content, format!("{call}({})", string(name))))
}

/// The files with the SHA-256 of what they contain, and where they come from.
fn constants(files: &[(String, String)], is_users: bool) -> String {
    let source = if is_users {
        "It is what the experiment was made with: put it beside the script."
    } else {
        "It comes with Flatland, in the folder static/data of its source code: put it beside the script."
    };
    let files: String =
        files.iter().map(|(name, hash)| format!("    {}:\n        \"{hash}\",\n", string(name))).collect();
    format!("# Data files, and the SHA-256 of what they contain.\nFILES = {{\n{files}}}\nSOURCE = \"{source}\"\n")
}

/// A parameter of a data set; all of them but the noise are counts.
fn argument(key: &str, value: &ParameterValue) -> String {
    match value {
        ParameterValue::Number(count) if key != "noise" => format!("{key}={count}"),
        _ => format!("{key}={}", written(value)),
    }
}

/// How a file's inputs are standardized.
fn standardized(set: &DataSet) -> &'static str {
    match (&set.standardization, set.column_standardization.is_empty()) {
        (Some(_), _) => "alike",
        (None, false) => "columns",
        (None, true) => "none",
    }
}

/// The names of classes as Python's numbers, or as its strings where one is a word; None where
/// numbers are learned.
fn classes(targets: &Targets) -> Result<String, FieldError> {
    let Targets::Classes { names } = targets else { return Ok("None".to_owned()) };
    if let Some(name) = names.iter().find(|name| name.trim() != name.as_str()) {
        let expected = "names of classes that neither begin nor end with a space";
        let remedy = "take these spaces out of the table";
        return Err(refusal(ErrorKind::Type, "path", expected, &format!("\"{name}\""), remedy));
    }
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    let words = || format!("[{}]", names.iter().map(|name| string(name)).collect::<Vec<_>>().join(", "));
    Ok(numbers.map_or_else(words, |numbers| list(&numbers)))
}

/// Text as a string of Python.
fn string(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        _ if c.is_control() => format!("\\U{:08x}", u32::from(c)),
        _ => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// A long list of numbers, a few in each line.
fn listed(numbers: &[f64]) -> String {
    let line = |numbers: &[f64]| {
        let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:?}")).collect();
        format!("    {},\n", numbers.join(", "))
    };
    format!("np.array([\n{}])", numbers.chunks(NUMBERS_IN_A_LINE).map(line).collect::<String>())
}

/// Why the data cannot be written in NumPy; `field` is one of its parameters.
fn refusal(kind: ErrorKind, field: &str, expected: &str, found: &str, remedy: &str) -> FieldError {
    FieldError {
        kind,
        field: format!("objective.data.{field}"),
        expected: expected.to_owned(),
        found: found.to_owned(),
        remedy: remedy.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use flatland_engine::experiment::RunSpec;

    use super::super::script;
    use super::*;

    fn experiment(data: Spec, hidden: &[f64]) -> Experiment {
        let objective = Spec::new("network").with("data", data).with("hidden", hidden.to_vec());
        Experiment::new(objective, vec![RunSpec::new(Spec::new("constant"))])
    }

    /// A table with this name and content.
    fn file(name: &str, content: &[u8]) -> Spec {
        shelf::put(name, content.to_vec()).expect("any content");
        Spec::new("file").with("path", name)
    }

    /// 1-2-1 with biases are 7 parameters, 1-30-20-1 are 701.
    #[test]
    fn a_script_has_what_its_network_needs() {
        let small = script(&experiment(Spec::new("chebyshev"), &[2.0]), 0, "").expect("valid");
        assert!(small.contains("objective = Network(chebyshev(degree=4, points=20), hidden=[2], bias=True)\n"));
        assert!(small.contains("\nSTART = draw_weights(objective.widths, objective.bias, scale=1.0)\n"));
        for absent in ["LargeNetwork", "def below", "import gzip", "\nFILES", "erfc", "softmax"] {
            assert!(!small.contains(absent), "{absent}");
        }
        let large = script(&experiment(Spec::new("chebyshev"), &[30.0, 20.0]), 0, "").expect("valid");
        assert!(large.contains("hidden=[30, 20], bias=True, tolerance=0.0001, sharpness_every=1)\n"), "{large}");
    }

    #[test]
    fn a_start_that_is_listed_is_not_drawn() {
        let mut listed = experiment(Spec::new("chebyshev"), &[]);
        listed.start = vec![0.5, -0.25];
        let listed = script(&listed, 0, "").expect("valid");
        assert!(listed.contains("\nSTART = np.array([\n    0.5, -0.25,\n])\n") && !listed.contains("Random"));
    }

    #[test]
    fn names_of_classes_that_a_table_would_lose_are_refused() {
        let error = script(&experiment(file("spaces.csv", b"1,\" a\"\n2,b\n"), &[]), 0, "").expect_err("refused");
        let expected = (ErrorKind::Type, "objective.data.path".to_owned(), "\" a\"".to_owned());
        assert_eq!((error.kind, error.field, error.found), expected);
    }

    /// A file is known by its name where there is one, else by what it contains.
    #[test]
    fn files_are_read_by_name_or_by_their_hash() {
        let (table, hash) = (b"1,2\n3,4\n", shelf::sha256(b"1,2\n3,4\n"));
        shelf::put(&hash, table.to_vec()).expect("its own name");
        let images = file("images.idx", &[0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]);
        file("labels.idx", &[0, 0, 8, 1, 0, 0, 0, 2, 7, 8]);
        let known = format!("table(read_known(\"{hash}\"), rows=2, label=\"\", classes=[2.0, 4.0], samples=1, ");
        for (data, call, others) in [
            (Spec::new("file").with("sha256", hash.as_str()), known.as_str(), ["def read_known", "import csv"]),
            (images.clone(), "array(read_file(\"images.idx\"), labels=None, classes=", ["def read_array", "import io"]),
            (
                images.with("labels", "labels.idx"),
                "array(read_file(\"images.idx\"), labels=read_file(\"labels.idx\"), classes=[7.0, 8.0], ",
                ["\"labels.idx\":", "import gzip"],
            ),
        ] {
            let script = script(&experiment(data, &[]), 0, "").expect("valid");
            assert!(others.into_iter().chain([call]).all(|part| script.contains(part)), "{call}: {script}");
        }
    }

    #[test]
    fn an_autoencoder_has_its_inputs_for_targets() {
        let mut autoencoder = experiment(Spec::new("moons"), &[1.0]);
        autoencoder.objective = autoencoder.objective.with("targets", "inputs");
        let text = script(&autoencoder, 0, "").expect("valid");
        assert!(text.contains("Network(reconstructed(moons("), "{text}");
        autoencoder.objective = autoencoder.objective.with("data", file("words.csv", b"1,a\n2,b\n3,a\n"));
        let text = script(&autoencoder, 0, "").expect("valid");
        assert!(text.contains("classes=\"unused\", samples=2, "), "{text}");
    }

    #[test]
    fn names_are_strings_of_python() {
        assert_eq!(string("a \"b\" \\ \n"), r#""a \"b\" \\ \U0000000a""#);
    }
}
