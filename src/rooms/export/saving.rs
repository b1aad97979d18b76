//! Makes what is exported and saves or copies it; what came of it is said on the dialog's line.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::Blob;
use yew::Callback;

use super::{
    picture::{Picture, Sheet},
    recording::Pad,
};
use crate::{
    browser,
    chart::canvas,
    errand::{Desk, Reply, Request},
    lab::LabHandle,
    numbers::whole,
    rooms::files,
};

/// Pieces of a table that are kept before they become a blob: a browser keeps large ones on disk,
/// so that memory stays free however long the table is.
const PIECES: u32 = 16;

/// Pixels of a PNG to a CSS pixel.
const PNG_RATIO: f64 = 2.0;
/// Lines of an SVG are placed on a tenth of a CSS pixel.
const SVG_RATIO: f64 = 10.0;

/// What becomes of a text.
#[derive(Clone)]
pub enum Target {
    /// It goes to the clipboard; then this is said.
    Copy(&'static str),
    /// It goes into a file of this name and media type.
    Save(String, &'static str),
}

/// See the module's header.
pub struct Saver {
    /// Where errands wait.
    pub desk: Desk,
    /// Says something on the dialog's line.
    pub say: Callback<String>,
    /// Is told whether there is something to cancel.
    pub cancellable: Callback<bool>,
}

impl Saver {
    fn begin(&self) {
        self.desk.call_off();
        self.cancellable.emit(false);
        self.say.emit(String::new());
    }

    /// Has a text made and copies or saves it.
    pub fn fetch(&self, request: &Request, target: Target) {
        self.begin();
        let say = self.say.clone();
        self.desk.send(request, move |reply| match (reply, &target) {
            (Reply::Text(text), Target::Copy(done)) => {
                let (say, done) = (say.clone(), *done);
                browser::copy(&text, move |worked| say.emit(files::copied(worked, done)));
            }
            (Reply::Text(text), Target::Save(name, media_type)) => files::save_text(name, &text, media_type),
            (Reply::Failed(why), _) => say.emit(failed(&why)),
            _ => {}
        });
    }

    /// Has every step computed and saves the table.
    pub fn save_table(&self, name: &str, experiment: &str) {
        self.begin();
        self.cancellable.emit(true);
        let (say, cancellable) = (self.say.clone(), self.cancellable.clone());
        let name = format!("{name}.csv");
        let kept = RefCell::new((Array::new(), 0));
        self.desk.send(&Request::Table { experiment: experiment.to_owned() }, move |reply| {
            let (parts, rows) = &mut *kept.borrow_mut();
            match reply {
                Reply::Piece { bytes, rows: so_far } => {
                    *rows = so_far;
                    parts.push(&bytes);
                    if let Some(blob) = files::blob(parts, "text/csv").filter(|_| parts.length() >= PIECES) {
                        *parts = Array::of1(&blob);
                    }
                    say.emit(format!("{} rows …", whole(so_far as f64)));
                    return;
                }
                Reply::Failed(why) => say.emit(failed(&why)),
                _ => {
                    if let Some(blob) = files::blob(parts, "text/csv") {
                        files::save(&name, &blob);
                        say.emit(format!("Saved: {} rows.", whole(*rows as f64)));
                    }
                }
            }
            cancellable.emit(false);
        });
    }

    /// Stops what is being computed.
    pub fn cancel(&self) {
        if self.desk.call_off() {
            self.cancellable.emit(false);
            self.say.emit("Cancelled. Nothing was saved.".to_owned());
        }
    }

    /// Saves a picture as PNG.
    pub fn save_png(&self, lab: &LabHandle, name: &str, sheet: &Sheet) {
        self.begin();
        let (say, name) = (self.say.clone(), format!("{name}.png"));
        let taken = Closure::once_into_js(move |blob: JsValue| match blob.dyn_ref::<Blob>() {
            Some(blob) => files::save(&name, blob),
            None => say.emit(failed("the browser could not make a PNG")),
        });
        let drawn = sheet.draw(lab, PNG_RATIO, false, canvas::detached);
        if let Err(error) = drawn.and_then(|picture| picture.canvas.to_blob(taken.unchecked_ref())) {
            self.say.emit(failed(&browser::text_of(&error)));
        }
    }

    /// Saves a picture as SVG.
    pub fn save_svg(&self, lab: &LabHandle, name: &str, sheet: &Sheet) {
        self.begin();
        match recorded(lab, sheet) {
            Ok(svg) => files::save_text(&format!("{name}.svg"), &svg, "image/svg+xml"),
            Err(error) => self.say.emit(failed(&browser::text_of(&error))),
        }
    }
}

/// What is said when something could not be made.
fn failed(why: &str) -> String {
    format!("This could not be made: {}. Nothing was saved.", why.trim_end_matches('.'))
}

/// A picture as SVG.
fn recorded(lab: &LabHandle, sheet: &Sheet) -> Result<String, JsValue> {
    let pad = Pad::new()?;
    let Picture { canvas, width, height } =
        sheet.draw(lab, SVG_RATIO, true, |width, height| pad.canvas(width, height))?;
    let title = format!("Flatland: {}", sheet.title);
    Ok(pad.document(&canvas, (width, height), &title, &sheet.description()))
}
