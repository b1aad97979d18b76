//! A tape spelled out, for a translation into another language.

use super::tape::{Operation, Place, Tape};

/// What an operation of a tape works on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand {
    /// The result of the operation at this place.
    Step(usize),

    /// A variable.
    Variable(usize),

    /// A number.
    Number(f64),
}

impl Tape {
    /// The operations in order, for a translation into another language: each by the name of its function, or `constant`, `add`, `subtract`,
    /// `multiply`, `divide`, `negate`, `power`, `min` or `max`, with its operands.
    pub fn steps(&self) -> impl Iterator<Item = (String, Vec<Operand>)> + '_ {
        let at = |place: Place| self.operand(place);
        self.operations.iter().map(move |operation| {
            let (name, operands) = match *operation {
                Operation::Constant(c) => ("constant", vec![Operand::Number(c)]),
                Operation::Add(a, b) => ("add", vec![at(a), at(b)]),
                Operation::Shift(a, c) => ("add", vec![at(a), Operand::Number(c)]),
                Operation::Subtract(a, b) => ("subtract", vec![at(a), at(b)]),
                Operation::Lower(a, c) => ("subtract", vec![at(a), Operand::Number(c)]),
                Operation::From(c, a) => ("subtract", vec![Operand::Number(c), at(a)]),
                Operation::Multiply(a, b) => ("multiply", vec![at(a), at(b)]),
                Operation::Scale(a, c) => ("multiply", vec![at(a), Operand::Number(c)]),
                Operation::Divide(a, b) => ("divide", vec![at(a), at(b)]),
                Operation::Share(a, c) => ("divide", vec![at(a), Operand::Number(c)]),
                Operation::Over(c, a) => ("divide", vec![Operand::Number(c), at(a)]),
                Operation::Negate(a) => ("negate", vec![at(a)]),
                Operation::Square(a) => ("power", vec![at(a), Operand::Number(2.0)]),
                Operation::Whole(a, power) => ("power", vec![at(a), Operand::Number(f64::from(power))]),
                Operation::Real(a, power) => ("power", vec![at(a), Operand::Number(power)]),
                Operation::Power(a, b) => ("power", vec![at(a), at(b)]),
                Operation::Min(a, b) => ("min", vec![at(a), at(b)]),
                Operation::Max(a, b) => ("max", vec![at(a), at(b)]),
                // Functions are named in their variants' words.
                Operation::Apply(function, a) => return (format!("{function:?}").to_lowercase(), vec![at(a)]),
            };
            (name.to_owned(), operands)
        })
    }

    /// Where the function's value stands.
    #[must_use]
    pub fn result(&self) -> Operand {
        self.operand(self.result)
    }

    fn operand(&self, place: Place) -> Operand {
        match usize::from(place).checked_sub(self.dimension()) {
            Some(step) => Operand::Step(step),
            None => Operand::Variable(usize::from(place)),
        }
    }
}
