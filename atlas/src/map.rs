//! What to draw: an experiment, two of its numbers as axes, and what to color by.

use flatland_engine::experiment::ErrorKind;
use flatland_engine::experiment::field::{Field, complete};
use flatland_engine::{Experiment, FieldError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Axis, MAX_STEPS, MapError};

/// What a pixel's color says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// How the run ended: converged and in how many steps, in a cycle of which length, chaotic,
    /// diverged and when.
    #[default]
    Outcome,

    /// λ₁ at the last iterate.
    Sharpness,

    /// The share of the steps beyond the edge, η·λ₁ > 2.
    Share,

    /// The Lyapunov exponent.
    Lyapunov,

    /// Which minimizer the run converged to.
    Minimizer,

    /// The loss at the last iterate.
    Loss,

    /// The accuracy of a network on the test samples, at the last iterate.
    Accuracy,
}

impl Measure {
    /// All of them, in the order to show them.
    pub const ALL: [Self; 7] =
        [Self::Outcome, Self::Sharpness, Self::Share, Self::Lyapunov, Self::Minimizer, Self::Loss, Self::Accuracy];

    /// Those that the page offers for an objective in closed form, and for a network.
    pub const ON_PAGE: [&'static [Self]; 2] = [
        &[Self::Outcome, Self::Sharpness, Self::Share, Self::Lyapunov, Self::Minimizer],
        &[Self::Loss, Self::Sharpness, Self::Accuracy, Self::Share, Self::Outcome],
    ];

    /// Its name in documents and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Sharpness => "sharpness",
            Self::Share => "share",
            Self::Lyapunov => "lyapunov",
            Self::Minimizer => "minimizer",
            Self::Loss => "loss",
            Self::Accuracy => "accuracy",
        }
    }

    /// The measure of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }
}

/// A map, checked: every point between the ends of its axes is a valid experiment, apart from
/// constants that contradict each other there.
#[derive(Clone, Debug)]
pub struct Map {
    /// The experiment, complete.
    pub experiment: Experiment,

    /// Which of its runs is drawn.
    pub run: usize,

    /// The axis across.
    pub x: Axis,

    /// The axis up.
    pub y: Axis,

    /// What the color says.
    pub measure: Measure,

    /// The experiment as a document in which every field is there.
    document: Value,
    fields: [Field; 2],

    /// Whether numbers on an axis are rounded, see [`rounds`].
    rounds: [bool; 2],
}

impl Map {
    /// Checks a map. What concerns the other runs, several starts and recorded columns of the
    /// experiment plays no part.
    ///
    /// # Errors
    ///
    /// If there is no such run, an axis is no number of the experiment or cannot be drawn, both
    /// axes are the same, an end of an axis is not valid for its field, or the runs are too long.
    pub fn new(experiment: &Experiment, run: usize, x: Axis, y: Axis, measure: Measure) -> Result<Self, MapError> {
        let experiment = Experiment { ensemble: None, columns: Vec::new(), ..experiment.clone().complete_and_check()? };
        if run >= experiment.runs.len() {
            let expected = format!("a run from 0 to {}", experiment.runs.len() - 1);
            return Err(MapError::new("run", expected, run.to_string(), "runs are counted from 0"));
        }
        if experiment.steps > MAX_STEPS {
            let remedy = "lower it: every pixel takes as many";
            return Err(MapError::new(
                "steps",
                format!("at most {MAX_STEPS} for a map"),
                experiment.steps.to_string(),
                remedy,
            ));
        }
        let document = complete(&experiment);
        let field = |axis: &Axis| {
            axis.check()?;
            let path = axis.field.as_str();
            if path.starts_with("runs[") && !path.starts_with(&format!("runs[{run}]")) {
                let (expected, remedy) =
                    (format!("a field that run {run} depends on"), "choose another axis, or draw that run");
                return Err(MapError::new(path, expected, "one of another run", remedy));
            }
            Ok(Field::find(&document, path)?)
        };
        let fields = [field(&x)?, field(&y)?];
        if x.field == y.field {
            return Err(MapError::new(x.field, "two different fields", "this one twice", "change one of the axes"));
        }
        check_measure(&experiment, measure)?;
        let rounds = [0, 1].map(|axis| rounds(&fields[axis], &experiment));
        let map = Self { experiment, run, x, y, measure, document, fields, rounds };
        // Bounds are intervals, so that the ends speak for what lies between them; a whole number
        // is not allowed to have anything there. Constants that contradict each other somewhere,
        // such as η_min and η_max on the two axes, leave those pixels without a value.
        let points = [(0.0, 0.0), (1.0, 1.0), (0.381_966, 0.618_034), (0.0, 1.0), (1.0, 0.0)];
        let mut contradiction = None;
        let mut is_valid = false;
        for (u, v) in points {
            match map.experiment_at(map.x.at(u), map.y.at(v)) {
                Ok(there) => {
                    is_valid = true;
                    // Whether data are at hand, and layers not too large, shows when they are built.
                    if there.is_network() {
                        there.build_objective()?;
                    }
                }
                Err(error) if error.kind == ErrorKind::Order => contradiction = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        match contradiction {
            Some(error) if !is_valid => Err(error.into()),
            _ => Ok(map),
        }
    }

    /// The experiment at a point of the map; where only whole numbers fit, at the nearest one.
    ///
    /// # Errors
    ///
    /// If it is not valid, which is so only beyond the ends of an axis and where constants
    /// contradict each other.
    pub fn experiment_at(&self, x: f64, y: f64) -> Result<Experiment, FieldError> {
        let [x, y] = [(x, self.rounds[0]), (y, self.rounds[1])]
            .map(|(number, rounds)| if rounds { number.round() } else { number });
        let mut experiment = self.experiment.clone();
        if self.fields[0].write(&mut experiment, x) && self.fields[1].write(&mut experiment, y) {
            return experiment.complete_and_check();
        }
        let mut document = self.document.clone();
        self.fields[0].set(&mut document, x);
        self.fields[1].set(&mut document, y);
        let mut experiment = Experiment::from_json(&document.to_string())?;
        experiment.stop.calls = self.experiment.stop.calls;
        Ok(experiment)
    }

    /// The numbers of the experiment itself on both axes: where the Lab's run is on the map. None
    /// where a field is absent.
    #[must_use]
    pub fn here(&self) -> Option<(f64, f64)> {
        Some((self.fields[0].number(&self.document)?, self.fields[1].number(&self.document)?))
    }
}

/// Whether the numbers of an axis are rounded to whole ones: of the seed, and of what the objective
/// counts, such as the units of a layer. The pixels of N columns from 0 to N − 1 then stand for one
/// number each. A budget of steps is no axis: all runs of a map have the same.
pub(crate) fn rounds(field: &Field, experiment: &Experiment) -> bool {
    (field.path() == "seed" || field.path().starts_with("objective.")) && field.is_whole(experiment)
}

/// Whether the objective has what is measured.
fn check_measure(experiment: &Experiment, measure: Measure) -> Result<(), MapError> {
    let name = &experiment.objective.name;
    match measure {
        Measure::Minimizer if experiment.is_network() => {
            let found = format!("minimizer, of a \"{name}\"");
            let expected = "a measure of what has no named variables";
            Err(MapError::new("measure", expected, found, "take loss, accuracy, sharpness, share or outcome"))
        }
        Measure::Accuracy if !experiment.is_network() => {
            let found = format!("the objective \"{name}\"");
            Err(MapError::new("measure", "a network for accuracy", found, "take loss, or a network"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment() -> Experiment {
        Experiment::from_json(
            r#"{"version": 1, "objective": {"name": "double-well"}, "start": [0.3],
                "runs": [{"policy": {"name": "constant", "eta": 1.1}}, {"policy": {"name": "polyak"}}]}"#,
        )
        .unwrap()
    }

    fn map(run: usize, x: &str, y: &str) -> Result<Map, MapError> {
        Map::new(&experiment(), run, Axis::parse(x).unwrap(), Axis::parse(y).unwrap(), Measure::Outcome)
    }

    #[test]
    fn a_point_is_an_experiment() {
        let map = map(0, "runs[0].policy.eta=log:0.01:3", "start[0]=lin:-2:2").unwrap();
        let there = map.experiment_at(0.5, -1.25).unwrap();
        assert_eq!((there.runs[0].policy.number("eta"), there.start[0]), (0.5, -1.25));
        assert_eq!(map.here(), Some((1.1, 0.3)));
    }

    #[test]
    fn constants_may_contradict_each_other_somewhere_but_not_everywhere() {
        let cyclic = r#"{"version": 1, "objective": {"name": "double-well"},
            "runs": [{"policy": {"name": "cyclic", "eta_min": 0.1, "eta_max": 0.3}}]}"#;
        let cyclic = Experiment::from_json(cyclic).unwrap();
        let map = |low: &str, high: &str| {
            let axis = |text| Axis::parse(text).unwrap();
            let (x, y) = (format!("runs[0].policy.eta_min={low}"), format!("runs[0].policy.eta_max={high}"));
            Map::new(&cyclic, 0, axis(x.as_str()), axis(y.as_str()), Measure::Outcome)
        };
        let square = map("lin:0.1:1", "lin:0.1:1").unwrap();
        assert_eq!(crate::single::pixel(&square, 0.9, 0.2).fate, crate::Fate::Undefined);
        assert_ne!(crate::single::pixel(&square, 0.2, 0.9).fate, crate::Fate::Undefined);
        let error = map("lin:0.5:1", "lin:0.1:0.4").unwrap_err();
        assert!(error.field == "runs[0].policy.eta_min" && error.remedy.contains("η_max"), "{error}");
    }

    #[test]
    fn what_is_no_map_names_the_field_and_the_limit() {
        let eta = "runs[0].policy.eta=lin:0.1:2";
        let start = "start[0]=lin:-2:2";
        for (run, x, y, field, part) in [
            (7, eta, start, "run", "0 to 1"),
            (0, "runs[0].policy.name=lin:0:1", start, "runs[0].policy.name", "a numeric field"),
            (0, "runs[0].policy.sigma=lin:0:1", start, "runs[0].policy.sigma", "near names"),
            (0, "runs[0].policy.eta=lin:-1:2", start, "runs[0].policy.eta", "above 0"),
            (0, "start[0]=lin:-1e300:1", eta, "start[0]", ""),
            (0, "start[5]=lin:0:1", eta, "start[5]", "no such field"),
            (0, eta, eta, "runs[0].policy.eta", "two different fields"),
            (1, eta, start, "runs[0].policy.eta", "another run"),
            (0, "steps=lin:10:100", start, "steps", "whole"),
        ] {
            let error = map(run, x, y).expect_err(x);
            assert!(error.field == field && error.to_string().contains(part), "{x}, {y}: {error}");
        }
        let long = Experiment { steps: 2_000_000, ..experiment() };
        let axis = |text| Axis::parse(text).unwrap();
        let error = Map::new(&long, 0, axis(eta), axis(start), Measure::Outcome).expect_err("too long");
        assert!(error.to_string().starts_with("steps: expected at most 1000000"), "{error}");
    }
}
