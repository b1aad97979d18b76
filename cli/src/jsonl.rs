//! One JSON object a line: the experiment, every record, and of each run what happened to it and how it ended.
//!
//! ```json
//! {"experiment": {…}}
//! {"run": 0, "step": 0, "loss": …, …, "x": [3.0, 0.5]}
//! {"run": 0, "step": 4, "event": "above the threshold", "loss": …, …}
//! {"run": 0, "outcome": {"name": "converged", "step": 37, "message": "…"}}
//! ```

use std::io::{self, Write};

use flatland_engine::descent::Column;
use flatland_engine::phase::Event;
use flatland_engine::{Descent, Experiment, Outcome, Record};
use serde_json::json;

use crate::json::{ending, happening, row};
use crate::run::Report;

/// Streams the lines.
pub struct JsonLines<W> {
    output: W,
    columns: Vec<Column>,
}

impl<W: Write> JsonLines<W> {
    pub fn new(output: W) -> Self {
        Self { output, columns: Vec::new() }
    }
}

impl<W: Write> Report for JsonLines<W> {
    fn begin(&mut self, experiment: &Experiment) -> io::Result<()> {
        self.columns.clone_from(&experiment.columns);
        writeln!(self.output, "{{\"experiment\":{}}}", experiment.to_json())
    }

    fn record(&mut self, run: usize, record: &Record, descent: &Descent) -> io::Result<()> {
        let mut row = row(record, descent, &self.columns);
        row["run"] = json!(run);
        writeln!(self.output, "{row}")
    }

    fn end_of_run(&mut self, run: usize, outcome: &Outcome, events: &[Event]) -> io::Result<()> {
        for event in events {
            let mut line = happening(event);
            line["run"] = json!(run);
            writeln!(self.output, "{line}")?;
        }
        writeln!(self.output, "{}", json!({ "run": run, "outcome": ending(outcome) }))
    }

    fn end(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
