//! One program, two roles: on the page it is the app, in a worker the engine.

use wasm_bindgen::JsCast as _;
use web_sys::DedicatedWorkerGlobalScope;

fn main() {
    match js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        Ok(scope) => {
            if let Err(error) = flatland::worker::serve(scope) {
                wasm_bindgen::throw_val(error);
            }
        }
        Err(_) => flatland::views::mount(),
    }
}
