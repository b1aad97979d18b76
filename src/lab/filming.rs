//! Time for a film: the Lab shows one step after another for the sake of pictures, and afterwards
//! what it showed before.

use std::rc::Rc;

use super::{Lab, LabHandle};
use crate::protocol::RunId;

/// A film that is being taken. The Lab shows what it showed before as soon as this is dropped.
#[must_use]
pub struct Take {
    lab: LabHandle,
    step: u64,
    frontier: u64,
    was_playing: bool,
    runs: Vec<(RunId, u32)>,
}

impl Take {
    /// Stops time, and has the runs computed up to a step.
    pub fn begin(lab: &LabHandle, last: u64) -> Self {
        let mut inner = lab.inner.borrow_mut();
        let (step, frontier) = (inner.session.wanted_step(), inner.session.frontier());
        let was_playing = inner.session.is_playing();
        inner.session.set_playing(false);
        inner.session.seek(last);
        inner.is_filmed = true;
        let runs = inner.session.runs().iter().map(|run| (run.id, run.generation)).collect();
        drop(inner);
        Self { lab: lab.clone(), step, frontier: frontier.max(step), was_playing, runs }
    }

    /// How far the runs have been computed; `None` once they are.
    pub fn computing(&self) -> Option<u64> {
        self.lab.read(|session| session.goal().map(|_| session.step()))
    }

    /// Whether somebody has changed the runs since, such as the presenter's window.
    pub fn is_spoilt(&self) -> bool {
        self.lab
            .read(|session| !session.runs().iter().map(|run| (run.id, run.generation)).eq(self.runs.iter().copied()))
    }

    /// Shows a step that has been computed, as if no later one had been.
    pub fn show(&self, step: u64) {
        let mut inner = self.lab.inner.borrow_mut();
        inner.session.show_as_of(step, step);
        inner.is_untold = true;
    }

    /// Whether a step is shown in all panels: what a worker has to be asked for comes later.
    pub fn shows(&self, step: u64) -> bool {
        let inner = self.lab.inner.borrow();
        inner.session.step() == step && inner.is_scene_settled()
    }
}

impl Drop for Take {
    fn drop(&mut self) {
        let lab: &Rc<Lab> = &self.lab.0;
        let mut inner = lab.inner.borrow_mut();
        inner.is_filmed = false;
        (inner.is_stale, inner.is_untold) = (true, true);
        drop(inner);
        if !self.is_spoilt() {
            let mut inner = lab.inner.borrow_mut();
            let (step, frontier) = (self.step, self.frontier);
            // Where it was still being computed, it goes on to be.
            let is_there = inner.session.runs().iter().all(|run| run.end.is_some() || run.head() >= Some(step));
            if is_there {
                inner.session.show_as_of(step, frontier);
                inner.session.set_playing(self.was_playing);
            } else {
                inner.session.seek(step);
            }
        }
    }
}
