//! Everything in one JSON document:
//!
//! ```json
//! {"experiment": {…}, "runs": [{"label": "…", "records": [{"step": 0, "loss": …, …, "x": [3.0, 0.5]}, …],
//!                               "outcome": {"name": "converged", "step": 37, "message": "…"}}, …]}
//! ```
//!
//! The records have the names of the columns of the CSV. JSON has no number that is not finite: those are null, and so
//! is what does not exist.

use std::io::{self, Write};

use flatland_engine::{Experiment, Outcome, Record};
use serde_json::{Value, json};

use crate::run::Report;

/// Streams the document, so that its length does not matter.
pub struct Json<W> {
    output: W,
    labels: Vec<String>,
    run: Option<usize>,
}

impl<W: Write> Json<W> {
    pub fn new(output: W) -> Self {
        Self { output, labels: Vec::new(), run: None }
    }
}

impl<W: Write> Report for Json<W> {
    fn begin(&mut self, experiment: &Experiment) -> io::Result<()> {
        self.labels = experiment.runs.iter().map(|run| run.title()).collect();
        write!(self.output, "{{\"experiment\":{},\"runs\":[", experiment.to_json())
    }

    fn record(&mut self, run: usize, record: &Record, iterate: &[f64]) -> io::Result<()> {
        if self.run == Some(run) {
            writeln!(self.output, ",")?;
        } else {
            let comma = if self.run.is_some() { "," } else { "" };
            writeln!(self.output, "{comma}\n{{\"label\":{},\"records\":[", json!(self.labels[run]))?;
            self.run = Some(run);
        }
        let row = json!({
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
            "x": iterate,
        });
        write!(self.output, "{row}")
    }

    fn end_of_run(&mut self, outcome: &Outcome) -> io::Result<()> {
        let outcome: Value = json!({ "name": outcome.name(), "step": outcome.step(), "message": outcome.to_string() });
        write!(self.output, "],\"outcome\":{outcome}}}")
    }

    fn end(&mut self) -> io::Result<()> {
        writeln!(self.output, "]}}")?;
        self.output.flush()
    }
}
