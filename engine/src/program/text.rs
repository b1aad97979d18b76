//! A number of a program as a formula that people can read.

use super::{Operation, Place, Program};
use crate::number::exact;

/// How strongly an operation binds: sums, products, signs, powers, and what needs no brackets.
const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const SIGN: u8 = 3;
const POWER: u8 = 4;
const WORD: u8 = 5;

/// The number at a place, written in the program's inputs, which have these names.
#[must_use]
pub fn text_of(program: &Program, place: Place, names: &[String]) -> String {
    let mut texts: Vec<(String, u8)> = names.iter().map(|name| (name.clone(), WORD)).collect();
    texts.extend(
        program.constants.iter().map(|value| (exact(*value).to_string(), if *value < 0.0 { SIGN } else { WORD })),
    );
    for operation in &program.operations {
        if texts.len() > place {
            break;
        }
        texts.push(text(*operation, |place, binding| match texts.get(place) {
            Some((text, strength)) if *strength >= binding => text.clone(),
            Some((text, _)) => ["(", text, ")"].concat(),
            None => String::new(),
        }));
    }
    texts.get(place).map(|(text, _)| text.clone()).unwrap_or_default()
}

/// An operation, and how strongly it binds; `at` writes an operand that must bind at least so
/// strongly.
fn text(operation: Operation, at: impl Fn(Place, u8) -> String) -> (String, u8) {
    let infix = |a: String, sign: &str, b: String| [&a, sign, &b].concat();
    let call = |name: &str, a: String, b: Option<String>| match b {
        Some(b) => [name, "(", &a, ", ", &b, ")"].concat(),
        None => [name, "(", &a, ")"].concat(),
    };
    match operation {
        Operation::Add(a, b) => (infix(at(a, SUM), " + ", at(b, SUM)), SUM),
        Operation::Subtract(a, b) => (infix(at(a, SUM), " - ", at(b, PRODUCT)), SUM),
        Operation::Multiply(a, b) if a == b => (infix(at(a, WORD), "^", "2".to_owned()), POWER),
        Operation::Multiply(a, b) | Operation::Weigh(a, b) => (infix(at(a, PRODUCT), "*", at(b, SIGN)), PRODUCT),
        Operation::Divide(a, b) => (infix(at(a, PRODUCT), "/", at(b, SIGN)), PRODUCT),
        Operation::Negate(a) => (infix(String::new(), "-", at(a, SIGN)), SIGN),
        Operation::Power(a, b) => (infix(at(a, WORD), "^", at(b, POWER)), POWER),
        Operation::Apply(function, a) => (call(function.name(), at(a, SUM), None), WORD),
        // max(a, b) is b where a < b, and min(a, b) is b where b < a.
        Operation::Choose { less, than, then, otherwise } if (less, than) == (otherwise, then) => {
            (call("max", at(less, SUM), Some(at(than, SUM))), WORD)
        }
        Operation::Choose { less, than, .. } => (call("min", at(than, SUM), Some(at(less, SUM))), WORD),
    }
}
