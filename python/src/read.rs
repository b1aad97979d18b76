//! Documents, links and catalogues.

use std::path::PathBuf;

use flatland_engine::Experiment;
use flatland_engine::experiment::link;
use flatland_host::{catalogue as catalogues, document};
use pyo3::prelude::*;

use crate::errors::Raise as _;

/// An experiment from its document; with the start beside it where the objective is given as a
/// function, which the document then does not name.
pub fn experiment(document: &str, start: Option<Vec<f64>>) -> PyResult<Experiment> {
    match start {
        None => Experiment::from_json(document),
        Some(start) => Experiment::from_json_given(document, start),
    }
    .map_err(|error| error.raise())
}

/// Completes a document and checks it; with a start, its objective is a function.
#[pyfunction]
#[pyo3(signature = (document, start=None))]
pub fn check(document: &str, start: Option<Vec<f64>>) -> PyResult<String> {
    Ok(experiment(document, start)?.to_json())
}

/// The titles of the runs, as legends show them.
#[pyfunction]
#[pyo3(signature = (document, start=None))]
pub fn titles(document: &str, start: Option<Vec<f64>>) -> PyResult<Vec<String>> {
    Ok(experiment(document, start)?.runs.iter().map(|run| run.title()).collect())
}

/// The experiment's document in a file.
#[pyfunction]
pub fn read(path: PathBuf) -> PyResult<String> {
    Ok(document::read(&path).map_err(|error| error.raise())?.to_json())
}

/// The experiment's document in a text with a link, and what was ignored or mended.
#[pyfunction]
pub fn decode_link(text: &str) -> PyResult<(String, Vec<String>)> {
    let fragment = link::find(text).unwrap_or(text);
    let mut notices = Vec::new();
    // How the page shows it is of no concern.
    let experiment = link::decode(fragment, &mut notices, |_, _, _| {}).map_err(|error| error.raise())?;
    Ok((experiment.to_json(), notices))
}

/// The fragment of a link to an experiment.
#[pyfunction]
pub fn encode_link(document: &str) -> PyResult<String> {
    Ok(link::encode(&experiment(document, None)?))
}

/// The catalogues as JSON.
#[pyfunction]
pub fn catalogue() -> String {
    catalogues::document().to_string()
}
