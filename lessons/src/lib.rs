//! Lessons: stories made of steps, each with a text and what the Lab shows beside it.
//!
//! They are written as Markdown in `static/lessons/`, one file a lesson (`docs/lessons.md` says
//! how). [`read`] reads and checks them, [`write()`] makes the files that the page fetches, and
//! [`claims`] plays what the texts claim. The [`gallery`] is written and checked in the same way,
//! and drawn. Whatever is wrong is a [`Problem`] with file and line.

pub mod claims;
pub mod gallery;
pub mod handbook;
mod looking;
mod markdown;
mod problem;
mod source;
mod step;
mod words;
mod write;

use std::fs;
use std::path::Path;

use flatland_engine::Experiment;

pub use problem::Problem;
pub use words::words;
pub use write::{write, write_gallery, write_words};

use claims::Claim;
use gallery::Subject;
use problem::Line;

/// A lesson, read and checked.
#[derive(Debug)]
pub struct Lesson {
    /// What the list says of it.
    pub summary: flatland::lesson::Summary,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Its place in the list.
    order: f64,
}

/// A step, read and checked.
#[derive(Debug)]
pub struct Step {
    /// As the page has it.
    pub shown: flatland::lesson::Step,
    /// The experiment that it shows.
    pub experiment: Experiment,
    /// What its text claims.
    pub claims: Vec<Claim>,
    /// What its picture is of, and where that is said.
    picture: Option<(Line, Subject)>,
    /// Steps of lessons that it links to, and where it does so.
    links: Vec<(Line, String)>,
    /// The line of its heading.
    line: Line,
}

/// Reads all lessons of a folder, in the order of their list.
///
/// # Errors
///
/// Everything that is wrong with any of them.
pub fn read(folder: &Path) -> Result<Vec<Lesson>, Vec<Problem>> {
    let lessons = files(folder, "lessons")?;
    let mut problems = dead_links(&lessons);
    let steps = lessons.iter().flat_map(|lesson| &lesson.steps);
    problems.extend(steps.filter_map(|step| step.picture.as_ref()).map(|(line, _)| {
        let remedy = "pictures are for the gallery: the Lab itself shows a step";
        Problem::new(line, "what the Lab shows", &"a picture", remedy)
    }));
    if problems.is_empty() { Ok(lessons) } else { Err(problems) }
}

/// Reads all files of a folder, which are lessons or like lessons, in their order; there is one at
/// least.
fn files(folder: &Path, what: &str) -> Result<Vec<Lesson>, Vec<Problem>> {
    let unread = |error: &dyn std::fmt::Display| {
        vec![Problem::new(&Line::of(folder, 0), &format!("a folder of {what}"), error, "check the path")]
    };
    let entries = fs::read_dir(folder).map_err(|error| unread(&error))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "md"));
    paths.sort();
    let (mut lessons, mut problems) = (Vec::new(), Vec::new());
    for path in &paths {
        match fs::read_to_string(path) {
            Ok(text) => match lesson(path, &text) {
                Ok(lesson) => lessons.push(lesson),
                Err(found) => problems.extend(found),
            },
            Err(error) => {
                problems.push(Problem::new(&Line::of(path, 0), "a text in UTF-8", &error, "save it as UTF-8"));
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if lessons.is_empty() {
        return Err(unread(&"none"));
    }
    lessons.sort_by(|one: &Lesson, other| one.order.total_cmp(&other.order));
    Ok(lessons)
}

/// Reads a lesson from its text; `path` is where it lies.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn lesson(path: &Path, text: &str) -> Result<Lesson, Vec<Problem>> {
    let source = source::Source::read(path, text).map_err(|problem| vec![problem])?;
    let (mut steps, mut problems): (Vec<Step>, Vec<Problem>) = (Vec::new(), Vec::new());
    for section in &source.sections {
        match step::read(section, steps.last()) {
            Ok(step) => steps.push(step),
            // What follows may rest on the experiment of the broken one.
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let source::Source { name, title, sentence, order, .. } = source;
    let summary = flatland::lesson::Summary { name, title, sentence, steps: steps.len() };
    Ok(Lesson { summary, steps, order })
}

/// Links to lessons or steps that are not there.
fn dead_links(lessons: &[Lesson]) -> Vec<Problem> {
    let is_there = |text: &str| match flatland::lesson::Place::read(text) {
        None => true,
        Some(place) => lessons.iter().any(|l| l.summary.name == place.lesson && place.step <= l.summary.steps),
    };
    let steps = lessons.iter().flat_map(|lesson| &lesson.steps);
    let dead = steps.flat_map(|step| &step.links).filter(|(_, place)| !is_there(place));
    let names: Vec<&str> = lessons.iter().map(|lesson| lesson.summary.name.as_str()).collect();
    dead.map(|(line, place)| {
        let remedy =
            format!("the lessons are {}; a step is named by its number, as in {}-2", names.join(", "), names[0]);
        Problem::new(line, "a link to a step that is there", &format!("\"{place}\""), &remedy)
    })
    .collect()
}
