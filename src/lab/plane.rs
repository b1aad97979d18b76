//! What a person does with the picture of the plane: moving and zooming it, pointing at it,
//! clicking.

use super::Lab;
use crate::{
    browser,
    landscape::home::{grown, home},
};

/// How long a click waits for a second one, in milliseconds.
const DOUBLE_MS: f64 = 260.0;

impl Lab {
    /// Moves and zooms the picture (see [`moved`](crate::landscape::Window::moved)); at the limits nothing happens.
    pub fn move_window(&self, by: (f64, f64), factor: f64, around: (f64, f64)) {
        let moved = self.window().moved(by, factor, around);
        let has_moved = moved.is_some();
        {
            let mut inner = self.inner.borrow_mut();
            if let Some(window) = moved {
                inner.view.window = Some(window.bounds);
                inner.scenery.is_stale = true;
                inner.address_due = Some(browser::now() + super::ADDRESS_MS);
            }
        }
        if has_moved {
            self.tell();
        }
    }

    /// Shows the objective's own part of the plane again, with all that the runs reach.
    pub fn reset_window(&self) {
        {
            let inner = &mut *self.inner.borrow_mut();
            inner.scenery.click = None;
            let home = home(inner.session.experiment());
            inner.scenery.home = grown(home, &inner.session).unwrap_or(home);
        }
        self.change_view(|view| view.window = None);
    }

    /// Whether the picture shows all that there is.
    pub fn shows_all(&self) -> bool {
        let inner = self.inner.borrow();
        inner.view.window.is_none() && grown(inner.scenery.home, &inner.session).is_none()
    }

    /// A click on the picture, in fractions of its width and height: sets the start there, unless
    /// it becomes a double click.
    pub fn click_plane(&self, across: f64, down: f64) {
        self.inner.borrow_mut().scenery.click = Some((browser::now() + DOUBLE_MS, across, down));
    }

    /// Sets the start where a click has waited long enough.
    pub(super) fn settle_click(&self, now: f64) {
        let due = self.inner.borrow_mut().scenery.click.take_if(|(due, ..)| now >= *due);
        if let Some((_, across, down)) = due {
            self.drag_start(across, down);
            self.drop_start();
        }
    }

    /// The pointer is at a place of the picture, in fractions of its width and height, or has left
    /// it.
    pub fn point_at(&self, place: Option<(f64, f64)>) {
        let mut inner = self.inner.borrow_mut();
        inner.scenery.is_stale |= inner.scenery.pointer != place;
        inner.scenery.pointer = place;
    }

    /// Moves the ring on the picture to a step.
    pub(super) fn ring(&self, step: Option<u64>) {
        let mut inner = self.inner.borrow_mut();
        inner.scenery.hovered = step;
        inner.scenery.is_stale = true;
    }
}
