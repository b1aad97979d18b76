//! The `flatland` command: experiments on the host, with the engine of the page.
//!
//! Exit status: 0 where the experiment ran, also where a run diverged, which is a result; 2 for an invalid experiment;
//! 1 for anything else. Results go to standard output, everything else to standard error.

mod csv;
mod json;
mod jsonl;
mod list;
mod run;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand, ValueEnum};
use flatland_engine::ExperimentError;

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
    Run {
        /// The experiment as JSON; "-" reads standard input.
        file: PathBuf,

        /// How to print the records.
        #[arg(long, value_enum, default_value_t = RunFormat::Csv)]
        format: RunFormat,
    },

    /// List the objectives and policies with their parameters.
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

#[derive(Clone, Copy, ValueEnum)]
enum ListFormat {
    Text,
    Json,
}

/// Why the command failed.
enum Failure {
    InvalidExperiment(ExperimentError),

    /// What was being done, and what went wrong.
    Io(String, io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidExperiment(error) => write!(f, "invalid experiment: {error}"),
            Self::Io(action, error) => write!(f, "cannot {action}: {error}"),
        }
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        Self::InvalidExperiment(error)
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
        Command::Run { file, format } => run::run(&file, format),
        Command::List { format } => list::list(format),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the results has seen enough.
        Err(Failure::Io(_, error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("flatland: {failure}");
            match failure {
                Failure::InvalidExperiment(_) => ExitCode::from(2),
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
