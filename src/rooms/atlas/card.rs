//! Asks for a graphics card.

use flatland_drawing::job::{Answer, Introduction, Job};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{
    browser,
    hired::{Hired, Program},
    pixels::crew::Terms,
};

/// The graphics card; an error says why there is none.
pub async fn open() -> Result<Introduction, String> {
    // A quick answer, before a worker is started for it.
    match has_adapter().await {
        Ok(Some(true)) => {}
        Ok(Some(false)) => return Err("this browser finds none that can be computed with".to_owned()),
        Ok(None) => return Err("this browser has no WebGPU".to_owned()),
        Err(error) => return Err(browser::text_of(&error)),
    }
    let message = introduced(&Terms::card().program).await.map_err(|error| browser::text_of(&error))?;
    if let Some(introduction) = Introduction::from_js(&message) {
        return Ok(introduction);
    }
    let failure = Answer::from_js(&message).and_then(|answer| answer.result.err()).map(|failure| failure.why);
    // The program did not start there.
    let unstarted = || Reflect::get(&message, &"error".into()).ok().and_then(|error| error.as_string());
    Err(failure.or_else(unstarted).unwrap_or_else(|| "its program could not be started".to_owned()))
}

/// Whether the browser finds an adapter; None where it has no WebGPU.
async fn has_adapter() -> Result<Option<bool>, JsValue> {
    let Some(window) = web_sys::window() else { return Ok(None) };
    let gpu = Reflect::get(&window.navigator(), &"gpu".into())?;
    if gpu.is_undefined() {
        return Ok(None);
    }
    let request: Function = Reflect::get(&gpu, &"requestAdapter".into())?.dyn_into()?;
    let adapter: Promise = request.call0(&gpu)?.dyn_into()?;
    Ok(Some(!JsFuture::from(adapter).await?.is_null()))
}

/// What the worker with the card says first.
async fn introduced(program: &Program) -> Result<JsValue, JsValue> {
    let mut hired = Err(JsValue::UNDEFINED);
    let said = Promise::new(&mut |tell, refuse| {
        let hear = move |message: JsValue| drop(tell.call1(&JsValue::NULL, &message));
        let mourn = move |message: String| {
            let why = if message.is_empty() { "its program could not be started".to_owned() } else { message };
            drop(refuse.call1(&JsValue::NULL, &js_sys::Error::new(&why)));
        };
        hired = Hired::start("flatland-atlas-card", program, hear, mourn);
    });
    let hired = hired?;
    let job = Job {
        number: 0,
        drawing: 0,
        size: [1, 1],
        experiment: String::new(),
        order: String::new(),
        pixels: Vec::new(),
    };
    hired.post(&job.to_js())?;
    let message = JsFuture::from(said).await;
    drop(hired);
    message
}
