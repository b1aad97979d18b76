//! Derivatives of formulas where a part of them has none: zeros of absolute values and roots, ties,
//! borders of the domain.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)]

use astro_float::{BigFloat, Consts, RoundingMode};
use flatland_engine::descent::{Descent, Outcome};
use flatland_engine::experiment::{Experiment, Spec};
use flatland_engine::formula::Formula;
use flatland_engine::objective::{Objective, find};
use flatland_engine::program::{Function, Operation, Place, Program};
use flatland_engine::spectrum::{kth_eigenvalue, largest_eigenvalue};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

fn objective(text: &str) -> Box<dyn Objective> {
    let n = Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).variables.len();
    find("formula").unwrap().build(&Spec::new("formula").with("expression", text), n).unwrap()
}

/// f, ∇f and ∇²f, asked for together; each asked for alone, and products with the Hessian, must
/// agree.
fn at(text: &str, x: &[f64]) -> (f64, Vec<f64>, DMatrix<f64>) {
    let (objective, x, n) = (objective(text), DVector::from_column_slice(x), x.len());
    let (mut gradient, mut hessian) = (DVector::zeros(n), DMatrix::zeros(n, n));
    let (value, sharpness) = objective.measure(&x, &mut gradient, Some(&mut hessian));
    let (mut alone, mut matrix) = (DVector::zeros(n), DMatrix::zeros(n, n));
    objective.gradient(&x, &mut alone);
    objective.hessian(&x, &mut matrix);
    let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
    assert!(gradient.iter().zip(&alone).all(|(a, b)| same(*a, *b)), "{text}: {gradient} {alone}");
    assert!(same(sharpness, largest_eigenvalue(&matrix)), "{text}: {sharpness} {matrix}");
    let (mut unit, mut product) = (DVector::zeros(n), DVector::zeros(n));
    for i in 0..n {
        unit.fill(0.0);
        unit[i] = 1.0;
        objective.hessian_vector_product(&x, &unit, &mut product);
        assert!(product.iter().zip(matrix.column(i).iter()).all(|(a, b)| same(*a, *b)), "{text}: {product} {matrix}");
    }
    (value, alone.as_slice().to_vec(), matrix)
}

/// A formula, a point, and there ∇f, λ₁ and the least eigenvalue.
type Smooth<'a> = (&'a str, &'a [f64], &'a [f64], f64, f64);

/// f is twice differentiable at all of these: ∇f, λ₁ and the least eigenvalue by hand. Expansions
/// round in the last places only.
#[test]
fn what_is_smooth_as_a_whole_has_its_derivatives() {
    let cases: [Smooth<'_>; 30] = [
        ("f(x, y) = abs(x - 1)^2 + 3*y^2", &[1.0, 0.0], &[0.0, 0.0], 6.0, 2.0),
        ("f(x, y) = abs(x - 1)^2 + y^2/2", &[1.0, 2.0], &[0.0, 2.0], 2.0, 1.0),
        ("abs(x^2)", &[0.0], &[0.0], 2.0, 2.0),
        ("abs(sin(x))^2", &[0.0], &[0.0], 2.0, 2.0),
        ("abs(x)*abs(x)", &[0.0], &[0.0], 2.0, 2.0),
        ("max(x, 0)^2 + min(x, 0)^2", &[0.0], &[0.0], 2.0, 2.0),
        ("max(x, 0) + min(x, 0) + x^2", &[0.0], &[1.0], 2.0, 2.0),
        ("max(x^2, -x^2)", &[0.0], &[0.0], 2.0, 2.0),
        ("max(x, -x)^2", &[0.0], &[0.0], 2.0, 2.0),
        ("relu(x)^2 + relu(-x)^2", &[0.0], &[0.0], 2.0, 2.0),
        ("f(x, y) = (3*sqrt(x^2 + y^2))^2", &[0.0, 0.0], &[0.0, 0.0], 18.0, 18.0),
        ("f(x, y) = sqrt((x - 1)^4) + y^2", &[1.0, 2.0], &[0.0, 4.0], 2.0, 2.0),
        ("sqrt(x^6)", &[0.0], &[0.0], 0.0, 0.0),
        ("(x^4)^0.75", &[0.0], &[0.0], 0.0, 0.0),
        ("abs(x)^3", &[0.0], &[0.0], 0.0, 0.0),
        ("abs(x)^2.5 + x^2", &[0.0], &[0.0], 2.0, 2.0),
        ("(x - 1)^y + (y - 3)^2", &[1.0, 3.0], &[0.0, 0.0], 2.0, 0.0),
        ("(x - 1)^y + (y - 3)^2", &[1.0, 3.5], &[0.0, 1.0], 2.0, 0.0),
        ("f(x, y) = sqrt(x^2 + y^2)*sqrt(x^2 + y^2)*(1 + x)", &[0.0, 0.0], &[0.0, 0.0], 2.0, 2.0),
        ("cosh(abs(x)) + cos(abs(3*x))", &[0.0], &[0.0], -8.0, -8.0),
        ("f(x, y) = abs(x*y)*x*y + x^2", &[0.0, 0.0], &[0.0, 0.0], 2.0, 0.0),
        ("exp(-1/x^2) + x^2", &[0.0], &[0.0], 2.0, 2.0),
        ("abs(x)^x2 + x2", &[1.0, 2.0], &[2.0, 1.0], 2.414_213_562_373_095, -0.414_213_562_373_095),
        ("sign(x)*x^3 + 2*x", &[0.0], &[2.0], 0.0, 0.0),
        ("sqrt(x^2)^3 + sqrt(x^4)", &[0.0], &[0.0], 2.0, 2.0),
        ("f(x, y, z) = sqrt(x^2 + y^2 + z^2)^2 + z", &[0.0, 0.0, 0.0], &[0.0, 0.0, 1.0], 2.0, 2.0),
        ("f(x, y) = relu(x + y)^2 + relu(-x - y)^2", &[1.0, -1.0], &[0.0, 0.0], 4.0, 0.0),
        ("logcosh(sqrt(x^2))", &[0.0], &[0.0], 1.0, 1.0),
        // Powers beyond all numbers: flat, and no end without end.
        ("f(x, y) = y^2 + (x^1e200)^1e200", &[0.0, 1.0], &[0.0, 2.0], 2.0, 0.0),
        ("f(x, y) = max(x^2 + y^2, x^2 + y^2 - x^4)", &[0.0, 0.0], &[0.0, 0.0], 2.0, 2.0),
    ];
    for (text, x, gradient, largest, least) in cases {
        let text = &text.replace("x2", "y");
        let (_, found, hessian) = at(text, x);
        for (found, expected) in found.iter().zip(gradient) {
            assert!((found - expected).abs() <= 1e-14, "{text} at {x:?}: gradient {found:?}, not {gradient:?}");
        }
        let values = [largest_eigenvalue(&hessian), kth_eigenvalue(&hessian, x.len() - 1)];
        for (found, expected) in values.iter().zip([largest, least]) {
            assert!((found - expected).abs() <= 1e-13, "{text} at {x:?}: {hessian}");
        }
    }
}

/// Where a number does not exist it is not finite, and the part is named that has no derivative, or
/// is no number.
#[test]
fn what_does_not_exist_is_not_finite_and_named() {
    // Whether the gradient exists, and which part is to blame.
    let cases: [(&str, &[f64], bool, &str); 13] = [
        ("abs(x)^1.5", &[0.0], true, "abs(x)"),
        ("x^1.5", &[0.0], true, "x^1.5"),
        ("f(x, y) = sqrt(x^2 + y^2)", &[0.0, 0.0], false, "sqrt(x^2 + y^2)"),
        ("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2 - 3*x", &[1.0, 2.0], false, "sqrt((x - 1)^2)"),
        ("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2", &[1.0, 5.0], false, "sqrt((x - 1)^2)"),
        ("f(x, y) = abs(x)^2 + sqrt(y)", &[0.0, 0.0], false, "sqrt(y)"),
        ("f(x, y) = x^y", &[-2.0, 3.0], false, "x^y"),
        ("f(x, y) = sqrt(x) + (y - 1)^2", &[-1.0, 1.0], false, "sqrt(x)"),
        ("x - log(2 + x)", &[-5.67], false, "log(x + 2)"),
        ("f(x, y) = y*log(x)", &[-1.0, 0.0], false, "log(x)"),
        ("f(x, y) = (x^2*y^4)^0.25", &[0.0, 0.0], true, "(x^2*(y^2)^2)^0.25"),
        ("sign(x) + x^2", &[0.0], false, "sign(x)"),
        ("tanh(1/x) + x^2", &[0.0], false, "1/x"),
    ];
    for (text, x, has_gradient, part) in cases {
        let (_, gradient, hessian) = at(text, x);
        assert_eq!(gradient.iter().all(|slope| slope.is_finite()), has_gradient, "{text}: {gradient:?}");
        assert!(!largest_eigenvalue(&hessian).is_finite(), "{text}: {hessian}");
        let named = objective(text).part_without_derivative(&DVector::from_column_slice(x));
        assert_eq!(named.as_deref(), Some(part), "{text}");
    }
}

/// relu′(0) = ½ and |·|′(0) = 0, however they are written.
#[test]
fn at_a_tie_both_sides_count_alike_in_every_spelling() {
    for text in ["relu(x)", "max(0, x)", "max(x, 0)", "(x + abs(x))/2", "-min(0, -x)", "x*(1 + sign(x))/2"] {
        let (value, gradient, hessian) = at(&format!("{text} + (x - 1)^2"), &[0.0]);
        assert_eq!((value, gradient[0], hessian[(0, 0)]), (1.0, -1.5, 2.0), "{text}");
    }
    for text in ["abs(x)", "max(x, -x)", "relu(x) + relu(-x)", "x*sign(x)"] {
        let (_, gradient, hessian) = at(text, &[0.0]);
        assert_eq!((gradient[0], hessian[(0, 0)]), (0.0, 0.0), "{text}");
    }
    // A kink that is used twice: 1 + 2|x| + x²/2 + … and |x| − x² + …, whose second derivatives are
    // equal on both sides.
    for (text, curvature) in [("exp(abs(x)) + abs(x)", 1.0), ("abs(x)/(1 + abs(x))", -2.0)] {
        let (_, gradient, hessian) = at(text, &[0.0]);
        assert_eq!((gradient[0], hessian[(0, 0)]), (0.0, curvature), "{text}");
    }
    // Outside of its support a bump is flat, though 1/0 is infinite.
    for bump in ["exp(-1/max(0, 1 - x^2))", "exp(-1/relu(1 - x^2))"] {
        let (value, gradient, hessian) = at(&format!("{bump} + 3*x"), &[2.0]);
        assert_eq!((value, gradient[0], hessian[(0, 0)]), (6.0, 3.0, 0.0), "{bump}");
    }
    // A second derivative that jumps from 0 to 2.
    assert_eq!(at("relu(x)^2", &[0.0]).2[(0, 0)], 1.0);
    assert_eq!(at("max(0, x)*x", &[0.0]).2[(0, 0)], 1.0);
}

/// exp overflows beyond 709, and the Hessian with it; f and ∇f vanish to the last bit, with the
/// Hessian asked for or without.
#[test]
fn a_gradient_is_the_same_where_only_the_hessian_is_lost() {
    for (text, x) in
        [("1/(1 + exp(x))", 1000.0), ("x/(1 + exp(x))", 800.0), ("1/cosh(x)", 800.0), ("1/(1 + exp(x))^2", 400.0)]
    {
        let (value, gradient, _) = at(text, &[x]);
        assert_eq!((value, gradient[0]), (0.0, 0.0), "{text}");
    }
}

/// All of these are outside of the domain: f is not finite, and nothing else is.
#[test]
fn outside_of_the_domain_nothing_is_finite() {
    let cases: [(&str, &[f64]); 7] = [
        ("x - log(2 + x)", &[-5.67]),
        ("relu(log(x))", &[-1.0]),
        ("f(x, y) = sqrt(x) + (y - 1)^2", &[-1.0, 1.0]),
        ("log(cosh(x))", &[712.0]),
        ("log(1 + exp(x))", &[1000.0]),
        ("log(x^2)", &[0.0]),
        ("f(x, y) = y^2 + 1/x", &[0.0, 1.0]),
    ];
    for (text, x) in cases {
        let (value, gradient, hessian) = at(text, x);
        assert!(!value.is_finite(), "{text}: {value}");
        assert!(gradient.iter().chain(hessian.iter()).all(|entry| entry.is_nan()), "{text}: {gradient:?} {hessian}");
    }
}

/// A gradient with a NaN beside zeros was once a norm of 0, and the run “converged”.
#[test]
fn a_gradient_that_is_not_a_number_never_converges() {
    for (text, start) in [
        ("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2 - 3*x", [1.0, 2.0]),
        ("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2", [1.0, 2.0]),
        ("f(x, y) = sqrt(x) + (y - 1)^2", [-1.0, 1.0]),
        ("f(x, y) = x^2 + sqrt(y^2)", [0.0, 0.0]),
    ] {
        let document = serde_json::json!({
            "version": 1, "objective": { "name": "formula", "expression": text }, "start": start,
            "runs": [{ "policy": { "name": "constant", "eta": 0.1 } }], "steps": 5
        });
        let mut descent = Descent::new(&Experiment::from_json(&document.to_string()).unwrap(), 0).unwrap();
        let record = descent.advance().unwrap();
        assert!(record.gradient_norm.is_nan(), "{text}: {}", record.gradient_norm);
        assert!(
            matches!(descent.outcome(), Some(Outcome::Diverged { step: 0, .. })),
            "{text}: {:?}",
            descent.outcome()
        );
    }
}

const DIGITS: usize = 256; // bits: 77 decimal digits
const ROUND: RoundingMode = RoundingMode::ToEven;

/// f by its operations in 77 digits.
fn precisely(program: &Program, x: &[BigFloat], constants: &mut Consts) -> BigFloat {
    let big = |value: f64| BigFloat::from_f64(value, DIGITS);
    let mut numbers = x.to_vec();
    numbers.extend(program.constants.iter().map(|value| big(*value)));
    for operation in &program.operations {
        let at = |place: Place| &numbers[place];
        let number = match *operation {
            Operation::Add(a, b) => at(a).add(at(b), DIGITS, ROUND),
            Operation::Subtract(a, b) => at(a).sub(at(b), DIGITS, ROUND),
            Operation::Multiply(a, b) | Operation::Weigh(a, b) => at(a).mul(at(b), DIGITS, ROUND),
            Operation::Divide(a, b) => at(a).div(at(b), DIGITS, ROUND),
            Operation::Negate(a) => at(a).neg(),
            Operation::Power(a, _) if at(a).is_zero() => big(0.0),
            Operation::Power(a, b) => at(a).pow(at(b), DIGITS, ROUND, constants),
            Operation::Choose { less, than, then, otherwise } => {
                at(if at(less).cmp(at(than)).unwrap() < 0 { then } else { otherwise }).clone()
            }
            Operation::Apply(function, a) => {
                let a = at(a);
                match function {
                    Function::Abs => a.abs(),
                    Function::Sqrt => a.sqrt(DIGITS, ROUND),
                    Function::Exp => a.exp(DIGITS, ROUND, constants),
                    Function::Sin => a.sin(DIGITS, ROUND, constants),
                    Function::Cos => a.cos(DIGITS, ROUND, constants),
                    Function::Cosh => a.cosh(DIGITS, ROUND, constants),
                    Function::Relu if a.is_negative() => big(0.0),
                    Function::Relu => a.clone(),
                    Function::Sign if a.is_zero() => big(0.0),
                    Function::Sign => big(if a.is_negative() { -1.0 } else { 1.0 }),
                    other => panic!("{other:?} is not among the formulas"),
                }
            }
        };
        numbers.push(number);
    }
    numbers[program.results[0]].clone()
}

/// ∂f/∂d and ∂²f/∂d² by central differences with h = 2⁻⁷⁰, in 77 digits: what cancels takes 21 and
/// 42 of them. The largest fractional power that the formulas have besides smooth parts is |u|^2.5,
/// whose second difference is off by some √h = 3e-11.
fn differences(program: &Program, x: &[f64], direction: &[f64]) -> (f64, f64) {
    let mut constants = Consts::new().unwrap();
    let h = BigFloat::from_f64(2.0_f64.powi(-70), DIGITS);
    let mut moved = |sign: f64| {
        let x: Vec<BigFloat> = x
            .iter()
            .zip(direction)
            .map(|(x, d)| {
                let step = h.mul(&BigFloat::from_f64(sign * d, DIGITS), DIGITS, ROUND);
                BigFloat::from_f64(*x, DIGITS).add(&step, DIGITS, ROUND)
            })
            .collect();
        precisely(program, &x, &mut constants)
    };
    let (up, here, down) = (moved(1.0), moved(0.0), moved(-1.0));
    let slope = up.sub(&down, DIGITS, ROUND).div(&h, DIGITS, ROUND);
    let bend = up.sub(&here, DIGITS, ROUND).add(&down.sub(&here, DIGITS, ROUND), DIGITS, ROUND);
    let bend = bend.div(&h, DIGITS, ROUND).div(&h, DIGITS, ROUND);
    let number = |big: BigFloat| big.to_string().parse::<f64>().unwrap();
    (0.5 * number(slope), number(bend))
}

/// Functions of x and y that vanish at (½, −¼), exactly.
fn zero() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["(x - 0.5)", "(y + 0.25)", "(x + 2*y)", "sin(y + 0.25)", "(x^2 - 0.25)", "(x*y + 0.125)"])
        .prop_map(str::to_owned)
}

/// Functions that do not.
fn factor() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["exp(x)", "(1 + y^2)", "cos(y)", "(2 - x)", "3"]).prop_map(str::to_owned)
}

/// Smooth functions of what vanishes, with kinks in their writing.
fn smooth() -> impl Strategy<Value = String> {
    let one = (zero(), 0..14_usize).prop_map(|(u, form)| match form {
        0 => format!("abs({u})^2"),
        1 => format!("sqrt({u}^4)"),
        2 => format!("sqrt({u}^2)^2"),
        3 => format!("(max({u}, 0)^2 + min({u}, 0)^2)"),
        4 => format!("(max(0, {u}) + min({u}, 0))"),
        5 => format!("max({u}, -{u})^2"),
        6 => format!("(relu({u}) - relu(-{u}))"),
        7 => format!("abs({u})^3"),
        8 => format!("({u}^2)^1.25"),
        9 => format!("abs({u})*sign({u})"),
        10 => format!("cosh(abs({u}))"),
        11 => format!("cos(sqrt({u}^2))"),
        12 => format!("exp(abs({u})^3)"),
        _ => format!("max({u}^2, -{u}^2)"),
    });
    let two = (zero(), zero(), 0..3_usize).prop_map(|(u, v, form)| match form {
        0 => format!("sqrt({u}^2 + {v}^2)^2"),
        1 => format!("(abs({u})*abs({v}))^2"),
        _ => format!("sqrt({u}^2*(1 + {v}^2))^2"),
    });
    prop_oneof![3 => one, 1 => two]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// To 1e-9 of the largest entry, or of f, by which exp multiplies the error of |u|^2.5: see
    /// [`differences`].
    #[test]
    fn smooth_functions_in_kinked_writing_have_the_derivatives_of_differences(
        parts in prop::collection::vec((factor(), smooth()), 1..4), form in 0..3_usize,
    ) {
        let terms: Vec<String> = parts.iter().map(|(factor, smooth)| format!("{factor}*{smooth}")).collect();
        let sum = terms.join(" + ");
        let text = match form {
            0 => format!("f(x, y) = {sum} + x*y"),
            1 => format!("f(x, y) = exp({sum}) - y"),
            _ => format!("f(x, y) = ({sum})*(x + 2*y^2) + x"),
        };
        let x = [0.5, -0.25];
        let program = Formula::parse(&text).unwrap().program().clone();
        let (value, gradient, hessian) = at(&text, &x);
        let (to_x, xx) = differences(&program, &x, &[1.0, 0.0]);
        let (to_y, yy) = differences(&program, &x, &[0.0, 1.0]);
        let (_, both) = differences(&program, &x, &[1.0, 1.0]);
        let xy = 0.5 * (both - xx - yy);
        let scale = [value, to_x, to_y, xx, yy, xy].iter().fold(1.0_f64, |scale, entry| scale.max(entry.abs()));
        let found = [gradient[0], gradient[1], hessian[(0, 0)], hessian[(1, 1)], hessian[(0, 1)]];
        for (found, expected) in found.iter().zip([to_x, to_y, xx, yy, xy]) {
            prop_assert!((found - expected).abs() <= 1e-9 * scale, "{text}: {gradient:?} {hessian}, {expected}");
        }
    }
}
