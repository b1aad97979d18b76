//! `flatland sweep`: an experiment on every point of a grid, on all cores.

mod kept;
mod rows;
mod table;

use std::io::{self, StdoutLock, Write as _};
use std::path::Path;

use flatland_host::Cost;
use flatland_host::document::read;
use flatland_host::sweep::parquet::Metadata;
use flatland_host::sweep::{Axis, Grid, Points, Shard, SweepError, schema};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::run::say;
use crate::{Failure, SweepFormat};
use kept::{Kept, Shape};
use rows::Layout;
use table::Table;

/// What is asked for.
pub struct Request<'a> {
    /// The experiment's document.
    pub file: &'a Path,

    /// The fields with their values.
    pub over: &'a [String],

    /// How rows are written; by the ending of `out` where it is not said.
    pub format: Option<SweepFormat>,

    /// Which part of the grid, such as `3/16`; all of it where there is none.
    pub shard: Option<&'a str>,

    /// Where the rows go; they are printed where there is none.
    pub out: Option<&'a Path>,
}

/// Runs the experiment at every combination of the values, and prints a row for each run; or puts
/// it into a file, from where an earlier call was interrupted.
///
/// The last field varies fastest. The order of the rows, and every bit of them, is the same however
/// many cores there are.
pub fn sweep(request: &Request) -> Result<(), Failure> {
    let format = chosen(request.format, request.out)?;
    let shard = request.shard.map(Shard::parse).transpose()?;
    let axes = request.over.iter().map(|text| Axis::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let experiment = read(request.file)?;
    let grid = Grid::new(&experiment, axes)?;
    for axis in grid.axes().filter(|axis| axis.is_list) {
        say(&axis.told());
    }
    let points = shard.map_or_else(|| Points::stretch(0, grid.len()), |shard| Points::of_shard(shard, grid.len()));
    if let Some(shard) = shard {
        say(&format!("shard {shard} has {} of {} points", points.len(), grid.len()));
    }
    let chunk = grid.chunk();
    if let Some(cost) = Cost::of(&experiment, points.len() * experiment.runs.len())? {
        say(&cost.to_string());
    }
    if grid.is_plural() {
        say("rows are of the experiment's own start, their columns _q1, _median and _q3 the quartiles over all starts");
    }
    let is_numbered = shard.is_some() || format == SweepFormat::Parquet;
    let layout = Layout {
        is_jsonl: format == SweepFormat::Jsonl,
        is_numbered,
        fields: grid.axes().map(|axis| axis.path.as_str()).collect(),
        is_plural: grid.is_plural(),
    };
    let mut head = Vec::new();
    layout.header(&mut head)?;
    let mut output = match request.out {
        None => Output::Printed(io::stdout().lock()),
        Some(path) => {
            let identity = identity(&grid, format, shard);
            let shape = Shape { identity: &identity, head: &head, rows: experiment.runs.len() };
            if format == SweepFormat::Parquet {
                let (schema, metadata) = (schema(&grid), Metadata::new(&grid, request.over, shard));
                match Table::open(path, &shape, schema, metadata)? {
                    Some(table) => Output::Tabled(Box::new(table)),
                    None => {
                        say(&format!("all {} points are there already", points.len()));
                        return Ok(());
                    }
                }
            } else {
                Output::Kept(Kept::open(path, path, &shape)?)
            }
        }
    };
    let begun = match &mut output {
        Output::Printed(output) => output.write_all(&head).map(|()| 0)?,
        Output::Kept(kept) => kept.points,
        Output::Tabled(table) => table.rows.points,
    };
    if begun > 0 {
        say(&format!("{begun} of {} points are there already", points.len()));
    }
    let progress = progress(points.len());
    progress.inc(begun as u64);
    progress.reset_eta();
    for first in (begun..points.len()).step_by(chunk) {
        let points = points.slice(first..first + chunk);
        let summaries = grid.run_all(points, || {
            progress.inc(1);
            true
        })?;
        let mut rows = Vec::new();
        for (point, summaries) in points.iter().zip(summaries) {
            let values = grid.values(point);
            for summary in summaries {
                layout.row(&mut rows, point, &values, &summary)?;
            }
        }
        match &mut output {
            Output::Printed(output) => output.write_all(&rows).and_then(|()| output.flush())?,
            Output::Kept(kept) => kept.add(&rows)?,
            Output::Tabled(table) => table.rows.add(&rows)?,
        }
    }
    progress.finish_and_clear();
    if let Output::Tabled(table) = output {
        table.finish()?;
    }
    Ok(())
}

/// Where the rows go.
enum Output {
    Printed(StdoutLock<'static>),
    Kept(Kept),
    Tabled(Box<Table>),
}

/// The format that is asked for, or that of the file's ending.
fn chosen(format: Option<SweepFormat>, out: Option<&Path>) -> Result<SweepFormat, SweepError> {
    let wrong = |field: &str, expected: &str, found: String, remedy: &str| {
        let (field, expected, remedy) = (field.to_owned(), expected.to_owned(), remedy.to_owned());
        Err(SweepError { field, expected, found, remedy })
    };
    let Some(out) = out else {
        return match format {
            Some(SweepFormat::Parquet) => {
                let found = "parquet without a file".to_owned();
                wrong("--format", "csv or jsonl for rows that are printed", found, "add --out grid.parquet")
            }
            format => Ok(format.unwrap_or(SweepFormat::Csv)),
        };
    };
    let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let of_ending = SweepFormat::ALL.into_iter().find(|known| ending.as_deref() == Some(known.name()));
    match (format, of_ending) {
        (None, None) => {
            let remedy = "end it so, or say which of them it is: --format csv";
            wrong("--out", "a name that ends in .csv, .jsonl or .parquet", format!("\"{}\"", out.display()), remedy)
        }
        (Some(format), Some(other)) if format != other => {
            let found = format!("{} for \"{}\"", format.name(), out.display());
            wrong("--format", &format!("{}, as the file's name ends", other.name()), found, "leave --format out")
        }
        (Some(format), _) | (None, Some(format)) => Ok(format),
    }
}

/// A bar on standard error; nothing where that is not a terminal.
fn progress(points: usize) -> ProgressBar {
    let bar = ProgressBar::new(points as u64);
    let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} points, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// What the rows are rows of, as text.
fn identity(grid: &Grid, format: SweepFormat, shard: Option<Shard>) -> String {
    let mut identity = grid.identity();
    identity["format"] = json!(format.name());
    if let Some(shard) = shard {
        identity["shard"] = json!(shard.to_string());
    }
    identity.to_string()
}
