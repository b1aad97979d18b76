//! Makes the page's files of its lessons: `flatland-lessons FROM TO`, called when the page is built.

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, to] = &arguments[..] else {
        eprintln!("Expected two folders: that of the lessons, and the one for the page's files of them.");
        return ExitCode::FAILURE;
    };
    let lessons = match flatland_lessons::read(Path::new(from)) {
        Ok(lessons) => lessons,
        Err(problems) => {
            for problem in problems {
                eprintln!("error: {problem}");
            }
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = flatland_lessons::write(&lessons, Path::new(to)) {
        eprintln!("error: the lessons cannot be written to {to}: {error}. Check that the folder can be written.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
