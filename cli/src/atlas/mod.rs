//! `flatland atlas`: maps and bifurcation diagrams as pictures and as numbers.

mod diagram;
#[cfg(feature = "gpu")]
mod gpu;
mod map;
mod png;

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use flatland_atlas::npy;
use flatland_atlas::{MAX_SIDE, MapError};
use flatland_engine::Experiment;
use flatland_engine::number::{read as read_number, read_whole};
use flatland_host::document::read;
use indicatif::{ProgressBar, ProgressStyle};

use crate::Failure;
use crate::run::say;

/// What `flatland atlas` was asked to do.
#[derive(Args)]
pub struct Arguments {
    /// The experiment as JSON; "-" reads standard input.
    file: PathBuf,

    /// The axis across: a number of the experiment and its range, runs[0].policy.eta=log:0.01:2 or
    /// start[0]=lin:-2:2.
    #[arg(long, value_name = "FIELD=RANGE")]
    x: String,

    /// The axis up.
    #[arg(long, value_name = "FIELD=RANGE", required_unless_present = "bifurcation")]
    y: Option<String>,

    /// Which run of the experiment is drawn, counted from 0.
    #[arg(long, value_name = "N", default_value_t = 0)]
    run: usize,

    /// What a pixel shows: outcome (how the run ended), sharpness (λ₁ at its last iterate), share
    /// (of the steps beyond the edge, ηλ₁ > 2), lyapunov (the exponent), minimizer (which one it went
    /// to), loss (at its last iterate) or accuracy (of a network, on the test samples).
    #[arg(long, default_value = "outcome")]
    measure: String,

    /// Columns and rows.
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "800x600")]
    size: String,

    /// The steps of each run, in place of the experiment's.
    #[arg(long, value_name = "N", value_parser = read_whole)]
    steps: Option<u64>,

    /// Compute on the graphics card, in single precision, where there is one and the map has a
    /// shader.
    #[arg(long)]
    gpu: bool,

    /// For a dark ground.
    #[arg(long)]
    dark: bool,

    /// The files' path without its ending: PREFIX.png and PREFIX.npy are written.
    #[arg(long, value_name = "PREFIX", default_value = "atlas")]
    out: PathBuf,

    /// Draw a bifurcation diagram instead: up stands a coordinate (x0, x1, …), loss or sharpness of
    /// the last iterates.
    #[arg(long, value_name = "QUANTITY", conflicts_with_all = ["y", "measure"])]
    bifurcation: Option<String>,

    /// The lower end of a diagram's axis up.
    #[arg(long, value_name = "NUMBER", value_parser = read_number, requires = "bifurcation", allow_negative_numbers = true)]
    from: Option<f64>,

    /// Its higher end.
    #[arg(long, value_name = "NUMBER", value_parser = read_number, requires = "bifurcation", allow_negative_numbers = true)]
    to: Option<f64>,

    /// How many iterates of each column are drawn, after its steps.
    #[arg(long, value_name = "N", value_parser = read_whole, requires = "bifurcation", default_value_t = 500)]
    iterates: u64,
}

/// A drawing: what both files are made from.
struct Drawing {
    columns: usize,
    rows: usize,

    /// Three bytes a pixel, from the top.
    colors: Vec<u8>,

    /// Numbers of each pixel, from the top.
    numbers: Vec<f32>,

    /// How many there are for each pixel.
    depth: usize,

    /// What is drawn, for the picture's text.
    title: String,
    description: serde_json::Value,
}

/// Draws what was asked for, and says on standard error how it was computed.
pub fn atlas(arguments: &Arguments) -> Result<(), Failure> {
    let mut experiment = read(&arguments.file)?;
    if let Some(steps) = arguments.steps {
        experiment.steps = steps;
    }
    let size = parse_size(&arguments.size)?;
    let drawing = match &arguments.bifurcation {
        Some(quantity) => diagram::draw(arguments, &experiment, quantity, size)?,
        None => map::draw(arguments, &experiment, size)?,
    };
    write(&arguments.out, "png", |file| png::write(file, &drawing))?;
    write(&arguments.out, "npy", |file| {
        file.write_all(&npy::header(drawing.columns, drawing.rows, drawing.depth))?;
        drawing.numbers.iter().try_for_each(|number| file.write_all(&number.to_le_bytes()))
    })
}

/// `PREFIX.ending`.
fn write(
    prefix: &Path,
    ending: &str,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut path = prefix.as_os_str().to_owned();
    path.push(format!(".{ending}"));
    let path = PathBuf::from(path);
    let written = File::create(&path).and_then(|file| {
        let mut file = BufWriter::with_capacity(1 << 16, file);
        content(&mut file)?;
        file.flush()
    });
    written.map_err(|error| Failure::Io(format!("write {}", path.display()), error))?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}

/// `800x600`.
fn parse_size(text: &str) -> Result<(usize, usize), MapError> {
    let sides = text.split_once(['x', 'X', '×']);
    let sides = sides.and_then(|(columns, rows)| Some((columns.trim().parse().ok()?, rows.trim().parse().ok()?)));
    let (columns, rows): (usize, usize) = sides
        .ok_or_else(|| MapError::new("size", "WIDTHxHEIGHT", format!("\"{text}\""), "write for instance 800x600"))?;
    if !(1..=MAX_SIDE).contains(&columns) || !(1..=MAX_SIDE).contains(&rows) {
        let expected = format!("1 to {MAX_SIDE} pixels a side");
        return Err(MapError::new("size", expected, format!("{columns} × {rows}"), "choose a smaller picture"));
    }
    Ok((columns, rows))
}

/// A bar on standard error; nothing where that is not a terminal.
fn progress(count: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(count as u64);
    let style =
        ProgressStyle::with_template(&format!("{{wide_bar}} {{human_pos}} of {{human_len}} {what}, {{eta}} left"));
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// How many cores compute.
fn cores() -> String {
    match rayon::current_num_threads() {
        1 => "1 core".to_owned(),
        count => format!("{count} cores"),
    }
}

/// How long something took and how fast it was.
fn speed(steps: u64, since: Instant) -> String {
    let seconds = since.elapsed().as_secs_f64();
    let rate = steps as f64 / seconds.max(1e-9);
    let (scaled, unit) = match rate {
        1e9.. => (rate / 1e9, " billion"),
        1e6.. => (rate / 1e6, " million"),
        _ => (rate, ""),
    };
    format!("{steps} steps in {seconds:.2} s, {scaled:.3}{unit} steps per second")
}

/// The experiment as a part of a description.
fn document(experiment: &Experiment) -> serde_json::Value {
    serde_json::from_str(&experiment.to_json()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_limited() {
        assert_eq!(parse_size("800x600"), Ok((800, 600)));
        assert_eq!(parse_size("8192 × 1"), Ok((8192, 1)));
        for (text, part) in [("800", "WIDTHxHEIGHT"), ("0x5", "1 to 8192"), ("8193x5", "1 to 8192"), ("-1x5", "WIDTH")]
        {
            let error = parse_size(text).unwrap_err().to_string();
            assert!(error.starts_with("size: ") && error.contains(part), "{error}");
        }
    }
}
