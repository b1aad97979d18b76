//! The field for a formula or a step-size rule of one's own, with a slider for each of its
//! parameters.

use flatland_engine::formula::{Formula, FormulaError, Parameter};
use yew::prelude::*;

use super::{draft::use_draft, slider::Slider};
use crate::chart::axis::significant;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The field's id, unique on the page.
    pub id: AttrValue,
    /// What is written beside it.
    pub symbol: AttrValue,
    /// What it is, in words.
    pub name: AttrValue,
    /// The formula as it was typed.
    pub text: String,
    /// The variables, where they are given and not the formula's own.
    #[prop_or_default]
    pub variables: Option<&'static [&'static str]>,
    /// Takes a formula, or says why not.
    pub on_commit: Callback<String, Result<(), String>>,
}

impl Props {
    fn parse(&self, text: &str) -> Result<Formula, FormulaError> {
        match self.variables {
            Some(variables) => Formula::with_variables(text, variables),
            None => Formula::parse(text),
        }
    }

    /// What is said while somebody types.
    fn hint(&self, text: &str) -> String {
        if text.trim().is_empty() {
            return "Empty. Esc brings back what was here.".to_owned();
        }
        match self.parse(text) {
            Ok(_) => "Not yet shown: press Enter. Esc brings back what was here.".to_owned(),
            Err(error) => format!("So far: at {error}."),
        }
    }
}

/// See the module's header. The formula is taken on Enter and on leaving the field; Shift+Enter
/// begins a line.
#[component]
pub fn FormulaField(props: &Props) -> Html {
    let draft = use_draft(props.text.clone());
    let commit = {
        let (draft, props) = (draft.clone(), props.clone());
        Callback::from(move |text: String| {
            // The parser's own words are shorter than the experiment's: the field is known here.
            let parsed = props.parse(&text).map_err(|error| format!("At {error}."));
            let result = parsed.and_then(|_| props.on_commit.emit(text.clone()));
            draft.settle(text, result);
        })
    };
    let oninput = draft.on_input();
    let (onchange, onkeydown) = draft.on_end(commit);
    let value = draft.shown(props.text.clone());
    let refusal = draft.refusal();
    let hint = (value != props.text && refusal.is_none()).then(|| props.hint(&value));
    let message_id = format!("{}-message", props.id);
    let formula = props.parse(&props.text).ok();
    let sliders =
        formula.iter().flat_map(|formula| formula.parameters.iter().map(|parameter| slider(props, formula, parameter)));
    html! {
        <div class={classes!("formula-field", refusal.is_some().then_some("has-error"))}>
            <label class="sr" for={props.id.clone()}>{ &props.name }</label>
            <textarea id={props.id.clone()} rows={if props.variables.is_some() { "2" } else { "3" }} autocomplete="off" spellcheck="false" {value} aria-invalid={refusal.is_some().then_some("true")}
                aria-describedby={refusal.is_some().then(|| message_id.clone())} {oninput} {onchange} {onkeydown} />
            if let Some(message) = refusal {
                <p class="message" id={message_id} role="alert">{ message }</p>
            }
            if let Some(hint) = hint {
                <p class="hint">{ hint }</p>
            }
            { for sliders }
        </div>
    }
}

/// The slider of a parameter, over its range or, without one, over ten times its size.
fn slider(props: &Props, formula: &Formula, parameter: &Parameter) -> Html {
    let size = parameter.value.abs().max(0.1);
    let range = parameter.range.unwrap_or((parameter.value - 10.0 * size, parameter.value + 10.0 * size));
    let on_input = {
        let (formula, text, name, on_commit) =
            (formula.clone(), props.text.clone(), parameter.name.clone(), props.on_commit.clone());
        // A number in the place of a number leaves the formula a formula.
        Callback::from(move |value: f64| drop(on_commit.emit(formula.with_parameter(&text, &name, value))))
    };
    html! {
        <div class="parameter" key={parameter.name.clone()}>
            <span>{ &parameter.name }</span>
            { Slider { label: format!("Parameter {}", parameter.name), value: parameter.value, range, is_log: false, text: significant(parameter.value), on_input: Some(on_input) }.view() }
            <span class="value">{ significant(parameter.value) }</span>
        </div>
    }
}
