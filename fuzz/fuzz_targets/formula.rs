//! Any text as a formula: parsing ends with a formula or an error that points into the text, and
//! what parses can be evaluated anywhere and rewritten by a slider.
#![no_main]

use flatland_engine::formula::{Formula, MAX_LENGTH, MAX_VARIABLES};
use flatland_engine::policy::RULE_VARIABLES;
use flatland_engine::program::{Builder, Evaluator, Place, derivatives_at};
use libfuzzer_sys::fuzz_target;

/// Ordinary points, kinks, poles, and what overflows.
const POINTS: [f64; 7] = [0.0, -0.0, 0.7, -1.3, 1e-200, -1e200, 710.0];

/// Values that a slider or a link may bring.
const VALUES: [f64; 6] = [0.0, -0.0, -2.5, 1e-17, 1e21, -f64::MIN_POSITIVE];

fuzz_target!(|text: &str| {
    match Formula::parse(text) {
        Ok(formula) => {
            assert!((1..=MAX_VARIABLES).contains(&formula.variables.len()));
            evaluate(&formula);
            rewrite(&formula, text);
        }
        Err(error) => assert!((1..=text.chars().count() + 1).contains(&error.column), "{error}"),
    }
    if let Ok(rule) = Formula::with_variables(text, &RULE_VARIABLES) {
        evaluate(&rule);
    }
});

/// Values and derivatives at points of all kinds: stage by stage, at once and anew they have the
/// same bits.
fn evaluate(formula: &Formula) {
    let (program, n) = (formula.program(), formula.variables.len());
    let mut builder = Builder::new(n);
    let variables: Vec<Place> = (0..n).collect();
    let f = builder.copy(program, &variables)[0];
    for (i, slope) in builder.gradient(f, &variables).iter().enumerate() {
        assert!(program.depends_on(i) || *slope == builder.constant(0.0), "variable {i} has no say");
    }
    let (gradient, hessian) = builder.derivatives(f, &variables);
    let staged = builder.staged(&[&[f], &gradient, &hessian]);
    let (mut values, mut at_once, mut in_stages) =
        (Evaluator::new(program.clone()), Evaluator::new(staged.clone()), Evaluator::new(staged.clone()));
    for shift in 0..POINTS.len() {
        let x: Vec<f64> = (0..n).map(|i| POINTS[(i + shift) % POINTS.len()]).collect();
        let value = values.at(&x, 0)[program.results[0]];
        let expected = at_once.at(&x, 2).to_vec();
        for stage in 0..3 {
            let end = staged.first() + staged.stages[stage];
            let found = in_stages.at(&x, stage);
            assert!(found[..end].iter().zip(&expected).all(|(a, b)| same(*a, *b)));
        }
        assert!(same(value, expected[staged.results[0]]), "a copy is the same function");
        if value.is_finite() {
            let found = derivatives_at(program, n, &x);
            assert_eq!((found.gradient.len(), found.hessian.len()), (n, n * n));
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
