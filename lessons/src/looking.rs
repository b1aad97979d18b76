//! How a step is looked at: lines such as `panels: loss sharpness product`.

use flatland::lesson::{Happening, Time};
use flatland::session::{DEFAULT_SPEED, SPEEDS};
use flatland::view_settings::{SLOTS, View};
use flatland_engine::Experiment;

use crate::gallery::Subject;
use crate::problem::{Line, Problem};

/// See the module's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Looking {
    /// As links have it.
    pub view: String,
    /// The speed's place among those offered.
    pub speed: usize,
    pub time: Time,
    /// In the gallery: what its picture is of, and where that is said.
    pub picture: Option<(Line, Subject)>,
}

impl Default for Looking {
    fn default() -> Self {
        Self { view: String::new(), speed: DEFAULT_SPEED, time: Time::Runs, picture: None }
    }
}

/// Keys of the view, as links have them.
const VIEW_KEYS: [&str; 13] = [
    "panels",
    "scene",
    "x",
    "zoom",
    "run",
    "ghosts",
    "rescaled",
    "above-best",
    "parity",
    "layer",
    "line",
    "window",
    "pin",
];
/// Those of them that count runs or charts, from 1 in a lesson and from 0 in a link.
const COUNTED: [&str; 4] = ["run", "ghosts", "rescaled", "above-best"];
/// As fast as the machine goes.
const FULL: &str = "full";

impl Looking {
    /// Reads the lines of a block; `line` is the one above them.
    pub fn read(line: &Line, text: &str, experiment: &Experiment) -> Result<Self, Problem> {
        let mut looking = Self::default();
        let mut view = Vec::new();
        for (index, entry) in text.lines().enumerate().filter(|(_, entry)| !entry.trim().is_empty()) {
            let here = line.plus(index + 1);
            let Some((key, value)) = entry.split_once(':').map(|(key, value)| (key.trim(), value.trim())) else {
                let remedy = "each line is a key, a colon and a value, as in `speed: 60`";
                return Err(Problem::new(&here, "a key and a value", &format!("\"{}\"", entry.trim()), remedy));
            };
            match key {
                "speed" => looking.speed = speed(&here, value)?,
                "step" => looking.time = Time::At(step(&here, value, experiment)?),
                "play" => looking.time = Time::To(step(&here, value, experiment)?),
                "until" => looking.time = until(&here, value, experiment)?,
                "picture" => looking.picture = Some((here.clone(), Subject::read(&here, value, experiment)?)),
                _ if VIEW_KEYS.contains(&key) => view.push(part(&here, key, value, experiment)?),
                _ => {
                    let names = VIEW_KEYS.join(", ");
                    let remedy = format!("the keys are speed, step, play, until, {names}");
                    return Err(Problem::new(&here, "a key that is known", &format!("\"{key}\""), &remedy));
                }
            }
        }
        looking.view = view.join(",");
        Ok(looking)
    }
}

/// A part of the view as links have it, which the page must understand.
fn part(line: &Line, key: &str, value: &str, experiment: &Experiment) -> Result<String, Problem> {
    let words = value.split([' ', ',']).filter(|word| !word.is_empty());
    let from_zero = |word: &str| word.parse::<usize>().ok()?.checked_sub(1).map(|place| place.to_string());
    let words: Option<Vec<String>> =
        words.map(|word| if COUNTED.contains(&key) { from_zero(word) } else { Some(word.to_owned()) }).collect();
    let part = format!("{key}:{}", words.unwrap_or_default().join("~"));
    let (view, ignored) = View::decode(&part);
    let mut fitting = view.clone();
    fitting.fit(experiment.runs.len());
    let of_networks = !experiment.is_network() && view.panels.iter().any(|panel| panel.is_of_networks());
    // What is read but says nothing, such as a zoom from 9 to 2, was not understood either.
    let is_understood = ignored.is_empty() && view.encode() == part && view == fitting && !of_networks;
    let is_usual = ignored.is_empty()
        && view == View::default()
        && !value.is_empty()
        && matches!(key, "panels" | "scene" | "x" | "layer" | "line" | "run");
    if is_understood || is_usual {
        return Ok(part);
    }
    let remedy = match key {
        "panels" => format!(
            "name {SLOTS} panels as links do, such as `panels: loss sharpness product`; those of networks need one"
        ),
        "run" | "ghosts" => format!("runs are counted from 1; here there are {}", experiment.runs.len()),
        "zoom" => "write the first and the last step, as in `zoom: 0 100`".to_owned(),
        "window" => "write the ends of x and of y, as in `window: -1 1 0 4`".to_owned(),
        "rescaled" | "above-best" => format!("charts are counted from 1 to {SLOTS}"),
        _ => "take the word that a link of the page has for it".to_owned(),
    };
    Err(Problem::new(line, &format!("a value for \"{key}\""), &format!("\"{value}\""), &remedy))
}

/// The place of a speed.
fn speed(line: &Line, value: &str) -> Result<usize, Problem> {
    let wanted = if value == FULL { Some(f64::INFINITY) } else { value.parse().ok() };
    SPEEDS.iter().position(|speed| wanted == Some(*speed)).ok_or_else(|| {
        let offered: Vec<String> = SPEEDS.iter().filter(|speed| speed.is_finite()).map(ToString::to_string).collect();
        let remedy = format!("in steps a second there are {} and {FULL}", offered.join(", "));
        Problem::new(line, "a speed that the page offers", &format!("\"{value}\""), &remedy)
    })
}

/// A step of the experiment.
fn step(line: &Line, value: &str, experiment: &Experiment) -> Result<u64, Problem> {
    let last = experiment.steps;
    let step = if value == "end" { Some(last) } else { value.parse().ok() };
    step.filter(|step| *step <= last).ok_or_else(|| {
        let remedy = "name one within the experiment's steps, or write end";
        Problem::new(line, &format!("a step from 0 to {last}"), &format!("\"{value}\""), remedy)
    })
}

/// Until something happens: `run 2 crossed`, or `crossed` for the first run.
fn until(line: &Line, value: &str, experiment: &Experiment) -> Result<Time, Problem> {
    let (run, word) = match value.strip_prefix("run ").and_then(|rest| rest.split_once(' ')) {
        Some((number, word)) => (number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)), word.trim()),
        None => (Some(0), value),
    };
    let happening = Happening::ALL.into_iter().find(|(_, name)| *name == word).map(|(happening, _)| happening);
    match (run.filter(|run| *run < experiment.runs.len()), happening) {
        (Some(run), Some(happening)) => Ok(Time::Until(happening, run)),
        _ => {
            let names: Vec<&str> = Happening::ALL.iter().map(|(_, name)| *name).collect();
            let remedy = format!("what can happen is {}; runs are counted from 1", names.join(", "));
            Err(Problem::new(
                line,
                "what happens to which run, as in `run 1 crossed`",
                &format!("\"{value}\""),
                &remedy,
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use super::*;

    fn experiment() -> Experiment {
        Experiment::from_json(
            r#"{"version":1,"objective":{"name":"double-well"},"steps":300,
                "runs":[{"policy":{"name":"constant"}},{"policy":{"name":"line-search"}}]}"#,
        )
        .unwrap()
    }

    fn read(text: &str) -> Result<Looking, Problem> {
        Looking::read(&Line::of(Path::new("a.md"), 20), text, &experiment())
    }

    #[test]
    fn lines_become_what_a_link_says() {
        let text = "panels: loss, product spectrum\nrun: 2\nscene: cobweb\nspeed: full\nzoom: 0 40\nwindow: -1.5 1.5 0 2\nplay: end\n";
        let view = "panels:loss~product~spectrum,run:1,scene:cobweb,zoom:0~40,window:-1.5~1.5~0~2";
        assert_eq!(
            read(text).unwrap(),
            Looking { view: view.to_owned(), speed: SPEEDS.len() - 1, time: Time::To(300), picture: None }
        );
        assert_eq!(read("").unwrap(), Looking::default());
        assert_eq!(read("run: 1\nstep: 7").unwrap().time, Time::At(7));
        assert_eq!(read("until: run 2 ended").unwrap().time, Time::Until(Happening::Ended, 1));
    }

    #[test]
    fn what_the_page_would_not_understand_is_refused_with_its_line() {
        for (text, line, found) in [
            ("panels: loss", 21, "loss"),
            ("panels: loss sharpness accuracy", 21, "accuracy"),
            ("speed: 60\nspeed: 61", 22, "61"),
            ("run: 3", 21, "there are 2"),
            ("run: 0", 21, "\"0\""),
            ("\n\nscene: cellar", 23, "cellar"),
            ("zoom: 40 0", 21, "40 0"),
            ("window: 0 1", 21, "0 1"),
            ("play: 301", 21, "from 0 to 300"),
            ("step: soon", 21, "soon"),
            ("until: run 3 crossed", 21, "run 3 crossed"),
            ("until: tea", 21, "tea"),
            ("color: red", 21, "color"),
            ("faster", 21, "faster"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.starts_with(&format!("a.md:{line}: ")) && error.contains(found), "{text}: {error}");
        }
    }
}
