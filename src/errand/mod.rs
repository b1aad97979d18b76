//! Errands: texts and numbers that a worker makes of an experiment, apart from the runs that are
//! shown.
//!
//! Each errand has a worker of the page's own program, which fetches the chunk with what leaves
//! Flatland (`export/`), and which is ended when it has answered or nobody wants the answer any
//! more.

mod answer;
mod desk;

use js_sys::{Array, Float64Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::DedicatedWorkerGlobalScope;
use yew::{Callback, platform::spawn_local};

pub use self::desk::Desk;
use crate::{
    browser,
    chunk::in_chunk,
    hired::{Hired, Program, why_unstarted},
    letter::Letter,
    needs,
};

/// What a worker is to make. Experiments are documents.
#[derive(Clone, Debug, PartialEq)]
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

/// The letters of errands have kinds from here on, those of commands smaller ones.
pub const FIRST_KIND: u8 = 16;

impl Request {
    /// The request as it travels.
    pub fn to_letter(&self) -> Letter {
        match self {
            Self::Table { experiment } => Letter::new(FIRST_KIND, &[], &[experiment]),
            Self::Python { experiment, run, link } => Letter::new(FIRST_KIND + 1, &[*run as f64], &[experiment, link]),
            Self::Figure { experiment, last, link } => {
                Letter::new(FIRST_KIND + 2, &[*last as f64], &[experiment, link])
            }
            Self::Scores { experiment, last, levels, floor } => {
                Letter::new(FIRST_KIND + 3, &[&[*last as f64, *floor], &levels[..]].concat(), &[experiment])
            }
            Self::Setting { experiment } => Letter::new(FIRST_KIND + 4, &[], &[experiment]),
        }
    }

    /// The request that a letter is; `None` if it is none.
    pub fn from_letter(letter: Letter) -> Option<Self> {
        let Letter { kind, numbers, texts } = letter;
        let mut texts = texts.into_iter();
        let experiment = texts.next()?;
        Some(match (kind.checked_sub(FIRST_KIND)?, &numbers[..]) {
            (0, []) => Self::Table { experiment },
            (1, &[run]) => Self::Python { experiment, run: run as usize, link: texts.next()? },
            (2, &[last]) => Self::Figure { experiment, last: last as u64, link: texts.next()? },
            (3, &[last, floor, ref levels @ ..]) => {
                Self::Scores { experiment, last: last as u64, levels: levels.to_vec(), floor }
            }
            (4, []) => Self::Setting { experiment },
            _ => return None,
        })
    }
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
type Answer = fn(&DedicatedWorkerGlobalScope, Letter);

in_chunk!(
    export,
    fn answers() -> Answer {
        answer::answer
    }
);

/// In a worker: does an errand, once the chunk for it is there.
pub fn serve(scope: DedicatedWorkerGlobalScope, request: Letter) {
    spawn_local(async move {
        let prepared = needs::prepare(request.texts.first().cloned().unwrap_or_default()).await;
        let answer = match prepared {
            Ok(()) => answers().await.map_err(|missing| missing.to_string()),
            Err(why) => Err(why),
        };
        match answer {
            Ok(answer) => answer(&scope, request),
            // A page that is gone has no use for the error.
            Err(why) => drop(scope.post_message(&js_sys::Error::new(&why))),
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
    if let Some(letter) = Letter::from_js(&data) {
        // It has panicked.
        return Reply::Failed(letter.texts.into_iter().next().unwrap_or_default());
    }
    if let Some(parts) = data.dyn_ref::<Array>() {
        let rows = parts.get(1).as_f64().unwrap_or_default() as u64;
        return Reply::Piece { bytes: parts.get(0).unchecked_into(), rows };
    }
    if let Some(error) = data.dyn_ref::<js_sys::Error>() {
        return Reply::Failed(error.message().into());
    }
    // The program did not start there.
    let unstarted = why_unstarted(&data);
    Reply::Failed(unstarted.unwrap_or_else(|| "the worker has sent what the page does not know".to_owned()))
}

/// An errand under way, called off when it is dropped.
pub struct Errand {
    _hired: Hired,
}

impl Errand {
    /// Sends a worker on an errand; `hear` is told of each reply. The last one is not a
    /// [`Reply::Piece`].
    ///
    /// # Errors
    ///
    /// If the browser starts no worker: what it says.
    pub fn send(request: &Request, hear: Callback<Reply>) -> Result<Self, String> {
        let told = hear.clone();
        let hired = Hired::start(
            "flatland-export",
            &Program::own(),
            move |data| hear.emit(read(data)),
            move |error| told.emit(Reply::Failed(error)),
        );
        let say = |error: JsValue| browser::text_of(&error);
        let hired = hired.map_err(say)?;
        hired.post(&request.to_letter().to_js()).map_err(say)?;
        Ok(Self { _hired: hired })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_survive_the_way() {
        let [experiment, link] = ["{}", "https://example.org/#lab={}"].map(str::to_owned);
        for request in [
            Request::Table { experiment: experiment.clone() },
            Request::Python { experiment: experiment.clone(), run: 3, link: link.clone() },
            Request::Figure { experiment: experiment.clone(), last: 500, link },
            Request::Scores { experiment: experiment.clone(), last: 12, levels: vec![0.1, 1e-8], floor: -1.5 },
            Request::Setting { experiment },
        ] {
            assert_eq!(Request::from_letter(request.to_letter()), Some(request));
        }
        assert_eq!(Request::from_letter(Letter::new(FIRST_KIND + 1, &[0.0], &["{}"])), None);
        assert_eq!(Request::from_letter(Letter::new(0, &[], &["{}"])), None);
    }
}
