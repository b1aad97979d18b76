//! `flatland.atlas`: a map, of which each pixel is a run.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use flatland_atlas::paint::Sample;
use flatland_atlas::{Axis, MapError, Measure, Picture, Plan, Way};
use flatland_engine::Experiment;
use flatland_host::document;
use flatland_host::map::Canvas;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::column::{Column, Values};
use crate::errors::Raise as _;
use crate::patience::interruptible;
use crate::read::experiment;

/// A map whose pixels are all known.
#[pyclass(frozen, module = "flatland._engine")]
pub struct Map(Canvas);

#[pymethods]
impl Map {
    /// Columns and rows.
    #[getter]
    fn size(&self) -> (usize, usize) {
        self.0.picture.size()
    }

    /// The number of steps that all runs took.
    #[getter]
    fn steps(&self) -> u64 {
        self.0.steps
    }

    /// Why pixels were computed one by one; None where many were at once.
    #[getter]
    fn reason(&self) -> Option<String> {
        match &self.0.plan.way {
            Way::Closed(_) => None,
            Way::Engine(reason) => Some(reason.to_string()),
        }
    }

    /// How each run ended, as a code, row by row from the top.
    fn codes(&self) -> Column {
        self.column(|sample| sample.code)
    }

    /// What the measure says of each pixel; NaN where it says nothing.
    fn numbers(&self) -> Column {
        self.column(|sample| sample.number)
    }

    /// The first two coordinates of each run's last iterate.
    fn last(&self) -> (Column, Column) {
        (self.column(|sample| sample.last[0]), self.column(|sample| sample.last[1]))
    }

    /// The points that runs of a map of minimizers go to, the most frequent first.
    fn minimizers(&self) -> Vec<[f32; 2]> {
        self.0.picture.minimizers().to_vec()
    }

    /// The ends of the scale of colors; None where no pixel has a number.
    fn range(&self) -> Option<(f64, f64)> {
        let range = self.0.picture.range();
        (range.low <= range.high).then_some((range.low, range.high))
    }

    /// The values across, and those up, from the top down.
    fn axes(&self) -> (Column, Column) {
        let (columns, rows) = self.size();
        let map = &self.0.plan.map;
        let across: Vec<_> = (0..columns).map(|column| map.x.at_pixel(column, columns)).collect();
        let up: Vec<_> = (0..rows).rev().map(|row| map.y.at_pixel(row, rows)).collect();
        (Column(across.into()), Column(up.into()))
    }

    /// The colors of the page, four bytes a pixel, row by row from the top.
    fn rgba<'py>(&self, py: Python<'py>, is_dark: bool) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.picture.rgba(self.0.picture.range(), is_dark))
    }
}

impl Map {
    fn column(&self, number: impl Fn(&Sample) -> f32) -> Column {
        let numbers: Vec<_> = self.0.picture.samples().iter().map(|sample| f64::from(number(sample))).collect();
        Column(Values::from(numbers))
    }
}

/// Computes a map of run number `index` over two axes, each `FIELD=lin:FROM:TO` or
/// `FIELD=log:FROM:TO`. Files are looked for relative to `folder`.
#[pyfunction]
#[pyo3(signature = (document, index, axes, measure, size, folder))]
pub fn atlas(
    py: Python<'_>,
    document: &str,
    index: usize,
    axes: (String, String),
    measure: &str,
    size: (usize, usize),
    folder: PathBuf,
) -> PyResult<Map> {
    let experiment = experiment(document, None)?;
    document::fetch_data(&experiment, &folder).map_err(|error| error.raise())?;
    let mut canvas = canvas(&experiment, index, axes, measure, size).map_err(|error| error.raise())?;
    let canvas = interruptible(py, |is_over| {
        let work = canvas.picture.work().0;
        canvas.fill(&work, |_| !is_over.load(Ordering::Relaxed));
        canvas
    })?;
    Ok(Map(canvas))
}

fn canvas(
    experiment: &Experiment,
    index: usize,
    (x, y): (String, String),
    measure: &str,
    (columns, rows): (usize, usize),
) -> Result<Canvas, MapError> {
    let measure = Measure::named(measure).ok_or_else(|| {
        let names = Measure::ALL.map(Measure::name).join(", ");
        MapError::new("measure", format!("one of {names}"), format!("\"{measure}\""), "choose one of these")
    })?;
    check_size((columns, rows))?;
    let map = flatland_atlas::Map::new(experiment, index, Axis::parse(&x)?, Axis::parse(&y)?, measure)?;
    Ok(Canvas { plan: Plan::new(map), picture: Picture::new(columns, rows, measure)?, steps: 0 })
}

/// An error unless a picture may have so many columns and rows.
pub fn check_size((columns, rows): (usize, usize)) -> Result<(), MapError> {
    let sides = 1..=flatland_atlas::MAX_SIDE;
    if sides.contains(&columns) && sides.contains(&rows) {
        return Ok(());
    }
    let expected = format!("1 to {} pixels a side", sides.end());
    Err(MapError::new("size", expected, format!("{columns} × {rows}"), "choose another size"))
}
