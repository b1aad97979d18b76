//! `flatland.run`: one run of an experiment, as columns.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;

use flatland_engine::column::Column;
use flatland_engine::descent::Recording;
use flatland_engine::ensemble::{Ensemble, Quartiles};
use flatland_engine::objective::{MAX_DIMENSION, Objective};
use flatland_engine::phase::{Event, Log};
use flatland_engine::{Descent, Experiment, Outcome, Record};
use flatland_export::csv::quartile_names;
use flatland_host::document;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::column::{self, Values};
use crate::errors::{Raise as _, field_error};
use crate::objective::{Functions, Given};
use crate::patience::Patience;
use crate::read::experiment;
use crate::series::{Growing, Number};
use crate::table::Table;

/// The rows of a batch: enough to hand over seldom, few enough to stay near the processor.
const ROWS: usize = 1024;

/// The batches that may wait to be added.
const IN_FLIGHT: usize = 4;

/// What came of a run.
#[pyclass(frozen, module = "flatland._engine")]
pub struct Recorded {
    table: Py<Table>,
    outcome: Outcome,
    events: Vec<Event>,
    iterate: Values,
}

#[pymethods]
impl Recorded {
    /// One row for each iterate.
    #[getter]
    fn table(&self, py: Python<'_>) -> Py<Table> {
        self.table.clone_ref(py)
    }

    /// How the run ended: kind, limit or None, step, sentence.
    #[getter]
    fn outcome(&self) -> (&'static str, Option<&'static str>, u64, String) {
        let limit = self.outcome.limit().map(|limit| limit.name());
        (self.outcome.name(), limit, self.outcome.step(), self.outcome.to_string())
    }

    /// Crossings of the threshold and changes of phase, with what was known there.
    #[getter]
    fn events<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let event = |event: &Event| {
            let fields = PyDict::new(py);
            fields.set_item("step", event.step)?;
            fields.set_item("event", event.kind.words())?;
            fields.set_item("loss", event.loss)?;
            fields.set_item("sharpness", event.sharpness)?;
            fields.set_item("step_size", event.step_size)?;
            fields.set_item("product", event.product)?;
            Ok(fields)
        };
        self.events.iter().map(event).collect()
    }

    /// The last iterate: all variables, or all weights and biases of a network.
    #[getter]
    fn iterate(&self) -> column::Column {
        column::Column(self.iterate.clone())
    }
}

/// Computes run number `index` of an experiment. Where its objective is a function, `objective` is
/// the adapter to it, and its start stands beside the document. Files are looked for relative to
/// `folder`.
#[pyfunction]
#[pyo3(signature = (document, index, folder, objective=None, start=None))]
pub fn run(
    py: Python<'_>,
    document: &str,
    index: usize,
    folder: PathBuf,
    objective: Option<Bound<'_, PyAny>>,
    start: Option<Vec<f64>>,
) -> PyResult<Recorded> {
    let experiment = experiment(document, start)?;
    document::fetch_data(&experiment, &folder).map_err(|error| error.raise())?;
    let functions = match objective {
        Some(adapter) => Some(Arc::new(Functions::new(&adapter, experiment.start.len())?)),
        None => None,
    };
    let Computed { rows, outcome, iterate } = py.detach(|| compute(&experiment, index, functions.as_ref()))?;
    let events = rows.log.events().to_vec();
    Ok(Recorded { table: Py::new(py, rows.into_table())?, outcome, events, iterate: iterate.into() })
}

/// The run, without the interpreter.
fn compute(experiment: &Experiment, index: usize, functions: Option<&Arc<Functions>>) -> PyResult<Computed> {
    let ensemble = match functions {
        None => Ensemble::new(experiment, index),
        Some(functions) => {
            let make = |member| {
                let functions = Arc::clone(functions);
                Box::new(Given { functions, is_lead: member == 0 }) as Box<dyn Objective>
            };
            Ensemble::with_objective(experiment, index, make, Recording { sharpness: functions.has_curvature })
        }
    };
    let ensemble = ensemble.map_err(|error| error.raise())?;
    let rows = Rows::new(experiment, ensemble.lead());
    let is_slow = functions.is_some() || experiment.is_network();
    let mut producer = Producer { ensemble, functions, patience: Patience::new(), is_slow };
    let rows = producer.run(rows)?;
    let lead = producer.ensemble.lead();
    let Some(outcome) = lead.outcome().cloned() else {
        return Err(PyRuntimeError::new_err("the run ended without an outcome"));
    };
    Ok(Computed { rows, outcome, iterate: lead.iterate().to_vec() })
}

struct Computed {
    rows: Rows,
    outcome: Outcome,
    iterate: Vec<f64>,
}

/// Computes batches of rows.
struct Producer<'a> {
    ensemble: Ensemble,
    functions: Option<&'a Arc<Functions>>,
    patience: Patience,

    /// Whether a row takes so long that an interrupt is looked for after each.
    is_slow: bool,
}

impl Producer<'_> {
    /// Computes all rows and adds them to `rows`.
    ///
    /// Adding them takes about as long as a step in two variables. So from the second batch on
    /// another thread does it, while this one goes on; it is this one that calls functions.
    fn run(&mut self, mut rows: Rows) -> PyResult<Rows> {
        let mut first = Batch::default();
        let goes_on = self.fill(&mut first)?;
        rows.add(&first);
        if !goes_on {
            return Ok(rows);
        }
        thread::scope(|scope| {
            let (full, filled) = mpsc::sync_channel::<Batch>(IN_FLIGHT);
            let (empty, emptied) = mpsc::channel::<Batch>();
            let adding = scope.spawn(move || {
                for batch in filled {
                    rows.add(&batch);
                    // Nobody waits for the last ones.
                    let _ = empty.send(batch);
                }
                rows
            });
            let mut goes_on = true;
            while goes_on {
                let mut batch = emptied.try_recv().unwrap_or_default();
                goes_on = self.fill(&mut batch)?;
                if full.send(batch).is_err() {
                    break;
                }
            }
            drop(full);
            adding.join().map_err(|_| PyRuntimeError::new_err("keeping the rows failed"))
        })
    }

    /// Puts the next rows into `batch`, in place of what is there; whether the run goes on.
    fn fill(&mut self, batch: &mut Batch) -> PyResult<bool> {
        batch.clear();
        let mut goes_on = true;
        while batch.records.len() < ROWS && goes_on {
            goes_on = self.ensemble.advance();
            if !goes_on {
                break;
            }
            if let Some(functions) = self.functions {
                check(functions, self.ensemble.lead().outcome())?;
            }
            if self.ensemble.is_plural() {
                batch.quartiles.extend(self.ensemble.quartiles().into_iter().flat_map(Quartiles::to_array));
            }
            let lead = self.ensemble.lead();
            batch.records.push(*lead.record());
            batch.sketches.extend_from_slice(lead.sketch());
            batch.asked.extend_from_slice(lead.columns());
            if self.is_slow {
                self.patience.check()?;
            }
        }
        self.patience.check()?;
        batch.outcome = self.ensemble.lead().outcome().cloned();
        Ok(goes_on)
    }
}

/// Rows on their way from the engine to the columns.
#[derive(Default)]
struct Batch {
    records: Vec<Record>,

    /// Of each row the coordinates by which its iterate is known again: all where tables have them.
    sketches: Vec<f64>,

    /// Of each row what the experiment asks for.
    asked: Vec<f64>,

    /// Of each row the quartiles over all starts, where there are several.
    quartiles: Vec<f64>,

    /// How the run ended, if these are its last rows.
    outcome: Option<Outcome>,
}

impl Batch {
    fn clear(&mut self) {
        self.records.clear();
        self.sketches.clear();
        self.asked.clear();
        self.quartiles.clear();
        self.outcome = None;
    }
}

/// Raises what a function has raised, and says so where second derivatives are needed that are not
/// given. A run that has converged does without: it only cannot tell to what.
fn check(functions: &Functions, outcome: Option<&Outcome>) -> PyResult<()> {
    if let Some(error) = functions.take_error() {
        return Err(error);
    }
    if functions.take_missed_curvature() && !matches!(outcome, Some(Outcome::Converged { .. })) {
        return Err(field_error(
            "objective",
            "second derivatives, which the policy or a column asks for",
            "an objective without any",
            "give it hvp(x, v) or hessian(x)",
        ));
    }
    Ok(())
}

/// The counts of a row, in the order of `Rows::push`.
const COUNTS: [&str; 5] = ["step", "trials", "function_evaluations", "gradient_evaluations", "hvp_evaluations"];

/// The numbers that every row has, in the order of `Rows::push`.
const NUMBERS: [&str; 7] = ["loss", "gradient_norm", "sharpness", "step_size", "threshold", "product", "reference"];

/// Rows as columns, and what happened in them.
struct Rows {
    counts: [Growing<i64>; COUNTS.len()],
    numbers: [Growing<f64>; NUMBERS.len()],

    /// The iterate, of up to [`MAX_DIMENSION`] variables that are not weights.
    coordinates: Vec<Vec<f64>>,

    /// What the experiment asks for beyond these, by name.
    asked: Vec<(&'static str, Vec<f64>)>,

    /// The quartiles over all starts, by name.
    quartiles: Vec<(String, Vec<f64>)>,

    log: Log,
}

impl Rows {
    /// No rows of a run of `experiment` yet.
    fn new(experiment: &Experiment, descent: &Descent) -> Self {
        let coordinates = descent.objective().drawn_start().map_or(experiment.start.len(), |_| 0);
        let is_plural = experiment.ensemble.is_some();
        Self {
            counts: Default::default(),
            numbers: Default::default(),
            coordinates: vec![Vec::new(); if coordinates <= MAX_DIMENSION { coordinates } else { 0 }],
            asked: experiment.columns.iter().map(|column| (column.name(), Vec::new())).collect(),
            quartiles: quartile_names().filter(|_| is_plural).map(|name| (name, Vec::new())).collect(),
            log: Log::new(descent.sketch().len()),
        }
    }

    /// Adds the rows of a batch.
    fn add(&mut self, batch: &Batch) {
        let Batch { records, sketches, asked, quartiles, outcome } = batch;
        let counts: [fn(&Record) -> i64; COUNTS.len()] = [
            // None is beyond 2⁶³: counts stay below the largest seed.
            |record| record.step as i64,
            |record| i64::from(record.trials),
            |record| record.evaluations.function as i64,
            |record| record.evaluations.gradient as i64,
            |record| record.evaluations.hvp as i64,
        ];
        let numbers: [fn(&Record) -> f64; NUMBERS.len()] = [
            |record| record.loss,
            |record| record.gradient_norm,
            |record| record.sharpness,
            |record| record.step_size.unwrap_or(f64::NAN),
            |record| record.threshold.unwrap_or(f64::NAN),
            |record| record.step_times_sharpness().unwrap_or(f64::NAN),
            |record| record.reference.unwrap_or(f64::NAN),
        ];
        self.counts.iter_mut().zip(counts).for_each(|(column, count)| column.extend(records.iter().map(count)));
        self.numbers.iter_mut().zip(numbers).for_each(|(column, number)| column.extend(records.iter().map(number)));
        spread(sketches, records.len(), self.coordinates.iter_mut());
        spread(asked, records.len(), self.asked.iter_mut().map(|(_, column)| column));
        spread(quartiles, records.len(), self.quartiles.iter_mut().map(|(_, column)| column));
        let width = sketches.len() / records.len().max(1);
        for (row, record) in records.iter().enumerate() {
            let is_last = row + 1 == records.len();
            self.log.see(record, &sketches[row * width..][..width], outcome.as_ref().filter(|_| is_last));
        }
    }

    /// The columns in the order of the command line's table, with `threshold` and `trials` among
    /// those that are always there.
    fn into_table(self) -> Table {
        let [step, trials, evaluations @ ..] = named(COUNTS, self.counts);
        let [loss, gradient_norm, sharpness, step_size, threshold, product, reference] = named(NUMBERS, self.numbers);
        let first = [step, loss, gradient_norm, sharpness, step_size, threshold, product, reference, trials];
        let coordinates = self.coordinates.into_iter().enumerate().map(|(i, x)| (format!("x{i}"), x.into()));
        let asked = self.asked.into_iter().filter(|(name, _)| *name != Column::Threshold.name());
        let asked = asked.map(|(name, column)| (name.to_owned(), column.into()));
        let quartiles = self.quartiles.into_iter().map(|(name, column)| (name, column.into()));
        Table::new(first.into_iter().chain(evaluations).chain(coordinates).chain(asked).chain(quartiles))
    }
}

/// Columns with their names.
fn named<T: Number, const N: usize>(names: [&str; N], columns: [Growing<T>; N]) -> [(String, Values); N]
where
    Values: From<Growing<T>>,
{
    let mut columns = columns.into_iter();
    // One for each name.
    names.map(|name| (name.to_owned(), columns.next().unwrap_or_default().into()))
}

/// Adds numbers that stand row by row to the first columns.
fn spread<'a>(numbers: &[f64], rows: usize, columns: impl Iterator<Item = &'a mut Vec<f64>>) {
    let width = numbers.len() / rows.max(1);
    for (place, column) in columns.enumerate().take(width) {
        column.extend(numbers[place..].iter().step_by(width));
    }
}
