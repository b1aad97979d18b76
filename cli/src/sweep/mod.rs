//! `flatland sweep`: an experiment on every point of a grid, on all cores.

mod kept;
mod rows;

use std::io::{self, StdoutLock, Write as _};
use std::path::Path;

use flatland_host::Cost;
use flatland_host::document::read;
use flatland_host::sweep::{Axis, Grid};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::run::say;
use crate::{Failure, SweepFormat};
use kept::{Kept, Shape};

/// Runs the experiment in `file` at every combination of the values in `over`, and prints a row for
/// each run; or puts it into the file `out`, from where an earlier call was interrupted.
///
/// The last field varies fastest. The order of the rows, and every bit of them, is the same however
/// many cores there are.
pub fn sweep(file: &Path, over: &[String], format: SweepFormat, out: Option<&Path>) -> Result<(), Failure> {
    let axes = over.iter().map(|text| Axis::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let experiment = read(file)?;
    let grid = Grid::new(&experiment, axes)?;
    for axis in grid.axes().filter(|axis| axis.is_list) {
        say(&axis.told());
    }
    let cost = Cost::of(&experiment, grid.len() * experiment.runs.len())?;
    let chunk = grid.chunk(cost.is_some());
    if let Some(cost) = cost {
        say(&cost.to_string());
    }
    let names: Vec<_> = grid.axes().map(|axis| axis.path.as_str()).collect();
    let is_plural = !grid.document["ensemble"].is_null();
    if is_plural {
        say("rows are of the experiment's own start, their columns _q1, _median and _q3 the quartiles over all starts");
    }
    let mut head = Vec::new();
    rows::header(&mut head, format, &names, is_plural)?;
    let mut output = match out {
        None => Output::Printed(io::stdout().lock()),
        Some(path) => {
            let identity = identity(&grid, format).to_string();
            let shape = Shape { identity: &identity, head: &head, rows: experiment.runs.len() };
            Output::Kept(Kept::open(path, &shape)?)
        }
    };
    let begun = match &mut output {
        Output::Printed(output) => output.write_all(&head).map(|()| 0)?,
        Output::Kept(kept) => kept.points,
    };
    if begun > 0 {
        say(&format!("{begun} of {} points are there already", grid.len()));
    }
    let progress = progress(grid.len());
    progress.inc(begun as u64);
    progress.reset_eta();
    for first in (begun..grid.len()).step_by(chunk) {
        let points = first..(first + chunk).min(grid.len());
        let summaries = grid.run_all(points, || {
            progress.inc(1);
            true
        })?;
        let mut rows = Vec::new();
        for (i, summaries) in summaries.into_iter().enumerate() {
            let values = grid.values(first + i);
            for summary in summaries {
                rows::row(&mut rows, format, &names, &values, &summary)?;
            }
        }
        match &mut output {
            Output::Printed(output) => output.write_all(&rows).and_then(|()| output.flush())?,
            Output::Kept(kept) => kept.add(&rows)?,
        }
    }
    progress.finish_and_clear();
    Ok(())
}

/// Where the rows go.
enum Output {
    Printed(StdoutLock<'static>),
    Kept(Kept),
}

/// A bar on standard error; nothing where that is not a terminal.
fn progress(points: usize) -> ProgressBar {
    let bar = ProgressBar::new(points as u64);
    let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} points, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// What the rows are rows of.
fn identity(grid: &Grid, format: SweepFormat) -> Value {
    let axes = grid.axes().map(|axis| json!({ "field": axis.path, "values": axis.values }));
    let format = match format {
        SweepFormat::Csv => "csv",
        SweepFormat::Jsonl => "jsonl",
    };
    json!({ "experiment": grid.document, "over": axes.collect::<Vec<_>>(), "format": format })
}
