//! Any text as a formula: parsing ends with a formula or an error that points into the text, and what parses can be
//! evaluated anywhere and rewritten by a slider.
#![no_main]

use flatland_engine::formula::{Formula, MAX_LENGTH, MAX_VARIABLES, Workspace};
use flatland_engine::policy::RULE_VARIABLES;
use libfuzzer_sys::fuzz_target;

/// Ordinary points, kinks, poles, and what overflows.
const POINTS: [f64; 7] = [0.0, -0.0, 0.7, -1.3, 1e-200, -1e200, 710.0];

/// Values that a slider or a link may bring.
const VALUES: [f64; 6] = [0.0, -0.0, -2.5, 1e-17, 1e21, -f64::MIN_POSITIVE];

fuzz_target!(|text: &str| {
    let mut workspace = Workspace::default();
    match Formula::parse(text) {
        Ok(formula) => {
            assert!((1..=MAX_VARIABLES).contains(&formula.variables.len()));
            evaluate(&formula, &mut workspace);
            rewrite(&formula, text);
        }
        Err(error) => assert!((1..=text.chars().count() + 1).contains(&error.column), "{error}"),
    }
    if let Ok(rule) = Formula::with_variables(text, &RULE_VARIABLES) {
        evaluate(&rule, &mut workspace);
    }
});

/// Values and derivatives at points of all kinds; the gradient's sweep gives the value's bits, and all of it twice the same.
fn evaluate(formula: &Formula, workspace: &mut Workspace) {
    let (tape, n) = (formula.tape(), formula.variables.len());
    let direction: Vec<f64> = (0..n).map(|i| if i % 2 == 0 { 1.0 } else { -0.5 }).collect();
    for shift in 0..POINTS.len() {
        let x: Vec<f64> = (0..n).map(|i| POINTS[(i + shift) % POINTS.len()]).collect();
        let (mut gradient, mut product) = (vec![f64::NAN; n], vec![f64::NAN; n]);
        let value = tape.value(&x, workspace);
        assert!(same(value, tape.gradient(&x, &mut gradient, workspace)));
        tape.hessian_vector_product(&x, &direction, &mut product, workspace);
        let (mut again, mut product_again) = (vec![0.0; n], vec![0.0; n]);
        let fresh = &mut Workspace::default();
        tape.hessian_vector_product(&x, &direction, &mut product_again, fresh);
        assert!(same(value, tape.gradient(&x, &mut again, fresh)));
        assert!(gradient.iter().zip(&again).chain(product.iter().zip(&product_again)).all(|(a, b)| same(*a, *b)));
        for (i, entry) in gradient.iter().enumerate() {
            assert!(tape.depends_on(i) || *entry == 0.0, "variable {i} has no say");
        }
    }
}

/// A slider changes its own parameter, to the last bit, and nothing else.
fn rewrite(formula: &Formula, text: &str) {
    for parameter in &formula.parameters {
        for value in VALUES {
            let rewritten = formula.with_parameter(text, &parameter.name, value);
            if rewritten.chars().count() > MAX_LENGTH {
                continue;
            }
            // Another value may fold other constants, but the text around it is what it was.
            let changed = Formula::parse(&rewritten).unwrap_or_else(|error| panic!("{rewritten}: {error}"));
            assert_eq!(changed.variables, formula.variables);
            for (before, after) in formula.parameters.iter().zip(&changed.parameters) {
                let expected = if before.name == parameter.name { value } else { before.value };
                assert_eq!((&before.name, before.range), (&after.name, after.range));
                assert_eq!(expected.to_bits(), after.value.to_bits(), "{rewritten}");
            }
        }
    }
}

/// Equal bits; all NaNs are one.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
