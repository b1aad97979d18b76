//! Changes of policies, and where in time they take effect: always where they decide something.
//!
//! A run that goes on at the step shown is changed there. A run that was over by then cannot be: it
//! begins again with the new policy, alone while others go on, and together with all of them where
//! everything was over. Then the session remembers how things stood, for going on from there with
//! more steps instead ([`Session::go_on`]).

use flatland_engine::experiment::{Change, Experiment, FieldError, MAX_CHANGES, MAX_STEPS, RunSpec, Spec};

use super::{Run, Session, policy_at};
use crate::protocol::{EndKind, RunId};

/// Changes of one run closer than this many steps become one: a dragged slider leaves one mark, not
/// fifty.
const MERGE_STEPS: u64 = 8;
/// Changes at most this many seconds apart belong to one beginning, such as those of a slider that
/// is being dragged.
const TOGETHER: f64 = 1.0;

/// Where a new policy has taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nowhere: it was in force.
    Nothing,
    /// From a step on, at which the run goes on.
    From(u64),
    /// From step 0 on, for this run alone, which was over at that step.
    Alone(u64),
    /// From step 0 on, together with all other runs: everything was over.
    Restart,
}

/// A step that a changed policy has chosen by itself, as long as further changes belong there.
#[derive(Debug)]
pub(super) struct Beginning {
    /// The run that was changed; `None` where all began again.
    run: Option<RunId>,
    /// The step.
    from: u64,
    /// The seconds left.
    left: f64,
}

/// How things stood when everything was over.
#[derive(Debug)]
pub(super) struct Finished {
    experiment: Experiment,
    /// The last step of each run that would go on if it had more; `None` for those that would not.
    ends: Vec<Option<u64>>,
    /// The step that was shown.
    step: u64,
}

impl Session {
    /// The policy in force at the step shown or, for a run that was over by then, at its end.
    pub fn policy(&self, index: usize) -> &Spec {
        policy_at(&self.experiment.runs[index], self.step_of(index))
    }

    /// The step shown, or the run's end if that lies before.
    fn step_of(&self, index: usize) -> u64 {
        let end = self.runs[index].end.as_ref().map_or(u64::MAX, |end| end.step);
        self.step().min(end)
    }

    /// Gives a run another policy from the step shown on, or from the start where the run was over
    /// by then. What was computed before that step stays.
    pub fn set_policy(&mut self, index: usize, policy: Spec) -> Result<Effect, FieldError> {
        if *self.policy(index) == policy {
            return Ok(Effect::Nothing);
        }
        let step = self.step_of(index);
        let id = self.runs[index].id;
        let effect = match self.beginning {
            Some(Beginning { run: None, .. }) => self.restart(index, policy),
            Some(Beginning { run: Some(run), from, .. }) if run == id => self.change(index, policy, from),
            _ if self.goes_on_at(step, index) => {
                let from = self.merged(index, step);
                self.change(index, policy, from)
            }
            _ if self.is_without_step(step, index) => self.change_at_end(index, policy, step),
            _ if self.is_at_end() => self.restart(index, policy),
            _ => self.change_at_end(index, policy, 0).map(|_| Effect::Alone(step)),
        }?;
        if effect != Effect::Restart {
            self.finished = None;
        }
        Ok(effect)
    }

    /// Whether a run takes a step at this one.
    fn goes_on_at(&self, step: u64, index: usize) -> bool {
        let is_over = self.runs[index].end.as_ref().is_some_and(|end| end.step <= step);
        step < self.experiment.steps && !is_over
    }

    /// Whether a run has ended at a step where another policy may go on.
    fn is_without_step(&self, step: u64, index: usize) -> bool {
        let kind = self.runs[index].end.as_ref().map(|end| end.kind);
        step < self.experiment.steps && matches!(kind, Some(EndKind::Stalled | EndKind::Failed))
    }

    /// The step at which a change at `step` is written down. While time runs, a slider that is
    /// being dragged asks again every few steps: those become one change.
    fn merged(&self, index: usize, step: u64) -> u64 {
        let near = if self.playing { MERGE_STEPS } else { 1 };
        let changes = &self.experiment.runs[index].changes;
        let earlier = changes.partition_point(|change| change.step <= step);
        let last = changes[..earlier].last().map_or(0, |change| change.step);
        if earlier >= MAX_CHANGES || last + near > step { last } else { step }
    }

    /// Sets the policy from a step on, and forgets what was set after it.
    fn change(&mut self, index: usize, policy: Spec, from: u64) -> Result<Effect, FieldError> {
        let mut spec = self.experiment.runs[index].clone();
        spec.changes.retain(|change| change.step < from);
        if from == 0 {
            spec.policy = policy;
        } else {
            spec.changes.push(Change { step: from, policy });
        }
        self.take_run(index, spec)?;
        self.reload(index, from);
        Ok(Effect::From(from))
    }

    /// Sets the policy of a run that was over. If everything was, time goes on.
    fn change_at_end(&mut self, index: usize, policy: Spec, from: u64) -> Result<Effect, FieldError> {
        let was_at_end = self.is_at_end();
        let effect = self.change(index, policy, from)?;
        self.playing |= was_at_end;
        self.beginning = Some(Beginning { run: Some(self.runs[index].id), from, left: TOGETHER });
        Ok(effect)
    }

    /// Begins everything again at step 0 and plays, with another policy for one run; the others are
    /// as they were, and what was computed of them stays.
    fn restart(&mut self, index: usize, policy: Spec) -> Result<Effect, FieldError> {
        let used_up = |run: &Run| run.end.as_ref().is_none_or(|end| end.kind == EndKind::Budget);
        let before = Finished {
            experiment: self.experiment.clone(),
            ends: (0..self.runs.len()).map(|run| used_up(&self.runs[run]).then(|| self.step_of(run))).collect(),
            step: self.step(),
        };
        self.change(index, policy, 0)?;
        if !self.is_beginning() {
            self.finished = Some(before);
        }
        (self.cursor, self.frontier, self.goal, self.playing) = (0.0, 0, None, true);
        self.beginning = Some(Beginning { run: None, from: 0, left: TOGETHER });
        Ok(Effect::Restart)
    }

    /// Puts a run's document in its place if it is valid.
    fn take_run(&mut self, index: usize, spec: RunSpec) -> Result<(), FieldError> {
        let mut experiment = self.experiment.clone();
        experiment.runs[index] = spec;
        self.experiment = experiment.complete_and_check()?;
        Ok(())
    }

    /// Whether a changed policy has begun everything again just now, so that further changes belong
    /// to that.
    pub fn is_beginning(&self) -> bool {
        matches!(self.beginning, Some(Beginning { run: None, .. }))
    }

    /// Lets a beginning age.
    pub(super) fn age(&mut self, seconds: f64) {
        if let Some(beginning) = &mut self.beginning {
            beginning.left -= seconds;
            if beginning.left <= 0.0 {
                self.beginning = None;
            }
        }
    }

    /// From where to where [`Session::go_on`] would lead, if the last change has begun everything
    /// again.
    pub fn going_on(&self) -> Option<(u64, u64)> {
        let finished = self.finished.as_ref()?;
        let steps = doubled(finished.experiment.steps);
        let is_possible = (0..self.runs.len()).any(|run| self.continued(finished, run).is_some());
        (is_possible && steps > finished.experiment.steps).then_some((finished.step, steps))
    }

    /// The step from which on a changed run would go on with more steps, if it would.
    fn continued(&self, finished: &Finished, index: usize) -> Option<u64> {
        let (before, now) = (&finished.experiment.runs[index], &self.experiment.runs[index]);
        let end = finished.ends[index]?;
        (before != now && end > 0 && before.changes.len() < MAX_CHANGES).then_some(end)
    }

    /// Undoes the restart that the last change has made: the runs stand again where they were over,
    /// and go on from there with what was changed and twice the budget. A changed run that would
    /// not go on begins again all the same. Returns whether there was such a restart.
    pub fn go_on(&mut self) -> Result<bool, FieldError> {
        let Some(finished) = self.finished.take() else { return Ok(false) };
        let mut experiment = self.experiment.clone();
        experiment.steps = doubled(experiment.steps);
        experiment.stop.calls = experiment.stop.calls.map(doubled);
        let mut first_rows = Vec::new();
        for (index, run) in experiment.runs.iter_mut().enumerate() {
            let before = &finished.experiment.runs[index];
            // The row at the old budget took no step.
            first_rows.push(if before == run { self.runs[index].head().unwrap_or(0) } else { 0 });
            if let Some(end) = self.continued(&finished, index) {
                let RunSpec { policy, .. } = std::mem::replace(run, before.clone());
                run.changes.retain(|change| change.step < end);
                run.changes.push(Change { step: end, policy });
            }
        }
        self.experiment = experiment.complete_and_check()?;
        self.beginning = None;
        for (index, from) in first_rows.into_iter().enumerate() {
            self.reload(index, from);
        }
        self.seek(finished.step);
        self.playing = true;
        Ok(true)
    }

    /// Adds a flow beside a run: with the run's own steps it changes to the run's own step sizes,
    /// so that it is the companion of what is shown. Where the run has no constant step, both do
    /// the same.
    pub fn add_flow(&mut self, index: usize, name: &str) -> Result<(), FieldError> {
        let key = if name == "central-flow" { "eta" } else { "dt_max" };
        let beside = |policy: &Spec| match policy.parameters.get("eta") {
            Some(eta) if policy.name == "constant" => Spec::new(name).with(key, eta.clone()),
            _ => policy.clone(),
        };
        let RunSpec { policy, changes, .. } = &self.experiment.runs[index];
        let changes =
            changes.iter().map(|change| Change { step: change.step, policy: beside(&change.policy) }).collect();
        self.add(RunSpec { changes, ..RunSpec::new(beside(policy)) })
    }
}

fn doubled(budget: u64) -> u64 {
    (2 * budget).min(MAX_STEPS)
}
