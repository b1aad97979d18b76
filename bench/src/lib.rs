//! Recorded steps, and the pixels of a map, as fast as they come: the same loops compiled for the host and for WebAssembly.

use std::hint::black_box;

use flatland_atlas::{Axis, Fate, Map, MapError, Measure, Plan, compute};
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
        if descent.go_on() {
            sum += black_box(descent.record()).loss;
            left -= 1;
        } else {
            descent = Descent::new(&experiment, 0)?;
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

/// Computes a map of `side` × `side` pixels over the axes `x` and `y` (`FIELD=lin:FROM:TO`) of the experiment's first run, and returns how many
/// steps its runs took. What telling chaos from slow settling takes beyond them, which only outcomes need, is not counted.
///
/// # Errors
///
/// If there is no such map.
pub fn map(experiment: &str, x: &str, y: &str, measure: &str, side: u32) -> Result<f64, MapError> {
    let experiment = Experiment::from_json(experiment)?;
    let map = Map::new(&experiment, 0, Axis::parse(x)?, Axis::parse(y)?, Measure::named(measure).unwrap_or_default())?;
    let side = side as usize;
    let points: Vec<_> =
        (0..side * side).map(|i| (map.x.at_pixel(i % side, side), map.y.at_pixel(i / side, side))).collect();
    let pixels = compute(&Plan::new(map), black_box(&points));
    let steps = pixels.iter().map(|pixel| match pixel.fate {
        Fate::Converged { steps } | Fate::Diverged { step: steps } | Fate::Stalled { step: steps } => steps,
        Fate::Undefined => 0,
        Fate::Periodic { .. } | Fate::Chaotic | Fate::Unsettled => experiment.steps,
    });
    Ok(steps.sum::<u64>() as f64)
}

/// [`map`] for JavaScript.
///
/// # Errors
///
/// As for [`map`], as an exception.
#[wasm_bindgen(js_name = map)]
pub fn map_in_javascript(experiment: &str, x: &str, y: &str, measure: &str, side: u32) -> Result<f64, JsError> {
    Ok(map(experiment, x, y, measure, side)?)
}
