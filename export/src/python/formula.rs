//! Formulas in Python, read off the engine's program, so that both compute the same operations in
//! the same order.

use std::fmt::Write as _;

use flatland_engine::{
    formula::Formula,
    policy::RULE_VARIABLES,
    program::{Function, Operation, Place, Program},
};

use super::quoted;

/// The function `formula` of an objective that somebody has typed, and whether a part of it may
/// have no derivative.
pub fn objective(text: &str) -> (String, bool) {
    let Ok(formula) = Formula::parse(text) else {
        // A checked experiment has no such text.
        return (format!("# not a formula: {}\n", quoted(text)), false);
    };
    let variables: Vec<&str> = formula.variables.iter().map(String::as_str).collect();
    let program = formula.program();
    (function("formula", text, &variables, program), program.operations.iter().any(may_lack_derivatives))
}

/// Whether an operation has no derivative for some operands, or may have infinite operands and a
/// finite result.
fn may_lack_derivatives(operation: &Operation) -> bool {
    use Function::{Abs, Cosh, Exp, Log, Relu, Sign, Sinh, Sqrt, Tan};
    matches!(
        operation,
        Operation::Divide(..)
            | Operation::Power(..)
            | Operation::Choose { .. }
            | Operation::Apply(Abs | Cosh | Exp | Log | Relu | Sign | Sinh | Sqrt | Tan, _)
    )
}

/// The function of a step-size rule.
pub fn rule(name: &str, text: &str) -> String {
    match Formula::with_variables(text, &RULE_VARIABLES) {
        Ok(formula) => function(name, text, &RULE_VARIABLES, formula.program()),
        Err(_) => format!("# not a rule: {}\n", quoted(text)),
    }
}

/// A function of the variables; what is used more than once gets a line of its own.
fn function(name: &str, text: &str, variables: &[&str], program: &Program) -> String {
    let mut uses = vec![0; program.places()];
    for operation in &program.operations {
        for operand in used(*operation) {
            uses[operand] += 1;
        }
    }
    // Trailing underscores: a variable may be named like a function or a word of Python.
    let safe: Vec<String> = variables.iter().map(|variable| format!("{variable}_")).collect();
    // By place: the variables, the constants, then what has been computed.
    let mut written = safe.clone();
    written.extend(program.constants.iter().map(|constant| number_of(*constant)));
    let mut lines = String::new();
    for (place, operation) in (program.first()..).zip(&program.operations) {
        let expression = expression(*operation, |place| &written[place]);
        if uses[place] > 1 {
            // Writing to memory cannot fail.
            let _ = writeln!(lines, "    t{place} = {expression}");
            written.push(format!("t{place}"));
        } else {
            written.push(expression);
        }
    }
    let result = &written[program.results[0]];
    let (parameters, first) = (safe.join(", "), &safe[0]);
    format!("def {name}({parameters}):\n    \"\"\"{}\"\"\"\n{lines}    return {first}.like({result})\n", quoted(text))
}

/// The operands as often as the expression names them.
fn used(operation: Operation) -> Vec<Place> {
    let [a, b, ..] = operation.operands();
    match operation {
        Operation::Negate(_) | Operation::Apply(..) => vec![a],
        Operation::Multiply(..) if a == b => vec![a],
        Operation::Choose { .. } => match extreme(operation) {
            Some((_, a, b)) => vec![a, b],
            None => operation.operands().to_vec(),
        },
        _ => vec![a, b],
    }
}

/// The function min or max that a choice is, with its operands.
fn extreme(operation: Operation) -> Option<(&'static str, Place, Place)> {
    match operation {
        Operation::Choose { less, than, then, otherwise } if (less, than) == (then, otherwise) => {
            Some(("minimum", otherwise, then))
        }
        Operation::Choose { less, than, then, otherwise } if (less, than) == (otherwise, then) => {
            Some(("maximum", otherwise, then))
        }
        _ => None,
    }
}

fn expression<'a>(operation: Operation, at: impl Fn(Place) -> &'a str) -> String {
    let [a, b, ..] = operation.operands().map(&at);
    match operation {
        Operation::Add(..) => format!("({a} + {b})"),
        Operation::Subtract(..) => format!("({a} - {b})"),
        Operation::Multiply(left, right) if left == right => format!("({a} ** 2)"),
        // Only derivatives weigh, and Python's are computed from the operations.
        Operation::Multiply(..) | Operation::Weigh(..) => format!("({a} * {b})"),
        Operation::Divide(..) => format!("({a} / {b})"),
        Operation::Negate(_) => format!("(-{a})"),
        Operation::Power(..) => format!("({a} ** {b})"),
        Operation::Apply(Function::Abs, _) => format!("absolute({a})"),
        Operation::Apply(function, _) => format!("{}({a})", function.name()),
        Operation::Choose { less, than, then, otherwise } => match extreme(operation) {
            Some((name, a, b)) => format!("{name}({}, {})", at(a), at(b)),
            None => format!("choose({}, {}, {}, {})", at(less), at(than), at(then), at(otherwise)),
        },
    }
}

fn number_of(number: f64) -> String {
    if number.is_nan() {
        "np.nan".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "np.inf".to_owned() } else { "-np.inf".to_owned() }
    } else if number < 0.0 {
        format!("({number:?})")
    } else {
        format!("{number:?}")
    }
}
