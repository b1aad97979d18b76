//! Everything in one JSON document:
//!
//! ```json
//! {"experiment": {…}, "runs": [{"label": "…", "records": [{"step": 0, "loss": …, …, "x": [3.0, 0.5]}, …],
//!                               "events": [{"step": 4, "event": "above the threshold", "loss": …, …}, …],
//!                               "outcome": {"name": "converged", "step": 37, "message": "…"}}, …]}
//! ```
//!
//! An experiment with an ensemble has `"ensemble": {"size": …, "spread": …, "seed": …}` behind it,
//! and its records the quartiles over all starts (`loss_q1`, `loss_median`, …). With `--members`
//! each start of each run is an entry of `runs`, with its `run`, `member` and `start`.
//!
//! The records have the names of the columns of the CSV. JSON has no numbers that are not finite:
//! those are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`. What does not exist is null.

use std::io::{self, Write};

use flatland_engine::column::Column;
use flatland_engine::ensemble::Quartiles;
use flatland_engine::phase::Event;
use flatland_engine::{Experiment, Outcome};
use flatland_export::csv::{Row, quartile_names};
use serde_json::{Value, json};

use super::{Ending, Report};

/// Streams the document, so that its length does not matter.
pub struct Json<W> {
    output: W,
    labels: Vec<String>,
    columns: Vec<Column>,

    /// The run and the member that are being written.
    open: Option<(usize, Option<usize>)>,
}

impl<W: Write> Json<W> {
    pub fn new(output: W) -> Self {
        Self { output, labels: Vec::new(), columns: Vec::new(), open: None }
    }
}

impl<W: Write> Report for Json<W> {
    fn begin(&mut self, experiment: &Experiment, _has_members: bool) -> io::Result<()> {
        self.labels = experiment.runs.iter().map(|run| run.title()).collect();
        self.columns.clone_from(&experiment.columns);
        write!(self.output, "{{\"experiment\":{}", experiment.to_json())?;
        if let Some(ensemble) = ensemble(experiment) {
            write!(self.output, ",\"ensemble\":{ensemble}")?;
        }
        write!(self.output, ",\"runs\":[")
    }

    fn record(&mut self, row: &Row<'_>) -> io::Result<()> {
        let place = (row.run, row.member);
        if self.open == Some(place) {
            writeln!(self.output, ",")?;
        } else {
            let comma = if self.open.is_some() { "," } else { "" };
            write!(self.output, "{comma}\n{{\"label\":{},", json!(self.labels[row.run]))?;
            if let Some(member) = row.member {
                let start = json!(row.descent.coordinates());
                write!(self.output, "\"run\":{},\"member\":{member},\"start\":{start},", row.run)?;
            }
            writeln!(self.output, "\"records\":[")?;
            self.open = Some(place);
        }
        write!(self.output, "{}", record(row, &self.columns))
    }

    fn end_of_run(&mut self, ending: &Ending<'_>) -> io::Result<()> {
        let events: Vec<_> = ending.events.iter().map(happening).collect();
        write!(self.output, "],\"events\":{},\"outcome\":{}}}", json!(events), outcome(ending.outcome))
    }

    fn end(&mut self) -> io::Result<()> {
        writeln!(self.output, "]}}")?;
        self.output.flush()
    }
}

/// A record with the names of the columns of the CSV.
pub fn record(row: &Row<'_>, columns: &[Column]) -> Value {
    let (record, descent) = (row.record, row.descent);
    let mut value = json!({
        "step": record.step,
        "loss": number(record.loss),
        "gradient_norm": number(record.gradient_norm),
        "sharpness": number(record.sharpness),
        "step_size": record.step_size.map(number),
        "product": record.step_times_sharpness().map(number),
        "reference": record.reference.map(number),
        "function_evaluations": record.evaluations.function,
        "gradient_evaluations": record.evaluations.gradient,
        "hvp_evaluations": record.evaluations.hvp,
        "x": descent.coordinates().iter().map(|x| number(*x)).collect::<Vec<_>>(),
    });
    let columns = columns.iter().map(|column| column.name().to_owned()).zip(descent.columns().iter().copied());
    let quartiles = row.quartiles.into_iter().flatten().flat_map(Quartiles::to_array);
    for (name, found) in columns.chain(quartile_names().zip(quartiles)) {
        // In these NaN stands for what does not exist at this iterate.
        value[name] = if found.is_nan() { Value::Null } else { number(found) };
    }
    value
}

/// A number, or the word for one that is not finite.
fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else if value.is_nan() {
        json!("NaN")
    } else {
        json!(if value > 0.0 { "Infinity" } else { "-Infinity" })
    }
}

/// From which starts the runs were computed, where there are several.
pub fn ensemble(experiment: &Experiment) -> Option<Value> {
    let spec = experiment.ensemble?;
    Some(json!({ "size": spec.size, "spread": spec.spread, "seed": experiment.seed }))
}

/// Something that happened to a run, with the values at that iterate.
pub fn happening(event: &Event) -> Value {
    json!({
        "step": event.step,
        "event": event.kind.words(),
        "loss": number(event.loss),
        "sharpness": number(event.sharpness),
        "step_size": event.step_size.map(number),
        "product": event.product.map(number),
    })
}

/// How a run ended.
pub fn outcome(outcome: &Outcome) -> Value {
    let mut told = json!({ "name": outcome.name(), "step": outcome.step(), "message": outcome.to_string() });
    if let Some(limit) = outcome.limit() {
        told["limit"] = json!(limit.name());
    }
    told
}
