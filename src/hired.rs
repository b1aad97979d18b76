//! A worker of the page's program, as the page holds it: started, heard, and ended when nobody
//! holds it any more.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::browser;

/// See the module's header.
pub struct Hired {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

/// A program that a worker can run.
#[derive(Clone)]
pub struct Program {
    /// The address of its JavaScript module.
    glue: String,
    /// The compiled Wasm; undefined where the module fetches its own.
    module: JsValue,
}

impl Program {
    /// The page's own program.
    pub fn own() -> Self {
        Self { glue: browser::glue_address(), module: wasm_bindgen::module() }
    }

    /// Another program, by the address of its JavaScript module as the page sees it.
    pub fn at(address: &str) -> Self {
        Self { glue: browser::absolute(address), module: JsValue::UNDEFINED }
    }
}

impl Hired {
    /// Starts a worker. `hear` is given what it sends, and `mourn` what the browser says when it
    /// dies.
    ///
    /// # Errors
    ///
    /// If the browser refuses.
    pub fn start(
        name: &str,
        program: &Program,
        mut hear: impl FnMut(JsValue) + 'static,
        mut mourn: impl FnMut(String) + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(name);
        let worker = Worker::new_with_options("./worker.js", &options)?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| hear(event.data()));
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // The page says what happened; the console need not repeat it.
            event.prevent_default();
            mourn(event.message());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let hello = Object::new();
        Reflect::set(&hello, &"js".into(), &program.glue.as_str().into())?;
        Reflect::set(&hello, &"module".into(), &program.module)?;
        worker.post_message(&hello)?;
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a message.
    ///
    /// # Errors
    ///
    /// If it cannot be cloned.
    pub fn post(&self, message: &JsValue) -> Result<(), JsValue> {
        self.worker.post_message(message)
    }
}

/// What `static/worker.js` says if the program did not start; `None` for any other message.
pub fn why_unstarted(message: &JsValue) -> Option<String> {
    Reflect::get(message, &"error".into()).ok()?.as_string()
}

impl Drop for Hired {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
