//! What the page's worker for exports calls. Errors are sentences for the person.

use flatland_engine::Experiment;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{csv, pgfplots, python, scores, words};

fn read(experiment: &str) -> Result<Experiment, String> {
    Experiment::from_json(experiment).map_err(|error| error.to_string())
}

/// The table of every step, piece by piece.
#[wasm_bindgen]
pub struct Table(csv::Table);

#[wasm_bindgen]
impl Table {
    /// The table of an experiment's document.
    ///
    /// # Errors
    ///
    /// If the document is not valid.
    #[wasm_bindgen(constructor)]
    pub fn new(experiment: &str) -> Result<Self, String> {
        csv::Table::new(read(experiment)?).map(Self).map_err(|error| error.to_string())
    }

    /// The next `rows` rows at the most, as UTF-8; nothing when there are no more.
    ///
    /// # Errors
    ///
    /// Never for a table that could be made.
    pub fn piece(&mut self, rows: usize) -> Result<Option<Vec<u8>>, String> {
        self.0.piece(rows).map_err(|error| error.to_string())
    }

    /// Rows written so far.
    #[wasm_bindgen(getter)]
    pub fn rows(&self) -> f64 {
        self.0.rows() as f64
    }
}

/// Run number `run` as a NumPy script.
///
/// # Errors
///
/// If the document is not valid or has no such run.
#[wasm_bindgen]
pub fn python(experiment: &str, run: usize, link: &str) -> Result<String, String> {
    python::script(&read(experiment)?, run, link).map_err(|error| error.to_string())
}

/// Every run up to a step as tables for pgfplots, with an example.
///
/// # Errors
///
/// If the document is not valid.
#[wasm_bindgen]
pub fn pgfplots(experiment: &str, last_step: f64, link: &str) -> Result<String, String> {
    pgfplots::tables(&read(experiment)?, last_step as u64, link).map_err(|error| error.to_string())
}

/// The scores of every run over the starts of an ensemble up to a step: for each run and column
/// the lower quartile, the median and the upper quartile; NaN is what does not exist.
///
/// # Errors
///
/// If the document is not valid.
#[wasm_bindgen]
pub fn scores(experiment: &str, last_step: f64, levels: &[f64], floor: f64) -> Result<Vec<f64>, String> {
    let quartiles = scores::quartiles(&read(experiment)?, last_step as u64, levels, floor);
    let quartiles = quartiles.map_err(|error| error.to_string())?;
    Ok(quartiles.into_iter().flat_map(|quartiles| quartiles.to_array()).collect())
}

/// Parameters, start and budget in one line.
///
/// # Errors
///
/// If the document is not valid.
#[wasm_bindgen]
pub fn setting(experiment: &str) -> Result<String, String> {
    read(experiment).map(|experiment| words::setting(&experiment))
}
