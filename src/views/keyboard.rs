//! The keyboard: one listener, one table. The help (src/rooms/help.rs) lists it for people.

use std::f64::consts::SQRT_2;

use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::{LabHandle, enlarging};
use crate::{
    browser,
    keys::latin,
    listening::{Listening, element_of, is_field},
    rooms::{Doors, Room, pick::OBJECTIVE},
};

/// The eighth part of a doubling, 2^(1/8).
const EIGHTH: f64 = 1.090_507_732_665_257_7;

/// Listens for the shortcuts. None fires while a field has the focus, or with Ctrl or Meta.
#[hook]
pub fn use_shortcuts(lab: &LabHandle, doors: &Doors) {
    use_effect_with((lab.clone(), doors.clone()), move |(lab, doors)| {
        let (lab, doors) = (lab.clone(), doors.clone());
        let listening = Listening::to_document(&["keydown"], move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if press(&lab, &doors, event) {
                event.prevent_default();
            }
        });
        move || drop(listening)
    });
}

/// Whether the focus is where keys are typed or mean something already.
fn is_taken(event: &KeyboardEvent) -> bool {
    let Some(element) = element_of(event) else { return false };
    let key = event.key();
    match element.tag_name().as_str() {
        // A slider is moved by some keys and deaf to the others.
        "INPUT" if element.get_attribute("type").as_deref() == Some("range") => {
            key.starts_with("Arrow") || matches!(key.as_str(), "Home" | "End" | "PageUp" | "PageDown")
        }
        _ if is_field(&element) => true,
        // A button that has the focus is pressed by Space.
        "BUTTON" | "SUMMARY" | "A" => matches!(key.as_str(), " " | "Enter"),
        _ => false,
    }
}

/// Whose constant steps the brackets change.
#[derive(Debug, PartialEq)]
enum Scaled {
    Selected,
    All,
}

/// What a bracket does to constant steps. With Alt it is known by its place, since Alt makes it
/// write other characters almost everywhere; but a layout that needs Alt to write one means just
/// that.
fn scaling(key: &str, code: &str, shift: bool, alt: bool) -> Option<(Scaled, f64)> {
    let (runs, is_down, is_strong) = match (code, key) {
        ("BracketLeft", _) if alt => (Scaled::All, true, shift),
        ("BracketRight", _) if alt => (Scaled::All, false, shift),
        (_, "[" | "{") => (Scaled::Selected, true, key == "{"),
        (_, "]" | "}") => (Scaled::Selected, false, key == "}"),
        _ => return None,
    };
    let factor = if is_strong { SQRT_2 } else { EIGHTH };
    Some((runs, if is_down { 1.0 / factor } else { factor }))
}

fn press(lab: &LabHandle, doors: &Doors, event: &KeyboardEvent) -> bool {
    // A guest that sleeps leaves all keys to its host.
    if browser::is_asleep() {
        return false;
    }
    let key = latin(&event.key(), &event.code(), event.shift_key());
    let is_command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    if is_command && !is_taken(event) {
        match key.as_str() {
            "z" => lab.undo(),
            "Z" | "y" => lab.redo(),
            _ => return false,
        }
        return true;
    }
    // Behind a dialog nothing moves; it has keys of its own.
    if browser::has_open_dialog() {
        return false;
    }
    if event.alt_key() && event.code() == "KeyK" {
        lab.toggle_playing();
        return true;
    }
    if event.ctrl_key() || event.meta_key() || is_taken(event) {
        return false;
    }
    let strong = event.shift_key();
    if let Some((runs, factor)) = scaling(&key, &event.code(), strong, event.alt_key()) {
        match runs {
            Scaled::Selected => lab.scale_step(factor),
            Scaled::All => lab.scale_steps(factor),
        }
        return true;
    }
    if event.alt_key() {
        return false;
    }
    match key.as_str() {
        " " => lab.toggle_playing(),
        "ArrowRight" => lab.step_by(if strong { 10 } else { 1 }),
        "ArrowLeft" => lab.step_by(if strong { -10 } else { -1 }),
        "Home" => lab.seek(0),
        "End" => lab.seek_end(),
        "+" | "=" => lab.change_speed(1),
        "-" | "−" => lab.change_speed(-1),
        "r" | "R" => lab.reset(),
        "l" | "L" => lab.rescale(0),
        "x" | "X" => lab.next_x_quantity(),
        "e" | "E" => lab.change_view(|view| view.parity = !view.parity),
        "f" | "F" => lab.fork(lab.view().selected),
        "p" | "P" => lab.toggle_projector(),
        "z" | "Z" if strong => enlarging::toggle_full_screen(lab),
        "z" | "Z" => lab.toggle_enlarged(enlarging::meant(lab)),
        "n" | "N" => lab.new_seed(),
        "Escape" => lab.leave(),
        digit @ ("1" | "2" | "3" | "4" | "5" | "6" | "7" | "8") => {
            let index = usize::from(digit.as_bytes()[0] - b'1');
            if index < lab.read(|session| session.runs().len()) {
                lab.select(index);
            }
        }
        "u" | "U" => lab.0.copy_link(),
        "c" | "C" => doors.open(Room::Scores),
        "s" | "S" => doors.open(Room::Export),
        "a" | "A" => doors.open(Room::Atlas),
        "d" | "D" => doors.open(Room::Gallery),
        "o" | "O" => doors.open_about(Room::Pick, OBJECTIVE),
        "/" => doors.open_about(Room::Pick, lab.view().selected + 1),
        "m" | "M" => doors.open(Room::Networks),
        "g" | "G" => doors.open(Room::Lessons),
        "w" | "W" => doors.open(Room::Words),
        "v" | "V" => doors.open(Room::Events),
        "t" | "T" => lab.next_theme(),
        "?" => doors.open(Room::Help),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{EIGHTH, SQRT_2, Scaled, scaling};

    #[test]
    fn brackets_change_the_selected_run_and_with_alt_all_runs_on_every_layout() {
        for (key, code, shift, alt, meant) in [
            ("[", "BracketLeft", false, false, Some((Scaled::Selected, 1.0 / EIGHTH))),
            ("}", "BracketRight", true, false, Some((Scaled::Selected, SQRT_2))),
            // A Mac writes quotes there, a German keyboard umlauts.
            ("“", "BracketLeft", false, true, Some((Scaled::All, 1.0 / EIGHTH))),
            ("’", "BracketRight", true, true, Some((Scaled::All, SQRT_2))),
            ("Ü", "BracketLeft", true, true, Some((Scaled::All, 1.0 / SQRT_2))),
            // Alt+5 writes a bracket on a German Mac.
            ("[", "Digit5", false, true, Some((Scaled::Selected, 1.0 / EIGHTH))),
            ("ü", "BracketLeft", false, false, None),
            ("k", "KeyK", false, true, None),
        ] {
            assert_eq!(scaling(key, code, shift, alt), meant, "{key} at {code}");
        }
    }
}
