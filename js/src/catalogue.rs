//! The catalogues as plain objects.

use flatland_engine::{
    data, objective, policy,
    spec::{Description, ParameterKind},
};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
struct Catalogue {
    objectives: Vec<Objective>,
    networks: Vec<Network>,
    data: Vec<Data>,
    policies: Vec<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Network {
    #[serde(flatten)]
    item: Item,
    constant_step: f64,
}

#[derive(Serialize)]
struct Data {
    #[serde(flatten)]
    item: Item,
    files: &'static [&'static str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Objective {
    #[serde(flatten)]
    item: Item,
    start: &'static [f64],
    constant_step: f64,
    minimum: Option<f64>,
    flattest_sharpness: Option<f64>,
}

#[derive(Serialize)]
struct Item {
    name: &'static str,
    title: &'static str,
    short: &'static str,
    latex: &'static str,
    summary: &'static str,
    source: &'static str,
    parameters: Vec<Parameter>,
}

#[derive(Serialize)]
struct Parameter {
    key: &'static str,
    symbol: &'static str,
    help: &'static str,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Kind {
    Number { default: f64, valid: String },
    OptionalNumber { absent: &'static str, valid: String },
    Choice { default: &'static str, options: &'static [&'static str] },
    Text { default: &'static str },
    Numbers { default: &'static [f64], valid: String },
    Flag { default: bool },
    Part { default: &'static str, options: Vec<Item> },
}

/// Everything there is, with names, formulas, sources and parameters.
pub fn list() -> Result<JsValue, JsValue> {
    objective::install_networks();
    let catalogue = Catalogue {
        objectives: objective::catalogue()
            .iter()
            .map(|entry| {
                let objective = entry.build_default().ok();
                Objective {
                    item: item(entry.description),
                    start: entry.default_start,
                    constant_step: entry.constant_step,
                    minimum: objective.as_ref().and_then(|objective| objective.minimum()),
                    flattest_sharpness: objective.and_then(|objective| objective.flattest_sharpness()),
                }
            })
            .collect(),
        networks: objective::networks()
            .iter()
            .map(|entry| Network { item: item(entry.description), constant_step: entry.constant_step })
            .collect(),
        data: data::catalogue()
            .iter()
            .map(|entry| Data { item: item(entry.description), files: entry.files })
            .collect(),
        policies: policy::catalogue().iter().map(|entry| item(entry.description)).collect(),
    };
    Ok(catalogue.serialize(&Serializer::json_compatible())?)
}

fn item(description: &Description) -> Item {
    let Description { name, title, short, latex, summary, source, parameters } = *description;
    let parameters = parameters
        .iter()
        .map(|parameter| Parameter {
            key: parameter.key,
            symbol: parameter.symbol,
            help: parameter.help,
            kind: match parameter.kind {
                ParameterKind::Number { default, bounds, .. } => Kind::Number { default, valid: bounds.to_string() },
                ParameterKind::OptionalNumber { absent, bounds, .. } => {
                    Kind::OptionalNumber { absent, valid: bounds.to_string() }
                }
                ParameterKind::Choice { default, options } => Kind::Choice { default, options },
                ParameterKind::Text { default, .. } => Kind::Text { default },
                ParameterKind::Numbers { default, bounds, .. } | ParameterKind::Widths { default, bounds, .. } => {
                    Kind::Numbers { default, valid: bounds.to_string() }
                }
                ParameterKind::Flag { default } => Kind::Flag { default },
                ParameterKind::Part { default, options } => {
                    Kind::Part { default, options: options().into_iter().map(item).collect() }
                }
            },
        })
        .collect();
    Item { name, title, short, latex, summary, source, parameters }
}
