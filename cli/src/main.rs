//! The `flatland` command: experiments on the host, with the engine of the page.
//!
//! Exit status: 0 where the experiment ran, also where a run diverged, which is a result; 2 for an
//! invalid experiment, sweep or map; 1 for anything else. Results go to standard output, everything
//! else to standard error.

mod atlas;
mod list;
mod python;
mod report;
mod run;
mod sweep;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand, ValueEnum};
use flatland_atlas::MapError;
use flatland_engine::FieldError;

use flatland_host::ReadError;
use flatland_host::sweep::SweepError;

/// Run gradient descent with large step sizes, and see what the sharpness does.
#[derive(Parser)]
#[command(name = "flatland", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run an experiment and print one row per iterate.
    ///
    /// With "ensemble": {"size": 16, "spread": 0.05} every run has 16 starts. A row is then that of
    /// the experiment's own start, and its last columns are the quartiles over all starts: loss_q1,
    /// loss_median, loss_q3, and the same of sharpness and product (2λ₁/threshold, which is ηλ₁ for
    /// plain steps). A start that has converged keeps its last values, one that has diverged counts
    /// as an infinite loss.
    Run {
        /// The experiment as JSON; "-" reads standard input.
        file: PathBuf,

        /// How to print the records.
        #[arg(long, value_enum, default_value_t = RunFormat::Csv)]
        format: RunFormat,

        /// Print the rows of every start of an ensemble, with a column "member", in place of
        /// quartiles.
        #[arg(long)]
        members: bool,
    },

    /// Run an experiment on a grid of values and print one row per run of each point.
    ///
    /// Fields are named as in error messages: steps, start[0], stop.loss, objective.a,
    /// runs[0].policy.eta, runs[0].changes[0].step; also those that the experiment leaves to their
    /// defaults, the parameters of a typed formula: objective.expression.a, and those of a network:
    /// seed, objective.hidden[0], objective.data.samples, objective.initialization.scale.
    ///
    /// Rows come in the order of the grid, the last field varying fastest. Their columns: the
    /// fields' values, run, policy, outcome, end_step, final_loss, best_loss, final_sharpness,
    /// flattest_sharpness, share_beyond_edge (of the steps, those with 2λ₁/threshold > 2, which is
    /// ηλ₁ > 2 for plain steps), function_evaluations, gradient_evaluations and hvp_evaluations.
    /// With an ensemble these are of the experiment's own start, and the quartiles over all starts
    /// of the losses, sharpnesses and the share follow, as final_loss_q1, final_loss_median,
    /// final_loss_q3 and so on.
    ///
    /// Parquet files (--out grid.parquet, compressed with zstd) and shards have a first column,
    /// point, with the point's number in the grid, from 0. In Parquet files each column has a
    /// description and mostly a unit in its field's metadata; the file's own metadata say which
    /// experiment it is (flatland.experiment), over what, and by which version.
    Sweep {
        /// The experiment as JSON; "-" reads standard input.
        file: PathBuf,

        /// A field and its values: runs[0].policy.eta=log:0.01:2:50 for 50 values from 0.01 to 2,
        /// evenly in the logarithm; start[0]=lin:-2:2:41 evenly; objective.a=0.1,0.2,0.5 as listed.
        /// Repeat it for a grid: at most 10 million points.
        #[arg(long, value_name = "FIELD=RANGE", required = true)]
        over: Vec<String>,

        /// How to write the rows: csv where nothing else is said, and for a file what its name ends
        /// in.
        #[arg(long, value_enum)]
        format: Option<SweepFormat>,

        /// Put the rows into this file instead of printing them: .csv, .jsonl or .parquet. The same
        /// command goes on where it was interrupted; FILE.sweep says what the rows are of. A Parquet
        /// file is there once it is whole; until then rows are kept in FILE.rows.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,

        /// Compute a part of the grid, for one of several machines: 3/16 is the third of sixteen,
        /// every 16th point from the third. All shards together are the grid, each point once.
        #[arg(long, value_name = "NUMBER/SHARDS")]
        shard: Option<String>,
    },

    /// Draw a map over whole runs, a pixel each, or a bifurcation diagram, as a picture and as
    /// numbers.
    ///
    /// Fields are named as in error messages; any two numbers of the experiment can be axes:
    /// runs[0].policy.eta, start[0], objective.a, and the parameters of a typed formula,
    /// objective.expression.a. Ranges are lin:FROM:TO or log:FROM:TO, pixels stand for their
    /// centers. Of a network also seed, objective.hidden[0] and objective.data.samples, at the whole
    /// number next to a pixel's center: seed=lin:0:9 in ten rows are the seeds 0 to 9.
    ///
    /// PREFIX.png has what is drawn as text inside. PREFIX.npy, for numpy.load, has
    /// single-precision numbers, rows from the top: of a map (rows, columns, 4) with how the run
    /// ended (1 converged, 2 periodic, 3 chaotic, 4 unsettled, 5 diverged, 6 stalled, 7 undefined),
    /// what is measured (for outcomes the steps or the period; for minimizers the least eigenvalue
    /// of the Hessian where the run converged, negative at maxima and saddles; NaN where there is
    /// none) and the first two coordinates of the last iterate; of a diagram (rows, columns) with
    /// how often each pixel was hit.
    ///
    /// Standard error says how the map was computed and how fast; for a graphics card, also how
    /// many of a sample of pixels fare differently in double precision. Where a card cannot be used
    /// the processor computes.
    Atlas(atlas::Arguments),

    /// Print one run of an experiment as a Python script that needs nothing but NumPy.
    ///
    /// The script prints step, loss, sharpness and step size, and draws them where matplotlib is
    /// there. That of a network on images or on a table reads the data from the folder that it lies
    /// in, or from the one given to it: python3 script.py FOLDER.
    Python {
        /// The experiment as JSON; "-" reads standard input.
        file: PathBuf,

        /// Which run, counted from 0.
        #[arg(long, default_value_t = 0)]
        run: usize,
    },

    /// List the objectives, networks, data sets and policies with their parameters.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RunFormat {
    /// Comma-separated values
    Csv,

    /// One document
    Json,

    /// One object a line
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SweepFormat {
    /// Comma-separated values
    Csv,

    /// One object a line
    Jsonl,

    /// A table in columns, for --out
    Parquet,
}

impl SweepFormat {
    const ALL: [Self; 3] = [Self::Csv, Self::Jsonl, Self::Parquet];

    /// Its name, with which files end.
    const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum ListFormat {
    Text,
    Json,
}

/// Why the command failed.
enum Failure {
    InvalidExperiment(FieldError),

    InvalidSweep(SweepError),

    InvalidMap(MapError),

    /// What was being done, and what went wrong.
    Io(String, io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidExperiment(error) => write!(f, "invalid experiment: {error}"),
            Self::InvalidSweep(error) => write!(f, "invalid sweep: {error}"),
            Self::InvalidMap(error) => write!(f, "invalid map: {error}"),
            Self::Io(action, error) => write!(f, "cannot {action}: {error}"),
        }
    }
}

impl From<FieldError> for Failure {
    fn from(error: FieldError) -> Self {
        Self::InvalidExperiment(error)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid(error) => Self::InvalidExperiment(error),
            ReadError::Io(action, error) => Self::Io(action, error),
        }
    }
}

impl From<SweepError> for Failure {
    fn from(error: SweepError) -> Self {
        Self::InvalidSweep(error)
    }
}

impl From<MapError> for Failure {
    fn from(error: MapError) -> Self {
        Self::InvalidMap(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io("write the results".to_owned(), error)
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return answer(&error),
    };
    let result = match arguments.command {
        Command::Run { file, format, members } => run::run(&file, format, members),
        Command::Sweep { file, over, format, out, shard } => sweep::sweep(&sweep::Request {
            file: &file,
            over: &over,
            format,
            shard: shard.as_deref(),
            out: out.as_deref(),
        }),
        Command::Atlas(arguments) => atlas::atlas(&arguments),
        Command::Python { file, run } => python::python(&file, run),
        Command::List { format } => list::list(format),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the results has seen enough.
        Err(Failure::Io(_, error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("flatland: {failure}");
            match failure {
                Failure::InvalidExperiment(_) | Failure::InvalidSweep(_) | Failure::InvalidMap(_) => ExitCode::from(2),
                Failure::Io(..) => ExitCode::from(1),
            }
        }
    }
}

/// Prints the help that was asked for, or what is wrong with the arguments.
///
/// clap would exit with 2 for the latter, which here means an invalid experiment.
fn answer(error: &clap::Error) -> ExitCode {
    // Nothing is left to be done where even the message cannot be printed.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    }
}
