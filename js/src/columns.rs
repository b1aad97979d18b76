//! Rows of a run as columns: one `Float64Array` a quantity.

use flatland_engine::{Descent, Experiment, Record, column::Column};
use js_sys::{Array, Float64Array, Object};
use wasm_bindgen::JsValue;

use crate::set;

/// The quantities of a row, as JavaScript names them, in the order in which [`Columns::push`] takes
/// them.
const NAMES: [&str; 11] = [
    "loss",
    "gradientNorm",
    "sharpness",
    "stepSize",
    "threshold",
    "product",
    "reference",
    "trials",
    "functionEvaluations",
    "gradientEvaluations",
    "hvpEvaluations",
];

/// Columns that grow row by row.
pub struct Columns {
    first: Option<u64>,
    quantities: [Vec<f64>; NAMES.len()],
    coordinates: Vec<Vec<f64>>,

    /// What the experiment asks for beyond these.
    asked: Vec<(Column, Vec<f64>)>,
}

impl Columns {
    /// Empty columns for the runs of an experiment.
    pub fn new(experiment: &Experiment) -> Self {
        Self {
            first: None,
            quantities: Default::default(),
            coordinates: vec![Vec::new(); experiment.start.len()],
            asked: experiment.columns.iter().map(|column| (*column, Vec::new())).collect(),
        }
    }

    /// Appends the row of the last record.
    pub fn push(&mut self, record: &Record, descent: &Descent) {
        self.first.get_or_insert(record.step);
        let row = [
            record.loss,
            record.gradient_norm,
            record.sharpness,
            record.step_size.unwrap_or(f64::NAN),
            record.threshold.unwrap_or(f64::NAN),
            record.step_times_sharpness().unwrap_or(f64::NAN),
            record.reference.unwrap_or(f64::NAN),
            f64::from(record.trials),
            record.evaluations.function as f64,
            record.evaluations.gradient as f64,
            record.evaluations.hvp as f64,
        ];
        for (column, value) in self.quantities.iter_mut().zip(row) {
            column.push(value);
        }
        for (column, value) in self.coordinates.iter_mut().zip(descent.iterate()) {
            column.push(*value);
        }
        for ((_, column), value) in self.asked.iter_mut().zip(descent.columns()) {
            column.push(*value);
        }
    }

    /// The columns as an object: `step` (the first row's), `rows`, the quantities by name, `x`, an
    /// array of columns, and `columns`, those that the experiment asks for, by name.
    pub fn into_object(self) -> Result<Object, JsValue> {
        let object = Object::new();
        set(&object, "step", &(self.first.unwrap_or(0) as f64).into())?;
        set(&object, "rows", &(self.quantities[0].len() as f64).into())?;
        for (name, column) in NAMES.iter().zip(&self.quantities) {
            set(&object, name, &Float64Array::from(column.as_slice()))?;
        }
        let x: Array = self.coordinates.iter().map(|column| Float64Array::from(column.as_slice())).collect();
        set(&object, "x", &x)?;
        let asked = Object::new();
        for (name, column) in &self.asked {
            set(&asked, name.name(), &Float64Array::from(column.as_slice()))?;
        }
        set(&object, "columns", &asked)?;
        Ok(object)
    }
}
