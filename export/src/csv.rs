//! Records as comma-separated values.
//!
//! Numbers are in the shortest form that reads back as the same bits, with `inf` and `NaN` for what is not finite;
//! what does not exist is empty. The column `product` is step_size × sharpness, whatever the method. The
//! columns that an experiment asks for stand last.

use std::io::{self, Write};

use flatland_engine::{Descent, Experiment, ExperimentError, Record};

const COLUMNS: &str = "run,step,loss,gradient_norm,sharpness,step_size,product,reference,function_evaluations,\
                       gradient_evaluations,hvp_evaluations";

/// Writes the head.
///
/// # Errors
///
/// If `output` cannot be written to.
pub fn head(mut output: impl Write, experiment: &Experiment) -> io::Result<()> {
    write!(output, "{COLUMNS}")?;
    for i in 0..experiment.start.len() {
        write!(output, ",x{i}")?;
    }
    for column in &experiment.columns {
        write!(output, ",{}", column.name())?;
    }
    writeln!(output)
}

/// Writes the row of a record of `descent`, which is run number `run`.
///
/// # Errors
///
/// If `output` cannot be written to.
pub fn row(mut output: impl Write, run: usize, record: &Record, descent: &Descent) -> io::Result<()> {
    let Record { step, loss, gradient_norm, sharpness, evaluations, .. } = record;
    write!(output, "{run},{step},{loss:?},{gradient_norm:?},{sharpness:?}")?;
    for number in [record.step_size, record.step_times_sharpness(), record.reference] {
        optional(&mut output, number)?;
    }
    write!(output, ",{},{},{}", evaluations.function, evaluations.gradient, evaluations.hvp)?;
    for x in descent.iterate() {
        write!(output, ",{x:?}")?;
    }
    for &value in descent.columns() {
        optional(&mut output, Some(value).filter(|value| !value.is_nan()))?;
    }
    writeln!(output)
}

fn optional(mut output: impl Write, number: Option<f64>) -> io::Result<()> {
    match number {
        Some(number) => write!(output, ",{number:?}"),
        None => write!(output, ","),
    }
}

/// The whole table, piece by piece, so that its length does not matter.
pub struct Table {
    experiment: Experiment,
    run: usize,
    descent: Option<Descent>,
    has_head: bool,
    rows: u64,
}

impl Table {
    /// The table of an experiment.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid.
    pub fn new(experiment: Experiment) -> Result<Self, ExperimentError> {
        let descent = Some(Descent::new(&experiment, 0)?);
        Ok(Self { experiment, run: 0, descent, has_head: false, rows: 0 })
    }

    /// Rows written so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The next `rows` rows at the most, after the head; None when there are no more.
    ///
    /// # Errors
    ///
    /// Never for an experiment that [`Table::new`] took.
    pub fn piece(&mut self, rows: usize) -> Result<Option<Vec<u8>>, ExperimentError> {
        let mut text = Vec::new();
        // Writing to memory cannot fail.
        if !std::mem::replace(&mut self.has_head, true) {
            let _ = head(&mut text, &self.experiment);
        }
        let mut left = rows;
        while let Some(descent) = self.descent.as_mut().filter(|_| left > 0) {
            if let Some(record) = descent.advance() {
                let _ = row(&mut text, self.run, &record, descent);
                self.rows += 1;
                left -= 1;
            } else {
                self.run += 1;
                let is_there = self.run < self.experiment.runs.len();
                self.descent = if is_there { Some(Descent::new(&self.experiment, self.run)?) } else { None };
            }
        }
        Ok((!text.is_empty()).then_some(text))
    }
}
