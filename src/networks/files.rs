//! The files that networks learn from: those that come with the page are fetched from it, and those
//! of the person's are where [`own`](super::own) keeps them.

use flatland_engine::{
    Experiment,
    data::{self, shelf},
};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{Supply, own};

/// The folder of the data sets that come with the page.
const FOLDER: &str = "./data/";

/// The names of the files that a document's network needs and that are not on the engine's shelf;
/// none if it is no document of a network.
fn lacking(document: &str) -> Vec<String> {
    let Ok(experiment) = Experiment::from_json(document) else { return Vec::new() };
    if !experiment.is_network() {
        return Vec::new();
    }
    let names = data::files(experiment.objective.part("data"));
    names.into_iter().filter(|name| shelf::get(name).is_none()).map(str::to_owned).collect()
}

/// Whether a document's network needs a file that is not at hand.
pub fn lacks(document: &str) -> bool {
    !lacking(document).is_empty()
}

/// Puts all files that a document's network needs on the engine's shelf.
pub fn supply(document: String) -> Supply {
    Box::pin(async move {
        for name in lacking(&document) {
            let shipped = shelf::SHIPPED.iter().find(|shipped| shipped.name == name);
            let bytes = match shipped {
                Some(shipped) => download(shipped.file).await.map_err(|why| {
                    format!("The data set {name} could not be fetched ({why}). Check the connection and try again.")
                })?,
                None => own::get(&name).await?,
            };
            shelf::put(&name, bytes).map_err(|error| error.to_string())?;
        }
        Ok(())
    })
}

/// A file of the page's own folder of data sets.
async fn download(file: &str) -> Result<Vec<u8>, String> {
    let say = |error: JsValue| crate::browser::text_of(&error);
    let response = call(&js_sys::global(), "fetch", &format!("{FOLDER}{file}").into()).await.map_err(say)?;
    if Reflect::get(&response, &"ok".into()).map_err(say)? != JsValue::TRUE {
        let status = Reflect::get(&response, &"status".into()).map_err(say)?.as_f64().unwrap_or_default();
        return Err(format!("HTTP status {status}"));
    }
    bytes(&response).await.map_err(say)
}

/// The bytes of a response.
pub async fn bytes(response: &JsValue) -> Result<Vec<u8>, JsValue> {
    let buffer = call(response, "arrayBuffer", &JsValue::UNDEFINED).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Calls an asynchronous method of one argument and waits for its result. Page and workers have the
/// same methods under different types.
pub async fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let promise: Promise = method.call1(object, argument)?.dyn_into()?;
    JsFuture::from(promise).await
}
