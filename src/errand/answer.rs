//! The side of an errand that works: in a worker, in a chunk.

use flatland_engine::Experiment;
use flatland_export::{csv, pgfplots, python, scores, words};
use js_sys::{Array, Float64Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

use super::{Reply, Request};
use crate::letter::Letter;

/// Rows of one piece of a table: some tenths of a second of work.
const PIECE: usize = 20_000;

/// Does an errand and sends what comes of it.
pub fn answer(scope: &DedicatedWorkerGlobalScope, request: Letter) {
    let request = Request::from_letter(request).ok_or_else(|| "the worker does not know how this is made".to_owned());
    post(scope, request.and_then(|request| made(scope, request)).unwrap_or_else(Reply::Failed));
}

/// What a request asks for, or in words why it cannot be made. Pieces are sent on the way.
fn made(scope: &DedicatedWorkerGlobalScope, request: Request) -> Result<Reply, String> {
    match request {
        Request::Table { experiment } => {
            let mut table = said(csv::Table::new(read(&experiment)?))?;
            while let Some(piece) = said(table.piece(PIECE))? {
                post(scope, Reply::Piece { bytes: Uint8Array::from(&piece[..]), rows: table.rows() });
            }
            Ok(Reply::Done)
        }
        Request::Python { experiment, run, link } => {
            said(python::script(&read(&experiment)?, run, &link)).map(Reply::Text)
        }
        Request::Figure { experiment, last, link } => {
            said(pgfplots::tables(&read(&experiment)?, last, &link)).map(Reply::Text)
        }
        Request::Scores { experiment, last, levels, floor } => {
            let quartiles = said(scores::quartiles(&read(&experiment)?, last, &levels, floor))?;
            Ok(Reply::Numbers(quartiles.into_iter().flat_map(|quartiles| quartiles.to_array()).collect()))
        }
        Request::Setting { experiment } => Ok(Reply::Text(words::setting(&read(&experiment)?))),
    }
}

fn read(experiment: &str) -> Result<Experiment, String> {
    said(Experiment::from_json(experiment))
}

/// With the error as its sentence.
fn said<T>(result: Result<T, impl std::fmt::Display>) -> Result<T, String> {
    result.map_err(|error| error.to_string())
}

fn post(scope: &DedicatedWorkerGlobalScope, reply: Reply) {
    let mut moved = Array::new();
    let message = match reply {
        Reply::Piece { bytes, rows } => {
            moved = Array::of1(&bytes.buffer());
            Array::of2(&bytes, &JsValue::from(rows as f64)).into()
        }
        Reply::Done => JsValue::NULL,
        Reply::Text(text) => text.into(),
        Reply::Numbers(numbers) => Float64Array::from(&numbers[..]).into(),
        Reply::Failed(why) => js_sys::Error::new(&why).into(),
    };
    // A page that is gone has no use for the reply.
    let _ = scope.post_message_with_transfer(&message, &moved);
}
