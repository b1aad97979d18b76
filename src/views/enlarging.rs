//! One figure for the whole window, and the window for the whole screen.

use wasm_bindgen::JsValue;
use yew::{platform::spawn_local, prelude::*};

use super::{LabHandle, icons};
use crate::{
    fetch,
    view_settings::{Figure, NamedOption as _},
};

/// The attribute that names a figure.
pub const FIGURE: &str = "data-figure";

/// The buttons in a figure's head: it alone, or among the others again; and, alone, on the whole
/// screen.
pub fn buttons(lab: &LabHandle, figure: Figure) -> Html {
    let is_alone = lab.view().enlarged == Some(figure);
    let (label, title, icon) = if is_alone {
        ("All figures again", "All figures again (Z, or Esc)", icons::inward())
    } else {
        ("Enlarge this figure", "Enlarge this figure to the whole window (Z)", icons::outward())
    };
    let toggle = {
        let lab = lab.clone();
        move |_: MouseEvent| lab.toggle_enlarged(figure)
    };
    html! {
        <>
            <button class="plain as-table enlarge" type="button" aria-label={label} {title} onclick={toggle}>{ icon }</button>
            if is_alone {
                { full_screen_button(lab) }
            }
        </>
    }
}

/// The button for the whole screen.
pub fn full_screen_button(lab: &LabHandle) -> Html {
    let act = {
        let lab = lab.clone();
        move |_: MouseEvent| toggle_full_screen(&lab)
    };
    html! {
        <button class="plain as-table full-screen" type="button" aria-label="Full screen" title="The whole screen, or the window again (Shift+Z)" onclick={act}>{ icons::screen() }</button>
    }
}

/// The figure that a key is meant for: the one alone, else the one with the keyboard's focus, the
/// one under the pointer, or the first.
pub fn meant(lab: &LabHandle) -> Figure {
    let find = |selector: &str| {
        let document = web_sys::window()?.document()?;
        Figure::named(&document.query_selector(selector).ok()??.get_attribute(FIGURE)?)
    };
    lab.view()
        .enlarged
        .or_else(|| find("figure:has(:focus-visible)"))
        .or_else(|| find("figure:hover"))
        .unwrap_or(Figure::Chart(0))
}

/// Shows the page on the whole screen, or in its window again, and says so where the browser
/// refuses.
pub fn toggle_full_screen(lab: &LabHandle) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let (object, method): (JsValue, &str) = match (document.fullscreen_element(), document.document_element()) {
        (None, Some(root)) => (root.into(), "requestFullscreen"),
        _ => (document.into(), "exitFullscreen"),
    };
    let lab = lab.clone();
    spawn_local(async move {
        if fetch::call(&object, method, &JsValue::UNDEFINED).await.is_err() {
            lab.complain("This browser does not let the page fill the screen. Its own full screen does the same: F11, or on a Mac Control+Command+F.");
        }
    });
}
