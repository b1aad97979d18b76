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
//! [`Order`]s, leave to go on as [`Grant`]s.

mod change;
pub mod events;
pub mod history;
pub mod pace;
pub mod score;
pub mod series;
#[cfg(test)]
mod tests;

use std::mem;

use flatland_engine::column::Column;
use flatland_engine::experiment::{Experiment, FieldError, MAX_RUNS, RunSpec, Spec};

pub use self::change::Effect;
use self::{
    change::{Beginning, Finished},
    history::History,
    pace::Pace,
};
use crate::protocol::{Batch, CREDITS, End, EndKind, Grant, RunId};

/// Memory that histories may take before the oldest detail is thinned, in bytes.
pub const MEMORY_BUDGET: usize = 1 << 30;
/// Steps computed beyond what is shown, at the least.
const LOOKAHEAD: u64 = 64;
/// Changes of one run closer than this many steps become one: a dragged slider leaves one mark, not
/// fifty.
const MERGE_STEPS: u64 = 8;

/// The speeds offered, in steps per second; infinity is as fast as the machine goes.
pub const SPEEDS: [f64; 16] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 1e5, f64::INFINITY];
/// Index into [`SPEEDS`] at which a page starts.
pub const DEFAULT_SPEED: usize = 5;

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

    /// The step shown.
    pub fn step(&self) -> u64 {
        self.cursor as u64
    }

    /// The furthest step shown so far.
    pub fn frontier(&self) -> u64 {
        self.frontier
    }

    /// Whether time moves.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// The step on the way to which rows are being computed, if any.
    pub fn goal(&self) -> Option<u64> {
        self.goal
    }

    /// The step that is shown, or that is to be shown as soon as its rows are there.
    pub fn wanted_step(&self) -> u64 {
        self.goal.unwrap_or_else(|| self.step())
    }

    /// Steps per second while playing.
    pub fn speed(&self) -> f64 {
        SPEEDS[self.speed]
    }

    /// The place of the speed in [`SPEEDS`].
    pub fn speed_index(&self) -> usize {
        self.speed
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

    /// Starts or stops time. Playing from the very end begins again at step 0, without forgetting
    /// anything.
    pub fn set_playing(&mut self, playing: bool) {
        if playing && self.is_at_end() {
            self.cursor = 0.0;
        }
        self.playing = playing;
        self.pause_at = None;
        self.goal = None;
    }

    /// Starts time, and stops it at a step that lies ahead.
    pub fn play_to(&mut self, step: u64) {
        self.set_playing(true);
        self.pause_at = Some(step);
    }

    /// Sets the speed by its place in [`SPEEDS`].
    pub fn set_speed(&mut self, index: usize) {
        self.speed = index.min(SPEEDS.len() - 1);
    }

    /// Shows `step`, as soon as it is computed.
    pub fn seek(&mut self, step: u64) {
        let step = step.min(self.last_step());
        self.goal = Some(step);
        self.follow_goal();
    }

    /// Moves by some steps, and stops time.
    pub fn step_by(&mut self, steps: i64) {
        self.playing = false;
        let from = self.wanted_step();
        self.seek(from.saturating_add_signed(steps));
    }

    /// The last step there can be: the budget, or the last end if every run has ended.
    pub fn last_step(&self) -> u64 {
        if self.runs.iter().all(|run| run.end.is_some()) { self.reach() } else { self.experiment.steps }
    }

    fn is_at_end(&self) -> bool {
        let are_over = self.runs.iter().all(|run| run.end.is_some()) && self.step() >= self.reach();
        are_over || self.step() >= self.experiment.steps
    }

    /// The furthest step that can be shown now: every run that goes on has reached it.
    fn reach(&self) -> u64 {
        let heads = |ended: bool| {
            self.runs.iter().filter(move |run| run.end.is_some() == ended).map(|run| run.head().unwrap_or(0))
        };
        match heads(false).min() {
            Some(least) => least,
            None => heads(true).max().unwrap_or(0),
        }
    }

    fn follow_goal(&mut self) {
        if let Some(goal) = self.goal {
            let goal = goal.min(self.last_step());
            let reached = goal.min(self.reach().max(self.frontier));
            self.cursor = reached as f64;
            self.frontier = self.frontier.max(reached);
            if reached == goal {
                self.goal = None;
            }
        }
    }

    /// Lets `seconds` pass. Returns whether what is shown has changed.
    pub fn tick(&mut self, seconds: f64) -> bool {
        let before = (self.step(), self.frontier, self.playing);
        self.age(seconds);
        if self.goal.is_some() {
            self.follow_goal();
        } else if self.playing {
            let reach = self.reach().max(self.step()) as f64;
            // At full speed recorded rows are replayed over about half a second, so that a replay
            // can be seen.
            let advance = if self.speed().is_finite() {
                self.speed() * seconds
            } else if self.frontier > self.step() {
                (self.frontier as f64 * seconds * 2.0).max(1.0)
            } else {
                f64::INFINITY
            };
            let last = self.pause_at.unwrap_or(u64::MAX) as f64;
            self.cursor = (self.cursor + advance).min(reach).min(last);
            self.frontier = self.frontier.max(self.step());
            if self.is_at_end() || self.cursor >= last {
                self.playing = false;
            }
        }
        let reach = self.reach();
        let is_waiting = self.goal.is_some() || (self.playing && self.step() >= reach);
        self.pace.pass(seconds, reach, is_waiting);
        before != (self.step(), self.frontier, self.playing)
    }

    /// Takes rows in. Rows of an older generation, or of a run that is gone, are dropped; `false`
    /// says so.
    pub fn absorb(&mut self, batch: &Batch) -> bool {
        let is_meant = |run: &&mut Run| run.id == batch.run && run.generation == batch.generation;
        let Some(run) = self.runs.iter_mut().find(is_meant) else {
            return false;
        };
        run.credits_owed += 1;
        if batch.first != run.history.len() as u64 {
            return false;
        }
        run.history.append(batch);
        while self.bytes() > MEMORY_BUDGET {
            let longest = self.runs.iter_mut().max_by_key(|run| run.history.bytes());
            if !longest.is_some_and(|run| run.history.thin()) {
                break;
            }
            self.thinned = true;
        }
        true
    }

    /// Notes how a run ended.
    pub fn end(&mut self, id: RunId, generation: u32, end: End) {
        if let Some(run) = self.runs.iter_mut().find(|run| run.id == id && run.generation == generation) {
            run.end = Some(end);
        }
    }

    /// Deals with runs that were lost with their worker: `failed` ends at its head with `message`;
    /// the others are asked for again if they `may_go_on`, and end with it too if not.
    pub fn recover(&mut self, failed: Option<RunId>, lost: &[RunId], may_go_on: bool, message: &str) {
        for index in 0..self.runs.len() {
            let run = &mut self.runs[index];
            let is_lost = lost.contains(&run.id) && run.end.is_none();
            if Some(run.id) == failed || (is_lost && !may_go_on) {
                run.generation += 1;
                run.end =
                    Some(End { kind: EndKind::Failed, step: run.head().unwrap_or(0), sentence: message.to_owned() });
            } else if is_lost {
                let from = run.history.len() as u64;
                self.reload(index, from);
            }
        }
    }

    /// Leave for the runs to go on: credits that have come free, and how far to compute.
    pub fn take_grants(&mut self) -> Vec<Grant> {
        let ahead = if self.playing {
            let speed = self.speed();
            if speed.is_finite() { LOOKAHEAD + (speed * 0.5) as u64 } else { u64::MAX }
        } else {
            LOOKAHEAD
        };
        let wanted = self.frontier.max(self.goal.unwrap_or(0)).max(self.step());
        let target = wanted.saturating_add(ahead).min(self.experiment.steps);
        let mut grants = Vec::new();
        for run in &mut self.runs {
            // A lower target is sent too: pausing at full speed stops the workers, not only the
            // picture.
            let must_know = run.credits_owed > 0 || target != run.granted_target;
            if run.end.is_none() && must_know {
                grants.push(Grant {
                    run: run.id,
                    generation: run.generation,
                    credits: mem::take(&mut run.credits_owed),
                    target,
                });
                run.granted_target = target;
            }
        }
        grants
    }
}

/// The policy of `run` in force at `step`.
pub fn policy_at(run: &RunSpec, step: u64) -> &Spec {
    run.changes.iter().rev().find(|change| change.step <= step).map_or(&run.policy, |change| &change.policy)
}
