//! The page inside of another one: it obeys messages of the page around, tells it what happens, and
//! leaves it its keys until it is clicked.
//!
//! To the frame: `{ flatland: 1, type: "play" | "pause" | "step" | "goto" | "set" | "getState", …
//! }`, where "step" takes `by` (1 if left out), "goto" takes `step`, and "set" takes `experiment`
//! (a document, as object or text) or `link` (an address, or what stands after its #).
//!
//! From the frame: `{ flatland: 1, type: "ready" | "step" | "phase" | "experiment" | "state" |
//! "error", … }`.

use std::{cell::RefCell, rc::Rc};

use flatland_engine::Experiment;
use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{HtmlElement, KeyboardEvent, MessageEvent, Window};

use super::properties::{get, set};
use crate::{
    browser,
    lab::{Lab, LabHandle, title_of},
    session::events::phase_words,
};

/// Steps, and experiments, are told at most so often, in milliseconds.
const TELL_MS: f64 = 100.0;

/// What a host may ask for.
const VERBS: &str = "play, pause, step, goto, set, getState";

/// Begins to talk with the page around this one.
pub fn start(lab: LabHandle, autoplay: Option<bool>) {
    // Whoever has no window has no host either.
    let Some(window) = web_sys::window() else { return };
    let Ok(Some(host)) = window.parent() else { return };
    let guest = Rc::new(Guest { lab, host });
    let _ = listen(&window, &guest);
    watch(&guest);
    if let Some(playing) = autoplay {
        guest.lab.set_playing(playing);
    }
    guest.tell("ready", &[("state", state(&guest.lab))]);
}

struct Guest {
    lab: LabHandle,
    host: Window,
}

impl Guest {
    fn tell(&self, kind: &str, rest: &[(&str, JsValue)]) {
        let message = Object::new();
        set(&message, "flatland", &1.into());
        set(&message, "type", &kind.into());
        for (name, value) in rest {
            set(&message, name, value);
        }
        // Whoever may embed the page may also open it: there is nothing here that a link does not
        // say.
        let _ = self.host.post_message(&message, "*");
    }

    /// Does what a message asks for, or says what is wrong with it.
    fn obey(&self, message: &JsValue) -> Result<(), String> {
        let lab = &self.lab;
        match get(message, "type").as_string().unwrap_or_default().as_str() {
            "play" => lab.set_playing(true),
            "pause" => lab.set_playing(false),
            "step" => {
                let by = get(message, "by");
                lab.step_by(if by.is_undefined() { 1 } else { number(&by).unwrap_or_default() as i64 });
            }
            "goto" => {
                let step = get(message, "step");
                let wanted = number(&step).filter(|step| *step >= 0.0);
                let wrong = || format!("goto: expected a step such as 150, got {}", quoted(&step));
                lab.seek(wanted.ok_or_else(wrong)? as u64);
            }
            "set" => return open(lab, message),
            "getState" => self.tell("state", &[("id", get(message, "id")), ("state", state(lab))]),
            _ => return Err(format!("expected one of {VERBS}; got {}", quoted(&get(message, "type")))),
        }
        Ok(())
    }
}

/// Opens the link or the document of a message.
fn open(lab: &Lab, message: &JsValue) -> Result<(), String> {
    let link = get(message, "link");
    let opened = if link.is_undefined() {
        let experiment = get(message, "experiment");
        lab.open_document(&experiment.as_string().unwrap_or_else(|| quoted(&experiment)))
    } else {
        let link = link.as_string().unwrap_or_default();
        lab.open_link(link.rsplit('#').next().unwrap_or_default())
    };
    opened.map_err(|error| error.to_string())
}

/// A number, perhaps as a text.
fn number(value: &JsValue) -> Option<f64> {
    value.as_f64().or_else(|| value.as_string()?.trim().parse().ok()).filter(|number| number.is_finite())
}

/// A value as JSON; what has none, such as nothing at all, is undefined.
fn quoted(value: &JsValue) -> String {
    let json = JSON::stringify(value).ok().and_then(|json| JsValue::from(json).as_string());
    json.unwrap_or_else(|| "undefined".to_owned())
}

/// Hears messages of the host, clicks, and Escape.
fn listen(window: &Window, guest: &Rc<Guest>) -> Result<(), JsValue> {
    let hearing = guest.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        let is_host = event.source().is_some_and(|source| Object::is(&source, &hearing.host));
        let is_alone = web_sys::window().is_some_and(|window| Object::is(&window, &hearing.host));
        let is_meant = is_host && !is_alone && data.is_object() && get(&data, "flatland").as_f64() == Some(1.0);
        if is_meant {
            let guest = hearing.clone();
            // What a message holds may need a chunk that is not there yet.
            hearing.lab.0.once_readable(quoted(&data), move || {
                if let Err(wrong) = guest.obey(&data) {
                    guest.tell("error", &[("id", get(&data, "id")), ("message", wrong.into())]);
                }
            });
        }
    });
    window.add_event_listener_with_callback("message", on_message.as_ref().unchecked_ref())?;
    let on_click = Closure::<dyn FnMut()>::new(|| browser::set_asleep(false));
    window.add_event_listener_with_callback_and_bool("pointerdown", on_click.as_ref().unchecked_ref(), true)?;
    // Esc leaves what the page is in first, a dialog or a zoom; the next one gives the keys back.
    let host = guest.host.clone();
    let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if event.key() != "Escape" || browser::has_open_dialog() {
            return;
        }
        browser::set_asleep(true);
        let focused = web_sys::window().and_then(|window| window.document()?.active_element());
        if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = focused.blur();
        }
        let _ = host.focus();
    });
    window.add_event_listener_with_callback("keydown", on_key.as_ref().unchecked_ref())?;
    // They hear as long as the page is there.
    on_message.forget();
    on_click.forget();
    on_key.forget();
    Ok(())
}

/// What is called in each frame, and asks for the next.
type Repeated = RefCell<Option<Closure<dyn FnMut(f64)>>>;

/// What the host has been told.
struct Told {
    step: Option<u64>,
    phases: Vec<String>,
    at: f64,
    experiment: Experiment,
    edit_at: f64,
}

/// Tells the host of steps and of phases, looking once a frame.
fn watch(guest: &Rc<Guest>) {
    let next: Rc<Repeated> = Rc::default();
    let (again, guest) = (next.clone(), guest.clone());
    let experiment = experiment(&guest.lab);
    let mut told = Told { step: None, phases: Vec::new(), at: 0.0, experiment, edit_at: 0.0 };
    *next.borrow_mut() = Some(Closure::new(move |now: f64| {
        look(&guest, &mut told, now);
        request_frame(&again);
    }));
    request_frame(&next);
}

fn request_frame(closure: &Repeated) {
    if let (Some(window), Some(closure)) = (web_sys::window(), closure.borrow().as_ref()) {
        // A window that refuses frames is closing.
        let _ = window.request_animation_frame(closure.as_ref().unchecked_ref());
    }
}

fn look(guest: &Guest, told: &mut Told, now: f64) {
    let step = guest.lab.read(crate::session::Session::step);
    if told.step != Some(step) && now - told.at >= TELL_MS {
        guest.tell("step", &[("step", JsValue::from(step as f64))]);
        (told.step, told.at) = (Some(step), now);
    }
    if now - told.edit_at >= TELL_MS && guest.lab.read(|session| *session.experiment() != told.experiment) {
        (told.experiment, told.edit_at) = (experiment(&guest.lab), now);
        guest.tell("experiment", &[("experiment", document(&told.experiment)), ("step", JsValue::from(step as f64))]);
    }
    let phases = doing(&guest.lab);
    for (run, (name, phase)) in phases.iter().enumerate() {
        if told.phases.get(run) != Some(phase) {
            let [step, run] = [step as f64, run as f64].map(JsValue::from);
            guest.tell("phase", &[("step", step), ("run", run), ("name", name.into()), ("phase", phase.into())]);
        }
    }
    told.phases = phases.into_iter().map(|(_, phase)| phase).collect();
}

/// What is computed now.
fn experiment(lab: &Lab) -> Experiment {
    lab.read(|session| session.experiment().clone())
}

/// The document of an experiment, as an object.
fn document(experiment: &Experiment) -> JsValue {
    JSON::parse(&experiment.to_json()).unwrap_or_default()
}

/// The name of each run and what it is doing.
fn doing(lab: &Lab) -> Vec<(String, String)> {
    lab.read(|session| {
        let runs = session.runs().iter().enumerate();
        runs.map(|(index, run)| (crate::chart::panels::title(session, index), phase_words(run, session.step())))
            .collect()
    })
}

/// What is shown, for the page around.
fn state(lab: &Lab) -> JsValue {
    let state = Object::new();
    set(&state, "link", &lab.address().into());
    lab.read(|session| {
        let experiment = session.experiment();
        set(&state, "experiment", &document(experiment));
        set(&state, "title", &title_of(experiment).into());
        set(&state, "frontier", &JsValue::from(session.frontier() as f64));
        set(&state, "step", &JsValue::from(session.step() as f64));
        set(&state, "playing", &session.is_playing().into());
    });
    let runs: Array = doing(lab)
        .into_iter()
        .map(|(name, phase)| {
            let run = Object::new();
            set(&run, "name", &name.into());
            set(&run, "phase", &phase.into());
            JsValue::from(run)
        })
        .collect();
    set(&state, "runs", &runs);
    state.into()
}
