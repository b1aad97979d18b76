//! One run as a script that needs nothing but NumPy: the same objective, the same policies, the
//! same stopping rules, written anew in Python.
//!
//! The pieces stand in `export/python/`; a script has those that its run needs. Formulas are
//! translated from the engine's programs. A network's script builds its data, or reads them where
//! they are a file, and draws its weights. The script does the engine's operations. Elementary
//! functions of the two may differ in the last bit, which stays a matter of the last digits as long
//! as neighboring runs come closer to each other or keep their distance; where they part, it grows.
//! The products of a network's matrices are summed in another order, which is a rounding likewise.

mod formula;
mod network;
mod pieces;

use std::fmt::Write as _;

use flatland_engine::{
    Descent, Experiment, FieldError,
    experiment::{ParameterValue, Spec},
    objective, policy,
    spec::Description,
};

use self::pieces::Piece;

/// What a script says of its numbers.
const SAMENESS: &str = "\
Its first steps are those of the page and of the command line to some twelve digits.
NumPy's exp, log and powers may differ from theirs in the last digit. Where runs that
begin close together part (in chaos, beyond the edge of stability, with Polyak steps
close to a minimum), such a difference grows from step to step, and later numbers
differ although both are computed correctly.";

/// Run number `run` of the experiment as a script; `link` says where it comes from.
///
/// # Errors
///
/// If the experiment is not valid or has no such run, or is a network that learns from a file which
/// a script cannot read.
pub fn script(experiment: &Experiment, run: usize, link: &str) -> Result<String, FieldError> {
    // The engine's own checks, the run's number among them.
    let descent = Descent::new(experiment, run)?;
    let experiment = experiment.clone().complete_and_check()?;
    let spec = &experiment.runs[run];
    let mut body = Body { modules: vec!["functools", "math", "struct"], ..Body::default() };
    let (objective_call, start) = match descent.objective().as_network() {
        Some(network) => body.network(network::parts(&experiment, network)?),
        None => (body.objective(&experiment.objective), None),
    };
    let policies =
        std::iter::once((0, &spec.policy)).chain(spec.changes.iter().map(|change| (change.step, &change.policy)));
    let policies: Vec<String> =
        policies.map(|(step, policy)| format!("    {step}: lambda: {},\n", body.policy(policy, step))).collect();

    let mut text = String::from("#!/usr/bin/env python3\n");
    // Writing to memory cannot fail.
    let _ = writeln!(
        text,
        "\"\"\"{} on {}: one run of Flatland in NumPy alone.\n\n{SAMENESS}\n\n{}{}{}\n\"\"\"\n",
        quoted(&spec.title()),
        title_of(&experiment.objective),
        budget_of_calls(&experiment),
        body.note,
        quoted(link),
    );
    body.modules.sort_unstable();
    let imports: String = body.modules.iter().map(|module| format!("import {module}\n")).collect();
    let _ = write!(text, "{imports}\n{}\n", pieces::HEAD);
    if start.is_none() {
        let _ = writeln!(text, "START = np.array({})", list(&experiment.start));
    }
    let _ = write!(
        text,
        "STEPS = {}\nSTOP_GRADIENT = {:?}\nSTOP_LOSS = {:?}\nSEED = {}\n{}",
        experiment.steps, experiment.stop.gradient_norm, experiment.stop.loss, experiment.seed, body.constants,
    );
    for piece in &body.pieces {
        let _ = write!(text, "\n\n{piece}");
    }
    let _ = write!(text, "\n\n{}", pieces::DESCENT);
    let _ = write!(text, "\n\nobjective = {objective_call}\n");
    if let Some(start) = start {
        let _ = writeln!(text, "START = {start}");
    }
    let _ = write!(text, "# From which step on which policy decides.\nPOLICIES = {{\n{}}}\n\n\n", policies.concat());
    text.push_str(pieces::TAIL);
    Ok(text)
}

/// A paragraph on a budget that scripts do not keep to, or nothing.
fn budget_of_calls(experiment: &Experiment) -> String {
    experiment.stop.calls.map_or_else(String::new, |calls| {
        format!(
            "There a run also ends once it has made {calls} oracle calls, which are not counted\n\
             here: this script takes all of its steps.\n\n"
        )
    })
}

/// The pieces that are needed, each once and after those it needs.
#[derive(Default)]
struct Body {
    modules: Vec<&'static str>,

    /// A paragraph of its own on the numbers, or nothing.
    note: &'static str,

    /// Constants beside those that every script has, a line each.
    constants: String,
    pieces: Vec<String>,
}

impl Body {
    /// The calls that make a network and its start.
    fn network(&mut self, parts: network::Parts) -> (String, Option<String>) {
        self.modules.extend(parts.modules);
        (self.note, self.constants) = (parts.note, parts.constants);
        parts.pieces.into_iter().for_each(|piece| self.add(piece));
        (parts.objective, Some(parts.start))
    }

    fn objective(&mut self, spec: &Spec) -> String {
        if spec.name == "formula" {
            let (function, may_lack_derivatives) = formula::objective(spec.text("expression"));
            self.add(pieces::TAYLOR);
            self.add(pieces::FORMULA);
            if may_lack_derivatives {
                self.add(pieces::SERIES);
                self.add(pieces::EXPANSION);
            }
            self.add(&function);
            let class = if may_lack_derivatives { "FormulaWithKinks" } else { "Formula" };
            return format!("{class}(formula)");
        }
        let description = objective::find(&spec.name).map(|entry| entry.description);
        self.piece(pieces::objective(&spec.name), spec, description)
    }

    fn policy(&mut self, spec: &Spec, step: u64) -> String {
        if spec.name == "expression" {
            self.add(pieces::TAYLOR);
            self.add(pieces::SECANT);
            self.add(pieces::RULE);
            let name = format!("rule_{step}");
            let rule = formula::rule(&name, spec.text("expression"));
            self.add(&rule);
            return format!("Rule({name})");
        }
        let description = policy::find(&spec.name).map(|entry| entry.description);
        self.piece(pieces::policy(&spec.name), spec, description)
    }

    /// Adds a piece with what it needs, and returns the call that makes its object.
    fn piece(&mut self, piece: Option<&Piece>, spec: &Spec, description: Option<&Description>) -> String {
        let (Some(piece), Some(description)) = (piece, description) else {
            // The tests make sure that this is never reached.
            return format!("None  # {} has no translation", quoted(&spec.name));
        };
        piece.texts.iter().for_each(|text| self.add(text));
        let arguments = description.parameters.iter().map(|parameter| {
            let value = spec.parameters.get(parameter.key).map_or_else(|| "None".to_owned(), written);
            format!("{}={value}", parameter.key)
        });
        format!("{}({})", piece.name, arguments.collect::<Vec<_>>().join(", "))
    }

    fn add(&mut self, text: &str) {
        if !self.pieces.iter().any(|piece| piece == text) {
            self.pieces.push(text.to_owned());
        }
    }
}

/// The value of a parameter in Python.
fn written(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Number(number) => format!("{number:?}"),
        ParameterValue::Text(text) => format!("\"{}\"", quoted(text)),
        ParameterValue::Numbers(numbers) => list(numbers),
        ParameterValue::Flag(flag) => if *flag { "True" } else { "False" }.to_owned(),
        ParameterValue::Part(part) => format!("\"{}\"", quoted(&part.name)),
    }
}

fn list(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:?}")).collect();
    format!("[{}]", numbers.join(", "))
}

fn title_of(spec: &Spec) -> &str {
    objective::find(&spec.name).map_or(&spec.name, |entry| entry.description.title)
}

/// Text that can stand in a string or a comment of Python without ending it.
fn quoted(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '"' || c == '\\' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_that_it_does_not_count_calls() {
        let said = |stop: &str| {
            let json = format!(
                r#"{{"version":1,"objective":{{"name":"river"}},"runs":[{{"policy":{{"name":"constant"}}}}]{stop}}}"#
            );
            script(&Experiment::from_json(&json).expect("valid"), 0, "").expect("a script").contains("oracle calls")
        };
        assert!(said(r#","stop":{"calls":70}"#));
        assert!(!said(""));
    }
}
