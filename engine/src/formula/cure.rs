//! What other languages and habits write differently: found before parsing where it would be
//! misread or refused without the cure, and named in the errors of the parser.
//!
//! A comma between two digits, as in `max(0, 0,5*x)`, is refused where it cannot separate anything,
//! or where other commas of the same list are followed by a space; `max(0,1)` stays what it is.

use super::{
    FUNCTIONS, FormulaError,
    token::{Kind, Token},
};
use crate::number::cure;

/// A list that is open: the whole formula, a pair of parentheses or brackets.
struct List {
    /// Whether commas have a meaning in it.
    separates: Separates,

    /// How many commas and semicolons it has.
    commas: usize,

    /// Whether a comma is followed by a space.
    is_loose: bool,

    /// The first comma between two digits.
    tight: Option<usize>,
}

/// What a comma does in a list.
#[derive(Clone, Copy, PartialEq)]
enum Separates {
    /// Nothing.
    Nothing,

    /// The ends of a range: once.
    Ends,

    /// Arguments.
    Arguments,
}

/// Refuses numbers that are written with a decimal comma or with separators of thousands, and `**`.
///
/// # Errors
///
/// The first such place, with how it is written here.
pub(super) fn check(text: &str, tokens: &[Token]) -> Result<(), FormulaError> {
    let words = Words { text, tokens };
    let mut open = vec![List::new(Separates::Nothing)];
    for (at, token) in tokens.iter().enumerate() {
        words.check_pair(at)?;
        let is_nested = open.len() > 1;
        match token.kind {
            Kind::Sign('(') => {
                let name = at.checked_sub(1).map(|before| &tokens[before].kind);
                open.push(List::new(match name {
                    // Others have one argument; unknown names are refused by the parser.
                    Some(Kind::Name(name)) if is_unary(name) => Separates::Nothing,
                    Some(Kind::Name(_)) => Separates::Arguments,
                    _ => Separates::Nothing,
                }));
            }
            Kind::Sign(';') => match open.last_mut() {
                Some(list) if list.separates == Separates::Ends => list.commas += 1,
                _ if is_nested => {
                    let expected = "“,” between arguments, or “)” before the parameters";
                    return Err(FormulaError::new(token.column, expected, token.kind.shown()));
                }
                _ => {}
            },
            Kind::Sign('[') => open.push(List::new(Separates::Ends)),
            Kind::Sign(')' | ']') if is_nested => {
                if let Some(list) = open.pop() {
                    words.close(&list)?;
                }
            }
            Kind::Sign(',') => {
                if let Some(list) = open.last_mut() {
                    list.commas += 1;
                    if words.is_tight(at) {
                        list.tight = list.tight.or(Some(at));
                    } else {
                        list.is_loose |= words.gap(at);
                    }
                }
            }
            _ => {}
        }
    }
    open.iter().rev().try_for_each(|list| words.close(list))
}

impl List {
    fn new(separates: Separates) -> Self {
        Self { separates, commas: 0, is_loose: false, tight: None }
    }
}

/// A formula as text and as words.
struct Words<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Words<'_> {
    /// The number in the word at a place, as it is written.
    fn number(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at)?;
        matches!(token.kind, Kind::Number(_)).then(|| &self.text[token.place.clone()])
    }

    /// Whether something stands between a word and the next.
    fn gap(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| next.place.start > self.tokens[at].place.end)
    }

    /// Whether the comma at a place stands between two digits.
    fn is_tight(&self, at: usize) -> bool {
        let is_number = |at: Option<usize>| at.and_then(|at| self.number(at)).is_some();
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Sign(','))
            && is_number(at.checked_sub(1))
            && is_number(Some(at + 1))
            && !self.gap(at - 1)
            && !self.gap(at)
    }

    /// Refuses what two words side by side never mean: `x**2`, `1 000`, `1_000`, `1.2.3`.
    fn check_pair(&self, at: usize) -> Result<(), FormulaError> {
        let (Some(token), Some(next)) = (self.tokens.get(at), self.tokens.get(at + 1)) else { return Ok(()) };
        let expected = match (&token.kind, &next.kind) {
            (Kind::Sign('*'), Kind::Sign('*')) if !self.gap(at) => "one “*” (powers are written x^2)".to_owned(),
            (Kind::Number(_), Kind::Number(_)) if !self.gap(at) => "one point in a number".to_owned(),
            (Kind::Number(_), Kind::Number(_)) => match (self.number(at), self.number(at + 1)) {
                (Some(left), Some(right)) if is_group(left, right) => format!(
                    "an operator before it (products are written with *), or no space in a number: {left}{right}"
                ),
                _ => return Ok(()),
            },
            (Kind::Number(_), Kind::Name(name)) if !self.gap(at) => match name.strip_prefix('_') {
                Some(digits) if is_digits(digits) => {
                    let left = self.number(at).unwrap_or_default();
                    without_separators(&[left, &digits.replace('_', "")].concat())
                }
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        Err(FormulaError::new(next.column, expected, next.kind.shown()))
    }

    /// Refuses a comma between two digits that does not separate what it could.
    fn close(&self, list: &List) -> Result<(), FormulaError> {
        let Some(at) = list.tight else { return Ok(()) };
        let (left, right) = (self.number(at - 1).unwrap_or_default(), self.number(at + 1).unwrap_or_default());
        let is_separator = match list.separates {
            Separates::Nothing => false,
            Separates::Ends => list.commas == 1,
            Separates::Arguments => !list.is_loose,
        };
        // Nobody writes 05 or 000 for a number of its own.
        let has_leading_zero = right.len() > 1 && right.starts_with('0') && is_digits(&right[..2]);
        if is_separator && !has_leading_zero {
            return Ok(());
        }
        let last = (at..).step_by(2).take_while(|comma| self.is_tight(*comma)).last().unwrap_or(at);
        let number = &self.text[self.tokens[at - 1].place.start..self.tokens[last + 1].place.end];
        let point = || format!("numbers are written with a point: {left}.{right}");
        let expected = format!("no comma in a number ({})", cure(number).unwrap_or_else(point));
        Err(FormulaError::new(self.tokens[at].column, expected, "“,”"))
    }
}

fn without_separators(number: &str) -> String {
    format!("a number without separators: {number}")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// Whether `right` may be the next three digits of the number that begins with `left`.
fn is_group(left: &str, right: &str) -> bool {
    let (whole, _) = right.split_once('.').unwrap_or((right, ""));
    is_digits(left) && !left.starts_with('0') && whole.len() == 3 && is_digits(whole)
}

fn is_unary(name: &str) -> bool {
    name == "ln" || FUNCTIONS.contains(&name) && !matches!(name, "min" | "max" | "sum")
}

/// How a sign that formulas do not have is written, to complete "expected …"; `before` and
/// `after` stand beside it.
pub(super) fn sign(sign: char, before: Option<char>, after: Option<char>) -> Option<&'static str> {
    let between = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    Some(match sign {
        '|' => "abs(x) in place of bars",
        '√' => "sqrt(x) for a root",
        '÷' | '∕' => "“/” for a quotient",
        '∗' | '•' | '∙' => "“*” for a product",
        '{' | '}' => "parentheses: ( and )",
        '<' | '>' | '≤' | '≥' | '?' => "no comparison: a + (b - a)*(1 + sign(x - c))/2 is a below c and b above",
        '\\' => "names without a backslash, as in sqrt(x)",
        '\'' | '’' if between(|c| c.is_ascii_digit()) => "a number without separators, such as 10000",
        '.' if between(char::is_alphabetic) => "functions by their names alone, as in sin(x)",
        _ => return None,
    })
}

/// How a function that does not exist is written, to stand in brackets behind an error.
pub(super) fn function(name: &str) -> Option<String> {
    let written = match name.to_ascii_lowercase().as_str() {
        "log10" | "lg" => "log(x)/log(10)",
        "log2" | "lb" | "ld" => "log(x)/log(2)",
        "log1p" => "log(1 + x)",
        "expm1" => "exp(x) - 1",
        "exp2" => "2^x",
        "pow" | "power" => "x^y",
        "sqr" | "square" => "x^2",
        "cbrt" => "sign(x)*abs(x)^(1/3)",
        "sgn" | "signum" => "sign(x)",
        "fabs" => "abs(x)",
        "minimum" | "fmin" => "min(x, y)",
        "maximum" | "fmax" => "max(x, y)",
        "tg" => "tan(x)",
        "cot" | "ctg" => "1/tan(x)",
        "sec" => "1/cos(x)",
        "csc" | "cosec" => "1/sin(x)",
        "sh" => "sinh(x)",
        "ch" => "cosh(x)",
        "th" => "tanh(x)",
        "logistic" | "expit" => "sigmoid(x)",
        "heaviside" | "step" => "(1 + sign(x))/2",
        "if" | "where" | "ifelse" | "piecewise" => "a + (b - a)*(1 + sign(x - c))/2, which is a below c and b above",
        "clip" | "clamp" => "max(0, min(x, 1))",
        lower if FUNCTIONS.contains(&lower) || lower == "ln" => return Some(format!("did you mean {lower}?")),
        _ => return None,
    };
    Some(format!("{name} is written {written}"))
}

/// The known name that a name is but for capital letters.
pub(super) fn capitals<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}
