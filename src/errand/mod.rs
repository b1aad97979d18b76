//! Errands: texts and numbers that a worker makes of an experiment, apart from the runs that are shown.
//!
//! Each errand has a worker of the page's own program, which fetches the chunk with what leaves Flatland (`export/`), and which is
//! ended when it has answered or nobody wants the answer any more.

mod answer;
mod desk;

use js_sys::{Array, Float64Array, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::DedicatedWorkerGlobalScope;
use yew::{Callback, platform::spawn_local};

pub use self::desk::Desk;
use crate::{browser, chunk::in_chunk, hired::Hired, protocol::Report};

/// What a worker is to make. Experiments are documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Every step of every run as comma-separated values, in pieces.
    Table {
        /// The document.
        experiment: String,
    },
    /// A run as a NumPy script.
    Python {
        /// The document.
        experiment: String,
        /// The run's place.
        run: usize,
        /// An address for the script's head.
        link: String,
    },
    /// The runs up to a step as tables and a figure for pgfplots.
    Figure {
        /// The document.
        experiment: String,
        /// The last step.
        last: u64,
        /// An address for the head.
        link: String,
    },
    /// The quartiles of all scores over the starts of an ensemble.
    Scores {
        /// The document.
        experiment: String,
        /// The last step that counts.
        last: u64,
        /// Levels of f − f*.
        levels: Vec<f64>,
        /// f*.
        floor: f64,
    },
    /// Parameters, start and budget in a line.
    Setting {
        /// The document.
        experiment: String,
    },
}

/// What comes back.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A part of what is made, as UTF-8, and how many rows there are by now. More follows.
    Piece {
        /// The bytes.
        bytes: Uint8Array,
        /// Rows in all pieces so far.
        rows: u64,
    },
    /// All pieces have been sent.
    Done,
    /// The text is made.
    Text(String),
    /// The numbers are computed.
    Numbers(Vec<f64>),
    /// It cannot be done: why.
    Failed(String),
}

/// Answers one request, piece by piece, to the page.
type Answer = fn(&DedicatedWorkerGlobalScope, JsValue);

in_chunk!(
    export,
    fn answers() -> Answer {
        answer::answer
    }
);

/// In a worker: does an errand, once the chunk for it is there.
pub fn serve(scope: DedicatedWorkerGlobalScope, request: JsValue) {
    spawn_local(async move {
        match answers().await {
            Ok(answer) => answer(&scope, request),
            // A page that is gone has no use for the error.
            Err(missing) => drop(scope.post_message(&js_sys::Error::new(&missing.to_string()))),
        }
    });
}

/// Reads what a worker has sent.
fn read(data: JsValue) -> Reply {
    if data.is_null() {
        return Reply::Done;
    }
    if let Some(text) = data.as_string() {
        return Reply::Text(text);
    }
    if let Some(numbers) = data.dyn_ref::<Float64Array>() {
        return Reply::Numbers(numbers.to_vec());
    }
    if let Some(parts) = data.dyn_ref::<Array>() {
        let rows = parts.get(1).as_f64().unwrap_or_default() as u64;
        return Reply::Piece { bytes: parts.get(0).unchecked_into(), rows };
    }
    if let Some(error) = data.dyn_ref::<js_sys::Error>() {
        return Reply::Failed(error.message().into());
    }
    // The program did not start there, or it has panicked.
    let unstarted = Reflect::get(&data, &"error".into()).ok().and_then(|error| error.as_string());
    Reply::Failed(match (unstarted, serde_wasm_bindgen::from_value(data)) {
        (Some(error), _) => error,
        (None, Ok(Report::Panicked { message, .. } | Report::Refused { message })) => message,
        (None, _) => "the worker has sent what the page does not know".to_owned(),
    })
}

/// An errand under way, called off when it is dropped.
pub struct Errand {
    _hired: Hired,
}

impl Errand {
    /// Sends a worker on an errand; `hear` is told of each reply. The last one is not a [`Reply::Piece`].
    ///
    /// # Errors
    ///
    /// If the browser starts no worker: what it says.
    pub fn send(request: &Request, hear: Callback<Reply>) -> Result<Self, String> {
        let told = hear.clone();
        let hired = Hired::start(
            "flatland-export",
            &browser::glue_address(),
            move |data| hear.emit(read(data)),
            move |error| told.emit(Reply::Failed(error)),
        );
        let say = |error: JsValue| browser::text_of(&error);
        let hired = hired.map_err(say)?;
        // Commands of runs are never arrays.
        let request = serde_wasm_bindgen::to_value(request).map_err(|error| error.to_string())?;
        hired.post(&Array::of1(&request)).map_err(say)?;
        Ok(Self { _hired: hired })
    }
}
