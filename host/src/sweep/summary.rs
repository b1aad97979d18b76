//! A run in one line, as a sweep has it for each point of its grid.
//!
//! | column | what |
//! |---|---|
//! | the fields swept over | their values at the point |
//! | `run` | the run's index in the experiment |
//! | `policy` | its title: its label, or its policy with what distinguishes it |
//! | `outcome` | `converged`, `diverged`, `unbounded`, `stalled` or `budget` |
//! | `end_step` | the index of the last iterate |
//! | `final_loss`, `best_loss` | the loss at the last iterate, and the lowest |
//! | `final_sharpness`, `flattest_sharpness` | λ₁ at the last iterate, and the lowest |
//! | `share_beyond_edge` | the share of the steps at whose start 2λ₁/threshold > 2, which is ηλ₁ > 2 for plain steps |
//! | `function_evaluations`, `gradient_evaluations`, `hvp_evaluations` | what the policy asked for |
//!
//! Where a network's λ₁ is tracked at some steps only, the share is of those.
//!
//! With an ensemble these are of the experiment's own start; behind them stand the quartiles over
//! all starts of the five losses, sharpnesses and the share, as `final_loss_q1`,
//! `final_loss_median`, `final_loss_q3` and so on.

use flatland_engine::ensemble::{Quartiles, members};
use flatland_engine::policy::Evaluations;
use flatland_engine::{Descent, Experiment, FieldError};

/// The columns that follow the swept fields, in the order of [`Summary::cells`].
pub const COLUMNS: [&str; 12] = [
    "run",
    "policy",
    "outcome",
    "end_step",
    "final_loss",
    "best_loss",
    "final_sharpness",
    "flattest_sharpness",
    "share_beyond_edge",
    "function_evaluations",
    "gradient_evaluations",
    "hvp_evaluations",
];

/// The columns of which an ensemble adds quartiles at the end.
const QUARTILED: [&str; 5] = ["final_loss", "best_loss", "final_sharpness", "flattest_sharpness", "share_beyond_edge"];

/// The names of the columns that an ensemble adds, in the order of [`Summary::quartiles`].
pub fn quartile_names() -> impl Iterator<Item = String> {
    QUARTILED.into_iter().flat_map(|column| Quartiles::NAMES.map(|name| format!("{column}_{name}")))
}

/// A run in one line.
pub struct Summary {
    run: usize,
    policy: String,
    outcome: &'static str,
    end_step: u64,
    final_loss: f64,
    best_loss: f64,
    final_sharpness: f64,
    flattest_sharpness: f64,
    share_beyond_edge: f64,
    evaluations: Evaluations,

    /// Of [`QUARTILED`] over all starts, where there are several.
    pub quartiles: Vec<Quartiles>,
}

impl Summary {
    /// Computes run number `run` to its end, from each start of an ensemble.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid or has no such run.
    pub fn of(experiment: &Experiment, run: usize) -> Result<Self, FieldError> {
        if experiment.ensemble.is_none() {
            return Self::of_one(experiment, run);
        }
        let members = members(experiment)?;
        let members = members.iter().map(|member| Self::of_one(member, run)).collect::<Result<Vec<_>, _>>()?;
        let quantity = |i: usize| Quartiles::of(members.iter().map(|member| member.quartiled()[i]));
        let quartiles = (0..QUARTILED.len()).map(quantity).collect();
        let own = members.into_iter().next();
        own.map_or_else(|| Self::of_one(experiment, run), |own| Ok(Self { quartiles, ..own }))
    }

    /// What quartiles are of, in the order of [`QUARTILED`]; a start that has diverged counts as in
    /// the charts.
    fn quartiled(&self) -> [f64; QUARTILED.len()] {
        let (loss, sharpness) = match self.outcome {
            "diverged" => (f64::INFINITY, f64::NAN),
            _ => (self.final_loss, self.final_sharpness),
        };
        [loss, self.best_loss, sharpness, self.flattest_sharpness, self.share_beyond_edge]
    }

    fn of_one(experiment: &Experiment, run: usize) -> Result<Self, FieldError> {
        let mut descent = Descent::new(experiment, run)?;
        let is_network = experiment.is_network();
        let mut summary = Self {
            run,
            policy: experiment.runs[run].title(),
            outcome: "",
            end_step: 0,
            final_loss: f64::NAN,
            best_loss: f64::NAN,
            final_sharpness: f64::NAN,
            flattest_sharpness: f64::NAN,
            share_beyond_edge: f64::NAN,
            evaluations: Evaluations::default(),
            quartiles: Vec::new(),
        };
        let (mut steps, mut beyond) = (0_u64, 0_u64);
        while let Some(record) = descent.advance() {
            // The smaller of NaN and a number is the number.
            summary.best_loss = summary.best_loss.min(record.loss);
            summary.flattest_sharpness = summary.flattest_sharpness.min(record.sharpness);
            (summary.final_loss, summary.final_sharpness) = (record.loss, record.sharpness);
            summary.evaluations = record.evaluations;
            // Where eigenvalues are tracked at some steps only, those alone count.
            let is_known = !is_network || !record.sharpness.is_nan();
            steps += u64::from(record.step_size.is_some() && is_known);
            beyond += u64::from(record.product().is_some_and(|product| product > 2.0));
        }
        if let Some(outcome) = descent.outcome() {
            (summary.outcome, summary.end_step) = (outcome.name(), outcome.step());
        }
        summary.share_beyond_edge = beyond as f64 / steps as f64;
        Ok(summary)
    }

    /// Everything that a row says, in the order of [`COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [Cell<'_>; COLUMNS.len()] {
        let Self { outcome, evaluations, .. } = self;
        [
            Cell::Count(self.run as u64),
            Cell::Text(&self.policy),
            Cell::Text(outcome),
            Cell::Count(self.end_step),
            Cell::Number(self.final_loss),
            Cell::Number(self.best_loss),
            Cell::Number(self.final_sharpness),
            Cell::Number(self.flattest_sharpness),
            Cell::Number(self.share_beyond_edge),
            Cell::Count(evaluations.function),
            Cell::Count(evaluations.gradient),
            Cell::Count(evaluations.hvp),
        ]
    }
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// A whole number.
    Count(u64),

    /// A number, which may be NaN or infinite.
    Number(f64),

    /// A word or a title.
    Text(&'a str),
}
