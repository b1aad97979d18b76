//! The blank screen of a lecture: the hall looks at the speaker, and time waits.

use super::Lab;
use crate::{browser, session::Session};

/// The element that covers the page, a dialog.
pub const BLANK: &str = "blank";

impl Lab {
    /// Whether the screen is blank.
    pub fn is_blank(&self) -> bool {
        self.blanked.get().is_some()
    }

    /// Makes the screen blank, or shows the page again as it was; time rests meanwhile.
    pub fn set_blank(&self, is_blank: bool) {
        match (self.blanked.get(), is_blank) {
            (None, true) => {
                let was_playing = self.read(Session::is_playing);
                self.blanked.set(Some(was_playing));
                browser::show_modal(BLANK);
                if was_playing {
                    self.set_playing(false);
                }
            }
            (Some(was_playing), false) => {
                self.blanked.set(None);
                browser::close_modal(BLANK);
                if was_playing {
                    self.set_playing(true);
                }
            }
            _ => return,
        }
        self.tell();
    }
}
