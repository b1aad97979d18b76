//! Printing: what is put on paper is made when somebody prints, by a chunk.
//!
//! The browser asks for the paper at once. So the shortcut for printing fetches the chunk first, and
//! computes a lesson's networks; a lesson brings the chunk along. Whoever prints otherwise before
//! that gets the board as the style sheet has it, or a lesson without charts of its networks.

use std::cell::Cell;

use wasm_bindgen::{JsCast as _, closure::Closure};
use yew::{platform::spawn_local, prelude::*};

use super::handout;
use crate::{browser, chunk::in_chunk, lab::LabHandle};

/// What makes handouts.
#[derive(Clone, Copy)]
struct Printer {
    /// Whether all that a handout needs is there.
    is_ready: fn(&LabHandle) -> bool,
    /// Computes what is not, and then does something.
    prepare: fn(&LabHandle, fn()),
    /// Puts a handout on the page.
    lay_out: fn(&LabHandle),
}

in_chunk!(
    rooms,
    fn printer() -> Printer {
        Printer { is_ready: handout::is_ready, prepare: handout::prepare, lay_out: handout::lay_out }
    }
);

thread_local! {
    static FETCHED: Cell<Option<Printer>> = const { Cell::new(None) };
}

/// Prints what is seen, or the lesson that is open.
pub fn print(lab: &LabHandle) {
    let lab = lab.clone();
    spawn_local(async move {
        match printer().await {
            Ok(fetched) => {
                FETCHED.set(Some(fetched));
                (fetched.prepare)(&lab, browser::print);
            }
            Err(missing) => lab.complain(&missing.to_string()),
        }
    });
}

/// Listens to wishes to print, and clears away afterwards.
#[hook]
pub fn use_printing(lab: &LabHandle) {
    let has_lesson = lab.lesson().is_some();
    use_effect_with(has_lesson, |has_lesson| {
        if *has_lesson {
            spawn_local(async {
                // The lesson itself says if its chunk does not arrive.
                FETCHED.set(printer().await.ok().or(FETCHED.get()));
            });
        }
    });
    use_effect_with(lab.clone(), |lab| {
        let begin = {
            let lab = lab.clone();
            Closure::<dyn FnMut(Event)>::new(move |_| match FETCHED.get() {
                Some(printer) => (printer.lay_out)(&lab),
                None => lab.paint_for_paper(true),
            })
        };
        let end = {
            let lab = lab.clone();
            Closure::<dyn FnMut(Event)>::new(move |_| {
                browser::remove(handout::ID);
                lab.paint_for_paper(false);
            })
        };
        let key = {
            let lab = lab.clone();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                let is_meant = event.dyn_ref::<KeyboardEvent>().is_some_and(|key| {
                    let is_command = (key.ctrl_key() || key.meta_key()) && !key.alt_key() && !key.shift_key();
                    is_command && key.key().eq_ignore_ascii_case("p") && !browser::has_open_dialog()
                });
                if is_meant && !FETCHED.get().is_some_and(|printer| (printer.is_ready)(&lab)) {
                    event.prevent_default();
                    print(&lab);
                }
            })
        };
        let window = web_sys::window();
        let heard = [("beforeprint", begin), ("afterprint", end), ("keydown", key)];
        for (name, listener) in &heard {
            if let Some(window) = &window {
                // Listening to an event of the window cannot fail.
                let _ = window.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            }
        }
        move || {
            for (name, listener) in heard {
                if let Some(window) = &window {
                    let _ = window.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
                }
            }
        }
    });
}
