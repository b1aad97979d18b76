//! Makes the page's files of its lessons and its glossary: `flatland-lessons FROM GLOSSARY TO`. While
//! Trunk builds the page it calls this without TO, and says itself where the page comes about.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1).map(PathBuf::from);
    let staging = env::var_os("TRUNK_STAGING_DIR").map(|staging| Path::new(&staging).join("lessons"));
    let (Some(from), Some(glossary), Some(to)) = (arguments.next(), arguments.next(), arguments.next().or(staging))
    else {
        eprintln!("Expected the folder of the lessons, the glossary, and a folder for the page's files of them.");
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
    let words = match fs::read_to_string(&glossary) {
        Ok(text) => flatland_lessons::words(&glossary, &text),
        Err(error) => {
            eprintln!("error: {} cannot be read: {error}. Check the path.", glossary.display());
            return ExitCode::FAILURE;
        }
    };
    let words = match words {
        Ok(words) => words,
        Err(problem) => {
            eprintln!("error: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let written = flatland_lessons::write(&lessons, &to).and_then(|()| flatland_lessons::write_words(&words, &to));
    if let Err(error) = written {
        let to = to.display();
        eprintln!("error: the lessons cannot be written to {to}: {error}. Check that the folder can be written.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
