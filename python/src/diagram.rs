//! `flatland.bifurcation`: where the last iterates are, over a number of the experiment.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use flatland_atlas::bifurcation::{Column as Marks, Diagram as Plan, Quantity};
use flatland_atlas::{Axis, MapError};
use flatland_host::{diagram, document};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::atlas::check_size;
use crate::column::{Column, Values};
use crate::errors::Raise as _;
use crate::patience::interruptible;
use crate::read::experiment;

/// A diagram whose columns are all known.
#[pyclass(frozen, module = "flatland._engine")]
pub struct Diagram {
    plan: Plan,
    columns: Vec<Marks>,
    rows: usize,
}

#[pymethods]
impl Diagram {
    /// The ends of the range upwards.
    #[getter]
    fn range(&self) -> (f64, f64) {
        (self.plan.low, self.plan.high)
    }

    /// The values across.
    fn across(&self) -> Column {
        let columns = self.columns.len();
        let values: Vec<_> = (0..columns).map(|column| self.plan.x.at_pixel(column, columns)).collect();
        Column(Values::from(values))
    }

    /// How often each pixel was hit, row by row from the top.
    fn hits(&self) -> Column {
        Column(Values::from(self.by_rows().map(f64::from).collect::<Vec<_>>()))
    }

    /// Whether the run of each column diverged.
    fn diverged(&self) -> Vec<bool> {
        self.columns.iter().map(|column| column.has_diverged).collect()
    }

    /// The colors of the page, four bytes a pixel, row by row from the top; transparent where no
    /// iterate came by.
    fn rgba<'py>(&self, py: Python<'py>, is_dark: bool) -> Bound<'py, PyBytes> {
        let color = |hits| self.plan.shade(hits, is_dark).map_or([0; 4], |[red, green, blue]| [red, green, blue, 255]);
        PyBytes::new(py, &self.by_rows().flat_map(color).collect::<Vec<u8>>())
    }
}

impl Diagram {
    fn by_rows(&self) -> impl Iterator<Item = u32> {
        (0..self.rows).flat_map(|row| self.columns.iter().map(move |column| column.hits[row]))
    }
}

/// Computes a diagram of run number `index` over `x`, `FIELD=lin:FROM:TO` or `FIELD=log:FROM:TO`,
/// with `quantity` upwards. Files are looked for relative to `folder`.
#[pyfunction]
#[pyo3(signature = (document, index, x, quantity, up, iterates, size, folder))]
#[allow(clippy::too_many_arguments, reason = "one for each keyword of the function in Python")]
pub fn bifurcation(
    py: Python<'_>,
    document: &str,
    index: usize,
    x: &str,
    quantity: &str,
    up: (f64, f64),
    iterates: u64,
    size: (usize, usize),
    folder: PathBuf,
) -> PyResult<Diagram> {
    let experiment = experiment(document, None)?;
    document::fetch_data(&experiment, &folder).map_err(|error| error.raise())?;
    let plan = || -> Result<_, MapError> {
        check_size(size)?;
        let quantity = Quantity::named(quantity, experiment.start.len())?;
        Plan::new(&experiment, index, Axis::parse(x)?, quantity, up, iterates)
    };
    let plan = plan().map_err(|error| error.raise())?;
    let columns = interruptible(py, |is_over| diagram::compute(&plan, size, || !is_over.load(Ordering::Relaxed)))?;
    Ok(Diagram { plan, columns, rows: size.1 })
}
