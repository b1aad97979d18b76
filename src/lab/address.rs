//! The Lab and the browser's address: what is seen is in the fragment, and what is put there is
//! shown.

use std::rc::Rc;

use flatland_engine::experiment::Experiment;

use super::{
    ADDRESS_MS, AS_BEFORE, DEFAULT_EXPERIMENT, Lab, Notice, Seen, cannot_open,
    lessons::lesson_alone,
    openings::{MAP, MAP_KEY, map_in},
};
use crate::{
    browser,
    history::{Entry, Stamp},
    permalink::{self, Link, LinkError},
    session::DEFAULT_SPEED,
    settings::Theme,
    view_settings::View,
};

/// How long the browser may take to go back or forward, in milliseconds.
const TRAVEL_MS: f64 = 1_000.0;

impl Lab {
    /// The address that restores this very picture.
    pub fn link(&self) -> String {
        let inner = self.inner.borrow();
        let session = &inner.session;
        let link = Link {
            experiment: session.experiment().clone(),
            step: (!session.is_playing() && session.wanted_step() > 0).then_some(session.wanted_step()),
            view: inner.view.clone(),
            speed: (session.speed_index() != DEFAULT_SPEED).then_some(session.speed_index()),
            theme: (inner.theme != Theme::System).then_some(inner.theme),
            lesson: inner.lesson.clone(),
        };
        permalink::encode(&link)
    }

    /// The address's fragment: the link, and the map that is open.
    fn fragment(&self) -> String {
        let link = self.link();
        match &self.inner.borrow().map {
            Some(map) => format!("{link}&{MAP_KEY}{map}"),
            None => link,
        }
    }

    /// Copies the link.
    pub fn copy_link(self: &Rc<Self>) {
        self.write_address();
        let lab = self.clone();
        browser::copy(&browser::address(), move |worked| {
            if worked {
                lab.say("Link copied. It restores this experiment bit for bit.");
            } else {
                lab.say("This browser does not let the page copy: the link stands in the address bar, copy it there.");
            }
        });
    }

    /// Brings the address up to date. A change of the experiment or the view is an entry of the
    /// browser's history, so that going back undoes it.
    pub(super) fn write_address(&self) {
        if self.is_travelling() {
            return;
        }
        let fragment = self.fragment();
        let mut inner = self.inner.borrow_mut();
        inner.address_due = None;
        let amends = std::mem::take(&mut inner.amends);
        let is_edit = inner.is_edited() && !amends && !browser::is_guest();
        let (open, left) = (inner.open.clone(), inner.left.take());
        let here = inner.line.here();
        // A document that was opened from a dialog takes the dialog's place in the line.
        let was_dialog = here.open.as_ref().is_some_and(|name| name != MAP);
        let is_new = is_edit && (open.is_some() || !was_dialog);
        let stamp = if is_edit {
            let next = if is_new { inner.line.next() } else { here.clone() };
            Stamp { open, is_over: false, left, ..next }
        } else {
            Stamp { is_over: here.is_over && open.is_some(), open, ..here.clone() }
        };
        if inner.write_entry(fragment, stamp, is_new) {
            inner.told = inner.seen();
        } else {
            inner.left = left;
            inner.address_due = Some(browser::now() + ADDRESS_MS);
        }
    }

    /// Undoes the last change, or closes what is open.
    pub fn undo(&self) {
        self.write_address();
        if self.can_undo() {
            self.travel(-1);
        }
    }

    /// Does again what was undone last.
    pub fn redo(&self) {
        self.write_address();
        if self.can_redo() {
            self.travel(1);
        }
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        let inner = self.inner.borrow();
        inner.line.can_go_back() || (inner.is_edited() && !browser::is_guest())
    }

    /// Whether something was undone.
    pub fn can_redo(&self) -> bool {
        let inner = self.inner.borrow();
        inner.line.can_go_forward() && !inner.is_edited()
    }

    /// Goes back or forward; until the browser is there, the address is left alone.
    pub(super) fn travel(&self, by: i32) {
        if !self.is_travelling() {
            self.inner.borrow_mut().travels_until = Some(browser::now() + TRAVEL_MS);
            browser::travel(by);
        }
    }

    pub(super) fn is_travelling(&self) -> bool {
        self.inner.borrow().travels_until.is_some_and(|until| browser::now() < until)
    }

    /// Shows the entry of the history that the browser has come to: one of this page's at the step
    /// shown, any other link as it says.
    pub fn follow_address(self: &Rc<Self>) {
        let stamp = browser::entry_state().as_deref().and_then(Stamp::read);
        let mut inner = self.inner.borrow_mut();
        let now = browser::now();
        match stamp {
            Some(stamp) => {
                if let Some((place, _)) = inner.overtaken.take().filter(|(_, until)| now < *until) {
                    // On its way back the browser has left a link that was opened meanwhile: that
                    // one is meant.
                    (inner.travels_until, inner.returns) = (None, false);
                    drop(inner);
                    self.travel(place as i32 - stamp.place as i32);
                    return;
                }
            }
            None => {
                let place = inner.line.next().place;
                inner.overtaken = inner.travels_until.filter(|until| now < *until).map(|until| (place, until));
            }
        }
        drop(inner);
        let lab = self.clone();
        self.once_readable(browser::fragment(), move || lab.follow());
    }

    fn follow(self: &Rc<Self>) {
        let fragment = browser::fragment().trim_start_matches('#').to_owned();
        let returns = {
            let mut inner = self.inner.borrow_mut();
            let is_in_time = inner.travels_until.take().is_some_and(|until| browser::now() < until);
            std::mem::take(&mut inner.returns) && is_in_time
        };
        match browser::entry_state().as_deref().and_then(Stamp::read) {
            Some(stamp) => self.arrive(Entry { stamp, fragment }, returns),
            None => self.take_link(fragment),
        }
        self.open_wanted();
        self.tell();
    }

    /// The browser has come to an entry, back from what has just been closed if it `returns`.
    fn arrive(self: &Rc<Self>, entry: Entry, returns: bool) {
        let Entry { stamp, fragment } = entry.clone();
        let arrival = self.inner.borrow_mut().line.arrive(entry);
        let (link, notice) = read(&fragment);
        let was_seen = self.inner.borrow().seen();
        if !returns && seen(&link) != was_seen {
            self.show_again(link, notice, arrival.left);
        }
        let was_open = {
            let mut inner = self.inner.borrow_mut();
            inner.map = map_in(&fragment);
            // The entry has the step at which it was left.
            inner.address_due = Some(browser::now() + ADDRESS_MS);
            std::mem::replace(&mut inner.open, stamp.open.clone())
        };
        if was_open != stamp.open {
            browser::close_dialog();
            self.show_open();
        }
        let here = self.inner.borrow().line.here().clone();
        if here != stamp {
            browser::write_entry(None, &here.write(), false);
        }
        let again = arrival.again.len() as i32;
        for Entry { stamp, fragment } in arrival.again {
            browser::write_entry(Some(&fragment), &stamp.write(), true);
        }
        if again > 0 {
            self.travel(-again);
        }
    }

    /// Shows an entry of this page again: at the step shown, unless time had begun anew since.
    fn show_again(&self, link: Link, notice: Option<Notice>, left: Option<u64>) {
        let (step, playing) = self.read(|session| (session.wanted_step(), session.is_playing()));
        self.change(|inner| {
            inner.replace(link.experiment);
            inner.view = link.view;
            inner.ask_columns();
            inner.theme = link.theme.unwrap_or_default();
            inner.lesson = link.lesson;
            inner.notice = notice;
            inner.session.set_playing(playing && left.is_none());
            inner.session.seek(left.unwrap_or(step));
            inner.left = None;
            inner.told = inner.seen();
        });
        self.apply_theme();
        self.apply_projector();
    }

    /// Takes a link that was put into the address bar: the browser has made an entry for it.
    fn take_link(self: &Rc<Self>, fragment: String) {
        {
            let mut inner = self.inner.borrow_mut();
            (inner.open, inner.map, inner.lesson) = (None, map_in(&fragment), None);
            inner.is_step_due = lesson_alone(&fragment).is_some();
            let stamp = if browser::is_guest() { inner.line.here().clone() } else { inner.line.next() };
            browser::write_entry(None, &stamp.write(), false);
            inner.line.push(Entry { stamp, fragment: fragment.clone() });
        }
        browser::close_dialog();
        if fragment.is_empty() {
            return;
        }
        if let Some(lesson) = lesson_alone(&fragment) {
            return self.change(|inner| inner.lesson = Some(lesson));
        }
        match permalink::decode(&fragment) {
            Ok(read) => {
                self.show(read);
                let mut inner = self.inner.borrow_mut();
                (inner.told, inner.left) = (inner.seen(), None);
                inner.open = inner.map.as_ref().map(|_| MAP.to_owned());
            }
            Err(error) => {
                self.inner.borrow_mut().map = None;
                self.say_error(cannot_open("This link", &error.to_string(), AS_BEFORE));
            }
        }
        self.show_open();
    }

    /// Shows what a link's fragment holds. What was there stays if it cannot be read.
    pub fn open_link(&self, fragment: &str) -> Result<(), LinkError> {
        self.show_over(permalink::decode(fragment)?);
        Ok(())
    }

    /// Shows an experiment's document. What was there stays if it cannot be read.
    pub fn open_document(&self, json: &str) -> Result<(), LinkError> {
        self.show_over(permalink::read_document(json)?);
        Ok(())
    }

    /// Shows a document of the page's own in a view and at a speed, and plays.
    pub fn open_scene(&self, json: &str, view: &str, speed: usize) -> Result<(), LinkError> {
        let (link, notices) = permalink::read_document(json)?;
        let (mut view, _) = View::decode(view);
        view.fit(link.experiment.runs.len());
        self.show_over((Link { view, speed: Some(speed), ..link }, notices));
        Ok(())
    }

    /// Shows what came from outside, and leaves what is open.
    pub(super) fn show_over(&self, read: (Link, Vec<String>)) {
        self.write_address();
        self.show(read);
        let (was_open, is_there_already) = {
            let mut inner = self.inner.borrow_mut();
            inner.map = None;
            (inner.open.take().is_some(), inner.line.here().is_over && !inner.is_edited())
        };
        if was_open {
            browser::close_dialog();
            if is_there_already { self.travel(-1) } else { self.write_address() }
        }
    }

    fn show(&self, (link, notices): (Link, Vec<String>)) {
        self.change(|inner| {
            inner.replace(link.experiment);
            inner.view = link.view;
            inner.ask_columns();
            inner.session.set_speed(link.speed.unwrap_or(DEFAULT_SPEED));
            inner.theme = link.theme.unwrap_or(inner.theme);
            inner.lesson = link.lesson.or(inner.lesson.take());
            inner.notice = (!notices.is_empty()).then(|| Notice::info(notices.join("; ")));
        });
        self.begin(link.step);
        self.apply_theme();
        self.apply_projector();
    }
}

impl super::Inner {
    pub(super) fn seen(&self) -> Seen {
        (self.session.experiment().clone(), as_seen(&self.view), self.theme, self.lesson.clone())
    }

    /// Whether what is seen is more than the history knows.
    pub(super) fn is_edited(&self) -> bool {
        self.told != self.seen()
    }

    /// Writes an entry of the history, a new one or the one of now, and whether the browser took
    /// it.
    pub(super) fn write_entry(&mut self, fragment: String, stamp: Stamp, is_new: bool) -> bool {
        let is_written = browser::write_entry(Some(&fragment), &stamp.write(), is_new);
        if is_written {
            self.is_untold |= stamp != *self.line.here();
            let entry = Entry { stamp, fragment };
            if is_new { self.line.push(entry) } else { self.line.replace(entry) }
        }
        is_written
    }
}

/// What makes an entry of the history when it changes: neither time, nor what is pinned or
/// selected.
pub(super) fn seen(link: &Link) -> Seen {
    (link.experiment.clone(), as_seen(&link.view), link.theme.unwrap_or_default(), link.lesson.clone())
}

fn as_seen(view: &View) -> View {
    View { pinned: None, selected: 0, ..view.clone() }
}

fn default_link() -> Link {
    let experiment =
        Experiment::from_json(DEFAULT_EXPERIMENT).expect("the default experiment is valid: a test says so");
    Link { experiment, step: None, view: View::default(), speed: None, theme: None, lesson: None }
}

/// The entry that the page is opened with: one of its own after a reload, and otherwise the first.
pub(super) fn first_entry() -> Entry {
    let stamp = browser::entry_state().as_deref().and_then(Stamp::read).unwrap_or_default();
    // Refused only where there is no history at all: then nothing can be undone.
    browser::write_entry(None, &stamp.write(), false);
    Entry { stamp, fragment: browser::fragment().trim_start_matches('#').to_owned() }
}

/// What a fragment says or, where it says nothing that can be read, the default experiment and why.
pub(super) fn read(fragment: &str) -> (Link, Option<Notice>) {
    if fragment.is_empty() {
        return (default_link(), None);
    }
    if let lesson @ Some(_) = lesson_alone(fragment) {
        return (Link { lesson, ..default_link() }, None);
    }
    match permalink::decode(fragment) {
        Ok((link, notices)) if notices.is_empty() => (link, None),
        Ok((link, notices)) => (link, Some(Notice::info(notices.join("; ")))),
        Err(error) => {
            let seen = "You see the default experiment instead.";
            let text = cannot_open("This link", &error.to_string(), seen);
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
