//! Recorded steps, as fast as they come: the same loop compiled for the host and for WebAssembly.

use std::hint::black_box;

use flatland_engine::{Descent, Experiment, ExperimentError};
use wasm_bindgen::prelude::*;

/// Records so many iterates of the experiment's first run, with all that is recorded in the page, and starts it again
/// whenever it ends. Returns the sum of the losses.
///
/// # Errors
///
/// If the text is not a valid experiment.
pub fn record(experiment: &str, count: u32) -> Result<f64, ExperimentError> {
    let experiment = Experiment::from_json(experiment)?;
    let mut descent = Descent::new(&experiment, 0)?;
    let mut sum = 0.0;
    let mut left = count;
    while left > 0 {
        match descent.advance() {
            Some(record) => {
                sum += black_box(record).loss;
                left -= 1;
            }
            None => descent = Descent::new(&experiment, 0)?,
        }
    }
    Ok(sum)
}

/// [`record`] for JavaScript.
///
/// # Errors
///
/// As for [`record`], as an exception.
#[wasm_bindgen(js_name = record)]
pub fn record_in_javascript(experiment: &str, count: u32) -> Result<f64, JsError> {
    Ok(record(experiment, count)?)
}
