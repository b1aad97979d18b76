//! Hears of what is dropped on the page, or pasted while no field has the focus, and hands it to
//! the chunk that can open it.

use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event, File};
use yew::{platform::spawn_local, prelude::*};

use super::open;
use crate::{
    chunk::in_chunk,
    lab::LabHandle,
    listening::{Listening, element_of, is_field},
};

/// Opens files or, without files, a text.
type Take = fn(LabHandle, Vec<File>, String);

in_chunk!(
    rooms,
    fn taker() -> Take {
        open::take
    }
);

/// See the module's header.
#[hook]
pub fn use_intake(lab: &LabHandle) {
    use_effect_with(lab.clone(), |lab| {
        let lab = lab.clone();
        let listening = Listening::to_document(&["dragover", "drop", "paste"], move |event| hear(&lab, &event));
        move || drop(listening)
    });
}

fn hear(lab: &LabHandle, event: &Event) {
    let data = if let Some(event) = event.dyn_ref::<ClipboardEvent>() {
        let focused = web_sys::window().and_then(|window| window.document()?.active_element());
        if [focused, element_of(event)].iter().flatten().any(is_field) {
            return;
        }
        event.clipboard_data()
    } else {
        event.dyn_ref::<DragEvent>().filter(|event| event.type_() == "drop").and_then(DragEvent::data_transfer)
    };
    // A file that is only carried over the page may be dropped on it.
    event.prevent_default();
    if let Some(data) = data {
        // The browser empties it when the event is over.
        let (files, text) = contents(&data);
        let lab = lab.clone();
        spawn_local(async move {
            match taker().await {
                Ok(take) => take(lab, files, text),
                Err(missing) => lab.complain(&missing.to_string()),
            }
        });
    }
}

fn contents(data: &DataTransfer) -> (Vec<File>, String) {
    let list = data.files();
    let count = list.as_ref().map_or(0, web_sys::FileList::length);
    let files = (0..count).filter_map(|index| list.as_ref()?.get(index)).collect();
    (files, data.get_data("text/plain").unwrap_or_default())
}
