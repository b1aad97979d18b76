//! Programs as functions of a shader.

use std::fmt::Write as _;

use flatland_atlas::program::{Differentiated, Function, Operation, Place, Program};

/// A point's coordinate, where `V` is a plain number for one variable and a vector else.
pub fn component(vector: &str, n: usize, index: usize) -> String {
    if n == 1 { vector.to_owned() } else { format!("{vector}.{}", ["x", "y", "z", "w"][index]) }
}

/// A point from its coordinates.
pub fn vector(parts: &[String]) -> String {
    if parts.len() == 1 { parts[0].clone() } else { format!("V({})", parts.join(", ")) }
}

/// The entries (i, j) of an upper triangle, row by row.
pub fn entries(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |i| (i..n).map(move |j| (i, j)))
}

/// A number as a literal that is read back as the same one.
///
/// Shaders know no literals for what is not finite, and may read those below the normal range as
/// nothing.
pub fn literal(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        "nan()".to_owned()
    } else if value.is_infinite() {
        format!("({}3.4e38f)", if value < 0.0 { "-" } else { "" })
    } else if value.is_subnormal() {
        "0.0f".to_owned()
    } else if value.is_sign_negative() {
        format!("({value:?}f)")
    } else {
        format!("{value:?}f")
    }
}

/// `loss`, `slope` and `bend`, with their results' types.
pub fn functions(programs: &Differentiated) -> String {
    let n = programs.dimension;
    let mut text = String::from("struct Slope {\n    f: f32,\n    g: V,\n}\n\nstruct Bend {\n    f: f32,\n    g: V,\n");
    for (i, j) in entries(n) {
        let _ = writeln!(text, "    h{i}{j}: f32,");
    }
    text.push_str("}\n\n");
    function(&mut text, "loss", "f32", &programs.loss, n, |results| results[0].clone());
    function(&mut text, "slope", "Slope", &programs.slope, n, |results| {
        format!("Slope({}, {})", results[0], vector(&results[1..]))
    });
    function(&mut text, "bend", "Bend", &programs.curvature, n, |results| {
        format!("Bend({}, {}, {})", results[0], vector(&results[1..=n]), results[n + 1..].join(", "))
    });
    text
}

/// A program as straight-line code.
fn function(
    text: &mut String,
    name: &str,
    returns: &str,
    program: &Program,
    n: usize,
    result: impl Fn(&[String]) -> String,
) {
    let first = program.first();
    let number = |place: Place| {
        if place < n {
            component("x", n, place)
        } else if place < program.inputs {
            component("q", 2, place - n)
        } else if place < first {
            literal(program.constants[place - program.inputs])
        } else {
            format!("t{place}")
        }
    };
    let _ = writeln!(text, "fn {name}(x: V, q: vec2<f32>) -> {returns} {{");
    for (i, operation) in program.operations.iter().enumerate() {
        let _ = writeln!(text, "    let t{} = {};", first + i, expression(*operation, number));
    }
    let results: Vec<String> = program.results.iter().map(|place| number(*place)).collect();
    let _ = writeln!(text, "    return {};\n}}\n", result(&results));
}

fn expression(operation: Operation, number: impl Fn(Place) -> String) -> String {
    match operation {
        Operation::Add(a, b) => format!("{} + {}", number(a), number(b)),
        Operation::Subtract(a, b) => format!("{} - {}", number(a), number(b)),
        Operation::Multiply(a, b) => format!("{} * {}", number(a), number(b)),
        Operation::Weigh(a, b) => format!("weighed({}, {})", number(a), number(b)),
        Operation::Divide(a, b) => format!("{} / {}", number(a), number(b)),
        Operation::Negate(a) => format!("-{}", number(a)),
        Operation::Power(a, b) => format!("power({}, {})", number(a), number(b)),
        Operation::Apply(Function::Relu, a) => format!("max({}, 0.0f)", number(a)),
        Operation::Apply(function, a) => format!("{}({})", called(function), number(a)),
        Operation::Choose { less, than, then, otherwise } => {
            format!("select({}, {}, {} < {})", number(otherwise), number(then), number(less), number(than))
        }
    }
}

/// The name of a function in the shader.
fn called(function: Function) -> &'static str {
    match function {
        Function::Abs => "abs",
        Function::Sqrt => "root",
        Function::Exp => "exponential",
        Function::Log => "logarithm",
        Function::Sin => "sine",
        Function::Cos => "cosine",
        Function::Tan => "tangent",
        Function::Tanh => "hyperbolic_tangent",
        Function::Cosh => "hyperbolic_cosine",
        Function::Sinh => "hyperbolic_sine",
        Function::LogCosh => "log_cosh",
        Function::Softplus => "softplus",
        Function::Sigmoid => "sigmoid",
        Function::Relu => "max",
        Function::Sign => "sign",
    }
}

/// Helpers for points of n coordinates.
pub fn points(n: usize) -> String {
    let all = |of: &dyn Fn(String) -> String, with: &str| {
        (0..n).map(|i| of(component("a", n, i))).collect::<Vec<_>>().join(with)
    };
    let far = (1..n)
        .fold(format!("abs({})", component("a", n, 0)), |far, i| format!("max({far}, abs({}))", component("a", n, i)));
    let kind = if n == 1 { "f32".to_owned() } else { format!("vec{n}<f32>") };
    let dot = if n == 1 { "a * b" } else { "dot(a, b)" };
    let differs = if n == 1 { "a != b" } else { "any(a != b)" };
    format!(
        "alias V = {kind};\n\n\
         fn inner(a: V, b: V) -> f32 {{\n    return {dot};\n}}\n\n\
         fn differs(a: V, b: V) -> bool {{\n    return {differs};\n}}\n\n\
         // The largest coordinate in size.\n\
         fn far(a: V) -> f32 {{\n    return {far};\n}}\n\n\
         fn are_finite(a: V) -> bool {{\n    return {};\n}}\n\n\
         fn has_nan(a: V) -> bool {{\n    return {};\n}}\n\n",
        all(&|a| format!("is_finite({a})"), " && "),
        all(&|a| format!("is_nan({a})"), " || "),
    )
}

/// What is asked of second derivatives: their size, products, and λ₁.
pub fn curvature(n: usize) -> String {
    let h = |i: usize, j: usize| format!("at.h{}{}", i.min(j), i.max(j));
    let squares: Vec<String> =
        entries(n).map(|(i, j)| format!("{}{h} * {h}", if i == j { "" } else { "2.0f * " }, h = h(i, j))).collect();
    let rows: Vec<String> = (0..n)
        .map(|i| (0..n).map(|j| format!("{} * {}", h(i, j), component("v", n, j))).collect::<Vec<_>>().join(" + "))
        .collect();
    let finite: Vec<String> = entries(n).map(|(i, j)| format!("is_finite({})", h(i, j))).collect();
    let mut text = format!(
        "fn hessian_norm(at: Bend) -> f32 {{\n    return sqrt({});\n}}\n\n\
         fn times(at: Bend, v: V) -> V {{\n    return {};\n}}\n\n\
         // The largest eigenvalue.\nfn sharpness(at: Bend) -> f32 {{\n    if (!({})) {{\n        return nan();\n    }}\n",
        squares.join(" + "),
        vector(&rows),
        finite.join(" && "),
    );
    match n {
        1 => text.push_str("    return at.h00;\n"),
        2 => text.push_str(
            "    let gap = abs(0.5f * at.h00 - 0.5f * at.h11);
    let size = max(gap, abs(at.h01));
    if (at.h01 == 0.0f || size == 0.0f) {
        return max(at.h00, at.h11);
    }
    let radius = size * sqrt((gap / size) * (gap / size) + (at.h01 / size) * (at.h01 / size));
    return max(at.h00, at.h11) + at.h01 * (at.h01 / (gap + radius));\n",
        ),
        _ => jacobi(&mut text, n),
    }
    text.push_str("}\n\n");
    text
}

/// λ₁ by cyclic Jacobi rotations (Golub & Van Loan, section 8.5), each written out.
fn jacobi(text: &mut String, n: usize) {
    let a = |i: usize, j: usize| format!("a{}{}", i.min(j), i.max(j));
    for (i, j) in entries(n) {
        let _ = writeln!(text, "    var a{i}{j} = at.h{i}{j};");
    }
    text.push_str("    for (var sweep = 0u; sweep < 6u; sweep++) {\n");
    for (p, q) in entries(n).filter(|(p, q)| p != q) {
        let (app, aqq, apq) = (a(p, p), a(q, q), a(p, q));
        let _ = writeln!(
            text,
            "        if ({apq} != 0.0f) {{
            let angle = clamp(({aqq} - {app}) / (2.0f * {apq}), -1e15f, 1e15f);
            let size = 1.0f / (abs(angle) + sqrt(angle * angle + 1.0f));
            let t = select(size, -size, angle < 0.0f);
            let c = 1.0f / sqrt(t * t + 1.0f);
            let s = t * c;
            {app} -= t * {apq};
            {aqq} += t * {apq};
            {apq} = 0.0f;"
        );
        for r in (0..n).filter(|r| *r != p && *r != q) {
            let (arp, arq) = (a(r, p), a(r, q));
            let _ = writeln!(
                text,
                "            let u{r} = {arp};
            {arp} = c * u{r} - s * {arq};
            {arq} = s * u{r} + c * {arq};"
            );
        }
        text.push_str("        }\n");
    }
    let largest = (1..n).fold(a(0, 0), |largest, i| format!("max({largest}, {})", a(i, i)));
    let _ = writeln!(text, "    }}\n    return {largest};");
}
