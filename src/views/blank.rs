//! The blank screen: black from edge to edge, until any key or a click.

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::LabHandle;
use crate::{browser, keys::latin, lab::BLANK};

/// What covers the page while the screen is blank, to be put anywhere on it. It listens before
/// everybody else: it lies over dialogs too, and the key that shows the page again does no more.
#[hook]
pub fn use_blank(lab: &LabHandle) -> Html {
    use_effect_with(lab.clone(), |lab| {
        let lab = lab.clone();
        let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            let is_meant = if lab.is_blank() { is_any_key(&event) } else { is_wish(&event) };
            if is_meant {
                event.prevent_default();
                event.stop_immediate_propagation();
                lab.set_blank(!lab.is_blank());
            }
        });
        let window = web_sys::window();
        let (name, act) = ("keydown", listener.as_ref().unchecked_ref());
        if let Some(window) = &window {
            // Listening to an event of the window cannot fail.
            let _ = window.add_event_listener_with_callback_and_bool(name, act, true);
        }
        move || {
            if let Some(window) = window {
                let act = listener.as_ref().unchecked_ref();
                let _ = window.remove_event_listener_with_callback_and_bool(name, act, true);
            }
        }
    });
    let back = {
        let lab = lab.clone();
        move || lab.set_blank(false)
    };
    let on_click = {
        let back = back.clone();
        move |_: MouseEvent| back()
    };
    html! {
        <dialog id={BLANK} class="blank" aria-label="The screen is blank" aria-describedby="blank-words" onclick={on_click} onclose={move |_: Event| back()}>
            <p id="blank-words" class="sr">{ "Time rests. Any key, or a click, shows the page again." }</p>
        </dialog>
    }
}

/// Whether a key is one by itself, and no part of a shortcut of the browser or the system.
fn is_any_key(event: &KeyboardEvent) -> bool {
    let is_modifier = matches!(event.key().as_str(), "Shift" | "Control" | "Alt" | "Meta" | "AltGraph");
    !is_modifier && !event.ctrl_key() && !event.meta_key() && !event.alt_key()
}

/// Whether a key asks for a blank screen: B, or the point that clickers send, where nothing is
/// typed.
fn is_wish(event: &KeyboardEvent) -> bool {
    let key = latin(&event.key(), &event.code(), false);
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_typed = target.is_some_and(|element| match element.tag_name().as_str() {
        "INPUT" => element.get_attribute("type").as_deref() != Some("range"),
        name => matches!(name, "SELECT" | "TEXTAREA"),
    });
    matches!(key.as_str(), "b" | "B" | ".")
        && is_any_key(event)
        && !is_typed
        && !event.repeat()
        && !browser::is_asleep()
}
