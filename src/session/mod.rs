//! The session: the experiment, what has been recorded of its runs, and where in time the page
//! stands.
//!
//! Plain Rust: no browser, no drawing, no numerics of descent. Three numbers describe time, all in
//! steps:
//! - the *cursor*, the step that is shown; it moves by itself while playing;
//! - the *frontier*, the furthest step that has been shown; charts end there;
//! - each run's *head*, the last row recorded; workers are kept a little ahead of the frontier.
//!
//! A run that is changed at the cursor forgets its rows from there on and is computed again up to
//! the frontier, so that all runs stay in lockstep; `change.rs` says what becomes of a change where
//! a run is over. What the workers must do follows from the session: changes are queued as
//! [`Order`]s, leave to go on as [`Grant`](crate::protocol::Grant)s.

mod change;
pub mod events;
pub mod history;
mod mail;
pub mod pace;
pub mod score;
pub mod series;
#[cfg(test)]
mod tests;
mod time;

use std::mem;

use flatland_engine::column::Column;
use flatland_engine::experiment::{Experiment, FieldError, MAX_RUNS, RunSpec, Spec};

pub use self::{
    change::Effect,
    mail::MEMORY_BUDGET,
    time::{DEFAULT_SPEED, SPEEDS},
};
use self::{
    change::{Beginning, Finished},
    history::History,
    pace::Pace,
};
use crate::protocol::{CREDITS, End, RunId};

/// One run of the experiment and its record.
#[derive(Debug)]
pub struct Run {
    /// Names the run towards the workers.
    pub id: RunId,
    /// Counts the run's restarts: rows of an older one are dropped.
    pub generation: u32,
    /// What has been recorded.
    pub history: History,
    /// How it ended, once it has.
    pub end: Option<End>,
    /// Place in the palette; kept while other runs come and go.
    pub color: usize,
    credits_owed: u32,
    granted_target: u64,
}

impl Run {
    /// The last row recorded; `None` before the first.
    pub fn head(&self) -> Option<u64> {
        (self.history.len() as u64).checked_sub(1)
    }
}

/// Something the workers must be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Start a run (again).
    Load {
        /// The run.
        run: RunId,
        /// Its generation.
        generation: u32,
        /// Its place in the experiment.
        index: usize,
        /// The first row that is not known.
        from: u64,
    },
    /// Forget a run.
    Drop(RunId),
}

/// See the module's header.
#[derive(Debug)]
pub struct Session {
    experiment: Experiment,
    runs: Vec<Run>,
    next_id: RunId,
    cursor: f64,
    frontier: u64,
    goal: Option<u64>,
    playing: bool,
    /// The step at which time stops by itself.
    pause_at: Option<u64>,
    speed: usize,
    orders: Vec<Order>,
    thinned: bool,
    beginning: Option<Beginning>,
    finished: Option<Finished>,
    pace: Pace,
}

impl Session {
    /// A session at step 0 of `experiment`, paused.
    pub fn new(experiment: Experiment) -> Self {
        let mut session = Self {
            experiment: experiment.clone(),
            runs: Vec::new(),
            next_id: 0,
            cursor: 0.0,
            frontier: 0,
            goal: None,
            playing: false,
            pause_at: None,
            speed: DEFAULT_SPEED,
            orders: Vec::new(),
            thinned: false,
            beginning: None,
            finished: None,
            pace: Pace::default(),
        };
        session.replace(experiment);
        session
    }

    /// The experiment as it stands, with every change made since.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The runs, in the experiment's order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Whether old detail has been given back to stay within [`MEMORY_BUDGET`].
    pub fn is_thinned(&self) -> bool {
        self.thinned
    }

    /// Memory held by the histories, in bytes.
    pub fn bytes(&self) -> usize {
        self.runs.iter().map(|run| run.history.bytes()).sum()
    }

    /// What the workers must be told since the last call.
    pub fn take_orders(&mut self) -> Vec<Order> {
        mem::take(&mut self.orders)
    }

    /// Begins `experiment` from step 0; playing goes on if it did.
    pub fn replace(&mut self, experiment: Experiment) {
        for run in self.runs.drain(..) {
            self.orders.push(Order::Drop(run.id));
        }
        self.experiment = experiment;
        self.cursor = 0.0;
        self.frontier = 0;
        self.goal = None;
        self.thinned = false;
        (self.beginning, self.finished) = (None, None);
        for index in 0..self.experiment.runs.len() {
            self.open_run(index);
        }
    }

    fn open_run(&mut self, index: usize) {
        let id = self.next_id;
        self.next_id += 1;
        let color = (0..).find(|c| self.runs.iter().all(|run| run.color != *c)).unwrap_or(0);
        self.runs.push(Run {
            id,
            generation: 0,
            history: History::default(),
            end: None,
            color,
            credits_owed: CREDITS,
            granted_target: 0,
        });
        self.orders.push(Order::Load { run: id, generation: 0, index, from: 0 });
    }

    /// Computes a run again from row `from` on.
    fn reload(&mut self, index: usize, from: u64) {
        let run = &mut self.runs[index];
        run.generation += 1;
        run.history.truncate(from as usize);
        run.end = None;
        run.credits_owed = CREDITS;
        run.granted_target = 0;
        let from = run.history.len() as u64;
        self.orders.push(Order::Load { run: run.id, generation: run.generation, index, from });
        self.frontier = self.frontier.max(self.step());
    }

    /// Adds a run from the same start, which catches up with the others.
    pub fn add_run(&mut self, policy: Spec) -> Result<(), FieldError> {
        self.add(RunSpec::new(policy))
    }

    fn add(&mut self, run: RunSpec) -> Result<(), FieldError> {
        let mut experiment = self.experiment.clone();
        experiment.runs.push(run);
        self.experiment = experiment.complete_and_check()?;
        self.finished = None;
        self.open_run(self.experiment.runs.len() - 1);
        Ok(())
    }

    /// Whether one more run can be added.
    pub fn has_room(&self) -> bool {
        self.runs.len() < MAX_RUNS
    }

    /// Takes a run away, and says whether it did: the last one stays.
    pub fn remove_run(&mut self, index: usize) -> bool {
        let may_go = self.runs.len() > 1 && index < self.runs.len();
        if may_go {
            let run = self.runs.remove(index);
            self.experiment.runs.remove(index);
            self.orders.push(Order::Drop(run.id));
            self.finished = None;
        }
        may_go
    }

    /// Keeps the run as it is in one more run, which it returns, and forgets its changes after the
    /// cursor: from there on the two may go apart.
    pub fn fork(&mut self, index: usize) -> Result<usize, FieldError> {
        let step = self.step();
        self.add(self.experiment.runs[index].clone())?;
        let ghost = self.experiment.runs.len() - 1;
        let changes = &mut self.experiment.runs[index].changes;
        if changes.iter().any(|change| change.step > step) {
            changes.retain(|change| change.step <= step);
            self.reload(index, step);
        }
        Ok(ghost)
    }

    /// Has the engine record these columns beyond the usual ones; if that is more than before, the
    /// runs are computed again up to what was shown.
    pub fn set_columns(&mut self, columns: Vec<Column>) {
        let known = columns.iter().all(|column| self.experiment.columns.contains(column));
        if known {
            return;
        }
        self.experiment.columns = columns;
        self.finished = None;
        let shown = self.step();
        for index in 0..self.runs.len() {
            self.reload(index, 0);
        }
        self.cursor = 0.0;
        self.seek(shown);
    }

    /// Sets how many steps a run may take, or with `in_calls` how many oracle calls it may make;
    /// what has been computed stays.
    pub fn set_budget(&mut self, budget: u64, in_calls: bool) -> Result<(), FieldError> {
        let mut experiment = self.experiment.clone();
        // Every step costs at least one call, so that there are never more steps than calls.
        let steps = budget;
        experiment.steps = steps;
        experiment.stop.calls = in_calls.then_some(budget);
        for run in &mut experiment.runs {
            run.changes.retain(|change| change.step < steps);
        }
        self.experiment = experiment.complete_and_check()?;
        self.finished = None;
        self.cursor = self.cursor.min(steps as f64);
        self.frontier = self.frontier.min(steps);
        self.goal = None;
        for index in 0..self.runs.len() {
            // The row at the old budget took no step: it, and what lies beyond the new one, is
            // computed again.
            let run = &self.runs[index];
            let mut from = run.head().unwrap_or(0).min(steps);
            if in_calls {
                from = from.min(run.history.first_costing(budget));
            }
            self.reload(index, from);
        }
        Ok(())
    }

    /// What a run may spend, and whether that is in oracle calls rather than in steps.
    pub fn budget(&self) -> (u64, bool) {
        let Experiment { steps, stop, .. } = &self.experiment;
        (stop.calls.unwrap_or(*steps), stop.calls.is_some())
    }

    /// Back to step 0, same start, each run with the policy it has at the cursor; marks and later
    /// rows are forgotten.
    pub fn reset(&mut self) {
        let mut experiment = self.experiment.clone();
        for (index, run) in experiment.runs.iter_mut().enumerate() {
            run.policy = self.policy(index).clone();
            run.changes.clear();
        }
        let colors: Vec<usize> = self.runs.iter().map(|run| run.color).collect();
        self.replace(experiment);
        for (run, color) in self.runs.iter_mut().zip(colors) {
            run.color = color;
        }
    }
}

/// The policy of `run` in force at `step`.
pub fn policy_at(run: &RunSpec, step: u64) -> &Spec {
    run.changes.iter().rev().find(|change| change.step <= step).map_or(&run.policy, |change| &change.policy)
}
