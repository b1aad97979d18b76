//! The Lab as the scripts see it that are fetched on request (`static/share/`): what a dialog may ask, and what it may do.
//!
//! Those scripts hold words and tables only. Numbers come from here, or, for what is computed anew, from the engine in the program
//! of `export/`.

use std::rc::Rc;

use js_sys::Array;
use plotters::style::RGBColor;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlCanvasElement;

use crate::{
    browser,
    chart::{
        Size,
        axis::Axis,
        axis_ticks::Tick,
        palette::{Palette, Tone, dashes},
        panels,
    },
    lab::{Lab, Place, title_of},
    session::{Run, events},
    typed,
    view_settings::SLOTS,
};

#[wasm_bindgen(module = "/static/bridge.js")]
extern "C" {
    /// Fetches a dialog's script and opens it.
    #[wasm_bindgen(js_name = openDialog)]
    pub fn open_dialog(name: &str, share: Share);

    /// Listens for what is dropped on the page or pasted into it.
    #[wasm_bindgen(js_name = acceptFiles)]
    pub fn accept_files(share: Share);

    /// Makes the page a guest of another one, if its address says that it is one.
    #[wasm_bindgen(js_name = beGuest)]
    pub fn be_guest(share: Share);
}

/// See the module's header.
#[wasm_bindgen]
pub struct Share {
    lab: Rc<Lab>,
}

impl Share {
    pub(crate) fn new(lab: Rc<Lab>) -> Self {
        Self { lab }
    }
}

#[wasm_bindgen]
impl Share {
    /// The experiment's document, the objective's title, the address that restores what is shown, the last step shown, and whether old detail
    /// has been given back.
    pub fn state(&self) -> Array {
        let address = browser::address();
        let page = address.split('#').next().unwrap_or_default();
        let link = format!("{page}#{}", self.lab.link());
        self.lab.read(|session| {
            let experiment = session.experiment();
            Array::of5(
                &experiment.to_json().into(),
                &title_of(experiment).into(),
                &link.into(),
                &(session.frontier() as f64).into(),
                &session.is_thinned().into(),
            )
        })
    }

    /// The name of a run, its color as CSS, and the lengths of its dash and gap, both 0 for a solid line; nothing where there is no such run.
    pub fn run(&self, index: usize, is_dark: bool) -> Option<Array> {
        let palette = Palette::new(if is_dark { Tone::Dark } else { Tone::Light });
        self.lab.read(|session| {
            let color = session.runs().get(index)?.color;
            let RGBColor(red, green, blue) = palette.run(color);
            let (on, off) = dashes(color).unwrap_or_default();
            Some(Array::of4(
                &panels::title(session, index).into(),
                &format!("rgb({red},{green},{blue})").into(),
                &on.into(),
                &off.into(),
            ))
        })
    }

    /// The titles of the charts.
    pub fn titles(&self) -> Array {
        let view = self.lab.view();
        (0..SLOTS).map(|slot| JsValue::from(panels::heading(&view, slot))).collect()
    }

    /// Draws a panel on a canvas of `width`·`ratio` by `height`·`ratio` pixels, or on something that stands for one.
    pub fn draw(&self, panel: &str, canvas: &HtmlCanvasElement, width: f64, height: f64, ratio: f64, dark: bool) {
        let place = match panel {
            "chart0" => Place::Chart(0),
            "chart1" => Place::Chart(1),
            "chart2" => Place::Chart(2),
            _ => Place::Landscape,
        };
        let tone = if dark { Tone::Dark } else { Tone::Light };
        // A recording has no pixels: its curves have the detail of a fine screen.
        self.lab.draw_on(place, canvas, Size { width, height, ratio, device: ratio.min(2.0) }, tone);
    }

    /// The step shown, whether time runs, and for each run its name and what it is doing.
    pub fn now(&self) -> Array {
        self.lab.read(|session| {
            let doing = |(index, run): (usize, &Run)| {
                Array::of2(&panels::title(session, index).into(), &events::phase_words(run, session.step()).into())
            };
            let runs: Array = session.runs().iter().enumerate().map(doing).collect();
            Array::of3(&(session.step() as f64).into(), &session.is_playing().into(), &runs)
        })
    }

    /// Lets time run, or rest.
    pub fn play(&self, playing: bool) {
        self.lab.set_playing(playing);
    }

    /// Moves by some steps and pauses.
    #[wasm_bindgen(js_name = stepBy)]
    pub fn step_by(&self, steps: f64) {
        self.lab.step_by(steps as i64);
    }

    /// Shows a step and pauses.
    pub fn seek(&self, step: f64) {
        self.lab.seek(step as u64);
    }

    /// Opens a link's fragment; what is wrong with it, if it cannot be read.
    pub fn open(&self, fragment: &str) -> Option<String> {
        self.lab.open_link(fragment).err().map(|error| error.to_string())
    }

    /// The number that a text says, perhaps one that counts something, or in words why it says none.
    pub fn number(&self, text: &str, is_whole: bool) -> JsValue {
        let read = if is_whole { typed::whole_number } else { typed::number };
        read(text).map_or_else(JsValue::from, JsValue::from)
    }

    /// About `wanted` ticks of an axis with labels of at most about `room` digits: a note on what a label stands for, then for each tick
    /// its value, its label and its share of the way.
    pub fn ticks(&self, from: f64, to: f64, is_log: bool, wanted: usize, room: f64) -> Array {
        let axis = if is_log { Axis::log10(from, to) } else { Axis::linear(from, to) };
        let scale = axis.ticks(wanted, room);
        let tick = |tick: Tick| Array::of3(&tick.value.into(), &tick.label.into(), &axis.fraction(tick.value).into());
        std::iter::once(JsValue::from(scale.note)).chain(scale.ticks.into_iter().map(|t| tick(t).into())).collect()
    }

    /// Opens an experiment's document; what is wrong with it, if it cannot be read.
    #[wasm_bindgen(js_name = openDocument)]
    pub fn open_document(&self, json: &str) -> Option<String> {
        self.lab.open_document(json).err().map(|error| error.to_string())
    }

    /// The compiled program, for workers.
    pub fn module(&self) -> JsValue {
        wasm_bindgen::module()
    }

    /// Holds time.
    pub fn pause(&self) {
        self.lab.set_playing(false);
    }

    /// Shows an error on the page.
    pub fn complain(&self, text: &str) {
        self.lab.complain(text);
    }
}
