//! `flatland run`.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use flatland_engine::experiment::ExperimentError;
use flatland_engine::phase::{Event, Log};
use flatland_engine::{Descent, Experiment, Outcome, Record};

use crate::csv::Csv;
use crate::document::read;
use crate::json::Json;
use crate::jsonl::JsonLines;
use crate::{Failure, RunFormat};

/// Where records go.
pub trait Report {
    fn begin(&mut self, experiment: &Experiment) -> io::Result<()>;

    fn record(&mut self, run: usize, record: &Record, descent: &Descent) -> io::Result<()>;

    fn end_of_run(&mut self, run: usize, outcome: &Outcome, events: &[Event]) -> io::Result<()>;

    fn end(&mut self) -> io::Result<()>;
}

/// Runs the experiment in `file` and prints its records, and on standard error how each run ended.
pub fn run(file: &Path, format: RunFormat) -> Result<(), Failure> {
    let experiment = read(file)?;
    // All runs are set up before the first row, so that an invalid experiment prints none.
    let descents = (0..experiment.runs.len()).map(|run| Descent::new(&experiment, run));
    let descents = descents.collect::<Result<Vec<_>, ExperimentError>>()?;
    let output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match format {
        RunFormat::Csv => report(&experiment, descents, Csv(output)),
        RunFormat::Json => report(&experiment, descents, Json::new(output)),
        RunFormat::Jsonl => report(&experiment, descents, JsonLines::new(output)),
    }
}

fn report(experiment: &Experiment, descents: Vec<Descent>, mut report: impl Report) -> Result<(), Failure> {
    report.begin(experiment)?;
    for (run, mut descent) in descents.into_iter().enumerate() {
        let mut log = Log::new(experiment.start.len());
        while let Some(record) = descent.advance() {
            log.see(&record, descent.iterate(), descent.outcome());
            report.record(run, &record, &descent)?;
        }
        if let Some(outcome) = descent.outcome() {
            report.end_of_run(run, outcome, log.events())?;
            // Unlike eprintln, this does not panic where standard error is closed.
            let _ = writeln!(io::stderr(), "run {run} ({}): {outcome}", experiment.runs[run].title());
        }
    }
    Ok(report.end()?)
}
