//! `flatland run`.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use flatland_engine::ensemble::{Ensemble, members};
use flatland_engine::experiment::{ErrorKind, FieldError};
use flatland_engine::number::exact;
use flatland_engine::phase::Log;
use flatland_engine::{Descent, Experiment};
use flatland_export::csv::Row;
use flatland_host::Cost;
use flatland_host::document::read;

use crate::report::{Csv, Ending, Json, JsonLines, Report};
use crate::{Failure, RunFormat};

/// Runs the experiment in `file` and prints its records, and on standard error how each run ended.
///
/// With several starts a record is that of the experiment's own start, with the quartiles over all;
/// `each_member` prints the records of every start instead.
pub fn run(file: &Path, format: RunFormat, each_member: bool) -> Result<(), Failure> {
    let experiment = read(file)?;
    if each_member && experiment.ensemble.is_none() {
        return Err(no_ensemble().into());
    }
    // All runs are set up before the first row, so that an invalid experiment prints none.
    let ensembles = (0..experiment.runs.len()).map(|run| Ensemble::new(&experiment, run));
    let ensembles = ensembles.collect::<Result<Vec<_>, FieldError>>()?;
    let starts = if each_member { members(&experiment)? } else { Vec::new() };
    if let Some(cost) = Cost::of(&experiment, experiment.runs.len())?.filter(Cost::is_long) {
        say(&cost.to_string());
    }
    let output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if let Some(spec) = experiment.ensemble {
        let (size, spread, seed) = (spec.size, exact(spec.spread), experiment.seed);
        let rows = if each_member {
            "each has its rows"
        } else {
            "rows are of the first, their columns _q1, _median and _q3 are the quartiles over all; --members prints each"
        };
        say(&format!("{size} starts of each run (spread {spread}, seed {seed}): {rows}"));
    }
    match format {
        RunFormat::Csv => report(&experiment, ensembles, &starts, Csv(output)),
        RunFormat::Json => report(&experiment, ensembles, &starts, Json::new(output)),
        RunFormat::Jsonl => report(&experiment, ensembles, &starts, JsonLines::new(output)),
    }
}

fn no_ensemble() -> FieldError {
    FieldError {
        kind: ErrorKind::Missing,
        field: "ensemble".to_owned(),
        expected: "several starts, whose records --members prints".to_owned(),
        found: "nothing".to_owned(),
        remedy: "add \"ensemble\": {\"size\": 16, \"spread\": 0.05}, or leave --members out".to_owned(),
    }
}

/// Prints the records of all `members` of every run, or of its ensemble where there are none.
fn report(
    experiment: &Experiment,
    ensembles: Vec<Ensemble>,
    members: &[Experiment],
    mut report: impl Report,
) -> Result<(), Failure> {
    report.begin(experiment, !members.is_empty())?;
    for (run, mut ensemble) in ensembles.into_iter().enumerate() {
        let title = experiment.runs[run].title();
        for (number, member) in members.iter().enumerate() {
            let mut descent = Descent::new(member, run)?;
            let mut log = Log::new(descent.sketch().len());
            while descent.go_on() {
                log.see(descent.record(), descent.sketch(), descent.outcome());
                let record = descent.record();
                report.record(&Row { run, member: Some(number), record, descent: &descent, quartiles: None })?;
            }
            if let Some(outcome) = descent.outcome() {
                report.end_of_run(&Ending { run, member: Some(number), outcome, events: log.events() })?;
                say(&format!("run {run}, member {number} ({title}): {outcome}"));
            }
        }
        if members.is_empty() {
            let mut log = Log::new(ensemble.lead().sketch().len());
            while ensemble.advance() {
                let row = Row::of(run, &mut ensemble);
                log.see(row.record, row.descent.sketch(), row.descent.outcome());
                report.record(&row)?;
            }
            if let Some(outcome) = ensemble.lead().outcome() {
                report.end_of_run(&Ending { run, member: None, outcome, events: log.events() })?;
                say(&format!("run {run} ({title}): {outcome}"));
            }
        }
    }
    Ok(report.end()?)
}

/// A line on standard error.
pub fn say(line: &str) {
    // Unlike eprintln, this does not panic where standard error is closed.
    let _ = writeln!(io::stderr(), "{line}");
}
