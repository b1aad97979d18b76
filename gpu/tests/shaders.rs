//! Every shader is valid WGSL, also where there is no graphics card.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use common::{OBJECTIVES, POLICIES, map, second_axis};
use flatland_atlas::{Measure, Plan, Way};
use flatland_gpu::shader::Shader;
use naga::valid::{Capabilities, ValidationFlags, Validator};

fn validate(plan: &Plan, what: &str) {
    let Way::Closed(closed) = &plan.way else { panic!("{what}: {:?}", plan.way) };
    let shader = Shader::new(closed, plan.map.measure);
    let module = naga::front::wgsl::parse_str(&shader.text)
        .unwrap_or_else(|error| panic!("{what}: {}\n{}", error.emit_to_string(&shader.text), shader.text));
    let names: Vec<_> = module.entry_points.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, if shader.scouts { &["advance", "finish", "scout"][..] } else { &["advance", "finish"] });
    let mut validator = Validator::new(ValidationFlags::all(), Capabilities::empty());
    validator
        .validate(&module)
        .unwrap_or_else(|error| panic!("{what}: {}\n{}", error.emit_to_string(&shader.text), shader.text));
}

#[test]
fn every_rule_on_every_dimension_is_a_valid_shader() {
    for (objective, start, x, y) in OBJECTIVES {
        for policy in POLICIES {
            // Accuracy is that of networks, which no shader trains.
            for measure in Measure::ALL.into_iter().filter(|measure| *measure != Measure::Accuracy) {
                let map = map(objective, start, policy, 1_000, (x, second_axis(y, policy)), measure);
                validate(&Plan::new(map), &format!("{objective} {policy} {measure:?}"));
            }
        }
    }
}

#[test]
fn so_is_every_function_of_formulas_and_every_constant() {
    for formula in [
        "f(x, y) = exp(-u*x^2)*sqrt(1 + y^2) + log(2 + x^2 + y^2) + tanh(x - y); u = 1 [0, 2]",
        "f(x, y) = softplus(x) + logcosh(2*y) + relu(x - y) + abs(x + y) + max(x, y^2) + min(x, y) + u*x; u = 1 [0, 2]",
        "f(x, y) = sin(x) + cos(y) + tan(x*y/9) + cosh(x) + sinh(y) + sign(x)*x^3 + u*x; u = 1 [0, 2]",
        "f(x, y) = (3 + x^2)^y + 2^x + (x^2 + 1)^(-1.5) + u/(x^2 + y^2 + 1)^3; u = 1 [0, 2]",
        "f(x, y) = 1e300*x^2 + 1e-300*y^2 + 1e-42*x*y - 1e200*u; u = 1 [0, 2]",
    ] {
        let objective = format!(r#"{{"name": "formula", "expression": "{formula}"}}"#);
        let axes = ("start[0]=lin:-1:1", "objective.expression.u=lin:0.5:1");
        validate(&Plan::new(map(&objective, "[0.5, 0.5]", POLICIES[0], 1_000, axes, Measure::Outcome)), formula);
    }
}

#[test]
fn numbers_that_are_no_part_of_the_program_are_no_part_of_the_shader() {
    let shader = |policy: &str, x: &str| {
        let map = map(r#"{"name": "river"}"#, "[0.1, 1]", policy, 500, (x, "start[1]=lin:-1:1"), Measure::Outcome);
        let Way::Closed(closed) = Plan::new(map).way else { panic!("closed") };
        Shader::new(&closed, Measure::Outcome)
    };
    let one = shader(POLICIES[0], "start[0]=lin:-1:1");
    assert_eq!(one, shader(r#"{"name": "constant", "eta": 0.7}"#, "start[0]=lin:0:0.1"));
    assert_ne!(one, shader(POLICIES[0], "runs[0].policy.eta=lin:0.1:1"));
}
