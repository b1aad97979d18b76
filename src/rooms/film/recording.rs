//! The browser's recorder: a canvas becomes a film while it is drawn on. Its interface is called by
//! name: bindings would be part of the first load, and few people ever film.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

use super::duration::with_duration;
use crate::{browser, fetch, rooms::files};

/// What it may record, the best first, with the ending of the file.
const TYPES: [(&str, &str); 5] = [
    ("video/webm;codecs=vp9", "webm"),
    ("video/webm;codecs=vp8", "webm"),
    ("video/webm", "webm"),
    ("video/mp4;codecs=avc1.42E01E", "mp4"),
    ("video/mp4", "mp4"),
];
/// Bits for a pixel of a picture: thin lines keep their edges.
const BITS: f64 = 0.2;
/// So much of a file is searched for the place where its duration belongs.
const BEGINNING: f64 = 4096.0;

fn recorder_class() -> Option<Function> {
    Reflect::get(&js_sys::global(), &"MediaRecorder".into()).ok()?.dyn_into().ok()
}

/// The media type that this browser records, with the ending of its files.
pub fn kind() -> Option<(&'static str, &'static str)> {
    let class = recorder_class()?;
    let takes: Function = Reflect::get(&class, &"isTypeSupported".into()).ok()?.dyn_into().ok()?;
    TYPES.into_iter().find(|(name, _)| takes.call1(&class, &(*name).into()) == Ok(JsValue::TRUE))
}

fn call(object: &JsValue, method: &str) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.call0(object)
}

/// What the recorder has told so far.
#[derive(Default)]
struct Told {
    parts: Array,
    error: Option<String>,
    /// To be called when it has stopped.
    stopped: Option<Function>,
    is_stopped: bool,
}

/// A recording under way.
pub struct Recording {
    recorder: JsValue,
    stream: JsValue,
    told: Rc<RefCell<Told>>,
    media_type: &'static str,
    /// What the recorder calls, as long as it may.
    _hear: [Closure<dyn FnMut(JsValue)>; 3],
}

const EVENTS: [&str; 3] = ["ondataavailable", "onerror", "onstop"];

impl Recording {
    /// Begins to record what is drawn on a canvas from now on, at so many pictures a second at the
    /// most.
    ///
    /// # Errors
    ///
    /// What the browser says.
    pub fn begin(canvas: &HtmlCanvasElement, media_type: &'static str, rate: f64) -> Result<Self, String> {
        Self::try_begin(canvas, media_type, rate).map_err(|error| browser::text_of(&error))
    }

    fn try_begin(canvas: &HtmlCanvasElement, media_type: &'static str, rate: f64) -> Result<Self, JsValue> {
        let class = recorder_class().ok_or_else(|| JsValue::from("this browser has no recorder"))?;
        let capture: Function = Reflect::get(canvas, &"captureStream".into())?.dyn_into()?;
        let stream = capture.call1(canvas, &rate.into())?;
        let options = Object::new();
        let bits = BITS * rate * f64::from(canvas.width()) * f64::from(canvas.height());
        Reflect::set(&options, &"mimeType".into(), &media_type.into())?;
        Reflect::set(&options, &"videoBitsPerSecond".into(), &bits.round().into())?;
        let recorder = Reflect::construct(&class, &Array::of2(&stream, &options))?;
        let told = Rc::new(RefCell::new(Told::default()));
        let hear = |hear: fn(&mut Told, &JsValue)| {
            let told = told.clone();
            Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| hear(&mut told.borrow_mut(), &event))
        };
        let hear = [
            hear(|told, event| {
                told.parts.push(&Reflect::get(event, &"data".into()).unwrap_or_default());
            }),
            hear(|told, event| {
                let error = Reflect::get(event, &"error".into()).unwrap_or_default();
                told.error = Some(if error.is_undefined() { String::new() } else { browser::text_of(&error) });
            }),
            hear(|told, _| {
                told.is_stopped = true;
                if let Some(stopped) = told.stopped.take() {
                    // A promise's own function cannot fail.
                    let _ = stopped.call0(&JsValue::UNDEFINED);
                }
            }),
        ];
        for (event, hear) in EVENTS.iter().zip(&hear) {
            Reflect::set(&recorder, &(*event).into(), hear.as_ref())?;
        }
        call(&recorder, "start")?;
        Ok(Self { recorder, stream, told, media_type, _hear: hear })
    }

    /// Leaves time out until [`Recording::resume`].
    pub fn pause(&self) {
        // One that has failed meanwhile says so at the end.
        let _ = call(&self.recorder, "pause");
    }

    /// Goes on.
    pub fn resume(&self) {
        let _ = call(&self.recorder, "resume");
    }

    /// What has gone wrong so far.
    pub fn error(&self) -> Option<String> {
        self.told.borrow().error.clone()
    }

    /// The film, which took so many seconds.
    ///
    /// # Errors
    ///
    /// What the browser says.
    pub async fn finish(self, seconds: f64) -> Result<Blob, String> {
        let say = |error: JsValue| browser::text_of(&error);
        let stopped = Promise::new(&mut |resolve, _| {
            let mut told = self.told.borrow_mut();
            if told.is_stopped {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            } else {
                told.stopped = Some(resolve);
            }
        });
        if !self.told.borrow().is_stopped {
            call(&self.recorder, "stop").map_err(say)?;
        }
        JsFuture::from(stopped).await.map_err(say)?;
        if let Some(error) = self.error() {
            return Err(error);
        }
        let parts = self.told.borrow().parts.clone();
        let film = files::blob(&parts, self.media_type).ok_or("the browser kept no film")?;
        if film.size() == 0.0 {
            return Err("its recorder gave an empty film".to_owned());
        }
        Ok(timed(&film, seconds, self.media_type).await.unwrap_or(film))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        for event in EVENTS {
            // Nothing is heard any more; the recorder is garbage then.
            let _ = Reflect::set(&self.recorder, &event.into(), &JsValue::NULL);
        }
        let tracks: Option<Array> = call(&self.stream, "getTracks").ok().and_then(|tracks| tracks.dyn_into().ok());
        for track in tracks.iter().flat_map(Array::iter) {
            let _ = call(&track, "stop");
        }
    }
}

/// The film with its duration in it, where it is missing.
async fn timed(film: &Blob, seconds: f64, media_type: &str) -> Option<Blob> {
    let slice = |from: f64, to: f64| {
        let slice: Function = Reflect::get(film, &"slice".into()).ok()?.dyn_into().ok()?;
        slice.call2(film, &from.into(), &to.into()).ok()
    };
    let middle = BEGINNING.min(film.size());
    let beginning = fetch::bytes(&slice(0.0, middle)?).await.ok()?;
    let written = with_duration(&beginning, seconds)?;
    files::blob(&Array::of2(&Uint8Array::from(&written[..]), &slice(middle, film.size())?), media_type)
}
