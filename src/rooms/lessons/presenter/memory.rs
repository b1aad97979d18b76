//! The tab's own memory, which a reload leaves and a closed tab takes along. Where the browser gives
//! none, nothing is kept.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

fn call(method: &str, arguments: &[&str]) -> Result<JsValue, JsValue> {
    let memory = Reflect::get(&js_sys::global(), &"sessionStorage".into())?;
    let method: Function = Reflect::get(&memory, &method.into())?.dyn_into()?;
    method.apply(&memory, &arguments.iter().map(|argument| JsValue::from(*argument)).collect())
}

/// What is kept under a key.
pub fn read(key: &str) -> Option<String> {
    call("getItem", &[key]).ok()?.as_string()
}

/// Keeps a text under a key.
pub fn keep(key: &str, text: &str) {
    // A browser without memory, or with a full one, says so in the console of its own accord.
    let _ = call("setItem", &[key, text]);
}

/// Takes what is kept under a key out.
pub fn forget(key: &str) {
    // What cannot be taken out is written over by what is kept next.
    let _ = call("removeItem", &[key]);
}
