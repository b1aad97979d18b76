//! The link: everything that makes a picture, in the address's fragment.
//!
//! `#lab={'version':1,…}&step=150&view=x:time,scene:lens&speed=9&theme=dark`. How the experiment is
//! written and read stands in [`flatland_engine::experiment::link`]. Unknown keys are ignored with a
//! notice.

use flatland_engine::experiment::{Experiment, link};

pub use flatland_engine::experiment::link::LinkError;

use crate::{session::SPEEDS, settings::Theme, view_settings::View};

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

/// The fragment of a link, without `#`.
pub fn encode(link: &Link) -> String {
    let mut fragment = link::encode(&link.experiment);
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

/// Reads a fragment, with or without `#`. The second value says what was ignored or mended.
pub fn decode(fragment: &str) -> Result<(Link, Vec<String>), LinkError> {
    let mut notices = Vec::new();
    let (mut step, mut theme, mut speed, mut view, mut lesson) = (None, None, None, View::default(), None);
    let experiment = link::decode(fragment, &mut notices, |key, value, notices| match key {
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
    })?;
    view.fit(experiment.runs.len());
    Ok((Link { experiment, step, view, speed, theme, lesson }, notices))
}

/// Reads a document, which is taken as it is. The second value says what was ignored.
pub fn read_document(json: &str) -> Result<(Link, Vec<String>), LinkError> {
    let (experiment, ignored) = Experiment::from_json_lenient(json)?;
    let link = Link { experiment, step: None, view: View::default(), speed: None, theme: None, lesson: None };
    Ok((link, ignored.iter().map(ToString::to_string).collect()))
}

#[cfg(test)]
mod tests {
    use percent_encoding::utf8_percent_encode;

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
