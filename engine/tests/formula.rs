//! Formulas: what they mean, how exact their derivatives are, and what is said of those that are
//! none.
#![allow(clippy::unwrap_used)]

use flatland_engine::descent::Descent;
use flatland_engine::experiment::{Experiment, Spec};
use flatland_engine::formula::Formula;
use flatland_engine::objective::{Objective, find};
use nalgebra::DVector;

fn value(text: &str, x: &[f64]) -> f64 {
    Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).program().at(x)[0]
}

fn objective(text: &str) -> Box<dyn Objective> {
    let n = Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).variables.len();
    find("formula").unwrap().build(&Spec::new("formula").with("expression", text), n).unwrap()
}

fn gradient(objective: &dyn Objective, x: &[f64]) -> Vec<f64> {
    let mut gradient = DVector::zeros(x.len());
    objective.gradient(&DVector::from_column_slice(x), &mut gradient);
    gradient.as_slice().to_vec()
}

fn product(objective: &dyn Objective, x: &[f64], v: &[f64]) -> Vec<f64> {
    let mut product = DVector::zeros(x.len());
    objective.hessian_vector_product(&DVector::from_column_slice(x), &DVector::from_column_slice(v), &mut product);
    product.as_slice().to_vec()
}

#[test]
fn operators_bind_as_in_mathematics() {
    for (text, expected) in [
        ("1 + 2*3", 7.0),
        ("2*3^2", 18.0),
        ("-2^2", -4.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("(1 + 2)*3", 9.0),
        ("8/4/2", 1.0),
        ("5 - 3 - 1", 1.0),
        ("--3", 3.0),
        ("3·2 − 1", 5.0),
        ("2²·3", 12.0),
        ("min(3, 1, 2) + max(3, 1, 2) + sum(1, 2, 3)", 10.0),
        ("2*pi/π", 2.0),
        ("log(e)", 1.0),
        ("1e-3*1E3", 1.0),
        ("abs(-2) + relu(-1) + sign(-3)", 1.0),
    ] {
        assert_eq!(value(text, &[0.0]), expected, "{text}");
    }
}

#[test]
fn variables_are_named_by_the_head_or_implied() {
    assert_eq!(value("f(u, v) = u - v", &[5.0, 3.0]), 2.0);
    assert_eq!(value("f(x1 … x3) = x1 + 10*x2 + 100*x3", &[1.0, 2.0, 3.0]), 321.0);
    assert_eq!(value("f(x1 ... x3) = x3", &[1.0, 2.0, 3.0]), 3.0);
    assert_eq!(Formula::parse("y^2").unwrap().variables, ["x", "y"]);
    assert_eq!(Formula::parse("x3*x1").unwrap().variables, ["x1", "x2", "x3"]);
    assert_eq!(Formula::parse("7").unwrap().variables, ["x"]);
}

#[test]
fn parameters_have_values_and_ranges_and_can_be_set_in_the_text() {
    let text = "f(x) = a*x^2 + b; a = -0.5 [-1, 2]; b = 3";
    let formula = Formula::parse(text).unwrap();
    assert_eq!(value(text, &[2.0]), 1.0);
    assert_eq!((formula.parameters[0].value, formula.parameters[0].range), (-0.5, Some((-1.0, 2.0))));
    assert_eq!(formula.parameters[1].range, None);
    assert_eq!(formula.with_parameter(text, "a", 1.25), "f(x) = a*x^2 + b; a = 1.25 [-1, 2]; b = 3");
    assert_eq!(formula.with_parameter(text, "b", -7.0), "f(x) = a*x^2 + b; a = -0.5 [-1, 2]; b = -7");
    assert_eq!(formula.with_parameter(text, "c", 1.0), text);
}

/// Closed forms written out by hand, to 1e-12 of the largest entry: the tape does the same
/// operations in another order.
#[test]
fn derivatives_match_closed_forms() {
    let rosenbrock = objective("(1-x)^2 + 100*(y-x^2)^2");
    let saddle = objective("sin(x)*exp(y) + x/y");
    for (x, y) in [(-1.2_f64, 1.0_f64), (0.3, 2.5), (2.0, -0.7)] {
        let expected = [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)];
        close(&gradient(rosenbrock.as_ref(), &[x, y]), &expected, 1e-12);
        let hessian = [[2.0 - 400.0 * (y - 3.0 * x * x), -400.0 * x], [-400.0 * x, 200.0]];
        close(&product(rosenbrock.as_ref(), &[x, y], &[1.0, 0.0]), &hessian[0], 1e-12);
        close(&product(rosenbrock.as_ref(), &[x, y], &[0.0, 1.0]), &hessian[1], 1e-12);

        let (s, c, e) = (x.sin(), x.cos(), y.exp());
        close(&gradient(saddle.as_ref(), &[x, y]), &[c * e + 1.0 / y, s * e - x / (y * y)], 1e-12);
        let mixed = c * e - 1.0 / (y * y);
        close(&product(saddle.as_ref(), &[x, y], &[1.0, 0.0]), &[-s * e, mixed], 1e-12);
        close(&product(saddle.as_ref(), &[x, y], &[0.0, 1.0]), &[mixed, s * e + 2.0 * x / (y * y * y)], 1e-12);
    }
}

/// Every function against central differences of f and of the gradient: h = 1e-5 leaves an error of
/// about h² = 1e-10 relative to the third derivative, and rounding of about 1e-16/h = 1e-11; 1e-6
/// of the size is far above both.
#[test]
fn derivatives_of_every_function_match_differences() {
    let h = 1e-5;
    for text in [
        "abs(x)*y",
        "sqrt(x)*y",
        "exp(x*y)",
        "log(x + y)",
        "sin(x*y)",
        "cos(x/y)",
        "tan(x*y/3)",
        "tanh(x*y)",
        "cosh(x*y)",
        "sinh(x - y)",
        "logcosh(x*y)",
        "softplus(x*y)",
        "sigmoid(x*y)",
        "relu(x - y)*x",
        "min(x*x, y)",
        "max(x*x, y)",
        "sum(x, y, x*y)^2",
        "x^y",
        "x^2.5*y^-3",
        "(x*y)^4",
        "2^(x*y)",
        "x/(1 + y^2)",
        "sign(x)*y^2",
    ] {
        let formula = objective(text);
        for point in [[0.7, 1.3], [1.9, 0.4], [1.1, 2.2]] {
            let exact = gradient(formula.as_ref(), &point);
            for axis in 0..2 {
                let shifted = |by: f64| {
                    let mut shifted = point;
                    shifted[axis] += by;
                    shifted
                };
                let slope = (value(text, &shifted(h)) - value(text, &shifted(-h))) / (2.0 * h);
                assert!(
                    (exact[axis] - slope).abs() <= 1e-6 * (1.0 + slope.abs()),
                    "{text} at {point:?}: {exact:?} {slope}"
                );
                let mut direction = [0.0; 2];
                direction[axis] = 1.0;
                let column = product(formula.as_ref(), &point, &direction);
                let (up, down) = (gradient(formula.as_ref(), &shifted(h)), gradient(formula.as_ref(), &shifted(-h)));
                for row in 0..2 {
                    let second = (up[row] - down[row]) / (2.0 * h);
                    assert!(
                        (column[row] - second).abs() <= 1e-6 * (1.0 + second.abs()),
                        "{text} at {point:?}: {column:?} {second}"
                    );
                }
            }
        }
    }
}

#[test]
fn stable_forms_do_not_overflow() {
    assert!((value("logcosh(x)", &[1000.0]) - (1000.0 - std::f64::consts::LN_2)).abs() < 1e-12);
    assert_eq!(value("softplus(x)", &[1000.0]), 1000.0);
    let formula = objective("softplus(x) + logcosh(x) + tanh(x)");
    for x in [-1000.0, 1000.0] {
        assert!(gradient(formula.as_ref(), &[x])[0].is_finite());
        assert!(product(formula.as_ref(), &[x], &[1.0])[0].is_finite());
    }
}

#[test]
fn outside_of_its_domain_a_formula_is_not_finite_and_nothing_panics() {
    for (text, x) in [("log(x)", -1.0), ("1/x", 0.0), ("sqrt(x)", -1.0), ("x^0.5", -2.0), ("exp(x)", 1e3)] {
        let formula = objective(text);
        assert!(!value(text, &[x]).is_finite(), "{text}");
        gradient(formula.as_ref(), &[x]);
        product(formula.as_ref(), &[x], &[1.0]);
    }
    // A power of zero is flat there, not NaN.
    let formula = objective("x^2 + y^3");
    assert_eq!(gradient(formula.as_ref(), &[0.0, 0.0]), [0.0, 0.0]);
    assert_eq!(product(formula.as_ref(), &[0.0, 0.0], &[1.0, 1.0]), [2.0, 0.0]);
}

#[test]
fn what_is_equal_is_computed_once_and_constants_at_parse_time() {
    let once = Formula::parse("(x*y)^2 + (x*y)^2 + (y*x)^2").unwrap();
    // x·y, its square, times 3.
    assert_eq!(once.program().operations.len(), 3);
    assert!(Formula::parse("2*3 + sin(pi)^2").unwrap().program().operations.is_empty());
}

#[test]
fn errors_point_at_the_column_and_say_what_was_expected() {
    for (text, column, expected) in [
        ("", 1, "a formula"),
        ("   ", 1, "a formula"),
        ("x +", 4, "a number, a name"),
        ("x + * y", 5, "a number, a name"),
        ("2x", 2, "an operator"),
        ("(x + y", 7, "“)”"),
        ("x)", 2, "an operator, or the end"),
        ("foo(x)", 1, "one of the functions"),
        ("x + w", 5, "a variable or parameter"),
        ("sin x", 5, "“(”"),
        ("sin(x, y)", 9, "one argument"),
        ("f(x, x) = x", 3, "names of their own"),
        ("f(sin) = 1", 3, "names of their own"),
        ("f(x) = a*x; a", 14, "“=”"),
        ("f(x) = a*x; a = b", 17, "a number"),
        ("f(x) = a*x; a = 1 [2, 1]", 24, "lower end"),
        ("f(x) = x; x = 1", 15, "no variable"),
        ("x $ y", 3, "a number, a name, or one of"),
        ("1e999", 1, "below 1e308"),
        ("f(x1 … x99) = x1", 3, "at most 16"),
        ("alert(1)", 1, "one of the functions"),
    ] {
        let error = Formula::parse(text).expect_err(text);
        assert_eq!(error.column, column, "{text}: {error}");
        assert!(error.expected.contains(expected), "{text}: {error}");
    }
}

/// The column, the cure, and what was typed in other languages or with other habits.
#[test]
fn what_is_written_differently_elsewhere_is_refused_with_its_cure() {
    for (text, column, cure) in [
        // Decimal commas, of which none is taken for a separator.
        ("0,5*x^2", 2, "with a point: 0.5"),
        ("x^2 + 1,25*x", 8, "with a point: 1.25"),
        ("max(0, 0,5*x)", 9, "with a point: 0.5"),
        ("max(0,5*x, 1)", 6, "with a point: 0.5"),
        ("max(0,05*x)", 6, "with a point: 0.05"),
        ("sin(0,5*x)", 6, "with a point: 0.5"),
        ("max(0, (0,5*x))", 10, "with a point: 0.5"),
        ("x^(0,5)", 5, "with a point: 0.5"),
        ("a*x; a = 0,5 [0, 2]", 11, "with a point: 0.5"),
        ("a*x; a = 1 [0,5, 2]", 14, "with a point: 0.5"),
        ("a*x; a = 1 [0, 2,5]", 17, "with a point: 2.5"),
        ("a*x; a = 1 [0,5,2,5]", 14, "with a point: 0.5"),
        ("max(0; 0,5*x)", 6, "“,” between arguments"),
        ("a*x; a = 1 [0,5; 2,5]", 14, "with a point: 0.5"),
        ("(x + 1; a = 2", 7, "“)” before the parameters"),
        // Separators of thousands.
        ("1,000*x", 2, "1000 or 1.000"),
        ("1,000,000*x", 2, "without separators: 1000000"),
        ("1,234.5*x", 2, "without separators: 1234.5"),
        ("1.234,5*x", 6, "with a point: 1234.5"),
        ("1 000*x", 3, "no space in a number: 1000"),
        ("1\u{202f}000*x", 3, "no space in a number: 1000"),
        ("10'000*x", 3, "without separators, such as 10000"),
        ("10’000*x", 3, "without separators, such as 10000"),
        ("1_000*x", 2, "without separators: 1000"),
        ("1.000.000*x", 6, "one point"),
        // Other notations.
        ("x**2", 3, "powers are written x^2"),
        ("|x|", 1, "abs(x)"),
        ("√x", 1, "sqrt(x)"),
        ("x÷2", 2, "“/”"),
        ("{x}", 1, "parentheses"),
        ("max(x < 1, 2)", 7, "no comparison: a + (b - a)*(1 + sign(x - c))/2"),
        ("x ≥ 1", 3, "no comparison"),
        ("where(x, 1, 2)", 1, "(1 + sign(x - c))/2, which is a below c and b above"),
        ("clip(x, 0, 1)", 1, "max(0, min(x, 1))"),
        (r"\sin(x)", 1, "without a backslash"),
        ("np.sin(x)", 3, "by their names alone"),
        ("sin^2(x)", 4, "sin(x)^2"),
        ("sin²(x)", 4, "sin(x)^2"),
        ("exp^x", 4, "exp(x) or e^x"),
        // Names.
        ("Sin(x)", 1, "did you mean sin?"),
        ("PI*x", 1, "did you mean pi?"),
        ("X^2 + x", 1, "did you mean x?"),
        ("log10(x)", 1, "log(x)/log(10)"),
        ("log2(x)", 1, "log(x)/log(2)"),
        ("lg(x)", 1, "log(x)/log(10)"),
        ("pow(x, 2)", 1, "x^y"),
        ("sgn(x)", 1, "sign(x)"),
    ] {
        let error = Formula::parse(text).expect_err(text);
        assert_eq!(error.column, column, "{text}: {error}");
        assert!(error.expected.contains(cure), "{text}: {error}");
    }
}

#[test]
fn commas_that_separate_stay_what_they_are() {
    for (text, expected) in [
        ("max(0,1)", 1.0),
        ("max(0,5*x)", 5.0),
        ("min(1,2,3)", 1.0),
        ("max( 0,1 )", 1.0),
        ("sum(1, 2, 3)", 6.0),
        ("max(min(1,2), 0)", 1.0),
        ("max(1.234,5)", 5.0),
        ("a*x; a = 2 [0,5]", 2.0),
        ("f(x,y) = x + y", 2.0),
        ("100 * x", 100.0),
    ] {
        assert_eq!(value(text, &[1.0, 1.0]), expected, "{text}");
    }
}

#[test]
fn sizes_are_limited_with_a_message() {
    let long = "x + ".repeat(25_000) + "x";
    assert!(Formula::parse(&long).unwrap_err().to_string().contains("1000 characters"));
    let deep = "(".repeat(300) + "x" + &")".repeat(300);
    assert!(Formula::parse(&deep).unwrap_err().to_string().contains("64 levels"));
    let signs = "-".repeat(900) + "x";
    assert!(Formula::parse(&signs).unwrap_err().to_string().contains("64 levels"));
    let powers = "x^".repeat(400) + "x";
    assert!(Formula::parse(&powers).unwrap_err().to_string().contains("64 levels"));
}

/// A formula is an objective like any other: Rosenbrock, typed, descends as the built-in one. Both
/// round, so over 200 steps of a stable run they agree to 1e-9, and the sharpness too.
#[test]
fn a_typed_formula_descends_as_the_built_in_objective() {
    let run = |objective: &str| {
        let json = format!(
            r#"{{"version":1,"objective":{objective},"start":[-1.2,1],"runs":[{{"policy":{{"name":"constant","eta":0.001}}}}],"steps":200}}"#
        );
        let mut descent = Descent::new(&Experiment::from_json(&json).unwrap(), 0).unwrap();
        std::iter::from_fn(|| descent.advance()).collect::<Vec<_>>()
    };
    let built_in = run(r#"{"name":"rosenbrock"}"#);
    let typed = run(r#"{"name":"formula","expression":"f(u, v) = (1 - u)^2 + b*(v - u²)²; b = 100 [1, 200]"}"#);
    assert_eq!(typed.len(), built_in.len());
    for (typed, built_in) in typed.iter().zip(&built_in) {
        assert!((typed.loss - built_in.loss).abs() <= 1e-9 * built_in.loss);
        assert!((typed.sharpness - built_in.sharpness).abs() <= 1e-9 * built_in.sharpness);
    }
}

#[test]
fn an_experiment_with_a_faulty_formula_names_the_field_and_the_column() {
    let json = r#"{"version":1,"objective":{"name":"formula","expression":"x + * y"},"runs":[{"policy":{"name":"constant"}}]}"#;
    let error = Experiment::from_json(json).unwrap_err();
    assert_eq!(error.field, "objective.expression");
    assert!(error.to_string().contains("column 5"), "{error}");
}

#[cfg(not(target_arch = "wasm32"))]
mod on_the_host {
    use super::*;
    use proptest::prelude::{ProptestConfig, any, prop, proptest};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn parsing_never_panics(text in any::<String>()) {
            let _ = Formula::parse(&text);
        }

        #[test]
        fn parsing_words_of_formulas_never_panics(words in prop::collection::vec(
            prop::sample::select(vec![
                "x", "y", "x1", "f", "(", ")", "[", "]", ",", ";", "=", "+", "-", "*", "/", "^", "²", "…", "...", "1", "0.5", "1e9",
                "sin", "min", "log", "pi", "a", ".", "−", "·", " ",
            ]), 0..60,
        )) {
            let text = words.concat();
            if let Ok(formula) = Formula::parse(&text) {
                let x = vec![0.5; formula.variables.len()];
                let formula = objective(&text);
                gradient(formula.as_ref(), &x);
                product(formula.as_ref(), &x, &x);
            }
        }
    }
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    let size = expected.iter().fold(1.0_f64, |size, value| size.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance * size, "{found} is not {expected}");
    }
}

/// Ranges name thousands of variables in a few letters: they are counted before they are compared
/// with each other.
#[test]
fn too_many_variables_are_refused_before_they_are_compared() {
    let error = Formula::parse("f(x1…x999, x1…x999) = 1").unwrap_err();
    assert_eq!((error.column, error.expected.as_str(), error.found.as_str()), (3, "at most 16 variables", "1998"));
    let error = Formula::with_variables("1", &["v"; 17]).unwrap_err();
    assert_eq!((error.expected.as_str(), error.found.as_str()), ("at most 16 variables", "17"));
}
