//! How a message travels between the page and its workers: as an array of its kind, its numbers and
//! its texts.
//!
//! This is written by hand, since derived code for the same few messages weighs several kilobytes
//! of the first load.

use js_sys::{Array, Float64Array};
use wasm_bindgen::{JsCast as _, JsValue};

/// See the module's header.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Letter {
    /// Tells messages apart.
    pub kind: u8,
    /// Its numbers. Whole ones are exact up to 2^53, which is beyond any step.
    pub numbers: Vec<f64>,
    /// Its texts.
    pub texts: Vec<String>,
}

impl Letter {
    /// A letter of a kind.
    pub fn new(kind: u8, numbers: &[f64], texts: &[&str]) -> Self {
        Self { kind, numbers: numbers.to_vec(), texts: texts.iter().map(|text| (*text).to_owned()).collect() }
    }

    /// What can be posted.
    pub fn to_js(&self) -> JsValue {
        let array = Array::of2(&self.kind.into(), &Float64Array::from(&self.numbers[..]));
        for text in &self.texts {
            array.push(&text.as_str().into());
        }
        array.into()
    }

    /// Reads what [`Letter::to_js`] makes; `None` for anything else.
    pub fn from_js(data: &JsValue) -> Option<Self> {
        let array = data.dyn_ref::<Array>()?;
        let kind = array.get(0).as_f64()? as u8;
        let numbers = array.get(1).dyn_into::<Float64Array>().ok()?.to_vec();
        let texts = (2..array.length()).map(|place| array.get(place).as_string()).collect::<Option<_>>()?;
        Some(Self { kind, numbers, texts })
    }
}
