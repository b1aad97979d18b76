//! Pixels of the Atlas: workers of the page's own program compute them, in a chunk that each
//! fetches with its first job. A graphics card has a program of its own (`atlas/card/`), which is
//! sent the same jobs.

mod answer;
pub mod crew;

use flatland_drawing::job::{Answer, Failure, Job};
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;
use yew::platform::spawn_local;

use crate::chunk::in_chunk;

/// Does one job.
type Compute = fn(&DedicatedWorkerGlobalScope, &JsValue);

in_chunk!(
    atlas,
    fn computing() -> Compute {
        answer::answer
    }
);

/// Whether a message to a worker is a job.
pub fn is_job(message: &JsValue) -> bool {
    Job::is(message)
}

/// In a worker: does a job, once the chunk for it is there.
pub fn serve(scope: DedicatedWorkerGlobalScope, message: JsValue) {
    spawn_local(async move {
        match computing().await {
            Ok(compute) => compute(&scope, &message),
            Err(missing) => {
                let number = Job::from_js(&message).map_or(0, |job| job.number);
                let failure = Failure { why: missing.to_string(), is_lost: true };
                // A page that is gone has no use for the answer.
                let _ = scope.post_message(&Answer { number, result: Err(failure) }.to_js().0);
            }
        }
    });
}
