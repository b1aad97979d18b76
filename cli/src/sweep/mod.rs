//! `flatland sweep`: an experiment on every point of a grid, on all cores.

mod axis;
mod kept;
mod rows;

use std::fmt;
use std::io::{self, StdoutLock, Write as _};
use std::path::Path;

use flatland_engine::experiment::ErrorKind;
use flatland_engine::experiment::field::{Field, complete};
use flatland_engine::{Experiment, FieldError, data};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::cost::Cost;
use crate::document::read;
use crate::run::say;
use crate::{Failure, SweepFormat};
use axis::Axis;
use kept::{Kept, Shape};
use rows::Summary;

/// The most points of a grid.
const MAX_POINTS: usize = 10_000_000;

/// How many points are computed before their rows are printed: many for each core, few enough to
/// hold in memory.
const CHUNK: usize = 1024;

/// The same for each core where a point is a network, which may take minutes: whoever interrupts
/// such a sweep keeps all rows but a few.
const NETWORKS_A_CORE: usize = 4;

/// What is wrong with a sweep.
#[derive(Debug)]
pub struct SweepError {
    /// The field that was to be swept over.
    pub field: String,

    /// What should be there.
    pub expected: String,

    /// What is there.
    pub found: String,

    /// What to do.
    pub remedy: String,
}

impl From<FieldError> for SweepError {
    fn from(error: FieldError) -> Self {
        let FieldError { field, expected, found, remedy, .. } = error;
        Self { field, expected, found, remedy }
    }
}

impl fmt::Display for SweepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, expected, found, remedy } = self;
        write!(f, "{field}: expected {expected}, found {found}; {remedy}")
    }
}

/// Runs the experiment in `file` at every combination of the values in `over`, and prints a row for
/// each run; or puts it into the file `out`, from where an earlier call was interrupted.
///
/// The last field varies fastest. The order of the rows, and every bit of them, is the same however
/// many cores there are.
pub fn sweep(file: &Path, over: &[String], format: SweepFormat, out: Option<&Path>) -> Result<(), Failure> {
    let axes = over.iter().map(|text| Axis::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let experiment = read(file)?;
    let grid = Grid::new(&experiment, axes)?;
    for (axis, _) in grid.axes.iter().filter(|(axis, _)| axis.is_list) {
        say(&axis.told());
    }
    let cost = Cost::of(&experiment, grid.len() * experiment.runs.len())?;
    let chunk = if cost.is_some() { NETWORKS_A_CORE * rayon::current_num_threads() } else { CHUNK };
    if let Some(cost) = cost {
        say(&cost.to_string());
    }
    let names: Vec<_> = grid.axes.iter().map(|(axis, _)| axis.path.as_str()).collect();
    let is_plural = !grid.document["ensemble"].is_null();
    if is_plural {
        say("rows are of the experiment's own start, their columns _q1, _median and _q3 the quartiles over all starts");
    }
    let mut head = Vec::new();
    rows::header(&mut head, format, &names, is_plural)?;
    let mut output = match out {
        None => Output::Printed(io::stdout().lock()),
        Some(path) => {
            let identity = grid.identity(format).to_string();
            let shape = Shape { identity: &identity, head: &head, rows: experiment.runs.len() };
            Output::Kept(Kept::open(path, &shape)?)
        }
    };
    let begun = match &mut output {
        Output::Printed(output) => output.write_all(&head).map(|()| 0)?,
        Output::Kept(kept) => kept.points,
    };
    if begun > 0 {
        say(&format!("{begun} of {} points are there already", grid.len()));
    }
    let progress = progress(grid.len());
    progress.inc(begun as u64);
    progress.reset_eta();
    for first in (begun..grid.len()).step_by(chunk) {
        let points = first..(first + chunk).min(grid.len());
        let summaries: Vec<_> = points
            .into_par_iter()
            .map(|point| {
                let summaries = grid.run(point);
                progress.inc(1);
                summaries
            })
            .collect();
        let mut rows = Vec::new();
        for (i, summaries) in summaries.into_iter().enumerate() {
            let values = grid.values(first + i);
            for summary in summaries? {
                rows::row(&mut rows, format, &names, &values, &summary)?;
            }
        }
        match &mut output {
            Output::Printed(output) => output.write_all(&rows).and_then(|()| output.flush())?,
            Output::Kept(kept) => kept.add(&rows)?,
        }
    }
    progress.finish_and_clear();
    Ok(())
}

/// Where the rows go.
enum Output {
    Printed(StdoutLock<'static>),
    Kept(Kept),
}

/// A bar on standard error; nothing where that is not a terminal.
fn progress(points: usize) -> ProgressBar {
    let bar = ProgressBar::new(points as u64);
    let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} points, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The points of a sweep, numbered from 0.
struct Grid {
    document: Value,
    axes: Vec<(Axis, Field)>,
}

impl Grid {
    fn new(experiment: &Experiment, axes: Vec<Axis>) -> Result<Self, Failure> {
        let document = complete(experiment);
        let find = |axis: Axis| Field::find(&document, &axis.path).map(|field| (axis, field));
        let axes = axes.into_iter().map(find).collect::<Result<Vec<_>, _>>().map_err(SweepError::from)?;
        let grid = Self { document, axes };
        grid.check_size()?;
        grid.check_values()?;
        Ok(grid)
    }

    fn len(&self) -> usize {
        self.axes.iter().map(|(axis, _)| axis.values.len()).product()
    }

    /// What the rows are rows of.
    fn identity(&self, format: SweepFormat) -> Value {
        let axes = self.axes.iter().map(|(axis, _)| json!({ "field": axis.path, "values": axis.values }));
        let format = match format {
            SweepFormat::Csv => "csv",
            SweepFormat::Jsonl => "jsonl",
        };
        json!({ "experiment": self.document, "over": axes.collect::<Vec<_>>(), "format": format })
    }

    fn check_size(&self) -> Result<(), SweepError> {
        let mut points = 1;
        for (i, (axis, _)) in self.axes.iter().enumerate() {
            let error = |expected: String, found: String, remedy: &str| {
                Err(SweepError { field: axis.path.clone(), expected, found, remedy: remedy.to_owned() })
            };
            if self.axes[..i].iter().any(|(other, _)| other.path == axis.path) {
                return error("each field once".to_owned(), "it twice".to_owned(), "remove one of them");
            }
            // Neither factor is above 1e7.
            points *= axis.values.len();
            if points > MAX_POINTS {
                let expected = format!("a grid of at most {MAX_POINTS} points");
                return error(expected, format!("{points} up to this field"), "take fewer values");
            }
        }
        Ok(())
    }

    /// Every value by itself, before anything is computed.
    fn check_values(&self) -> Result<(), FieldError> {
        for (axis, field) in &self.axes {
            let error = axis.values.par_iter().find_map_first(|value| {
                let mut document = self.document.clone();
                field.set(&mut document, *value);
                // Whether changes and constants are in order may depend on another axis, too.
                let is_sure = |error: &FieldError| error.kind != ErrorKind::Order || self.axes.len() == 1;
                match Experiment::from_json(&document.to_string()) {
                    Err(error) => Some(error).filter(is_sure),
                    Ok(experiment) if experiment.is_network() => {
                        data::complete(experiment.objective.part("data"), "objective.data").err()
                    }
                    Ok(_) => None,
                }
            });
            if let Some(error) = error {
                return Err(error);
            }
        }
        self.check_networks()
    }

    /// Whether the networks can be built where all fields are least, and where all are greatest:
    /// their layers and data may be too large.
    fn check_networks(&self) -> Result<(), FieldError> {
        for better in [f64::min, f64::max] {
            let mut document = self.document.clone();
            for (axis, field) in &self.axes {
                field.set(&mut document, axis.values.iter().copied().fold(f64::NAN, better));
            }
            // Constants that contradict each other are found where they do.
            match Experiment::from_json(&document.to_string()) {
                Ok(experiment) if experiment.is_network() => _ = experiment.build_objective()?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The values of the axes at a point; the last axis varies fastest.
    fn values(&self, point: usize) -> Vec<f64> {
        let mut rest = point;
        let mut values: Vec<_> = self
            .axes
            .iter()
            .rev()
            .map(|(axis, _)| {
                let value = axis.values[rest % axis.values.len()];
                rest /= axis.values.len();
                value
            })
            .collect();
        values.reverse();
        values
    }

    /// All runs of the experiment at a point.
    fn run(&self, point: usize) -> Result<Vec<Summary>, FieldError> {
        let mut document = self.document.clone();
        for ((_, field), value) in self.axes.iter().zip(self.values(point)) {
            field.set(&mut document, value);
        }
        let experiment = Experiment::from_json(&document.to_string())?;
        (0..experiment.runs.len()).map(|run| Summary::of(&experiment, run)).collect()
    }
}
