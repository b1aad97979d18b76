//! What can stand on an axis, and the map that an experiment suggests.

use flatland_atlas::{Axis, MapError, Measure, Scale};
use flatland_engine::Experiment;
use flatland_engine::experiment::field::{Field, complete};
use flatland_engine::spec::{Description, Parameter, ParameterKind};
use flatland_engine::{objective, policy};

use crate::Order;

/// The steps of a network's runs to begin with: a map of whole trainings would take hours.
const STEPS_OF_NETWORK: u64 = 300;

/// A number of the experiment as a choice for an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The field with a range to begin with.
    pub axis: Axis,

    /// Its name for people, such as η or start y.
    pub label: String,
}

/// The map to begin with: step size across and start up, where there is a step size.
///
/// # Errors
///
/// If the experiment has no two numbers.
pub fn suggestion(experiment: &Experiment, run: usize) -> Result<Order, MapError> {
    let run = run.min(experiment.runs.len() - 1);
    let mut axes = choices(experiment, run).into_iter().map(|choice| choice.axis);
    let (Some(x), Some(y)) = (axes.next(), axes.next()) else {
        let remedy = "take an objective or a policy with a parameter";
        return Err(MapError::new("", "an experiment with two numbers", "fewer", remedy));
    };
    // Networks rarely end otherwise than by their budget.
    let is_network = experiment.is_network();
    let measure = if is_network { Measure::Loss } else { Measure::Outcome };
    let steps = (is_network && experiment.steps > STEPS_OF_NETWORK).then_some(STEPS_OF_NETWORK);
    Ok(Order { run, x, y, measure: Some(measure), steps, limits: None })
}

/// The numbers of an experiment that may stand on an axis of a map of run number `run`, those of
/// most interest first.
#[must_use]
pub fn choices(experiment: &Experiment, run: usize) -> Vec<Choice> {
    let document = complete(experiment);
    let objective = objective::find(&experiment.objective.name);
    let view = objective.map_or([-2.0, 2.0, -2.0, 2.0], |entry| entry.view);
    let own = format!("runs[{run}].policy.");
    let policy = experiment.runs.get(run).and_then(|run| policy::find(&run.policy.name));
    let names = experiment.variables();
    let mut choices = Vec::new();
    for field in Field::all(&document) {
        let path = field.path();
        let number = field.number(&document);
        let of = |description: Option<&'static Description>, key: &str| {
            let description = description?;
            let parameter = description.parameter(key)?;
            let (low, high, scale) = range(parameter, number)?;
            let (low, high) = in_order(description, parameter, (low, high), |other| {
                Field::find(&document, &path.replace(key, other)).ok()?.number(&document)
            });
            Some((parameter.symbol.to_owned(), (low, high, scale)))
        };
        let found = if let Some(found) = of_network(experiment, path, number) {
            Some(found)
        } else if let Some(key) = path.strip_prefix(&own) {
            of(policy.map(|entry| entry.description), key).or_else(|| typed(key, number))
        } else if let Some(key) = path.strip_prefix("objective.").filter(|_| !experiment.is_network()) {
            of(objective.map(|entry| entry.description), key).or_else(|| typed(key, number))
        } else if let Some(index) =
            path.strip_prefix("start[").and_then(|rest| rest.trim_end_matches(']').parse::<usize>().ok())
        {
            // The view of one variable has the loss upwards.
            let (from, to) =
                if index == 1 && experiment.start.len() > 1 { (view[2], view[3]) } else { (view[0], view[1]) };
            names.get(index).map(|name| (format!("start {name}"), (from, to, Scale::Linear)))
        } else {
            None
        };
        if let Some((label, (from, to, scale))) = found {
            choices.push(Choice { axis: Axis { field: path.to_owned(), from, to, scale }, label });
        }
    }
    // Step sizes first, then starts, then all else.
    choices.sort_by_key(|choice| match choice.axis.field.as_str() {
        field if field.starts_with(&own) && field.ends_with(".eta") => 0,
        field if field.starts_with("start") || (field == "seed" && experiment.is_network()) => 1,
        field if field.starts_with(&own) => 2,
        _ => 3,
    });
    choices
}

/// A number of a network's document, with a range to begin with: eight seeds, the widths of hidden
/// layers, and the parameters of the data and of the initialization.
fn of_network(experiment: &Experiment, path: &str, number: Option<f64>) -> Option<(String, (f64, f64, Scale))> {
    if !experiment.is_network() {
        return None;
    }
    if path == "seed" {
        return Some((path.to_owned(), (0.0, 7.0, Scale::Linear)));
    }
    let key = path.strip_prefix("objective.")?;
    if let Some(layer) = key.strip_prefix("hidden[").and_then(|rest| rest.trim_end_matches(']').parse::<usize>().ok()) {
        return Some((format!("width of layer {}", layer + 1), (1.0, 2.0 * number?, Scale::Linear)));
    }
    let (part, key) = key.split_once('.')?;
    let description = objective::find(&experiment.objective.name)?.description;
    let ParameterKind::Part { options, .. } = description.parameter(part)?.kind else { return None };
    let name = &experiment.objective.part(part).name;
    let parameter = options().into_iter().find(|option| option.name == name)?.parameter(key)?;
    Some((parameter.help.to_owned(), range(parameter, number)?))
}

/// The range of a parameter to begin with: that of its slider, widened to hold twice what it is
/// now; for η from a little to twice.
fn range(parameter: &Parameter, number: Option<f64>) -> Option<(f64, f64, Scale)> {
    let (ParameterKind::Number { slider, scale, .. } | ParameterKind::OptionalNumber { slider, scale, .. }) =
        parameter.kind
    else {
        return None;
    };
    let number = number.unwrap_or(slider.0);
    if parameter.key == "eta" {
        return Some((0.02 * number, 2.2 * number, Scale::Linear));
    }
    let (low, high) = (slider.0.min(number), slider.1.max(number));
    let is_log = matches!(scale, flatland_engine::spec::Scale::Log) && low > 0.0;
    Some((low, high, if is_log { Scale::Log } else { Scale::Linear }))
}

/// The part of a range where a parameter does not contradict the numbers that it must not exceed,
/// and those that must not exceed it; `number` tells what another parameter is.
fn in_order(
    description: &Description,
    parameter: &Parameter,
    (mut low, mut high): (f64, f64),
    number: impl Fn(&str) -> Option<f64>,
) -> (f64, f64) {
    // Strictly below a limit begins a little away from it.
    let gap = |is_strict: bool| if is_strict { 1e-3 } else { 0.0 };
    if let Some((order, limit)) = parameter.order.and_then(|order| Some((order, number(order.key)?))) {
        high = high.min(limit - gap(order.is_strict) * limit.abs());
    }
    for smaller in description.parameters {
        let Some(order) = smaller.order.filter(|order| order.key == parameter.key) else { continue };
        if let Some(limit) = number(smaller.key) {
            low = low.max(limit + gap(order.is_strict) * limit.abs());
        }
    }
    (low, high)
}

/// A parameter of a typed formula, or a number of a list.
fn typed(key: &str, number: Option<f64>) -> Option<(String, (f64, f64, Scale))> {
    let number = number?;
    let size = number.abs().max(0.5);
    let label = key.trim_start_matches("expression.").to_owned();
    Some((label, (number - size, number + size, Scale::Linear)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suggested_map_can_be_drawn() {
        for entry in objective::catalogue().iter().chain(objective::networks()) {
            for policy in policy::catalogue() {
                let json = format!(
                    r#"{{"version":1,"objective":{{"name":"{}"}},"runs":[{{"policy":{{"name":"{}"}}}}]}}"#,
                    entry.description.name, policy.description.name
                );
                let experiment = Experiment::from_json(&json).expect("valid");
                let Ok(order) = suggestion(&experiment, 0) else {
                    // An objective of one variable without parameters, under a policy without any.
                    assert_eq!(experiment.start.len(), 1, "{json}");
                    continue;
                };
                if let Err(error) = order.drawing(&experiment) {
                    panic!("{json}: {error}");
                }
            }
        }
    }

    #[test]
    fn a_map_of_a_network_has_steps_across_and_seeds_up() {
        let json = r#"{"version":1,"objective":{"name":"network","data":{"name":"moons"},"hidden":[16]},
            "runs":[{"policy":{"name":"constant","eta":1}}],"steps":10}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let order = suggestion(&experiment, 0).expect("numbers");
        assert_eq!((order.x.field.as_str(), order.y.field.as_str()), ("runs[0].policy.eta", "seed"));
        assert_eq!((order.measure, order.y.from, order.y.to), (Some(Measure::Loss), 0.0, 7.0));
        let fields: Vec<String> = choices(&experiment, 0).into_iter().map(|choice| choice.axis.field).collect();
        for field in ["objective.hidden[0]", "objective.data.noise", "objective.initialization.scale"] {
            assert!(fields.iter().any(|known| known == field), "{fields:?}");
            let choice = choices(&experiment, 0).into_iter().find(|choice| choice.axis.field == field).expect("there");
            let order = Order { x: choice.axis, ..order.clone() };
            assert!(order.drawing(&experiment).is_ok(), "{field}");
        }
    }

    #[test]
    fn every_choice_can_stand_on_an_axis() {
        let json = r#"{"version":1,"objective":{"name":"river"},"runs":[{"policy":{"name":"polyak"}},{"policy":{"name":"capped-nonmonotone-line-search"}}]}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let choices = choices(&experiment, 1);
        assert!(choices.len() >= 8 && choices.iter().all(|choice| !choice.axis.field.starts_with("runs[0]")));
        for choice in &choices[1..] {
            let order = Order {
                run: 1,
                x: choices[0].axis.clone(),
                y: choice.axis.clone(),
                measure: Some(Measure::Outcome),
                steps: None,
                limits: None,
            };
            if let Err(error) = order.drawing(&experiment) {
                panic!("{}: {error}", choice.axis.field);
            }
        }
        assert_eq!(choices[0].label, "start x");
    }

    #[test]
    fn no_range_contradicts_the_other_constants() {
        for (policy, key, from, to) in [
            (r#"{"name":"cyclic"}"#, "eta_min", 1e-3, 0.3),
            (r#"{"name":"cyclic"}"#, "eta_max", 0.05, 10.0),
            (r#"{"name":"wolfe","c1":0.01,"c2":0.1}"#, "c1", 1e-4, 0.0999),
            (r#"{"name":"wolfe","c1":0.01,"c2":0.1}"#, "c2", 0.01001, 0.99),
        ] {
            let json = format!(r#"{{"version":1,"objective":{{"name":"river"}},"runs":[{{"policy":{policy}}}]}}"#);
            let choices = choices(&Experiment::from_json(&json).expect("valid"), 0);
            let axis = choices.iter().map(|choice| &choice.axis).find(|axis| axis.field.ends_with(key)).expect(key);
            assert!((axis.from - from).abs() < 1e-12 && (axis.to - to).abs() < 1e-12, "{key}: {axis:?}");
        }
    }
}
