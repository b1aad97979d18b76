//! Pixels of the Atlas: workers of the page's own program compute them, in a chunk that each
//! fetches with its first job. A graphics card has a program of its own (`atlas/card/`), which is
//! sent the same jobs.

mod answer;
pub mod crew;

use flatland_drawing::job::{Answer, Failure, Job};
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;
use yew::platform::spawn_local;

use crate::{chunk::in_chunk, needs};

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
        let (number, document) =
            Job::from_js(&message).map_or((0, String::new()), |job| (job.number, job.experiment.to_string()));
        let compute = match needs::prepare(document).await {
            Ok(()) => computing().await.map_err(|missing| missing.to_string()),
            Err(why) => Err(why),
        };
        match compute {
            Ok(compute) => compute(&scope, &message),
            Err(why) => {
                let failure = Failure { why, is_lost: true };
                // A page that is gone has no use for the answer.
                let _ = scope.post_message(&Answer { number, result: Err(failure) }.to_js().0);
            }
        }
    });
}
