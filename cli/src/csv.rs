//! Records as comma-separated values; see [`flatland_export::csv`] for what they look like.

use std::io::{self, Write};

use flatland_engine::phase::Event;
use flatland_engine::{Descent, Experiment, Outcome, Record};
use flatland_export::csv;

use crate::run::Report;

/// Writes to this.
pub struct Csv<W>(pub W);

impl<W: Write> Report for Csv<W> {
    fn begin(&mut self, experiment: &Experiment) -> io::Result<()> {
        csv::head(&mut self.0, experiment)
    }

    fn record(&mut self, run: usize, record: &Record, descent: &Descent) -> io::Result<()> {
        csv::row(&mut self.0, run, record, descent)
    }

    fn end_of_run(&mut self, _run: usize, _outcome: &Outcome, _events: &[Event]) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
