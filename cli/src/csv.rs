//! Records as comma-separated values.
//!
//! Numbers are in the shortest form that reads back as the same bits, with `inf` and `NaN` for what is not finite;
//! what does not exist is empty. The column `product` is step_size × sharpness, whatever the method. The
//! columns that an experiment asks for stand last.

use std::io::{self, Write};

use flatland_engine::{Descent, Experiment, Outcome, Record};

use crate::run::Report;

const COLUMNS: &str = "run,step,loss,gradient_norm,sharpness,step_size,product,reference,function_evaluations,\
                       gradient_evaluations,hvp_evaluations";

/// Writes to this.
pub struct Csv<W>(pub W);

impl<W: Write> Csv<W> {
    fn optional(&mut self, number: Option<f64>) -> io::Result<()> {
        match number {
            Some(number) => write!(self.0, ",{number:?}"),
            None => write!(self.0, ","),
        }
    }
}

impl<W: Write> Report for Csv<W> {
    fn begin(&mut self, experiment: &Experiment) -> io::Result<()> {
        write!(self.0, "{COLUMNS}")?;
        for i in 0..experiment.start.len() {
            write!(self.0, ",x{i}")?;
        }
        for column in &experiment.columns {
            write!(self.0, ",{}", column.name())?;
        }
        writeln!(self.0)
    }

    fn record(&mut self, run: usize, record: &Record, descent: &Descent) -> io::Result<()> {
        let Record { step, loss, gradient_norm, sharpness, evaluations, .. } = record;
        write!(self.0, "{run},{step},{loss:?},{gradient_norm:?},{sharpness:?}")?;
        self.optional(record.step_size)?;
        self.optional(record.step_times_sharpness())?;
        self.optional(record.reference)?;
        write!(self.0, ",{},{},{}", evaluations.function, evaluations.gradient, evaluations.hvp)?;
        for x in descent.iterate() {
            write!(self.0, ",{x:?}")?;
        }
        for &value in descent.columns() {
            self.optional(Some(value).filter(|value| !value.is_nan()))?;
        }
        writeln!(self.0)
    }

    fn end_of_run(&mut self, _run: usize, _outcome: &Outcome) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
