//! Opens the Atlas, a program of its own with scripts around it (`static/share/atlas.js`), which see the Lab through an object of
//! methods.

use js_sys::{Array, Function, Object, Promise};
use plotters::style::RGBColor;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::{platform::spawn_local, prelude::*};

use super::{
    RoomProps,
    script::{add_method, get, import_script},
};
use crate::{
    browser::text_of,
    chart::{
        axis::Axis,
        axis_ticks::Tick,
        palette::{Palette, Tone, dashes},
        panels,
    },
    chunk::Missing,
    lab::{Lab, LabHandle, title_of},
    typed,
};

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Atlas ..props /> }
}

/// Nothing of its own: the scripts make what is seen.
#[component]
fn Atlas(props: &RoomProps) -> Html {
    let props = props.clone();
    use_effect_with((), move |()| {
        props.on_close.emit(());
        spawn_local(open(props.lab));
    });
    Html::default()
}

async fn open(lab: LabHandle) {
    match JsFuture::from(import_script("atlas")).await {
        Ok(script) => {
            if let Err(error) = run_script(&script, &lab).await {
                // What could not be opened leaves no step behind.
                lab.0.close_dialog("atlas");
                lab.complain(&format!("The Atlas could not be opened: {}. Please reload the page.", text_of(&error)));
            }
        }
        Err(_) => {
            lab.0.close_dialog("atlas");
            lab.complain(&Missing.to_string());
        }
    }
}

async fn run_script(script: &JsValue, lab: &LabHandle) -> Result<(), JsValue> {
    let open: Function = get(script, "open").dyn_into()?;
    let opened: Promise = open.call1(&JsValue::NULL, &seen_by_scripts(lab))?.dyn_into()?;
    JsFuture::from(opened).await.map(drop)
}

/// The Lab as the scripts see it.
fn seen_by_scripts(lab: &LabHandle) -> Object {
    let seen = Object::new();
    let with = |method: fn(&Lab, [JsValue; 5]) -> JsValue| {
        let lab = lab.clone();
        move |arguments| method(&lab, arguments)
    };
    add_method(&seen, "state", with(|lab, _| state(lab).into()));
    add_method(&seen, "run", with(run));
    add_method(&seen, "number", with(|_, [text, is_whole, ..]| number(&text, &is_whole)));
    add_method(&seen, "ticks", with(|_, [from, to, is_log, wanted, room]| ticks(&from, &to, &is_log, &wanted, &room)));
    // Keeps the map that is open in the address, escaped as it must be there.
    add_method(
        &seen,
        "keepMap",
        with(|lab, [map, ..]| {
            lab.keep_map(map.as_string().unwrap_or_default());
            JsValue::UNDEFINED
        }),
    );
    add_method(&seen, "module", |_| wasm_bindgen::module());
    add_method(
        &seen,
        "pause",
        with(|lab, _| {
            lab.set_playing(false);
            JsValue::UNDEFINED
        }),
    );
    add_method(
        &seen,
        "openDocument",
        with(|lab, [json, ..]| {
            let opened = lab.open_document(&json.as_string().unwrap_or_default());
            opened.map_or_else(|error| error.to_string().into(), |()| JsValue::UNDEFINED)
        }),
    );
    seen
}

/// The experiment's document, the objective's title, the address that restores what is shown, the last step shown, and whether old
/// detail has been given back.
fn state(lab: &Lab) -> Array {
    let link = lab.address();
    lab.read(|session| {
        let experiment = session.experiment();
        Array::of5(
            &experiment.to_json().into(),
            &title_of(experiment).into(),
            &link.into(),
            &(session.frontier() as f64).into(),
            &session.is_thinned().into(),
        )
    })
}

/// The name of a run, its color as CSS, and the lengths of its dash and gap, both 0 for a solid line; nothing where there is no such
/// run.
fn run(lab: &Lab, [index, is_dark, ..]: [JsValue; 5]) -> JsValue {
    let palette = Palette::new(if is_dark.is_truthy() { Tone::Dark } else { Tone::Light });
    let index = index.as_f64().unwrap_or_default() as usize;
    let found = lab.read(|session| {
        let color = session.runs().get(index)?.color;
        let RGBColor(red, green, blue) = palette.run(color);
        let (on, off) = dashes(color).unwrap_or_default();
        let color = format!("rgb({red},{green},{blue})");
        Some(Array::of4(&panels::title(session, index).into(), &color.into(), &on.into(), &off.into()))
    });
    found.map_or(JsValue::UNDEFINED, JsValue::from)
}

/// The number that a text says, perhaps one that counts something, or in words why it says none.
fn number(text: &JsValue, is_whole: &JsValue) -> JsValue {
    let read = if is_whole.is_truthy() { typed::whole_number } else { typed::number };
    read(&text.as_string().unwrap_or_default()).map_or_else(JsValue::from, JsValue::from)
}

/// About `wanted` ticks of an axis with labels of at most about `room` digits: a note on what a label stands for, then for each tick
/// its value, its label and its share of the way.
fn ticks(from: &JsValue, to: &JsValue, is_log: &JsValue, wanted: &JsValue, room: &JsValue) -> JsValue {
    let [from, to, wanted, room] = [from, to, wanted, room].map(|value| value.as_f64().unwrap_or_default());
    let axis = if is_log.is_truthy() { Axis::log10(from, to) } else { Axis::linear(from, to) };
    let scale = axis.ticks(wanted as usize, room);
    let tick = |tick: Tick| Array::of3(&tick.value.into(), &tick.label.into(), &axis.fraction(tick.value).into());
    let ticks = scale.ticks.into_iter().map(|t| JsValue::from(tick(t)));
    std::iter::once(JsValue::from(scale.note)).chain(ticks).collect::<Array>().into()
}
