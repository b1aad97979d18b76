//! Buttons without a frame, as most of the page's are. One function for all: written out, each of
//! them would be as much code again.

use yew::prelude::*;

/// A button; its label is for those who do not see it. Without one its content says what it does,
/// and without a title there is nothing more to say.
pub fn plain(label: &'static str, title: &'static str, content: Html, act: Callback<MouseEvent>) -> Html {
    plain_if(true, label.into(), title, content, act)
}

/// A button that may have nothing to do now.
pub fn plain_if(
    is_of_use: bool,
    label: AttrValue,
    title: &'static str,
    content: Html,
    act: Callback<MouseEvent>,
) -> Html {
    let given = |text: AttrValue| (!text.is_empty()).then_some(text);
    html! {
        <button class="plain" type="button" disabled={!is_of_use} aria-label={given(label)} title={given(title.into())} onclick={act}>{ content }</button>
    }
}
