//! What is open over the Lab: rooms and dialogs, each an entry of the browser's history while it is
//! open, and the map's part of the address.

use std::rc::Rc;

use yew::Callback;

use super::{ADDRESS_MS, Lab};
use crate::{browser, history::Stamp};

/// The room that keeps a part of its own in the address.
pub(super) const MAP: &str = "atlas";
/// The key of that part.
pub(super) const MAP_KEY: &str = "atlas=";
/// After a change of the map until the address is brought up to date, in milliseconds.
const MAP_MS: f64 = 150.0;

impl Lab {
    /// Opens a room or a dialog, one at a time: an entry of the history laid over the one of now.
    pub fn open_dialog(self: &Rc<Self>, name: &str) {
        let is_shown = browser::has_open_dialog();
        if self.is_travelling() || (!is_shown && self.inner.borrow().open.is_some()) {
            // What was open is about to be left.
            self.inner.borrow_mut().wanted = Some((name.to_owned(), browser::now() + ADDRESS_MS));
            return;
        }
        if is_shown {
            return;
        }
        self.write_address();
        let fragment = self.link();
        {
            let mut inner = self.inner.borrow_mut();
            inner.open = Some(name.to_owned());
            let is_over = !browser::is_guest();
            let entry = if is_over { inner.line.next() } else { inner.line.here().clone() };
            inner.write_entry(fragment, Stamp { open: Some(name.to_owned()), is_over, ..entry }, is_over);
        }
        self.show_open();
    }

    /// Whether a room or a dialog is open, or is to be as soon as it is there.
    pub fn has_open(&self, name: &str) -> bool {
        self.inner.borrow().open.as_deref() == Some(name)
    }

    /// Calls `doors` with the name of each room or dialog that is to be shown.
    pub fn on_opening(&self, doors: Callback<String>) {
        *self.doors.borrow_mut() = Some(doors);
    }

    /// Notes that a room or a dialog has been closed, and goes back to the entry that it was laid
    /// over.
    pub fn close_dialog(self: &Rc<Self>, name: &str) {
        // Closed by the line itself, or something else is open by now.
        if self.inner.borrow().open.as_deref() != Some(name) {
            return;
        }
        self.write_address();
        let is_over = {
            let mut inner = self.inner.borrow_mut();
            (inner.open, inner.map) = (None, None);
            inner.line.here().is_over
        };
        browser::close_dialog();
        if is_over {
            self.inner.borrow_mut().returns = true;
            self.travel(-1);
        } else {
            self.write_address();
            self.open_wanted();
        }
    }

    /// Notes that the dialog of this element has been closed.
    pub fn close_element(self: &Rc<Self>, id: &str) {
        let open = self.inner.borrow().open.clone();
        if let Some(open) = open.filter(|open| open.split('-').next() == id.strip_prefix("share-").or(Some(id))) {
            self.close_dialog(&open);
        }
    }

    /// Opens what the entry that the page was opened with had open, or the map in its link.
    pub fn open_again(self: &Rc<Self>) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.map = map_in(&browser::fragment());
            inner.open = inner.line.here().open.clone().or_else(|| inner.map.as_ref().map(|_| MAP.to_owned()));
        }
        self.show_open();
    }

    /// Shows what is open.
    pub(super) fn show_open(self: &Rc<Self>) {
        let open = self.inner.borrow().open.clone();
        let doors = self.doors.borrow().clone();
        if let (Some(name), Some(doors)) = (open, doors) {
            doors.emit(name);
        }
    }

    /// Opens what was asked for while something else was about to be left.
    pub(super) fn open_wanted(self: &Rc<Self>) {
        let wanted = self.inner.borrow_mut().wanted.take();
        if let Some((name, _)) = wanted.filter(|(_, until)| browser::now() < *until) {
            self.open_dialog(&name);
        }
    }

    /// The map in the page's address, as its room has written it.
    pub fn linked_map(&self) -> Option<String> {
        map_in(&browser::fragment())
    }

    /// The address that restores what is shown with a map over it.
    pub fn address_of_map(&self, map: &str) -> String {
        format!("{}&{MAP_KEY}{map}", self.address())
    }

    /// Keeps the map that is open, as its room writes it, in the address.
    pub fn keep_map(&self, map: String) {
        let mut inner = self.inner.borrow_mut();
        if inner.open.as_deref() == Some(MAP) && inner.map.as_ref() != Some(&map) {
            inner.map = Some(map);
            inner.address_due.get_or_insert(browser::now() + MAP_MS);
        }
    }
}

/// The map in a fragment, as the Atlas has written it.
pub(super) fn map_in(fragment: &str) -> Option<String> {
    fragment.trim_start_matches('#').split('&').find_map(|part| part.strip_prefix(MAP_KEY)).map(str::to_owned)
}
