//! Makes the page's files of its lessons: `flatland-lessons FROM TO`. While Trunk builds the page it
//! calls this without TO, and says itself where the page comes about.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1).map(PathBuf::from);
    let staging = env::var_os("TRUNK_STAGING_DIR").map(|staging| Path::new(&staging).join("lessons"));
    let (Some(from), Some(to)) = (arguments.next(), arguments.next().or(staging)) else {
        eprintln!("Expected two folders: that of the lessons, and the one for the page's files of them.");
        return ExitCode::FAILURE;
    };
    let lessons = match flatland_lessons::read(&from) {
        Ok(lessons) => lessons,
        Err(problems) => {
            for problem in problems {
                eprintln!("error: {problem}");
            }
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = flatland_lessons::write(&lessons, &to) {
        let to = to.display();
        eprintln!("error: the lessons cannot be written to {to}: {error}. Check that the folder can be written.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
