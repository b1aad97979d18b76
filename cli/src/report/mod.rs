//! The forms in which `flatland run` prints records, one file each.

mod csv;
mod json;
mod jsonl;

use std::io;

use flatland_engine::phase::Event;
use flatland_engine::{Experiment, Outcome};
use flatland_export::csv::Row;

pub use csv::Csv;
pub use json::Json;
pub use jsonl::JsonLines;

/// Where records go.
pub trait Report {
    fn begin(&mut self, experiment: &Experiment, has_members: bool) -> io::Result<()>;

    fn record(&mut self, row: &Row<'_>) -> io::Result<()>;

    fn end_of_run(&mut self, ending: &Ending<'_>) -> io::Result<()>;

    fn end(&mut self) -> io::Result<()>;
}

/// How a run ended, from one of its starts.
pub struct Ending<'a> {
    pub run: usize,

    /// Which of the starts, where each is printed.
    pub member: Option<usize>,

    pub outcome: &'a Outcome,
    pub events: &'a [Event],
}
