//! The objective: which one, its formula and parameters, the start.

use flatland_engine::{
    experiment::{EnsembleSpec, ParameterValue},
    objective,
    spec::{Bounds, ParameterKind},
};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{LabHandle, formula, formula_field::FormulaField, list_field::ListField, number_field::NumberField};

/// How many starts are offered.
const STARTS: [u64; 4] = [1, 8, 16, 32];
/// How far they spread at first.
const SPREAD: f64 = 0.05;

/// See the module's header.
pub fn objective_rail(lab: &LabHandle) -> Html {
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
            ParameterKind::Number { bounds, .. } => {
                let on_commit = Callback::from(move |value: Option<f64>| match value {
                    Some(value) => lab.set_objective_parameter(key, ParameterValue::Number(value)),
                    None => Ok(()),
                });
                html! { <NumberField key={field_key(entry, key)} {id} symbol={parameter.symbol} name={parameter.help} {bounds} value={experiment.objective.optional(key)} {on_commit} /> }
            }
            ParameterKind::Numbers { bounds, .. } => {
                let on_commit = Callback::from(move |values| lab.set_objective_parameter(key, ParameterValue::Numbers(values)));
                html! { <ListField key={field_key(entry, key)} {id} symbol={parameter.symbol} name={parameter.help} {bounds} value={experiment.objective.numbers(key).to_vec()} {on_commit} /> }
            }
            ParameterKind::OptionalNumber { absent, bounds, .. } => {
                // An optional number that is left out is left to the catalogue.
                let on_commit = Callback::from(move |value: Option<f64>| match value {
                    Some(value) => lab.set_objective_parameter(key, ParameterValue::Number(value)),
                    None => Ok(()),
                });
                html! { <NumberField key={field_key(entry, key)} {id} symbol={parameter.symbol} name={parameter.help} {bounds} value={experiment.objective.optional(key)} absent={absent} {on_commit} /> }
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
            // Networks alone have these, and the page has no networks.
            ParameterKind::Widths { .. } | ParameterKind::Flag { .. } | ParameterKind::Part { .. } => Html::default(),
        }
    });
    let starts = experiment.start.len();
    let variables = experiment.variables();
    let start_fields = experiment.start.iter().enumerate().map(|(axis, value)| {
        let (lab, start) = (lab.clone(), experiment.start.clone());
        let on_commit = Callback::from(move |value: Option<f64>| {
            let mut start = start.clone();
            start[axis] = value.unwrap_or(start[axis]);
            lab.set_start(start)
        });
        html! { <NumberField key={field_key(entry, &format!("start-{axis}"))} id={format!("start-{axis}")} symbol={format!("start {}", variables[axis])} name="coordinate of the start" bounds={Bounds::ANY} value={*value} {on_commit} /> }
    });
    let on_list = {
        let lab = lab.clone();
        Callback::from(move |start| lab.set_start(start))
    };
    let EnsembleSpec { size, spread } = experiment.ensemble.unwrap_or(EnsembleSpec { size: 1, spread: SPREAD });
    let choose_size = {
        let lab = lab.clone();
        move |event: Event| {
            let size = event.target_unchecked_into::<HtmlSelectElement>().value().parse().unwrap_or(1);
            // Only valid sizes are offered.
            drop(lab.set_ensemble((size > 1).then_some(EnsembleSpec { size, spread })));
        }
    };
    let on_spread = {
        let lab = lab.clone();
        Callback::from(move |spread: Option<f64>| {
            lab.set_ensemble(Some(EnsembleSpec { size, spread: spread.unwrap_or(f64::NAN) }))
        })
    };
    let other_size = (!STARTS.contains(&size)).then_some(size);
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
                    <ListField key={field_key(entry, "start")} id="start" symbol="start" name="all coordinates of the start" bounds={Bounds::ANY} value={experiment.start.clone()} on_commit={on_list} />
                }
                <div class="field">
                    <label for="starts" title="Several starts around this one: charts show the median and the middle half of them">{ "starts" }</label>
                    <select id="starts" onchange={choose_size}>
                        { for STARTS.into_iter().chain(other_size).map(|offered| html! { <option value={offered.to_string()} selected={offered == size}>{ offered }</option> }) }
                    </select>
                </div>
                if size > 1 {
                    <NumberField id="spread" symbol="± spread" name="standard deviation of the coordinates of the starts" value={spread} on_commit={on_spread} />
                }
            </div>
        </>
    }
}

/// Tells a field of one objective from the same field of another: what was typed there does not
/// follow.
fn field_key(entry: &objective::Entry, field: &str) -> String {
    format!("{}-{field}", entry.description.name)
}
