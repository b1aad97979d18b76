//! Lessons as the page fetches them. `lessons/` makes them of `static/lessons/` when the page is
//! built: texts are HTML by then, with MathML, and what a step shows has been checked.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::session::events::EventKind;

/// The place in a link that stands for the list of all lessons. No lesson has this name.
pub const CONTENTS: &str = "all";

/// The file with the list of all lessons, beside one file a lesson.
pub const CONTENTS_FILE: &str = "contents.json";

/// A step of a lesson, as links name it: `catapult-3` is the third of the lesson “catapult”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the lesson.
    pub lesson: String,
    /// The number of the step, counted from 1.
    pub step: usize,
}

impl Place {
    /// Reads what a link names; without a number it is the first step. `None` for the list of
    /// lessons.
    pub fn read(text: &str) -> Option<Self> {
        if text == CONTENTS {
            return None;
        }
        let numbered = text
            .rsplit_once('-')
            .and_then(|(lesson, step)| Some((lesson, step.parse().ok().filter(|step| *step > 0)?)));
        let (lesson, step) = numbered.unwrap_or((text, 1));
        Some(Self { lesson: lesson.to_owned(), step })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.lesson, self.step)
    }
}

/// A lesson in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its name in links.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence.
    pub sentence: String,
    /// How many steps it has.
    pub steps: usize,
}

/// A lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its name in links.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its title, as HTML.
    pub title: String,
    /// Its text, as HTML.
    pub html: String,
    /// The experiment that it shows.
    pub document: String,
    /// How it is looked at, as links have it.
    pub view: String,
    /// The place of the speed among [`crate::session::SPEEDS`].
    pub speed: usize,
    /// What time does.
    pub time: Time,
    /// Whether it leaves what the step before it shows as it is.
    pub keeps: bool,
    /// A map of the Atlas to open, as its links have it.
    pub map: Option<String>,
    /// What the lecturer reads in a window of their own, as HTML; empty where there is nothing.
    #[serde(default)]
    pub notes: String,
}

/// What time does where a step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Time {
    /// It rests at a step.
    At(u64),
    /// It runs to a step and rests there.
    To(u64),
    /// It runs until something has happened to a run, counted from 0, and rests there.
    Until(Happening, usize),
    /// It runs.
    Runs,
}

/// What can happen to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happening {
    /// It goes above its threshold.
    Crossed,
    /// It settles below its threshold.
    Settled,
    /// It begins to repeat itself.
    Orbit,
    /// It ends before its steps are used up.
    Ended,
}

impl Happening {
    /// All of them by the words that lessons have for them.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Crossed, "crossed"), (Self::Settled, "settled"), (Self::Orbit, "orbit"), (Self::Ended, "ended")];

    /// Whether an event is one of this kind.
    pub fn is(self, event: &EventKind) -> bool {
        match self {
            Self::Crossed => matches!(event, EventKind::Crossed { .. }),
            Self::Settled => matches!(event, EventKind::Settled),
            Self::Orbit => matches!(event, EventKind::Orbit(_)),
            Self::Ended => matches!(event, EventKind::Ended(_)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        let place = |lesson: &str, step| Place { lesson: lesson.to_owned(), step };
        for (text, read) in [
            ("catapult-3", Some(place("catapult", 3))),
            ("period-doubling-12", Some(place("period-doubling", 12))),
            ("catapult", Some(place("catapult", 1))),
            ("period-doubling", Some(place("period-doubling", 1))),
            ("catapult-0", Some(place("catapult-0", 1))),
            ("", Some(place("", 1))),
            (CONTENTS, None),
        ] {
            assert_eq!(Place::read(text), read, "{text}");
        }
        assert_eq!(place("catapult", 3).to_string(), "catapult-3");
    }
}
