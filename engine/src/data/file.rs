//! A table from a file of the user's.

use std::sync::Arc;

use super::table::{MAX_CELLS, MAX_CLASSES, MAX_ROWS, Table, TableError, Target, read, read_with_labels};
use super::{DataSet, Entry, Samples, Standardization, Targets, shelf, split};
use crate::number::exact;
use crate::spec::{Bounds, Description, ErrorKind, FieldError, Parameter, ParameterKind, Scale, Spec};

type Result<T> = std::result::Result<T, FieldError>;

/// The most distinct whole numbers that count as classes if nothing else is said.
const MAX_AUTOMATIC_CLASSES: usize = 20;

/// The longest path or name of a column.
const MAX_TEXT: usize = 1000;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "file",
        title: "A file",
        short: "file",
        latex: Description::tex(r"(x_i, y_i), \quad i = 1, \dots, n"),
        summary: "A table of your own as text with separators (CSV), as arrays of NumPy (NPY, NPZ), or as images in the \
                  format of MNIST (IDX): the last column or a named one is learned from the others. It stays on this \
                  machine.",
        source: "a file of the user's",
        parameters: &[
            text("sha256", "the SHA-256 of the file", |text| match text {
                "" => Ok(()),
                _ if shelf::is_sha256(text) => Ok(()),
                _ => Err(("64 hexadecimal digits in lower case".to_owned(), format!("{} bytes", text.len()))),
            }),
            text("path", "the path of the file, for the command line, where there is no SHA-256", check_length),
            text("labels", "the SHA-256 or the path of a second file with the labels of an array", check_length),
            text("label", "the name of the column to learn; if empty the last one", check_length),
            choice("task", "whether classes or numbers are learned", "auto", &["auto", "classes", "regression"]),
            Parameter {
                key: "samples",
                symbol: "n",
                help: "how many rows to train on, drawn from the seed; the others are for testing",
                order: None,
                kind: ParameterKind::OptionalNumber {
                    absent: "four fifths of the rows",
                    bounds: Bounds::closed(1.0, MAX_ROWS as f64),
                    slider: (10.0, 10_000.0),
                    scale: Scale::Log,
                },
            },
            choice(
                "standardize",
                "to mean 0 and deviation 1: each column, all inputs alike, or none; images are alike if nothing is said",
                "auto",
                &["auto", "columns", "alike", "none"],
            ),
        ],
    },
    files: &[],
    whole: &["samples"],
    build,
};

const fn text(
    key: &'static str,
    help: &'static str,
    check: fn(&str) -> std::result::Result<(), (String, String)>,
) -> Parameter {
    Parameter { key, symbol: key, help, order: None, kind: ParameterKind::Text { default: "", check } }
}

const fn choice(
    key: &'static str,
    help: &'static str,
    default: &'static str,
    options: &'static [&'static str],
) -> Parameter {
    Parameter { key, symbol: key, help, order: None, kind: ParameterKind::Choice { default, options } }
}

fn check_length(text: &str) -> std::result::Result<(), (String, String)> {
    let length = text.chars().count();
    if length <= MAX_TEXT { Ok(()) } else { Err((format!("at most {MAX_TEXT} characters"), length.to_string())) }
}

/// The parameters of a completed spec that name files, with the names.
pub(super) fn files(spec: &Spec) -> impl Iterator<Item = (&'static str, &str)> {
    let main = if spec.text("sha256").is_empty() { "path" } else { "sha256" };
    [main, "labels"].into_iter().map(|key| (key, spec.text(key))).filter(|(_, name)| !name.is_empty())
}

fn build(spec: &Spec, seed: u64) -> Result<DataSet> {
    let mut main_key = "";
    let (mut main, mut labels) = (None, None);
    for (key, name) in files(spec) {
        let bytes = bytes(key, name)?;
        if key == "labels" {
            labels = Some(bytes);
        } else {
            (main_key, main) = (key, Some(bytes));
        }
    }
    let main = main.ok_or_else(|| {
        FieldError::new(ErrorKind::Missing, "sha256", "the SHA-256 of a file", "nothing", "choose a file")
    })?;
    let label = Some(spec.text("label")).filter(|label| !label.is_empty());
    let table = match &labels {
        Some(labels) => read_with_labels(&main, labels),
        None => read(&main, label),
    };
    let in_field = |error: TableError| {
        let field = match error {
            TableError::NoSuchColumn { .. } => "label",
            TableError::LabelCount { .. } | TableError::LabelsTwice | TableError::NoLabels => "labels",
            _ => main_key,
        };
        error.in_field(field)
    };
    let table = table.map_err(in_field)?;
    if table.rows < 2 {
        let remedy = "one row is for training and one for testing; add some";
        return Err(FieldError::new(ErrorKind::Type, main_key, "at least two rows", "one", remedy));
    }
    let count = match spec.optional("samples") {
        None => (table.rows * 4 / 5).max(1),
        Some(count) if (count as usize) < table.rows => count as usize,
        Some(count) => {
            let (expected, found) =
                (format!("a number below the file's {} rows", table.rows), exact(count).to_string());
            let remedy = "leave some rows for testing";
            return Err(FieldError::new(ErrorKind::Range, "samples", expected, found, remedy));
        }
    };
    let goal = goal(&table.target, spec.text("task")).map_err(in_field)?;
    if table.rows * goal.targets.outputs() > MAX_CELLS {
        let found = Some(table.rows * goal.targets.outputs());
        return Err(in_field(TableError::TooManyCells { found }));
    }
    let (train, test) = split::draw(table.rows, count, seed);
    let (mut train, mut test) = (goal.samples(&table, &train), goal.samples(&table, &test));
    let (standardization, column_standardization) = standardize(spec, &table, &mut train, &mut test);
    Ok(DataSet {
        train,
        test,
        targets: goal.targets,
        inputs: table.features,
        image: table.image,
        standardization,
        column_standardization,
        source: ENTRY.description.source,
    })
}

fn bytes(key: &str, name: &str) -> Result<Arc<[u8]>> {
    shelf::get(name).ok_or_else(|| {
        FieldError::new(
            ErrorKind::Missing,
            key,
            format!("the file \"{name}\" at hand"),
            "that it is not",
            "open the file with the data too",
        )
    })
}

/// The numbers that there are, in their order, each once.
fn distinct(numbers: &[f64]) -> Vec<f64> {
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    // Both zeros are one number.
    distinct.dedup_by(|a, b| a == b);
    distinct
}

fn are_classes(distinct: &[f64]) -> bool {
    distinct.len() <= MAX_AUTOMATIC_CLASSES && distinct.iter().all(|x| x.fract() == 0.0)
}

/// The classes that targets stand for if nothing is said of what is to be learned; none where they
/// are numbers to learn.
#[must_use]
pub fn classes_in(numbers: &[f64]) -> Option<Vec<f64>> {
    Some(distinct(numbers)).filter(|distinct| are_classes(distinct))
}

/// What is to be learned of a table.
struct Goal<'a> {
    targets: Targets,
    /// The labels of all rows for classes, the numbers for regression.
    labels: Vec<usize>,
    numbers: &'a [f64],
}

impl Goal<'_> {
    fn samples(&self, table: &Table, rows: &[usize]) -> Samples {
        let inputs = split::gather(&table.inputs, table.features, rows);
        let count = rows.len();
        match self.targets {
            Targets::Values { .. } => {
                Samples { count, inputs, targets: split::gather(self.numbers, 1, rows), labels: Vec::new() }
            }
            Targets::Classes { .. } => {
                let labels: Vec<usize> = rows.iter().map(|row| self.labels[*row]).collect();
                Samples { count, inputs, targets: split::one_hot(&labels, self.targets.outputs()), labels }
            }
        }
    }
}

fn goal<'a>(target: &'a Target, task: &str) -> std::result::Result<Goal<'a>, TableError> {
    let (labels, names) = match target {
        Target::Numbers(numbers) => {
            let distinct = distinct(numbers);
            if task == "regression" || (task == "auto" && !are_classes(&distinct)) {
                return Ok(Goal { targets: Targets::Values { outputs: 1 }, labels: Vec::new(), numbers });
            }
            let label = |number: &f64| distinct.partition_point(|other| other < number);
            let names = distinct.iter().map(|number| exact(*number).to_string()).collect::<Vec<_>>();
            (numbers.iter().map(label).collect(), names)
        }
        Target::Words { words, place: (line, column) } => {
            if task == "regression" {
                let cell = words.iter().find(|word| word.parse::<f64>().is_err()).cloned().unwrap_or_default();
                return Err(TableError::NotANumber { line: *line, column: *column, cell });
            }
            let mut distinct: Vec<&String> = words.iter().collect();
            distinct.sort_unstable();
            distinct.dedup();
            let label = |word: &String| distinct.partition_point(|other| *other < word);
            (words.iter().map(label).collect(), distinct.into_iter().cloned().collect())
        }
    };
    match names.as_slice() {
        [] => Err(TableError::Empty),
        [name] => Err(TableError::OneClass { name: name.clone() }),
        names if names.len() > MAX_CLASSES => Err(TableError::TooManyClasses { found: names.len() }),
        _ => Ok(Goal { targets: Targets::Classes { names }, labels, numbers: &[] }),
    }
}

/// Standardizes the inputs as the spec says: all alike, or each column by its own numbers.
fn standardize(
    spec: &Spec,
    table: &Table,
    train: &mut Samples,
    test: &mut Samples,
) -> (Option<Standardization>, Vec<Standardization>) {
    match (spec.text("standardize"), table.image) {
        ("alike", _) | ("auto", Some(_)) => (Some(split::standardize(&mut train.inputs, &mut test.inputs)), Vec::new()),
        ("columns", _) | ("auto", None) => {
            let train = train.inputs.chunks_exact_mut(train.count);
            let columns = train.zip(test.inputs.chunks_exact_mut(test.count));
            (None, columns.map(|(train, test)| split::standardize(train, test)).collect())
        }
        _ => (None, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{build, complete, files};
    use super::*;

    /// The spec of a file with this content, which is put on the shelf.
    fn spec(content: impl AsRef<[u8]>) -> Spec {
        let name = shelf::sha256(content.as_ref());
        shelf::put(&name, content.as_ref().to_vec()).unwrap();
        Spec::new("file").with("sha256", name.as_str())
    }

    fn built(spec: &Spec) -> DataSet {
        build(spec, 1, "data").unwrap()
    }

    /// Ten rows (i, 10·i + 100) with the label that `label` gives.
    fn rows(label: impl Fn(usize) -> String) -> String {
        (0..10).map(|i| format!("{i},{},{}\n", 10 * i + 100, label(i))).collect()
    }

    #[test]
    fn words_are_classes_and_four_fifths_train() {
        let data = built(&spec(rows(|i| ["no", "yes"][i % 2].to_owned())));
        assert_eq!((data.train.count, data.test.count, data.inputs), (8, 2, 2));
        assert_eq!(data.targets, Targets::Classes { names: vec!["no".into(), "yes".into()] });
        assert_eq!(data.standardization, None);
        // Both columns are the same but for an affine map, so they are the same standardized; and
        // the row says what its label is.
        let [first, second] = data.column_standardization[..] else { panic!() };
        assert!((10.0 * first.mean + 100.0 - second.mean).abs() < 1e-12);
        let mut all = Vec::new();
        for samples in [&data.train, &data.test] {
            for s in 0..samples.count {
                let i = samples.inputs[s] * first.deviation + first.mean;
                assert!((samples.inputs[s] - samples.inputs[samples.count + s]).abs() < 1e-14);
                assert_eq!(samples.labels[s], i.round() as usize % 2);
                all.push(i.round() as usize);
            }
        }
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn the_task_is_found_out_or_told() {
        let names = |spec: &Spec| match built(spec).targets {
            Targets::Classes { names } => names,
            Targets::Values { .. } => Vec::new(),
        };
        let whole = spec(rows(|i| ["-1", "10", "2"][i % 3].to_owned()));
        assert_eq!(names(&whole), ["-1", "2", "10"]);
        assert!(names(&whole.clone().with("task", "regression")).is_empty());
        let fractions = spec(rows(|i| format!("{}.5", i % 2)));
        assert!(names(&fractions).is_empty());
        assert_eq!(names(&fractions.with("task", "classes")), ["0.5", "1.5"]);
        let many: String = (0..=MAX_AUTOMATIC_CLASSES).map(|i| format!("0,{i}\n")).collect();
        assert!(names(&spec(&many)).is_empty());
        let fewer: String = many.lines().skip(1).map(|line| format!("{line}\n")).collect();
        assert_eq!(names(&spec(&fewer)).len(), MAX_AUTOMATIC_CLASSES);
    }

    #[test]
    fn regression_keeps_its_targets() {
        let data =
            built(&spec(rows(|i| format!("{}", i as f64 / 4.0))).with("standardize", "none").with("samples", 3.0));
        assert_eq!((data.train.count, data.test.count, data.targets.outputs()), (3, 7, 1));
        assert!(data.train.labels.is_empty() && data.column_standardization.is_empty());
        for samples in [&data.train, &data.test] {
            assert!(samples.inputs[..samples.count].iter().zip(&samples.targets).all(|(x, y)| x / 4.0 == *y));
        }
    }

    #[test]
    fn images_are_standardized_alike() {
        let images = [&[0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2][..], &[0, 8, 2, 6, 4, 4, 0, 8]].concat();
        let labels = spec([0, 0, 8, 1, 0, 0, 0, 4, 3, 5, 3, 5]);
        let spec = spec(&images).with("labels", labels.text("sha256"));
        let data = built(&spec);
        assert_eq!((data.image, data.inputs, data.train.count), (Some((1, 2)), 2, 3));
        assert_eq!(data.standardization.unwrap().mean, 4.0);
        assert_eq!(data.targets, Targets::Classes { names: vec!["3".into(), "5".into()] });
        assert_eq!(files(&spec), [spec.text("sha256"), labels.text("sha256")]);
        let alone = build(&Spec::new("file").with("sha256", spec.text("sha256")), 0, "data").unwrap_err();
        assert_eq!((alone.kind, alone.field.as_str()), (ErrorKind::Missing, "data.labels"));
    }

    #[test]
    fn a_path_stands_in_where_there_is_no_hash() {
        shelf::put("some/table.csv", rows(|i| (i % 2).to_string()).into_bytes()).unwrap();
        let spec = Spec::new("file").with("path", "some/table.csv");
        assert_eq!(built(&spec).train.count, 8);
        assert_eq!(files(&spec), ["some/table.csv"]);
        assert_eq!(files(&Spec::new("digits")), ["digits"]);
        assert!(files(&Spec::new("moons")).is_empty());
    }

    #[test]
    fn errors_name_the_parameter() {
        let two = rows(|i| (i % 2).to_string());
        let absent = "0".repeat(64);
        for (spec, kind, field) in [
            (Spec::new("file"), ErrorKind::Missing, "sha256"),
            (Spec::new("file").with("sha256", absent.as_str()), ErrorKind::Missing, "sha256"),
            (Spec::new("file").with("path", "not/there"), ErrorKind::Missing, "path"),
            (Spec::new("file").with("sha256", "ABC"), ErrorKind::Syntax { line: 1, column: 0 }, "sha256"),
            (spec(&two).with("labels", "not/there"), ErrorKind::Missing, "labels"),
            (spec(&two).with("labels", spec(&two).text("sha256")), ErrorKind::Type, "labels"),
            (spec(&two).with("label", "class"), ErrorKind::Unknown, "label"),
            (spec(&two).with("task", "sorting"), ErrorKind::Unknown, "task"),
            (spec(&two).with("samples", 10.0), ErrorKind::Range, "samples"),
            (spec(&two).with("samples", 2.5), ErrorKind::Type, "samples"),
            (spec(rows(|_| "7".to_owned())), ErrorKind::Type, "sha256"),
            (spec("1,2\n"), ErrorKind::Type, "sha256"),
            (spec("1,2\n3\n"), ErrorKind::Type, "sha256"),
            (spec("1,a\n3,b\n").with("task", "regression"), ErrorKind::Type, "sha256"),
        ] {
            let error = build(&spec, 0, "data").unwrap_err();
            assert_eq!((error.kind, error.field), (kind, format!("data.{field}")), "{spec:?}");
        }
        let class = build(&spec(rows(|_| "7".to_owned())), 0, "data").unwrap_err();
        assert_eq!(class.found, "\"7\" in every row");
        let many: String = (0..=MAX_CLASSES).map(|i| format!("0,c{i}\n")).collect();
        assert_eq!(build(&spec(many), 0, "data").unwrap_err().found, (MAX_CLASSES + 1).to_string());
        assert!(complete(&Spec::new("file").with("path", "x".repeat(1001).as_str()), "data").is_err());
    }
}
