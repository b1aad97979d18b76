//! Plays claims: computes the runs with the engine and looks whether what is said holds.

use flatland_engine::column::Column;
use flatland_engine::experiment::field::{Field, complete};
use flatland_engine::{Descent, Experiment, FieldError, Record};

use super::expression::{Expression, Quantity, Term, Whose};
use super::{Claim, Ending, Failure, Relation, Rows, Share, Sign, What};

/// An orbit must come back as near as this, relative to its size: what the page asks of one.
const RETURN: f64 = 1e-6;
/// Rows at the end of a run that must repeat themselves, in periods.
const PERIODS: usize = 8;

/// A row of a run.
struct Row {
    record: Record,
    columns: Vec<f64>,
    iterate: Vec<f64>,
}

/// A run that is over.
struct Run {
    rows: Vec<Row>,
    /// The engine's name for how it ended, and the step.
    ending: (&'static str, u64),
}

/// An experiment that has been played.
struct Played {
    columns: Vec<Column>,
    runs: Vec<Run>,
}

/// Plays an experiment and returns the claims that do not hold.
///
/// # Errors
///
/// If the experiment, with a field changed as a claim says, is not valid.
pub fn check(experiment: &Experiment, claims: &[Claim]) -> Result<Vec<Failure>, FieldError> {
    let mut failures = Vec::new();
    let mut left: Vec<&Claim> = claims.iter().collect();
    // Claims about the same runs share them.
    while let Some(first) = left.first().copied() {
        let (now, later) = left.into_iter().partition(|claim| claim.with == first.with);
        left = later;
        let played = Played::new(experiment, &now)?;
        failures.extend(now.into_iter().filter_map(|claim| {
            let found = played.contradiction(claim)?;
            Some(Failure { line: claim.line.clone(), text: claim.text.clone(), found })
        }));
    }
    Ok(failures)
}

impl Played {
    fn new(experiment: &Experiment, claims: &[&Claim]) -> Result<Self, FieldError> {
        let mut experiment = experiment.clone();
        for (path, value) in claims.first().map_or(&[][..], |claim| &claim.with) {
            let mut document = complete(&experiment);
            Field::find(&document, path)?.set(&mut document, *value);
            experiment = Experiment::from_json(&document.to_string())?;
        }
        for column in claims.iter().flat_map(|claim| claim.columns()) {
            if !experiment.columns.contains(&column) {
                experiment.columns.push(column);
            }
        }
        let runs = (0..experiment.runs.len()).map(|index| Run::new(&experiment, index)).collect::<Result<_, _>>()?;
        Ok(Self { columns: experiment.columns, runs })
    }

    /// What was found instead of what the claim says.
    fn contradiction(&self, claim: &Claim) -> Option<String> {
        let run = &self.runs[claim.run];
        match &claim.what {
            What::Ends(ending, before) => {
                let (name, step) = run.ending;
                let is_meant = Ending::ALL.iter().any(|(known, _, outcome)| known == ending && *outcome == name);
                let is_in_time = before.is_none_or(|before| step < before);
                (!is_meant || !is_in_time).then(|| format!("that it is called {name}, at step {step}"))
            }
            What::Repeats(period) => {
                let found = run.period();
                (found != Some(*period)).then(|| match found {
                    Some(found) => format!("that it repeats itself every {found}"),
                    None => "that it does not repeat itself within 64 steps".to_owned(),
                })
            }
            What::Holds(rows, share, relation) => self.unless(run, *rows, *share, relation),
        }
    }

    /// What was found where a relation does not hold for as many of the rows as is said.
    fn unless(&self, run: &Run, rows: Rows, share: Share, relation: &Relation) -> Option<String> {
        let rows = run.part(rows);
        let Some(rows) = rows else { return Some(format!("only {} steps", run.ending.1)) };
        let values: Vec<(u64, f64, f64)> = rows
            .iter()
            .map(|row| {
                let value = |side: &Expression| side.at(&self.values(run, row, &side.terms));
                (row.record.step, value(&relation.left), value(&relation.right))
            })
            .collect();
        let count = values.len() as f64;
        let holding = values.iter().filter(|(_, left, right)| relation.sign.holds(*left, *right)).count() as f64;
        let percent = 100.0 * holding / count;
        match share {
            Share::All => {
                let (step, left, right) = values.iter().find(|(_, left, right)| !relation.sign.holds(*left, *right))?;
                Some(format!("{left} and {right} at step {step}"))
            }
            Share::Some => (holding == 0.0).then(|| "none such".to_owned()),
            Share::AtLeast(least) => (percent < least).then(|| format!("{percent:.1} %")),
            Share::AtMost(most) => (percent > most).then(|| format!("{percent:.1} %")),
            Share::OnAverage => {
                let mean = |side: fn(&(u64, f64, f64)) -> f64| values.iter().map(side).sum::<f64>() / count;
                let (left, right) = (mean(|value| value.1), mean(|value| value.2));
                (!relation.sign.holds(left, right)).then(|| format!("{left} and {right}"))
            }
        }
    }

    fn values(&self, run: &Run, row: &Row, terms: &[Term]) -> Vec<f64> {
        let of = |term: &Term| {
            let row = match term.whose {
                Whose::Own => row,
                Whose::Start => &run.rows[0],
                Whose::Before => match (row.record.step as usize).checked_sub(1) {
                    Some(before) => &run.rows[before],
                    None => return f64::NAN,
                },
                Whose::Run(other) => {
                    let rows = &self.runs[other].rows;
                    &rows[(row.record.step as usize).min(rows.len() - 1)]
                }
            };
            self.value(row, term.quantity)
        };
        terms.iter().map(of).collect()
    }

    /// A quantity of a row; NaN, with which nothing holds, where it is not known.
    fn value(&self, row: &Row, quantity: Quantity) -> f64 {
        let record = &row.record;
        let known = match quantity {
            Quantity::Step => Some(record.step as f64),
            Quantity::Loss => Some(record.loss),
            Quantity::GradientNorm => Some(record.gradient_norm),
            Quantity::Sharpness => Some(record.sharpness),
            Quantity::StepSize => record.step_size,
            Quantity::Threshold => record.threshold,
            Quantity::Product => record.product(),
            Quantity::Reference => record.reference,
            Quantity::Calls => Some(record.evaluations.total() as f64),
            Quantity::Coordinate(place) => row.iterate.get(place).copied(),
            Quantity::Column(column) => {
                self.columns.iter().position(|known| *known == column).and_then(|at| row.columns.get(at).copied())
            }
        };
        known.unwrap_or(f64::NAN)
    }
}

impl Run {
    fn new(experiment: &Experiment, index: usize) -> Result<Self, FieldError> {
        let mut descent = Descent::new(experiment, index)?;
        let mut rows = Vec::new();
        while let Some(record) = descent.advance() {
            rows.push(Row { record, columns: descent.columns().to_vec(), iterate: descent.sketch().to_vec() });
        }
        let ending = descent.outcome().map_or(("unfinished", 0), |outcome| (outcome.name(), outcome.step()));
        Ok(Self { rows, ending })
    }

    /// Some of its rows; None where it has not come as far.
    fn part(&self, Rows { from, to }: Rows) -> Option<&[Row]> {
        let last = self.rows.len() - 1;
        let [from, to] = [from, to].map(|step| step.map_or(last, |step| step as usize));
        (from <= to && to <= last).then(|| &self.rows[from..=to])
    }

    /// After how many steps it repeats itself in the end.
    fn period(&self) -> Option<usize> {
        let size = self.rows.last()?.iterate.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
        (1..=64).find(|period| {
            let looked_at = self.rows.len().checked_sub(period * PERIODS);
            looked_at.is_some_and(|from| {
                let pairs = self.rows[from..].iter().zip(&self.rows[from + period..]);
                pairs.into_iter().all(|(one, other)| {
                    one.iterate.iter().zip(&other.iterate).all(|(one, other)| (one - other).abs() <= RETURN * size)
                })
            })
        })
    }
}

impl Sign {
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::Greater => left > right,
            Self::Within(most) => (left - right).abs() <= most,
            Self::WithinPart(part) => (left - right).abs() <= part * right.abs(),
        }
    }
}

impl Claim {
    /// The columns that it speaks of.
    fn columns(&self) -> Vec<Column> {
        let What::Holds(_, _, relation) = &self.what else { return Vec::new() };
        let Relation { left, right, .. } = &**relation;
        let terms = left.terms.iter().chain(&right.terms);
        terms
            .filter_map(|term| match term.quantity {
                Quantity::Column(column) => Some(column),
                _ => None,
            })
            .collect()
    }
}
