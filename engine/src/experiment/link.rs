//! The experiment in a link: the part `lab=…` of an address's fragment.
//!
//! It is the document's JSON with the two kinds of quotes exchanged, since browsers escape double
//! quotes in addresses: so it stays short and readable, and the exchange undoes itself. What mail
//! and chat do to links is undone: a sentence's end or a bracket behind it, `&amp;` for `&`, escapes
//! of escapes, and a plus that has become a space.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::{Experiment, FieldError, Notice};
use crate::formula::Formula;
use crate::policy::RULE_VARIABLES;

/// What a fragment cannot carry as it is, besides what would end a key's value: a plus is read as a
/// space by some who pass links on.
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'&').add(b'#').add(b'\\').add(b'+');
/// Fragments longer than this are refused unread.
const MAX_LENGTH: usize = 65_536;

/// Why a link cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Too long to be one of ours.
    #[error("the link is {found} characters long; at most {MAX_LENGTH} can be read")]
    TooLong {
        /// Its length.
        found: usize,
    },
    /// The escapes do not make text.
    #[error("the link's escapes (%…) do not make readable text: it was probably cut off; ask for the whole link")]
    Garbled,
    /// No experiment in it.
    #[error("the link has no experiment (no `lab=`): it was probably cut off; ask for the whole link")]
    Missing,
    /// The experiment is not valid.
    #[error("{0}")]
    Experiment(#[from] FieldError),
}

/// The part of a fragment that holds the experiment: `lab=…`.
#[must_use]
pub fn encode(experiment: &Experiment) -> String {
    format!("lab={}", utf8_percent_encode(&exchange_quotes(&experiment.to_json()), ESCAPED))
}

/// The fragment that holds an experiment in a text with a link, whatever stands around it: what
/// follows a `#`.
#[must_use]
pub fn find(text: &str) -> Option<&str> {
    let mut fragments = text.match_indices('#').map(|(at, sign)| &text[at + sign.len()..]);
    fragments.find(|rest| names_an_experiment(rest.split('#').next().unwrap_or_default()))
}

/// Whether there is a `lab=` in a fragment, perhaps escaped several times.
fn names_an_experiment(fragment: &str) -> bool {
    let fragment = fragment.to_ascii_lowercase();
    fragment.match_indices("lab").any(|(at, name)| {
        let is_word = !fragment[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let rest = &fragment[at + name.len()..];
        let is_escaped = rest.strip_prefix('%').is_some_and(|rest| rest.trim_start_matches("25").starts_with("3d"));
        is_word && (rest.starts_with('=') || is_escaped)
    })
}

/// Reads the experiment of a fragment, with or without `#`. What was ignored or mended is added to
/// `notices`, as sentences; each other key, with its value, goes to `other`, which may add to them.
///
/// # Errors
///
/// If it is too long, holds no experiment or no valid one, or escapes that make no text.
pub fn decode(
    fragment: &str,
    notices: &mut Vec<String>,
    mut other: impl FnMut(&str, &str, &mut Vec<String>),
) -> Result<Experiment, LinkError> {
    let fragment = fragment.trim_start_matches('#');
    if fragment.len() > MAX_LENGTH {
        return Err(LinkError::TooLong { found: fragment.len() });
    }
    // Escaped as a whole, even what separates its parts.
    let is_sealed = !fragment.contains("lab=") && fragment.contains("lab%");
    let fragment = if is_sealed { unescaped(fragment, |text| text.contains("lab="))? } else { Cow::Borrowed(fragment) };
    let mut experiment = None;
    for part in
        fragment.split('&').map(|part| part.strip_prefix("amp;").unwrap_or(part)).filter(|part| !part.is_empty())
    {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        if key == "lab" {
            let value = unescaped(value, |text| !text.trim_start().starts_with('%'))?;
            experiment = Some(read_experiment(&value, notices)?);
        } else {
            let value = unescaped(value, |text| !text.contains('%'))?;
            other(key, without_tail(&value), notices);
        }
    }
    experiment.ok_or(LinkError::Missing)
}

/// Escapes upon escapes that are undone.
const MOST_ESCAPES: usize = 4;

/// The text without escapes, and again without them until `is_plain`.
fn unescaped(text: &str, is_plain: impl Fn(&str) -> bool) -> Result<Cow<'_, str>, LinkError> {
    let once = |text: &str| percent_decode_str(text).decode_utf8().map(Cow::into_owned).map_err(|_| LinkError::Garbled);
    let mut plain = once(text)?;
    for _ in 1..MOST_ESCAPES {
        if is_plain(&plain) {
            break;
        }
        plain = once(&plain)?;
    }
    Ok(Cow::Owned(plain))
}

/// The value without what cannot belong to it: from a space or a bar on, and a sentence's end,
/// brackets and quotes behind it.
fn without_tail(value: &str) -> &str {
    let value = value.split(|c: char| c.is_whitespace() || c == '|').next().unwrap_or_default();
    value.trim_end_matches(|c: char| !c.is_alphanumeric())
}

/// Reads the experiment of a link: its JSON, with or without exchanged quotes, and perhaps
/// something behind it.
fn read_experiment(value: &str, notices: &mut Vec<String>) -> Result<Experiment, LinkError> {
    let json = value.rfind('}').map_or(value, |end| &value[..=end]);
    // A hand-made link may hold plain JSON.
    let is_plain = json.trim_start().trim_start_matches('{').trim_start().starts_with('"');
    let json = if is_plain { Cow::Borrowed(json) } else { Cow::Owned(exchange_quotes(json)) };
    let (read, ignored) = match Experiment::from_json_lenient(&json) {
        Ok(read) => read,
        Err(error) => {
            let Some((read, formula)) = with_plus(&json) else { return Err(error.into()) };
            notices.push(format!("a “+” of the formula was lost on the way; it was read as {formula}"));
            read
        }
    };
    notices.extend(ignored.iter().map(ToString::to_string));
    Ok(read)
}

/// The experiment with a plus for each space at which a formula of its JSON breaks, and that
/// formula.
fn with_plus(json: &str) -> Option<((Experiment, Vec<Notice>), String)> {
    let mut json = json.to_owned();
    let mut told = None;
    // The objective's formula and rules for the step size have the same key.
    let key = "\"expression\":\"";
    let mut from = 0;
    while let Some(start) = json[from..].find(key).map(|at| from + at + key.len()) {
        let end = start + json[start..].find('"')?;
        let text = &json[start..end];
        if let Some(formula) = formula_with_plus(text, None).or_else(|| formula_with_plus(text, Some(&RULE_VARIABLES)))
        {
            json.replace_range(start..end, &formula);
            told = Some(formula);
        }
        from = start;
    }
    Some((Experiment::from_json_lenient(&json).ok()?, told?))
}

/// The formula with a plus before each place where it breaks behind a space; none where that does
/// not mend it.
fn formula_with_plus(text: &str, variables: Option<&[&str]>) -> Option<String> {
    let mut mended = text.to_owned();
    for _ in 0..=text.len() {
        let parsed = variables.map_or_else(|| Formula::parse(&mended), |names| Formula::with_variables(&mended, names));
        let Err(error) = parsed else { return (mended != text).then_some(mended) };
        let at = mended.char_indices().nth(error.column.checked_sub(1)?).map_or(mended.len(), |(at, _)| at);
        let space = mended[..at].rfind(|c: char| c != ' ').map(|end| end + 1)?;
        if space >= at {
            return None;
        }
        mended.replace_range(space..at, " + ");
    }
    None
}

fn exchange_quotes(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '"' => '\'',
            '\'' => '"',
            other => other,
        })
        .collect()
}
