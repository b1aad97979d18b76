//! A field for several numbers.

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
    /// The numbers.
    pub value: Vec<f64>,
    /// Takes numbers, or says why not.
    pub on_commit: Callback<Vec<f64>, Result<(), String>>,
}

/// A labelled field for numbers, separated by semicolons or spaces.
#[component]
pub fn ListField(props: &Props) -> Html {
    let draft = use_draft((props.id.clone(), props.value.clone()));
    let commit = {
        let (draft, on_commit) = (draft.clone(), props.on_commit.clone());
        Callback::from(move |text: String| {
            let result = parse(&text).and_then(|values| on_commit.emit(values));
            draft.settle(text, result);
        })
    };
    let oninput = draft.on_input();
    let (onchange, onkeydown) = draft.on_end(commit);
    let value = draft.shown(props.value.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
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

fn parse(text: &str) -> Result<Vec<f64>, String> {
    text.split([';', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| match part.replace('−', "-").trim_end_matches(',').parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(format!("Expected numbers such as 1; 0.5; 2 — “{part}” is none.")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_with_semicolons_spaces_and_commas_between() {
        assert_eq!(parse("1; 0.5, −2"), Ok(vec![1.0, 0.5, -2.0]));
        assert!(parse("1; two").is_err());
        assert!(parse("1; NaN").is_err());
    }
}
