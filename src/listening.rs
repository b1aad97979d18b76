//! Events of the whole page, heard as long as somebody keeps the [`Listening`], and where they come
//! from.

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{AddEventListenerOptions, Element, Event, EventTarget};

/// Hears events of the document, the window or an element until it is dropped.
#[must_use]
pub struct Listening {
    target: Option<EventTarget>,
    names: &'static [&'static str],
    /// Whether events are met on their way down to their element, as those that do not bubble must
    /// be.
    is_on_way_down: bool,
    hear: Closure<dyn FnMut(Event)>,
}

impl Listening {
    /// Hears events of these names that have bubbled up to the document.
    pub fn to_document(names: &'static [&'static str], hear: impl FnMut(Event) + 'static) -> Self {
        let document = web_sys::window().and_then(|window| window.document());
        Self::begin(document.map(EventTarget::from), names, false, hear)
    }

    /// Hears events of these names before the element that they are meant for.
    pub fn to_window(names: &'static [&'static str], hear: impl FnMut(Event) + 'static) -> Self {
        Self::begin(web_sys::window().map(EventTarget::from), names, true, hear)
    }

    /// Hears events of these names on an element, before the browser does what it does by itself:
    /// touches, for instance, it would not wait for.
    pub fn to_element(
        element: Option<EventTarget>,
        names: &'static [&'static str],
        hear: impl FnMut(Event) + 'static,
    ) -> Self {
        let hear = Closure::<dyn FnMut(Event)>::new(hear);
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        for (target, name) in element.iter().flat_map(|target| names.iter().map(move |name| (target, name))) {
            // Listening to an event of an element cannot fail.
            let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
                name,
                hear.as_ref().unchecked_ref(),
                &options,
            );
        }
        Self { target: element, names, is_on_way_down: false, hear }
    }

    fn begin(
        target: Option<EventTarget>,
        names: &'static [&'static str],
        is_on_way_down: bool,
        hear: impl FnMut(Event) + 'static,
    ) -> Self {
        let hear = Closure::<dyn FnMut(Event)>::new(hear);
        let callback = hear.as_ref().unchecked_ref();
        for (target, name) in target.iter().flat_map(|target| names.iter().map(move |name| (target, name))) {
            // Listening to an event of the document or the window cannot fail.
            let _ = target.add_event_listener_with_callback_and_bool(name, callback, is_on_way_down);
        }
        Self { target, names, is_on_way_down, hear }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let callback = self.hear.as_ref().unchecked_ref();
        for (target, name) in self.target.iter().flat_map(|target| self.names.iter().map(move |name| (target, name))) {
            let _ = target.remove_event_listener_with_callback_and_bool(name, callback, self.is_on_way_down);
        }
    }
}

/// The element that an event is meant for.
pub fn element_of(event: &Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Whether an element takes what is typed or pasted.
pub fn is_field(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
}
