//! The step-size policies: one card a run, with its parameters and what it is doing at the step
//! shown.

use flatland_engine::{
    experiment::ParameterValue,
    objective, policy,
    spec::{Bounds, Description, Parameter, ParameterKind},
};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{
    LabHandle,
    choosing::{SEARCH, choosing},
    formula_field::FormulaField,
    icons,
    number_field::NumberField,
    plain_button::plain_if,
    reading::Reading,
    run_class,
    slider::Slider,
};
use crate::{
    chart::axis::{round_to, significant},
    chart::panels,
    protocol::RunId,
    rooms::pick::ADDED_POLICY,
    typeset::formula,
};

/// All cards, and the way to add one.
pub fn policies(lab: &LabHandle) -> Html {
    let (ids, has_room) =
        lab.read(|session| (session.runs().iter().map(|run| run.id).collect::<Vec<_>>(), session.has_room()));
    let add = choosing(lab, ADDED_POLICY, String::new(), |lab, name| lab.0.add_run(name));
    // What has been added is chosen no longer.
    let add = Callback::from(move |event: Event| {
        let select = event.target_unchecked_into::<HtmlSelectElement>();
        add.emit(event);
        select.set_value("");
    });
    html! {
        <>
            <h2 class="eyebrow">{ "Step-size policies" }</h2>
            <ul class="policies">
                { for ids.iter().enumerate().map(|(index, id)| card(lab, index, *id, ids.len() > 1)) }
            </ul>
            if has_room {
                <div class="add">
                    { icons::plus() }
                    <label class="sr" for="add-policy">{ "Add a policy" }</label>
                    <select id="add-policy" onchange={add}>
                        <option value="" selected={true}>{ "Add a policy" }</option>
                        <option value={SEARCH}>{ "Search all policies …" }</option>
                        { offered(None) }
                    </select>
                </div>
            } else {
                <p class="quiet">{ "Eight policies are the most that can be told apart. Remove one to add another." }</p>
            }
        </>
    }
}

/// What stands for a word of the glossary, by its place among those that can be asked for; a click
/// opens it there.
pub(super) fn word(lab: &LabHandle, class: &'static str, place: usize, title: AttrValue, content: Html) -> Html {
    let lab = lab.clone();
    // The room counts its words from 1.
    let open = move |_: MouseEvent| lab.0.open_dialog(&format!("words-{}", place + 1));
    html! { <button class={classes!("plain", "word", class)} type="button" {title} onclick={open}>{ content }</button> }
}

/// The slider of a run's step size, which stands at `shown` where the policy chooses it itself.
pub(super) fn step_size_slider(lab: &LabHandle, index: usize, label: String, shown: f64) -> Slider {
    let (eta, scale) = lab.read(|session| {
        let objective = objective::find(&session.experiment().objective.name);
        (session.policy(index).optional("eta"), objective.map_or(0.1, |entry| entry.constant_step))
    });
    let slide = eta.map(|_| {
        let lab = lab.clone();
        // What the slider offers is always valid; the fields say what is not.
        Callback::from(move |value: f64| {
            drop(lab.set_policy_parameter(index, "eta", Some(ParameterValue::Number(value))));
        })
    });
    Slider {
        label,
        value: eta.unwrap_or(shown),
        range: (scale / 100.0, scale * 20.0),
        is_log: true,
        text: significant(eta.unwrap_or(shown)),
        on_input: slide,
    }
}

/// The card of the run at this place, with this id.
fn card(lab: &LabHandle, index: usize, id: RunId, removable: bool) -> Html {
    let Some((spec, reading)) = lab.read(|session| Some((session.policy(index).clone(), Reading::of(session, index)?)))
    else {
        return Html::default();
    };
    let Some(entry) = policy::find(&spec.name) else { return Html::default() };
    let description = entry.description;
    let number = index + 1;
    let choose = choosing(lab, number, spec.name.clone(), move |lab, name| lab.0.set_policy_name(index, name));
    let remove = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.remove_run(index))
    };
    let eta = spec.optional("eta");
    let slider = step_size_slider(lab, index, format!("Step size of run {number}"), reading.step_size);
    let view = lab.view();
    let select = {
        let lab = lab.clone();
        Callback::from(move |()| lab.select(index))
    };
    let is_selected = (view.selected == index).then_some("is-selected");
    if view.ghosts.contains(&index) {
        return html! {
            <li key={id} class={classes!("policy", "is-ghost", run_class(reading.color), is_selected)} aria-label={format!("Ghost {number}: {}", description.title)}
                onpointerdown={select.reform(|_: PointerEvent| ())} onfocusin={select.reform(|_: FocusEvent| ())}>
                <div class="policy-head">
                    <span class="dot" aria-hidden="true"></span>{ digit(number) }
                    <span class="ghost-name">{ lab.read(|session| panels::title(session, index)) }<em>{ "ghost" }</em></span>
                    { plain_if(true, format!("Remove ghost {number}, {}", description.title).into(), "", icons::close(), remove) }
                </div>
            </li>
        };
    }
    let fork = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.fork(index))
    };
    let has_room = lab.read(|session| session.has_room());
    html! {
        <li key={id} class={classes!("policy", run_class(reading.color), is_selected)} aria-label={format!("Policy {number}: {}", description.title)}
            onpointerdown={select.reform(|_: PointerEvent| ())} onfocusin={select.reform(|_: FocusEvent| ())}>
            <div class="policy-head">
                <span class="dot" aria-hidden="true"></span>{ digit(number) }
                <select class="policy-name" aria-label={format!("Policy of run {number}")} ~value={spec.name.clone()} onchange={choose}>
                    <option value={SEARCH}>{ "Search all policies …" }</option>
                    { offered(Some(&spec.name)) }
                </select>
                { plain_if(has_room, format!("Fork run {number} here").into(), "Fork here: keep this run as a ghost and go on with a copy (F)", icons::fork(), fork) }
                if removable {
                    { plain_if(true, format!("Remove run {number}, {}", description.title).into(), "", icons::close(), remove) }
                }
            </div>
            { slider.view() }
            <div class="readings">
                <div>
                    if let (Some(eta), "constant") = (eta, spec.name.as_str()) {
                        <NumberField id={format!("eta-{number}")} symbol="η" name={format!("step size of run {number}")} value={eta} bounds={Bounds::POSITIVE} stacked={true}
                            on_commit={commit_number(lab, index, "eta")} />
                    } else {
                        { word(lab, "name", 3, "the step size".into(), "η".into()) }<span class="value">{ significant(reading.step_size) }</span>
                    }
                </div>
                <div>{ word(lab, "name", 1, "the sharpness above which the method is unstable".into(), (if reading.is_plain { "2/η" } else { "edge" }).into()) }<span class="value">{ significant(reading.threshold) }</span></div>
                <div>{ word(lab, "name", 0, reading.known_at.map_or_else(|| "the sharpness".into(), |step| format!("that of step {step}, the last at which it was looked at").into()), "λ₁".into()) }<span class="value">{ significant(reading.sharpness) }</span></div>
                <div class={(reading.product > 2.0).then_some("is-beyond")}>{ word(lab, "name", 2, "at 2 the method is at its edge".into(), (if reading.is_plain { "η·λ₁" } else { "2λ₁/edge" }).into()) }<span class="value">{ significant(reading.product) }</span></div>
            </div>
            { word(lab, "doing", reading.word, "what the run is doing".into(), html! { <><span class="swatch" aria-hidden="true"></span><span class="phase">{ reading.phase.clone() }</span></> }) }
            <details>
                <summary>{ "settings" }</summary>
                <div class="formula" tabindex="0" role="group" aria-label={format!("Formula of {}", description.title)}>{ formula(description.name) }</div>
                <div class="fields">
                    { for description.parameters.iter().map(|parameter| parameter_field(lab, index, parameter, &spec)) }
                </div>
                if spec.name == "constant" {
                    <div class="presets">
                        { for [("1/λ₁", 1.0), ("2/λ₁", 2.0)].map(|(label, factor)| preset(lab, index, label, factor, reading.sharpness)) }
                    </div>
                    <div class="presets">
                        { for [("gradient-flow", "+ gradient flow"), ("central-flow", "+ central flow")].map(|(name, label)| beside(lab, index, name, label, has_room)) }
                    </div>
                }
                <p class="quiet">{ description.summary }</p>
                if names_differ(description.title, description.short) {
                    <p class="source">{ format!("On the charts: {}", description.short) }</p>
                }
                <p class="source">{ description.source }</p>
            </details>
            if let Some(end) = reading.end {
                <p class="end">{ sentence_case(&end) }</p>
            }
        </li>
    }
}

/// All policies, in groups of a kind, as a list offers them.
fn offered(chosen: Option<&str>) -> Html {
    let option = |description: &'static Description| {
        html! { <option value={description.name} selected={chosen == Some(description.name)}>{ description.title }</option> }
    };
    let group = |(title, entries): (&'static str, &'static [policy::Entry])| {
        html! { <optgroup label={title}>{ for entries.iter().map(|entry| option(entry.description)) }</optgroup> }
    };
    policy::groups().map(group).collect()
}

/// The key that selects a run.
fn digit(number: usize) -> Html {
    html! { <kbd aria-hidden="true" title={format!("Key {number} selects this run")}>{ number }</kbd> }
}

/// A button that sets η to a multiple of 1/λ₁ at the step shown.
fn preset(lab: &LabHandle, index: usize, label: &'static str, factor: f64, sharpness: f64) -> Html {
    let eta = round_to(factor / sharpness, 4);
    let is_possible = eta.is_finite() && eta > 0.0;
    let commit = commit_number(lab, index, "eta");
    html! {
        <button type="button" disabled={!is_possible} title={format!("η = {label} at this step")} onclick={move |_| drop(commit.emit(Some(eta)))}>
            { format!("η = {label}") }
        </button>
    }
}

/// A button that adds a flow of this run's step size, to be compared with it.
fn beside(lab: &LabHandle, index: usize, name: &'static str, label: &'static str, has_room: bool) -> Html {
    let lab = lab.clone();
    html! {
        <button type="button" disabled={!has_room} title="A curve to compare this run with, over the time Σ η" onclick={move |_| lab.add_flow(index, name)}>
            { label }
        </button>
    }
}

fn commit_number(lab: &LabHandle, index: usize, key: &'static str) -> Callback<Option<f64>, Result<(), String>> {
    let lab = lab.clone();
    Callback::from(move |value: Option<f64>| lab.set_policy_parameter(index, key, value.map(ParameterValue::Number)))
}

fn parameter_field(
    lab: &LabHandle,
    index: usize,
    parameter: &'static Parameter,
    spec: &flatland_engine::experiment::Spec,
) -> Html {
    let id = format!("run-{}-{}", index + 1, parameter.key);
    let name = format!("{} of run {}", parameter.help, index + 1);
    match parameter.kind {
        // The card's own field above.
        ParameterKind::Number { .. } if parameter.key == "eta" && spec.name == "constant" => Html::default(),
        ParameterKind::Number { bounds, .. } => html! {
            <NumberField {id} symbol={parameter.symbol} {name} {bounds} value={spec.optional(parameter.key)} on_commit={commit_number(lab, index, parameter.key)} />
        },
        ParameterKind::OptionalNumber { absent, bounds, .. } => html! {
            <NumberField {id} symbol={parameter.symbol} {name} {bounds} value={spec.optional(parameter.key)} absent={absent} on_commit={commit_number(lab, index, parameter.key)} />
        },
        ParameterKind::Choice { options, .. } => {
            let lab = lab.clone();
            let key = parameter.key;
            let choose = move |event: Event| {
                let value = event.target_unchecked_into::<HtmlSelectElement>().value();
                // Only valid options are offered.
                drop(lab.set_policy_parameter(index, key, Some(ParameterValue::Text(value))));
            };
            html! {
                <div class="field">
                    <label for={id.clone()}>{ parameter.symbol }</label>
                    <select {id} ~value={spec.text(parameter.key).to_owned()} onchange={choose}>
                        { for options.iter().map(|option| html! { <option value={*option} selected={spec.text(parameter.key) == *option}>{ *option }</option> }) }
                    </select>
                </div>
            }
        }
        ParameterKind::Text { .. } => {
            let (lab, key) = (lab.clone(), parameter.key);
            let on_commit = Callback::from(move |text: String| {
                lab.set_policy_parameter(index, key, Some(ParameterValue::Text(text)))
            });
            html! {
                <FormulaField {id} symbol={parameter.symbol} {name} text={spec.text(parameter.key).to_owned()}
                    variables={policy::RULE_VARIABLES.as_slice()} {on_commit} />
            }
        }
        // No policy has a list, a flag or parts.
        ParameterKind::Numbers { .. }
        | ParameterKind::Widths { .. }
        | ParameterKind::Flag { .. }
        | ParameterKind::Part { .. } => Html::default(),
    }
}

/// Whether a name on the charts says too little to be known again.
fn names_differ(title: &str, short: &str) -> bool {
    !short.is_empty() && !title.to_lowercase().starts_with(&short.to_lowercase())
}

/// The text with a capital at its beginning; the sentences of ends begin with plain letters.
fn sentence_case(text: &str) -> String {
    let mut sentence = text.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}
