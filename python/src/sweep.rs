//! `flatland.sweep`: an experiment on every point of a grid.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use flatland_host::document;
use flatland_host::sweep::{Axis, COLUMNS, Cell, Grid, Summary, SweepError, quartile_names};
use pyo3::prelude::*;

use crate::column::Values;
use crate::errors::Raise as _;
use crate::patience::interruptible;
use crate::read::experiment;
use crate::table::Table;

/// The values of an axis.
#[derive(FromPyObject)]
pub enum Range {
    /// `log:0.01:2:50`, as the command line takes it.
    Text(String),

    /// One by one.
    List(Vec<f64>),
}

/// One row for each run of each point of the grid, in the grid's order, the last axis varying
/// fastest. Files are looked for relative to `folder`.
#[pyfunction]
pub fn sweep(py: Python<'_>, document: &str, over: Vec<(String, Range)>, folder: PathBuf) -> PyResult<Table> {
    let experiment = experiment(document, None)?;
    document::fetch_data(&experiment, &folder).map_err(|error| error.raise())?;
    let axes = over.into_iter().map(axis).collect::<Result<Vec<_>, _>>().map_err(|error| error.raise())?;
    let computed = interruptible(py, |is_over| {
        let grid = Grid::new(&experiment, axes)?;
        let goes_on = || !is_over.load(Ordering::Relaxed);
        let mut rows = Rows::new(&grid, experiment.ensemble.is_some());
        for first in (0..grid.len()).step_by(grid.chunk(experiment.is_network())) {
            let points = first..(first + grid.chunk(experiment.is_network())).min(grid.len());
            for (i, summaries) in grid.run_all(points, goes_on)?.iter().enumerate() {
                let values = grid.values(first + i);
                summaries.iter().for_each(|summary| rows.push(&values, summary));
            }
        }
        Ok::<_, SweepError>(rows.into_table())
    })?;
    computed.map_err(|error| error.raise())
}

fn axis((path, range): (String, Range)) -> Result<Axis, SweepError> {
    match range {
        Range::Text(text) => Axis::parse(&format!("{path}={text}")),
        Range::List(values) => Axis::listed(path, values),
    }
}

/// Rows as columns.
struct Rows {
    fields: Vec<(String, Vec<f64>)>,
    cells: Vec<(&'static str, Cells)>,
    quartiles: Vec<(String, Vec<f64>)>,
}

/// The cells of a column so far.
enum Cells {
    Unknown,
    Counts(Vec<i64>),
    Numbers(Vec<f64>),
    Texts(Vec<String>),
}

impl Rows {
    fn new(grid: &Grid, is_plural: bool) -> Self {
        Self {
            fields: grid.axes().map(|axis| (axis.path.clone(), Vec::new())).collect(),
            cells: COLUMNS.into_iter().map(|name| (name, Cells::Unknown)).collect(),
            quartiles: quartile_names().filter(|_| is_plural).map(|name| (name, Vec::new())).collect(),
        }
    }

    fn push(&mut self, values: &[f64], summary: &Summary) {
        self.fields.iter_mut().zip(values).for_each(|((_, column), value)| column.push(*value));
        for ((_, column), cell) in self.cells.iter_mut().zip(summary.cells()) {
            column.push(cell);
        }
        let quartiles = summary.quartiles.iter().flat_map(|quartiles| quartiles.to_array());
        self.quartiles.iter_mut().zip(quartiles).for_each(|((_, column), value)| column.push(value));
    }

    fn into_table(self) -> Table {
        let numbers = |(name, values): (String, Vec<f64>)| (name, Values::from(values));
        let cells = self.cells.into_iter().map(|(name, cells)| {
            let values = match cells {
                Cells::Unknown => Values::from(Vec::<f64>::new()),
                Cells::Counts(values) => values.into(),
                Cells::Numbers(values) => values.into(),
                Cells::Texts(values) => values.into(),
            };
            (name.to_owned(), values)
        });
        let fields = self.fields.into_iter().map(numbers);
        Table::new(fields.chain(cells).chain(self.quartiles.into_iter().map(numbers)))
    }
}

impl Cells {
    /// Adds a cell, which is of the kind of those before.
    fn push(&mut self, cell: Cell<'_>) {
        match (&mut *self, cell) {
            (Self::Counts(values), Cell::Count(count)) => values.push(count as i64),
            (Self::Numbers(values), Cell::Number(number)) => values.push(number),
            (Self::Texts(values), Cell::Text(text)) => values.push(text.to_owned()),
            (_, Cell::Count(count)) => *self = Self::Counts(vec![count as i64]),
            (_, Cell::Number(number)) => *self = Self::Numbers(vec![number]),
            (_, Cell::Text(text)) => *self = Self::Texts(vec![text.to_owned()]),
        }
    }
}
