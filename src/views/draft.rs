//! What stands in a field while it is being edited, or after it was refused.
//!
//! A field shows its draft if it has one, and its value otherwise. A draft begins with typing and
//! goes when it is taken, on Escape, and when the value is set in another way. A refused draft
//! stays, with the reason until somebody types on.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The draft of one field.
#[derive(Clone)]
pub struct Draft {
    text: UseStateHandle<Option<String>>,
    refusal: UseStateHandle<Option<String>>,
}

/// A draft for a field whose value is `value`.
#[hook]
pub fn use_draft<T: PartialEq + 'static>(value: T) -> Draft {
    let draft = Draft { text: use_state(|| None), refusal: use_state(|| None) };
    {
        let draft = draft.clone();
        use_effect_with(value, move |_| draft.forget());
    }
    draft
}

impl Draft {
    /// What the field shows, where `written` is its value.
    pub fn shown(&self, written: String) -> String {
        (*self.text).clone().unwrap_or(written)
    }

    /// Why the draft was refused, if it was.
    pub fn refusal(&self) -> Option<String> {
        (*self.refusal).clone()
    }

    /// Goes back to the value.
    pub fn forget(&self) {
        self.text.set(None);
        self.refusal.set(None);
    }

    /// The draft was taken, or refused with a reason.
    pub fn settle(&self, text: String, result: Result<(), String>) {
        match result {
            Ok(()) => self.forget(),
            Err(reason) => {
                self.text.set(Some(text));
                self.refusal.set(Some(reason));
            }
        }
    }

    /// Listens to typing, which answers what was refused. Input and text area alike answer to
    /// [`HtmlInputElement::value`].
    pub fn on_input(&self) -> Callback<InputEvent> {
        let Self { text, refusal } = self.clone();
        Callback::from(move |event: InputEvent| {
            text.set(Some(typed(&event)));
            refusal.set(None);
        })
    }

    /// Listens to what ends an edit: leaving the field, Enter (unless with Shift) and Escape.
    pub fn on_end(&self, commit: Callback<String>) -> (Callback<Event>, Callback<KeyboardEvent>) {
        let draft = self.clone();
        let leave = commit.clone();
        (
            Callback::from(move |event: Event| leave.emit(typed(&event))),
            Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
                "Enter" if !event.shift_key() => {
                    event.prevent_default();
                    commit.emit(typed(&event));
                }
                "Escape" => draft.forget(),
                _ => {}
            }),
        )
    }
}

/// What stands in the field that an event comes from.
fn typed(event: &impl TargetCast) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}
