//! What a sweep prints: one row per run of each point of the grid.
//!
//! | column | what |
//! |---|---|
//! | the fields swept over | their values at the point |
//! | `run` | the run's index in the experiment |
//! | `policy` | its title: its label, or its policy with what distinguishes it |
//! | `outcome` | `converged`, `diverged`, `unbounded`, `stalled` or `budget` |
//! | `end_step` | the index of the last iterate |
//! | `final_loss`, `best_loss` | the loss at the last iterate, and the lowest |
//! | `final_sharpness`, `flattest_sharpness` | λ₁ at the last iterate, and the lowest |
//! | `share_beyond_edge` | the share of the steps at whose start 2λ₁/threshold > 2, which is ηλ₁ > 2 for plain steps |
//! | `function_evaluations`, `gradient_evaluations`, `hvp_evaluations` | what the policy asked for |
//!
//! Numbers are printed as `flatland run` prints them.

use std::io::{self, Write};

use flatland_engine::policy::Evaluations;
use flatland_engine::{Descent, Experiment, ExperimentError};
use serde_json::{Map, Value, json};

use crate::SweepFormat;

const COLUMNS: [&str; 12] = [
    "run",
    "policy",
    "outcome",
    "end_step",
    "final_loss",
    "best_loss",
    "final_sharpness",
    "flattest_sharpness",
    "share_beyond_edge",
    "function_evaluations",
    "gradient_evaluations",
    "hvp_evaluations",
];

/// A run in one line.
pub struct Summary {
    run: usize,
    policy: String,
    outcome: &'static str,
    end_step: u64,
    final_loss: f64,
    best_loss: f64,
    final_sharpness: f64,
    flattest_sharpness: f64,
    share_beyond_edge: f64,
    evaluations: Evaluations,
}

impl Summary {
    /// Computes run number `run` to its end.
    pub fn of(experiment: &Experiment, run: usize) -> Result<Self, ExperimentError> {
        let mut descent = Descent::new(experiment, run)?;
        let mut summary = Self {
            run,
            policy: experiment.runs[run].title(),
            outcome: "",
            end_step: 0,
            final_loss: f64::NAN,
            best_loss: f64::NAN,
            final_sharpness: f64::NAN,
            flattest_sharpness: f64::NAN,
            share_beyond_edge: f64::NAN,
            evaluations: Evaluations::default(),
        };
        let (mut steps, mut beyond) = (0_u64, 0_u64);
        while let Some(record) = descent.advance() {
            // The smaller of NaN and a number is the number.
            summary.best_loss = summary.best_loss.min(record.loss);
            summary.flattest_sharpness = summary.flattest_sharpness.min(record.sharpness);
            (summary.final_loss, summary.final_sharpness) = (record.loss, record.sharpness);
            summary.evaluations = record.evaluations;
            steps += u64::from(record.step_size.is_some());
            beyond += u64::from(record.product().is_some_and(|product| product > 2.0));
        }
        if let Some(outcome) = descent.outcome() {
            (summary.outcome, summary.end_step) = (outcome.name(), outcome.step());
        }
        summary.share_beyond_edge = beyond as f64 / steps as f64;
        Ok(summary)
    }

    /// Everything that a row says, in the order of [`COLUMNS`].
    fn cells(&self) -> [Cell<'_>; COLUMNS.len()] {
        let Self { outcome, evaluations, .. } = self;
        [
            Cell::Count(self.run as u64),
            Cell::Text(&self.policy),
            Cell::Text(outcome),
            Cell::Count(self.end_step),
            Cell::Number(self.final_loss),
            Cell::Number(self.best_loss),
            Cell::Number(self.final_sharpness),
            Cell::Number(self.flattest_sharpness),
            Cell::Number(self.share_beyond_edge),
            Cell::Count(evaluations.function),
            Cell::Count(evaluations.gradient),
            Cell::Count(evaluations.hvp),
        ]
    }
}

enum Cell<'a> {
    Count(u64),
    Number(f64),
    Text(&'a str),
}

/// Prints the line of column names, where the format has one.
pub fn header(output: &mut impl Write, format: SweepFormat, fields: &[&str]) -> io::Result<()> {
    match format {
        SweepFormat::Csv => {
            let names: Vec<_> = fields.iter().chain(&COLUMNS).map(|name| quoted(name)).collect();
            writeln!(output, "{}", names.join(","))
        }
        SweepFormat::Jsonl => Ok(()),
    }
}

/// Prints the row of a run at the point with these values.
pub fn row(
    output: &mut impl Write,
    format: SweepFormat,
    fields: &[&str],
    values: &[f64],
    summary: &Summary,
) -> io::Result<()> {
    match format {
        SweepFormat::Csv => {
            for value in values {
                write!(output, "{value:?},")?;
            }
            for (i, cell) in summary.cells().iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                match cell {
                    Cell::Count(count) => write!(output, "{comma}{count}")?,
                    Cell::Number(number) => write!(output, "{comma}{number:?}")?,
                    Cell::Text(text) => write!(output, "{comma}{}", quoted(text))?,
                }
            }
            writeln!(output)
        }
        SweepFormat::Jsonl => {
            let values = fields.iter().zip(values).map(|(field, value)| ((*field).to_owned(), json!(value)));
            let cells = COLUMNS.iter().zip(summary.cells()).map(|(name, cell)| {
                let value = match cell {
                    Cell::Count(count) => json!(count),
                    Cell::Number(number) => json!(number),
                    Cell::Text(text) => json!(text),
                };
                ((*name).to_owned(), value)
            });
            writeln!(output, "{}", Value::Object(values.chain(cells).collect::<Map<_, _>>()))
        }
    }
}

/// A text as RFC 4180 wants it: in quotes where it holds a comma, a quote or a line break.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
