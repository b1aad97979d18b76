//! What leaves the Lab and what comes in from outside: dialogs on request, pictures, documents.

use std::rc::Rc;

use flatland_engine::{Experiment, objective};
use web_sys::HtmlCanvasElement;

use super::{Lab, Place};
use crate::{
    chart::{
        Size, canvas,
        palette::{Palette, Tone},
        panels::{self, x::Costs},
    },
    share::{self, Share},
};

impl Lab {
    /// Opens one of the scripts that are fetched when they are first wanted: `export`, `atlas`.
    pub fn open_dialog(self: &Rc<Self>, name: &str) {
        share::open_dialog(name, Share::new(self.clone()));
    }

    /// From now on takes in what is dropped on the page, or pasted while no field has the focus.
    pub fn accept_files(self: &Rc<Self>) {
        share::accept_files(Share::new(self.clone()));
    }

    /// Obeys the page around this one, if there is one that has embedded it.
    pub fn be_guest(self: &Rc<Self>) {
        share::be_guest(Share::new(self.clone()));
    }

    /// Draws a panel on a canvas, or on something that stands for one, as large and in the tone that a picture to take away has.
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

    /// Says that something from outside could not be taken.
    pub fn complain(&self, text: &str) {
        self.say_error(text);
    }
}

/// The name of the objective for people.
pub fn title_of(experiment: &Experiment) -> &str {
    let name = &experiment.objective.name;
    objective::find(name).map_or(name, |entry| entry.description.title)
}
