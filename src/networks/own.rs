//! Files of the person's own. They never leave the machine: the browser's store for this page keeps
//! them, by the SHA-256 of their content, where the page's workers find them too and where they
//! still are after a reload.

use flatland_engine::data::shelf::sha256;
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::fetch::{bytes, call};

/// The name of the store.
const STORE: &str = "flatland-files";

/// The address that stands for a file; nothing is ever fetched from there.
fn address(name: &str) -> JsValue {
    format!("./files/{name}").into()
}

/// The browser's store.
async fn store() -> Result<JsValue, String> {
    let caches = Reflect::get(&js_sys::global(), &"caches".into()).unwrap_or_default();
    if caches.is_undefined() {
        return Err("This browser keeps no files for a page that comes over an unsafe connection. Open the page by \
                    https, or from this machine."
            .to_owned());
    }
    call(&caches, "open", &STORE.into()).await.map_err(|error| refused(&error))
}

fn refused(error: &JsValue) -> String {
    format!("The browser’s store for files cannot be used: {}.", crate::browser::text_of(error))
}

/// The file of this name, which is the SHA-256 of its content.
///
/// # Errors
///
/// If it is not there: a sentence that says what to do.
pub async fn get(name: &str) -> Result<Vec<u8>, String> {
    let response = call(&store().await?, "match", &address(name)).await.map_err(|error| refused(&error))?;
    if response.is_undefined() {
        let short = name.get(..8).unwrap_or(name);
        return Err(format!(
            "This network learns from a file of somebody’s own, which is not on this machine (its SHA-256 begins \
             with {short}). Drop that file on the page."
        ));
    }
    bytes(&response).await.map_err(|error| refused(&error))
}

/// Keeps a file, and returns its name.
///
/// # Errors
///
/// If the browser refuses, because there is no room for instance: a sentence.
pub async fn keep(content: &[u8]) -> Result<String, String> {
    let name = sha256(content);
    let store = store().await?;
    put(&store, &name, content).await.map_err(|error| refused(&error))?;
    Ok(name)
}

async fn put(store: &JsValue, name: &str, content: &[u8]) -> Result<(), JsValue> {
    let constructor: Function = Reflect::get(&js_sys::global(), &"Response".into())?.dyn_into()?;
    let response = Reflect::construct(&constructor, &Array::of1(&Uint8Array::from(content)))?;
    let method: Function = Reflect::get(store, &"put".into())?.dyn_into()?;
    let promise: js_sys::Promise = method.call2(store, &address(name), &response)?.dyn_into()?;
    wasm_bindgen_futures::JsFuture::from(promise).await?;
    Ok(())
}
