//! The side of the Atlas that computes: in a worker, in the Atlas's chunk.

use std::cell::RefCell;

use flatland_drawing::{
    Crew,
    job::{Answer, Computed, Failure, Job},
};
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

thread_local! {
    /// The drawing that this worker was told of last, and what computes its pixels.
    static CREW: RefCell<Option<(u32, Crew)>> = const { RefCell::new(None) };
}

/// Computes the pixels of a job and sends them.
pub fn answer(scope: &DedicatedWorkerGlobalScope, message: &JsValue) {
    let Some(job) = Job::from_js(message) else { return };
    let result = compute(scope, &job).map_err(|why| Failure { why, is_lost: false });
    let (message, moved) = Answer { number: job.number, result }.to_js();
    // A page that is gone has no use for the answer.
    let _ = scope.post_message_with_transfer(&message, &moved);
}

fn compute(scope: &DedicatedWorkerGlobalScope, job: &Job) -> Result<Computed, String> {
    CREW.with_borrow_mut(|known| {
        let (_, crew) = match known {
            Some(crew) if crew.0 == job.drawing => crew,
            _ => {
                let read = job.read().and_then(|(experiment, order)| {
                    let [columns, rows] = job.size;
                    Crew::new(&experiment, &order, columns, rows)
                });
                known.insert((job.drawing, read.map_err(|error| error.to_string())?))
            }
        };
        let now = || scope.performance().map_or(0.0, |clock| clock.now());
        let (begun, before) = (now(), crew.steps());
        let numbers = crew.compute(&job.pixels);
        Ok(Computed { numbers, steps: crew.steps() - before, took: now() - begun, ..Computed::default() })
    })
}
