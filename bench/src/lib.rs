//! Recorded steps, evaluations of objectives, and the pixels of a map, as fast as they come: the
//! same loops compiled for the host and for WebAssembly.

pub mod products;

use std::hint::black_box;

use flatland_atlas::{Axis, Fate, Map, MapError, Measure, Plan, compute};
use flatland_engine::data::shelf;
use flatland_engine::{Descent, Experiment, FieldError, objective};
use nalgebra::{DMatrix, DVector};
use wasm_bindgen::prelude::*;

/// The experiment, with the files at hand that it may need.
fn read(experiment: &str) -> Result<Experiment, FieldError> {
    objective::install_networks();
    if shelf::get("digits").is_none() {
        let digits = include_bytes!("../../static/data/digits.csv.gz");
        shelf::put("digits", digits.to_vec()).expect("the file that comes with the source");
    }
    Experiment::from_json(experiment)
}

/// Records so many iterates of the experiment's first run, with all that is recorded in the page,
/// and starts it again whenever it ends. Returns the sum of the losses.
///
/// # Errors
///
/// If the text is not a valid experiment.
pub fn record(experiment: &str, count: u32) -> Result<f64, FieldError> {
    let experiment = read(experiment)?;
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

/// What a network of the experiment's is made of, for an implementation of somebody else's: the
/// weights at its start.
///
/// # Errors
///
/// If the text is not a valid experiment.
#[wasm_bindgen]
pub fn weights(experiment: &str) -> Result<Vec<f64>, JsError> {
    Ok(Descent::new(&read(experiment)?, 0)?.iterate().to_vec())
}

/// The training samples of the experiment's network: the inputs, then the targets, feature by
/// feature.
///
/// # Errors
///
/// If the text is not a valid experiment.
#[wasm_bindgen]
pub fn samples(experiment: &str) -> Result<Vec<f64>, JsError> {
    let objective = read(experiment)?.build_objective()?;
    let train = objective.as_network().map(|network| &network.data().train);
    Ok(train.map_or(Vec::new(), |train| [&train.inputs[..], &train.targets[..]].concat()))
}

/// What [`evaluate`] asks for at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// f.
    Value,

    /// f, then ∇f.
    ValueAndGradient,

    /// λ₁.
    Sharpness,

    /// f, ∇f and λ₁ in one go, as descent does at every iterate.
    Iterate,
}

impl Asked {
    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "value" => Some(Self::Value),
            "value and gradient" => Some(Self::ValueAndGradient),
            "sharpness" => Some(Self::Sharpness),
            "iterate" => Some(Self::Iterate),
            _ => None,
        }
    }
}

/// Evaluates the experiment's objective at so many points of [−1, 1]ⁿ, no two in a row alike, and
/// returns the sum of what it finds.
///
/// # Errors
///
/// If the text is not a valid experiment.
pub fn evaluate(experiment: &str, asked: Asked, count: u32) -> Result<f64, FieldError> {
    let experiment = Experiment::from_json(experiment)?;
    let objective = experiment.build_objective()?;
    let n = objective.dimension();
    // Points along a line of irrational slope.
    let coordinate = |i: usize, j: usize| 2.0 * (0.618_034 * i as f64 + 0.414_214 * j as f64).fract() - 1.0;
    let points: Vec<_> = (0..256).map(|i| DVector::from_fn(n, |j, _| coordinate(i, j + 1))).collect();
    let (mut gradient, mut hessian) = (DVector::zeros(n), DMatrix::zeros(n, n));
    let mut sum = 0.0;
    for x in points.iter().cycle().take(count as usize) {
        let x = black_box(x);
        sum += match asked {
            Asked::Value => objective.value(x),
            Asked::ValueAndGradient => {
                let value = objective.value(x);
                objective.gradient(x, &mut gradient);
                value + gradient[0]
            }
            Asked::Sharpness => objective.sharpness(x, &mut hessian),
            Asked::Iterate => {
                let (value, sharpness) = objective.measure(x, &mut gradient, Some(&mut hessian));
                value + gradient[0] + sharpness
            }
        };
    }
    Ok(sum)
}

/// Typed formulas are compiled, as they are in the page.
#[wasm_bindgen(start)]
pub fn start() {
    flatland_compiler::install();
}

/// [`evaluate`] for JavaScript.
///
/// # Errors
///
/// As for [`evaluate`], as an exception; or if there is nothing of the name `asked`.
#[wasm_bindgen(js_name = evaluate)]
pub fn evaluate_in_javascript(experiment: &str, asked: &str, count: u32) -> Result<f64, JsError> {
    let asked = Asked::named(asked).ok_or_else(|| JsError::new("no such evaluation"))?;
    Ok(evaluate(experiment, asked, count)?)
}

/// Computes a map of `side` × `side` pixels over the axes `x` and `y` (`FIELD=lin:FROM:TO`) of the
/// experiment's first run, and returns how many steps its runs took. What telling chaos from slow
/// settling takes beyond them, which only outcomes need, is not counted.
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

/// [`products::multiply`] for JavaScript.
///
/// # Errors
///
/// As for [`products::multiply`], as an exception.
#[wasm_bindgen(js_name = multiply)]
pub fn multiply_in_javascript(who: &str, rows: u32, inner: u32, columns: u32, count: u32) -> Result<f64, JsError> {
    products::multiply(who, rows, inner, columns, count).map_err(|error| JsError::new(&error))
}
