//! The link: everything that makes a picture, in the address's fragment.
//!
//! `#lab={'version':1,…}&step=150&view=x:time,scene:lens&speed=9&theme=dark`. The experiment is its
//! JSON with the two kinds of quotes exchanged, since browsers escape double quotes in addresses:
//! so it stays short and readable, and the exchange undoes itself. Unknown keys are ignored with a
//! notice.

use std::borrow::Cow;

use flatland_engine::{
    experiment::{Experiment, FieldError, Notice},
    formula::Formula,
    policy::RULE_VARIABLES,
};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::{session::SPEEDS, settings::Theme, view_settings::View};

/// What a fragment cannot carry as it is, besides what would end a key's value: a plus is read as a
/// space by some who pass links on.
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'&').add(b'#').add(b'\\').add(b'+');
/// Fragments longer than this are refused unread.
const MAX_LENGTH: usize = 65_536;

/// The key of the step of a lesson. A link may have it alone: then the step says what to show.
pub const LESSON_KEY: &str = "lesson=";

/// What a link restores.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The experiment.
    pub experiment: Experiment,
    /// The step shown, paused; without it the run plays from the start.
    pub step: Option<u64>,
    /// How it is looked at.
    pub view: View,
    /// The place of the speed among [`crate::session::SPEEDS`], if the link says.
    pub speed: Option<usize>,
    /// Light or dark, if the link says.
    pub theme: Option<Theme>,
    /// The step of a lesson that is open beside it.
    pub lesson: Option<String>,
}

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

/// The fragment of a link, without `#`.
pub fn encode(link: &Link) -> String {
    let json = exchange_quotes(&link.experiment.to_json());
    let mut fragment = format!("lab={}", utf8_percent_encode(&json, ESCAPED));
    if let Some(step) = link.step {
        fragment += &format!("&step={step}");
    }
    let view = link.view.encode();
    if !view.is_empty() {
        fragment += &format!("&view={view}");
    }
    if let Some(speed) = link.speed {
        fragment += &format!("&speed={speed}");
    }
    if let Some(theme) = link.theme {
        fragment += &format!("&theme={}", theme.name());
    }
    if let Some(lesson) = &link.lesson {
        fragment += &format!("&{LESSON_KEY}{lesson}");
    }
    fragment
}

/// Reads a fragment, with or without `#`. The second value says what was ignored.
///
/// What mail and chat do to links is undone: a sentence's end or a bracket behind it, `&amp;` for
/// `&`, escapes of escapes, and a plus that has become a space.
pub fn decode(fragment: &str) -> Result<(Link, Vec<String>), LinkError> {
    let fragment = fragment.trim_start_matches('#');
    if fragment.len() > MAX_LENGTH {
        return Err(LinkError::TooLong { found: fragment.len() });
    }
    // Escaped as a whole, even what separates its parts.
    let is_sealed = !fragment.contains("lab=") && fragment.contains("lab%");
    let fragment = if is_sealed { unescaped(fragment, |text| text.contains("lab="))? } else { Cow::Borrowed(fragment) };
    let mut notices = Vec::new();
    let mut experiment = None;
    let (mut step, mut theme, mut speed, mut view, mut lesson) = (None, None, None, View::default(), None);
    for part in
        fragment.split('&').map(|part| part.strip_prefix("amp;").unwrap_or(part)).filter(|part| !part.is_empty())
    {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        if key == "lab" {
            let value = unescaped(value, |text| !text.trim_start().starts_with('%'))?;
            experiment = Some(read_experiment(&value, &mut notices)?);
            continue;
        }
        let value = unescaped(value, |text| !text.contains('%'))?;
        let value = without_tail(&value);
        match key {
            "step" => match value.parse() {
                Ok(read) => step = Some(read),
                Err(_) => {
                    notices.push(format!("step: expected a whole number such as 150, got “{value}”; it was ignored"));
                }
            },
            "view" => {
                let (read, ignored) = View::decode(value);
                view = read;
                notices.extend(ignored);
            }
            "speed" => match value.parse().ok().filter(|speed| *speed < SPEEDS.len()) {
                Some(place) => speed = Some(place),
                None => notices.push(format!("speed: “{value}” is unknown and was ignored")),
            },
            "theme" => match Theme::from_name(value) {
                Some(named) => theme = Some(named),
                None => notices.push(format!("theme: “{value}” is unknown and was ignored")),
            },
            "lesson" => lesson = Some(value.to_owned()),
            // The Atlas reads its own part when it is opened.
            "atlas" => {}
            _ => notices.push(format!("“{key}” in the link is unknown and was ignored")),
        }
    }
    let experiment = experiment.ok_or(LinkError::Missing)?;
    view.fit(experiment.runs.len());
    Ok((Link { experiment, step, view, speed, theme, lesson }, notices))
}

/// Reads a document, which is taken as it is. The second value says what was ignored.
pub fn read_document(json: &str) -> Result<(Link, Vec<String>), LinkError> {
    let (experiment, ignored) = Experiment::from_json_lenient(json)?;
    let link = Link { experiment, step: None, view: View::default(), speed: None, theme: None, lesson: None };
    Ok((link, ignored.iter().map(ToString::to_string).collect()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        let json = r#"{"version":1,"objective":{"name":"river"},"start":[0.001,1],"steps":400,
            "runs":[{"policy":{"name":"constant","eta":0.5},"label":"a 'quoted' \"label\" & 100 % #1"},
                    {"policy":{"name":"nonmonotone-line-search"}}]}"#;
        let experiment = Experiment::from_json(json).expect("a valid experiment");
        let view = View { parity: false, selected: 1, ..View::default() };
        Link {
            experiment,
            step: Some(150),
            view,
            speed: Some(9),
            theme: Some(Theme::Dark),
            lesson: Some("catapult-3".to_owned()),
        }
    }

    #[test]
    fn a_link_restores_what_it_was_made_of() {
        let fragment = encode(&link());
        let (read, notices) = decode(&format!("#{fragment}")).expect("our own link");
        assert_eq!(read, link());
        assert!(notices.is_empty());
    }

    #[test]
    fn a_link_is_short_and_needs_no_escapes_for_an_ordinary_experiment() {
        let mut link = link();
        link.experiment.runs[0].label = None;
        let fragment = encode(&link);
        assert!(fragment.len() < 400, "{} characters: {fragment}", fragment.len());
        assert!(!fragment.contains('%') && !fragment.contains('"'), "{fragment}");
    }

    #[test]
    fn plain_json_is_read_too() {
        let (read, _) = decode(&format!("lab={}", link().experiment.to_json().replace('%', "%25").replace('&', "%26")))
            .expect("plain JSON");
        assert_eq!(read.experiment, link().experiment);
    }

    #[test]
    fn what_is_unknown_is_ignored_with_a_notice() {
        let fragment = encode(&link()) + "&zoom=3&theme=sepia";
        let (read, notices) = decode(&fragment).expect("readable");
        assert_eq!(read.experiment, link().experiment);
        assert_eq!(notices.len(), 2);
        assert!(notices[0].contains("zoom") || notices[1].contains("zoom"));
    }

    /// What stands for a link with a formula with pluses, of every kind of plus.
    fn with_formula() -> Link {
        let json = r#"{"version":1,"steps":90,"objective":{"name":"formula","expression":"f(x, y) = (a - x)^2+b*(y - x^2)^2 + x; a = 1 [0, 2]; b = 5"},
            "start":[1,1],"runs":[{"policy":{"name":"constant","eta":0.01},"label":"50 % + more"},
            {"policy":{"name":"expression","expression":"1/lambda + 0*k"}}]}"#;
        Link { experiment: Experiment::from_json(json).expect("a valid experiment"), ..link() }
    }

    /// The whole experiment, the step and the view come through, whatever stands behind the link.
    #[test]
    fn a_link_survives_the_ends_of_sentences_and_brackets() {
        for whole in [link(), with_formula()] {
            let bare =
                Link { step: None, view: View::default(), speed: None, theme: None, lesson: None, ..whole.clone() };
            let placed = Link { step: Some(20), ..bare.clone() };
            for expected in [whole, bare, placed] {
                for tail in [
                    ".",
                    ")",
                    ">",
                    ").",
                    ">,",
                    "\"",
                    "”.",
                    "’",
                    "]",
                    ";",
                    "!",
                    "?",
                    "…",
                    "%22",
                    "%3E.",
                    "|here>",
                    "%20and%20more",
                    " and more.",
                ] {
                    let (read, notices) = decode(&(encode(&expected) + tail)).expect(tail);
                    assert_eq!(read, expected, "{tail}");
                    assert!(notices.is_empty(), "{tail}: {notices:?}");
                }
            }
        }
    }

    #[test]
    fn a_link_survives_escapes_upon_escapes() {
        for expected in [link(), with_formula()] {
            let link = encode(&expected);
            let all = percent_encoding::NON_ALPHANUMERIC;
            let again = |text: &str| text.replace('%', "%25");
            // As one link in another's query is: as a whole, once or twice; or only what is escaped
            // already, or ought to be.
            let whole = utf8_percent_encode(&link, all).to_string();
            let browser = link.replace('{', "%7B").replace('\'', "%27").replace('}', "%7D");
            for text in [
                whole.clone(),
                again(&whole),
                browser.clone(),
                again(&browser),
                again(&again(&browser)),
                link.replace('&', "&amp;"),
            ] {
                for tail in ["", ".", ")"] {
                    let (read, notices) = decode(&(text.clone() + tail)).expect(&text);
                    assert_eq!(read, expected, "{text}");
                    assert!(notices.is_empty(), "{text}: {notices:?}");
                }
            }
        }
    }

    #[test]
    fn a_plus_is_safe_in_our_links_and_mended_in_older_ones() {
        let expected = with_formula();
        let link = encode(&expected);
        assert!(!link.contains('+'), "{link}");
        // A reader that takes “+” for a space finds none; one that has taken it in a link with bare
        // ones is answered here.
        for plus in [" ", "%20"] {
            let (read, notices) = decode(&link.replace("%2B", plus)).expect("a mended link");
            assert_eq!(read.experiment.runs.len(), 2);
            let formulas = |link: &Link| {
                let texts = [&link.experiment.objective, &link.experiment.runs[1].policy]
                    .map(|spec| spec.text("expression").to_owned());
                texts.map(|text| text.replace(' ', ""))
            };
            assert_eq!(formulas(&read), formulas(&expected));
            assert_eq!((read.step, &read.view), (expected.step, &expected.view));
            assert!(notices.iter().any(|notice| notice.contains("“+”")), "{notices:?}");
        }
    }

    #[test]
    fn a_formula_that_no_plus_mends_is_refused_and_documents_are_never_mended() {
        let broken = |formula: &str| {
            format!(
                r#"{{"version":1,"objective":{{"name":"formula","expression":"{formula}"}},"runs":[{{"policy":{{"name":"constant"}}}}]}}"#
            )
        };
        for formula in ["x^2 y^2", "x^2   y^2"] {
            assert!(decode(&format!("lab={}", broken(formula))).is_ok(), "{formula}");
            assert!(read_document(&broken(formula)).is_err(), "{formula}");
        }
        for formula in ["x^2 * * y", "sin(x", "q q q", "x ) y"] {
            assert!(decode(&format!("lab={}", broken(formula))).is_err(), "{formula}");
        }
    }

    #[test]
    fn a_step_that_is_none_leaves_the_experiment() {
        for step in ["soon", "-3", "1.5", "", "20x", "%25"] {
            let fragment = format!(
                "lab={}&step={step}&theme=dark",
                link().experiment.to_json().replace('%', "%25").replace('&', "%26")
            );
            let (read, notices) = decode(&fragment).expect(step);
            assert_eq!(read.experiment, link().experiment);
            assert_eq!((read.step, read.theme), (None, Some(Theme::Dark)));
            assert!(
                notices.len() == 1 && notices[0].starts_with("step: expected a whole number"),
                "{step}: {notices:?}"
            );
        }
    }

    #[test]
    fn a_link_cut_anywhere_is_refused_or_read_but_never_a_panic() {
        let fragment = encode(&link());
        for end in (0..fragment.len()).filter(|end| fragment.is_char_boundary(*end)) {
            let _ = decode(&fragment[..end]);
        }
        assert!(matches!(decode("step=3"), Err(LinkError::Missing)));
        assert!(matches!(decode("lab=%ff"), Err(LinkError::Garbled)));
        assert!(matches!(decode(&"x".repeat(100_000)), Err(LinkError::TooLong { .. })));
        assert!(matches!(decode("lab={}&step=abc"), Err(LinkError::Experiment(_))));
    }
}
