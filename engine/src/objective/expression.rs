//! Objectives as formulas: what shaders and cohorts of runs are made from, and anything else that
//! wants to see inside.
//!
//! Written down apart from the objectives, so that a program which does not ask for them does not
//! carry them.

use crate::spec::Spec;

/// The objective that `spec`, which is complete and valid, describes for points of `n` variables,
/// as an expression that [`crate::formula::Formula::with_variables`] reads: the variables are x1,
/// x2, …, and a parameter that is a number stands by its key. None where there is no closed form,
/// or none that is worth writing down; and for a typed formula, which is one already.
#[must_use]
pub fn expression(spec: &Spec, n: usize) -> Option<String> {
    let fixed = |text: &str| Some(text.to_owned());
    match spec.name.as_str() {
        "quadratic" => {
            let curvatures = spec.numbers("curvatures");
            (curvatures.len() == n).then(|| joined(n, " + ", |i| format!("({:?})*x{i}^2/2", curvatures[i - 1])))
        }
        "power" => Some(joined(n, " + ", |i| format!("abs(x{i})^p/p"))),
        // Near 0 nothing cancels, as in the objective itself; so in the square root below.
        "cosh" => Some(joined(n, " + ", |i| format!("2*sinh(x{i}/2)^2"))),
        "exp-minus-linear" => Some(joined(n, " + ", |i| format!("exp(x{i}) - x{i} - 1"))),
        "log-cosh" => Some(joined(n, " + ", |i| format!("logcosh(x{i})"))),
        "double-well" => fixed("(x1^2 - 1)^2/4"),
        "scalar-factorization" => fixed("(x1*x2 - mu)^2/2 + regularization/2*(x1^2 + x2^2)"),
        "product" => Some(format!("({} - mu)^2/2", joined(n, "*", |i| format!("x{i}")))),
        "minimalist" => fixed("(1 - (x1*x2)^2)^2/4"),
        "soft-factorization" => match spec.text("loss") {
            "sqrt" => fixed("(x1*x2)^2/(1 + sqrt(1 + (x1*x2)^2))"),
            _ => fixed("logcosh(x1*x2)"),
        },
        "river" => match spec.text("coupling") {
            "square" => fixed("(x1*x2)^2/2 + a/2*(x2 - y0)^2"),
            _ => fixed("logcosh(x1*x2) + a/2*(x2 - y0)^2"),
        },
        "rosenbrock" => fixed("(1 - x1)^2 + 100*(x2 - x1^2)^2"),
        "himmelblau" => fixed("(x1^2 + x2 - 11)^2 + (x1 + x2^2 - 7)^2"),
        "logistic" => {
            let points = spec.numbers("points").chunks_exact(n);
            let count = points.len();
            let margin = |point: &[f64]| joined(n, " + ", |i| format!("({:?})*x{i}", point[i - 1]));
            let terms: Vec<_> = points.map(|point| format!("softplus(-({}))", margin(point))).collect();
            Some(format!("({})/{count}", terms.join(" + ")))
        }
        "flatland-toy" => fixed("((x1*x2 - c)^2 + (x3 - m)^2)/k"),
        _ => None,
    }
}

/// n parts, numbered from 1, with a sign between them.
fn joined(n: usize, sign: &str, part: impl Fn(usize) -> String) -> String {
    (1..=n).map(part).collect::<Vec<_>>().join(sign)
}
