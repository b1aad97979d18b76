//! The worker that has the graphics card: it computes pixels of the drawing that it was told of
//! last.
//!
//! A program of its own, since what drives the card is large and cannot be fetched as a part of the
//! page's program.

mod card;

use std::rc::Rc;

use flatland_drawing::job::{Answer, Failure, Job};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use self::card::Worker;

fn main() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let worker = Rc::new(Worker::default());
    let listening = scope.clone();
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(job) = Job::from_js(&event.data()) else { return };
        let (scope, worker) = (scope.clone(), worker.clone());
        spawn_local(async move {
            let number = job.number;
            let post = |message: &JsValue, moved: &JsValue| {
                // A page that is gone has no use for the answer.
                let _ = scope.post_message_with_transfer(message, moved);
            };
            if job.pixels.is_empty() {
                return post(&worker.introduce().await, &js_sys::Array::new());
            }
            let begun = now(&scope);
            let mut result = worker.compute(job).await;
            if let Ok(computed) = &mut result {
                computed.took = now(&scope) - begun;
            }
            let (message, moved) = Answer { number, result }.to_js();
            post(&message, &moved);
        });
    });
    listening.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
}

fn now(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |clock| clock.now())
}

/// A failure that leaves the card usable, or not.
fn failure(why: impl ToString, is_lost: bool) -> Failure {
    Failure { why: why.to_string(), is_lost }
}
