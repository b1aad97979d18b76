//! The browser's memory for the step that was open last. Where it has none, or keeps it closed,
//! nothing is remembered.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::lesson::Place;

/// The name of the entry.
const KEY: &str = "flatland-lesson";

/// Remembers a step.
pub fn remember(place: &Place) {
    // One that cannot be written is full or closed.
    let _ = storage().and_then(|storage| {
        let method: Function = Reflect::get(&storage, &"setItem".into())?.dyn_into()?;
        method.call2(&storage, &KEY.into(), &place.to_string().into())
    });
}

/// The step that was open last.
pub fn remembered() -> Option<Place> {
    let read = || {
        let storage = storage()?;
        let method: Function = Reflect::get(&storage, &"getItem".into())?.dyn_into()?;
        method.call1(&storage, &KEY.into())
    };
    Place::read(&read().ok()?.as_string()?)
}

/// Asking for it alone is refused where it is closed.
fn storage() -> Result<JsValue, JsValue> {
    Reflect::get(&js_sys::global(), &"localStorage".into())
}
