//! The line of steps that Back and Forward walk along: one entry of the browser's history for each
//! edit, and one for each room or dialog while it is open. Undo and Redo are Back and Forward.
//!
//! An entry is an address, which restores the experiment and how it is looked at, and a [`Stamp`]:
//! its place in the line and what is open over the Lab. What is opened is laid over the entry
//! before it; closing it goes back there. The browser forgets what lay ahead when something is
//! opened, so the line remembers it and puts it back when that is closed: a look at the scores
//! costs no Redo.

/// What an entry knows beside its address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamp {
    /// Its place among the entries of this page.
    pub place: u32,
    /// The place of the last of them, as far as this entry knows.
    pub last: u32,
    /// What is open over the Lab, such as `scores`, `table-1` or `atlas`.
    pub open: Option<String>,
    /// Whether it was laid over the entry before it, so that going back there closes it.
    pub is_over: bool,
    /// The step at which the entry before it was left, if time began anew with this one.
    pub left: Option<u64>,
}

impl Stamp {
    /// The stamp as text, for the browser to keep.
    pub fn write(&self) -> String {
        let left = self.left.map_or_else(String::new, |step| step.to_string());
        let open = self.open.as_deref().unwrap_or_default();
        format!("{}/{}/{}/{left}/{open}", self.place, self.last, u8::from(self.is_over))
    }

    /// Reads what [`Stamp::write`] has written; `None` for the state of somebody else.
    pub fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(5, '/').collect();
        let &[place, last, over, left, open] = &parts[..] else { return None };
        Some(Self {
            place: place.parse().ok()?,
            last: last.parse().ok()?,
            open: (!open.is_empty()).then(|| open.to_owned()),
            is_over: over == "1",
            left: left.parse().ok(),
        })
    }
}

/// An entry of the browser's history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// What it knows.
    pub stamp: Stamp,
    /// Its address's fragment, without `#`.
    pub fragment: String,
}

/// See the module's header.
#[derive(Debug, Default)]
pub struct Line {
    here: Entry,
    /// The entries after this one that this page has seen, the next one last.
    ahead: Vec<Entry>,
    /// What lay ahead when this entry was laid over the one before it.
    covered: Vec<Entry>,
}

/// What is to be done after the person has come to another entry.
#[derive(Debug, Default, PartialEq)]
pub struct Arrival {
    /// The step to show, where time had begun anew since.
    pub left: Option<u64>,
    /// Entries to put behind this one again, the next one first.
    pub again: Vec<Entry>,
}

impl Line {
    /// A line on an entry that the page was opened with.
    pub fn begin(here: Entry) -> Self {
        Self { here, ..Self::default() }
    }

    /// The entry of now.
    pub fn here(&self) -> &Stamp {
        &self.here.stamp
    }

    /// Whether there is an entry of ours before this one.
    pub fn can_go_back(&self) -> bool {
        self.here.stamp.place > 0
    }

    /// Whether there is an entry of ours after this one.
    pub fn can_go_forward(&self) -> bool {
        self.here.stamp.place < self.here.stamp.last
    }

    /// The stamp of an entry that would follow this one.
    pub fn next(&self) -> Stamp {
        let place = self.here.stamp.place + 1;
        Stamp { place, last: place, ..Stamp::default() }
    }

    /// Goes on to an entry that has been added behind this one.
    pub fn push(&mut self, entry: Entry) {
        let ahead = std::mem::take(&mut self.ahead);
        self.covered = if entry.stamp.is_over { ahead } else { Vec::new() };
        self.here = entry;
    }

    /// Puts another entry in the place of this one.
    pub fn replace(&mut self, entry: Entry) {
        self.here = entry;
    }

    /// Comes to an entry that the person has gone to.
    pub fn arrive(&mut self, entry: Entry) -> Arrival {
        let (from, to) = (self.here.stamp.place, entry.stamp.place);
        let last = self.here.stamp.last.max(to);
        let before = std::mem::replace(&mut self.here, entry);
        self.here.stamp.last = last;
        let mut arrival = Arrival::default();
        if from == to {
            return arrival;
        }
        let mut covered = std::mem::take(&mut self.covered);
        if to + 1 == from {
            arrival.left = before.stamp.left;
            if before.stamp.is_over && !covered.is_empty() {
                arrival.again = covered.iter().rev().cloned().collect();
                self.ahead = std::mem::take(&mut covered);
                self.here.stamp.last = to + self.ahead.len() as u32;
            } else {
                self.ahead.push(before);
            }
        } else if to == from + 1 {
            self.ahead.pop();
        } else {
            self.ahead.clear();
        }
        for entry in &mut arrival.again {
            entry.stamp.last = self.here.stamp.last;
        }
        arrival
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser's history: its entries, and which of them is shown.
    struct Browser {
        entries: Vec<Entry>,
        at: usize,
        line: Line,
    }

    impl Browser {
        fn new() -> Self {
            let first = Entry { fragment: "first".to_owned(), ..Entry::default() };
            Self { entries: vec![first.clone()], at: 0, line: Line::begin(first) }
        }

        fn put(&mut self, entry: Entry) {
            self.entries.truncate(self.at + 1);
            self.entries.push(entry);
            self.at += 1;
        }

        fn push(&mut self, fragment: &str, stamp: Stamp) {
            let entry = Entry { stamp, fragment: fragment.to_owned() };
            self.put(entry.clone());
            self.line.push(entry);
            self.check();
        }

        fn edit(&mut self, fragment: &str) {
            self.push(fragment, self.line.next());
        }

        fn open(&mut self, name: &str) {
            let fragment = self.entries[self.at].fragment.clone();
            self.push(&fragment, Stamp { open: Some(name.to_owned()), is_over: true, ..self.line.next() });
        }

        fn go(&mut self, by: isize) -> Arrival {
            self.at = self.at.saturating_add_signed(by).min(self.entries.len() - 1);
            let arrival = self.line.arrive(self.entries[self.at].clone());
            self.entries[self.at].stamp = self.line.here().clone();
            for entry in &arrival.again {
                self.put(entry.clone());
            }
            if !arrival.again.is_empty() {
                self.at -= arrival.again.len();
                self.line.arrive(self.entries[self.at].clone());
            }
            self.check();
            arrival
        }

        /// What the line believes is what the browser has.
        fn check(&self) {
            let here = self.line.here();
            assert_eq!((here.place as usize, here.last as usize), (self.at, self.entries.len() - 1));
            assert_eq!(self.line.can_go_back(), self.at > 0);
            assert_eq!(self.line.can_go_forward(), self.at + 1 < self.entries.len());
        }

        fn fragments(&self) -> Vec<&str> {
            self.entries.iter().map(|entry| entry.fragment.as_str()).collect()
        }
    }

    #[test]
    fn a_stamp_is_read_back_and_nobody_elses_state_is_one() {
        let plain = Stamp { place: 3, last: 7, ..Stamp::default() };
        for stamp in [
            Stamp::default(),
            plain.clone(),
            Stamp { open: Some("table-1".to_owned()), is_over: true, ..plain.clone() },
            Stamp { left: Some(500), ..plain },
        ] {
            assert_eq!(Stamp::read(&stamp.write()), Some(stamp));
        }
        for text in ["", "3", "a/b/0//", "-1/2/0//", "1/2"] {
            assert_eq!(Stamp::read(text), None, "{text}");
        }
    }

    #[test]
    fn edits_are_walked_along_and_a_new_one_forgets_what_lay_ahead() {
        let mut browser = Browser::new();
        browser.edit("second");
        browser.edit("third");
        browser.go(-1);
        browser.go(-1);
        browser.go(1);
        browser.edit("other");
        assert_eq!(browser.fragments(), ["first", "second", "other"]);
        browser.go(-2);
        browser.go(2);
    }

    #[test]
    fn what_is_opened_and_closed_again_leaves_the_edits_ahead_as_they_were() {
        let mut browser = Browser::new();
        browser.edit("second");
        browser.edit("third");
        browser.go(-1);
        browser.go(-1);
        browser.open("scores");
        browser.go(-1);
        assert_eq!(browser.fragments(), ["first", "second", "third"]);
        browser.go(1);
        browser.open("help");
        browser.go(-1);
        assert_eq!(browser.fragments(), ["first", "second", "third"]);
        browser.go(1);
    }

    #[test]
    fn without_edits_ahead_forward_opens_again_what_was_closed() {
        let mut browser = Browser::new();
        browser.open("scores");
        assert_eq!(browser.go(-1), Arrival::default());
        assert_eq!(browser.line.here().open, None);
        browser.go(1);
        assert_eq!(browser.line.here().open.as_deref(), Some("scores"));
    }

    #[test]
    fn a_run_opened_from_a_map_lies_behind_the_map() {
        let mut browser = Browser::new();
        browser.open("atlas");
        browser.push("run", Stamp { left: Some(12), ..browser.line.next() });
        assert_eq!(browser.go(-1).left, Some(12));
        assert_eq!(browser.line.here().open.as_deref(), Some("atlas"));
        assert_eq!(browser.go(-1).left, None);
        assert_eq!(browser.fragments(), ["first", "first", "run"]);
    }
}
