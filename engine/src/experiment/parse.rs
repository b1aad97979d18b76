//! From text to an experiment, which is not completed or checked yet.
//!
//! The text becomes a tree that keeps duplicate keys and the tree an experiment, so that every
//! error can name its field.

use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, SeqAccess, Visitor};

use super::source::not_finite;
use super::validate::{objective_entry, policy_entry};
use super::{Change, EnsembleSpec, Experiment, MAX_INPUT_BYTES, Notice, RunSpec, Stop, VERSION};
use crate::column::Column;
use crate::number::exact;
use crate::objective::{GIVEN, catalogue};
use crate::spec::{Bounds, Description, ErrorKind, FieldError, ParameterKind, ParameterValue, Spec, shorten};
use crate::spectrum::Precision;

type Result<T> = std::result::Result<T, FieldError>;

/// Reads an experiment in which an unknown field is an error.
pub(super) fn strict(text: &str) -> Result<Experiment> {
    Reader { notices: None }.experiment(&tree(text)?)
}

/// Reads an experiment whose objective and start are given beside the document, which has neither.
pub(super) fn without_objective(text: &str) -> Result<Experiment> {
    let mut tree = tree(text)?;
    if let Node::Object(entries) = &mut tree {
        if let Some((key, _)) = entries.iter().find(|(key, _)| ["objective", "start"].contains(&key.as_str())) {
            let expected = "nothing here, since it is given beside the document";
            return Err(FieldError::new(
                ErrorKind::Unknown,
                key.as_str(),
                expected,
                "a value",
                "leave one of them out",
            ));
        }
        // Any that can be read: the function takes its place.
        let name = catalogue().first().map_or("", |entry| entry.description.name);
        let stand_in = Node::Object(vec![("name".to_owned(), Node::Text(name.to_owned()))]);
        entries.push(("objective".to_owned(), stand_in));
    }
    let experiment = Reader { notices: None }.experiment(&tree)?;
    Ok(Experiment { objective: Spec::new(GIVEN), ..experiment })
}

/// Reads an experiment in which an unknown field is a notice.
pub(super) fn lenient(text: &str) -> Result<(Experiment, Vec<Notice>)> {
    let mut reader = Reader { notices: Some(Vec::new()) };
    let experiment = reader.experiment(&tree(text)?)?;
    Ok((experiment, reader.notices.unwrap_or_default()))
}

fn tree(text: &str) -> Result<Node> {
    if text.len() > MAX_INPUT_BYTES {
        return Err(FieldError::new(
            ErrorKind::TooLong,
            "",
            format!("at most {MAX_INPUT_BYTES} bytes"),
            format!("{} bytes", text.len()),
            "is this the right file?",
        ));
    }
    // Some editors begin a file with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        // What other languages write for such numbers is not JSON, or JSON that no number can hold.
        if let Some((field, word, number)) = not_finite(text, line, column) {
            let (expected, found) = ("a finite number".to_owned(), shorten(word));
            return FieldError { expected, found, ..FieldError::range(field, Bounds::ANY, number) };
        }
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        FieldError::new(
            ErrorKind::Syntax { line, column },
            "",
            "a JSON document",
            format!("something else at line {line}, column {column} ({message})"),
            "correct the text there",
        )
    })
}

/// A JSON value that keeps the order of keys, and keys that stand there twice.
enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Completes "found …".
    fn describe(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => exact(*number).to_string(),
            Self::Text(text) => format!("the text \"{}\"", shorten(text)),
            Self::List(list) => format!("a list of {}", list.len()),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Node, E> {
        Ok(Node::Bool(value))
    }

    // JSON knows one kind of number, as JavaScript does: beyond 2⁵³ integers are rounded. No field
    // of whole numbers allows them, and messages quote them as they are written.
    fn visit_u64<E>(self, value: u64) -> std::result::Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> std::result::Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = access.next_element()? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> std::result::Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Object(entries))
    }
}

/// Walks the tree; with `notices`, unknown fields are collected there.
struct Reader {
    notices: Option<Vec<Notice>>,
}

impl Reader {
    fn experiment(&mut self, node: &Node) -> Result<Experiment> {
        let keys = [
            "version",
            "objective",
            "start",
            "runs",
            "steps",
            "stop",
            "ensemble",
            "seed",
            "columns",
            "spectrum",
            "window",
        ];
        let fields = Fields::new("", node, "an object with \"version\", \"objective\" and \"runs\"")?;
        // Before anything else: what is unknown in a newer document is not a mistake.
        let version = version(&fields)?;
        self.check_keys(&fields, &keys)?;
        let objective = fields.required("objective", "{\"name\": \"double-well\"}")?;
        let runs = fields.required("runs", "[{\"policy\": {\"name\": \"constant\"}}]")?;
        let defaults = Experiment::new(self.objective(objective)?, Vec::new());
        Ok(Experiment {
            version,
            start: fields.get("start").map_or(Ok(Vec::new()), |node| start("start", node))?,
            runs: self.runs(runs)?,
            steps: integer(&fields, "steps", 0)?.unwrap_or(defaults.steps),
            stop: fields.get("stop").map_or(Ok(Stop::default()), |node| self.stop(node))?,
            ensemble: fields.get("ensemble").map(|node| self.ensemble(node)).transpose()?,
            seed: integer(&fields, "seed", 0)?.unwrap_or(0),
            columns: fields.get("columns").map_or(Ok(Vec::new()), columns)?,
            spectrum: fields.get("spectrum").map_or(Ok(Precision::default()), |node| self.precision(node))?,
            window: integer(&fields, "window", 0)?.unwrap_or(defaults.window),
            ..defaults
        })
    }

    fn objective(&mut self, node: &Node) -> Result<Spec> {
        self.spec("objective", node, &|field, name| Ok(objective_entry(field, name)?.description))
    }

    fn policy(&mut self, path: &str, node: &Node) -> Result<Spec> {
        self.spec(path, node, &|field, name| Ok(policy_entry(field, name)?.description))
    }

    fn spec(
        &mut self,
        path: &str,
        node: &Node,
        find: &dyn Fn(String, &str) -> Result<&'static Description>,
    ) -> Result<Spec> {
        let fields = Fields::new(path, node, "an object with a \"name\"")?;
        let name_field = fields.path("name");
        let name = text(&name_field, fields.required("name", "a name from the catalogue")?, "a name")?;
        let description = find(name_field, name)?;
        let keys: Vec<_> = ["name"].into_iter().chain(description.parameters.iter().map(|p| p.key)).collect();
        self.check_keys(&fields, &keys)?;
        let mut spec = Spec::new(name);
        for parameter in description.parameters {
            let path = fields.path(parameter.key);
            let value = match fields.get(parameter.key) {
                None => continue,
                // Only where absence has a meaning: elsewhere a null is what JavaScript makes of a
                // NaN.
                Some(Node::Null) if matches!(parameter.kind, ParameterKind::OptionalNumber { .. }) => continue,
                Some(node) if let ParameterKind::Part { options, .. } = parameter.kind => {
                    let part = self.spec(&path, node, &|field, name| {
                        let options = options();
                        let names = || options.iter().map(|option| option.name).collect::<Vec<_>>();
                        let found = options.iter().find(|option| option.name == name).copied();
                        found.ok_or_else(|| FieldError::unknown(field, "name", name, &names()))
                    });
                    ParameterValue::Part(part?)
                }
                Some(&Node::Bool(flag)) if matches!(parameter.kind, ParameterKind::Flag { .. }) => {
                    ParameterValue::Flag(flag)
                }
                Some(&Node::Number(number)) => ParameterValue::Number(number),
                Some(Node::Text(text)) => ParameterValue::Text(text.clone()),
                Some(node @ Node::List(_)) => ParameterValue::Numbers(numbers(&path, node)?),
                Some(other) => return Err(wrong_type(path, "a number, a word or a list of numbers", other)),
            };
            spec.parameters.insert(parameter.key.to_owned(), value);
        }
        Ok(spec)
    }

    fn runs(&mut self, node: &Node) -> Result<Vec<RunSpec>> {
        let runs = list("runs", node, "a list of runs")?;
        runs.iter().enumerate().map(|(i, node)| self.run(&format!("runs[{i}]"), node)).collect()
    }

    fn run(&mut self, path: &str, node: &Node) -> Result<RunSpec> {
        let fields = Fields::new(path, node, "an object with a \"policy\"")?;
        self.check_keys(&fields, &["policy", "label", "changes"])?;
        let policy = self.policy(&fields.path("policy"), fields.required("policy", "{\"name\": \"constant\"}")?)?;
        let label = match fields.get("label") {
            None | Some(Node::Null) => None,
            Some(node) => Some(text(&fields.path("label"), node, "a text")?.to_owned()),
        };
        let changes = match fields.get("changes") {
            None => Vec::new(),
            Some(node) => self.changes(&fields.path("changes"), node)?,
        };
        Ok(RunSpec { policy, label, changes })
    }

    fn changes(&mut self, path: &str, node: &Node) -> Result<Vec<Change>> {
        let changes = list(path, node, "a list of changes")?;
        let read = |(i, node)| {
            let fields = Fields::new(&format!("{path}[{i}]"), node, "an object with \"step\" and \"policy\"")?;
            self.check_keys(&fields, &["step", "policy"])?;
            fields.required("step", "100")?;
            let step = integer(&fields, "step", 1)?.unwrap_or(0);
            let policy = fields.required("policy", "{\"name\": \"constant\"}")?;
            Ok(Change { step, policy: self.policy(&fields.path("policy"), policy)? })
        };
        changes.iter().enumerate().map(read).collect()
    }

    fn stop(&mut self, node: &Node) -> Result<Stop> {
        let fields = Fields::new("stop", node, "an object with \"gradient_norm\", \"loss\" and \"calls\"")?;
        self.check_keys(&fields, &["gradient_norm", "loss", "calls"])?;
        let default = Stop::default();
        let field = |key, default| fields.get(key).map_or(Ok(default), |node| number(fields.path(key), node));
        Ok(Stop {
            gradient_norm: field("gradient_norm", default.gradient_norm)?,
            loss: field("loss", default.loss)?,
            calls: integer(&fields, "calls", 1)?,
        })
    }

    fn precision(&mut self, node: &Node) -> Result<Precision> {
        let fields = Fields::new("spectrum", node, "an object with \"count\", \"tolerance\" and \"every\"")?;
        self.check_keys(&fields, &["count", "tolerance", "every"])?;
        let default = Precision::default();
        let tolerance = fields.get("tolerance");
        Ok(Precision {
            count: integer(&fields, "count", 1)?.unwrap_or(default.count),
            tolerance: tolerance.map_or(Ok(default.tolerance), |node| number(fields.path("tolerance"), node))?,
            every: integer(&fields, "every", 1)?.unwrap_or(default.every),
        })
    }

    fn ensemble(&mut self, node: &Node) -> Result<EnsembleSpec> {
        let fields = Fields::new("ensemble", node, "an object with \"size\" and \"spread\"")?;
        self.check_keys(&fields, &["size", "spread"])?;
        fields.required("size", "16")?;
        let spread = fields.required("spread", "0.05")?;
        Ok(EnsembleSpec {
            size: integer(&fields, "size", 2)?.unwrap_or(0),
            spread: number(fields.path("spread"), spread)?,
        })
    }

    /// Rejects or notes keys that are not among the `known` ones.
    fn check_keys(&mut self, fields: &Fields<'_>, known: &[&str]) -> Result<()> {
        for (key, _) in fields.entries {
            if known.contains(&key.as_str()) {
                continue;
            }
            let error = FieldError::unknown(fields.path(key), "field", key, known);
            match &mut self.notices {
                None => return Err(error),
                Some(notices) => {
                    let message = format!("the unknown field \"{}\" was ignored", error.field);
                    notices.push(Notice { field: error.field, message });
                }
            }
        }
        Ok(())
    }
}

/// The fields of an object, each at most once.
struct Fields<'a> {
    path: String,
    entries: &'a [(String, Node)],
}

impl<'a> Fields<'a> {
    fn new(path: &str, node: &'a Node, expected: &str) -> Result<Self> {
        let Node::Object(entries) = node else {
            return Err(wrong_type(path, expected, node));
        };
        let fields = Self { path: path.to_owned(), entries };
        let mut keys: Vec<_> = entries.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        match keys.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(fields),
            Some(pair) => Err(FieldError::new(
                ErrorKind::Duplicate,
                fields.path(pair[0]),
                "each field once",
                "it twice",
                "remove one of them",
            )),
        }
    }

    fn path(&self, key: &str) -> String {
        let key = shorten(key);
        if self.path.is_empty() { key } else { format!("{}.{key}", self.path) }
    }

    fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    fn required(&self, key: &str, example: &str) -> Result<&'a Node> {
        self.get(key).ok_or_else(|| {
            let remedy = format!("add it: \"{key}\": {example}");
            FieldError::new(ErrorKind::Missing, self.path(key), "a value", "nothing", remedy)
        })
    }
}

fn version(fields: &Fields<'_>) -> Result<u32> {
    let found = number("version", fields.required("version", "1")?)?;
    if found == f64::from(VERSION) {
        return Ok(VERSION);
    }
    let remedy = if found > f64::from(VERSION) {
        "the experiment comes from a newer Flatland: update this one, or reload the page"
    } else {
        "versions count from 1"
    };
    Err(FieldError::new(ErrorKind::Version, "version", VERSION.to_string(), exact(found).to_string(), remedy))
}

fn wrong_type(field: impl Into<String>, expected: &str, found: &Node) -> FieldError {
    FieldError::new(ErrorKind::Type, field, expected, found.describe(), "change it to that")
}

fn number(field: impl Into<String>, node: &Node) -> Result<f64> {
    match node {
        Node::Number(number) => Ok(*number),
        other => Err(wrong_type(field, "a number", other)),
    }
}

/// The whole number in a field, if it is there; how large it may be is checked later.
fn integer(fields: &Fields<'_>, key: &str, min: u64) -> Result<Option<u64>> {
    let Some(node) = fields.get(key) else {
        return Ok(None);
    };
    let value = number(fields.path(key), node)?;
    let bounds = Bounds::closed(min as f64, super::MAX_SEED as f64);
    match node {
        _ if !bounds.contains(value) => Err(FieldError::range(fields.path(key), bounds, value)),
        _ if value.fract() != 0.0 => Err(wrong_type(fields.path(key), "a whole number", node)),
        _ => Ok(Some(value as u64)),
    }
}

fn text<'a>(field: &str, node: &'a Node, expected: &str) -> Result<&'a str> {
    match node {
        Node::Text(text) => Ok(text),
        other => Err(wrong_type(field, expected, other)),
    }
}

fn list<'a>(field: &str, node: &'a Node, expected: &str) -> Result<&'a [Node]> {
    match node {
        Node::List(list) => Ok(list),
        other => Err(wrong_type(field, expected, other)),
    }
}

fn numbers(field: &str, node: &Node) -> Result<Vec<f64>> {
    let list = list(field, node, "a list of numbers")?;
    list.iter().enumerate().map(|(i, node)| number(format!("{field}[{i}]"), node)).collect()
}

fn columns(node: &Node) -> Result<Vec<Column>> {
    let list = list("columns", node, "a list of names")?;
    let read = |(i, node)| {
        let field = format!("columns[{i}]");
        let name = text(&field, node, "a name")?;
        let unknown = || FieldError::unknown(field.as_str(), "column", name, &Column::ALL.map(Column::name));
        Column::find(name).ok_or_else(unknown)
    };
    list.iter().enumerate().map(read).collect()
}

fn start(field: &str, node: &Node) -> Result<Vec<f64>> {
    let start = numbers(field, node)?;
    if start.is_empty() {
        let remedy = "give one number for each variable, or leave the field out";
        return Err(FieldError::new(ErrorKind::Dimension, field, "numbers", "an empty list", remedy));
    }
    Ok(start)
}
