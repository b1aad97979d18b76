//! The link: everything that makes a picture, in the address's fragment.
//!
//! `#lab={'version':1,…}&step=150&view=x:time,scene:lens&speed=9&theme=dark`. The experiment is its JSON with the two kinds of quotes exchanged, since browsers escape
//! double quotes in addresses: so it stays short and readable, and the exchange undoes itself. Unknown keys are ignored with a notice.

use std::borrow::Cow;

use flatland_engine::experiment::{Experiment, ExperimentError};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::{session::SPEEDS, settings::Theme, view::View};

/// What a fragment cannot carry as it is, besides what would end a key's value.
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'&').add(b'#').add(b'\\');
/// Fragments longer than this are refused unread.
const MAX_LENGTH: usize = 65_536;

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
    /// The step is not one.
    #[error("step: expected a whole number such as 150, got “{found}”")]
    Step {
        /// What stands there.
        found: String,
    },
    /// The experiment is not valid.
    #[error("{0}")]
    Experiment(#[from] ExperimentError),
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
    fragment
}

/// Reads a fragment, with or without `#`. The second value says what was ignored.
pub fn decode(fragment: &str) -> Result<(Link, Vec<String>), LinkError> {
    let fragment = fragment.trim_start_matches('#');
    if fragment.len() > MAX_LENGTH {
        return Err(LinkError::TooLong { found: fragment.len() });
    }
    let mut notices = Vec::new();
    let mut experiment = None;
    let (mut step, mut theme, mut speed, mut view) = (None, None, None, View::default());
    for part in fragment.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = percent_decode_str(value).decode_utf8().map_err(|_| LinkError::Garbled)?;
        match key {
            "lab" => {
                // A hand-made link may hold plain JSON.
                let is_plain = value.trim_start().trim_start_matches('{').trim_start().starts_with('"');
                let json = if is_plain { value } else { Cow::Owned(exchange_quotes(&value)) };
                let (read, ignored) = Experiment::from_json_lenient(&json)?;
                notices.extend(ignored.iter().map(ToString::to_string));
                experiment = Some(read);
            }
            "step" => step = Some(value.parse().map_err(|_| LinkError::Step { found: value.into_owned() })?),
            "view" => {
                let (read, ignored) = View::decode(&value);
                view = read;
                notices.extend(ignored);
            }
            "speed" => match value.parse().ok().filter(|speed| *speed < SPEEDS.len()) {
                Some(place) => speed = Some(place),
                None => notices.push(format!("speed: “{value}” is unknown and was ignored")),
            },
            "theme" => match Theme::from_name(&value) {
                Some(named) => theme = Some(named),
                None => notices.push(format!("theme: “{value}” is unknown and was ignored")),
            },
            // The Atlas reads its own part when it is opened.
            "atlas" => {}
            _ => notices.push(format!("“{key}” in the link is unknown and was ignored")),
        }
    }
    let experiment = experiment.ok_or(LinkError::Missing)?;
    view.fit(experiment.runs.len());
    Ok((Link { experiment, step, view, speed, theme }, notices))
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
        Link { experiment, step: Some(150), view, speed: Some(9), theme: Some(Theme::Dark) }
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

    #[test]
    fn a_link_cut_anywhere_is_refused_or_read_but_never_a_panic() {
        let fragment = encode(&link());
        for end in (0..fragment.len()).filter(|end| fragment.is_char_boundary(*end)) {
            let _ = decode(&fragment[..end]);
        }
        assert!(matches!(decode("step=3"), Err(LinkError::Missing)));
        assert!(matches!(decode("lab=%ff"), Err(LinkError::Garbled)));
        assert!(matches!(decode(&"x".repeat(100_000)), Err(LinkError::TooLong { .. })));
        assert!(matches!(decode("lab={}&step=abc"), Err(LinkError::Experiment(_) | LinkError::Step { .. })));
    }
}
