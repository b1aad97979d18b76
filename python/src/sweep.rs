//! `flatland.sweep`: an experiment on every point of a grid, all of it or a part.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use flatland_engine::data::shelf;
use flatland_host::document;
use flatland_host::sweep::parquet::{self, Metadata};
use flatland_host::sweep::{self as sweeps, Axis, POINT, Points, Rows, SweepError, schema};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::errors::{Raise as _, os_error};
use crate::patience::interruptible;
use crate::read::experiment;
use crate::table::Table;

/// The most points that are computed to learn how long one takes.
const SAMPLE: usize = 256;

/// The values of an axis.
#[derive(FromPyObject)]
pub enum Range {
    /// `log:0.01:2:50`, as the command line takes it.
    Text(String),

    /// One by one.
    List(Vec<f64>),
}

impl Range {
    fn axis(&self, path: String) -> Result<Axis, SweepError> {
        match self {
            Self::Text(text) => Axis::parse(&format!("{path}={text}")),
            Self::List(values) => Axis::listed(path, values.clone()),
        }
    }

    /// As people type it, with the path.
    fn told(&self, path: &str) -> String {
        match self {
            Self::Text(text) => format!("{path}={text}"),
            Self::List(values) => {
                let values: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
                format!("{path}={}", values.join(","))
            }
        }
    }
}

/// Files by their names.
type Files<'py> = Vec<(String, Bound<'py, PyBytes>)>;

/// An experiment's document that needs no folder, and the files of data that it needs besides those
/// that every Flatland has: their content, by the names that the document now has for them. They are
/// where this process's engine finds them.
#[pyfunction]
pub fn sealed<'py>(py: Python<'py>, document: &str, folder: PathBuf) -> PyResult<(String, Files<'py>)> {
    let experiment = experiment(document, None)?;
    let sealed = py.detach(|| document::sealed(&experiment, &folder)).map_err(|error| error.raise())?;
    let files = sealed.files.into_iter().map(|(name, content)| (name, PyBytes::new(py, &content)));
    Ok((sealed.experiment.to_json(), files.collect()))
}

/// Puts a file of data where this process's engine finds it.
#[pyfunction]
pub fn put_file(name: &str, content: &[u8]) -> PyResult<()> {
    shelf::put(name, content.to_vec()).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The points of a sweep, in their order, the last axis varying fastest.
#[pyclass(frozen, module = "flatland._engine")]
pub struct Grid {
    grid: sweeps::Grid,
    schema: SchemaRef,
    /// The axes as people type them.
    over: Vec<String>,

    /// The rows of each point.
    #[pyo3(get)]
    runs: usize,
}

#[pymethods]
impl Grid {
    /// The grid of a [`sealed`] document over some axes. Where another process has made the same grid,
    /// `is_checked`, its values are not looked at again.
    #[new]
    fn new(py: Python<'_>, document: &str, over: Vec<(String, Range)>, is_checked: bool) -> PyResult<Self> {
        let experiment = experiment(document, None)?;
        // Of a sealed document these come with the package.
        document::fetch_data(&experiment, "".as_ref()).map_err(|error| error.raise())?;
        let axes: Result<Vec<_>, _> = over.iter().map(|(path, range)| range.axis(path.clone())).collect();
        let axes = axes.map_err(|error| error.raise())?;
        let make = if is_checked { sweeps::Grid::checked_before } else { sweeps::Grid::new };
        let grid = py.detach(|| make(&experiment, axes)).map_err(|error| error.raise())?;
        Ok(Self {
            schema: schema(&grid),
            grid,
            over: over.iter().map(|(path, range)| range.told(path)).collect(),
            runs: experiment.runs.len(),
        })
    }

    fn __len__(&self) -> usize {
        self.grid.len()
    }

    /// The SHA-256 of what the rows are rows of.
    fn digest(&self, py: Python<'_>) -> String {
        py.detach(|| shelf::sha256(self.grid.identity().to_string().as_bytes()))
    }

    /// The rows of all points, computed on all cores.
    fn table(&self, py: Python<'_>) -> PyResult<Table> {
        let batch = self.compute(py, Points::stretch(0, self.grid.len()), false)?;
        Ok(Table::of_batches(&[batch], POINT))
    }

    /// The rows of `count` points from the one numbered `first`, as a Parquet file; computed on all
    /// cores, or on one.
    fn part<'py>(&self, py: Python<'py>, first: usize, count: usize, on_one: bool) -> PyResult<Bound<'py, PyBytes>> {
        let batch = self.compute(py, Points::stretch(first, count), on_one)?;
        let file = py.detach(|| {
            let mut file = Vec::new();
            let metadata = Metadata::new(&self.grid, &self.over, None);
            parquet::write(&mut file, &self.schema, &metadata, [Ok(batch)]).map(|()| file)
        });
        file.map(|file| PyBytes::new(py, &file)).map_err(|error| os_error("write the rows", &error))
    }

    /// How many seconds a core takes for a point, from points all over the grid; so many that they
    /// take about `seconds`, but at least one.
    fn seconds_per_point(&self, py: Python<'_>, seconds: f64) -> PyResult<f64> {
        let limit = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let measured = interruptible(py, |is_over| {
            let begun = Instant::now();
            let mut count = 0;
            for point in Points::sample(self.grid.len(), SAMPLE).iter() {
                self.grid.run_alone(Points::stretch(point, 1), || !is_over.load(Ordering::Relaxed))?;
                count += 1;
                if begun.elapsed() >= limit {
                    break;
                }
            }
            Ok::<_, SweepError>(begun.elapsed().as_secs_f64() / f64::from(count.max(1)))
        })?;
        measured.map_err(|error| error.raise())
    }
}

impl Grid {
    fn compute(&self, py: Python<'_>, points: Points, on_one: bool) -> PyResult<RecordBatch> {
        let computed = interruptible(py, |is_over| {
            let goes_on = || !is_over.load(Ordering::Relaxed);
            let mut rows = Rows::new(&self.schema);
            let chunk = self.grid.chunk();
            for first in (0..points.len()).step_by(chunk) {
                let points = points.slice(first..first + chunk);
                let summaries =
                    if on_one { self.grid.run_alone(points, goes_on)? } else { self.grid.run_all(points, goes_on)? };
                for (point, summaries) in points.iter().zip(summaries) {
                    let values = self.grid.values(point);
                    summaries.iter().for_each(|summary| rows.push(point, &values, summary));
                }
            }
            Ok::<_, SweepError>(rows.take())
        })?;
        computed.map_err(|error| error.raise())?.map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

/// Where a part of a sweep's rows lies.
#[derive(FromPyObject)]
pub enum Part {
    /// In memory.
    Content(PyBackedBytes),

    /// In a file.
    Path(PathBuf),
}

/// The rows of Parquet files below each other, without the numbers of the points.
#[pyfunction]
pub fn read_parts(py: Python<'_>, parts: Vec<Part>) -> PyResult<Table> {
    py.detach(|| {
        let mut batches = Vec::new();
        for part in parts {
            match part {
                Part::Content(content) => {
                    let read = parquet::read(content.to_vec());
                    batches.extend(read.map_err(|error| os_error("read the rows of a worker", &error))?);
                }
                Part::Path(path) => {
                    let read = std::fs::read(&path).and_then(parquet::read);
                    batches.extend(read.map_err(|error| os_error(&format!("read {}", path.display()), &error))?);
                }
            }
        }
        let is_alike = |batch: &RecordBatch| batch.schema_ref().fields() == batches[0].schema_ref().fields();
        if batches.is_empty() || !batches.iter().all(is_alike) {
            return Err(PyOSError::new_err("expected parts with the same columns, found others: compute them anew"));
        }
        Ok(Table::of_batches(&batches, POINT))
    })
}

/// How many rows a Parquet file has; None of what is no whole one.
#[pyfunction]
pub fn count_rows(path: PathBuf) -> Option<usize> {
    parquet::count_rows(&path).ok()
}
