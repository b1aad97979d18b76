//! What can be wrong with a field of a document, said so that it can be mended.

use std::fmt;

use super::{Bounds, MAX_MAGNITUDE};
use crate::number::exact;

/// The most names that a message lists.
const MAX_LISTED: usize = 20;

/// The longest text that is compared with known names, in bytes.
pub(crate) const MAX_COMPARED: usize = 64;

/// The first thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The class of the error.
    pub kind: ErrorKind,

    /// Where, such as `runs[1].policy.eta`; empty for the document as a whole.
    pub field: String,

    /// What should be there.
    pub expected: String,

    /// What is there.
    pub found: String,

    /// What to do.
    pub remedy: String,
}

/// The classes of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Not JSON; both counted from 1.
    Syntax {
        /// The line of the first error.
        line: usize,
        /// The column, in bytes.
        column: usize,
    },

    /// The document, a list or a text is too long.
    TooLong,

    /// A version that this engine does not know.
    Version,

    /// A field that must be there is not.
    Missing,

    /// A field, an objective, a policy or a word that is not known.
    Unknown,

    /// A field that stands there twice.
    Duplicate,

    /// A value of the wrong type.
    Type,

    /// A number that is out of bounds.
    Range,

    /// The start does not fit the objective.
    Dimension,

    /// Changes of policy that are out of order, or a number that exceeds the one that it must not
    /// exceed.
    Order,
}

impl std::error::Error for FieldError {}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, expected, found, remedy, .. } = self;
        let place = if field.is_empty() { "the experiment" } else { field };
        write!(f, "{place}: expected {expected}, found {found}; {remedy}")
    }
}

impl FieldError {
    pub(crate) fn new(
        kind: ErrorKind,
        field: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { kind, field: field.into(), expected: expected.into(), found: found.into(), remedy: remedy.into() }
    }

    /// The number in `field` is out of bounds.
    pub(crate) fn range(field: impl Into<String>, bounds: Bounds, found: f64) -> Self {
        let remedy = if found.is_nan() {
            "NaN is not a value; give a number".to_owned()
        } else if found.abs() > MAX_MAGNITUDE {
            format!("numbers beyond {MAX_MAGNITUDE:e} overflow; give a smaller one")
        } else {
            "choose a value in that range, or leave the field out for its default".to_owned()
        };
        Self::new(ErrorKind::Range, field, format!("a number {bounds}"), exact(found).to_string(), remedy)
    }

    /// The `name` of a `what` ("field", "policy", …) is not among the known ones.
    pub(crate) fn unknown(field: impl Into<String>, what: &str, name: &str, known: &[&str]) -> Self {
        let expected = match known {
            [] => format!("no {what} here"),
            [only] => format!("the {what} \"{only}\""),
            many if many.len() > MAX_LISTED => {
                let mut nearest = many.to_vec();
                // Longer names are no text to compare with.
                if name.len() <= MAX_COMPARED {
                    for place in 0..MAX_LISTED {
                        let best = (place..nearest.len()).min_by_key(|i| distance(name, nearest[*i])).unwrap_or(place);
                        nearest[place..=best].rotate_right(1);
                    }
                }
                format!("one of {} known ones, such as {}", many.len(), nearest[..MAX_LISTED].join(", "))
            }
            several => format!("one of these: {}", several.join(", ")),
        };
        let remedy = match (nearest(name, known), known) {
            (Some(nearest), _) => format!("did you mean \"{nearest}\"?"),
            (None, []) => format!("remove this {what}"),
            (None, _) => format!("use a known {what}, or update Flatland if this one is newer"),
        };
        Self::new(ErrorKind::Unknown, field, expected, format!("the unknown {what} \"{}\"", shorten(name)), remedy)
    }

    /// The start has a length that the objective named `objective` does not have.
    pub(crate) fn dimension(objective: &str, expected: &str, found: usize) -> Self {
        let plural = if expected == "1" { "" } else { "s" };
        Self::new(
            ErrorKind::Dimension,
            "start",
            format!("{expected} number{plural} for the objective \"{objective}\""),
            found.to_string(),
            "give the start one number for each variable, or leave it out for the default",
        )
    }

    /// The run `index` of an experiment with `count` runs is asked for.
    pub(crate) fn no_such_run(index: usize, count: usize) -> Self {
        let expected = format!("a run among the experiment's {count}");
        let remedy = "runs are counted from 0";
        Self::new(ErrorKind::Range, format!("runs[{index}]"), expected, "nothing there", remedy)
    }
}

/// At most 40 characters of a text from outside.
pub(crate) fn shorten(text: &str) -> String {
    if text.chars().nth(40).is_none() {
        return text.to_owned();
    }
    text.chars().take(39).chain(['…']).collect()
}

/// The known name that is at most a third of its letters away.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // A longer text is no misspelling of any name, and the distance costs the product of the
    // lengths.
    if name.len() > MAX_COMPARED {
        return None;
    }
    let near = known.iter().map(|known| (distance(name, known), *known)).min_by_key(|(distance, _)| *distance)?;
    (near.0 * 3 <= near.1.chars().count()).then_some(near.1)
}

/// Levenshtein's edit distance.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &b) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_are_recognized_and_other_words_are_not() {
        let known = ["constant", "polyak", "eta"];
        assert_eq!(nearest("constnat", &known), Some("constant"));
        assert_eq!(nearest("poliak", &known), Some("polyak"));
        assert_eq!(nearest("etta", &known), Some("eta"));
        assert_eq!(nearest("adam", &known), None);
        assert_eq!(nearest(&"x".repeat(1000), &known), None);
    }
}
