//! A run of the engine as rows of numbers: what a worker sends and the session stores.

use flatland_engine::{
    descent::Outcome,
    ensemble::Ensemble,
    experiment::{Experiment, FieldError},
    objective::Objective,
    phase::Watch,
};

use crate::protocol::{BEYOND, MAX_COORDINATES, QUARTILES, mark, quantities};

/// A run that is being computed; a clone goes on from the same row.
#[derive(Clone)]
pub struct Recorder {
    ensemble: Ensemble,
    watch: Watch,
}

impl Recorder {
    /// Run number `index` of the experiment, before its start.
    pub fn new(experiment: &Experiment, index: usize) -> Result<Self, FieldError> {
        let ensemble = Ensemble::new(experiment, index)?;
        Ok(Self { watch: Watch::new(ensemble.lead().sketch().len()), ensemble })
    }

    /// A copy that goes on from the last row as run number `index` of an experiment which has been
    /// the same until there, see [`Experiment::shares_past`].
    pub fn branch(&self, experiment: &Experiment, index: usize) -> Result<Self, FieldError> {
        Ok(Self { ensemble: self.ensemble.branch(experiment, index)?, watch: self.watch.clone() })
    }

    /// How many coordinates of an iterate are recorded.
    pub fn coordinates(&self) -> usize {
        self.ensemble.lead().coordinates().len().min(MAX_COORDINATES)
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        let quartiles = if self.ensemble.is_plural() { QUARTILES } else { 0 };
        crate::protocol::QUANTITIES + 1 + self.coordinates() + self.ensemble.lead().columns().len() + quartiles
    }

    /// Computes the next row: its step and its numbers, in the order of [`crate::protocol`]. `None`
    /// once the run has ended.
    pub fn next_row(&mut self) -> Option<(u64, impl Iterator<Item = f64> + '_)> {
        if !self.ensemble.advance() {
            return None;
        }
        let quartiles = self.ensemble.is_plural().then(|| self.ensemble.quartiles());
        let quartiles = quartiles.into_iter().flatten().flat_map(|q| [q.lower, q.median, q.upper]);
        // A series summarises finite values only.
        let quartiles = quartiles.map(|value| if value == f64::INFINITY { BEYOND } else { value });
        let lead = self.ensemble.lead();
        let record = lead.record();
        let sighting = self.watch.see(record, lead.sketch(), lead.outcome());
        let coordinates = lead.coordinates()[..self.coordinates()].iter().copied();
        let asked = lead.columns().iter().copied();
        let row = quantities(record).into_iter().chain([mark(sighting)]).chain(coordinates).chain(asked);
        Some((record.step, row.chain(quartiles)))
    }

    /// The iterate of the last row.
    pub fn iterate(&self) -> &[f64] {
        self.ensemble.lead().iterate()
    }

    /// The objective.
    pub fn objective(&self) -> &dyn Objective {
        self.ensemble.lead().objective()
    }

    /// How the run ended, known with its last row.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.ensemble.lead().outcome()
    }
}
