//! What a sweep prints: one row per run of each point of the grid.
//!
//! | column | what |
//! |---|---|
//! | `point` | the point's number in the grid, from 0; in shards and Parquet alone |
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
use flatland_host::sweep::{COLUMNS, Cell, POINT, Summary, quartile_names};
use serde_json::{Map, Value, json};

/// The columns of the rows, and how they are printed.
pub struct Layout<'a> {
    /// Whether rows are objects, one a line; else comma-separated values.
    pub is_jsonl: bool,

    /// Whether the point's number stands before everything else.
    pub is_numbered: bool,

    /// The fields swept over.
    pub fields: Vec<&'a str>,

    /// Whether there are quartiles over several starts.
    pub is_plural: bool,
}

impl Layout<'_> {
    /// Prints the line of column names, where the format has one.
    pub fn header(&self, output: &mut impl Write) -> io::Result<()> {
        if self.is_jsonl {
            return Ok(());
        }
        let point = Some(POINT).filter(|_| self.is_numbered);
        let names: Vec<_> =
            point.into_iter().chain(self.fields.iter().copied()).chain(COLUMNS).map(csv::text).collect();
        write!(output, "{}", names.join(","))?;
        for name in quartile_names().filter(|_| self.is_plural) {
            write!(output, ",{name}")?;
        }
        writeln!(output)
    }

    /// Prints the row of a run at a point with these values.
    pub fn row(&self, output: &mut impl Write, point: usize, values: &[f64], summary: &Summary) -> io::Result<()> {
        let quartiles = summary.quartiles.iter().flat_map(|quartiles| quartiles.to_array());
        if self.is_jsonl {
            let point = Some((POINT.to_owned(), json!(point))).filter(|_| self.is_numbered);
            let quartiles = quartile_names().zip(quartiles).map(|(name, value)| (name, json!(value)));
            let values = self.fields.iter().zip(values).map(|(field, value)| ((*field).to_owned(), json!(value)));
            let cells = COLUMNS.iter().zip(summary.cells()).map(|(name, cell)| {
                let value = match cell {
                    Cell::Count(count) => json!(count),
                    Cell::Number(number) => json!(number),
                    Cell::Text(text) => json!(text),
                };
                ((*name).to_owned(), value)
            });
            let row = point.into_iter().chain(values).chain(cells).chain(quartiles);
            return writeln!(output, "{}", Value::Object(row.collect::<Map<_, _>>()));
        }
        if self.is_numbered {
            write!(output, "{point},")?;
        }
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
        for value in quartiles {
            write!(output, ",{value:?}")?;
        }
        writeln!(output)
    }
}
