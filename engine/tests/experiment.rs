//! Reading, checking and writing experiments.
#![allow(missing_docs)]

mod common;

use flatland_engine::experiment::{
    EnsembleSpec, ErrorKind, MAX_INPUT_BYTES, MAX_STEPS, ParameterValue, RunSpec, Spec, Stop,
};
use flatland_engine::{Descent, Experiment};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const VALID: &str = r#"{
    "version": 1,
    "objective": {"name": "scalar-factorization", "mu": 2.5},
    "start": [3.0, 0.5],
    "runs": [
        {"policy": {"name": "constant", "eta": 0.3}},
        {"policy": {"name": "nonmonotone-line-search", "xi": 0.85}, "label": "NLS",
         "changes": [{"step": 80, "policy": {"name": "polyak", "f_star": -0.5}}]}
    ],
    "steps": 200,
    "stop": {"gradient_norm": 1e-8, "loss": 1e6, "calls": 900},
    "ensemble": {"size": 16, "spread": 0.05},
    "seed": 7
}"#;

/// A document with the given objective, run and further fields.
fn document(objective: &str, run: &str, more: &str) -> String {
    format!(r#"{{"version": 1, "objective": {objective}, "runs": [{run}]{more}}}"#)
}

const WELL: &str = r#"{"name": "double-well"}"#;
const RUN: &str = r#"{"policy": {"name": "constant"}}"#;

#[test]
fn every_field_arrives() {
    let experiment = Experiment::from_json(VALID).expect("valid");
    let objective = Spec::new("scalar-factorization").with("mu", 2.5).with("regularization", 0.0);
    assert_eq!(experiment.objective, objective);
    assert_eq!(experiment.start, [3.0, 0.5]);
    assert_eq!(experiment.runs[0].policy.number("eta"), 0.3);
    assert_eq!(experiment.runs[1].label.as_deref(), Some("NLS"));
    // What is left out has its default.
    assert_eq!(experiment.runs[1].policy.number("xi"), 0.85);
    assert_eq!(experiment.runs[1].policy.number("delta"), 0.5);
    assert_eq!(experiment.runs[1].changes[0].step, 80);
    assert_eq!(experiment.runs[1].changes[0].policy.optional("f_star"), Some(-0.5));
    assert_eq!((experiment.steps, experiment.seed), (200, 7));
    assert_eq!(experiment.stop, Stop { gradient_norm: 1e-8, loss: 1e6, calls: Some(900) });
    assert_eq!(experiment.ensemble, Some(EnsembleSpec { size: 16, spread: 0.05 }));
}

#[test]
fn the_shortest_document_is_filled_from_the_catalogue() {
    let experiment = Experiment::from_json(&document(WELL, RUN, "")).expect("valid");
    assert_eq!(experiment.start, [0.3]);
    assert_eq!(experiment.runs[0].policy.number("eta"), 0.1);
    assert_eq!((experiment.steps, experiment.seed), (500, 0));
    assert_eq!(experiment.stop, Stop::default());
    let three = document(r#"{"name": "quadratic", "curvatures": [1, 2, 3]}"#, RUN, "");
    assert_eq!(Experiment::from_json(&three).expect("valid").start, [1.0; 3]);
}

#[test]
fn writing_leaves_out_what_is_default_and_reads_back_equal() {
    let experiment = Experiment::from_json(VALID).expect("valid");
    assert_eq!(
        experiment.to_json(),
        r#"{"version":1,"objective":{"name":"scalar-factorization","mu":2.5},"start":[3,0.5],"runs":[{"policy":{"name":"constant","eta":0.3}},{"policy":{"name":"nonmonotone-line-search","xi":0.85},"label":"NLS","changes":[{"step":80,"policy":{"name":"polyak","f_star":-0.5}}]}],"steps":200,"stop":{"gradient_norm":1e-8,"loss":1000000,"calls":900},"ensemble":{"size":16,"spread":0.05},"seed":7}"#
    );
    assert_eq!(Experiment::from_json(&experiment.to_json()).as_ref(), Ok(&experiment));
    assert_eq!(Experiment::from_json(&experiment.to_json_pretty()).as_ref(), Ok(&experiment));

    let plain = Experiment::from_json(&document(WELL, RUN, r#", "steps": 20, "seed": 0"#)).expect("valid");
    assert_eq!(
        plain.to_json(),
        r#"{"version":1,"objective":{"name":"double-well"},"start":[0.3],"runs":[{"policy":{"name":"constant"}}],"steps":20}"#
    );
}

#[test]
fn every_number_survives_the_round_trip_to_the_last_bit() {
    for start in [0.1 + 0.2, -0.0, 1e-300, 5e-324, 1e150, 123_456_789_012_345_680.0, 2.0f64.powi(53) + 2.0] {
        let runs = vec![RunSpec::new(Spec::new("constant"))];
        let experiment = Experiment { start: vec![start], ..Experiment::new(Spec::new("double-well"), runs) };
        let experiment = experiment.complete_and_check().expect("valid");
        let back = Experiment::from_json(&experiment.to_json()).expect("valid");
        assert_eq!(back.start[0].to_bits(), start.to_bits());
    }
}

#[test]
fn every_entry_of_the_catalogues_survives_the_round_trip() {
    for objective in flatland_engine::objective::catalogue() {
        for policy in flatland_engine::policy::catalogue() {
            let run = RunSpec::new(Spec::new(policy.description.name));
            let experiment = Experiment::new(Spec::new(objective.description.name), vec![run]);
            let experiment = experiment.complete_and_check().expect("valid");
            assert_eq!(Experiment::from_json(&experiment.to_json()), Ok(experiment));
        }
    }
}

/// The document, its kind of error, its field, and a part of the message.
fn bad_documents() -> Vec<(String, ErrorKind, &'static str, &'static str)> {
    use ErrorKind::{Dimension, Duplicate, Missing, Order, Range, Syntax, TooLong, Type, Unknown, Version};
    let run = |policy: &str| document(WELL, &format!(r#"{{"policy": {policy}}}"#), "");
    let changes =
        |changes: &str| document(WELL, &format!(r#"{{"policy": {{"name": "constant"}}, "changes": {changes}}}"#), "");
    let objective = |objective: &str| document(objective, RUN, "");
    let more = |more: &str| document(WELL, RUN, more);
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    vec![
        // Not JSON.
        (String::new(), Syntax { line: 1, column: 0 }, "", "line 1, column 0"),
        ("{\"version\": 1,\n oops}".into(), Syntax { line: 2, column: 2 }, "", "line 2, column 2"),
        (format!("{} x", document(WELL, RUN, "")), Syntax { line: 1, column: 98 }, "", "trailing"),
        (deep, Syntax { line: 1, column: 128 }, "", "recursion limit"),
        (more(r#", "start": [nought]"#), Syntax { line: 1, column: 109 }, "", "line 1"),
        (" ".repeat(MAX_INPUT_BYTES + 1), TooLong, "", "right file"),
        // Not an experiment.
        ("[]".into(), Type, "", "found a list of 0"),
        ("null".into(), Type, "", "found null"),
        ("3".into(), Type, "", "found 3;"),
        ("{}".into(), Missing, "version", "add it: \"version\": 1"),
        (r#"{"version": 2, "plot": {}}"#.into(), Version, "version", "newer Flatland"),
        (r#"{"version": 0}"#.into(), Version, "version", "count from 1"),
        (r#"{"version": "1"}"#.into(), Type, "version", "a number"),
        (r#"{"version": 1}"#.into(), Missing, "objective", "double-well"),
        (r#"{"version": 1, "objective": {"name": "double-well"}}"#.into(), Missing, "runs", "policy"),
        (more(r#", "version": 1"#), Duplicate, "version", "twice"),
        (more(r#", "step": 5"#), Unknown, "step", "did you mean \"steps\"?"),
        (more(r#", "colour": 5"#), Unknown, "colour", "version, objective, start"),
        // The objective.
        (objective("3"), Type, "objective", "a \"name\""),
        (objective("{}"), Missing, "objective.name", "catalogue"),
        (objective(r#"{"name": 3}"#), Type, "objective.name", "a name"),
        (objective(r#"{"name": "double-wel"}"#), Unknown, "objective.name", "did you mean \"double-well\"?"),
        (objective(r#"{"name": "sphere"}"#), Unknown, "objective.name", "quadratic, power, cosh"),
        (objective(r#"{"name": "power", "p": 1}"#), Range, "objective.p", "above 1 "),
        (objective(r#"{"name": "power", "p": "two"}"#), Type, "objective.p", "found the text \"two\""),
        (objective(r#"{"name": "power", "p": true}"#), Type, "objective.p", "found true"),
        (objective(r#"{"name": "power", "p": 3, "p": 4}"#), Duplicate, "objective.p", "twice"),
        (objective(r#"{"name": "power", "q": 3}"#), Unknown, "objective.q", "name, p"),
        (objective(r#"{"name": "river", "a": 0}"#), Range, "objective.a", "above 0 "),
        (objective(r#"{"name": "quadratic", "curvatures": []}"#), Missing, "objective.curvatures", "1 to 64"),
        (objective(r#"{"name": "quadratic", "curvatures": [1, "x"]}"#), Type, "objective.curvatures[1]", "a number"),
        (objective(r#"{"name": "quadratic", "curvatures": [1, 1e200]}"#), Range, "objective.curvatures[1]", "overflow"),
        (objective(r#"{"name": "scalar-factorization", "mu": null}"#), Type, "objective.mu", "found null"),
        (objective(r#"{"name": "quadratic", "curvatures": 3}"#), Type, "objective.curvatures", "a list of numbers"),
        // The start.
        (more(r#", "start": 3"#), Type, "start", "a list of numbers"),
        (more(r#", "start": []"#), Dimension, "start", "leave the field out"),
        (
            more(r#", "start": [1, 2]"#),
            Dimension,
            "start",
            "expected 1 number for the objective \"double-well\", found 2",
        ),
        (more(r#", "start": [1e151]"#), Range, "start[0]", "overflow"),
        (more(r#", "start": [1e999]"#), Range, "start[0]", "expected a finite number, found 1e999; numbers beyond"),
        (more(", \n\"start\": [1, NaN]"), Range, "start[1]", "found NaN; NaN is not a value"),
        (more(r#", "stop": {"loss": -Infinity}"#), Range, "stop.loss", "found -Infinity; numbers beyond"),
        (more(r#", "start": [null]"#), Type, "start[0]", "found null"),
        // The runs.
        (document(WELL, "", ""), Missing, "runs", "1 to 8 entries, found 0"),
        (document(WELL, &[RUN; 9].join(","), ""), TooLong, "runs", "remove some"),
        (document(WELL, "7", ""), Type, "runs[0]", "a \"policy\""),
        (document(WELL, "{}", ""), Missing, "runs[0].policy", "constant"),
        (document(WELL, r#"{"policy": {"name": "constant"}, "colour": 1}"#, ""), Unknown, "runs[0].colour", "label"),
        (document(WELL, r#"{"policy": {"name": "constant"}, "label": ""}"#, ""), Missing, "runs[0].label", "1 to 80"),
        (
            document(WELL, &format!("{RUN}, {{\"policy\": {{\"name\": \"constant\", \"eta\": -1}}}}"), ""),
            Range,
            "runs[1].policy.eta",
            "above 0 and at most 1e150, found -1;",
        ),
        (run(r#"{"name": "constnat"}"#), Unknown, "runs[0].policy.name", "did you mean \"constant\"?"),
        (run(r#"{"name": "constant", "etta": 1}"#), Unknown, "runs[0].policy.etta", "did you mean \"eta\"?"),
        (run(r#"{"name": "constant", "eta": 0}"#), Range, "runs[0].policy.eta", "found 0;"),
        (run(r#"{"name": "constant", "eta": NaN}"#), Range, "runs[0].policy.eta", "give a number"),
        (run(r#"{"name": "constant", "eta": {}}"#), Type, "runs[0].policy.eta", "found an object"),
        (run(r#"{"name": "barzilai-borwein", "kind": "longer"}"#), Unknown, "runs[0].policy.kind", "long, short"),
        (run(r#"{"name": "barzilai-borwein", "kind": 1}"#), Type, "runs[0].policy.kind", "long, short"),
        (run(r#"{"name": "nonmonotone-line-search", "delta": 1}"#), Range, "runs[0].policy.delta", "at most 0.99"),
        (changes("{}"), Type, "runs[0].changes", "a list"),
        (changes("[{}]"), Missing, "runs[0].changes[0].step", "100"),
        (changes(r#"[{"step": 5}]"#), Missing, "runs[0].changes[0].policy", "constant"),
        (changes(r#"[{"step": 0, "policy": {"name": "constant"}}]"#), Range, "runs[0].changes[0].step", "at least 1"),
        (changes(r#"[{"step": 1.5, "policy": {"name": "constant"}}]"#), Type, "runs[0].changes[0].step", "whole"),
        (
            changes(r#"[{"step": 5, "policy": {"name": "constant"}}, {"step": 5, "policy": {"name": "constant"}}]"#),
            Order,
            "runs[0].changes[1].step",
            "after 5",
        ),
        // The rest.
        (more(r#", "steps": -1"#), Range, "steps", "at least 0"),
        (more(r#", "steps": 0.5"#), Type, "steps", "a whole number"),
        (more(r#", "steps": 1e1000"#), Range, "steps", "found 1e1000;"),
        (more(r#", "steps": 5.50"#), Type, "steps", "a whole number, found 5.50;"),
        (more(r#", "seed": 9196877626998785"#), Range, "seed", "at most 9007199254740991, found 9196877626998785;"),
        (more(r#", "seed": 99999999999999999999"#), Range, "seed", "found 99999999999999999999;"),
        (more(r#", "start": [3, 0.1E+155]"#), Dimension, "start", "found 2"),
        (more(r#", "start": [0.1E+155]"#), Range, "start[0]", "found 0.1E+155;"),
        (more(r#", "steps": 10000001"#), Range, "steps", "at most 10000000"),
        (more(r#", "steps": "many""#), Type, "steps", "a number"),
        (more(r#", "seed": 18446744073709551615"#), Range, "seed", "at most"),
        (more(r#", "stop": 1"#), Type, "stop", "gradient_norm"),
        (more(r#", "stop": {"loss": 0}"#), Range, "stop.loss", "above 0"),
        (more(r#", "stop": {"gradient_norm": -1}"#), Range, "stop.gradient_norm", "at least 0"),
        (more(r#", "stop": {"gradient": 1}"#), Unknown, "stop.gradient", "gradient_norm, loss"),
        (more(r#", "stop": {"calls": 0}"#), Range, "stop.calls", "at least 1"),
        (more(r#", "ensemble": 16"#), Type, "ensemble", "size"),
        (more(r#", "ensemble": {"size": 16}"#), Missing, "ensemble.spread", "0.05"),
        (more(r#", "ensemble": {"spread": 1}"#), Missing, "ensemble.size", "16"),
        (more(r#", "ensemble": {"size": 1, "spread": 1}"#), Range, "ensemble.size", "at least 2"),
        (more(r#", "ensemble": {"size": 65, "spread": 1}"#), Range, "ensemble.size", "at most 64"),
        (more(r#", "ensemble": {"size": 4.5, "spread": 1}"#), Type, "ensemble.size", "a whole number"),
        (more(r#", "ensemble": {"size": 4, "spread": 0}"#), Range, "ensemble.spread", "above 0"),
        (more(r#", "ensemble": {"size": 4, "spread": 1, "seed": 1}"#), Unknown, "ensemble.seed", "size, spread"),
        (more(r#", "stop": {"calls": 2.5}"#), Type, "stop.calls", "a whole number"),
    ]
}

#[test]
fn bad_documents_are_rejected_with_field_and_remedy() {
    for (text, kind, field, part) in bad_documents() {
        let shown: String = text.chars().take(200).collect();
        let error = Experiment::from_json(&text).expect_err(&shown);
        assert_eq!((error.kind, error.field.as_str()), (kind, field), "{shown}: {error}");
        let message = error.to_string();
        assert!(message.contains(part), "{shown}: {message}");
        assert!(!error.remedy.is_empty() && !message.contains('\n') && message.len() < 500, "{message}");
    }
}

#[test]
fn experiments_built_in_code_are_checked_alike() {
    let well = || Experiment::new(Spec::new("double-well"), vec![RunSpec::new(Spec::new("constant"))]);
    let field = |experiment: Experiment| experiment.complete_and_check().expect_err("invalid").field;
    assert_eq!(field(Experiment { version: 2, ..well() }), "version");
    assert_eq!(field(Experiment { start: vec![f64::NAN], ..well() }), "start[0]");
    assert_eq!(field(Experiment { start: vec![f64::INFINITY], ..well() }), "start[0]");
    assert_eq!(field(Experiment { steps: MAX_STEPS + 1, ..well() }), "steps");
    assert_eq!(field(Experiment { seed: u64::MAX, ..well() }), "seed");
    assert_eq!(field(Experiment { runs: vec![], ..well() }), "runs");
    assert_eq!(field(Experiment { stop: Stop { loss: f64::NAN, ..Stop::default() }, ..well() }), "stop.loss");
    assert_eq!(field(Experiment { stop: Stop { calls: Some(0), ..Stop::default() }, ..well() }), "stop.calls");
    let policy = |policy| Experiment::new(Spec::new("double-well"), vec![RunSpec::new(policy)]);
    assert_eq!(field(policy(Spec::new("constant").with("eta", f64::NAN))), "runs[0].policy.eta");
    assert_eq!(field(policy(Spec::new("constant").with("speed", 1.0))), "runs[0].policy.speed");
    assert_eq!(field(policy(Spec::new("constant").with("eta", "fast"))), "runs[0].policy.eta");
    assert_eq!(field(Experiment::new(Spec::new("nowhere"), well().runs)), "objective.name");
    // Descent checks as well, so that nothing invalid can run.
    assert!(Descent::new(&policy(Spec::new("constant").with("eta", -1.0)), 0).is_err());
}

#[test]
fn links_ignore_what_is_unknown_and_say_so() {
    let text = document(
        r#"{"name": "double-well", "depth": [{}]}"#,
        r#"{"policy": {"name": "constant", "eta": 0.5, "speed": true}, "color": "red"}"#,
        r#", "view": {"x": [0, 1]}"#,
    );
    assert_eq!(Experiment::from_json(&text).expect_err("strict").kind, ErrorKind::Unknown);
    let (experiment, notices) = Experiment::from_json_lenient(&text).expect("lenient");
    assert_eq!(experiment.runs[0].policy.number("eta"), 0.5);
    let mut fields: Vec<_> = notices.iter().map(|notice| notice.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["objective.depth", "runs[0].color", "runs[0].policy.speed", "view"]);
    assert!(notices.iter().all(|notice| notice.to_string().contains(&notice.field)));
    // Everything else is as strict.
    assert!(Experiment::from_json_lenient(&document(WELL, r#"{"policy": {"name": "unknown"}}"#, "")).is_err());
}

#[test]
fn null_stands_for_what_is_left_out_and_a_byte_order_mark_is_skipped() {
    let run = r#"{"policy": {"name": "polyak", "f_star": null}, "label": null}"#;
    let experiment = Experiment::from_json(&format!("\u{feff}{}", document(WELL, run, ""))).expect("valid");
    assert_eq!(experiment.runs[0].policy.optional("f_star"), None);
}

#[test]
fn titles_say_what_distinguishes_a_run() {
    let title = |policy| RunSpec::new(policy).title();
    assert_eq!(title(Spec::new("constant").with("eta", 0.3)), "constant η=0.3");
    assert_eq!(title(Spec::new("nonmonotone-line-search").with("xi", 0.85).with("delta", 0.5)), "NLS ξ=0.85");
    assert_eq!(RunSpec::new(Spec::new("constant")).labeled("mine").title(), "mine");
}

#[test]
fn a_spec_answers_for_the_type_that_is_asked() {
    let spec = Spec::new("x").with("number", 2.0).with("text", "word").with("list", vec![1.0]);
    assert_eq!((spec.number("number"), spec.text("text"), spec.numbers("list")), (2.0, "word", &[1.0][..]));
    assert!(spec.number("text").is_nan() && spec.text("number").is_empty() && spec.numbers("none").is_empty());
    assert_eq!(ParameterValue::from(1.0), ParameterValue::Number(1.0));
}

#[cfg(not(target_arch = "wasm32"))]
mod random {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) {
        for experiment in [Experiment::from_json(text), Experiment::from_json_lenient(text).map(|(e, _)| e)] {
            match experiment {
                Ok(experiment) => assert_eq!(Experiment::from_json(&experiment.to_json()), Ok(experiment)),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_answered(text in ".{0,200}") {
            check(&text);
        }

        #[test]
        fn mutated_documents_are_answered(
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..6, "[\\[\\]{}\":,0-9eE.a-z-]{0,8}"), 1..5)
        ) {
            let mut text: Vec<char> = VALID.chars().collect();
            for (place, removed, inserted) in edits {
                let at = place.index(text.len() + 1);
                let end = (at + removed).min(text.len());
                text.splice(at..end, inserted.chars());
            }
            check(&text.into_iter().collect::<String>());
        }

        /// One value anywhere in the document is replaced by another.
        #[test]
        fn documents_with_a_foreign_value_are_answered(
            place in any::<prop::sample::Index>(),
            value in prop::sample::select(vec![
                "null", "true", "-1", "0", "1e308", "1e-400", "[]", "{}", "\"\"", "[[1]]", "\"constant\"", "99999999999999999999",
            ])
        ) {
            let starts: Vec<_> = VALID.match_indices(": ").map(|(at, _)| at + 2).collect();
            let at = starts[place.index(starts.len())];
            let end = at + VALID[at..].find([',', '}', '\n']).expect("a value ends");
            check(&format!("{}{value}{}", &VALID[..at], &VALID[end..]));
        }

        #[test]
        fn valid_experiments_survive_the_round_trip(
            eta in 1e-9f64..1e9, start in prop::collection::vec(-1e9f64..1e9, 1..6), steps in 0u64..=MAX_STEPS, seed in 0u64..1 << 53
        ) {
            let runs = vec![RunSpec::new(Spec::new("constant").with("eta", eta)).labeled("η “quoted” \"\\")];
            let experiment = Experiment { start, steps, seed, ..Experiment::new(Spec::new("power"), runs) };
            let experiment = experiment.complete_and_check().expect("valid");
            prop_assert_eq!(Experiment::from_json(&experiment.to_json()), Ok(experiment));
        }
    }
}

/// A run's name keeps what tells two step sizes apart, and no wall of digits.
#[test]
fn names_of_runs_are_short_whatever_the_step_size() {
    for (eta, name) in [
        (0.3, "constant η=0.3"),
        (1.99999, "constant η=1.99999"),
        (5e-324, "constant η=5e-324"),
        (1e150, "constant η=1e150"),
        (std::f64::consts::FRAC_1_SQRT_2, "constant η=0.70710678"),
    ] {
        assert_eq!(RunSpec::new(Spec::new("constant").with("eta", eta)).title(), name);
    }
}

#[test]
fn variables_have_the_names_that_people_gave_them() {
    let names = |objective: Value, dimension: usize| {
        let start = vec![0.5; dimension];
        let document = json!({ "version": 1, "objective": objective, "start": start, "runs": [{ "policy": { "name": "constant" } }] });
        Experiment::from_json(&document.to_string()).expect("valid").variables()
    };
    let typed = |text: &str| json!({ "name": "formula", "expression": text });
    assert_eq!(names(json!({ "name": "double-well" }), 1), ["x"]);
    assert_eq!(names(json!({ "name": "river" }), 2), ["x", "y"]);
    assert_eq!(names(json!({ "name": "quadratic", "curvatures": [1, 2, 3] }), 3), ["x₁", "x₂", "x₃"]);
    assert_eq!(names(typed("f(a, b, c, d) = a^2 + b^2 + c^2 + d^2"), 4), ["a", "b", "c", "d"]);
    assert_eq!(names(typed("f(x1 … x12) = x1^2 + x12^2"), 12)[11], "x₁₂");
    assert_eq!(names(typed("f(u, v) = u*v"), 2), ["u", "v"]);
}

/// Where networks have not been fetched, as in the page, nobody is sent to look for a newer version.
#[cfg(target_arch = "wasm32")]
#[test]
fn a_network_is_refused_by_name_where_there_are_none() {
    let document = r#"{"version": 1, "objective": {"name": "network"}, "runs": [{"policy": {"name": "constant"}}]}"#;
    let error = Experiment::from_json(document).expect_err("no networks");
    assert_eq!(error.field, "objective.name");
    assert!(error.to_string().ends_with("found a network; reload the page, which then fetches what networks need"));
}
