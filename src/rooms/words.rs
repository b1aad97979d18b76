//! The glossary: the word that was asked for, and all others.

use std::{cell::RefCell, rc::Rc};

use yew::{platform::spawn_local, prelude::*};

use super::{RoomProps, dialog::Dialog, lessons};
use crate::words::{ASKED, WORDS_FILE, Word};

thread_local! {
    /// The words, once they have been fetched.
    static FETCHED: RefCell<Option<Rc<Vec<Word>>>> = const { RefCell::new(None) };
}

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Words ..props /> }
}

#[component]
fn Words(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let found = use_state(|| None);
    use_effect_with((), {
        let found = found.setter();
        move |()| {
            spawn_local(async move { found.set(Some(lessons::fetched_once(&FETCHED, "glossary", WORDS_FILE).await)) });
        }
    });
    // What it is about is counted from 1; without a word it is about all.
    let asked = props.about.checked_sub(1).and_then(|place| ASKED.get(place).copied());
    let shown = match &*found {
        None => html! { <p class="quiet" role="status">{ "Fetching the glossary …" }</p> },
        Some(Err(sentence)) => html! { <p role="alert">{ sentence }</p> },
        Some(Ok(words)) => listed(words, asked),
    };
    html! {
        <Dialog id="words" title="Glossary" shortcut={'w'} {node} on_close={props.on_close.clone()}>{ shown }</Dialog>
    }
}

/// All words; the one that was asked for stands first.
fn listed(words: &[Word], asked: Option<&str>) -> Html {
    // Made when the page was built: there is nothing of a user's in it.
    let entry = |word: &Word| Html::from_html_unchecked(AttrValue::from(word.html.clone()));
    let first = words.iter().find(|word| asked == Some(&*word.name));
    let others = words.iter().filter(|word| first.is_none_or(|first| first.name != word.name));
    html! {
        <>
            if let Some(word) = first {
                <div class="word-asked">{ entry(word) }</div>
                <h3>{ "Other words" }</h3>
            }
            <div class="word-list">{ for others.map(entry) }</div>
        </>
    }
}
