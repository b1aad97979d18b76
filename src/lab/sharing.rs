//! What leaves the Lab and what comes in from outside: dialogs on request, pictures, documents.

use flatland_engine::{Experiment, objective};
use web_sys::HtmlCanvasElement;

use super::{Lab, Place};
use crate::{
    browser,
    chart::{
        Size, canvas,
        palette::{Palette, Tone},
        panels::{self, x::Costs},
    },
};

impl Lab {
    /// The address that restores what is shown.
    pub fn address(&self) -> String {
        let address = browser::address();
        let page = address.split('#').next().unwrap_or_default();
        format!("{page}#{}", self.link())
    }

    /// Draws a panel on a canvas, or on something that stands for one, as large and in the tone
    /// that a picture to take away has.
    pub fn draw_on(&self, place: Place, canvas: &HtmlCanvasElement, size: Size, tone: Tone) {
        let palette = Palette::new(tone);
        let Place::Chart(slot) = place else {
            self.inner.borrow_mut().picture_of_scene(canvas, size, &palette);
            return;
        };
        let inner = self.inner.borrow();
        let (costs, style) = (Costs::new(&inner.session, &inner.view), inner.chart_style());
        canvas::paint(canvas, &panels::chart(slot, &inner.session, &costs, &palette, style), &palette, size);
    }

    /// Paints the figures for paper, which is light in every theme, or for the page again.
    pub fn paint_for_paper(&self, is_paper: bool) {
        if is_paper {
            let mut inner = self.inner.borrow_mut();
            inner.tone = Tone::Light;
            inner.paint();
        } else {
            self.apply_theme();
        }
    }

    /// Says that something from outside could not be taken.
    pub fn complain(&self, text: &str) {
        self.say_error(text);
    }
}

/// What is seen after something could not be opened.
pub const AS_BEFORE: &str = "What you see is what was here before.";

/// Says that something cannot be opened, why, and what is seen now.
pub fn cannot_open(what: &str, why: &str, seen: &str) -> String {
    format!("{what} cannot be opened: {} {seen}", ended(why))
}

/// A sentence with its end, which may be a question mark.
pub fn ended(sentence: &str) -> String {
    if sentence.ends_with(['.', '?']) { sentence.to_owned() } else { format!("{sentence}.") }
}

/// The name of the objective for people.
pub fn title_of(experiment: &Experiment) -> &str {
    let name = &experiment.objective.name;
    objective::find(name).map_or(name, |entry| entry.description.title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_one_end() {
        assert_eq!(
            cannot_open("This link", "found \"rivr\"; did you mean \"river\"?", AS_BEFORE),
            "This link cannot be opened: found \"rivr\"; did you mean \"river\"? What you see is what was here before."
        );
        assert_eq!(cannot_open("This", "it is cut off", "Sorry."), "This cannot be opened: it is cut off. Sorry.");
    }
}
