//! The field of one parameter of an objective.

use flatland_engine::{
    experiment::{ParameterValue, Spec},
    spec::{Parameter, ParameterKind},
};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{formula_field::FormulaField, list_field::ListField, number_field::NumberField};

/// Takes a value, or none where the parameter may be left out, or says why not.
pub type Commit = Callback<Option<ParameterValue>, Result<(), String>>;

/// The field of a parameter of `spec`; nothing for the kinds that networks alone have. Fields of
/// another `owner` are other fields: what was typed there does not follow.
pub fn parameter_field(owner: &str, parameter: &'static Parameter, spec: &Spec, commit: Commit) -> Html {
    let Parameter { key, symbol, help: name, .. } = *parameter;
    let id = format!("{owner}-{key}");
    let field_key = format!("{}-{key}", spec.name);
    let on_number =
        |commit: Commit| Callback::from(move |value: Option<f64>| commit.emit(value.map(ParameterValue::Number)));
    match parameter.kind {
        ParameterKind::Number { bounds, .. } => html! {
            <NumberField key={field_key} {id} {symbol} {name} {bounds} value={spec.optional(key)} on_commit={on_number(commit)} />
        },
        ParameterKind::OptionalNumber { absent, bounds, .. } => html! {
            <NumberField key={field_key} {id} {symbol} {name} {bounds} value={spec.optional(key)} wide={absent.len() > 12} absent={absent} on_commit={on_number(commit)} />
        },
        ParameterKind::Numbers { bounds, .. } | ParameterKind::Widths { bounds, .. } => {
            let on_commit = Callback::from(move |values| commit.emit(Some(ParameterValue::Numbers(values))));
            html! { <ListField key={field_key} {id} {symbol} {name} {bounds} value={spec.numbers(key).to_vec()} {on_commit} /> }
        }
        ParameterKind::Choice { options, .. } => {
            let options = options.iter().map(|option| (*option, *option));
            choice(id, symbol, name, options, spec.text(key), move |value| {
                // Only valid options are offered.
                drop(commit.emit(Some(ParameterValue::Text(value))));
            })
        }
        ParameterKind::Text { .. } => {
            let on_commit = Callback::from(move |text: String| commit.emit(Some(ParameterValue::Text(text))));
            html! { <FormulaField key={field_key} {id} {symbol} {name} text={spec.text(key).to_owned()} {on_commit} /> }
        }
        ParameterKind::Flag { .. } | ParameterKind::Part { .. } => Html::default(),
    }
}

/// A labelled list of choices, by name and title.
///
/// The list's own value is set too, here and in all other lists: what a person has chosen once in a
/// list does not follow the options' attributes any more, after an undo for instance.
pub fn choice(
    id: String,
    symbol: &'static str,
    help: &'static str,
    options: impl Iterator<Item = (&'static str, &'static str)>,
    chosen: &str,
    choose: impl Fn(String) + 'static,
) -> Html {
    let onchange = move |event: Event| choose(event.target_unchecked_into::<HtmlSelectElement>().value());
    html! {
        <div class="field is-wide">
            <label for={id.clone()} title={help}>{ symbol }<span class="sr">{ format!(" {help}") }</span></label>
            <select {id} ~value={chosen.to_owned()} {onchange}>
                { for options.map(|(name, title)| html! { <option value={name} selected={chosen == name}>{ title }</option> }) }
            </select>
        </div>
    }
}
