//! Programs: what is simplified, what a branch that is not taken may do, and that running them in
//! pairs and stages changes no bit.
#![allow(missing_docs)]

use flatland_engine::experiment::Spec;
use flatland_engine::formula::Formula;
use flatland_engine::objective::find;
use flatland_engine::program::{Derivatives, Evaluator, Operation, Place, Program, weighed};
use nalgebra::{DMatrix, DVector};

/// f, ∇f and the upper triangle of ∇²f of a formula, one stage each.
fn differentiated(text: &str) -> Program {
    let formula = Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    Derivatives::of(formula.program()).program
}

/// One operation after the other, as the program says.
fn plainly(program: &Program, inputs: &[f64]) -> Vec<f64> {
    let mut numbers: Vec<f64> = inputs.iter().chain(&program.constants).copied().collect();
    for operation in &program.operations {
        let at = |place: Place| numbers[place];
        numbers.push(match *operation {
            Operation::Add(a, b) => at(a) + at(b),
            Operation::Subtract(a, b) => at(a) - at(b),
            Operation::Multiply(a, b) => at(a) * at(b),
            Operation::Weigh(a, b) => weighed(at(a), at(b)),
            Operation::Divide(a, b) => at(a) / at(b),
            Operation::Negate(a) => -at(a),
            Operation::Apply(function, a) => function.value(at(a)),
            Operation::Power(a, b) => libm::pow(at(a), at(b)),
            Operation::Choose { less, than, then, otherwise } => at(if at(less) < at(than) { then } else { otherwise }),
        });
    }
    numbers
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    // All NaNs are one: which of two an operation hands on differs between processors.
    numbers.iter().map(|number| if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() }).collect()
}

/// Formulas in which every pair of operations in a row occurs.
const FORMULAS: [&str; 8] = [
    "(1 - x)^2 + 100*(y - x^2)^2",
    "(x + y)*x - (x - y)*y + (x + 1)^2 + (x*y)^2 - 3",
    "f(x, y, z) = ((x + y) + z)*((x - y) - z) - (z - (x*y))*((x + z)*(y - z)) + (x - y + z)",
    "f(x, y) = (2 - (x + y)) + (3 - x*y) - ((x - y)*y)*((x - y)*x) + (x*x + y*y)*(x*x - y*y)",
    "min(x*y, x/y)*sqrt(1 + x^2) + max(x, -y)^3 - relu(x - y)*exp(-x^2)",
    "f(x1 … x5) = sum(x1*x2, x2*x3, x3*x4, x4*x5)^4 - (x1 - x5)^3 + x3^2.5",
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    "1e308*x + 1e308*x",
];

/// Inputs from −2 to 2, none of them simple.
fn point(program: &Program, seed: usize) -> Vec<f64> {
    (0..program.inputs).map(|i| 4.0 * ((seed * 31 + i * 17 + 5) as f64 * 0.618_033_988_75).fract() - 2.0).collect()
}

#[test]
fn pairs_and_stages_change_no_bit() {
    for text in FORMULAS {
        let program = differentiated(text);
        let mut evaluator = Evaluator::new(program.clone());
        for seed in 0..50 {
            let x = point(&program, seed);
            let expected = bits(&plainly(&program, &x));
            // Up and down again, in one call and in three.
            for stage in [seed % 3, 2, 0, 1] {
                let end = program.first() + program.stages[stage];
                assert_eq!(bits(&evaluator.at(&x, stage)[..end]), expected[..end], "{text} at {x:?}, stage {stage}");
            }
        }
    }
}

#[test]
fn a_stage_is_what_its_results_need_and_no_more() {
    let program = differentiated("1/2*(x*y - 1)^2");
    // x·y − 1, its square, halved; then times y and x; then y², x² and 2·x·y − 1.
    assert_eq!(program.stages, [4, 6, 9]);
}

#[test]
fn what_is_alike_is_joined_and_what_cancels_is_left_out() {
    for (text, operations) in
        [("x*y + 2*x*y - 3*(y*x)", 0), ("x + x", 1), ("-(-x)", 0), ("x - (-y)", 1), ("(-x)*(-y)", 1), ("0*x + 1*y", 0)]
    {
        assert_eq!(Formula::parse(text).map(|formula| formula.program().operations.len()), Ok(operations), "{text}");
    }
    assert!(!Formula::parse("0*x + y").is_ok_and(|formula| formula.program().depends_on(0)));
}

/// Constant factors are joined only where the joined one is neither too large nor too small.
#[test]
fn joining_factors_makes_no_infinity_and_no_zero() {
    for (text, x, expected) in [
        ("(1e200*x)*(1e200*y)", 1e-200, 1.0),
        ("(1e-200*x)*(1e-200*y)", 1e200, 1.0),
        ("1e200*(1e200*x)", 1e-300, 1e100),
        ("1e308*x + 1e308*x", 1e-308, 2.0),
    ] {
        let found = differentiated(text).at(&[x, x])[0];
        assert!((found - expected).abs() <= 1e-14 * expected, "{text}: {found}");
    }
}

/// Where a branch is not taken its slopes have no say, be they infinite or NaN; nor has a slope
/// that is multiplied by 0.
#[test]
fn branches_that_are_not_taken_have_no_say() {
    let entry = find("formula").expect("the formula");
    for (text, x, expected) in [
        ("max(1, sqrt(x))", &[-1.0][..], &[1.0, 0.0, 0.0][..]),
        ("min(x^2, 1/x)", &[0.0], &[0.0, 0.0, 2.0]),
        ("max(x^2, log(x))", &[0.0], &[0.0, 0.0, 2.0]),
        ("relu(x)^1.5 + x^2", &[-1.0], &[1.0, -2.0, 2.0]),
        ("f(x, y) = x^2 + x*sqrt(y)", &[0.0, 0.0], &[0.0, 0.0, 0.0]),
        ("max(1, x/(x + 1)^2)*x", &[-1.0], &[-1.0, 1.0, 0.0]),
    ] {
        let objective = entry.build(&Spec::new("formula").with("expression", text), x.len()).expect("a valid formula");
        let (mut gradient, mut hessian) = (DVector::zeros(x.len()), DMatrix::zeros(x.len(), x.len()));
        let x = DVector::from_column_slice(x);
        let (value, _) = objective.measure(&x, &mut gradient, Some(&mut hessian));
        let found: Vec<f64> = std::iter::once(value).chain(gradient.iter().chain(&hessian).copied()).collect();
        assert_eq!(found[..expected.len()], *expected, "{text} at {x:?}");
    }
}

/// Half of the plane is no kink: there the symbols are right, and nothing else need be asked.
#[test]
fn what_rests_at_zero_after_a_relu_is_not_singular() {
    for text in ["relu(relu(x)*3)", "relu(x)^1.5 + x^2", "max(0, max(x, 0))", "abs(2*min(-x, 0))"] {
        let program = differentiated(text);
        assert!(program.at(&[-0.5]).iter().all(|number| number.is_finite()), "{text}");
        assert!(program.at(&[0.0])[1].is_nan(), "{text} at its kink");
    }
}

/// Far out, where 1 − σ would be 0 long before it is, against σ′ = e^−|x| to the last digits:
/// beyond 40, 1 + e^−x is 1.
#[test]
fn the_sigmoid_keeps_its_tails() {
    let program = differentiated("softplus(x)");
    for x in [40.0_f64, 100.0, 700.0] {
        for side in [-x, x] {
            let curvature = program.at(&[side])[2];
            assert!((curvature / libm::exp(-x) - 1.0).abs() < 1e-14, "{side}: {curvature}");
        }
    }
    assert!(program.at(&[-800.0]).iter().chain(&program.at(&[800.0])).all(|number| number.is_finite()));
}
