//! The clock: one animation-frame loop that takes mail in, lets time pass, sends orders out and
//! draws.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};

use super::{Lab, TELL_MS};
use crate::{browser, chart::palette::Palette};

/// A frame's callback that can ask for the next frame with itself.
type Repeated = Rc<RefCell<Option<Closure<dyn FnMut(f64)>>>>;

impl Lab {
    pub(super) fn frame(self: &Rc<Self>, now: f64) {
        let mut recovered = None;
        {
            let mut inner = self.inner.borrow_mut();
            let seconds = inner.last_frame.map_or(0.0, |last| ((now - last) / 1000.0).clamp(0.0, 0.25));
            inner.last_frame = Some(now);
            recovered = inner.take_mail().or(recovered.take());
            let moved = inner.session.tick(seconds);
            inner.send_orders();
            inner.follow_runs();
            inner.ask_survey(now);
            inner.ask_probe(now);
            inner.watch_memory();
            if inner.notice_until.is_some_and(|until| now >= until) {
                inner.notice_until = None;
                inner.notice = None;
                inner.is_untold = true;
            }
            inner.is_untold |= moved || inner.is_stale;
            inner.is_stale |= moved;
            let ratio = browser::pixel_ratio();
            inner.is_stale |= ratio != inner.ratio;
            inner.ratio = ratio;
            if inner.session.goal().is_none() || inner.hold_until.is_some_and(|until| now >= until) {
                inner.hold_until = None;
            }
            // Where time is short, a frame that renders the words leaves the charts to the next
            // one.
            let has_words = inner.is_untold && now - inner.last_told >= TELL_MS && inner.is_rushed();
            if has_words || inner.is_filmed {
                // Nothing is drawn, and what is stale stays so.
            } else if (inner.is_stale && inner.hold_until.is_none()) || inner.is_misfit() {
                inner.is_stale = false;
                inner.paint();
            } else if inner.scenery.is_stale && inner.hold_until.is_none() {
                let palette = Palette::new(inner.tone);
                inner.paint_scene(&palette);
                inner.is_untold = true;
            }
        }
        self.fetch_scene();
        self.settle_click(now);
        if let Some(message) = recovered {
            self.say_error(message);
        }
        let (due, address) = {
            let mut inner = self.inner.borrow_mut();
            let quiet = !inner.session.is_playing();
            let due = inner.is_untold && (quiet || now - inner.last_told >= TELL_MS);
            if due {
                inner.last_told = now;
            }
            (due, inner.address_due.is_some_and(|at| now >= at))
        };
        // What is being dragged becomes one step of the history when it is let go.
        let address = address && !browser::is_pressed();
        if due {
            self.tell();
        }
        if address {
            self.write_address();
        }
    }
}

/// Calls [`Lab::frame`] before every repaint, as long as the Lab is there.
pub(super) fn run_clock(lab: Weak<Lab>) {
    let next = Repeated::default();
    let again = next.clone();
    *next.borrow_mut() = Some(Closure::new(move |now: f64| {
        if let Some(lab) = lab.upgrade() {
            lab.frame(now);
            request_frame(&again);
        }
    }));
    request_frame(&next);
}

fn request_frame(closure: &Repeated) {
    if let Some(window) = web_sys::window()
        && let Some(closure) = closure.borrow().as_ref()
    {
        // A window that refuses frames is closing.
        let _: Result<i32, JsValue> = window.request_animation_frame(closure.as_ref().unchecked_ref());
    }
}
