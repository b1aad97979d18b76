//! The keyboard: one listener, one table.

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::LabHandle;
use crate::browser;

/// What a key does, for the table in the help.
pub const SHORTCUTS: [(&str, &str); 12] = [
    ("Space", "play or pause (Alt+K works everywhere)"),
    ("→  ←", "one step forward, back; with Shift ten"),
    ("Home  End", "first step, last step"),
    ("+  −", "faster, slower"),
    ("[  ]", "constant steps down, up by 2^⅛; with Shift by √2"),
    ("R", "reset: same start, the policies of now"),
    ("L", "logarithmic or linear loss"),
    ("U", "copy the link"),
    ("T", "light, dark, or as the system"),
    ("?", "this help"),
    ("Esc", "close the help"),
    ("Tab", "move to the next control"),
];

/// Listens for the shortcuts. None fires while a field has the focus, or with Ctrl or Meta.
#[hook]
pub fn use_shortcuts(lab: &LabHandle, help: Callback<()>) {
    let help = use_mut_ref(move || help);
    use_effect_with(lab.clone(), move |lab| {
        let lab = lab.clone();
        let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if press(&lab, &event, &help.borrow()) {
                event.prevent_default();
            }
        });
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = &document {
            // Listening to an event of the document cannot fail.
            let _ = document.add_event_listener_with_callback("keydown", listener.as_ref().unchecked_ref());
        }
        move || {
            if let Some(document) = document {
                let _ = document.remove_event_listener_with_callback("keydown", listener.as_ref().unchecked_ref());
            }
        }
    });
}

/// Whether the focus is where keys are typed or mean something already.
fn is_taken(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    let key = event.key();
    match element.tag_name().as_str() {
        // A slider is moved by some keys and deaf to the others.
        "INPUT" if element.get_attribute("type").as_deref() == Some("range") => {
            key.starts_with("Arrow") || matches!(key.as_str(), "Home" | "End" | "PageUp" | "PageDown")
        }
        "INPUT" | "SELECT" | "TEXTAREA" => true,
        // A button that has the focus is pressed by Space.
        "BUTTON" | "SUMMARY" | "A" => matches!(key.as_str(), " " | "Enter"),
        _ => false,
    }
}

fn press(lab: &LabHandle, event: &KeyboardEvent, help: &Callback<()>) -> bool {
    if browser::has_open_dialog() {
        // Behind the help nothing moves; Esc closes it by itself.
        let closes = event.key() == "?";
        if closes {
            help.emit(());
        }
        return closes;
    }
    if event.alt_key() && event.code() == "KeyK" {
        lab.toggle_playing();
        return true;
    }
    if event.ctrl_key() || event.meta_key() || event.alt_key() || is_taken(event) {
        return false;
    }
    let strong = event.shift_key();
    match event.key().as_str() {
        " " => lab.toggle_playing(),
        "ArrowRight" => lab.step_by(if strong { 10 } else { 1 }),
        "ArrowLeft" => lab.step_by(if strong { -10 } else { -1 }),
        "Home" => lab.seek(0),
        "End" => lab.seek_end(),
        "+" | "=" => lab.change_speed(1),
        "-" | "−" => lab.change_speed(-1),
        "[" => lab.scale_steps(0.125_f64.exp2().recip()),
        "]" => lab.scale_steps(0.125_f64.exp2()),
        "{" => lab.scale_steps(0.5_f64.exp2().recip()),
        "}" => lab.scale_steps(0.5_f64.exp2()),
        "r" | "R" => lab.reset(),
        "l" | "L" => lab.toggle_log(),
        "u" | "U" => lab.0.copy_link(),
        "t" | "T" => lab.next_theme(),
        "?" => help.emit(()),
        _ => return false,
    }
    true
}
