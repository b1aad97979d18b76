//! Makes the page's files of its lessons, its gallery and its glossary, and the documentation:
//! `flatland-lessons REPOSITORY SITE`. While Trunk builds the page it calls this without SITE, and
//! says itself where the page comes about.

use std::env;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use flatland_engine::data::shelf;
use flatland_lessons::{Problem, gallery, handbook};

/// Where pictures are kept between two builds, in Cargo's folder.
const KEPT: &str = "gallery";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1).map(PathBuf::from);
    let staging = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next().or(staging)) else {
        eprintln!("Expected the folder of the repository, and a folder for the files of the page.");
        return ExitCode::FAILURE;
    };
    match make(&from, &to) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaints) => {
            for complaint in complaints {
                eprintln!("error: {complaint}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Reads everything, then writes it.
fn make(from: &Path, to: &Path) -> Result<(), Vec<String>> {
    let all = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let one = |error: &dyn Display| vec![error.to_string()];
    let own = from.join("static");
    let lessons = flatland_lessons::read(&own.join("lessons")).map_err(all)?;
    stock(&own.join("data")).map_err(|error| one(&error))?;
    let groups = gallery::read(&own.join("gallery")).map_err(all)?;
    let glossary = from.join("docs/glossary.md");
    let text = fs::read_to_string(&glossary)
        .map_err(|error| one(&format!("{} cannot be read: {error}. Check the path.", glossary.display())))?;
    let words = flatland_lessons::words(&glossary, &text).map_err(|problem| one(&problem))?;
    let pages = handbook::pages(from).map_err(all)?;
    let folder = to.join("lessons");
    let written = flatland_lessons::write(&lessons, &folder)
        .and_then(|()| flatland_lessons::write_words(&words, &folder))
        .and_then(|()| flatland_lessons::write_gallery(&groups, &folder))
        .and_then(|()| handbook::write(&pages, from, &to.join(handbook::FOLDER)));
    written.map_err(|error| {
        let to = to.display();
        one(&format!("the texts cannot be written to {to}: {error}. Check that the folder can be written."))
    })?;
    gallery::draw(&groups, &folder.join("pictures"), &kept()).map_err(|error| one(&error))
}

/// Puts the data sets that come with the page on the engine's shelf.
fn stock(folder: &Path) -> Result<(), String> {
    for shipped in shelf::SHIPPED {
        let path = folder.join(shipped.file);
        let bytes = fs::read(&path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
        shelf::put(shipped.name, bytes).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Beside this program, which Cargo has put two folders below its own.
fn kept() -> PathBuf {
    let program = env::current_exe().ok();
    let target = program.as_deref().and_then(|program| program.parent()?.parent());
    target.map_or_else(env::temp_dir, Path::to_owned).join(KEPT)
}
