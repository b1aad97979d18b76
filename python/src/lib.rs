//! The compiled part of the Python package `flatland`: experiments in, columns out.
//!
//! It takes documents as text and gives out [`table::Table`]s, whose columns NumPy and Arrow read
//! where they are. Everything that a person calls is Python, in `python/flatland/`. The engine
//! computes while other Python threads run; an interrupt (Ctrl+C) is heard meanwhile.

mod atlas;
mod column;
mod diagram;
mod errors;
mod objective;
mod patience;
mod read;
mod run;
mod series;
mod sweep;
mod table;

use pyo3::prelude::*;

/// The module `flatland._engine`.
#[pymodule]
mod _engine {
    use super::*;
    #[pymodule_export]
    use crate::atlas::{Map, atlas};
    #[pymodule_export]
    use crate::column::Column;
    #[pymodule_export]
    use crate::diagram::{Diagram, bifurcation};
    #[pymodule_export]
    use crate::read::{catalogue, check, decode_link, encode_link, read, titles};
    #[pymodule_export]
    use crate::run::{Recorded, run};
    #[pymodule_export]
    use crate::sweep::{Grid, count_rows, put_file, read_parts, sealed};
    #[pymodule_export]
    use crate::table::Table;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
