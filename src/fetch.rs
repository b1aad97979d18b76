//! Fetches files of the page's own. Page and workers have the same methods for that under different
//! types, so that they are called by name.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The response with a file; what went wrong, if it does not arrive.
pub async fn get(address: &str) -> Result<JsValue, String> {
    let say = |error: JsValue| crate::browser::text_of(&error);
    let response = call(&js_sys::global(), "fetch", &address.into()).await.map_err(say)?;
    if Reflect::get(&response, &"ok".into()).map_err(say)? != JsValue::TRUE {
        let status = Reflect::get(&response, &"status".into()).map_err(say)?.as_f64().unwrap_or_default();
        return Err(format!("HTTP status {status}"));
    }
    Ok(response)
}

/// The bytes of a response.
pub async fn bytes(response: &JsValue) -> Result<Vec<u8>, JsValue> {
    let buffer = call(response, "arrayBuffer", &JsValue::UNDEFINED).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Calls an asynchronous method of one argument and waits for its result.
pub async fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let promise: Promise = method.call1(object, argument)?.dyn_into()?;
    JsFuture::from(promise).await
}
