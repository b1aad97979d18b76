//! Everything in one JSON document:
//!
//! ```json
//! {"experiment": {…}, "runs": [{"label": "…", "records": [{"step": 0, "loss": …, …, "x": [3.0, 0.5]}, …],
//!                               "events": [{"step": 4, "event": "above the threshold", "loss": …, …}, …],
//!                               "outcome": {"name": "converged", "step": 37, "message": "…"}}, …]}
//! ```
//!
//! The records have the names of the columns of the CSV. JSON has no number that is not finite: those are null, and so
//! is what does not exist.

use std::io::{self, Write};

use flatland_engine::descent::Column;
use flatland_engine::phase::Event;
use flatland_engine::{Descent, Experiment, Outcome, Record};
use serde_json::{Value, json};

use crate::run::Report;

/// Streams the document, so that its length does not matter.
pub struct Json<W> {
    output: W,
    labels: Vec<String>,
    columns: Vec<Column>,
    run: Option<usize>,
}

impl<W: Write> Json<W> {
    pub fn new(output: W) -> Self {
        Self { output, labels: Vec::new(), columns: Vec::new(), run: None }
    }
}

impl<W: Write> Report for Json<W> {
    fn begin(&mut self, experiment: &Experiment) -> io::Result<()> {
        self.labels = experiment.runs.iter().map(|run| run.title()).collect();
        self.columns.clone_from(&experiment.columns);
        write!(self.output, "{{\"experiment\":{},\"runs\":[", experiment.to_json())
    }

    fn record(&mut self, run: usize, record: &Record, descent: &Descent) -> io::Result<()> {
        if self.run == Some(run) {
            writeln!(self.output, ",")?;
        } else {
            let comma = if self.run.is_some() { "," } else { "" };
            writeln!(self.output, "{comma}\n{{\"label\":{},\"records\":[", json!(self.labels[run]))?;
            self.run = Some(run);
        }
        let row = row(record, descent, &self.columns);
        write!(self.output, "{row}")
    }

    fn end_of_run(&mut self, _run: usize, outcome: &Outcome, events: &[Event]) -> io::Result<()> {
        let events: Vec<_> = events.iter().map(happening).collect();
        write!(self.output, "],\"events\":{},\"outcome\":{}}}", json!(events), ending(outcome))
    }

    fn end(&mut self) -> io::Result<()> {
        writeln!(self.output, "]}}")?;
        self.output.flush()
    }
}

/// A record with the names of the columns of the CSV.
pub fn row(record: &Record, descent: &Descent, columns: &[Column]) -> Value {
    let mut row = json!({
        "step": record.step,
        "loss": record.loss,
        "gradient_norm": record.gradient_norm,
        "sharpness": record.sharpness,
        "step_size": record.step_size,
        "product": record.step_times_sharpness(),
        "reference": record.reference,
        "function_evaluations": record.evaluations.function,
        "gradient_evaluations": record.evaluations.gradient,
        "hvp_evaluations": record.evaluations.hvp,
        "x": descent.iterate(),
    });
    for (column, value) in columns.iter().zip(descent.columns()) {
        row[column.name()] = json!(value);
    }
    row
}

/// Something that happened to a run, with the values at that iterate.
pub fn happening(event: &Event) -> Value {
    json!({
        "step": event.step,
        "event": event.kind.words(),
        "loss": event.loss,
        "sharpness": event.sharpness,
        "step_size": event.step_size,
        "product": event.product,
    })
}

/// How a run ended.
pub fn ending(outcome: &Outcome) -> Value {
    let mut ending = json!({ "name": outcome.name(), "step": outcome.step(), "message": outcome.to_string() });
    if let Some(limit) = outcome.limit() {
        ending["limit"] = json!(limit.name());
    }
    ending
}
