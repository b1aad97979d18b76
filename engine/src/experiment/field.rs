//! The numeric fields of an experiment by their paths, such as `runs[0].policy.eta`, for reading
//! and writing.
//!
//! The document is the completed one: what an experiment leaves out stands there with its default,
//! and an optional number that is absent as null. The parameters of a typed formula are fields too:
//! `objective.expression.a`, and so are those of a part with parameters of its own:
//! `objective.data.samples`.

use serde_json::{Map, Value, json};

use super::{EnsembleSpec, Experiment};
use crate::formula::Formula;
use crate::policy::RULE_VARIABLES;
use crate::spec::{Description, ErrorKind, FieldError, MAX_COMPARED, ParameterKind, ParameterValue, Spec, distance};
use crate::{objective, policy};

/// How many near names an error lists.
const SUGGESTIONS: usize = 5;

/// The parameters of data sets that are whole numbers. The sets themselves say so, too; the page
/// knows fields without having loaded any data.
pub(crate) const COUNTS_OF_DATA: [&str; 3] = ["degree", "points", "samples"];

/// The experiment as a document in which every field is there.
#[must_use]
pub fn complete(experiment: &Experiment) -> Value {
    let policy = |of: &Spec| spec(of, policy::find(&of.name).map(|entry| entry.description));
    let runs = experiment.runs.iter().map(|run| {
        let changes = run.changes.iter().map(|change| json!({ "step": change.step, "policy": policy(&change.policy) }));
        let changes: Vec<_> = changes.collect();
        let mut value = json!({ "policy": policy(&run.policy), "changes": changes });
        if let Some(label) = &run.label {
            value["label"] = json!(label);
        }
        value
    });
    let mut document = json!({
        "version": experiment.version,
        "objective": spec(&experiment.objective, objective::find(&experiment.objective.name).map(|entry| entry.description)),
        "runs": runs.collect::<Vec<_>>(),
        "steps": experiment.steps,
        "stop": { "gradient_norm": experiment.stop.gradient_norm, "loss": experiment.stop.loss },
        "seed": experiment.seed,
        "spectrum": {
            "count": experiment.spectrum.count,
            "tolerance": experiment.spectrum.tolerance,
            "every": experiment.spectrum.every,
        },
        "window": experiment.window,
    });
    // One that is drawn from the seed stands nowhere.
    if !experiment.start.is_empty() {
        document["start"] = json!(experiment.start);
    }
    if let Some(calls) = experiment.stop.calls {
        document["stop"]["calls"] = json!(calls);
    }
    if let Some(EnsembleSpec { size, spread }) = experiment.ensemble {
        document["ensemble"] = json!({ "size": size, "spread": spread });
    }
    document
}

fn spec(spec: &Spec, description: Option<&Description>) -> Value {
    let mut map = Map::from_iter([("name".to_owned(), json!(spec.name))]);
    for parameter in description.map_or(&[][..], |description| description.parameters) {
        let value = match spec.parameters.get(parameter.key) {
            Some(ParameterValue::Number(number)) => json!(number),
            Some(ParameterValue::Text(text)) => json!(text),
            Some(ParameterValue::Numbers(numbers)) => json!(numbers),
            Some(ParameterValue::Flag(flag)) => json!(flag),
            Some(ParameterValue::Part(part)) => spec_of_part(part, parameter.kind),
            None if matches!(parameter.kind, ParameterKind::OptionalNumber { .. }) => Value::Null,
            None => continue,
        };
        map.insert(parameter.key.to_owned(), value);
    }
    Value::Object(map)
}

fn spec_of_part(part: &Spec, kind: ParameterKind) -> Value {
    let ParameterKind::Part { options, .. } = kind else { return Value::Null };
    spec(part, options().into_iter().find(|option| option.name == part.name))
}

/// A place in a document for a number.
#[derive(Clone, Debug)]
pub struct Field {
    /// As people write it.
    path: String,

    /// As RFC 6901 writes it.
    pointer: String,

    /// The parameter of the formula that stands there, if it is one.
    parameter: Option<String>,
}

impl Field {
    /// The numeric fields of a document, in its order.
    #[must_use]
    pub fn all(document: &Value) -> Vec<Self> {
        let mut fields = Fields::default();
        fields.visit(String::new(), String::new(), document);
        fields.numeric
    }

    /// The field with this path.
    ///
    /// # Errors
    ///
    /// If there is none, or it holds no number.
    pub fn find(document: &Value, path: &str) -> Result<Self, FieldError> {
        let mut fields = Fields::default();
        fields.visit(String::new(), String::new(), document);
        if let Some(field) = fields.numeric.iter().find(|field| field.path == path) {
            return Ok(field.clone());
        }
        let found = match fields.others.iter().find(|(other, _)| other == path) {
            Some((_, description)) => description.clone(),
            None => "no such field".to_owned(),
        };
        let mut names: Vec<_> = fields.numeric.iter().map(|field| field.path.as_str()).collect();
        if path.len() <= MAX_COMPARED {
            names.sort_by_cached_key(|name| distance(path, name));
        }
        names.truncate(SUGGESTIONS);
        let remedy = format!("near names are {}", names.join(", "));
        Err(FieldError::new(ErrorKind::Unknown, path, "a numeric field of the experiment", found, remedy))
    }

    /// Its path, as people write it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The number there; None for an optional one that is absent.
    #[must_use]
    pub fn number(&self, document: &Value) -> Option<f64> {
        let place = document.pointer(&self.pointer)?;
        match (&self.parameter, place.as_str()) {
            (Some(name), Some(text)) => {
                self.formula(text)?.parameters.iter().find(|parameter| parameter.name == *name).map(|found| found.value)
            }
            _ => place.as_f64(),
        }
    }

    /// Puts a number there.
    pub fn set(&self, document: &mut Value, number: f64) {
        let Some(place) = document.pointer_mut(&self.pointer) else { return };
        *place = match (&self.parameter, place.as_str()) {
            (Some(parameter), Some(text)) => match self.formula(text) {
                Some(formula) => json!(formula.with_parameter(text, parameter, number)),
                None => return,
            },
            _ => json!(number),
        };
    }

    /// Puts a number there in an experiment that is complete: as [`Self::set`] in its document, but
    /// many times faster. `false`, and nothing done, for fields that hold whole numbers beside the
    /// objective's or stand in changes.
    pub fn write(&self, experiment: &mut Experiment, number: f64) -> bool {
        let parts: Vec<&str> = self.pointer.split('/').skip(1).collect();
        match parts[..] {
            ["start", index] => place(experiment.start.get_mut(index.parse().unwrap_or(usize::MAX)), number),
            ["stop", "loss"] => place(Some(&mut experiment.stop.loss), number),
            ["stop", "gradient_norm"] => place(Some(&mut experiment.stop.gradient_norm), number),
            ["objective", ref rest @ ..] => self.write_in(&mut experiment.objective, rest, number),
            ["runs", run, "policy", ref rest @ ..] => {
                let run = run.parse().ok().and_then(|run: usize| experiment.runs.get_mut(run));
                run.is_some_and(|run| self.write_in(&mut run.policy, rest, number))
            }
            _ => false,
        }
    }

    /// As [`Self::write`] for the rest of the way, which begins in `spec`.
    fn write_in(&self, spec: &mut Spec, rest: &[&str], number: f64) -> bool {
        let [key, rest @ ..] = rest else { return false };
        match (spec.parameters.get_mut(*key), rest, &self.parameter) {
            (Some(ParameterValue::Number(old)), [], None) => *old = number,
            (Some(ParameterValue::Numbers(list)), [index], None) => {
                return place(list.get_mut(index.parse().unwrap_or(usize::MAX)), number);
            }
            (Some(ParameterValue::Part(part)), rest, None) => return self.write_in(part, rest, number),
            (Some(ParameterValue::Text(text)), [], Some(parameter)) => match formula(&self.pointer, text) {
                Some(formula) => *text = formula.with_parameter(text, parameter, number),
                None => return false,
            },
            // An optional number that is absent.
            (None, [], None) => {
                spec.parameters.insert((*key).to_owned(), ParameterValue::Number(number));
            }
            _ => return false,
        }
        true
    }

    /// Whether only whole numbers fit there, in this complete experiment: counts and widths, such
    /// as `steps`, `seed`, `objective.hidden[0]` and `objective.data.samples`.
    #[must_use]
    pub fn is_whole(&self, experiment: &Experiment) -> bool {
        let parts: Vec<&str> = self.pointer.split('/').skip(1).collect();
        match parts[..] {
            ["version" | "steps" | "seed" | "window"]
            | ["stop", "calls"]
            | ["ensemble", "size"]
            | ["spectrum", "count" | "every"]
            | ["runs", _, "changes", _, "step"] => true,
            ["objective", key, _] if experiment.objective.part(key).name.is_empty() => {
                let description = objective::find(&experiment.objective.name).map(|entry| entry.description);
                let parameter = description.and_then(|description| description.parameter(key));
                parameter.is_some_and(|parameter| matches!(parameter.kind, ParameterKind::Widths { .. }))
            }
            ["objective", "data", key] => COUNTS_OF_DATA.contains(&key),
            _ => false,
        }
    }

    fn formula(&self, text: &str) -> Option<Formula> {
        formula(&self.pointer, text)
    }
}

/// Puts a number in its place, if there is one.
fn place(place: Option<&mut f64>, number: f64) -> bool {
    place.map(|place| *place = number).is_some()
}

/// The formula or step-size rule at a place; None for other texts.
fn formula(pointer: &str, text: &str) -> Option<Formula> {
    if !pointer.ends_with("/expression") {
        None
    } else if pointer.starts_with("/objective/") {
        Formula::parse(text).ok()
    } else {
        Formula::with_variables(text, &RULE_VARIABLES).ok()
    }
}

/// All leaves of a document, and its objects and lists.
#[derive(Default)]
struct Fields {
    numeric: Vec<Field>,

    /// The paths of what is not a number, with what it is.
    others: Vec<(String, String)>,
}

impl Fields {
    fn visit(&mut self, path: String, pointer: String, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    self.visit(path, format!("{pointer}/{key}"), value);
                }
                self.others.push((path, "an object".to_owned()));
            }
            Value::Array(list) => {
                for (i, value) in list.iter().enumerate() {
                    self.visit(format!("{path}[{i}]"), format!("{pointer}/{i}"), value);
                }
                self.others.push((path, format!("a list of {}", list.len())));
            }
            Value::Number(_) | Value::Null => self.numeric.push(Field { path, pointer, parameter: None }),
            Value::String(text) => {
                for parameter in formula(&pointer, text).iter().flat_map(|formula| &formula.parameters) {
                    let path = format!("{path}.{}", parameter.name);
                    self.numeric.push(Field {
                        path,
                        pointer: pointer.clone(),
                        parameter: Some(parameter.name.clone()),
                    });
                }
                self.others.push((path, format!("the text {value}")));
            }
            Value::Bool(_) => self.others.push((path, value.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(text: &str) -> Experiment {
        Experiment::from_json(text).expect("a valid experiment")
    }

    /// Completing adds nothing: the document reads back as the same experiment.
    #[test]
    fn a_completed_document_is_the_same_experiment() {
        for policy in policy::catalogue() {
            for objective in objective::catalogue() {
                let experiment = experiment(&format!(
                    r#"{{"version": 1, "objective": {{"name": "{}"}}, "runs": [{{"policy": {{"name": "{}"}}, "label": "a",
                        "changes": [{{"step": 3, "policy": {{"name": "polyak"}}}}]}}], "seed": 5, "stop": {{"loss": 7}}}}"#,
                    objective.description.name, policy.description.name
                ));
                let document = complete(&experiment).to_string();
                assert_eq!(Experiment::from_json(&document), Ok(experiment), "{document}");
            }
        }
    }

    #[test]
    fn every_numeric_field_can_be_set_by_its_path() {
        let experiment = experiment(
            r#"{"version": 1, "objective": {"name": "formula", "expression": "f(x, y) = a*x^2 + y^2; a = 1 [0, 2]"},
                "runs": [{"policy": {"name": "polyak"}, "changes": [{"step": 3, "policy": {"name": "constant"}}]},
                         {"policy": {"name": "expression", "expression": "c/lambda; c = 1.5"}}]}"#,
        );
        let mut document = complete(&experiment);
        for (path, number) in [
            ("steps", 12.0),
            ("stop.loss", 1e5),
            ("start[1]", -0.25),
            ("objective.expression.a", -0.75),
            ("runs[0].policy.f_star", 0.125),
            ("runs[0].changes[0].step", 4.0),
            ("runs[0].changes[0].policy.eta", 0.5),
            ("runs[1].policy.expression.c", 1.75),
        ] {
            Field::find(&document, path).expect(path).set(&mut document, number);
        }
        let changed = Experiment::from_json(&document.to_string()).expect("still valid");
        assert_eq!((changed.steps, changed.stop.loss, changed.start[1]), (12, 1e5, -0.25));
        assert_eq!(changed.objective.text("expression"), "f(x, y) = a*x^2 + y^2; a = -0.75 [0, 2]");
        assert_eq!(changed.runs[0].policy.optional("f_star"), Some(0.125));
        assert_eq!((changed.runs[0].changes[0].step, changed.runs[0].changes[0].policy.number("eta")), (4, 0.5));
        assert_eq!(changed.runs[1].policy.text("expression"), "c/lambda; c = 1.75");
    }

    const NETWORK: &str = r#"{"version": 1, "seed": 3, "runs": [{"policy": {"name": "constant"}}],
        "objective": {"name": "network", "data": {"name": "digits"}, "hidden": [9, 8]}}"#;

    #[test]
    fn a_network_s_document_is_the_same_experiment_and_has_no_start() {
        let experiment = experiment(NETWORK);
        let document = complete(&experiment);
        assert!(document.get("start").is_none());
        assert_eq!(Experiment::from_json(&document.to_string()), Ok(experiment));
    }

    #[test]
    fn the_parts_of_a_network_have_fields() {
        let before = experiment(NETWORK);
        let document = complete(&before);
        for (path, number, is_whole) in [
            ("seed", 12.0, true),
            ("objective.hidden[1]", 17.0, true),
            ("objective.data.samples", 100.0, true),
            ("objective.initialization.scale", 2.5, false),
            ("runs[0].policy.eta", 0.25, false),
            ("spectrum.tolerance", 0.125, false),
        ] {
            let field = Field::find(&document, path).expect(path);
            let mut changed = document.clone();
            field.set(&mut changed, number);
            let changed = experiment(&changed.to_string());
            assert_eq!(Field::find(&complete(&changed), path).unwrap().number(&complete(&changed)), Some(number));
            assert_eq!(field.is_whole(&before), is_whole, "{path}");
            let mut written = before.clone();
            if field.write(&mut written, number) {
                assert_eq!(written, changed, "{path}");
            } else {
                assert!(["seed", "spectrum.tolerance"].contains(&path), "{path}");
            }
        }
        let error = Field::find(&document, "objective.data.sample").unwrap_err().to_string();
        assert!(error.contains("objective.data.samples"), "{error}");
    }

    /// Writing into the experiment is writing into its document.
    #[test]
    fn both_ways_of_writing_agree() {
        for policy in policy::catalogue() {
            for objective in objective::catalogue() {
                let before = experiment(&format!(
                    r#"{{"version": 1, "objective": {{"name": "{}"}}, "runs": [{{"policy": {{"name": "polyak"}}}},
                        {{"policy": {{"name": "{}"}}, "changes": [{{"step": 3, "policy": {{"name": "constant"}}}}]}}]}}"#,
                    objective.description.name, policy.description.name
                ));
                let document = complete(&before);
                for field in Field::all(&document) {
                    let number = field.number(&document).unwrap_or(0.5);
                    let (mut written, mut text) = (before.clone(), document.clone());
                    field.set(&mut text, number);
                    if field.write(&mut written, number) {
                        assert_eq!(
                            written.complete_and_check(),
                            Experiment::from_json(&text.to_string()),
                            "{}",
                            field.path()
                        );
                    } else {
                        let is_left = field.path().contains("changes")
                            || field.path().starts_with("spectrum.")
                            || ["version", "steps", "seed", "window"].contains(&field.path());
                        assert!(is_left, "{}", field.path());
                    }
                }
            }
        }
    }
}
