//! Documents with networks: reading, writing, and what is wrong with them.
//!
//! Digits are never put on the shelf here, so that they are missing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use flatland_engine::experiment::{ErrorKind, FieldError};
use flatland_engine::{Descent, Experiment};

/// A document with these parameters of the network and these further fields.
fn document(parameters: &str, more: &str) -> String {
    format!(
        r#"{{"version":1,"objective":{{"name":"network"{parameters}}},"runs":[{{"policy":{{"name":"constant"}}}}],"steps":20{more}}}"#
    )
}

/// What is wrong with a document, whether that shows when it is read or when its data are made.
fn error(text: &str) -> FieldError {
    match Experiment::from_json(text) {
        Ok(experiment) => Descent::new(&experiment, 0).err().unwrap_or_else(|| panic!("{text} is valid")),
        Err(error) => error,
    }
}

#[test]
fn writing_leaves_out_what_is_default_and_reads_back_equal() {
    let plain = document("", "");
    let spelled_out = document(
        r#","data":{"name":"chebyshev","degree":4,"points":20},"hidden":[30,20],"activation":"tanh","bias":true,"loss":"mean-squared-error","initialization":{"name":"pytorch","scale":1}"#,
        r#","spectrum":{"count":1,"tolerance":0.001,"every":1}"#,
    );
    // Of an object that is not all default, the name stays.
    let partly = document(
        r#","data":{"name":"digits","samples":500},"hidden":[64,64],"initialization":{"name":"pytorch","scale":2}"#,
        r#","seed":3"#,
    );
    let partly_written = document(
        r#","data":{"name":"digits"},"hidden":[64,64],"initialization":{"name":"pytorch","scale":2}"#,
        r#","seed":3"#,
    );
    let nothing_default = document(
        r#","activation":"relu","bias":false,"data":{"name":"moons","noise":0.25,"samples":30},"hidden":[],"initialization":{"name":"normal","gain":1.5},"loss":"cross-entropy""#,
        r#","columns":["lambda2","accuracy"],"spectrum":{"count":2,"tolerance":0.01,"every":50}"#,
    );
    for (text, written) in [
        (&plain, &plain),
        (&document(r#","data":{"name":"chebyshev"}"#, ""), &plain),
        (&spelled_out, &plain),
        (&partly, &partly_written),
        (&nothing_default, &nothing_default),
    ] {
        let experiment = Experiment::from_json(text).unwrap();
        assert_eq!(experiment.to_json(), *written);
        assert_eq!(Experiment::from_json(&experiment.to_json()).unwrap(), experiment);
        assert_eq!(Experiment::from_json(&experiment.to_json_pretty()).unwrap(), experiment);
    }
}

/// The document, its kind of error, its field, and parts of what was expected, of what was found
/// and of the remedy.
#[test]
fn errors_name_the_field_and_say_what_to_do() {
    use ErrorKind::{Dimension, Missing, Range, Type, Unknown};
    let digits = r#","data":{"name":"digits","samples":5000}"#;
    let cases = [
        (document(r#","data":{"name":"moon"}"#, ""), Unknown, "objective.data.name", "moons", "\"moon\"", "\"moons\"?"),
        (document(r#","data":{"name":"cats"}"#, ""), Unknown, "objective.data.name", "digits", "\"cats\"", "known"),
        (document(r#","data":"moons""#, ""), Type, "objective.data", "object", "the text \"moons\"", "change"),
        (
            document(r#","data":{"name":"moons","degree":3}"#, ""),
            Unknown,
            "objective.data.degree",
            "samples",
            "\"degree\"",
            "known",
        ),
        (document(r#","activation":"rellu""#, ""), Unknown, "objective.activation", "gelu", "\"rellu\"", "\"relu\"?"),
        (document(r#","activation":"sine""#, ""), Unknown, "objective.activation", "softplus", "\"sine\"", "known"),
        (document(r#","loss":"mse""#, ""), Unknown, "objective.loss", "cross-entropy", "\"mse\"", "known"),
        (document(r#","hidden":[30,0]"#, ""), Range, "objective.hidden[1]", "at least 1", "0", "in that range"),
        (document(r#","hidden":[2.5]"#, ""), Type, "objective.hidden[0]", "whole number", "2.5", "change it to that"),
        (document(r#","hidden":[1e5]"#, ""), Range, "objective.hidden[0]", "at most 10000", "1e5", "in that range"),
        (document(r#","hidden":30"#, ""), Type, "objective.hidden", "a list of whole numbers", "30", "change"),
        (document(r#","bias":"yes""#, ""), Type, "objective.bias", "true or false", "the text \"yes\"", "change"),
        (document(r#","bias":1"#, ""), Type, "objective.bias", "true or false", "1", "change"),
        (
            document(r#","initialization":{"name":"he"}"#, ""),
            Unknown,
            "objective.initialization.name",
            "xavier",
            "\"he\"",
            "known",
        ),
        (
            document(r#","initialization":{"name":"normal","gain":0}"#, ""),
            Range,
            "objective.initialization.gain",
            "above 0",
            "0",
            "in that range",
        ),
        (
            document(r#","loss":"cross-entropy""#, ""),
            Range,
            "objective.loss",
            "data with classes",
            "\"chebyshev\"",
            "squared error",
        ),
        (
            document(r#","hidden":[1000,1000]"#, ""),
            Range,
            "objective.hidden",
            "at most 1000000 parameters",
            "1004001",
            "narrower",
        ),
        (document("", r#","start":[1,2]"#), Dimension, "start", "701 numbers", "2", "leave it out"),
        (
            document(r#","data":{"name":"digits"}"#, ""),
            Missing,
            "objective.data",
            "digits.csv.gz",
            "it is not",
            "load it",
        ),
        (document(digits, ""), Range, "objective.data.samples", "at most 1796", "5000", "in that range"),
        (
            document(r#","data":{"name":"moons","samples":10.5}"#, ""),
            Type,
            "objective.data.samples",
            "a whole number",
            "10.5",
            "change",
        ),
        (document("", r#","spectrum":{"count":9}"#), Range, "spectrum.count", "at most 8", "9", "in that range"),
        (document("", r#","spectrum":{"every":0}"#), Range, "spectrum.every", "at least 1", "0", "in that range"),
    ];
    for (text, kind, field, expected, found, remedy) in cases {
        let error = error(&text);
        assert_eq!((error.kind, error.field.as_str()), (kind, field), "{text}: {error}");
        assert!(error.expected.contains(expected), "{text}: {error}");
        assert!(error.found.contains(found), "{text}: {error}");
        assert!(error.remedy.contains(remedy), "{text}: {error}");
    }
}
