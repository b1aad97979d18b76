//! A lesson's file taken apart: what stands in its head, and a section for each step.
//!
//! ```text
//! ---
//! title: The catapult
//! sentence: Beyond the edge the loss shoots up, and what comes down is flatter.
//! order: 4
//! ---
//!
//! ## The first step
//! …
//! ```

use std::path::Path;

use crate::problem::{Line, Problem};

/// A lesson's file.
#[derive(Debug)]
pub struct Source<'a> {
    /// The name in links: that of the file.
    pub name: String,
    pub title: String,
    pub sentence: String,
    pub order: f64,
    pub sections: Vec<Section<'a>>,
}

/// The text of one step.
#[derive(Debug)]
pub struct Section<'a> {
    /// The line of its heading.
    pub line: Line,
    /// The heading, as Markdown.
    pub title: &'a str,
    /// What stands below it.
    pub body: &'a str,
}

/// What the head and a heading begin with.
const FENCE: &str = "---";
const HEADING: &str = "## ";

/// The entries of the head.
const KEYS: [&str; 3] = ["title", "sentence", "order"];

impl<'a> Source<'a> {
    /// Takes a file apart.
    pub fn read(path: &Path, text: &'a str) -> Result<Self, Problem> {
        let at = |number| Line::of(path, number);
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if !is_name || name == flatland::lesson::CONTENTS {
            let remedy = "the name is the lesson's in links: rename the file, as in period-doubling.md";
            return Err(Problem::new(&at(0), "a name of small letters and hyphens", &format!("\"{name}\""), remedy));
        }
        let mut lines = numbered(text);
        if lines.next().is_none_or(|(_, line, _)| line.trim_end() != FENCE) {
            let remedy = "begin the file with a line ---, then title, sentence and order, and a line --- again";
            return Err(Problem::new(&at(1), "the lesson's head", &"something else", remedy));
        }
        let mut values: [Option<String>; 3] = [const { None }; 3];
        let mut is_closed = false;
        let mut head_end = 1;
        for (number, line, _) in lines.by_ref() {
            head_end = number;
            if line.trim_end() == FENCE {
                is_closed = true;
                break;
            }
            if line.trim().is_empty() {
                continue;
            }
            let entry = line.split_once(':').and_then(|(key, value)| {
                let place = KEYS.iter().position(|known| *known == key.trim())?;
                Some((place, value.trim().to_owned()))
            });
            let Some((place, value)) = entry.filter(|(_, value)| !value.is_empty()) else {
                let remedy = format!("the entries are {}, each as in `title: The catapult`", KEYS.join(", "));
                return Err(Problem::new(
                    &at(number),
                    "an entry of the head",
                    &format!("\"{}\"", line.trim()),
                    &remedy,
                ));
            };
            values[place] = Some(value);
        }
        if !is_closed {
            return Err(Problem::new(
                &at(head_end),
                "the end of the head",
                &"the end of the file",
                "close it with a line ---",
            ));
        }
        let mut take = |place: usize| {
            values[place].take().ok_or_else(|| {
                let remedy = format!("add a line `{}: …` to the head", KEYS[place]);
                Problem::new(&at(head_end), &format!("the entry \"{}\"", KEYS[place]), &"none", &remedy)
            })
        };
        let (title, sentence, order) = (take(0)?, take(1)?, take(2)?);
        let order = order.parse().ok().filter(|order: &f64| order.is_finite()).ok_or_else(|| {
            let remedy = "lessons are listed by it, the least first: use 1, 2, 2.5 …";
            Problem::new(&at(head_end), "a number as the order", &format!("\"{order}\""), remedy)
        })?;
        let sections = sections(path, text, head_end)?;
        if sections.is_empty() {
            return Err(Problem::new(
                &at(head_end),
                "a step",
                &"none",
                "begin each step with a heading, as in `## The first step`",
            ));
        }
        Ok(Self { name, title, sentence, order, sections })
    }
}

/// The lines of a text with their numbers, counted from 1, and where they begin.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str, usize)> {
    let mut start = 0;
    text.split_inclusive('\n').enumerate().map(move |(index, line)| {
        let here = start;
        start += line.len();
        (index + 1, line, here)
    })
}

/// The steps behind the head, whose last line has the number `head_end`.
fn sections<'a>(path: &Path, text: &'a str, head_end: usize) -> Result<Vec<Section<'a>>, Problem> {
    let mut starts: Vec<(usize, usize, &str, usize)> = Vec::new();
    let mut is_in_block = false;
    for (number, line, start) in numbered(text).skip(head_end) {
        is_in_block ^= line.trim_start().starts_with("```");
        if is_in_block {
            continue;
        }
        if let Some(title) = line.strip_prefix(HEADING) {
            starts.push((number, start, title.trim(), start + line.len()));
        } else if starts.is_empty() && !line.trim().is_empty() {
            let remedy = "a step begins with its heading, as in `## The first step`; put the text below one";
            return Err(Problem::new(&Line::of(path, number), "the heading of a step", &"text", remedy));
        }
    }
    let ends = starts.iter().skip(1).map(|(_, start, ..)| *start).chain([text.len()]);
    let sections = starts.iter().zip(ends).map(|((number, _, title, body), end)| Section {
        line: Line::of(path, *number),
        title,
        body: &text[*body..end],
    });
    Ok(sections.collect())
}
