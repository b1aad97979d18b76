//! Compiled formulas against the interpreter, to the last bit, in a browser.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs)]

use flatland_engine::formula::Formula;
use flatland_engine::program::{Compiled, Derivatives, Evaluator, Function, Routine, compile};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// All operations, with derivatives that are sums of many kinds; a variable and a constant as
/// results; sixteen variables.
const FORMULAS: [&str; 11] = [
    "x",
    "f(x, y) = 3",
    "f(x, y) = (1 - x)^2 + 100*(y - x^2)^2",
    "f(x, y, z) = ((x + y) + z)*((x - y) - z)/(1 + z^2) - (z - (x*y))*((x + z)*(y - z))",
    "f(x, y) = min(x*y, x/y)*sqrt(1 + x^2) + max(x, -y)^3 - relu(x - y)*exp(-x^2)",
    "f(x1 … x5) = sum(x1*x2, x2*x3, x3*x4, x4*x5)^4 - (x1 - x5)^3 + abs(x3)^2.5",
    "f(x, y) = x^y + sqrt(x)*log(y)",
    "f(x, y) = 1e308*x + 1e308*y - 1e-308*x*y",
    "f(x, y) = -(x/y)^-3",
    "f(x1 … x16) = sum(x1*x2, x3*x4, x5*x6, x7*x8, x9*x10, x11*x12, x13*x14, x15*x16)^3",
    "f(x, y) = max(1, x/(x + 1)^2)*x + y*sqrt(abs(x))",
];

fn derivatives(text: &str) -> Derivatives {
    Derivatives::of(Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).program())
}

/// Points from −2 to 2, and some where formulas have kinks, poles and overflow.
fn points(variables: usize) -> Vec<Vec<f64>> {
    let coordinate = |seed: usize, i: usize| 4.0 * ((seed * 31 + i * 17 + 5) as f64 * 0.618_033_988_75).fract() - 2.0;
    let mut points: Vec<Vec<f64>> = (0..50).map(|seed| (0..variables).map(|i| coordinate(seed, i)).collect()).collect();
    for special in [0.0, -0.0, -1.0, 1.0, 1e200, -1e-200, f64::INFINITY, f64::NAN] {
        points.push(vec![special; variables]);
        points.push((0..variables).map(|i| if i == 0 { special } else { 0.5 }).collect());
    }
    points
}

/// All NaNs are one: WebAssembly leaves their bits open.
fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| if number.is_nan() { u64::MAX } else { number.to_bits() }).collect()
}

/// Every routine at every point.
fn agree(text: &str) {
    flatland_compiler::install();
    let derivatives = derivatives(text);
    let compiled = compile(&derivatives).unwrap_or_else(|| panic!("{text} is not compiled"));
    let mut evaluator = Evaluator::new(derivatives.program.clone());
    let n = derivatives.gradient.len();
    for x in points(n) {
        let numbers = evaluator.at(&x, 2);
        let expected = |is_asked: bool, places: &[usize]| {
            if is_asked { places.iter().map(|place| numbers[*place]).collect() } else { Vec::new() }
        };
        for routine in Routine::ALL {
            let gradient = expected(routine.has_gradient(), &derivatives.gradient);
            let hessian = expected(routine.has_hessian(), &derivatives.hessian);
            let value = if routine.has_value() { numbers[derivatives.value] } else { f64::NAN };
            // What is not written stays 7.
            let (mut slopes, mut curvatures) = (vec![7.0; gradient.len()], vec![7.0; hessian.len()]);
            let found = compiled.run(routine, &x, &mut slopes, &mut curvatures);
            assert_eq!(bits(&[found]), bits(&[value]), "f of {text} at {x:?} by {routine:?}");
            assert_eq!(bits(&slopes), bits(&gradient), "∇f of {text} at {x:?} by {routine:?}");
            assert_eq!(bits(&curvatures), bits(&hessian), "∇²f of {text} at {x:?} by {routine:?}");
        }
    }
}

#[wasm_bindgen_test]
fn formulas_have_the_interpreters_bits() {
    for text in FORMULAS {
        agree(text);
    }
}

#[wasm_bindgen_test]
fn functions_have_the_interpreters_bits() {
    for function in Function::ALL {
        agree(&format!("f(x, y) = {}(x)*y", function.name()));
    }
}

/// Formulas nobody would type, from a generator that is the same everywhere (Knuth's constants,
/// MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % count as u64) as usize
    }

    fn formula(&mut self, depth: usize) -> String {
        if depth == 0 {
            return ["x", "y", "x", "y", "2", "0.3", "-1", "3.5"][self.below(8)].to_owned();
        }
        let (a, b) = (self.formula(depth - 1), self.formula(depth - 1));
        match self.below(10) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 | 3 => format!("({a} * {b})"),
            4 => format!("({a} / {b})"),
            5 => format!("({a})^{}", ["2", "3", "-1", "0.5", "1.5"][self.below(5)]),
            6 => format!("min({a}, {b})"),
            7 => format!("max({a}, {b})"),
            8 => format!("-({a})"),
            _ => format!("{}({a})", Function::ALL[self.below(Function::ALL.len())].name()),
        }
    }
}

#[wasm_bindgen_test]
fn random_formulas_have_the_interpreters_bits() {
    let mut random = Random(1);
    for round in 0..400 {
        agree(&format!("f(x, y) = {}", random.formula(1 + round % 4)));
    }
}

/// Two formulas at a time, and one after the other in the same places.
#[wasm_bindgen_test]
fn formulas_do_not_get_into_each_others_way() {
    flatland_compiler::install();
    let compiled = |text: &str| compile(&derivatives(text)).expect("a compiled formula");
    let value = |compiled: &Compiled| compiled.run(Routine::Value, &[3.0], &mut [], &mut []);
    let table: js_sys::WebAssembly::Table = wasm_bindgen::function_table().unchecked_into();
    let square = compiled("f(x) = x^2");
    let mut size = None;
    for factor in 1..200 {
        let line = compiled(&format!("f(x) = {factor}*x"));
        let same = compiled(&format!("f(x) = {factor}*x"));
        assert_eq!(
            [value(&line), value(&same), value(&square)],
            [f64::from(factor) * 3.0, f64::from(factor) * 3.0, 9.0]
        );
        if factor > 2 {
            assert_eq!(
                *size.get_or_insert(table.length()),
                table.length(),
                "places of formulas that are gone are used again"
            );
        }
    }
}

#[wasm_bindgen_test]
fn long_formulas_stay_interpreted() {
    flatland_compiler::install();
    let factor = |i: usize| format!("sin(x1 + {i}*x{})", i % 15 + 2);
    let product = (0..55).map(factor).collect::<Vec<_>>().join("*");
    let derivatives = derivatives(&format!("f(x1 … x16) = {product}"));
    assert!(derivatives.program.operations.len() > 5_000, "{}", derivatives.program.operations.len());
    assert!(compile(&derivatives).is_none());
}
