//! From words to a program: a Pratt parser (Pratt, 1973), one function a level of binding.

use std::ops::Range;

use super::{
    FUNCTIONS, Formula, FormulaError, MAX_DEPTH, MAX_OPERATIONS, MAX_PARAMETERS, MAX_VARIABLES, Parameter, cure,
    token::{Kind, Token, tokens},
};
use crate::program::{Builder, Function, Place};

/// How strongly `+ -`, `* /`, a leading sign and `^` bind.
const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const SIGN: u8 = 3;
const POWER: u8 = 4;

pub(super) fn formula(text: &str) -> Result<Formula, FormulaError> {
    let tokens = words(text)?;
    if tokens.len() == 1 {
        return Err(FormulaError::new(1, "a formula such as (1 - x)^2 + 100*(y - x^2)^2", "nothing"));
    }
    let head = head(&tokens)?;
    let from = head.as_ref().map_or(0, |(_, next)| *next);
    let (end, parameters) = tail(&tokens, from)?;
    let variables = match head {
        Some((variables, _)) => variables,
        None => implied_variables(&tokens[from..end], &parameters),
    };
    body(&tokens, from..end, variables, parameters)
}

/// An expression in given variables.
pub(super) fn expression(text: &str, variables: &[&str]) -> Result<Formula, FormulaError> {
    let tokens = words(text)?;
    if variables.len() > MAX_VARIABLES {
        return Err(FormulaError::new(1, format!("at most {MAX_VARIABLES} variables"), variables.len().to_string()));
    }
    if tokens.len() == 1 {
        return Err(FormulaError::new(1, "an expression such as min(0.3, 1.9/lambda)", "nothing"));
    }
    let (end, parameters) = tail(&tokens, 0)?;
    body(&tokens, 0..end, variables.iter().map(ToString::to_string).collect(), parameters)
}

/// The words of a text in which nothing would be misread.
fn words(text: &str) -> Result<Vec<Token>, FormulaError> {
    let tokens = tokens(text)?;
    cure::check(text, &tokens)?;
    Ok(tokens)
}

/// Where the expression ends, and the parameters behind it.
fn tail(tokens: &[Token], from: usize) -> Result<(usize, Vec<Parameter>), FormulaError> {
    let end = tokens[from..].iter().position(|t| t.kind == Kind::Sign(';')).map_or(tokens.len() - 1, |n| from + n);
    Ok((end, parameters(tokens, end)?))
}

/// The expression itself.
fn body(
    tokens: &[Token],
    place: Range<usize>,
    variables: Vec<String>,
    parameters: Vec<Parameter>,
) -> Result<Formula, FormulaError> {
    if let Some(both) = parameters.iter().find(|parameter| variables.contains(&parameter.name)) {
        let column = tokens.iter().find(|t| t.place.end == both.place.end).map_or(1, |t| t.column);
        return Err(FormulaError::new(column, "a name that is no variable", format!("“{}”", both.name)));
    }
    let mut parser = Parser {
        tokens,
        at: place.start,
        end: place.end,
        depth: 0,
        builder: Builder::new(variables.len()),
        variables: &variables,
        parameters: &parameters,
    };
    let result = parser.expression(0)?;
    if parser.at != place.end {
        let expected = match parser.peek().kind {
            Kind::Name(_) | Kind::Number(_) | Kind::Sign('(') => "an operator before it (products are written with *)",
            _ => "an operator, or the end",
        };
        return Err(parser.wrong(expected));
    }
    let program = parser.builder.program(&[result]);
    let count = program.operations.len();
    if count > MAX_OPERATIONS {
        let column = tokens[place.start].column;
        return Err(FormulaError::new(column, format!("at most {MAX_OPERATIONS} operations"), count.to_string()));
    }
    Ok(Formula { variables, parameters, program })
}

/// `f(x, y) =`, with the place after it; `None` where the text does not begin so.
fn head(tokens: &[Token]) -> Result<Option<(Vec<String>, usize)>, FormulaError> {
    let equals = tokens.iter().position(|t| t.kind == Kind::Sign('='));
    let semicolon = tokens.iter().position(|t| t.kind == Kind::Sign(';')).unwrap_or(tokens.len());
    let Some(equals) = equals.filter(|at| *at < semicolon) else { return Ok(None) };
    let wrong =
        |at: usize, expected: &str| Err(FormulaError::new(tokens[at].column, expected, tokens[at].kind.shown()));
    if !matches!(tokens[0].kind, Kind::Name(_)) {
        return wrong(0, "the function’s name, as in f(x, y) =");
    }
    if tokens[1].kind != Kind::Sign('(') {
        return wrong(1, "“(” and the variables, as in f(x, y) =");
    }
    let mut variables: Vec<String> = Vec::new();
    let mut at = 2;
    loop {
        let Kind::Name(name) = &tokens[at].kind else { return wrong(at, "the name of a variable") };
        if let Kind::Dots = tokens[at + 1].kind {
            let Kind::Name(last) = &tokens[at + 2].kind else {
                return wrong(at + 2, "the last variable, as in x1 … x4");
            };
            match range(name, last) {
                Some(names) => variables.extend(names),
                None => return wrong(at + 2, "a variable of the same name with a higher number, as in x1 … x4"),
            }
            at += 3;
        } else {
            variables.push(name.clone());
            at += 1;
        }
        match tokens[at].kind {
            Kind::Sign(',') => at += 1,
            Kind::Sign(')') => break,
            _ => return wrong(at, "“,” or “)”"),
        }
    }
    if variables.len() > MAX_VARIABLES {
        let found = format!("{}", variables.len());
        return Err(FormulaError::new(tokens[2].column, format!("at most {MAX_VARIABLES} variables"), found));
    }
    for (index, name) in variables.iter().enumerate() {
        if is_taken(name) || variables[..index].contains(name) {
            return Err(FormulaError::new(tokens[2].column, "variables with names of their own", format!("“{name}”")));
        }
    }
    if at + 1 != equals {
        return wrong(at + 1, "“=”");
    }
    Ok(Some((variables, equals + 1)))
}

/// The names from `x1` to `x4`.
fn range(first: &str, last: &str) -> Option<Vec<String>> {
    let split = |name: &str| {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let number = name[stem.len()..].parse::<usize>().ok()?;
        Some((stem, number))
    };
    let ((stem, from), (other, to)) = (split(first)?, split(last)?);
    (stem == other && from < to && to - from < 1_000).then(|| (from..=to).map(|n| format!("{stem}{n}")).collect())
}

/// Whether a name already means something.
fn is_taken(name: &str) -> bool {
    FUNCTIONS.contains(&name) || matches!(name, "ln" | "pi" | "e")
}

/// x, y, z or x1 … x16, as far as they occur; x alone where none does.
fn implied_variables(body: &[Token], parameters: &[Parameter]) -> Vec<String> {
    let occurs = |name: &str| {
        body.iter().any(|t| matches!(&t.kind, Kind::Name(other) if other == name))
            && parameters.iter().all(|parameter| parameter.name != name)
    };
    let numbered = (1..=MAX_VARIABLES).rev().find(|n| occurs(&format!("x{n}")));
    match numbered {
        Some(last) => (1..=last).map(|n| format!("x{n}")).collect(),
        None => {
            let last = ["x", "y", "z"].iter().rposition(|name| occurs(name)).unwrap_or(0);
            ["x", "y", "z"][..=last].iter().map(ToString::to_string).collect()
        }
    }
}

/// `; a = 1 [0, 2]; b = 3`.
fn parameters(tokens: &[Token], mut at: usize) -> Result<Vec<Parameter>, FormulaError> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let wrong =
        |at: usize, expected: &str| Err(FormulaError::new(tokens[at].column, expected, tokens[at].kind.shown()));
    while tokens[at].kind == Kind::Sign(';') {
        at += 1;
        if tokens[at].kind == Kind::End {
            break;
        }
        let Kind::Name(name) = tokens[at].kind.clone() else { return wrong(at, "a parameter, as in a = 1 [0, 2]") };
        if is_taken(&name) || parameters.iter().any(|parameter| parameter.name == name) {
            return wrong(at, "a parameter with a name of its own");
        }
        if parameters.len() == MAX_PARAMETERS {
            return wrong(at, &format!("at most {MAX_PARAMETERS} parameters"));
        }
        if tokens[at + 1].kind != Kind::Sign('=') {
            return wrong(at + 1, "“=” and the parameter’s value");
        }
        let (value, from, next) = number(tokens, at + 2)?;
        let place = tokens[from].place.start..tokens[next - 1].place.end;
        at = next;
        let mut range = None;
        if tokens[at].kind == Kind::Sign('[') {
            let (low, _, next) = number(tokens, at + 1)?;
            if tokens[next].kind != Kind::Sign(',') {
                return wrong(next, "“,” between the ends of the range");
            }
            let (high, _, next) = number(tokens, next + 1)?;
            if tokens[next].kind != Kind::Sign(']') {
                return wrong(next, "“]”");
            }
            if low >= high {
                return wrong(next, "a range whose lower end comes first");
            }
            range = Some((low, high));
            at = next + 1;
        }
        parameters.push(Parameter { name, value, range, place });
    }
    if tokens[at].kind == Kind::End { Ok(parameters) } else { wrong(at, "“;” or the end") }
}

/// A number with its sign; the places where it begins and after it.
fn number(tokens: &[Token], at: usize) -> Result<(f64, usize, usize), FormulaError> {
    let is_negative = tokens[at].kind == Kind::Sign('-');
    let digits = at + usize::from(is_negative);
    match tokens[digits].kind {
        Kind::Number(value) => Ok((if is_negative { -value } else { value }, at, digits + 1)),
        ref other => Err(FormulaError::new(tokens[digits].column, "a number", other.shown())),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
    depth: usize,
    builder: Builder,
    variables: &'a [String],
    parameters: &'a [Parameter],
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn wrong(&self, expected: impl Into<String>) -> FormulaError {
        let token = self.peek();
        FormulaError::new(token.column, expected, token.kind.shown())
    }

    fn takes(&mut self, sign: char) -> bool {
        let takes = self.at < self.end && self.peek().kind == Kind::Sign(sign);
        self.at += usize::from(takes);
        takes
    }

    /// An expression whose operators bind more strongly than `least`.
    fn expression(&mut self, least: u8) -> Result<Place, FormulaError> {
        if self.depth == MAX_DEPTH {
            return Err(self.wrong(format!("at most {MAX_DEPTH} levels of nesting")));
        }
        self.depth += 1;
        let mut left = self.operand()?;
        while self.at < self.end {
            let (sign, binding) = match self.peek().kind {
                Kind::Sign(sign @ ('+' | '-')) => (sign, SUM),
                Kind::Sign(sign @ ('*' | '/')) => (sign, PRODUCT),
                Kind::Sign('^') => ('^', POWER),
                Kind::Power(_) => ('²', POWER),
                _ => break,
            };
            if binding <= least {
                break;
            }
            if sign == '²' {
                let power = self.raised();
                let power = self.builder.constant(power);
                left = self.builder.power(left, power);
            } else {
                self.at += 1;
                // `^` binds to the right: what follows it may hold another one. A sign may follow
                // it directly.
                let right = self.expression(if sign == '^' { SIGN } else { binding })?;
                left = match sign {
                    '+' => self.builder.add(left, right),
                    '-' => self.builder.subtract(left, right),
                    '*' => self.builder.multiply(left, right),
                    '/' => self.builder.divide(left, right),
                    _ => self.builder.power(left, right),
                };
            }
            if self.builder.len() > MAX_OPERATIONS {
                return Err(self.wrong(format!("at most {MAX_OPERATIONS} operations")));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    /// Raised digits as one number: ¹² is twelve.
    fn raised(&mut self) -> f64 {
        let mut power = 0.0;
        while let Kind::Power(digit) = self.peek().kind {
            power = power * 10.0 + f64::from(digit);
            self.at += 1;
        }
        power
    }

    fn operand(&mut self) -> Result<Place, FormulaError> {
        const EXPECTED: &str = "a number, a name or “(”";
        if self.at >= self.end {
            return Err(self.wrong(EXPECTED));
        }
        if self.takes('-') {
            let operand = self.expression(SIGN)?;
            return Ok(self.builder.negate(operand));
        }
        if self.takes('+') {
            return self.expression(SIGN);
        }
        if self.takes('(') {
            let inside = self.expression(0)?;
            return if self.takes(')') { Ok(inside) } else { Err(self.wrong("an operator or “)”")) };
        }
        match self.peek().kind.clone() {
            Kind::Number(value) => {
                self.at += 1;
                Ok(self.builder.constant(value))
            }
            Kind::Name(name) => self.name(&name),
            _ => Err(self.wrong(EXPECTED)),
        }
    }

    fn name(&mut self, name: &str) -> Result<Place, FormulaError> {
        let is_call = self.tokens.get(self.at + 1).is_some_and(|t| t.kind == Kind::Sign('('));
        if let Some(index) = self.variables.iter().position(|variable| variable == name) {
            self.at += 1;
            return Ok(index);
        }
        if let Some(parameter) = self.parameters.iter().find(|parameter| parameter.name == name) {
            self.at += 1;
            return Ok(self.builder.constant(parameter.value));
        }
        if FUNCTIONS.contains(&name) || name == "ln" {
            if !is_call {
                self.at += 1;
                let power = match self.peek().kind {
                    Kind::Sign('^') if name == "exp" => " (the exponential is exp(x) or e^x)".to_owned(),
                    Kind::Sign('^') | Kind::Power(_) => format!(" (its square is {name}(x)^2)"),
                    _ => String::new(),
                };
                return Err(self.wrong(format!("“(” after the function {name}{power}")));
            }
            return self.call(name);
        }
        let constant = match name {
            "pi" => std::f64::consts::PI,
            "e" => std::f64::consts::E,
            _ if is_call => {
                return Err(self.wrong(match cure::function(name) {
                    Some(cure) => format!("a function that is known ({cure})"),
                    None => format!("one of the functions {}", FUNCTIONS.join(" ")),
                }));
            }
            _ => {
                let known: Vec<&str> = self
                    .variables
                    .iter()
                    .map(String::as_str)
                    .chain(self.parameters.iter().map(|p| p.name.as_str()))
                    .collect();
                let names = known.iter().copied().chain(FUNCTIONS).chain(["ln", "pi", "e"]);
                let cure = cure::capitals(name, names).map(|meant| format!(" (did you mean {meant}?)"));
                return Err(self.wrong(format!(
                    "a variable or parameter ({}), a function, pi or e{}",
                    known.join(", "),
                    cure.unwrap_or_default()
                )));
            }
        };
        self.at += 1;
        Ok(self.builder.constant(constant))
    }

    fn call(&mut self, name: &str) -> Result<Place, FormulaError> {
        self.at += 2;
        let mut arguments = vec![self.expression(0)?];
        while self.takes(',') {
            arguments.push(self.expression(0)?);
        }
        if !self.takes(')') {
            return Err(self.wrong("an operator, “,” or “)”"));
        }
        let first = arguments[0];
        let join: fn(&mut Builder, Place, Place) -> Place = match name {
            "min" => Builder::min,
            "max" => Builder::max,
            "sum" => Builder::add,
            _ => {
                return match (Function::named(name), arguments.len()) {
                    (Some(function), 1) => Ok(self.builder.apply(function, first)),
                    (_, count) => {
                        self.at -= 1;
                        Err(self.wrong(format!("one argument of {name}, not {count}")))
                    }
                };
            }
        };
        Ok(arguments[1..].iter().fold(first, |joined, argument| join(&mut self.builder, joined, *argument)))
    }
}
