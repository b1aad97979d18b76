//! What goes between the page and the workers that compute pixels: jobs one way, answers the other.

use flatland_atlas::MapError;
use flatland_engine::Experiment;
use js_sys::{Array, Float32Array, Float64Array, Uint32Array};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::Order;

/// What a job begins with: it tells jobs from other messages to a worker.
const MARK: &str = "pixels";

/// What is to be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Tells jobs apart.
    pub number: u32,

    /// Tells drawings apart.
    pub drawing: u32,

    /// The drawing's columns and rows.
    pub size: [usize; 2],

    /// Its experiment, as a document.
    pub experiment: String,

    /// What is drawn of it, as a document.
    pub order: String,

    /// The pixels' numbers, row by row from the top, or the columns of a diagram. None at all asks
    /// whether the worker can compute.
    pub pixels: Vec<u32>,
}

impl Job {
    /// Whether a message is a job.
    #[must_use]
    pub fn is(message: &JsValue) -> bool {
        message.dyn_ref::<Array>().is_some_and(|parts| parts.get(0) == MARK)
    }

    /// What can be posted.
    #[must_use]
    pub fn to_js(&self) -> JsValue {
        let [columns, rows] = self.size.map(|side| side as f64);
        let numbers = [f64::from(self.number), f64::from(self.drawing), columns, rows];
        let parts = Array::of5(
            &MARK.into(),
            &Float64Array::from(&numbers[..]),
            &self.experiment.as_str().into(),
            &self.order.as_str().into(),
            &Uint32Array::from(&self.pixels[..]),
        );
        parts.into()
    }

    /// Reads what [`Job::to_js`] makes; None for anything else.
    #[must_use]
    pub fn from_js(message: &JsValue) -> Option<Self> {
        let parts = message.dyn_ref::<Array>().filter(|parts| parts.get(0) == MARK)?;
        let numbers = parts.get(1).dyn_into::<Float64Array>().ok()?.to_vec();
        let &[number, drawing, columns, rows] = &numbers[..] else { return None };
        Some(Self {
            number: number as u32,
            drawing: drawing as u32,
            size: [columns as usize, rows as usize],
            experiment: parts.get(2).as_string()?,
            order: parts.get(3).as_string()?,
            pixels: parts.get(4).dyn_into::<Uint32Array>().ok()?.to_vec(),
        })
    }

    /// The experiment and the order that it holds.
    ///
    /// # Errors
    ///
    /// If one of them cannot be read.
    pub fn read(&self) -> Result<(Experiment, Order), MapError> {
        Ok((Experiment::from_json(&self.experiment)?, Order::read(&self.order)?))
    }
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The job's number.
    pub number: u32,

    /// What was computed, or why nothing was.
    pub result: Result<Computed, Failure>,
}

/// Pixels that were computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Computed {
    /// Their samples, four numbers each, or of a diagram the hits of their rows.
    pub numbers: Vec<f32>,

    /// Steps that were taken.
    pub steps: f64,

    /// Pixels that were computed once more in double precision.
    pub compared: f64,

    /// Those of them that fared differently.
    pub differing: f64,

    /// Milliseconds that it took.
    pub took: f64,
}

/// Why nothing was computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// In words.
    pub why: String,

    /// Whether the worker cannot compute anything any more.
    pub is_lost: bool,
}

impl Answer {
    /// What can be posted, and what of it moves rather than being copied.
    #[must_use]
    pub fn to_js(&self) -> (JsValue, Array) {
        let number = JsValue::from(self.number);
        match &self.result {
            Ok(Computed { numbers, steps, compared, differing, took }) => {
                let numbers = Float32Array::from(&numbers[..]);
                let figures = Float64Array::from(&[*steps, *compared, *differing, *took][..]);
                (Array::of3(&number, &figures, &numbers).into(), Array::of1(&numbers.buffer()))
            }
            Err(Failure { why, is_lost }) => {
                (Array::of3(&number, &why.as_str().into(), &JsValue::from(*is_lost)).into(), Array::new())
            }
        }
    }

    /// Reads what [`Answer::to_js`] makes; None for anything else.
    #[must_use]
    pub fn from_js(message: &JsValue) -> Option<Self> {
        let parts = message.dyn_ref::<Array>()?;
        let number = parts.get(0).as_f64()? as u32;
        let (what, last) = (parts.get(1), parts.get(2));
        if let Some(why) = what.as_string() {
            return Some(Self { number, result: Err(Failure { why, is_lost: last.as_bool()? }) });
        }
        let figures = what.dyn_into::<Float64Array>().ok()?.to_vec();
        let &[steps, compared, differing, took] = &figures[..] else { return None };
        let numbers = last.dyn_into::<Float32Array>().ok()?.to_vec();
        Some(Self { number, result: Ok(Computed { numbers, steps, compared, differing, took }) })
    }
}

/// How a worker with a graphics card introduces itself, when it is sent a job without pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Introduction {
    /// The card's name and how it is driven.
    pub name: String,

    /// Whether a processor plays it: then other workers are faster.
    pub is_software: bool,
}

impl Introduction {
    /// What a message of it begins with.
    const MARK: &str = "card";

    /// What can be posted.
    #[must_use]
    pub fn to_js(&self) -> JsValue {
        Array::of3(&Self::MARK.into(), &self.name.as_str().into(), &self.is_software.into()).into()
    }

    /// Reads what [`Introduction::to_js`] makes; None for anything else.
    #[must_use]
    pub fn from_js(message: &JsValue) -> Option<Self> {
        let parts = message.dyn_ref::<Array>().filter(|parts| parts.get(0) == Self::MARK)?;
        Some(Self { name: parts.get(1).as_string()?, is_software: parts.get(2).as_bool()? })
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn jobs_and_answers_survive_the_way() {
        let job = Job {
            number: 7,
            drawing: 3,
            size: [640, 480],
            experiment: "{}".to_owned(),
            order: "{\"run\":0}".to_owned(),
            pixels: vec![0, 5, 307_199],
        };
        let sent = job.to_js();
        assert!(Job::is(&sent));
        assert_eq!(Job::from_js(&sent), Some(job));
        assert!(!Job::is(&JsValue::from("pixels")) && Job::from_js(&Array::new()).is_none());
        let computed = Computed { numbers: vec![1.0, -2.5], steps: 1e12, compared: 24.0, differing: 1.0, took: 40.5 };
        let failure = Failure { why: "no card".to_owned(), is_lost: true };
        for result in [Ok(computed), Err(failure)] {
            let answer = Answer { number: 9, result };
            assert_eq!(Answer::from_js(&answer.to_js().0), Some(answer));
        }
        assert_eq!(Answer::from_js(&JsValue::NULL), None);
        let introduction = Introduction { name: "a card".to_owned(), is_software: true };
        assert_eq!(Answer::from_js(&introduction.to_js()), None);
        assert_eq!(Introduction::from_js(&introduction.to_js()), Some(introduction));
    }
}
