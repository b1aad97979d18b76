//! The fields of a network in the rail: what it learns from, what it is made of, how its start is
//! drawn, and how well its spectrum is known.

use flatland_engine::{
    Experiment,
    experiment::{ParameterValue, Spec},
    objective,
    spec::{Bounds, Description, Parameter, ParameterKind},
    spectrum::Precision,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    LabHandle,
    number_field::NumberField,
    parameter::{choice, parameter_field},
};
use crate::{chart::axis::significant, networks::about::About, numbers::group};

/// The data set that is a file of the person's own.
const FILE: &str = "file";
/// Its parameters that are set where it is opened.
const OF_FILES: [&str; 4] = ["sha256", "path", "labels", "label"];

/// See the module's header.
pub fn draw(lab: &LabHandle) -> Html {
    let experiment = lab.read(|session| session.experiment().clone());
    let Some(entry) = objective::find(&experiment.objective.name) else { return Html::default() };
    let fields = entry.description.parameters.iter().map(|parameter| field(lab, &experiment.objective, parameter));
    let edit = |change: fn(&mut Experiment, u64)| {
        let lab = lab.clone();
        Callback::from(move |value: Option<f64>| match value {
            Some(value) if value.fract() != 0.0 => Err(format!("Expected a whole number; got {}.", significant(value))),
            Some(value) => lab.edit_experiment(|experiment| change(experiment, value as u64)),
            None => Ok(()),
        })
    };
    let on_tolerance = {
        let lab = lab.clone();
        Callback::from(move |value: Option<f64>| match value {
            Some(value) => lab.edit_experiment(|experiment| experiment.spectrum.tolerance = value),
            None => Ok(()),
        })
    };
    let Precision { count, tolerance, every } = experiment.spectrum;
    html! {
        <>
            <div class="formula is-main" tabindex="0" role="group" aria-label={format!("Formula of {}", entry.description.title)}>{ formula(entry.description.name) }</div>
            <div class="fields">
                { for fields }
                <NumberField id="seed" symbol="seed" name="the weights at the start and what is drawn of the data" whole={true} value={experiment.seed as f64}
                    bounds={Bounds::NONNEGATIVE} on_commit={edit(|experiment, value| experiment.seed = value)} />
            </div>
            if let Some(about) = lab.about_network().and_then(|numbers| About::from_numbers(&numbers)) {
                { facts(&about, experiment.objective.text("loss")) }
            }
            <details class="fields-more">
                <summary>{ "Spectrum" }</summary>
                <div class="fields">
                    <NumberField id="spectrum-count" symbol="eigenvalues" name="how many of the largest are tracked" whole={true} value={count as f64}
                        bounds={Bounds::closed(1.0, Precision::MAX_COUNT as f64)} on_commit={edit(|experiment, value| experiment.spectrum.count = value)} />
                    <NumberField id="spectrum-every" symbol="every" name="steps from one look at the spectrum to the next" whole={true} value={every as f64}
                        bounds={Bounds::closed(1.0, 1e6)} on_commit={edit(|experiment, value| experiment.spectrum.every = value)} />
                    <NumberField id="spectrum-tolerance" symbol="tolerance" name="the largest residual, as a part of λ₁" value={tolerance}
                        bounds={Bounds::closed(1e-12, 0.5)} on_commit={on_tolerance} />
                </div>
            </details>
        </>
    }
}

/// The formula of a network as MathML.
fn formula(name: &str) -> Html {
    let mathml: &'static str = include!(concat!(env!("OUT_DIR"), "/formulas_of_networks.rs"));
    // Made by the build script from the catalogue's own LaTeX: there is nothing of a user's in it.
    Html::from_html_unchecked(AttrValue::from(mathml))
}

/// What is known of a network once a worker has built it.
fn facts(about: &About, loss: &str) -> Html {
    let About { parameters, training, test, .. } = about;
    let [parameters, training, test] = [*parameters, *training, *test].map(|count| group(count as u64));
    let floor = match about.floor {
        Some(floor) => format!(" No weights have a sharpness below {}.", significant(floor)),
        None => String::new(),
    };
    html! {
        <p class="quiet">{ format!("{parameters} parameters; {training} training samples, {test} for testing{}. Sharpness is that of the {}.{floor}", about.classes(), loss.replace('-', " ")) }</p>
    }
}

/// The field of a parameter of the network.
fn field(lab: &LabHandle, objective: &Spec, parameter: &'static Parameter) -> Html {
    let Parameter { key, symbol, help, .. } = *parameter;
    let set = {
        let lab = lab.clone();
        move |value: ParameterValue| lab.set_objective_parameter(key, value)
    };
    match parameter.kind {
        ParameterKind::Flag { .. } => {
            let onchange = move |event: Event| {
                // Yes and no are both valid.
                drop(set(event.target_unchecked_into::<HtmlInputElement>().checked().into()));
            };
            html! {
                <div class="field is-flag">
                    <label for={format!("objective-{key}")} title={help}>{ symbol }<span class="sr">{ format!(" {help}") }</span></label>
                    <input id={format!("objective-{key}")} type="checkbox" checked={objective.flag(key)} {onchange} />
                </div>
            }
        }
        ParameterKind::Part { options, .. } => {
            let chosen = objective.part(key);
            let description = options().into_iter().find(|option| option.name == chosen.name);
            let parameters = description.map_or(&[][..], |description| description.parameters);
            let list = choice_of_part(parameter, options(), chosen, set);
            html! { <>{ list }{ for part_fields(lab, key, chosen, parameters) }</> }
        }
        _ => {
            let commit = Callback::from(move |value: Option<ParameterValue>| value.map_or(Ok(()), &set));
            parameter_field("objective", parameter, objective, commit)
        }
    }
}

/// The list from which a part is chosen.
fn choice_of_part(
    parameter: &'static Parameter,
    options: Vec<&'static Description>,
    chosen: &Spec,
    set: impl Fn(ParameterValue) -> Result<(), String> + 'static,
) -> Html {
    let Parameter { key, symbol, help, .. } = *parameter;
    // A file is chosen by dropping it, not by its name.
    let options = options.into_iter().filter(|option| option.name != FILE || chosen.name == FILE);
    let options = options.map(|option| (option.name, option.title));
    choice(format!("objective-{key}"), symbol, help, options, &chosen.name, move |name| {
        // Whatever is wrong with the network then is said by its runs.
        drop(set(Spec::new(&name).into()));
    })
}

/// The fields of a part's own parameters.
fn part_fields(
    lab: &LabHandle,
    key: &'static str,
    part: &Spec,
    parameters: &'static [Parameter],
) -> impl Iterator<Item = Html> {
    let is_own = |parameter: &&Parameter| part.name != FILE || !OF_FILES.contains(&parameter.key);
    parameters.iter().filter(is_own).map(move |parameter| {
        let (lab, changed, name) = (lab.clone(), part.clone(), parameter.key);
        let commit = Callback::from(move |value: Option<ParameterValue>| {
            let mut part = changed.clone();
            match value {
                Some(value) => part.parameters.insert(name.to_owned(), value),
                None => part.parameters.remove(name),
            };
            lab.set_objective_parameter(key, part.into())
        });
        parameter_field(&format!("objective-{key}"), parameter, part, commit)
    })
}
