//! What maps are computed on, and the graphics card among it.

use std::cell::{Cell, RefCell};

use flatland_drawing::job::{Answer, Introduction, Job};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{
    browser,
    hired::{Hired, Program, why_unstarted},
    pixels::crew::Terms,
};

/// What maps are computed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Means {
    /// Whatever is best.
    #[default]
    Auto,
    /// The processor.
    Processor,
    /// The graphics card.
    Card,
}

impl Means {
    /// All of them, with their names on the page and for people.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Auto, "auto", "whatever is best"),
        (Self::Processor, "processor", "the processor"),
        (Self::Card, "card", "the graphics card"),
    ];

    /// The means of a name.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|(_, known, _)| *known == name).map_or_else(Self::default, |(means, ..)| means)
    }
}

thread_local! {
    /// What maps are computed on, as long as the page is open.
    static MEANS: Cell<Means> = const { Cell::new(Means::Auto) };
    /// The graphics card, once it has been asked for, or why there is none.
    static CARD: RefCell<Option<Result<Introduction, String>>> = const { RefCell::new(None) };
}

/// What maps are computed on.
pub fn means() -> Means {
    MEANS.get()
}

/// Has maps computed on something else from now on.
pub fn set_means(means: Means) {
    MEANS.set(means);
}

/// Asks for the card where it is wanted and not known; why it cannot be had, or nothing.
pub async fn reach() -> String {
    if MEANS.get() == Means::Processor {
        return String::new();
    }
    let known = CARD.with_borrow(Clone::clone);
    let card = match known {
        Some(card) => card,
        None => {
            let card = open().await;
            CARD.set(Some(card.clone()));
            card
        }
    };
    card.err().unwrap_or_default()
}

/// The card, if it is there and wanted: one that a processor plays is slower than the workers.
pub fn wanted() -> Option<Introduction> {
    let card = CARD.with_borrow(|card| card.as_ref().and_then(|card| card.as_ref().ok()).cloned());
    card.filter(|card| match MEANS.get() {
        Means::Card => true,
        Means::Auto => !card.is_software,
        Means::Processor => false,
    })
}

/// The card is lost: it is asked for again when it is next wanted.
pub fn forget() {
    CARD.set(None);
}

/// The graphics card; an error says why there is none.
async fn open() -> Result<Introduction, String> {
    // A quick answer, before a worker is started for it.
    match has_adapter().await {
        Ok(Some(true)) => {}
        Ok(Some(false)) => return Err("this browser finds none that can be computed with".to_owned()),
        Ok(None) => return Err("this browser has no WebGPU".to_owned()),
        Err(error) => return Err(browser::text_of(&error)),
    }
    let message = introduced(&Terms::card().program).await.map_err(|error| browser::text_of(&error))?;
    if let Some(introduction) = Introduction::from_js(&message) {
        return Ok(introduction);
    }
    let failure = Answer::from_js(&message).and_then(|answer| answer.result.err()).map(|failure| failure.why);
    // The program did not start there.
    let unstarted = || why_unstarted(&message);
    Err(failure.or_else(unstarted).unwrap_or_else(|| "its program could not be started".to_owned()))
}

/// Whether the browser finds an adapter; None where it has no WebGPU.
async fn has_adapter() -> Result<Option<bool>, JsValue> {
    let Some(window) = web_sys::window() else { return Ok(None) };
    let gpu = Reflect::get(&window.navigator(), &"gpu".into())?;
    if gpu.is_undefined() {
        return Ok(None);
    }
    let request: Function = Reflect::get(&gpu, &"requestAdapter".into())?.dyn_into()?;
    let adapter: Promise = request.call0(&gpu)?.dyn_into()?;
    Ok(Some(!JsFuture::from(adapter).await?.is_null()))
}

/// What the worker with the card says first.
async fn introduced(program: &Program) -> Result<JsValue, JsValue> {
    let mut hired = Err(JsValue::UNDEFINED);
    let said = Promise::new(&mut |tell, refuse| {
        let hear = move |message: JsValue| drop(tell.call1(&JsValue::NULL, &message));
        let mourn = move |message: String| {
            let why = if message.is_empty() { "its program could not be started".to_owned() } else { message };
            drop(refuse.call1(&JsValue::NULL, &js_sys::Error::new(&why)));
        };
        hired = Hired::start("flatland-atlas-card", program, hear, mourn);
    });
    let hired = hired?;
    let job = Job {
        number: 0,
        drawing: 0,
        size: [1, 1],
        experiment: String::new(),
        order: String::new(),
        pixels: Vec::new(),
    };
    hired.post(&job.to_js())?;
    let message = JsFuture::from(said).await;
    drop(hired);
    message
}
