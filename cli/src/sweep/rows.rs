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
//! Where a network's λ₁ is tracked at some steps only, the share is of those.
//!
//! With an ensemble these are of the experiment's own start; behind them stand the quartiles over
//! all starts of the five losses, sharpnesses and the share, as `final_loss_q1`,
//! `final_loss_median`, `final_loss_q3` and so on.
//!
//! Numbers are printed as `flatland run` prints them.

use std::io::{self, Write};

use flatland_export::csv;
use flatland_host::sweep::{COLUMNS, Cell, Summary, quartile_names};
use serde_json::{Map, Value, json};

use crate::SweepFormat;

/// Prints the line of column names, where the format has one.
pub fn header(output: &mut impl Write, format: SweepFormat, fields: &[&str], is_plural: bool) -> io::Result<()> {
    match format {
        SweepFormat::Csv => {
            let names: Vec<_> = fields.iter().chain(&COLUMNS).map(|name| csv::text(name)).collect();
            write!(output, "{}", names.join(","))?;
            for name in quartile_names().filter(|_| is_plural) {
                write!(output, ",{name}")?;
            }
            writeln!(output)
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
                    Cell::Text(text) => write!(output, "{comma}{}", csv::text(text))?,
                }
            }
            for value in summary.quartiles.iter().flat_map(|quartiles| quartiles.to_array()) {
                write!(output, ",{value:?}")?;
            }
            writeln!(output)
        }
        SweepFormat::Jsonl => {
            let quartiles = summary.quartiles.iter().flat_map(|quartiles| quartiles.to_array());
            let quartiles = quartile_names().zip(quartiles).map(|(name, value)| (name, json!(value)));
            let values = fields.iter().zip(values).map(|(field, value)| ((*field).to_owned(), json!(value)));
            let cells = COLUMNS.iter().zip(summary.cells()).map(|(name, cell)| {
                let value = match cell {
                    Cell::Count(count) => json!(count),
                    Cell::Number(number) => json!(number),
                    Cell::Text(text) => json!(text),
                };
                ((*name).to_owned(), value)
            });
            writeln!(output, "{}", Value::Object(values.chain(cells).chain(quartiles).collect::<Map<_, _>>()))
        }
    }
}
