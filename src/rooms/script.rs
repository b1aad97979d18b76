//! The scripts of `static/share/` that are still there, and objects that they take for the Lab.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen(module = "/static/bridge.js")]
extern "C" {
    /// Fetches one of the scripts in `static/share/`.
    #[wasm_bindgen(js_name = importScript)]
    pub fn import_script(name: &str) -> Promise;
}

/// A method of up to five arguments.
type Method = dyn FnMut(JsValue, JsValue, JsValue, JsValue, JsValue) -> JsValue;

/// Gives an object a method, which stays as long as the page.
pub fn add_method(object: &Object, name: &str, method: impl FnMut([JsValue; 5]) -> JsValue + 'static) {
    let mut method = method;
    let closure = Closure::<Method>::new(move |a, b, c, d, e| method([a, b, c, d, e]));
    set(object, name, &closure.into_js_value());
}

/// Sets a property of an object of our own, which cannot fail.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// A property of something that a script made; undefined where there is none.
pub fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or_default()
}
