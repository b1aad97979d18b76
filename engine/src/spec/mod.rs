//! What objectives and policies are made of in documents: a name with parameters, what its entry in
//! a catalogue says of them, and what can be wrong.
//!
//! A [`Description`] says what there is, a [`Spec`] what somebody chose, and a [`FieldError`] what
//! does not fit. Nothing here knows the catalogues: `objective`, `policy` and `experiment` stand
//! above.

mod complete;
mod description;
mod error;
mod grouped;

use std::collections::BTreeMap;

pub(crate) use complete::{check_length, check_number, check_whole_number, complete_spec, default};
pub use description::{Bounds, Description, MAX_MAGNITUDE, Order, Parameter, ParameterKind, Scale};
pub use error::{ErrorKind, FieldError};
pub(crate) use error::{MAX_COMPARED, distance, shorten};
pub(crate) use grouped::{grouped_catalogue, groups};

/// An objective or a policy by name, with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// The name in the catalogue.
    pub name: String,

    /// The parameters by key. In a checked experiment every parameter is there but the optional
    /// ones.
    pub parameters: BTreeMap<String, ParameterValue>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// A number.
    Number(f64),

    /// A word.
    Text(String),

    /// A list of numbers.
    Numbers(Vec<f64>),

    /// Yes or no.
    Flag(bool),

    /// Something with parameters of its own.
    Part(Spec),
}

impl From<bool> for ParameterValue {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<Spec> for ParameterValue {
    fn from(value: Spec) -> Self {
        Self::Part(value)
    }
}

impl From<f64> for ParameterValue {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for ParameterValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Vec<f64>> for ParameterValue {
    fn from(value: Vec<f64>) -> Self {
        Self::Numbers(value)
    }
}

impl Spec {
    /// The objective or policy with this name and its default parameters.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), parameters: BTreeMap::new() }
    }

    /// The same with one parameter set.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<ParameterValue>) -> Self {
        self.parameters.insert(key.to_owned(), value.into());
        self
    }

    /// The number in a parameter; NaN where there is none. In a checked experiment every number is
    /// there.
    #[must_use]
    pub fn number(&self, key: &str) -> f64 {
        self.optional(key).unwrap_or(f64::NAN)
    }

    /// The number in a parameter that may be absent.
    #[must_use]
    pub fn optional(&self, key: &str) -> Option<f64> {
        match self.parameters.get(key) {
            Some(&ParameterValue::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// The word in a parameter; empty where there is none.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        match self.parameters.get(key) {
            Some(ParameterValue::Text(text)) => text,
            _ => "",
        }
    }

    /// The answer in a parameter; no where there is none.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.parameters.get(key), Some(ParameterValue::Flag(true)))
    }

    /// What stands in a parameter with parameters of its own; nothing, without a name, where there
    /// is none.
    #[must_use]
    pub fn part(&self, key: &str) -> &Self {
        static NOTHING: Spec = Spec { name: String::new(), parameters: BTreeMap::new() };
        match self.parameters.get(key) {
            Some(ParameterValue::Part(spec)) => spec,
            _ => &NOTHING,
        }
    }

    /// The list in a parameter; empty where there is none.
    #[must_use]
    pub fn numbers(&self, key: &str) -> &[f64] {
        match self.parameters.get(key) {
            Some(ParameterValue::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }
}
