//! The side of the workers: pixels and columns.

use flatland_atlas::paint::Sample;
use flatland_atlas::{Fate, MapError, Plan, Way, compute};
use flatland_engine::Experiment;

use crate::{Drawing, Order};

/// What computes the pixels of one drawing.
pub struct Crew {
    work: Work,
    columns: usize,
    rows: usize,
    steps: f64,
}

enum Work {
    Map(Box<Plan>),
    Diagram(Box<flatland_atlas::bifurcation::Diagram>),
}

impl Crew {
    /// Prepares a drawing of so many pixels.
    ///
    /// # Errors
    ///
    /// If the order is not valid.
    pub fn new(experiment: &Experiment, order: &Order, columns: usize, rows: usize) -> Result<Self, MapError> {
        let work = match order.drawing(experiment)? {
            Drawing::Map(map) => Work::Map(Box::new(Plan::new(*map))),
            Drawing::Diagram(diagram) => Work::Diagram(diagram),
        };
        Ok(Self { work, columns, rows, steps: 0.0 })
    }

    /// The samples of these pixels of a map, four numbers each; of a diagram, of which `pixels` are
    /// columns, the hits of their rows.
    pub fn compute(&mut self, pixels: &[u32]) -> Vec<f32> {
        match &self.work {
            Work::Map(plan) => {
                let points: Vec<_> =
                    pixels.iter().map(|pixel| point(plan, *pixel as usize, self.columns, self.rows)).collect();
                let pixels = compute(plan, &points);
                let budget = plan.map.experiment.steps;
                self.steps += pixels.iter().map(|pixel| steps_of(pixel.fate, budget) as f64).sum::<f64>();
                pixels.iter().flat_map(|pixel| numbers(&Sample::new(pixel, plan.map.measure))).collect()
            }
            Work::Diagram(diagram) => {
                let columns: Vec<_> = pixels
                    .iter()
                    .map(|column| diagram.column(diagram.x.at_pixel(*column as usize, self.columns), self.rows))
                    .collect();
                self.steps += (diagram.experiment.steps + diagram.iterates) as f64 * columns.len() as f64;
                columns.iter().flat_map(|column| column.hits.iter().map(|hits| *hits as f32)).collect()
            }
        }
    }

    /// Steps that were taken so far.
    #[must_use]
    pub fn steps(&self) -> f64 {
        self.steps
    }
}

/// The point of a map at the middle of a pixel, which are numbered row by row from the top.
#[must_use]
pub fn point(plan: &Plan, pixel: usize, columns: usize, rows: usize) -> (f64, f64) {
    let (column, row) = (pixel % columns, pixel / columns);
    (plan.map.x.at_pixel(column, columns), plan.map.y.at_pixel(rows.saturating_sub(row + 1), rows))
}

/// Why pixels are computed one by one; empty where they are computed many at once.
pub(crate) fn reason(plan: &Plan) -> &str {
    match &plan.way {
        Way::Closed(_) => "",
        Way::Engine(reason) => reason,
    }
}

/// The steps that a run has taken.
#[must_use]
pub fn steps_of(fate: Fate, budget: u64) -> u64 {
    match fate {
        Fate::Converged { steps: step } | Fate::Diverged { step } | Fate::Stalled { step } => step,
        Fate::Undefined => 0,
        Fate::Periodic { .. } | Fate::Chaotic | Fate::Unsettled => budget,
    }
}

/// A sample as four numbers.
#[must_use]
pub fn numbers(sample: &Sample) -> [f32; 4] {
    [sample.code, sample.number, sample.last[0], sample.last[1]]
}
