//! Filling in the defaults of a spec and checking its parameters.

use std::collections::BTreeMap;

use super::error::shorten;
use super::{Bounds, Description, ErrorKind, FieldError, Order, Parameter, ParameterKind, ParameterValue, Spec};
use crate::number::exact;

type Result<T> = std::result::Result<T, FieldError>;

/// The spec of what is described with every parameter filled in, or what is wrong with it; `path`
/// is the spec's field.
pub(crate) fn complete_spec(spec: &Spec, description: &Description, path: &str) -> Result<Spec> {
    if spec.name != description.name {
        return Err(FieldError::unknown(format!("{path}.name"), "name", &spec.name, &[description.name]));
    }
    if let Some(key) = spec.parameters.keys().find(|key| description.parameter(key).is_none()) {
        let keys: Vec<_> = description.parameters.iter().map(|parameter| parameter.key).collect();
        return Err(FieldError::unknown(format!("{path}.{}", shorten(key)), "field", key, &keys));
    }
    let mut parameters = BTreeMap::new();
    for parameter in description.parameters {
        let value = spec.parameters.get(parameter.key).cloned().or_else(|| default(parameter));
        if let Some(value) = value {
            let field = format!("{path}.{}", parameter.key);
            let value = match (parameter.kind, value) {
                (ParameterKind::Part { options, .. }, ParameterValue::Part(part)) => {
                    ParameterValue::Part(complete_part(&field, &part, &options())?)
                }
                (_, value) => {
                    check_parameter(field, parameter, &value)?;
                    value
                }
            };
            parameters.insert(parameter.key.to_owned(), value);
        }
    }
    let complete = Spec { name: spec.name.clone(), parameters };
    for parameter in description.parameters {
        check_order(path, parameter, &complete, description)?;
    }
    Ok(complete)
}

/// The one of `options` that a part of a spec names, completed and checked.
fn complete_part(field: &str, part: &Spec, options: &[&'static Description]) -> Result<Spec> {
    let Some(description) = options.iter().find(|option| option.name == part.name) else {
        let names: Vec<_> = options.iter().map(|option| option.name).collect();
        return Err(FieldError::unknown(format!("{field}.name"), "name", &part.name, &names));
    };
    complete_spec(part, description, field)
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
    Err(FieldError::new(ErrorKind::Order, field, expected, exact(value).to_string(), remedy))
}

/// The value of a parameter that is left out.
pub(crate) fn default(parameter: &Parameter) -> Option<ParameterValue> {
    match parameter.kind {
        ParameterKind::Number { default, .. } => Some(default.into()),
        ParameterKind::OptionalNumber { .. } => None,
        ParameterKind::Choice { default, .. } | ParameterKind::Text { default, .. } => Some(default.into()),
        ParameterKind::Numbers { default, .. } | ParameterKind::Widths { default, .. } => Some(default.to_vec().into()),
        ParameterKind::Flag { default } => Some(default.into()),
        ParameterKind::Part { default, .. } => Some(Spec::new(default).into()),
    }
}

fn check_parameter(field: String, parameter: &Parameter, value: &ParameterValue) -> Result<()> {
    use ParameterKind::{Choice, Flag, Number, Numbers, OptionalNumber, Part, Text, Widths};
    match (parameter.kind, value) {
        (Number { bounds, .. } | OptionalNumber { bounds, .. }, &ParameterValue::Number(number)) => {
            check_number(field, bounds, number)
        }
        (Choice { options, .. }, ParameterValue::Text(text)) if options.contains(&text.as_str()) => Ok(()),
        (Choice { options, .. }, ParameterValue::Text(text)) => Err(FieldError::unknown(field, "word", text, options)),
        (Text { check, .. }, ParameterValue::Text(text)) => check(text).map_err(|(expected, found)| {
            FieldError::new(ErrorKind::Syntax { line: 1, column: 0 }, field, expected, found, "correct the text there")
        }),
        (Numbers { bounds, max_length, .. }, ParameterValue::Numbers(numbers)) => {
            check_length(&field, numbers.len(), 1, max_length)?;
            let mut numbers = numbers.iter().enumerate();
            numbers.try_for_each(|(i, &number)| check_number(format!("{field}[{i}]"), bounds, number))
        }
        (Widths { bounds, max_length, .. }, ParameterValue::Numbers(numbers)) => {
            check_length(&field, numbers.len(), 0, max_length)?;
            let mut numbers = numbers.iter().enumerate();
            numbers.try_for_each(|(i, &number)| check_whole_number(&format!("{field}[{i}]"), bounds, number))
        }
        (Flag { .. }, ParameterValue::Flag(_)) => Ok(()),
        (kind, value) => {
            let expected = match kind {
                Number { bounds, .. } | OptionalNumber { bounds, .. } => format!("a number {bounds}"),
                Choice { options, .. } => format!("one of these: {}", options.join(", ")),
                Numbers { .. } => "a list of numbers".to_owned(),
                Widths { .. } => "a list of whole numbers".to_owned(),
                Flag { .. } => "true or false".to_owned(),
                Part { default, .. } => format!("an object such as {{\"name\": \"{default}\"}}"),
                Text { default, .. } => format!("a text such as \"{default}\""),
            };
            let found = match value {
                ParameterValue::Number(number) => exact(*number).to_string(),
                ParameterValue::Text(text) => format!("the text \"{}\"", shorten(text)),
                ParameterValue::Numbers(numbers) => format!("a list of {}", numbers.len()),
                ParameterValue::Flag(flag) => flag.to_string(),
                ParameterValue::Part(part) => format!("an object with the name \"{}\"", shorten(&part.name)),
            };
            Err(FieldError::new(ErrorKind::Type, field, expected, found, "change it to that"))
        }
    }
}

pub(crate) fn check_number(field: impl Into<String>, bounds: Bounds, number: f64) -> Result<()> {
    if bounds.contains(number) { Ok(()) } else { Err(FieldError::range(field, bounds, number)) }
}

/// As [`check_number`], for a number that counts something.
pub(crate) fn check_whole_number(field: &str, bounds: Bounds, number: f64) -> Result<()> {
    check_number(field, bounds, number)?;
    if number.fract() == 0.0 {
        return Ok(());
    }
    let found = exact(number).to_string();
    Err(FieldError::new(ErrorKind::Type, field, "a whole number", found, "change it to that"))
}

pub(crate) fn check_length(field: &str, length: usize, min: usize, max: usize) -> Result<()> {
    let (kind, remedy) = match length {
        _ if length < min => (ErrorKind::Missing, "add one"),
        _ if length > max => (ErrorKind::TooLong, "remove some"),
        _ => return Ok(()),
    };
    Err(FieldError::new(kind, field, format!("{min} to {max} entries"), length.to_string(), remedy))
}
