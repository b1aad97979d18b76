//! Small questions to the browser, each answered with something sensible where the browser has no
//! answer.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};

use crate::settings::Theme;

/// Marks a dialog that the page itself has closed: the event of that comes later, when another one
/// may be open already.
const LEFT: &str = "data-left";

fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// The clock of animation frames, in milliseconds.
pub fn now() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Leaves a mark in the browser's timeline, for those who measure.
pub fn mark(name: &str) {
    if let Some(clock) = window().and_then(|window| window.performance()) {
        // A mark of a name that browsers do not use themselves is always taken.
        let _ = clock.mark(name);
    }
}

/// Cores that the browser says there are.
pub fn cores() -> usize {
    window().map_or(2, |window| window.navigator().hardware_concurrency() as usize)
}

/// Device pixels to a CSS pixel.
pub fn pixel_ratio() -> f64 {
    window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// The address of the JavaScript module that belongs to this Wasm, which the start script leaves on
/// the page.
pub fn glue_address() -> String {
    window()
        .and_then(|window| window.document()?.document_element())
        .and_then(|root| root.get_attribute("data-glue"))
        .unwrap_or_default()
}

fn matches(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok()?).is_some_and(|media| media.matches())
}

/// Whether the person has asked for little motion.
pub fn prefers_reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether a theme comes out dark.
pub fn is_dark(theme: Theme) -> bool {
    match theme {
        Theme::System => matches("(prefers-color-scheme: dark)"),
        Theme::Light => false,
        Theme::Dark => true,
    }
}

/// Whether the page is laid out as for a phone, where it scrolls; the style sheet has the same width.
pub fn is_phone() -> bool {
    matches("(max-width: 760px)")
}

/// Whether fingers are what it is used with.
pub fn is_touched() -> bool {
    matches("(pointer: coarse)")
}

/// Tells the style sheet which theme is chosen.
pub fn set_theme_attribute(theme: Theme) {
    if let Some(root) = window().and_then(|window| window.document()?.document_element()) {
        // Setting a data attribute on the root cannot fail.
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

/// What has come of keeping the page's files in the browser; empty where that was not tried.
pub fn offline() -> String {
    let root = window().and_then(|window| window.document()?.document_element());
    root.and_then(|root| root.get_attribute("data-offline")).unwrap_or_default()
}

/// Marks the page for a projector, or not; the style sheet does the rest.
pub fn set_projector_attribute(on: bool) {
    if let Some(root) = window().and_then(|window| window.document()?.document_element()) {
        // Setting or removing a data attribute of the root cannot fail.
        let _ = if on { root.set_attribute("data-projector", "on") } else { root.remove_attribute("data-projector") };
    }
}

fn has_root_attribute(name: &str) -> bool {
    let root = window().and_then(|window| window.document()?.document_element());
    root.is_some_and(|root| root.has_attribute(name))
}

/// The address's query, `?` included. A page without an address of its own, as in a notebook, has
/// it on its root.
pub fn query() -> String {
    window()
        .and_then(|window| {
            let root = window.document()?.document_element()?;
            root.get_attribute("data-query").or_else(|| window.location().search().ok())
        })
        .unwrap_or_default()
}

/// Marks the page as shown inside of another one: the style sheet leaves out all but the parts that
/// are named. Until it is clicked, keys belong to the page around.
pub fn be_guest(parts: &str) {
    if let Some(root) = window().and_then(|window| window.document()?.document_element()) {
        // Setting a data attribute on the root cannot fail.
        let _ = root.set_attribute("data-embed", parts);
    }
    set_asleep(true);
}

/// Leaves keys to the page around this one, or not.
pub fn set_asleep(is_asleep: bool) {
    if let Some(root) = window().and_then(|window| window.document()?.document_element()) {
        // Setting or removing a data attribute of the root cannot fail.
        let _ = if is_asleep { root.set_attribute("data-asleep", "") } else { root.remove_attribute("data-asleep") };
    }
}

/// Whether the page is shown inside of another one.
pub fn is_guest() -> bool {
    has_root_attribute("data-embed")
}

/// Whether keys belong to the page around this one.
pub fn is_asleep() -> bool {
    has_root_attribute("data-asleep")
}

/// Says to those who wait for the page, such as a screen reader, that it answers from now on.
pub fn say_ready() {
    if let Some(app) = window().and_then(|window| window.document()?.get_element_by_id("app")) {
        // Removing an attribute cannot fail.
        let _ = app.remove_attribute("aria-busy");
    }
}

/// An address on the page, in full.
pub fn absolute(address: &str) -> String {
    let base = window().and_then(|window| window.document()?.base_uri().ok()?).unwrap_or_default();
    web_sys::Url::new_with_base(address, &base).map_or_else(|_| address.to_owned(), |url| url.href())
}

/// The whole address; of a page that nobody else can open, as in a notebook, the fragment alone.
pub fn address() -> String {
    let address = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    if address.starts_with("blob:") { fragment() } else { address }
}

/// The address's fragment, `#` included.
pub fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Writes the state of the browser's history, and the address with it if there is a fragment: in a
/// new entry, or in the one of now. Returns whether the browser did so; it refuses when asked too
/// often.
pub fn write_entry(fragment: Option<&str>, state: &str, is_new: bool) -> bool {
    let Some(history) = window().and_then(|window| window.history().ok()) else { return false };
    let address = fragment.map(|fragment| format!("#{fragment}"));
    let value = JsValue::from(state);
    let result = if is_new {
        history.push_state_with_url(&value, "", address.as_deref())
    } else {
        history.replace_state_with_url(&value, "", address.as_deref())
    };
    // Some browsers refuse without an error.
    result.is_ok() && entry_state().as_deref() == Some(state)
}

/// The state that [`write_entry`] gave to the entry of now; `None` for one that it did not make.
pub fn entry_state() -> Option<String> {
    window()?.history().ok()?.state().ok()?.as_string()
}

/// Whether a button or a finger is down on the page.
pub fn is_pressed() -> bool {
    window().and_then(|window| window.document()?.query_selector(":active").ok()?).is_some()
}

/// Closes the dialog that lies over the page, if there is one.
pub fn close_dialog() {
    let dialog = window().and_then(|window| window.document()?.query_selector("dialog[open]").ok()?);
    if let Some(dialog) = dialog {
        // Setting a data attribute cannot fail.
        let _ = dialog.set_attribute(LEFT, "");
        dialog.unchecked_into::<web_sys::HtmlDialogElement>().close();
    }
}

/// The dialog of this id.
fn dialog(id: &str) -> Option<web_sys::HtmlDialogElement> {
    window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Opens a dialog over all others, if it is closed.
pub fn show_modal(id: &str) {
    if let Some(dialog) = dialog(id).filter(|dialog| !dialog.open()) {
        // Only a dialog that is not in the document is refused.
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog; the browser gives the focus back.
pub fn close_modal(id: &str) {
    if let Some(dialog) = dialog(id).filter(web_sys::HtmlDialogElement::open) {
        dialog.close();
    }
}

/// Takes an element out of the page.
pub fn remove(id: &str) {
    if let Some(element) = window().and_then(|window| window.document()?.get_element_by_id(id)) {
        element.remove();
    }
}

/// Opens the browser's dialog for printing.
pub fn print() {
    if let Some(window) = window() {
        // A browser that cannot print does nothing.
        let _ = window.print();
    }
}

/// Says in place of the page why there is none.
pub fn say_failure(text: &str) {
    if let Some(document) = window().and_then(|window| window.document()) {
        if let Some(app) = document.get_element_by_id("app") {
            app.set_inner_html("");
        }
        if let Some(place) = document.get_element_by_id("boot-error") {
            place.set_text_content(Some(text));
            // Removing an attribute cannot fail.
            let _ = place.remove_attribute("hidden");
        }
    }
}

/// Whether [`close_dialog`] has closed this dialog.
pub fn was_left(dialog: &web_sys::Element) -> bool {
    dialog.has_attribute(LEFT)
}

/// Moves the focus to an element.
pub fn focus(id: &str) {
    let element = window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element {
        // What cannot have the focus leaves it where it is.
        let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// Goes back or forward in the browser's history.
pub fn travel(by: i32) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // Where there is no such entry nothing happens.
        let _ = history.go_with_delta(by);
    }
}

/// Puts text on the clipboard and then says whether that worked. Pages without a secure origin have
/// no clipboard.
pub fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let clipboard = window().map(|window| window.navigator().clipboard()).filter(|clipboard| !clipboard.is_undefined());
    let Some(clipboard) = clipboard else { return then(false) };
    let then = Rc::new(RefCell::new(Some(then)));
    let settle = |worked: bool| {
        let then = then.clone();
        Closure::once(move |_: JsValue| {
            if let Some(then) = then.borrow_mut().take() {
                then(worked);
            }
        })
    };
    let (on_success, on_failure) = (settle(true), settle(false));
    let _ = clipboard.write_text(text).then2(&on_success, &on_failure);
    // One of them is called once; both are small, and a link is not copied often.
    on_success.forget();
    on_failure.forget();
}

/// Calls back whenever the system turns dark or light, as long as the page is open.
pub fn when_color_scheme_changes(then: impl FnMut() + 'static) {
    if let Some(media) = window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok()?) {
        let closure = Closure::<dyn FnMut()>::new(then);
        media.set_onchange(Some(closure.as_ref().unchecked_ref()));
        // The list must live for its events to come.
        std::mem::forget(media);
        closure.forget();
    }
}

/// Whether nobody sees the page, as when another tab lies over it.
pub fn is_hidden() -> bool {
    window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// Whether a dialog lies over the page.
pub fn has_open_dialog() -> bool {
    window().and_then(|window| window.document()?.query_selector("dialog[open]").ok()?).is_some()
}

/// Calls back once the page's type face has been loaded, or cannot be.
pub fn when_fonts_are_ready(then: impl FnOnce() + 'static) {
    if let Some(ready) = window().and_then(|window| window.document()?.fonts().ready().ok()) {
        let closure = Closure::once(move |_: JsValue| then());
        // The promise settles at most once: the closure gives itself back then.
        let _ = ready.then(&closure);
        closure.forget();
    }
}

/// What an error from the browser says.
pub fn text_of(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
}
