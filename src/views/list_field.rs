//! A field for several numbers.

use flatland_engine::spec::Bounds;
use yew::prelude::*;

use super::{draft::use_draft, refusal};
use crate::typed;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The field's id, unique on the page.
    pub id: AttrValue,
    /// What is written beside it.
    pub symbol: AttrValue,
    /// What it is, for those who cannot see the symbol's place.
    pub name: AttrValue,
    /// The numbers.
    pub value: Vec<f64>,
    /// What is valid for each number.
    pub bounds: Bounds,
    /// Takes numbers, or says why not.
    pub on_commit: Callback<Vec<f64>, Result<(), String>>,
}

impl Props {
    /// The numbers that a text says to the field, or why they cannot be taken.
    fn read(&self, text: &str) -> Result<Vec<f64>, String> {
        let values = typed::list(text)?;
        let each = format!("Each number of {}", self.symbol);
        match values.iter().find_map(|value| refusal::outside(&each, self.bounds, *value)) {
            Some(refusal) => Err(refusal),
            None => Ok(values),
        }
    }
}

/// A labelled field for numbers, separated by semicolons or spaces.
#[component]
pub fn ListField(props: &Props) -> Html {
    let draft = use_draft((props.id.clone(), props.value.clone()));
    let commit = {
        let (draft, props) = (draft.clone(), props.clone());
        Callback::from(move |text: String| {
            let result = props.read(&text).and_then(|values| props.on_commit.emit(values));
            draft.settle(text, result);
        })
    };
    let oninput = draft.on_input();
    let (onchange, onkeydown) = draft.on_end(commit);
    let value = draft.shown(props.value.iter().copied().map(typed::written).collect::<Vec<_>>().join("; "));
    let refusal = draft.refusal();
    let message_id = format!("{}-message", props.id);
    html! {
        <div class={classes!("field", "is-wide", refusal.is_some().then_some("has-error"))}>
            <label for={props.id.clone()} title={props.name.clone()}>{ &props.symbol }<span class="sr">{ format!(" {}, separated by semicolons", props.name) }</span></label>
            <input id={props.id.clone()} type="text" autocomplete="off" spellcheck="false" {value}
                aria-invalid={refusal.is_some().then_some("true")} aria-describedby={refusal.is_some().then(|| message_id.clone())}
                {oninput} {onchange} {onkeydown} />
            if let Some(message) = refusal {
                <p class="message" id={message_id} role="alert">{ message }</p>
            }
        </div>
    }
}
