//! A number that can be typed: taken on Enter and on leaving the field, with a clear message when it is none.

use yew::prelude::*;

use super::draft::use_draft;

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
    /// Takes a value, or says why not.
    pub on_commit: Callback<Option<f64>, Result<(), String>>,
    /// Whether the symbol is shown above rather than beside.
    #[prop_or_default]
    pub stacked: bool,
}

/// A labelled field for one number.
#[component]
pub fn NumberField(props: &Props) -> Html {
    let draft = use_draft((props.id.clone(), props.value));
    let commit = {
        let (draft, on_commit) = (draft.clone(), props.on_commit.clone());
        let (absent, shown) = (props.absent.is_some(), written(props.value));
        Callback::from(move |text: String| {
            let result =
                if text == shown { Ok(()) } else { parse(&text, absent).and_then(|value| on_commit.emit(value)) };
            draft.settle(text, result);
        })
    };
    let oninput = draft.on_input();
    let (onchange, onkeydown) = draft.on_end(commit);
    let value = draft.shown(written(props.value));
    let refusal = draft.refusal();
    let message_id = format!("{}-message", props.id);
    html! {
        <div class={classes!("field", props.stacked.then_some("is-stacked"), refusal.is_some().then_some("has-error"))}>
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

/// A number as it is typed: short, and read back as the same number.
fn written(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| {
        let size = value.abs();
        if size != 0.0 && !(1e-4..1e7).contains(&size) { format!("{value:e}") } else { value.to_string() }
    })
}

fn parse(text: &str, may_be_empty: bool) -> Result<Option<f64>, String> {
    let trimmed = text.trim().replace('−', "-");
    if trimmed.is_empty() && may_be_empty {
        return Ok(None);
    }
    // A decimal comma is read as a point: half the world types it.
    let number = trimmed.parse().or_else(|_| trimmed.replace(',', ".").parse::<f64>());
    match number {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        Ok(value) => Err(format!("Expected a finite number; got {value}.")),
        Err(_) if trimmed.is_empty() => Err("Expected a number such as 0.3; the field is empty.".to_owned()),
        Err(_) => Err(format!("Expected a number such as 0.3 or 1e-3; got “{}”.", text.trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_as_the_same_number() {
        for value in [0.3, -2.5, 1e-12, 1e12, 0.1 + 0.2, 500.0, 0.0] {
            assert_eq!(parse(&written(Some(value)), false), Ok(Some(value)));
        }
    }

    #[test]
    fn people_type_commas_minus_signs_and_nonsense() {
        assert_eq!(parse(" 0,25 ", false), Ok(Some(0.25)));
        assert_eq!(parse("−3", false), Ok(Some(-3.0)));
        assert_eq!(parse("", true), Ok(None));
        for nonsense in ["abc", "", "1e999", "NaN", "inf", "0x10", "1 2"] {
            assert!(parse(nonsense, false).is_err(), "{nonsense}");
        }
    }
}
