//! Records as comma-separated values; see [`flatland_export::csv`] for what they look like.

use std::io::{self, Write};

use flatland_engine::Experiment;
use flatland_export::csv::{self, Row};

use super::{Ending, Report};

/// Writes to this.
pub struct Csv<W>(pub W);

impl<W: Write> Report for Csv<W> {
    fn begin(&mut self, experiment: &Experiment, has_members: bool) -> io::Result<()> {
        csv::head(&mut self.0, experiment, has_members)
    }

    fn record(&mut self, row: &Row<'_>) -> io::Result<()> {
        csv::row(&mut self.0, row)
    }

    fn end_of_run(&mut self, _ending: &Ending<'_>) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
