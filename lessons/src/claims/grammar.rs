//! Reads claims.

use flatland_engine::Experiment;
use flatland_engine::experiment::field::{Field, complete};

use super::expression::Expression;
use super::{Claim, Ending, Relation, Rows, Share, Sign, What};
use crate::problem::{Line, Problem};

/// What a claim may be, for those who wrote something else.
const FORMS: &str = "claims are `run 1 diverges before step 50`, `run 1 repeats itself every 2 steps`, \
                     `run 1 at the end: loss < 1e-6`, `run 1 from step 5 to 9: …`, `run 1 somewhere from step 5 to the end: …`, \
                     `run 1 on average from …`, `run 1 in at least 40 % from …`, each perhaps behind `with FIELD = NUMBER:`";

impl Claim {
    /// Reads the claims of a block, one a line; `line` is the one above them.
    ///
    /// # Errors
    ///
    /// For the first one that is none.
    pub fn read(line: &Line, text: &str, experiment: &Experiment) -> Result<Vec<Self>, Problem> {
        let lines = text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty());
        lines
            .map(|(index, text)| {
                let (here, text) = (line.plus(index + 1), text.trim());
                claim(text, experiment)
                    .map(|(with, run, what)| Self { line: here.clone(), text: text.to_owned(), with, run, what })
                    .map_err(|found| Problem::new(&here, "a claim", &found, FORMS))
            })
            .collect()
    }
}

type Parts = (Vec<(String, f64)>, usize, What);

fn claim(text: &str, experiment: &Experiment) -> Result<Parts, String> {
    let (with, rest) = match text.strip_prefix("with ") {
        Some(rest) => {
            let (fields, rest) = rest.split_once(": ").ok_or("no colon behind the fields")?;
            (fields.split(',').map(|field| changed(field, experiment)).collect::<Result<_, _>>()?, rest)
        }
        None => (Vec::new(), text),
    };
    let unknown = || format!("“{rest}”");
    let (number, rest) = rest.strip_prefix("run ").and_then(|rest| rest.split_once(' ')).ok_or_else(unknown)?;
    let runs = experiment.runs.len();
    let run = number.parse::<usize>().ok().filter(|run| (1..=runs).contains(run));
    let run = run.ok_or_else(|| format!("run {number}, where there are {runs}"))? - 1;
    if let Some(period) = rest.strip_prefix("repeats itself every ").and_then(|rest| rest.strip_suffix(" steps")) {
        let period = period.parse().ok().filter(|period| (1..=64).contains(period));
        return Ok((with, run, What::Repeats(period.ok_or_else(unknown)?)));
    }
    if let Some((ending, words, _)) = Ending::ALL.into_iter().find(|(_, words, _)| rest.starts_with(words)) {
        let rest = &rest[words.len()..];
        let before = rest.strip_prefix(" before step ").map(str::parse);
        return match before {
            None if rest.is_empty() => Ok((with, run, What::Ends(ending, None))),
            Some(Ok(step)) => Ok((with, run, What::Ends(ending, Some(step)))),
            _ => Err(unknown()),
        };
    }
    let (place, relation) = rest.split_once(": ").ok_or_else(unknown)?;
    let (rows, share) = rows(place).ok_or_else(|| format!("“{place}”"))?;
    Ok((with, run, What::Holds(rows, share, Box::new(relation_of(relation, experiment)?))))
}

/// A field with another value.
fn changed(text: &str, experiment: &Experiment) -> Result<(String, f64), String> {
    let (path, value) = text.split_once('=').ok_or_else(|| format!("“{text}” without a sign ="))?;
    let path = path.trim();
    let value: f64 = value.trim().parse().map_err(|_| format!("“{}”, which is no number", value.trim()))?;
    Field::find(&complete(experiment), path).map_err(|error| error.to_string())?;
    Ok((path.to_owned(), value))
}

/// Which rows, and how many of them.
fn rows(text: &str) -> Option<(Rows, Share)> {
    if let Some(place) = text.strip_prefix("at ") {
        let step = if place == "the end" { None } else { Some(place.strip_prefix("step ")?.parse().ok()?) };
        return Some((Rows { from: step, to: step }, Share::All));
    }
    let (share, rest) = match text.split_once("from ")? {
        ("", rest) => (Share::All, rest),
        ("somewhere ", rest) => (Share::Some, rest),
        ("on average ", rest) => (Share::OnAverage, rest),
        (share, rest) => {
            let percent = |share: &str| share.trim_end().strip_suffix('%')?.trim().parse().ok();
            let most = share.strip_prefix("in at most ").and_then(percent).map(Share::AtMost);
            (most.or_else(|| share.strip_prefix("in at least ").and_then(percent).map(Share::AtLeast))?, rest)
        }
    };
    let (from, to) = rest.strip_prefix("step ")?.split_once(" to ")?;
    let to = if to == "the end" { None } else { Some(to.parse().ok()?) };
    Some((Rows { from: Some(from.parse().ok()?), to }, share))
}

fn relation_of(text: &str, experiment: &Experiment) -> Result<Relation, String> {
    let at = text.find(['<', '>', '=']).ok_or_else(|| format!("“{text}” without <, > or ="))?;
    let (left, sign, right) = (&text[..at], &text[at..=at], &text[at + 1..]);
    let (sign, right) = match sign {
        "<" => (Sign::Less, right),
        ">" => (Sign::Greater, right),
        _ => {
            let (right, within) = right
                .rsplit_once(" within ")
                .ok_or_else(|| format!("“{text}” without “within 1 %” or “within 1e-6”"))?;
            let (number, is_part) = within.strip_suffix('%').map_or((within, false), |number| (number, true));
            let number = number.trim().parse::<f64>().ok().filter(|number| *number > 0.0);
            let number = number.ok_or_else(|| format!("“within {within}”"))?;
            (if is_part { Sign::WithinPart(number / 100.0) } else { Sign::Within(number) }, right)
        }
    };
    let [left, right] = [left, right].map(|side| Expression::read(side, experiment));
    Ok(Relation { left: left?, right: right?, sign })
}
