//! Words about an experiment, for the head of a picture.

use flatland_engine::{Experiment, experiment::ParameterValue, number::given, objective};

/// The objective's parameters, the start and the budget in one line, for the head of a picture.
#[must_use]
pub fn setting(experiment: &Experiment) -> String {
    let entry = objective::find(&experiment.objective.name);
    let list = |numbers: &[f64]| numbers.iter().map(|number| given(*number).to_string()).collect::<Vec<_>>().join(", ");
    let mut parts: Vec<String> = Vec::new();
    for (key, value) in &experiment.objective.parameters {
        let symbol = entry.and_then(|entry| entry.description.parameter(key)).map_or(key.as_str(), |p| p.symbol);
        let value = match value {
            ParameterValue::Number(number) => given(*number).to_string(),
            // A formula that names itself needs no name before it.
            ParameterValue::Text(text) if text.starts_with(&format!("{symbol}(")) => {
                parts.push(without_ranges(text));
                continue;
            }
            ParameterValue::Text(text) => without_ranges(text),
            ParameterValue::Numbers(numbers) => format!("({})", list(numbers)),
            ParameterValue::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
            ParameterValue::Part(part) => part.name.clone(),
        };
        parts.push(format!("{symbol} = {value}"));
    }
    if experiment.start.is_empty() {
        parts.push(format!("seed {}", experiment.seed));
    } else {
        parts.push(format!("start ({})", list(&experiment.start)));
    }
    parts.push(format!("{} steps at the most", experiment.steps));
    parts.join(", ")
}

/// A formula without the ranges of its parameters' sliders.
fn without_ranges(text: &str) -> String {
    let part = |part: &str| part.split('[').next().unwrap_or_default().trim().to_owned();
    text.split(';').map(part).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_names_what_is_not_in_the_document_too() {
        let json = r#"{"version":1,"objective":{"name":"river","y0":4},"start":[0.001,1],"runs":[{"policy":{"name":"polyak"}}],"steps":40}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        assert_eq!(setting(&experiment), "a = 0.05, ℓ = log-cosh, y₀ = 4, start (0.001, 1), 40 steps at the most");
    }

    #[test]
    fn a_formula_is_named_once_and_has_no_ranges() {
        for (text, words) in [
            ("f(x) = a*x^2; a = 0.5 [0, 1]", "f(x) = a*x^2; a = 0.5"),
            ("x^2", "f = x^2"),
            ("g(x) = x^2", "f = g(x) = x^2"),
        ] {
            let json = format!(
                r#"{{"version":1,"objective":{{"name":"formula","expression":"{text}"}},"start":[1],"runs":[{{"policy":{{"name":"polyak"}}}}],"steps":40}}"#
            );
            let experiment = Experiment::from_json(&json).expect("valid");
            assert_eq!(setting(&experiment), format!("{words}, start (1), 40 steps at the most"));
        }
    }
}
