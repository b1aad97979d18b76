//! From an experiment to text, without what equals its default.

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::{Change, EnsembleSpec, Experiment, RunSpec, Stop};
use crate::column::DEFAULT_WINDOW;
use crate::number::given;
use crate::spec::{Description, ParameterKind, ParameterValue, Spec, default};
use crate::spectrum::Precision;
use crate::{objective, policy};

pub(super) fn compact(experiment: &Experiment) -> String {
    // Maps with text keys into a string: there is nothing that could fail.
    serde_json::to_string(experiment).unwrap_or_default()
}

pub(super) fn pretty(experiment: &Experiment) -> String {
    serde_json::to_string_pretty(experiment).unwrap_or_default()
}

/// A policy's short name with the parameters that differ from their defaults, and the step size in
/// any case.
pub(super) fn title(spec: &Spec) -> String {
    let Some(description) = policy_description(spec) else {
        return spec.name.clone();
    };
    let mut title = description.short.to_owned();
    for parameter in description.parameters {
        let Some(value) = spec.parameters.get(parameter.key) else {
            continue;
        };
        if parameter.key == "eta" || Some(value) != default(parameter).as_ref() {
            let value = match value {
                ParameterValue::Number(number) => given(*number).to_string(),
                ParameterValue::Text(text) => text.clone(),
                ParameterValue::Flag(flag) => flag.to_string(),
                ParameterValue::Part(part) => part.name.clone(),
                ParameterValue::Numbers(numbers) => {
                    let numbers: Vec<_> = numbers.iter().map(|number| given(*number).to_string()).collect();
                    format!("({})", numbers.join(", "))
                }
            };
            title.push_str(&format!(" {}={value}", parameter.symbol));
        }
    }
    title
}

fn policy_description(spec: &Spec) -> Option<&'static Description> {
    Some(policy::find(&spec.name)?.description)
}

fn objective_description(spec: &Spec) -> Option<&'static Description> {
    Some(objective::find(&spec.name)?.description)
}

impl Serialize for Experiment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", &self.version)?;
        map.serialize_entry("objective", &Brief(&self.objective, objective_description(&self.objective)))?;
        if !self.start.is_empty() {
            map.serialize_entry("start", &Numbers(&self.start))?;
        }
        map.serialize_entry("runs", &self.runs)?;
        map.serialize_entry("steps", &self.steps)?;
        if self.stop != Stop::default() {
            map.serialize_entry("stop", &self.stop)?;
        }
        if let Some(ensemble) = &self.ensemble {
            map.serialize_entry("ensemble", ensemble)?;
        }
        if self.seed != 0 {
            map.serialize_entry("seed", &self.seed)?;
        }
        if !self.columns.is_empty() {
            let names: Vec<_> = self.columns.iter().map(|column| column.name()).collect();
            map.serialize_entry("columns", &names)?;
        }
        if self.spectrum != Precision::default() {
            map.serialize_entry("spectrum", &self.spectrum)?;
        }
        if self.window != DEFAULT_WINDOW {
            map.serialize_entry("window", &self.window)?;
        }
        map.end()
    }
}

impl Serialize for RunSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("policy", &Brief(&self.policy, policy_description(&self.policy)))?;
        if let Some(label) = &self.label {
            map.serialize_entry("label", label)?;
        }
        if !self.changes.is_empty() {
            map.serialize_entry("changes", &self.changes)?;
        }
        map.end()
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", &self.step)?;
        map.serialize_entry("policy", &Brief(&self.policy, policy_description(&self.policy)))?;
        map.end()
    }
}

impl Serialize for Stop {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut map, default) = (serializer.serialize_map(None)?, Self::default());
        if self.gradient_norm != default.gradient_norm {
            map.serialize_entry("gradient_norm", &Number(self.gradient_norm))?;
        }
        if self.loss != default.loss {
            map.serialize_entry("loss", &Number(self.loss))?;
        }
        if let Some(calls) = self.calls {
            map.serialize_entry("calls", &calls)?;
        }
        map.end()
    }
}

impl Serialize for Precision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut map, default) = (serializer.serialize_map(None)?, Self::default());
        if self.count != default.count {
            map.serialize_entry("count", &self.count)?;
        }
        if self.tolerance != default.tolerance {
            map.serialize_entry("tolerance", &Number(self.tolerance))?;
        }
        if self.every != default.every {
            map.serialize_entry("every", &self.every)?;
        }
        map.end()
    }
}

impl Serialize for EnsembleSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("size", &self.size)?;
        map.serialize_entry("spread", &Number(self.spread))?;
        map.end()
    }
}

/// A spec with what describes it, so that default parameters can be left out.
struct Brief<'a>(&'a Spec, Option<&'static Description>);

impl Serialize for Brief<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(spec, description) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &spec.name)?;
        for (key, value) in &spec.parameters {
            let parameter = description.and_then(|description| description.parameter(key));
            match (value, parameter.map(|parameter| parameter.kind)) {
                (ParameterValue::Part(part), Some(ParameterKind::Part { default, options })) => {
                    let description = options().into_iter().find(|option| option.name == part.name);
                    let is_default = part.name == default && description.is_some_and(|of| is_default(part, of));
                    if !is_default {
                        map.serialize_entry(key, &Brief(part, description))?;
                    }
                }
                _ if parameter.and_then(default).as_ref() == Some(value) => {}
                _ => map.serialize_entry(key, value)?,
            }
        }
        map.end()
    }
}

/// Whether all parameters of a spec are those that it would be completed to.
fn is_default(spec: &Spec, description: &Description) -> bool {
    spec.parameters.iter().all(|(key, value)| description.parameter(key).and_then(default).as_ref() == Some(value))
}

impl Serialize for ParameterValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => Number(*number).serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Numbers(numbers) => Numbers(numbers).serialize(serializer),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Part(part) => Brief(part, None).serialize(serializer),
        }
    }
}

/// A number in its shortest form: whole numbers without ".0", but for −0, which would lose its
/// sign.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.0;
        let is_short_integer =
            number.fract() == 0.0 && number.abs() < 1e15 && !(number == 0.0 && number.is_sign_negative());
        if is_short_integer { serializer.serialize_i64(number as i64) } else { serializer.serialize_f64(number) }
    }
}

struct Numbers<'a>(&'a [f64]);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().copied().map(Number))
    }
}
