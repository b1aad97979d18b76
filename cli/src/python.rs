//! `flatland python`.

use std::io::{self, Write};
use std::path::Path;

use flatland_export::python::script;
use flatland_host::document::read;

use crate::Failure;

/// Prints run number `run` of the experiment in `file` as a script.
pub fn python(file: &Path, run: usize) -> Result<(), Failure> {
    let experiment = read(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let script = script(&experiment, run, &format!("Made by: flatland python {name} --run {run}"))?;
    Ok(io::stdout().lock().write_all(script.as_bytes())?)
}
