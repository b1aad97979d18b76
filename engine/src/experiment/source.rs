//! Where the numbers of a document stand in its text: which field the parser stopped at for `NaN`,
//! `Infinity` or `1e999`, and how a number was written that a message quotes.

use crate::number::exact;
use crate::spec::{FieldError, shorten};

/// A list or an object that is open at some place of a text.
enum Open {
    /// A list with the index of the entry that is being read.
    List(usize),

    /// An object with the key whose value is being read; None where a key is still to come.
    Object(Option<String>),
}

/// The number that is not finite at this line and column, both counted from 1, the column in bytes:
/// its field, how it is written, and its value. None where there is something else.
pub(super) fn not_finite(text: &str, line: usize, column: usize) -> Option<(String, &str, f64)> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let word = word_at(text, (start + column.saturating_sub(1)).min(text.len()))?;
    let number: f64 = text[word.clone()].parse().ok()?;
    if number.is_finite() {
        return None;
    }
    Some((field(&text[..word.start])?, &text[word], number))
}

/// The error about a document with this text, with a number that it found quoted as it is written
/// there: 9007199254740993 and 1e3 rather than what they are read as.
pub(super) fn quoting(text: &str, mut error: FieldError) -> FieldError {
    let mut written = None;
    walk(text, |open, word| {
        let is_it = word.parse().is_ok_and(|number| exact(number).to_string() == error.found)
            && path(open).as_deref() == Some(&error.field);
        written = is_it.then_some(word);
        is_it
    });
    if let Some(written) = written {
        error.found = shorten(written);
    }
    error
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)
}

/// The letters, digits and signs around a place.
fn word_at(text: &str, place: usize) -> Option<std::ops::Range<usize>> {
    let (before, after) = text.as_bytes().split_at(place);
    let start = place - before.iter().rev().take_while(|byte| is_part(**byte)).count();
    let end = place + after.iter().take_while(|byte| is_part(**byte)).count();
    (start < end).then_some(start..end)
}

/// The field whose value comes right after this text, which is JSON as far as it goes.
fn field(text: &str) -> Option<String> {
    path(&walk(text, |_, _| false)?)
}

/// Walks over a text that is JSON as far as it goes, hands each number and literal to `stops` with
/// what is open around it until that says so, and returns what is open then.
fn walk<'a>(text: &'a str, mut stops: impl FnMut(&[Open], &'a str) -> bool) -> Option<Vec<Open>> {
    let mut open = Vec::new();
    let mut rest = text.char_indices();
    while let Some((at, character)) = rest.next() {
        match (character, open.last_mut()) {
            ('[', _) => open.push(Open::List(0)),
            ('{', _) => open.push(Open::Object(None)),
            (']' | '}', _) => drop(open.pop()),
            (',', Some(Open::List(index))) => *index += 1,
            (',', Some(Open::Object(key))) => *key = None,
            ('"', level) => {
                let mut is_escaped = false;
                for (_, character) in rest.by_ref() {
                    match character {
                        _ if is_escaped => is_escaped = false,
                        '\\' => is_escaped = true,
                        '"' => break,
                        _ => {}
                    }
                }
                let string = &text[at..text.len() - rest.as_str().len()];
                if let Some(Open::Object(key @ None)) = level {
                    *key = Some(serde_json::from_str(string).ok()?);
                }
            }
            (character, _) if character.is_ascii() && is_part(character as u8) => {
                let length = text.as_bytes()[at..].iter().take_while(|byte| is_part(**byte)).count();
                if stops(&open, &text[at..at + length]) {
                    break;
                }
                // The word is ASCII: as many characters as bytes, the first of which is taken.
                rest.by_ref().take(length - 1).for_each(drop);
            }
            _ => {}
        }
    }
    Some(open)
}

/// The open lists and objects as a field's path; None at the top.
fn path(open: &[Open]) -> Option<String> {
    let mut path = String::new();
    for level in open {
        match level {
            Open::List(index) => path += &format!("[{index}]"),
            Open::Object(key) => {
                let dot = if path.is_empty() { "" } else { "." };
                path += &format!("{dot}{}", shorten(key.as_ref()?));
            }
        }
    }
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_behind_lists_objects_and_strings() {
        for (text, expected) in [
            (r#"{"start": ["#, Some("start[0]")),
            (r#"{"start": [1, [2, 3], "#, Some("start[2]")),
            (r#"{"runs": [{"a": 1}, {"policy": {"name": "a, [{\"\\", "eta": -"#, Some("runs[1].policy.eta")),
            (r#"{"stop": {"loss": 1}, "seed": "#, Some("seed")),
            (r#"{"a \"\u03b7\"": "#, Some("a \"η\"")),
            (r#"{"a": 1, "#, None),
            (r#"["#, Some("[0]")),
            ("", None),
        ] {
            assert_eq!(field(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn only_numbers_that_are_not_finite_are_found() {
        let text = "{\n  \"start\": [1, -Infinity, 1e999, 12x]\n}";
        let found = |word: &str| {
            let line = text.lines().nth(1).unwrap_or_default();
            let column = 1 + line.find(word).unwrap_or_default();
            not_finite(text, 2, column)
        };
        assert_eq!(found("Infinity"), Some(("start[1]".to_owned(), "-Infinity", f64::NEG_INFINITY)));
        assert_eq!(found("999"), Some(("start[2]".to_owned(), "1e999", f64::INFINITY)));
        assert_eq!(found("12x"), None);
        assert_eq!(found("1, "), None);
        for (line, column) in [(0, 0), (1, 1), (3, 1), (9, 9)] {
            assert_eq!(not_finite(text, line, column), None);
        }
    }
}
