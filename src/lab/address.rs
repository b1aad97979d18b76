//! The Lab and the browser's address: what is seen is in the fragment, and what is put there is shown.

use std::rc::Rc;

use flatland_engine::experiment::Experiment;

use super::{DEFAULT_EXPERIMENT, Lab, Notice};
use crate::{
    browser,
    permalink::{self, Link, LinkError},
    session::DEFAULT_SPEED,
    settings::Theme,
    view_settings::View,
};

impl Lab {
    /// The address that restores this very picture.
    pub fn link(&self) -> String {
        let inner = self.inner.borrow();
        let session = &inner.session;
        let link = Link {
            experiment: session.experiment().clone(),
            step: (!session.is_playing() && session.step() > 0).then_some(session.step()),
            view: inner.view.clone(),
            speed: (session.speed_index() != DEFAULT_SPEED).then_some(session.speed_index()),
            theme: (inner.theme != Theme::System).then_some(inner.theme),
        };
        permalink::encode(&link)
    }

    /// Copies the link.
    pub fn copy_link(self: &Rc<Self>) {
        self.write_address();
        let lab = self.clone();
        browser::copy(&browser::address(), move |worked| {
            if worked {
                lab.say("Link copied. It restores this experiment, step by step, bit for bit.");
            } else {
                lab.say("This browser does not let the page copy: the link stands in the address bar, copy it there.");
            }
        });
    }

    /// Brings the address up to date. A change of the experiment or the view is an entry of the browser's history, so that going back
    /// undoes it.
    pub(super) fn write_address(&self) {
        let link = self.link();
        let mut inner = self.inner.borrow_mut();
        inner.address_due = None;
        let before = inner.told.take();
        inner.remember();
        let is_new = before.is_some() && before != inner.told;
        if is_new {
            let place = inner.place.0 + 1;
            inner.place = (place, place);
        }
        browser::write_fragment(&link, inner.place.0, is_new);
    }

    /// Undoes the last change, if there is one.
    pub fn undo(&self) {
        self.write_address();
        if self.can_undo() {
            browser::travel(-1);
        }
    }

    /// Does again what was undone last.
    pub fn redo(&self) {
        if self.can_redo() {
            browser::travel(1);
        }
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        self.inner.borrow().place.0 > 0
    }

    /// Whether something was undone.
    pub fn can_redo(&self) -> bool {
        let (place, last) = self.inner.borrow().place;
        place < last
    }

    /// Opens the link that stands in the address now, if it is another one: an entry of the history at the step shown, any other link
    /// as it says.
    pub fn follow_address(&self) {
        let fragment = browser::fragment();
        if fragment.trim_start_matches('#') == self.link() || fragment.is_empty() {
            return;
        }
        // An entry that this page made is gone back to at the step shown, any other link is opened as it says.
        let place = browser::place_in_history();
        match permalink::decode(&fragment) {
            Ok(read) => self.show(read, place),
            Err(error) => {
                self.say_error(format!("This link cannot be opened: {error}. What you see is what was here before."));
            }
        }
    }

    /// Shows what a link's fragment holds. What was there stays if it cannot be read.
    pub fn open_link(&self, fragment: &str) -> Result<(), LinkError> {
        self.show(permalink::decode(fragment)?, None);
        Ok(())
    }

    /// Shows an experiment's document. What was there stays if it cannot be read.
    pub fn open_document(&self, json: &str) -> Result<(), LinkError> {
        self.show(permalink::read_document(json)?, None);
        Ok(())
    }

    fn show(&self, (link, notices): (Link, Vec<String>), place: Option<u32>) {
        let (step, playing) = self.read(|session| (session.step(), session.is_playing()));
        self.change(|inner| {
            inner.replace(link.experiment);
            inner.view = link.view;
            inner.ask_columns();
            inner.session.set_speed(link.speed.unwrap_or(DEFAULT_SPEED));
            inner.theme = link.theme.unwrap_or(inner.theme);
            inner.notice = (!notices.is_empty()).then(|| Notice::info(notices.join("; ")));
        });
        match place {
            Some(place) => self.change(|inner| {
                inner.place = (place, inner.place.1.max(place));
                inner.session.set_playing(playing);
                inner.session.seek(step);
                inner.remember();
            }),
            None => self.begin(link.step),
        }
        self.apply_theme();
        self.apply_projector();
    }
}

impl super::Inner {
    /// Takes what is seen for what the history knows.
    fn remember(&mut self) {
        let view = View { pinned: None, ..self.view.clone() };
        self.told = Some((self.session.experiment().clone(), view, self.theme));
    }
}

fn default_link() -> Link {
    let experiment =
        Experiment::from_json(DEFAULT_EXPERIMENT).expect("the default experiment is valid: a test says so");
    Link { experiment, step: None, view: View::default(), speed: None, theme: None }
}

pub(super) fn from_address() -> (Link, Option<Notice>) {
    let fragment = browser::fragment();
    if fragment.trim_start_matches('#').is_empty() {
        return (default_link(), None);
    }
    match permalink::decode(&fragment) {
        Ok((link, notices)) if notices.is_empty() => (link, None),
        Ok((link, notices)) => (link, Some(Notice::info(notices.join("; ")))),
        Err(error) => {
            let text = format!("This link cannot be opened: {error}. You see the default experiment instead.");
            (default_link(), Some(Notice::error(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_experiment_is_valid() {
        assert_eq!(default_link().experiment.runs.len(), 3);
    }
}
