//! Properties of JavaScript's objects.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// Sets a property of an object of our own, which cannot fail.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// A property of something that may be anything; undefined where there is none.
pub fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or_default()
}
