//! Lessons: which step is open beside the Lab, and how the Lab is set for one.

use std::{mem, rc::Rc};

use super::Lab;
use crate::{
    browser,
    lesson::{Step, Time},
    permalink::{self, LESSON_KEY, Link, LinkError},
    view_settings::View,
};

impl Lab {
    /// The place in the lessons that is open, as links have it.
    pub fn lesson(&self) -> Option<String> {
        self.inner.borrow().lesson.clone()
    }

    /// Opens a place in the lessons, or closes them; what the Lab shows stays.
    pub fn set_lesson(&self, lesson: Option<String>) {
        self.change(|inner| {
            if let Some(last) = mem::replace(&mut inner.lesson, lesson) {
                inner.last_lesson = last;
            }
        });
    }

    /// Opens the lessons where they were left, or closes them.
    pub fn toggle_lessons(&self) {
        let is_closed = self.lesson().is_none();
        let last = is_closed.then(|| self.inner.borrow().last_lesson.clone());
        self.set_lesson(last);
    }

    /// Whether a link has named the step that is open, and it has not been set yet.
    pub fn is_step_due(&self) -> bool {
        self.inner.borrow().is_step_due
    }

    /// Sets what a step of a lesson shows, and opens it there; without a place it is an exhibit of
    /// the gallery, and lessons are left. What was there stays if its experiment cannot be read.
    pub fn set_step(self: &Rc<Self>, place: Option<String>, step: &Step) -> Result<(), LinkError> {
        let (link, notices) = permalink::read_document(&step.document)?;
        let (mut view, _) = View::decode(&step.view);
        view.fit(link.experiment.runs.len());
        // How large everything is belongs to the room, not to the lesson.
        view.projector = self.view().projector;
        self.set_playing(false);
        if place.is_none() {
            self.set_lesson(None);
        }
        let start = Some(if let Time::At(step) = step.time { step } else { 0 });
        self.show_over((Link { view, speed: Some(step.speed), step: start, lesson: place, ..link }, notices));
        self.change(|inner| {
            let session = &mut inner.session;
            let is_still = browser::prefers_reduced_motion();
            match step.time {
                Time::At(_) => {}
                Time::To(step) if is_still => session.seek(step),
                Time::To(step) => session.play_to(step),
                Time::Until(..) | Time::Runs if is_still => session.seek(session.last_step()),
                Time::Until(..) | Time::Runs => session.set_playing(true),
            }
            // What a link asked for is no edit.
            inner.amends = mem::take(&mut inner.is_step_due);
        });
        Ok(())
    }
}

/// The step of a lesson that a fragment names and nothing else.
pub(super) fn lesson_alone(fragment: &str) -> Option<String> {
    let alone = fragment.trim_start_matches('#').strip_prefix(LESSON_KEY);
    alone.map(|lesson| lesson.split('&').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::lesson_alone;

    #[test]
    fn a_link_may_name_a_step_alone() {
        for (fragment, lesson) in [
            ("#lesson=catapult-3", Some("catapult-3")),
            ("lesson=catapult-3&theme=dark", Some("catapult-3")),
            ("lesson=", Some("")),
            ("lab={}&lesson=catapult-3", None),
            ("", None),
        ] {
            assert_eq!(lesson_alone(fragment).as_deref(), lesson, "{fragment}");
        }
    }
}
