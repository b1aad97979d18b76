//! The loops on the host: `flatland-bench record EXPERIMENT COUNT` or `flatland-bench map
//! EXPERIMENT X Y MEASURE SIDE` or `flatland-bench multiply WHO ROWS INNER COLUMNS COUNT` prints the
//! milliseconds it took and its result.

use std::fmt::Display;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("expected a whole number, found {text:?}"));
    let outcome = match arguments[..] {
        ["record", experiment, count] => {
            number(count).and_then(|count| timed(count, |count| flatland_bench::record(experiment, count)))
        }
        ["map", experiment, x, y, measure, side] => {
            number(side).and_then(|side| timed(side, |side| flatland_bench::map(experiment, x, y, measure, side)))
        }
        ["multiply", who, rows, inner, columns, count] => number(rows).and_then(|rows| {
            let (inner, columns) = (number(inner)?, number(columns)?);
            timed(number(count)?, |count| flatland_bench::products::multiply(who, rows, inner, columns, count))
        }),
        _ => Err("usage: flatland-bench record EXPERIMENT COUNT | map EXPERIMENT X Y MEASURE SIDE | \
             multiply WHO ROWS INNER COLUMNS COUNT"
            .to_owned()),
    };
    match outcome {
        Ok((milliseconds, result)) => {
            println!("{milliseconds} {result:?}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The milliseconds that `run` takes for its whole size, after a quarter of it for caches and clock
/// rates; and its result.
fn timed<E: Display>(size: u32, run: impl Fn(u32) -> Result<f64, E>) -> Result<(f64, f64), String> {
    run(size.div_ceil(4)).map_err(|error| error.to_string())?;
    let start = Instant::now();
    let result = run(size).map_err(|error| error.to_string())?;
    Ok((1e3 * start.elapsed().as_secs_f64(), result))
}
