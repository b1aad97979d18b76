//! One JSON object a line: the experiment, every record, and of each run what happened to it and
//! how it ended.
//!
//! ```json
//! {"experiment": {…}}
//! {"run": 0, "step": 0, "loss": …, …, "x": [3.0, 0.5]}
//! {"run": 0, "step": 4, "event": "above the threshold", "loss": …, …}
//! {"run": 0, "outcome": {"name": "converged", "step": 37, "message": "…"}}
//! ```
//!
//! With several starts the first line has them as `"ensemble"`, as in the document of
//! [`super::json`]; with `--members` every other line has its `"member"`.

use std::io::{self, Write};

use flatland_engine::Experiment;
use flatland_engine::column::Column;
use flatland_export::csv::Row;
use serde_json::{Value, json};

use super::json::{ensemble, happening, outcome, record};
use super::{Ending, Report};

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
    fn begin(&mut self, experiment: &Experiment, _has_members: bool) -> io::Result<()> {
        self.columns.clone_from(&experiment.columns);
        let ensemble = ensemble(experiment).map_or(String::new(), |ensemble| format!(",\"ensemble\":{ensemble}"));
        writeln!(self.output, "{{\"experiment\":{}{ensemble}}}", experiment.to_json())
    }

    fn record(&mut self, row: &Row<'_>) -> io::Result<()> {
        let line = of(record(row, &self.columns), row.run, row.member);
        writeln!(self.output, "{line}")
    }

    fn end_of_run(&mut self, ending: &Ending<'_>) -> io::Result<()> {
        let Ending { run, member, .. } = *ending;
        for event in ending.events {
            writeln!(self.output, "{}", of(happening(event), run, member))?;
        }
        let line = of(json!({ "outcome": outcome(ending.outcome) }), run, member);
        writeln!(self.output, "{line}")
    }

    fn end(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// A line with its run, and with its member where each has its lines.
fn of(mut line: Value, run: usize, member: Option<usize>) -> Value {
    line["run"] = json!(run);
    if let Some(member) = member {
        line["member"] = json!(member);
    }
    line
}
