//! An experiment on every point of a grid.
//!
//! The order of the points, and every bit of their rows, is the same however many cores there are.

mod axis;
mod error;
pub mod parquet;
mod points;
mod rows;
mod summary;

use flatland_engine::experiment::ErrorKind;
use flatland_engine::experiment::field::{Field, complete};
use flatland_engine::{Experiment, FieldError, data};
use rayon::prelude::*;
use serde_json::{Value, json};

pub use axis::{Axis, MAX_VALUES};
pub use error::SweepError;
pub use points::{Points, Shard};
pub use rows::{POINT, Rows, schema};
pub use summary::{COLUMNS, Cell, Summary, quartile_names};

/// The most points of a grid.
pub const MAX_POINTS: usize = 10_000_000;

/// How many points are computed before their rows are handed on: many for each core, few enough to
/// hold in memory.
const CHUNK: usize = 1024;

/// The same for each core where a point is a network, which may take minutes: whoever interrupts
/// such a sweep keeps all rows but a few.
const NETWORKS_A_CORE: usize = 4;

/// The points of a sweep, numbered from 0.
pub struct Grid {
    /// The experiment's completed document, into which each point's values are written.
    pub document: Value,

    axes: Vec<(Axis, Field)>,

    is_network: bool,
}

impl Grid {
    /// The grid over some axes, the last of which varies fastest.
    ///
    /// # Errors
    ///
    /// If a field is no number of the experiment or stands there twice, a value is not valid, or
    /// the points are too many.
    pub fn new(experiment: &Experiment, axes: Vec<Axis>) -> Result<Self, SweepError> {
        let grid = Self::checked_before(experiment, axes)?;
        grid.check_size()?;
        grid.check_values()?;
        Ok(grid)
    }

    /// The same of what [`Grid::new`] has accepted already, on another machine: values are not
    /// looked at again.
    ///
    /// # Errors
    ///
    /// If a field is no number of the experiment.
    pub fn checked_before(experiment: &Experiment, axes: Vec<Axis>) -> Result<Self, SweepError> {
        let document = complete(experiment);
        let find = |axis: Axis| Field::find(&document, &axis.path).map(|field| (axis, field));
        let axes = axes.into_iter().map(find).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { document, axes, is_network: experiment.is_network() })
    }

    /// The number of points.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // Every axis has a value.
    pub fn len(&self) -> usize {
        self.axes.iter().map(|(axis, _)| axis.values.len()).product()
    }

    /// The axes, in their order.
    pub fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.axes.iter().map(|(axis, _)| axis)
    }

    /// Whether the experiment has several starts, so that rows have quartiles.
    #[must_use]
    pub fn is_plural(&self) -> bool {
        !self.document["ensemble"].is_null()
    }

    /// What the rows are rows of: the completed experiment, and the fields with their values.
    #[must_use]
    pub fn identity(&self) -> Value {
        let axes = self.axes().map(|axis| json!({ "field": axis.path, "values": axis.values }));
        json!({ "experiment": self.document, "over": axes.collect::<Vec<_>>() })
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
    #[must_use]
    pub fn values(&self, point: usize) -> Vec<f64> {
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
    ///
    /// # Errors
    ///
    /// If values that are valid by themselves do not go together.
    pub fn run(&self, point: usize) -> Result<Vec<Summary>, FieldError> {
        let mut document = self.document.clone();
        for ((_, field), value) in self.axes.iter().zip(self.values(point)) {
            field.set(&mut document, value);
        }
        let experiment = Experiment::from_json(&document.to_string())?;
        (0..experiment.runs.len()).map(|run| Summary::of(&experiment, run)).collect()
    }

    /// How many points to compute at a time.
    #[must_use]
    pub fn chunk(&self) -> usize {
        if self.is_network { NETWORKS_A_CORE * rayon::current_num_threads() } else { CHUNK }
    }

    /// All runs at `points`, on all cores and in their order. `goes_on` is asked before each point:
    /// once it says no, the rest have no runs.
    ///
    /// # Errors
    ///
    /// As [`Grid::run`], for the first point that has one.
    pub fn run_all(&self, points: Points, goes_on: impl Fn() -> bool + Sync) -> Result<Vec<Vec<Summary>>, FieldError> {
        let run = |point| if goes_on() { self.run(point) } else { Ok(Vec::new()) };
        // Collected first: of several errors that of the first point is told.
        (0..points.len()).into_par_iter().map(|i| run(points.get(i))).collect::<Vec<_>>().into_iter().collect()
    }

    /// The same on one core, for callers that keep the others busy themselves.
    ///
    /// # Errors
    ///
    /// As [`Grid::run_all`].
    pub fn run_alone(
        &self,
        points: Points,
        goes_on: impl Fn() -> bool + Sync,
    ) -> Result<Vec<Vec<Summary>>, FieldError> {
        let run = |point| if goes_on() { self.run(point) } else { Ok(Vec::new()) };
        let run_all = || points.iter().map(run).collect();
        // The work of a network would be shared out among all cores.
        let pool = self.is_network.then(|| rayon::ThreadPoolBuilder::new().num_threads(1).build());
        match pool {
            Some(Ok(pool)) => pool.install(run_all),
            // Without a thread to be had, on all cores rather than not at all.
            Some(Err(_)) | None => run_all(),
        }
    }
}
