//! The field for a formula or a step-size rule of one's own, with a slider for each of its parameters.

use flatland_engine::formula::{Formula, FormulaError, Parameter};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::slider::Slider;
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
}

/// See the module's header. The formula is taken on Enter and on leaving the field; Shift+Enter begins a line.
#[component]
pub fn FormulaField(props: &Props) -> Html {
    let draft = use_state(|| None::<String>);
    let error = use_state(|| None::<String>);
    {
        // A formula that was set in another way is shown, whatever stood in the field.
        let (draft, error) = (draft.clone(), error.clone());
        use_effect_with(props.text.clone(), move |_| {
            draft.set(None);
            error.set(None);
        });
    }
    let commit = {
        let (draft, error, props) = (draft.clone(), error.clone(), props.clone());
        Callback::from(move |text: String| {
            // The parser's own words are shorter than the experiment's: the field is known here.
            let parsed = props.parse(&text).map_err(|error| error.to_string());
            let result = parsed.and_then(|_| props.on_commit.emit(text.clone()));
            match result {
                Ok(()) => {
                    draft.set(None);
                    error.set(None);
                }
                Err(message) => {
                    draft.set(Some(text));
                    error.set(Some(message));
                }
            }
        })
    };
    let oninput = {
        let draft = draft.clone();
        move |event: InputEvent| draft.set(Some(event.target_unchecked_into::<HtmlTextAreaElement>().value()))
    };
    let onchange = {
        let commit = commit.clone();
        move |event: Event| commit.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value())
    };
    let onkeydown = {
        let (draft, error) = (draft.clone(), error.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                commit.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
            }
            "Escape" => {
                draft.set(None);
                error.set(None);
            }
            _ => {}
        }
    };
    let value = (*draft).clone().unwrap_or_else(|| props.text.clone());
    let message_id = format!("{}-message", props.id);
    let formula = props.parse(&props.text).ok();
    let sliders =
        formula.iter().flat_map(|formula| formula.parameters.iter().map(|parameter| slider(props, formula, parameter)));
    html! {
        <div class={classes!("formula-field", error.is_some().then_some("has-error"))}>
            <label class="sr" for={props.id.clone()}>{ &props.name }</label>
            <textarea id={props.id.clone()} rows={if props.variables.is_some() { "2" } else { "3" }} autocomplete="off" spellcheck="false" {value} aria-invalid={error.is_some().then_some("true")}
                aria-describedby={error.is_some().then(|| message_id.clone())} {oninput} {onchange} {onkeydown} />
            if let Some(message) = (*error).clone() {
                <p class="message" id={message_id} role="alert">{ format!("At {message}.") }</p>
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
            <Slider label={format!("Parameter {}", parameter.name)} value={parameter.value} {range} is_log={false} text={significant(parameter.value)} {on_input} />
            <span class="value">{ significant(parameter.value) }</span>
        </div>
    }
}
