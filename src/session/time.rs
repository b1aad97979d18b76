//! Where in time the session stands: the cursor and the frontier, what moves them, and how fast.

use super::Session;

/// The speeds offered, in steps per second; infinity is as fast as the machine goes.
pub const SPEEDS: [f64; 16] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 1e5, f64::INFINITY];
/// Index into [`SPEEDS`] at which a page starts.
pub const DEFAULT_SPEED: usize = 5;

impl Session {
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

    /// Shows a recorded step as if nothing beyond it had been shown yet, or, given where the
    /// frontier was, as before.
    pub fn show_as_of(&mut self, step: u64, frontier: u64) {
        (self.cursor, self.frontier) = (step as f64, frontier.max(step));
        (self.playing, self.goal) = (false, None);
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

    /// Whether time cannot go on: all is over, or the budget is spent.
    pub(super) fn is_at_end(&self) -> bool {
        let are_over = self.runs.iter().all(|run| run.end.is_some()) && self.step() >= self.reach();
        are_over || self.step() >= self.experiment.steps
    }

    /// The furthest step that can be shown now: every run that goes on has reached it.
    pub(super) fn reach(&self) -> u64 {
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
}
