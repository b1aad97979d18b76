//! The words of a formula.

use std::ops::Range;

use super::{FormulaError, MAX_LENGTH, cure};
use crate::number::exact;

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,

    /// Counted from 1, in characters.
    pub column: usize,

    /// In bytes.
    pub place: Range<usize>,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Name(String),

    /// One of `+ - * / ^ ( ) [ ] , ; =`.
    Sign(char),

    /// `…` or `...`.
    Dots,

    /// ² or ³ and so on: an exponent.
    Power(u32),

    End,
}

impl Kind {
    /// The word as an error shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Number(number) => format!("the number {}", exact(*number)),
            Self::Name(name) => format!("“{name}”"),
            Self::Sign(sign) => format!("“{sign}”"),
            Self::Dots => "“…”".to_owned(),
            Self::Power(power) => format!("the exponent {power}"),
            Self::End => "the end of the formula".to_owned(),
        }
    }
}

/// Splits a text into words; the last is [`Kind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FormulaError> {
    let length = text.chars().take(MAX_LENGTH + 1).count();
    if length > MAX_LENGTH {
        return Err(FormulaError::new(MAX_LENGTH + 1, format!("at most {MAX_LENGTH} characters"), "more"));
    }
    let mut tokens = Vec::new();
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let byte = |index: usize| letters.get(index).map_or(text.len(), |(at, _)| *at);
    let mut at = 0;
    while let Some(&(_, letter)) = letters.get(at) {
        let start = at;
        let run = |from: usize, belongs: &dyn Fn(char) -> bool| {
            letters[from..].iter().position(|(_, c)| !belongs(*c)).map_or(letters.len(), |n| from + n)
        };
        let kind = if letter.is_whitespace() {
            at += 1;
            continue;
        } else if letter.is_ascii_digit()
            || (letter == '.' && letters.get(at + 1).is_some_and(|(_, c)| c.is_ascii_digit()))
        {
            at = run(at, &|c| c.is_ascii_digit());
            if letters.get(at).is_some_and(|(_, c)| *c == '.') && letters.get(at + 1).is_none_or(|(_, c)| *c != '.') {
                at = run(at + 1, &|c| c.is_ascii_digit());
            }
            if letters.get(at).is_some_and(|(_, c)| matches!(c, 'e' | 'E')) {
                let sign = usize::from(letters.get(at + 1).is_some_and(|(_, c)| matches!(c, '+' | '-' | '−')));
                if letters.get(at + 1 + sign).is_some_and(|(_, c)| c.is_ascii_digit()) {
                    at = run(at + 1 + sign, &|c| c.is_ascii_digit());
                }
            }
            let written = text[byte(start)..byte(at)].replace('−', "-");
            match written.parse::<f64>() {
                Ok(number) if number.is_finite() => Kind::Number(number),
                _ => return Err(FormulaError::new(start + 1, "a number below 1e308", format!("“{written}”"))),
            }
        } else if letter.is_alphabetic() || letter == '_' {
            at = run(at, &|c| (c.is_alphanumeric() && exponent(c).is_none()) || c == '_');
            Kind::Name(text[byte(start)..byte(at)].replace('π', "pi"))
        } else if let Some(digit) = exponent(letter) {
            at += 1;
            Kind::Power(digit)
        } else {
            at += 1;
            match letter {
                '−' | '–' => Kind::Sign('-'),
                '·' | '×' | '⋅' => Kind::Sign('*'),
                '…' => Kind::Dots,
                '.' if text[byte(start)..].starts_with("...") => {
                    at += 2;
                    Kind::Dots
                }
                '+' | '-' | '*' | '/' | '^' | '(' | ')' | '[' | ']' | ',' | ';' | '=' => Kind::Sign(letter),
                other => {
                    let beside = |at: Option<usize>| at.and_then(|at| letters.get(at)).map(|(_, letter)| *letter);
                    let cure = cure::sign(other, beside(start.checked_sub(1)), beside(Some(at)));
                    let expected = cure.unwrap_or("a number, a name, or one of + - * / ^ ( )");
                    return Err(FormulaError::new(start + 1, expected, format!("“{other}”")));
                }
            }
        };
        tokens.push(Token { kind, column: start + 1, place: byte(start)..byte(at) });
    }
    tokens.push(Token { kind: Kind::End, column: letters.len() + 1, place: text.len()..text.len() });
    Ok(tokens)
}

/// The digit of a raised digit.
fn exponent(letter: char) -> Option<u32> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|c| c == letter).map(|digit| digit as u32)
}
