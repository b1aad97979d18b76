//! The lecture's side: opens the presenter's window, tells it which step is shown, and turns pages
//! for it.
//!
//! A lecture has a name, drawn when the window is first opened. While the page is loaded anew the
//! name lies in the tab's own memory, so that the presenter's window finds the page again; a tab
//! that is copied has none, and no two lectures mix.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::Window;
use yew::prelude::*;

use super::{
    PARAMETER,
    channel::Channel,
    memory,
    message::{News, Wish},
};
use crate::lab::LabHandle;

/// The entry of the tab's memory.
const KEY: &str = "flatland-lecture";

/// How large the window is, for the browser.
const FEATURES: &str = "popup,width=960,height=720";

thread_local! {
    static SIDE: RefCell<Option<Rc<Side>>> = const { RefCell::new(None) };
}

/// See the module's header.
struct Side {
    lab: LabHandle,
    lecture: String,
    channel: RefCell<Option<Channel>>,
    window: RefCell<Option<Window>>,
    /// Turns pages while a lesson is open.
    turn: RefCell<Option<Callback<isize>>>,
    /// Whether a presenter's window has been heard of.
    is_heard: Cell<bool>,
}

impl Side {
    /// The side of this page, begun if need be. `None` where the browser has no channels.
    fn begun(lab: &LabHandle) -> Option<Rc<Self>> {
        if let Some(side) = SIDE.with_borrow(Clone::clone) {
            return Some(side);
        }
        let lecture = take_name().unwrap_or_else(|| format!("{:x}", (js_sys::Math::random() * 1e15) as u64));
        let side = Rc::new(Self {
            lab: lab.clone(),
            lecture,
            channel: RefCell::default(),
            window: RefCell::default(),
            turn: RefCell::default(),
            is_heard: Cell::new(false),
        });
        let hearing = Rc::downgrade(&side);
        let channel = Channel::open(&side.lecture, move |text| {
            if let (Some(side), Some(wish)) = (hearing.upgrade(), Wish::read(text)) {
                side.obey(wish);
            }
        });
        *side.channel.borrow_mut() = Some(channel.ok()?);
        side.watch_the_end();
        SIDE.set(Some(side.clone()));
        Some(side)
    }

    /// Says farewell and keeps the name when the page goes.
    fn watch_the_end(self: &Rc<Self>) {
        let side = self.clone();
        let gone = Closure::<dyn FnMut()>::new(move || {
            keep_name(&side.lecture);
            side.send(&News::Farewell);
        });
        // It comes back from the browser's memory of pages, if it comes back, as it was.
        let side = self.clone();
        let back = Closure::<dyn FnMut()>::new(move || {
            take_name();
            side.tell();
        });
        for (name, listener) in [("pagehide", gone), ("pageshow", back)] {
            if let Some(window) = web_sys::window() {
                // Listening to an event of the window cannot fail.
                let _ = window.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            }
            // As long as the page is there.
            listener.forget();
        }
    }

    fn send(&self, news: &News) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.send(&news.write());
        }
    }

    /// Tells where the lecture is.
    fn tell(&self) {
        let news = match self.lab.lesson() {
            Some(place) => News::At(place, self.lab.is_blank()),
            None => News::NoLesson,
        };
        self.send(&news);
    }

    fn obey(&self, wish: Wish) {
        match wish {
            Wish::Tell => {
                self.is_heard.set(true);
                self.tell();
            }
            Wish::Turn(by) => {
                let turn = self.turn.borrow().clone();
                if let Some(turn) = turn {
                    turn.emit(by);
                }
            }
            Wish::Blank => {
                self.lab.set_blank(!self.lab.is_blank());
                self.tell();
            }
            Wish::Farewell => {
                // It is not closed yet for those who ask; the next wish for one opens it by its name.
                self.window.borrow_mut().take();
                if self.is_heard.replace(false) {
                    self.lab.say("The presenter’s window was closed; the lecture goes on here. Q opens it again.");
                }
            }
        }
    }

    /// Opens the presenter's window, or brings it to the front.
    fn open_window(&self) {
        let open = self.window.borrow().clone().filter(|window| window.closed() == Ok(false));
        if let Some(window) = open {
            // One that cannot have the focus stays where it is.
            let _ = window.focus();
            return;
        }
        let address = format!("./?{PARAMETER}={}", self.lecture);
        let name = format!("{KEY}-{}", self.lecture);
        let opened = web_sys::window()
            .and_then(|window| window.open_with_url_and_target_and_features(&address, &name, FEATURES).ok()?);
        if opened.is_none() {
            self.lab.complain("The browser has blocked the presenter’s window. Allow this page to open windows (pop-ups), then press Q or the button again.");
        }
        *self.window.borrow_mut() = opened;
    }
}

/// Joins a lesson that is open with its presenter's window, if there is one; the callback opens it.
#[hook]
pub fn use_presenter(lab: &LabHandle, place: &str, turn: Callback<isize>) -> Callback<()> {
    use_effect_with((), {
        let lab = lab.clone();
        move |()| {
            if has_name() {
                Side::begun(&lab);
            }
        }
    });
    // What turns pages is there from the second drawing on, since the side may begin with a click.
    use_effect({
        let turn = turn.clone();
        move || {
            if let Some(side) = SIDE.with_borrow(Clone::clone) {
                *side.turn.borrow_mut() = Some(turn);
            }
        }
    });
    use_effect_with((place.to_owned(), lab.is_blank()), |_| {
        if let Some(side) = SIDE.with_borrow(Clone::clone) {
            side.tell();
        }
    });
    use_effect_with((), |()| {
        || {
            if let Some(side) = SIDE.with_borrow(Clone::clone) {
                *side.turn.borrow_mut() = None;
                side.send(&News::NoLesson);
            }
        }
    });
    let lab = lab.clone();
    Callback::from(move |()| match Side::begun(&lab) {
        Some(side) => {
            *side.turn.borrow_mut() = Some(turn.clone());
            side.open_window();
        }
        None => lab.complain("This browser cannot join two windows: update it, or lecture with one window."),
    })
}

fn has_name() -> bool {
    memory::read(KEY).is_some()
}

/// Takes the lecture's name out of the tab's memory.
fn take_name() -> Option<String> {
    let name = memory::read(KEY)?;
    memory::forget(KEY);
    Some(name)
}

fn keep_name(name: &str) {
    // Where it cannot be kept the presenter's window says that the lecture is gone.
    memory::keep(KEY, name);
}
