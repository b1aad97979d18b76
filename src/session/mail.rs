//! What session and workers send each other about rows: batches and ends come in, leave to go on
//! goes out.

use std::mem;

use super::{Run, Session};
use crate::protocol::{Batch, End, EndKind, Grant, RunId};

/// Memory that histories may take before the oldest detail is thinned, in bytes.
pub const MEMORY_BUDGET: usize = 1 << 30;
/// Steps computed beyond what is shown, at the least.
pub(super) const LOOKAHEAD: u64 = 64;

impl Session {
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
