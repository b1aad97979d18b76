//! Bifurcation diagrams: a number of the experiment across, where the runs go up.
//!
//! For each column the run takes its steps unseen, and then [`Diagram::iterates`] more, each of
//! which leaves a mark at the height of a coordinate, of the loss or of λ₁. How often a pixel is
//! hit is its shade. The engine computes every column, whatever the policy.

use flatland_engine::descent::Recording;
use flatland_engine::experiment::field::{Field, complete};
use flatland_engine::{Descent, Experiment, Outcome};
use serde_json::Value;

use crate::map::rounds;
use crate::paint::{Rgb, sequence};
use crate::{Axis, MAX_SIDE, MAX_STEPS, MapError};

/// The most iterates that leave a mark in a column.
pub const MAX_ITERATES: u64 = 100_000;

/// What is drawn upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A coordinate of the iterate.
    Coordinate(usize),

    /// f.
    Loss,

    /// λ₁.
    Sharpness,
}

impl Quantity {
    /// `x0`, `x1`, …, `loss` or `sharpness`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Coordinate(index) => format!("x{index}"),
            Self::Loss => "loss".to_owned(),
            Self::Sharpness => "sharpness".to_owned(),
        }
    }

    /// The quantity of this name, for so many variables; 0 where they have no names, as the weights
    /// of a network.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn named(name: &str, dimension: usize) -> Result<Self, MapError> {
        match name {
            "loss" => Ok(Self::Loss),
            "sharpness" => Ok(Self::Sharpness),
            _ if dimension == 0 => {
                let expected = "loss or sharpness, as this objective has no named coordinates";
                Err(MapError::new("quantity", expected, format!("\"{name}\""), "choose one of these"))
            }
            _ => match name.strip_prefix('x').and_then(|index| index.parse().ok()) {
                Some(index) if index < dimension => Ok(Self::Coordinate(index)),
                _ => {
                    let expected = format!("x0 to x{}, loss or sharpness", dimension - 1);
                    Err(MapError::new("quantity", expected, format!("\"{name}\""), "choose one of these"))
                }
            },
        }
    }
}

/// A diagram, checked.
#[derive(Clone, Debug)]
pub struct Diagram {
    /// The experiment, complete.
    pub experiment: Experiment,

    /// Which of its runs is drawn.
    pub run: usize,

    /// The axis across.
    pub x: Axis,

    /// What is drawn upwards.
    pub quantity: Quantity,

    /// The range upwards.
    pub low: f64,

    /// Its higher end.
    pub high: f64,

    /// The iterates that leave a mark in each column.
    pub iterates: u64,

    document: Value,
    field: Field,
}

/// What became of the run of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// How often each pixel was hit, from the top.
    pub hits: Vec<u32>,

    /// Whether the run diverged.
    pub has_diverged: bool,
}

impl Diagram {
    /// Checks a diagram.
    ///
    /// # Errors
    ///
    /// As for [`crate::Map::new`], and if the range upwards cannot be drawn or the iterates are too
    /// many.
    pub fn new(
        experiment: &Experiment,
        run: usize,
        x: Axis,
        quantity: Quantity,
        up: (f64, f64),
        iterates: u64,
    ) -> Result<Self, MapError> {
        let (low, high) = up;
        Axis { field: quantity.name(), from: low, to: high, scale: crate::Scale::Linear }.check()?;
        if !(1..=MAX_ITERATES).contains(&iterates) {
            let expected = format!("1 to {MAX_ITERATES} iterates a column");
            return Err(MapError::new("iterates", expected, iterates.to_string(), "choose another number"));
        }
        let experiment = Experiment { ensemble: None, columns: Vec::new(), ..experiment.clone().complete_and_check()? };
        if run >= experiment.runs.len() {
            let expected = format!("a run from 0 to {}", experiment.runs.len() - 1);
            return Err(MapError::new("run", expected, run.to_string(), "runs are counted from 0"));
        }
        if experiment.steps > MAX_STEPS {
            let expected = format!("at most {MAX_STEPS} for a map");
            return Err(MapError::new(
                "steps",
                expected,
                experiment.steps.to_string(),
                "lower it: every column takes as many",
            ));
        }
        x.check()?;
        let document = complete(&experiment);
        let field = Field::find(&document, &x.field)?;
        let diagram = Self { experiment, run, x, quantity, low, high, iterates, document, field };
        for share in [0.0, 1.0, 0.381_966] {
            diagram.experiment_at(diagram.x.at(share))?;
        }
        Ok(diagram)
    }

    /// The experiment at a place of the axis.
    ///
    /// # Errors
    ///
    /// If it is not valid, which is so only beyond the ends of the axis.
    pub fn experiment_at(&self, x: f64) -> Result<Experiment, MapError> {
        let mut document = self.document.clone();
        self.field.set(&mut document, if rounds(&self.field, &self.experiment) { x.round() } else { x });
        Ok(Experiment::from_json(&document.to_string())?)
    }

    /// The number of the experiment itself on the axis, None where the field is absent.
    #[must_use]
    pub fn here(&self) -> Option<f64> {
        self.field.number(&self.document)
    }

    /// The marks at a place of the axis, in so many rows.
    #[must_use]
    pub fn column(&self, x: f64, rows: usize) -> Column {
        let mut column = Column { hits: vec![0; rows.min(MAX_SIDE)], has_diverged: false };
        let Ok(mut experiment) = self.experiment_at(x) else { return column };
        let unseen = experiment.steps;
        // A cycle around a minimizer may pass near it, and its run must go on: only divergence ends
        // it.
        experiment.stop.gradient_norm = 0.0;
        experiment.steps = unseen + self.iterates;
        let recording = Recording { sharpness: self.quantity == Quantity::Sharpness };
        let Ok(mut descent) = Descent::with_recording(&experiment, self.run, recording) else { return column };
        let mut last = None;
        let mut seen = 0;
        while let Some(record) = descent.advance() {
            let value = match self.quantity {
                Quantity::Coordinate(index) => descent.iterate()[index],
                Quantity::Loss => record.loss,
                Quantity::Sharpness => record.sharpness,
            };
            last = Some(value);
            if record.step > unseen {
                seen += 1;
                self.mark(&mut column, value, 1);
            }
        }
        column.has_diverged = matches!(descent.outcome(), Some(Outcome::Diverged { .. } | Outcome::Unbounded { .. }));
        // A run that has come to rest stays there.
        if let (false, Some(value)) = (column.has_diverged, last) {
            self.mark(&mut column, value, (self.iterates - seen) as u32);
        }
        column
    }

    fn mark(&self, column: &mut Column, value: f64, times: u32) {
        let share = (self.high - value) / (self.high - self.low);
        // NaN is in no row.
        if (0.0..1.0).contains(&share) {
            let row = (share * column.hits.len() as f64) as usize;
            if let Some(hits) = column.hits.get_mut(row) {
                *hits += times;
            }
        }
    }

    /// The shade of a pixel that was hit so often; None for never.
    #[must_use]
    pub fn shade(&self, hits: u32, is_dark: bool) -> Option<Rgb> {
        if hits == 0 {
            return None;
        }
        // On its ground a pixel that is hit once can just be seen.
        let share = libm::log(f64::from(hits)) / libm::log(self.iterates.max(2) as f64);
        Some(if is_dark { sequence(0.35 + 0.65 * share) } else { sequence(0.75 * (1.0 - share)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagram(json: &str, x: &str, quantity: Quantity, up: (f64, f64)) -> Diagram {
        let experiment = Experiment::from_json(json).unwrap();
        Diagram::new(&experiment, 0, Axis::parse(x).unwrap(), quantity, up, 256).unwrap()
    }

    const DOUBLE_WELL: &str = r#"{"version": 1, "objective": {"name": "double-well"}, "start": [0.3], "steps": 5000,
        "runs": [{"policy": {"name": "constant", "eta": 1.1}}]}"#;

    /// Up to η = 1 the minimum alone, then the 2-cycle of its closed form (Chen & Bruna, 2022) up
    /// to √5 − 1, to one row.
    #[test]
    fn the_double_well_splits_where_theory_says() {
        let diagram = diagram(DOUBLE_WELL, "runs[0].policy.eta=lin:0.5:2.2", Quantity::Coordinate(0), (-1.51, 1.51));
        let rows = 300;
        let hit = |eta: f64| -> Vec<usize> {
            let column = diagram.column(eta, rows);
            column.hits.iter().enumerate().filter(|(_, hits)| **hits > 0).map(|(row, _)| row).collect()
        };
        let row_of = |x: f64| ((1.51 - x) / 3.02 * rows as f64) as usize;
        assert_eq!(hit(0.9), [row_of(1.0)]);
        for eta in [1.05, 1.15, 1.23] {
            let cycle =
                [1.0, -1.0].map(|sign: f64| 0.5 * ((1.0_f64 + 3.0 / eta).sqrt() + sign * (1.0_f64 - 1.0 / eta).sqrt()));
            assert_eq!(hit(eta), cycle.map(row_of), "η = {eta}");
        }
        assert_eq!(hit(1.27).len(), 4);
        assert!(hit(1.5).len() > 50, "chaos fills its interval");
        let beyond = diagram.column(2.05, rows);
        assert!(beyond.has_diverged && beyond.hits.iter().all(|hits| *hits == 0));
    }

    /// |x|ᵖ/p with 1 < p < 2: the 2-cycle |x| = (η/2)^(1/(2−p)).
    #[test]
    fn the_cycle_of_a_power_has_its_amplitude() {
        let json = r#"{"version": 1, "objective": {"name": "power", "p": 1.5}, "start": [1], "steps": 2000,
            "runs": [{"policy": {"name": "constant", "eta": 0.3}}]}"#;
        let diagram = diagram(json, "runs[0].policy.eta=lin:0.1:1", Quantity::Coordinate(0), (-0.3, 0.3));
        let column = diagram.column(0.6, 600);
        let hit: Vec<usize> =
            column.hits.iter().enumerate().filter(|(_, hits)| **hits > 0).map(|(row, _)| row).collect();
        let row_of = |x: f64| ((0.3 - x) / 0.6 * 600.0) as usize;
        // (0.6/2)² = 0.09
        assert_eq!(hit, [row_of(0.09), row_of(-0.09)]);
    }

    #[test]
    fn what_is_no_diagram_says_why() {
        let experiment = Experiment::from_json(DOUBLE_WELL).unwrap();
        let new = |x: &str, up, iterates| {
            Diagram::new(&experiment, 0, Axis::parse(x).unwrap(), Quantity::Loss, up, iterates).unwrap_err().to_string()
        };
        let eta = "runs[0].policy.eta=lin:0.5:2";
        assert!(new(eta, (1.0, 0.0), 10).starts_with("loss: expected a range"));
        assert!(new(eta, (0.0, 1.0), 0).starts_with("iterates: expected 1 to"));
        assert!(new("runs[0].policy.eta=lin:-1:2", (0.0, 1.0), 9).starts_with("runs[0].policy.eta: expected a number"));
        assert!(Quantity::named("x0", 0).unwrap_err().to_string().starts_with("quantity: expected loss or sharpness"));
        assert!(Quantity::named("x1", 1).unwrap_err().to_string().starts_with("quantity: expected x0 to x0"));
    }
}
