//! A run that goes over from the interpreter to compiled code.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs)]

use flatland_engine::Experiment;
use flatland_engine::descent::Descent;
use flatland_engine::experiment::{RunSpec, Spec};
use js_sys::WebAssembly;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// All bits of a run that is chaotic but bounded: a single different one would grow until nothing
/// is alike.
fn run() -> Vec<u64> {
    let objective = Spec::new("formula").with("expression", "f(x) = 1/4*(x^2 - 1)^2 + logcosh(x)/100");
    let mut experiment = Experiment::new(objective, vec![RunSpec::new(Spec::new("constant").with("eta", 1.7))]);
    experiment.start = vec![0.3];
    experiment.steps = 20_000;
    experiment.stop.gradient_norm = 0.0;
    let mut descent = Descent::new(&experiment, 0).expect("a valid experiment");
    let mut bits = Vec::new();
    while let Some(record) = descent.advance() {
        bits.extend([record.loss, record.gradient_norm, record.sharpness].map(f64::to_bits));
    }
    bits
}

#[wasm_bindgen_test]
fn compiling_a_formula_on_the_way_changes_no_bit() {
    let table: WebAssembly::Table = wasm_bindgen::function_table().unchecked_into();
    let interpreted = run();
    let size = table.length();
    flatland_compiler::install();
    let compiled = run();
    assert!(table.length() > size, "the formula has been compiled");
    assert_eq!(compiled.len(), 3 * 20_001);
    assert_eq!(compiled, interpreted);
}
