//! The objective: which one, its formula and parameters, the start.

use flatland_engine::{description::ParameterKind, experiment::ParameterValue, objective};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{LabHandle, formula, formula_field::FormulaField, number_field::NumberField};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The Lab.
    pub lab: LabHandle,
    /// Grows whenever there is something new to show.
    pub version: u64,
}

/// See the module's header.
#[component]
pub fn ObjectiveRail(props: &Props) -> Html {
    let lab = &props.lab;
    let experiment = lab.read(|session| session.experiment().clone());
    let Some(entry) = objective::find(&experiment.objective.name) else { return Html::default() };
    let choose = {
        let lab = lab.clone();
        move |event: Event| lab.set_objective(&event.target_unchecked_into::<HtmlSelectElement>().value())
    };
    let parameters = entry.description.parameters.iter().map(|parameter| {
        let lab = lab.clone();
        let key = parameter.key;
        let id = format!("objective-{key}");
        match parameter.kind {
            ParameterKind::Number { .. } => {
                let on_commit = Callback::from(move |value: Option<f64>| match value {
                    Some(value) => lab.set_objective_parameter(key, ParameterValue::Number(value)),
                    None => Ok(()),
                });
                html! { <NumberField key={field_key(entry, key)} {id} symbol={parameter.symbol} name={parameter.help} value={experiment.objective.optional(key)} {on_commit} /> }
            }
            ParameterKind::Numbers { .. } => {
                let on_commit = Callback::from(move |values| lab.set_objective_parameter(key, ParameterValue::Numbers(values)));
                html! { <ListField key={field_key(entry, key)} {id} symbol={parameter.symbol} name={parameter.help} value={experiment.objective.numbers(key).to_vec()} {on_commit} /> }
            }
            ParameterKind::OptionalNumber { absent, .. } => {
                // An optional number that is left out is left to the catalogue.
                let on_commit = Callback::from(move |value: Option<f64>| match value {
                    Some(value) => lab.set_objective_parameter(key, ParameterValue::Number(value)),
                    None => Ok(()),
                });
                html! { <NumberField key={field_key(entry, key)} {id} symbol={parameter.symbol} name={parameter.help} value={experiment.objective.optional(key)} absent={absent} {on_commit} /> }
            }
            ParameterKind::Choice { options, .. } => {
                let choose = move |event: Event| {
                    let value = event.target_unchecked_into::<HtmlSelectElement>().value();
                    // Only valid options are offered.
                    drop(lab.set_objective_parameter(key, ParameterValue::Text(value)));
                };
                html! {
                    <div class="field is-wide">
                        <label for={id.clone()} title={parameter.help}>{ parameter.symbol }<span class="sr">{ format!(" {}", parameter.help) }</span></label>
                        <select {id} onchange={choose}>
                            { for options.iter().map(|option| html! { <option value={*option} selected={experiment.objective.text(key) == *option}>{ *option }</option> }) }
                        </select>
                    </div>
                }
            }
            ParameterKind::Text { .. } => {
                let on_commit = Callback::from(move |text: String| lab.set_objective_parameter(key, ParameterValue::Text(text)));
                html! { <FormulaField key={field_key(entry, key)} {id} symbol={parameter.symbol} name={parameter.help} text={experiment.objective.text(key).to_owned()} {on_commit} /> }
            }
        }
    });
    let starts = experiment.start.len();
    let start_fields = experiment.start.iter().enumerate().map(|(axis, value)| {
        let (lab, start) = (lab.clone(), experiment.start.clone());
        let on_commit = Callback::from(move |value: Option<f64>| {
            let mut start = start.clone();
            start[axis] = value.unwrap_or(start[axis]);
            lab.set_start(start)
        });
        html! { <NumberField key={field_key(entry, &format!("start-{axis}"))} id={format!("start-{axis}")} symbol={format!("start {}", coordinate(axis, starts))} name="coordinate of the start" value={*value} {on_commit} /> }
    });
    let on_list = {
        let lab = lab.clone();
        Callback::from(move |start| lab.set_start(start))
    };
    html! {
        <>
            <details class="about">
                <summary><h2 class="eyebrow">{ "Objective" }</h2><span>{ "what to look for" }</span></summary>
                <p class="quiet">{ entry.description.summary }</p>
                <p class="source">{ entry.description.source }</p>
            </details>
            <label class="sr" for="objective">{ "Objective" }</label>
            <select id="objective" class="objective" onchange={choose}>
                { for objective::catalogue().iter().map(|other| html! {
                    <option value={other.description.name} selected={other.description.name == experiment.objective.name}>{ other.description.title }</option>
                }) }
            </select>
            <div class="formula is-main" tabindex="0" role="group" aria-label={format!("Formula of {}", entry.description.title)}>{ formula(entry.description.name) }</div>
            <div class="fields">
                { for parameters }
            </div>
            <div class="fields">
                if starts <= 4 {
                    { for start_fields }
                } else {
                    <ListField key={field_key(entry, "start")} id="start" symbol="start" name="all coordinates of the start" value={experiment.start.clone()} on_commit={on_list} />
                }
            </div>
        </>
    }
}

/// Tells a field of one objective from the same field of another: what was typed there does not follow.
fn field_key(entry: &objective::Entry, field: &str) -> String {
    format!("{}-{field}", entry.description.name)
}

/// The name of a coordinate: x, y for two, x₁ … xₙ for more.
fn coordinate(axis: usize, dimension: usize) -> String {
    match (dimension, axis) {
        (1, _) | (2, 0) => "x".to_owned(),
        (2, _) => "y".to_owned(),
        _ => format!("x{}", char::from_u32('₁' as u32 + axis as u32).unwrap_or('ᵢ')),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    id: AttrValue,
    symbol: AttrValue,
    name: AttrValue,
    value: Vec<f64>,
    on_commit: Callback<Vec<f64>, Result<(), String>>,
}

/// A field for several numbers, separated by spaces or semicolons.
#[component]
fn ListField(props: &ListProps) -> Html {
    let draft = use_state(|| None::<String>);
    let error = use_state(|| None::<String>);
    let onchange = {
        let (draft, error, on_commit) = (draft.clone(), error.clone(), props.on_commit.clone());
        move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            match parse_list(&text).and_then(|values| on_commit.emit(values)) {
                Ok(()) => {
                    draft.set(None);
                    error.set(None);
                }
                Err(message) => {
                    draft.set(Some(text));
                    error.set(Some(message));
                }
            }
        }
    };
    {
        // A list that was set in another way is shown, whatever stood in the field.
        let (draft, error) = (draft.clone(), error.clone());
        use_effect_with((props.id.clone(), props.value.clone()), move |_| {
            draft.set(None);
            error.set(None);
        });
    }
    let oninput = {
        let draft = draft.clone();
        move |event: InputEvent| draft.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onkeydown = {
        let (draft, error) = (draft.clone(), error.clone());
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                draft.set(None);
                error.set(None);
            }
        }
    };
    let written = props.value.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let value = (*draft).clone().unwrap_or(written);
    let message_id = format!("{}-message", props.id);
    html! {
        <div class={classes!("field", "is-wide", error.is_some().then_some("has-error"))}>
            <label for={props.id.clone()} title={props.name.clone()}>{ &props.symbol }<span class="sr">{ format!(" {}, separated by semicolons", props.name) }</span></label>
            <input id={props.id.clone()} type="text" autocomplete="off" spellcheck="false" {value}
                aria-invalid={error.is_some().then_some("true")} aria-describedby={error.is_some().then(|| message_id.clone())} {oninput} {onchange} {onkeydown} />
            if let Some(message) = (*error).clone() {
                <p class="message" id={message_id} role="alert">{ message }</p>
            }
        </div>
    }
}

fn parse_list(text: &str) -> Result<Vec<f64>, String> {
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
        assert_eq!(parse_list("1; 0.5, −2"), Ok(vec![1.0, 0.5, -2.0]));
        assert!(parse_list("1; two").is_err());
        assert!(parse_list("1; NaN").is_err());
    }

    #[test]
    fn coordinates_have_their_usual_names() {
        assert_eq!(coordinate(1, 2), "y");
        assert_eq!(coordinate(2, 4), "x₃");
    }
}
