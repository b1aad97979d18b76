//! The objective: which one, its formula and parameters, the start.

use std::cell::Cell;

use flatland_engine::{
    experiment::{EnsembleSpec, ParameterValue},
    objective,
    spec::Bounds,
};
use web_sys::HtmlSelectElement;
use yew::{platform::spawn_local, prelude::*};

use super::{
    LabHandle,
    choosing::{SEARCH, choosing},
    list_field::ListField,
    network_fields,
    number_field::NumberField,
    parameter::parameter_field,
};
use crate::{chunk::in_chunk, rooms::pick::OBJECTIVE, typeset::formula};

/// Draws the fields of a network.
type Fields = fn(&LabHandle) -> Html;

in_chunk!(
    networks,
    fn fields() -> Fields {
        network_fields::draw
    }
);

thread_local! {
    /// The fields of a network, once they are there.
    static FIELDS: Cell<Option<Fields>> = const { Cell::new(None) };
}

/// How many starts are offered.
const STARTS: [u64; 4] = [1, 8, 16, 32];
/// How far they spread at first.
const SPREAD: f64 = 0.05;

/// See the module's header.
pub fn objective_rail(lab: &LabHandle) -> Html {
    let experiment = lab.read(|session| session.experiment().clone());
    let Some(entry) = objective::find(&experiment.objective.name) else { return Html::default() };
    let choose = choosing(lab, OBJECTIVE, experiment.objective.name.clone(), |lab, name| lab.0.set_objective(name));
    let parameters = entry.description.parameters.iter().map(|parameter| {
        let (lab, key) = (lab.clone(), parameter.key);
        // An optional number that is left out is left to the catalogue.
        let commit = Callback::from(move |value: Option<ParameterValue>| {
            value.map_or(Ok(()), |value| lab.set_objective_parameter(key, value))
        });
        parameter_field("objective", parameter, &experiment.objective, commit)
    });
    let starts = experiment.start.len();
    let variables = experiment.variables();
    let coordinates = if experiment.is_network() { &[][..] } else { &experiment.start };
    let start_fields = coordinates.iter().enumerate().map(|(axis, value)| {
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
    let (starts_label, starts_help) = if experiment.is_network() {
        ("seeds", "Several seeds from this one on: charts show the median and the middle half of them")
    } else {
        ("starts", "Several starts around this one: charts show the median and the middle half of them")
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
            <select id="objective" class="objective" ~value={experiment.objective.name.clone()} onchange={choose}>
                <option value={SEARCH}>{ "Search all objectives …" }</option>
                { for objective::groups().map(|(title, entries)| html! {
                    <optgroup label={title}>
                        { for entries.iter().map(|other| html! {
                            <option value={other.description.name} selected={other.description.name == experiment.objective.name}>{ other.description.title }</option>
                        }) }
                    </optgroup>
                }) }
                <optgroup label="On data">
                    <option value={objective::NETWORK} selected={experiment.is_network()}>{ "Neural network" }</option>
                </optgroup>
            </select>
            if experiment.is_network() {
                { network_fields(lab) }
            } else {
                <div class="formula is-main" tabindex="0" role="group" aria-label={format!("Formula of {}", entry.description.title)}>{ formula(entry.description.name) }</div>
                <div class="fields">
                    { for parameters }
                </div>
            }
            <div class="fields">
                if starts <= 4 || experiment.is_network() {
                    { for start_fields }
                } else {
                    <ListField key={field_key(entry, "start")} id="start" symbol="start" name="all coordinates of the start" bounds={Bounds::ANY} value={experiment.start.clone()} on_commit={on_list} />
                }
                <div class="field">
                    <label for="starts" title={starts_help}>{ starts_label }</label>
                    <select id="starts" ~value={size.to_string()} onchange={choose_size}>
                        { for STARTS.into_iter().chain(other_size).map(|offered| html! { <option value={offered.to_string()} selected={offered == size}>{ offered }</option> }) }
                    </select>
                </div>
                if size > 1 && !experiment.is_network() {
                    <NumberField id="spread" symbol="± spread" name="standard deviation of the coordinates of the starts" value={spread} on_commit={on_spread} />
                }
            </div>
        </>
    }
}

/// The fields of a network. They lie in the chunk that the page has fetched before it could read
/// the network: they are there with the next telling.
fn network_fields(lab: &LabHandle) -> Html {
    if let Some(draw) = FIELDS.get() {
        return draw(lab);
    }
    let lab = lab.clone();
    spawn_local(async move {
        // Without its chunk there would be no network.
        if let Ok(draw) = fields().await {
            FIELDS.set(Some(draw));
            lab.change_view(|_| ());
        }
    });
    Html::default()
}

/// Tells a field of one objective from the same field of another: what was typed there does not
/// follow.
fn field_key(entry: &objective::Entry, field: &str) -> String {
    format!("{}-{field}", entry.description.name)
}
