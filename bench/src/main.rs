//! The loop on the host: `flatland-bench EXPERIMENT COUNT` prints the milliseconds it took and its result.

use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, experiment, count] = &arguments[..] else {
        eprintln!("usage: flatland-bench EXPERIMENT COUNT");
        return ExitCode::FAILURE;
    };
    let Ok(count) = count.parse() else {
        eprintln!("expected a number of records, found {count:?}");
        return ExitCode::FAILURE;
    };
    // Once for caches and clock rates.
    let results = flatland_bench::record(experiment, count / 4).and_then(|_| {
        let start = Instant::now();
        flatland_bench::record(experiment, count).map(|sum| (start.elapsed(), sum))
    });
    match results {
        Ok((time, sum)) => {
            println!("{} {sum:?}", 1e3 * time.as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
