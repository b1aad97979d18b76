//! Filling in defaults and checking ranges.

use std::collections::BTreeMap;

use super::error::{ErrorKind, ExperimentError, shorten};
use super::{
    Change, EnsembleSpec, Experiment, MAX_CHANGES, MAX_ENSEMBLE, MAX_LABEL_LENGTH, MAX_RUNS, MAX_SEED, MAX_STEPS,
    ParameterValue, RunSpec, Spec, VERSION,
};
use crate::descent::Column;
use crate::description::{Bounds, Description, Order, Parameter, ParameterKind};
use crate::number::exact;
use crate::{objective, policy};

type Result<T> = std::result::Result<T, ExperimentError>;

pub(super) fn complete_and_check(experiment: Experiment) -> Result<Experiment> {
    let Experiment { version, objective, mut start, runs, steps, stop, ensemble, seed, columns, window } = experiment;
    if version != VERSION {
        let remedy = format!("this engine writes version {VERSION}");
        let (expected, found) = (VERSION.to_string(), version.to_string());
        return Err(ExperimentError::new(ErrorKind::Version, "version", expected, found, remedy));
    }
    let entry = objective_entry(&objective)?;
    let objective = complete_spec(&objective, entry.description, "objective")?;
    if start.is_empty() {
        start = entry.start_for(&objective);
    }
    entry.check_dimension(&objective, start.len())?;
    for (i, &x) in start.iter().enumerate() {
        check_number(format!("start[{i}]"), Bounds::ANY, x)?;
    }
    check_length("runs", runs.len(), 1, MAX_RUNS)?;
    let complete = |(i, run)| complete_run(&format!("runs[{i}]"), run);
    let runs = runs.into_iter().enumerate().map(complete).collect::<Result<_>>()?;
    check_number("steps", Bounds::closed(0.0, MAX_STEPS as f64), steps as f64)?;
    check_number("stop.gradient_norm", Bounds::NONNEGATIVE, stop.gradient_norm)?;
    // A loss may grow to any finite number before it counts as diverged.
    check_number("stop.loss", Bounds::above(0.0, f64::MAX), stop.loss)?;
    if let Some(calls) = stop.calls {
        check_number("stop.calls", Bounds::closed(1.0, MAX_SEED as f64), calls as f64)?;
    }
    if let Some(EnsembleSpec { size, spread }) = ensemble {
        check_number("ensemble.size", Bounds::closed(2.0, MAX_ENSEMBLE as f64), size as f64)?;
        check_number("ensemble.spread", Bounds::POSITIVE, spread)?;
    }
    check_number("seed", Bounds::closed(0.0, MAX_SEED as f64), seed as f64)?;
    if let Some((_, twice)) = columns.iter().enumerate().find(|(i, column)| columns[..*i].contains(column)) {
        let expected = "each column once";
        let found = format!("\"{}\" twice", twice.name());
        return Err(ExperimentError::new(ErrorKind::Duplicate, "columns", expected, found, "remove one of them"));
    }
    let columns = Column::ALL.into_iter().filter(|column| columns.contains(column)).collect();
    check_number("window", Bounds::closed(0.0, MAX_STEPS as f64), window as f64)?;
    Ok(Experiment { version, objective, start, runs, steps, stop, ensemble, seed, columns, window })
}

fn complete_run(path: &str, run: RunSpec) -> Result<RunSpec> {
    let RunSpec { policy, label, changes } = run;
    let policy = complete_policy(&format!("{path}.policy"), &policy)?;
    if let Some(label) = &label {
        let field = format!("{path}.label");
        check_length(&field, label.chars().count(), 1, MAX_LABEL_LENGTH)?;
    }
    let field = format!("{path}.changes");
    check_length(&field, changes.len(), 0, MAX_CHANGES)?;
    let mut last = 0;
    let complete = |(i, change): (usize, Change)| {
        let field = format!("{field}[{i}]");
        if change.step <= last {
            let (expected, found) = (format!("a step after {last}"), change.step.to_string());
            let remedy = "put the changes in the order of their steps";
            return Err(ExperimentError::new(ErrorKind::Order, format!("{field}.step"), expected, found, remedy));
        }
        check_number(format!("{field}.step"), Bounds::closed(1.0, MAX_STEPS as f64), change.step as f64)?;
        last = change.step;
        Ok(Change { step: change.step, policy: complete_policy(&format!("{field}.policy"), &change.policy)? })
    };
    let changes = changes.into_iter().enumerate().map(complete).collect::<Result<_>>()?;
    Ok(RunSpec { policy, label, changes })
}

/// The catalogue's entry for an objective.
pub(super) fn objective_entry(spec: &Spec) -> Result<&'static objective::Entry> {
    objective::find(&spec.name).ok_or_else(|| ExperimentError::unknown_objective("objective.name", &spec.name))
}

fn complete_policy(path: &str, spec: &Spec) -> Result<Spec> {
    let entry =
        policy::find(&spec.name).ok_or_else(|| ExperimentError::unknown_policy(format!("{path}.name"), &spec.name))?;
    complete_spec(spec, entry.description, path)
}

/// The spec of what is described with every parameter filled in, or what is wrong with it; `path` is the spec's field.
pub(crate) fn complete_spec(spec: &Spec, description: &Description, path: &str) -> Result<Spec> {
    if spec.name != description.name {
        return Err(ExperimentError::unknown(format!("{path}.name"), "name", &spec.name, &[description.name]));
    }
    if let Some(key) = spec.parameters.keys().find(|key| description.parameter(key).is_none()) {
        let keys: Vec<_> = description.parameters.iter().map(|parameter| parameter.key).collect();
        return Err(ExperimentError::unknown(format!("{path}.{}", shorten(key)), "field", key, &keys));
    }
    let mut parameters = BTreeMap::new();
    for parameter in description.parameters {
        let value = spec.parameters.get(parameter.key).cloned().or_else(|| default(parameter));
        if let Some(value) = value {
            check_parameter(format!("{path}.{}", parameter.key), parameter, &value)?;
            parameters.insert(parameter.key.to_owned(), value);
        }
    }
    let complete = Spec { name: spec.name.clone(), parameters };
    for parameter in description.parameters {
        check_order(path, parameter, &complete, description)?;
    }
    Ok(complete)
}

/// Whether a number is in order with the one that it must not exceed.
fn check_order(path: &str, parameter: &Parameter, spec: &Spec, description: &Description) -> Result<()> {
    let Some(Order { key, is_strict }) = parameter.order else { return Ok(()) };
    let (value, limit) = (spec.number(parameter.key), spec.number(key));
    if if is_strict { value < limit } else { value <= limit } {
        return Ok(());
    }
    let symbol = description.parameter(key).map_or(key, |other| other.symbol);
    let relation = if is_strict { "below" } else { "at most" };
    let expected = format!("a number {relation} {key} = {}", exact(limit));
    let remedy = format!("make {} {} than {symbol}", parameter.symbol, if is_strict { "smaller" } else { "no larger" });
    let field = format!("{path}.{}", parameter.key);
    Err(ExperimentError::new(ErrorKind::Order, field, expected, exact(value).to_string(), remedy))
}

/// The value of a parameter that is left out.
pub(super) fn default(parameter: &Parameter) -> Option<ParameterValue> {
    match parameter.kind {
        ParameterKind::Number { default, .. } => Some(default.into()),
        ParameterKind::OptionalNumber { .. } => None,
        ParameterKind::Choice { default, .. } | ParameterKind::Text { default, .. } => Some(default.into()),
        ParameterKind::Numbers { default, .. } => Some(default.to_vec().into()),
    }
}

fn check_parameter(field: String, parameter: &Parameter, value: &ParameterValue) -> Result<()> {
    use ParameterKind::{Choice, Number, Numbers, OptionalNumber, Text};
    match (parameter.kind, value) {
        (Number { bounds, .. } | OptionalNumber { bounds, .. }, &ParameterValue::Number(number)) => {
            check_number(field, bounds, number)
        }
        (Choice { options, .. }, ParameterValue::Text(text)) if options.contains(&text.as_str()) => Ok(()),
        (Choice { options, .. }, ParameterValue::Text(text)) => {
            Err(ExperimentError::unknown(field, "word", text, options))
        }
        (Text { check, .. }, ParameterValue::Text(text)) => check(text).map_err(|(expected, found)| {
            ExperimentError::new(
                ErrorKind::Syntax { line: 1, column: 0 },
                field,
                expected,
                found,
                "correct the text there",
            )
        }),
        (Numbers { bounds, max_length, .. }, ParameterValue::Numbers(numbers)) => {
            check_length(&field, numbers.len(), 1, max_length)?;
            let mut numbers = numbers.iter().enumerate();
            numbers.try_for_each(|(i, &number)| check_number(format!("{field}[{i}]"), bounds, number))
        }
        (kind, value) => {
            let expected = match kind {
                Number { bounds, .. } | OptionalNumber { bounds, .. } => format!("a number {bounds}"),
                Choice { options, .. } => format!("one of these: {}", options.join(", ")),
                Numbers { .. } => "a list of numbers".to_owned(),
                Text { default, .. } => format!("a text such as \"{default}\""),
            };
            let found = match value {
                ParameterValue::Number(number) => exact(*number).to_string(),
                ParameterValue::Text(text) => format!("the text \"{}\"", shorten(text)),
                ParameterValue::Numbers(numbers) => format!("a list of {}", numbers.len()),
            };
            Err(ExperimentError::new(ErrorKind::Type, field, expected, found, "change it to that"))
        }
    }
}

fn check_number(field: impl Into<String>, bounds: Bounds, number: f64) -> Result<()> {
    if bounds.contains(number) { Ok(()) } else { Err(ExperimentError::range(field, bounds, number)) }
}

fn check_length(field: &str, length: usize, min: usize, max: usize) -> Result<()> {
    let (kind, remedy) = match length {
        _ if length < min => (ErrorKind::Missing, "add one"),
        _ if length > max => (ErrorKind::TooLong, "remove some"),
        _ => return Ok(()),
    };
    Err(ExperimentError::new(kind, field, format!("{min} to {max} entries"), length.to_string(), remedy))
}
