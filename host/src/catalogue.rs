//! The catalogues as a document, from the descriptions beside the code.

use std::ops::Bound;

use flatland_engine::spec::{Bounds, Description, Order, Parameter, ParameterKind, Scale};
use flatland_engine::{data, objective, policy};
use serde_json::{Value, json};

/// Objectives, networks, data sets and policies, with their parameters, bounds and sources.
#[must_use]
pub fn document() -> Value {
    let objectives = objective::catalogue().iter().map(|entry| {
        let mut value = description(entry.description);
        value["start"] = json!(entry.default_start);
        value["constant_step"] = json!(entry.constant_step);
        let objective = entry.build_default().ok();
        value["minimum"] = json!(objective.as_ref().and_then(|objective| objective.minimum()));
        value["flattest_sharpness"] = json!(objective.and_then(|objective| objective.flattest_sharpness()));
        value
    });
    let policies = policy::catalogue().iter().map(|entry| description(entry.description));
    let networks = objective::networks().iter().map(|entry| {
        let mut value = description(entry.description);
        value["constant_step"] = json!(entry.constant_step);
        value
    });
    let data = data::catalogue().iter().map(|entry| description(entry.description));
    json!({ "objectives": objectives.collect::<Vec<_>>(), "networks": networks.collect::<Vec<_>>(),
            "data": data.collect::<Vec<_>>(), "policies": policies.collect::<Vec<_>>() })
}

fn description(description: &Description) -> Value {
    let Description { name, title, short, latex, summary, source, parameters } = description;
    let parameters: Vec<_> = parameters.iter().map(parameter).collect();
    json!({ "name": name, "title": title, "short": short, "latex": latex, "summary": summary, "source": source,
            "parameters": parameters })
}

fn parameter(parameter: &Parameter) -> Value {
    let Parameter { key, symbol, help, order, kind } = parameter;
    let mut value = json!({ "key": key, "symbol": symbol, "help": help });
    if let Some(Order { key, is_strict }) = order {
        value[if *is_strict { "below" } else { "at_most" }] = json!(key);
    }
    match kind {
        ParameterKind::Number { default, bounds, slider, scale } => {
            value["type"] = json!("number");
            value["default"] = json!(default);
            value["bounds"] = bounds_value(*bounds);
            value["slider"] = slider_value(*slider, *scale);
        }
        ParameterKind::OptionalNumber { absent, bounds, slider, scale } => {
            value["type"] = json!("optional number");
            value["absent"] = json!(absent);
            value["bounds"] = bounds_value(*bounds);
            value["slider"] = slider_value(*slider, *scale);
        }
        ParameterKind::Choice { default, options } => {
            value["type"] = json!("choice");
            value["default"] = json!(default);
            value["options"] = json!(options);
        }
        ParameterKind::Text { default, .. } => {
            value["type"] = json!("text");
            value["default"] = json!(default);
        }
        ParameterKind::Numbers { default, bounds, max_length } => {
            value["type"] = json!("numbers");
            value["default"] = json!(default);
            value["bounds"] = bounds_value(*bounds);
            value["max_length"] = json!(max_length);
        }
        ParameterKind::Widths { default, bounds, max_length } => {
            value["type"] = json!("whole numbers");
            value["default"] = json!(default);
            value["bounds"] = bounds_value(*bounds);
            value["max_length"] = json!(max_length);
        }
        ParameterKind::Flag { default } => {
            value["type"] = json!("flag");
            value["default"] = json!(default);
        }
        ParameterKind::Part { default, options } => {
            value["type"] = json!("part");
            value["default"] = json!(default);
            value["options"] = options().into_iter().map(description).collect();
        }
    }
    value
}

fn bounds_value(Bounds { min, max }: Bounds) -> Value {
    let end = |bound| match bound {
        Bound::Included(value) => json!({ "value": value, "included": true }),
        Bound::Excluded(value) => json!({ "value": value, "included": false }),
        Bound::Unbounded => Value::Null,
    };
    json!({ "min": end(min), "max": end(max) })
}

fn slider_value((min, max): (f64, f64), scale: Scale) -> Value {
    json!({ "min": min, "max": max, "scale": if scale == Scale::Log { "log" } else { "linear" } })
}
