//! A number that can be typed: taken on Enter and on leaving the field, with a clear message when
//! it is none.

use flatland_engine::spec::Bounds;
use yew::prelude::*;

use super::{draft::use_draft, refusal};
use crate::typed;

/// A labelled field for one number.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The field's id, unique on the page.
    pub id: AttrValue,
    /// What is written beside it.
    pub symbol: AttrValue,
    /// What it is, for those who cannot see the symbol's place.
    pub name: AttrValue,
    /// The value; `None` shows an empty field.
    pub value: Option<f64>,
    /// What an empty field stands for; without it, empty is not a value.
    #[prop_or_default]
    pub absent: Option<AttrValue>,
    /// What is valid, as far as the field can tell.
    #[prop_or_default]
    pub bounds: Option<Bounds>,
    /// Whether it counts something.
    #[prop_or_default]
    pub whole: bool,
    /// Takes a value, or says why not.
    pub on_commit: Callback<Option<f64>, Result<(), String>>,
    /// Whether the symbol is shown above rather than beside.
    #[prop_or_default]
    pub stacked: bool,
    /// Whether it has a line of its own.
    #[prop_or_default]
    pub wide: bool,
}

impl Props {
    /// What a text says to the field, or why it cannot be taken.
    fn read(&self, text: &str) -> Result<Option<f64>, String> {
        if self.absent.is_some() && text.trim().is_empty() {
            return Ok(None);
        }
        let value = if self.whole { typed::whole_number(text)? } else { typed::number(text)? };
        match self.bounds.and_then(|bounds| refusal::outside(&self.symbol, bounds, value)) {
            Some(refusal) => Err(refusal),
            None => Ok(Some(value)),
        }
    }
}

fn written(value: Option<f64>) -> String {
    value.map_or_else(String::new, typed::written)
}

/// See [`Props`].
#[component]
pub fn NumberField(props: &Props) -> Html {
    let draft = use_draft((props.id.clone(), props.value));
    let commit = {
        let (draft, props) = (draft.clone(), props.clone());
        Callback::from(move |text: String| {
            let is_unchanged = text == written(props.value);
            let result =
                if is_unchanged { Ok(()) } else { props.read(&text).and_then(|value| props.on_commit.emit(value)) };
            draft.settle(text, result);
        })
    };
    let oninput = draft.on_input();
    let (onchange, onkeydown) = draft.on_end(commit);
    let value = draft.shown(written(props.value));
    let refusal = draft.refusal();
    let message_id = format!("{}-message", props.id);
    html! {
        <div class={classes!("field", props.stacked.then_some("is-stacked"), props.wide.then_some("is-wide"), refusal.is_some().then_some("has-error"))}>
            <label for={props.id.clone()} title={props.name.clone()}>{ &props.symbol }<span class="sr">{ format!(" {}", props.name) }</span></label>
            <input id={props.id.clone()} type="text" inputmode="decimal" autocomplete="off" spellcheck="false" {value}
                placeholder={props.absent.clone()}
                aria-invalid={refusal.is_some().then_some("true")} aria-describedby={refusal.is_some().then(|| message_id.clone())}
                {oninput} {onchange} {onkeydown} />
            if let Some(message) = refusal {
                <p class="message" id={message_id} role="alert">{ message }</p>
            }
        </div>
    }
}
