//! Lists of the catalogues, which lead to the room that searches them.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::LabHandle;

/// What a list offers beside the entries: the room.
pub const SEARCH: &str = "search";

/// Carries out what is chosen in a list that says `shown`; asked for, the room opens that is about
/// the same, see [`crate::rooms::pick`].
pub fn choosing(
    lab: &LabHandle,
    about: usize,
    shown: String,
    choose: impl Fn(&LabHandle, &str) + 'static,
) -> Callback<Event> {
    let lab = lab.clone();
    Callback::from(move |event: Event| {
        let select = event.target_unchecked_into::<HtmlSelectElement>();
        let name = select.value();
        if name == SEARCH {
            select.set_value(&shown);
            lab.0.open_dialog(&format!("pick-{about}"));
        } else {
            choose(&lab, &name);
        }
    })
}
