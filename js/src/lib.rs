//! Flatland's engine for JavaScript.
//!
//! `run(experiment)` computes a whole experiment, `new Run(experiment, index).advance(n)` one run
//! step by step, `list()` tells what there is, `addData(name, bytes)` gives networks what they learn
//! from. Series come as `Float64Array` columns, one entry an
//! iterate; what a run does not have (η on a last row, R_k of most policies) is NaN. An invalid
//! experiment throws an `Error` whose message names the field and the remedy, with the field also
//! in its property `field`. The TypeScript types are written by hand in `types.d.ts`.

mod catalogue;
mod columns;

use flatland_engine::{
    data::shelf,
    descent::{Descent, Outcome},
    experiment::{Experiment, FieldError},
    objective,
    phase::{Event, Log},
};
use js_sys::{Array, Error, Float64Array, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::columns::Columns;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// One run of an experiment, advanced as far as is asked for.
#[wasm_bindgen(skip_typescript)]
pub struct Run {
    descent: Descent,
    log: Log,
    experiment: Experiment,
}

#[wasm_bindgen]
impl Run {
    /// Run number `index` (0 if left out) of an experiment, given as an object or as JSON text.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid or has no such run.
    #[wasm_bindgen(constructor)]
    pub fn new(experiment: &JsValue, index: Option<u32>) -> Result<Self, JsValue> {
        let experiment = read(experiment)?;
        let descent = Descent::new(&experiment, index.unwrap_or(0) as usize).map_err(|error| thrown(&error))?;
        let log = Log::new(descent.sketch().len());
        Ok(Self { descent, log, experiment })
    }

    /// Computes up to `rows` further iterates and returns their columns; they are shorter, or
    /// empty, once the run has ended.
    pub fn advance(&mut self, rows: u32) -> Result<Object, JsValue> {
        let mut columns = Columns::new(&self.experiment);
        for _ in 0..rows {
            let Some(record) = self.descent.advance() else { break };
            self.log.see(&record, self.descent.sketch(), self.descent.outcome());
            columns.push(&record, &self.descent);
        }
        columns.into_object()
    }

    /// What has happened so far: crossings of the threshold and changes of phase, each with its
    /// step and the values there.
    #[wasm_bindgen(getter)]
    pub fn events(&self) -> Result<Array, JsValue> {
        event_list(self.log.events())
    }

    /// The iterate of the last row: all variables, or all weights and biases of a network.
    #[wasm_bindgen(getter)]
    pub fn iterate(&self) -> Float64Array {
        self.descent.iterate().into()
    }

    /// How the run ended; `undefined` while it goes on.
    #[wasm_bindgen(getter)]
    pub fn outcome(&self) -> Result<JsValue, JsValue> {
        self.descent.outcome().map_or(Ok(JsValue::UNDEFINED), |outcome| outcome_object(outcome).map(JsValue::from))
    }
}

/// Computes a whole experiment, given as an object or as JSON text.
///
/// # Errors
///
/// If the experiment is not valid.
#[wasm_bindgen(skip_typescript)]
pub fn run(experiment: &JsValue) -> Result<Object, JsValue> {
    let experiment = read(experiment)?;
    let runs = Array::new();
    for (index, spec) in experiment.runs.iter().enumerate() {
        let mut descent = Descent::new(&experiment, index).map_err(|error| thrown(&error))?;
        let mut columns = Columns::new(&experiment);
        let mut log = Log::new(descent.sketch().len());
        while let Some(record) = descent.advance() {
            log.see(&record, descent.sketch(), descent.outcome());
            columns.push(&record, &descent);
        }
        let object = columns.into_object()?;
        set(&object, "title", &spec.title().into())?;
        set(&object, "events", &event_list(log.events())?.into())?;
        if let Some(outcome) = descent.outcome() {
            set(&object, "outcome", &outcome_object(outcome)?.into())?;
        }
        runs.push(&object);
    }
    let result = Object::new();
    set(&result, "experiment", &JSON::parse(&experiment.to_json())?)?;
    set(&result, "runs", &runs)?;
    Ok(result)
}

/// The objectives and policies with their parameters.
///
/// # Errors
///
/// None that a caller can cause.
#[wasm_bindgen(skip_typescript)]
pub fn list() -> Result<JsValue, JsValue> {
    catalogue::list()
}

/// Keeps a file that networks learn from: a shipped one under its name in the catalogue's `files`, a
/// file of one's own under its SHA-256 or its path, as the experiment names it.
///
/// # Errors
///
/// If the bytes are not those that the name stands for.
#[wasm_bindgen(js_name = addData, skip_typescript)]
pub fn add_data(name: &str, bytes: Vec<u8>) -> Result<(), JsValue> {
    shelf::put(name, bytes).map_err(|error| Error::new(&error.to_string()).into())
}

/// An experiment, whose formula is compiled should it run long.
fn read(experiment: &JsValue) -> Result<Experiment, JsValue> {
    flatland_compiler::install();
    objective::install_networks();
    let json = match experiment.as_string() {
        Some(json) => json,
        None => JSON::stringify(experiment)?.as_string().ok_or_else(|| {
            Error::new("expected an experiment, as an object or as JSON text; found something that is neither")
        })?,
    };
    Experiment::from_json(&json).map_err(|error| thrown(&error))
}

/// The engine's error as JavaScript's.
fn thrown(error: &FieldError) -> JsValue {
    let thrown = Error::new(&error.to_string());
    // A property can always be set on a fresh error.
    let _ = Reflect::set(&thrown, &"field".into(), &error.field.as_str().into());
    thrown.into()
}

fn event_list(events: &[Event]) -> Result<Array, JsValue> {
    let list = Array::new();
    for event in events {
        let object = Object::new();
        let number = |value: Option<f64>| value.map_or(JsValue::NULL, JsValue::from);
        set(&object, "step", &(event.step as f64).into())?;
        set(&object, "event", &event.kind.words().into())?;
        set(&object, "loss", &event.loss.into())?;
        set(&object, "sharpness", &event.sharpness.into())?;
        set(&object, "stepSize", &number(event.step_size))?;
        set(&object, "product", &number(event.product))?;
        list.push(&object);
    }
    Ok(list)
}

fn outcome_object(outcome: &Outcome) -> Result<Object, JsValue> {
    let object = Object::new();
    set(&object, "kind", &outcome.name().into())?;
    if let Some(limit) = outcome.limit() {
        set(&object, "limit", &limit.name().into())?;
    }
    set(&object, "step", &(outcome.step() as f64).into())?;
    set(&object, "sentence", &outcome.to_string().into())?;
    Ok(object)
}

fn set(object: &Object, key: &str, value: &JsValue) -> Result<(), JsValue> {
    Reflect::set(object, &key.into(), value).map(|_| ())
}
