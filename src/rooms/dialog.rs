//! What the dialogs share: a modal dialog with a title and a cross, and with the key that opened it
//! to close it.

use std::cell::RefCell;

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Document, Element, HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use crate::keys::latin;

thread_local! {
    /// Where the open dialog says what came of something, if it has a line for that.
    static STATUS: RefCell<Option<Callback<String>>> = const { RefCell::new(None) };
}

/// The dialogs' style sheet, which is fetched with the first of them.
const STYLE: &str = "./rooms.css";

/// A modal dialog.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The element's id; that of its title is made of it.
    pub id: AttrValue,
    /// Its title.
    pub title: AttrValue,
    /// The key that closes it, as it opened it.
    #[prop_or_default]
    pub shortcut: Option<char>,
    /// Other keys, and what they do.
    #[prop_or_default]
    pub other_keys: Vec<(char, Callback<()>)>,
    /// Says something on its line for what came of something.
    #[prop_or_default]
    pub status: Option<Callback<String>>,
    /// The element, for those who close it.
    pub node: NodeRef,
    /// To be called when it has been closed, by whatever means.
    pub on_close: Callback<()>,
    /// What is in it.
    pub children: Html,
}

/// Closes the dialog whose element this is. The browser gives the focus back to where it was.
pub fn close(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// Closes the dialog that is open, if there is one.
pub fn close_open() {
    let open = document().and_then(|document| document.query_selector("dialog.share[open]").ok()?);
    if let Some(dialog) = open.and_then(|open| open.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.close();
    }
}

/// Says something in the dialog that is open; whether there is one with a line for it.
pub fn say(text: &str) -> bool {
    let status = STATUS.with_borrow(Clone::clone);
    status.inspect(|status| status.emit(text.to_owned())).is_some()
}

/// See [`Props`]. What it holds can be used by keys alone; Escape closes it.
#[component]
pub fn Dialog(props: &Props) -> Html {
    let is_styled = use_style();
    use_effect_with((), {
        let status = props.status.clone();
        move |()| {
            STATUS.set(status);
            || STATUS.set(None)
        }
    });
    use_effect_with(is_styled, {
        let node = props.node.clone();
        move |is_styled| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>().filter(|dialog| *is_styled && !dialog.open()) {
                // Only a dialog that is not in the document is refused.
                let _ = dialog.show_modal();
            }
        }
    });
    let onkeydown = {
        let (node, shortcut, others) = (props.node.clone(), props.shortcut, props.other_keys.clone());
        move |event: KeyboardEvent| {
            // One that has just been closed still has the focus for a moment: its keys are the page's.
            if !node.cast::<HtmlDialogElement>().is_some_and(|dialog| dialog.open()) {
                return;
            }
            if let Some((_, act)) = others.iter().find(|(key, _)| is_shortcut(&event, *key)) {
                event.prevent_default();
                act.emit(());
            }
            if shortcut.is_some_and(|shortcut| is_shortcut(&event, shortcut)) {
                event.prevent_default();
                // The page would take the same key for a wish to open it.
                event.stop_propagation();
                close(&node);
            }
        }
    };
    let onclick = {
        let node = props.node.clone();
        move |event: MouseEvent| {
            // A click beside the dialog is a click on its backdrop.
            if event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok()).is_some() {
                close(&node);
            }
        }
    };
    let on_cross = {
        let node = props.node.clone();
        move |_: MouseEvent| close(&node)
    };
    let heading = format!("{}-title", props.id);
    let on_close = props.on_close.clone();
    // In its place and not in a portal: each of those leaves listeners of Yew's on its host.
    html! {
        <dialog ref={props.node.clone()} id={props.id.clone()} class="help share" aria-labelledby={heading.clone()}
            {onkeydown} {onclick} onclose={move |_: Event| on_close.emit(())}>
            <div class="help-head">
                <h2 id={heading}>{ &props.title }</h2>
                <button class="plain share-close" type="button" aria-label={format!("Close: {}", props.title)} onclick={on_cross}>{ "×" }</button>
            </div>
            { props.children.clone() }
        </dialog>
    }
}

/// Whether a key is the shortcut, and not typed into a field.
fn is_shortcut(event: &KeyboardEvent, shortcut: char) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_typing = target.is_some_and(|element| match element.dyn_ref::<HtmlInputElement>() {
        Some(input) => input.type_() != "file",
        None => matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT"),
    });
    let key = latin(&event.key(), &event.code(), event.shift_key());
    let is_it = key.chars().eq([shortcut]) || key.to_lowercase().chars().eq([shortcut]);
    is_it && !is_typing && !event.ctrl_key() && !event.meta_key() && !event.alt_key()
}

fn document() -> Option<Document> {
    web_sys::window().and_then(|window| window.document())
}

/// Fetches the style sheet, once, and says whether it is there. A dialog without its style is still
/// readable: one that does not arrive counts as there.
#[hook]
pub fn use_style() -> bool {
    let is_there = use_state(|| false);
    use_effect_with((), {
        let is_there = is_there.setter();
        move |()| {
            if !fetch_style(is_there.clone()).unwrap_or_default() {
                is_there.set(true);
            }
        }
    });
    *is_there
}

/// Whether the style sheet has still to arrive; it is asked for if nobody has done so.
fn fetch_style(is_there: UseStateSetter<bool>) -> Option<bool> {
    let document = document()?;
    if document.query_selector(&format!("link[href=\"{STYLE}\"]")).ok()?.is_some() {
        return Some(false);
    }
    let link = document.create_element("link").ok()?;
    link.set_attribute("rel", "stylesheet").ok()?;
    link.set_attribute("href", STYLE).ok()?;
    let settled = Closure::<dyn FnMut()>::new(move || is_there.set(true));
    for event in ["load", "error"] {
        link.add_event_listener_with_callback(event, settled.as_ref().unchecked_ref()).ok()?;
    }
    document.query_selector("head").ok()??.append_child(&link).ok()?;
    // The link stays as long as the page, and so does what hears of it.
    settled.forget();
    Some(true)
}
