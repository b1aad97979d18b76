//! Formulas in Python, read off the engine's tape, so that both compute the same operations in the same order.

use std::fmt::Write as _;

use flatland_engine::{
    formula::{Formula, Operand, Tape},
    policy::RULE_VARIABLES,
};

use super::quoted;

/// An objective that somebody has typed.
pub fn objective(text: &str) -> String {
    let Ok(formula) = Formula::parse(text) else {
        // A checked experiment has no such text.
        return format!("# not a formula: {}\n", quoted(text));
    };
    let variables: Vec<&str> = formula.variables.iter().map(String::as_str).collect();
    let function = function("formula", text, &variables, formula.tape());
    format!(
        "{function}\n\nclass Formula:\n    minimum = None\n\n    def at(self, x):\n        return formula(*Taylor.variables(x))\n\n    \
         def value(self, x):\n        return self.at(x).value\n\n    def gradient(self, x):\n        return self.at(x).gradient\n\n    \
         def hessian(self, x):\n        return self.at(x).hessian\n"
    )
}

/// The function of a step-size rule.
pub fn rule(name: &str, text: &str) -> String {
    match Formula::with_variables(text, &RULE_VARIABLES) {
        Ok(formula) => function(name, text, &RULE_VARIABLES, formula.tape()),
        Err(_) => format!("# not a rule: {}\n", quoted(text)),
    }
}

/// A function of the variables; what is used more than once gets a line of its own.
fn function(name: &str, text: &str, variables: &[&str], tape: &Tape) -> String {
    let steps: Vec<(String, Vec<Operand>)> = tape.steps().collect();
    let mut uses = vec![0; steps.len()];
    for operand in steps.iter().flat_map(|(_, operands)| operands) {
        if let Operand::Step(step) = operand {
            uses[*step] += 1;
        }
    }
    // Trailing underscores: a variable may be named like a function or a word of Python.
    let safe: Vec<String> = variables.iter().map(|variable| format!("{variable}_")).collect();
    let mut lines = String::new();
    let mut written: Vec<String> = Vec::new();
    let word = |operand: Option<&Operand>, written: &[String]| match operand {
        Some(Operand::Step(step)) => written[*step].clone(),
        Some(Operand::Variable(index)) => safe[*index].clone(),
        Some(Operand::Number(number)) => number_of(*number),
        None => String::new(),
    };
    for (step, (operation, operands)) in steps.iter().enumerate() {
        let (a, b) = (word(operands.first(), &written), word(operands.get(1), &written));
        let expression = match operation.as_str() {
            "constant" => a,
            "add" => format!("({a} + {b})"),
            "subtract" => format!("({a} - {b})"),
            "multiply" => format!("({a} * {b})"),
            "divide" => format!("({a} / {b})"),
            "negate" => format!("(-{a})"),
            "power" => format!("({a} ** {b})"),
            "min" => format!("minimum({a}, {b})"),
            "max" => format!("maximum({a}, {b})"),
            "abs" => format!("absolute({a})"),
            function => format!("{function}({a})"),
        };
        if uses[step] > 1 && operation != "constant" {
            // Writing to memory cannot fail.
            let _ = writeln!(lines, "    t{step} = {expression}");
            written.push(format!("t{step}"));
        } else {
            written.push(expression);
        }
    }
    let result = word(Some(&tape.result()), &written);
    let (parameters, first) = (safe.join(", "), &safe[0]);
    format!("def {name}({parameters}):\n    \"\"\"{}\"\"\"\n{lines}    return {first}.like({result})\n", quoted(text))
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
