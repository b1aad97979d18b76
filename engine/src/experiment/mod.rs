//! The experiment: one document for the page, its links, files, the command line and JavaScript.
//!
//! An [`Experiment`] is read with [`Experiment::from_json`] or built in code and passed through
//! [`Experiment::complete_and_check`]; either way what is left out is filled in from the
//! catalogues, and what does not fit is an [`FieldError`] that names the field and says what to do.
//! [`Experiment::to_json`] leaves out again what equals its default. Reading never panics and takes
//! time in proportion to the document.

pub mod field;
pub mod link;
mod parse;
mod serialize;
mod source;
mod validate;

use std::fmt;

use crate::column::{Column, DEFAULT_WINDOW};
use crate::formula::Formula;
use crate::objective::{self, Objective};
use crate::spectrum::Precision;
pub(crate) use validate::policy_entry;

pub use crate::spec::{ErrorKind, FieldError, ParameterValue, Spec};

/// The version of the document that this engine reads and writes.
pub const VERSION: u32 = 1;

/// The most runs in an experiment.
pub const MAX_RUNS: usize = 8;

/// The most variables.
pub const MAX_DIMENSION: usize = objective::MAX_DIMENSION;

/// The most steps.
pub const MAX_STEPS: u64 = 10_000_000;

/// The most policy changes in a run.
pub const MAX_CHANGES: usize = 64;

/// The longest label, in characters.
pub const MAX_LABEL_LENGTH: usize = 80;

/// The longest document.
pub const MAX_INPUT_BYTES: usize = 1 << 20;

/// The number of steps where an experiment gives none.
pub const DEFAULT_STEPS: u64 = 500;

/// The most members of an ensemble.
pub const MAX_ENSEMBLE: u64 = 64;

/// The largest seed: beyond it JavaScript cannot tell neighbors apart.
pub const MAX_SEED: u64 = (1 << 53) - 1;

/// What to minimize, from where, how, and for how long.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The version of the document, [`VERSION`].
    pub version: u32,

    /// The objective, from [`objective::catalogue`].
    pub objective: Spec,

    /// The first iterate; empty stands for the objective's default, and stays so where that is
    /// drawn from the seed.
    pub start: Vec<f64>,

    /// The policies to compare, 1 to [`MAX_RUNS`].
    pub runs: Vec<RunSpec>,

    /// The number of steps after which every run stops, up to [`MAX_STEPS`].
    pub steps: u64,

    /// When a run stops earlier.
    pub stop: Stop,

    /// From how many starts every run is computed; None for `start` alone.
    pub ensemble: Option<EnsembleSpec>,

    /// The seed of everything random, up to [`MAX_SEED`].
    pub seed: u64,

    /// What to record beyond the usual, each at most once; checking puts them in their order.
    pub columns: Vec<Column>,

    /// How well eigenvalues are known where the Hessian is known by products alone.
    pub spectrum: Precision,

    /// How many steps [`Column::Large`] looks back, up to [`MAX_STEPS`].
    pub window: u64,
}

/// One run: a policy, and when it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSpec {
    /// The policy at the start.
    pub policy: Spec,

    /// The name in legends; [`RunSpec::title`] finds one where there is none.
    pub label: Option<String>,

    /// Later policies, in the order of their steps.
    pub changes: Vec<Change>,
}

/// A change of policy in the middle of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The index of the iterate from which on the new policy decides, 1 or more.
    pub step: u64,

    /// The new policy, which starts afresh: it knows nothing of the steps before.
    pub policy: Spec,
}

/// When a run stops before its steps are used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Converged: the gradient's norm is at most this.
    pub gradient_norm: f64,

    /// Diverged: the loss is above this.
    pub loss: f64,

    /// Used up: so many evaluations of f, gradients and Hessian-vector products, each counted as
    /// one, were spent until the iterate was reached; 1 to [`MAX_SEED`], None for any number.
    pub calls: Option<u64>,
}

impl Default for Stop {
    fn default() -> Self {
        Self { gradient_norm: 1e-10, loss: 1e12, calls: None }
    }
}

/// Starts around the experiment's own, see [`crate::ensemble`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnsembleSpec {
    /// How many, that of the experiment among them: 2 to [`MAX_ENSEMBLE`].
    pub size: u64,

    /// The standard deviation of each coordinate, positive.
    pub spread: f64,
}

/// Something in a link that was ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where, such as `runs[1].policy.speed`.
    pub field: String,

    /// What was ignored, as a sentence.
    pub message: String,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl RunSpec {
    /// A run with one policy.
    #[must_use]
    pub fn new(policy: Spec) -> Self {
        Self { policy, label: None, changes: Vec::new() }
    }

    /// The same with a label.
    #[must_use]
    pub fn labeled(mut self, label: &str) -> Self {
        self.label = Some(label.to_owned());
        self
    }

    /// The same with another policy from iterate `step` on.
    #[must_use]
    pub fn changing(mut self, step: u64, policy: Spec) -> Self {
        self.changes.push(Change { step, policy });
        self
    }

    /// The label, or else the policy's short name with what distinguishes it, such as `constant
    /// η=0.3`.
    #[must_use]
    pub fn title(&self) -> String {
        self.label.clone().unwrap_or_else(|| serialize::title(&self.policy))
    }
}

impl Experiment {
    /// An experiment with defaults for everything but the objective and the policies.
    #[must_use]
    pub fn new(objective: Spec, runs: Vec<RunSpec>) -> Self {
        let (steps, stop) = (DEFAULT_STEPS, Stop::default());
        Self {
            version: VERSION,
            objective,
            start: Vec::new(),
            runs,
            steps,
            stop,
            ensemble: None,
            seed: 0,
            columns: Vec::new(),
            spectrum: Precision::default(),
            window: DEFAULT_WINDOW,
        }
    }

    /// Reads a document; an unknown field is an error that names it.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, or not an experiment, or not a valid one.
    pub fn from_json(text: &str) -> Result<Self, FieldError> {
        parse::strict(text).and_then(Self::complete_and_check).map_err(|error| source::quoting(text, error))
    }

    /// Reads a document without an objective, which is given as a function, and puts `start` in.
    ///
    /// # Errors
    ///
    /// As for [`Experiment::from_json`]; also if the document names an objective or a start itself,
    /// or `start` is empty.
    pub fn from_json_given(text: &str, start: Vec<f64>) -> Result<Self, FieldError> {
        let read = || {
            let experiment = parse::without_objective(text)?;
            let dimension = start.len();
            Self { start, ..experiment }.complete_and_check_given(dimension)
        };
        read().map_err(|error| source::quoting(text, error))
    }

    /// Reads a document from a link; unknown fields are ignored and become notices.
    ///
    /// # Errors
    ///
    /// As for [`Experiment::from_json`], unknown fields apart.
    pub fn from_json_lenient(text: &str) -> Result<(Self, Vec<Notice>), FieldError> {
        let read = || {
            let (experiment, notices) = parse::lenient(text)?;
            Ok((experiment.complete_and_check()?, notices))
        };
        read().map_err(|error| source::quoting(text, error))
    }

    /// Fills in what is left out and validates everything.
    ///
    /// # Errors
    ///
    /// The first field that is not valid.
    pub fn complete_and_check(self) -> Result<Self, FieldError> {
        validate::complete_and_check(self)
    }

    /// The same where the objective is given as a function of `dimension` variables.
    ///
    /// # Errors
    ///
    /// The first field that is not valid.
    pub fn complete_and_check_given(self, dimension: usize) -> Result<Self, FieldError> {
        validate::complete_and_check_given(self, dimension)
    }

    /// The document on one line, without what equals its default.
    #[must_use]
    pub fn to_json(&self) -> String {
        serialize::compact(self)
    }

    /// The document over several lines, without what equals its default.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        serialize::pretty(self)
    }

    /// The names of the variables, for people: those of a typed formula, else x and y, or x₁, x₂ …
    /// beyond two.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let typed = Formula::parse(self.objective.text("expression")).ok();
        match typed.filter(|formula| formula.variables.len() == self.start.len()) {
            Some(formula) => formula.variables.iter().map(|name| with_subscript(name)).collect(),
            None if self.start.len() <= 2 => ["x", "y"][..self.start.len()].iter().map(|&name| name.into()).collect(),
            None => (1..=self.start.len()).map(|number| with_subscript(&format!("x{number}"))).collect(),
        }
    }

    /// Whether the objective is a network: trained on data, with weights that are drawn from the seed
    /// unless the start lists them.
    #[must_use]
    pub fn is_network(&self) -> bool {
        self.objective.name == objective::NETWORK
    }

    /// Whether run `run` of this experiment and run `other_run` of another have the same rows up to
    /// `step`, and the same step from there: they may differ in what comes later, and in their
    /// budget of steps beyond it. Both are complete.
    #[must_use]
    pub fn shares_past(&self, run: usize, other: &Self, other_run: usize, step: u64) -> bool {
        let (Some(mine), Some(others)) = (self.runs.get(run), other.runs.get(other_run)) else { return false };
        let until =
            |run: &'_ RunSpec| run.changes.iter().filter(|change| change.step <= step).cloned().collect::<Vec<_>>();
        mine.policy == others.policy
            && until(mine) == until(others)
            && step < self.steps.min(other.steps)
            && *self == Self { runs: self.runs.clone(), steps: self.steps, ..other.clone() }
    }

    /// Builds the objective.
    ///
    /// # Errors
    ///
    /// If the objective is not valid or does not fit the start.
    pub fn build_objective(&self) -> Result<Box<dyn Objective>, FieldError> {
        let entry = validate::objective_entry("objective.name", &self.objective.name)?;
        let dimension = if self.start.is_empty() { entry.start_for(&self.objective).len() } else { self.start.len() };
        entry.build_with_seed(&self.objective, dimension, self.seed)
    }
}

/// A name with the digits at its end as a subscript: x₁ for x1.
fn with_subscript(name: &str) -> String {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() {
        return name.to_owned();
    }
    let digits = name[letters.len()..].bytes().filter_map(|digit| char::from_u32('₀' as u32 + u32::from(digit - b'0')));
    letters.chars().chain(digits).collect()
}
