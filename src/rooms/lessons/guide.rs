//! What is open of the lessons, outside of the virtual document.

use std::{cell::RefCell, rc::Rc};

use yew::{Callback, platform::spawn_local};

use super::{list, memory, shelf};
use crate::{
    browser,
    lab::LabHandle,
    lesson::{Lesson, Place, Summary, Time},
    session::{
        Session,
        events::{Event, events},
    },
};

/// What the panel shows.
#[derive(Clone)]
pub enum Content {
    /// It is on its way.
    Loading,
    /// It did not arrive, and why.
    Missing(String),
    /// All lessons.
    Contents {
        /// Them.
        lessons: Rc<Vec<Summary>>,
        /// What is wrong with the link that was opened, if something is.
        complaint: String,
    },
    /// A step.
    Step {
        /// All lessons.
        lessons: Rc<Vec<Summary>>,
        /// The one that is open.
        lesson: Rc<Lesson>,
        /// The step's number, counted from 1; there is one.
        number: usize,
    },
}

/// See the module's header.
pub struct Guide {
    lab: LabHandle,
    refresh: Callback<()>,
    content: RefCell<Content>,
    /// What time is to stop for.
    awaited: RefCell<Option<Time>>,
}

impl Guide {
    /// A guide with nothing open; `refresh` is called when there is something new to show.
    pub fn new(lab: &LabHandle, refresh: Callback<()>) -> Rc<Self> {
        let (content, awaited) = (RefCell::new(Content::Loading), RefCell::default());
        Rc::new(Self { lab: lab.clone(), refresh, content, awaited })
    }

    /// The Lab that it sets.
    pub fn lab(&self) -> LabHandle {
        self.lab.clone()
    }

    /// What the panel shows.
    pub fn content(&self) -> Content {
        self.content.borrow().clone()
    }

    fn show(&self, content: Content) {
        *self.content.borrow_mut() = content;
        self.refresh.emit(());
    }

    /// Shows the text of a place in the lessons, as links have it. The Lab stays as it is, but where
    /// a link has named the step alone.
    pub fn open(self: &Rc<Self>, place: String) {
        let guide = self.clone();
        spawn_local(async move {
            let content = content_of(&place).await;
            if guide.lab.lesson() != Some(place) {
                return;
            }
            if let Content::Step { lesson, number, .. } = &content {
                let place = Place { lesson: lesson.name.clone(), step: *number };
                memory::remember(&place);
                if guide.lab.is_step_due() {
                    guide.put(lesson.clone(), place);
                }
            }
            guide.show(content);
        });
    }

    /// Sets the step at a place.
    pub fn set(self: &Rc<Self>, place: &Place) {
        let (guide, place) = (self.clone(), place.clone());
        spawn_local(async move {
            match shelf::lesson(&place.lesson).await {
                Ok(lesson) if (1..=lesson.steps.len()).contains(&place.step) => guide.put(lesson, place),
                // There the panel says what is wrong with it.
                _ => guide.lab.set_lesson(Some(place.to_string())),
            }
        });
    }

    /// Sets a step that is there.
    fn put(self: &Rc<Self>, lesson: Rc<Lesson>, place: Place) {
        let guide = self.clone();
        let document = lesson.steps[place.step - 1].document.clone();
        self.lab.0.once_readable(document, move || {
            let step = &lesson.steps[place.step - 1];
            match guide.lab.0.set_step(Some(place.to_string()), step) {
                Ok(()) => *guide.awaited.borrow_mut() = Some(step.time),
                Err(error) => guide.lab.complain(&format!("This step cannot be shown: {error}.")),
            }
        });
    }

    /// Goes on or back by a step; beyond the ends of a lesson there are the other ones.
    pub fn turn(self: &Rc<Self>, by: isize) {
        let Content::Step { lessons, lesson, number } = self.content() else { return };
        let target = number.saturating_add_signed(by);
        if let Some(step) = target.checked_sub(1).and_then(|index| lesson.steps.get(index)) {
            let place = Place { lesson: lesson.name.clone(), step: target };
            // What the step before it shows is on the screen already.
            if step.keeps && by == 1 {
                self.lab.set_lesson(Some(place.to_string()));
            } else {
                self.put(lesson, place);
            }
            return;
        }
        let at = lessons.iter().position(|summary| summary.name == lesson.name);
        match at.and_then(|at| lessons.get(at.checked_add_signed(by)?)) {
            Some(other) => {
                let step = if by > 0 { 1 } else { other.steps };
                self.set(&Place { lesson: other.name.clone(), step });
            }
            None if by > 0 => self.list(),
            None => {}
        }
    }

    /// Sets the step that is open again.
    pub fn set_again(self: &Rc<Self>) {
        if let Content::Step { lesson, number, .. } = self.content() {
            let place = Place { lesson: lesson.name.clone(), step: number };
            self.put(lesson, place);
        }
    }

    /// Shows the list.
    pub fn list(self: &Rc<Self>) {
        self.lab.set_lesson(Some(list()));
    }

    /// Leaves the lessons; what the Lab shows stays.
    pub fn leave(self: &Rc<Self>) {
        self.lab.set_lesson(None);
        browser::focus("board");
    }

    /// Stops time where what a step waits for has happened. Whoever stops time before waits no
    /// longer.
    pub fn watch(&self) {
        let Some(Time::Until(happening, run)) = *self.awaited.borrow() else { return };
        let (is_playing, found) = self.lab.read(|session| {
            let meant = |event: &Event| event.run == run && happening.is(&event.kind);
            (session.is_playing(), events(session).into_iter().find(meant))
        });
        if let Some(event) = &found {
            self.lab.seek(event.step);
        }
        let is_over = found.is_some() || (!is_playing && self.lab.read(Session::goal).is_none());
        if is_over {
            *self.awaited.borrow_mut() = None;
        }
    }

    /// The address of a map over what the Lab shows.
    pub fn address_of_map(&self, map: &str) -> String {
        self.lab.address_of_map(map)
    }
}

/// What there is at a place in the lessons.
pub(super) async fn content_of(place: &str) -> Content {
    let lessons = match shelf::contents().await {
        Ok(lessons) => lessons,
        Err(why) => return Content::Missing(why),
    };
    let Some(wanted) = Place::read(place) else { return Content::Contents { lessons, complaint: String::new() } };
    let Some(summary) = lessons.iter().find(|summary| summary.name == wanted.lesson) else {
        let complaint =
            format!("The link names the lesson “{}”, which there is not. Choose one of these.", wanted.lesson);
        return Content::Contents { lessons, complaint };
    };
    if wanted.step > summary.steps {
        let complaint = format!(
            "The link names step {} of “{}”, which has {} steps. Choose it here to begin with its first one.",
            wanted.step, summary.title, summary.steps
        );
        return Content::Contents { lessons, complaint };
    }
    match shelf::lesson(&wanted.lesson).await {
        Ok(lesson) => Content::Step { lessons, lesson, number: wanted.step },
        Err(why) => Content::Missing(why),
    }
}
