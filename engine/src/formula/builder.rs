//! From a parse tree's nodes to a tape: equal operations become one (hash-consing), and what is constant is computed once.

use std::collections::BTreeMap;

use super::function::Function;
use super::tape::{Operation, Place, Tape};

/// What makes two operations equal.
type Key = (u8, u64, u64);

/// Builds a tape, joining what is equal. Places are those of the variables, then those of the operations in order.
#[derive(Debug)]
pub(super) struct Builder {
    dimension: usize,
    operations: Vec<Operation>,
    places: BTreeMap<Key, Place>,
}

impl Builder {
    /// A builder of a function of so many variables.
    pub fn new(dimension: usize) -> Self {
        Self { dimension, operations: Vec::new(), places: BTreeMap::new() }
    }

    /// Operations so far.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    fn push(&mut self, operation: Operation) -> Place {
        let operation = self.folded(operation);
        let next = self.place_of(self.operations.len());
        *self.places.entry(key(&operation)).or_insert_with(|| {
            self.operations.push(operation);
            next
        })
    }

    /// The operation, or its value where all it depends on is constant.
    fn folded(&self, operation: Operation) -> Operation {
        let mut operands = operation.operands().into_iter().flatten().peekable();
        if operands.peek().is_none() || !operands.all(|place| self.constant_at(place).is_some()) {
            return operation;
        }
        Operation::Constant(operation.value(|place| self.constant_at(place).unwrap_or(f64::NAN)))
    }

    /// The place of the operation with this index: a formula's length is limited, so that there are far fewer than 2¹⁶.
    fn place_of(&self, index: usize) -> Place {
        (self.dimension + index) as Place
    }

    fn operation_at(&self, place: Place) -> Option<&Operation> {
        self.operations.get(usize::from(place).checked_sub(self.dimension)?)
    }

    fn constant_at(&self, place: Place) -> Option<f64> {
        match self.operation_at(place) {
            Some(Operation::Constant(value)) => Some(*value),
            _ => None,
        }
    }

    pub fn constant(&mut self, value: f64) -> Place {
        self.push(Operation::Constant(value))
    }

    pub fn variable(&self, index: usize) -> Place {
        index as Place
    }

    pub fn negate(&mut self, a: Place) -> Place {
        self.push(Operation::Negate(a))
    }

    /// One of `+ - * / ^`.
    pub fn binary(&mut self, sign: char, a: Place, b: Place) -> Place {
        let operation = match (sign, self.constant_at(b)) {
            ('+', _) => Operation::Add(a, b),
            ('-', _) => Operation::Subtract(a, b),
            ('*', _) => Operation::Multiply(a, b),
            ('/', _) => Operation::Divide(a, b),
            (_, Some(power)) if power.fract() == 0.0 && power.abs() <= 1024.0 => Operation::Whole(a, power as i32),
            (_, Some(power)) => Operation::Real(a, power),
            (_, None) => Operation::Power(a, b),
        };
        self.push(operation)
    }

    pub fn apply(&mut self, function: Function, a: Place) -> Place {
        self.push(Operation::Apply(function, a))
    }

    pub fn min(&mut self, a: Place, b: Place) -> Place {
        self.push(Operation::Min(a, b))
    }

    pub fn max(&mut self, a: Place, b: Place) -> Place {
        self.push(Operation::Max(a, b))
    }

    /// The tape that ends in `result`, without what it does not need.
    pub fn finish(mut self, result: Place) -> Tape {
        for index in 0..self.operations.len() {
            self.operations[index] = self.with_constant(self.operations[index]);
        }
        let end = usize::from(result) + 1;
        let mut is_needed = vec![false; self.dimension + self.operations.len()];
        is_needed[end - 1] = true;
        for place in (self.dimension..end).rev() {
            if is_needed[place] {
                for operand in self.operations[place - self.dimension].operands().into_iter().flatten() {
                    is_needed[usize::from(operand)] = true;
                }
            }
        }
        let mut moved: Vec<Place> = (0..self.dimension).map(|index| self.variable(index)).collect();
        let mut operations = Vec::new();
        for (index, operation) in self.operations.iter().enumerate() {
            moved.push(self.place_of(operations.len()));
            if is_needed[self.dimension + index] {
                operations.push(operation.renamed(|place| moved[usize::from(place)]));
            }
        }
        is_needed.truncate(self.dimension);
        Tape::new(operations, moved[usize::from(result)], is_needed)
    }

    /// The operation with a constant operand written into it.
    fn with_constant(&self, operation: Operation) -> Operation {
        match operation {
            Operation::Add(a, b) => match (self.constant_at(a), self.constant_at(b)) {
                (_, Some(c)) => Operation::Shift(a, c),
                (Some(c), _) => Operation::Shift(b, c),
                _ => operation,
            },
            Operation::Subtract(a, b) => match (self.constant_at(a), self.constant_at(b)) {
                (_, Some(c)) => Operation::Lower(a, c),
                (Some(c), _) => Operation::From(c, b),
                _ => operation,
            },
            Operation::Multiply(a, b) => match (self.constant_at(a), self.constant_at(b)) {
                (_, Some(c)) => Operation::Scale(a, c),
                (Some(c), _) => Operation::Scale(b, c),
                _ => operation,
            },
            Operation::Divide(a, b) => match (self.constant_at(a), self.constant_at(b)) {
                (_, Some(c)) => Operation::Share(a, c),
                (Some(c), _) => Operation::Over(c, b),
                _ => operation,
            },
            Operation::Whole(a, 2) => Operation::Square(a),
            _ => operation,
        }
    }
}

fn key(operation: &Operation) -> Key {
    let commuting = |a: Place, b: Place| (u64::from(a.min(b)), u64::from(a.max(b)));
    let (kind, (first, second)) = match *operation {
        Operation::Constant(value) => (0, (value.to_bits(), 0)),
        Operation::Add(a, b) => (1, commuting(a, b)),
        Operation::Subtract(a, b) => (2, (a.into(), b.into())),
        Operation::Multiply(a, b) => (3, commuting(a, b)),
        Operation::Divide(a, b) => (4, (a.into(), b.into())),
        Operation::Negate(a) => (5, (a.into(), 0)),
        Operation::Whole(a, power) => (6, (a.into(), power as u32 as u64)),
        Operation::Real(a, power) => (7, (a.into(), power.to_bits())),
        Operation::Power(a, b) => (8, (a.into(), b.into())),
        Operation::Min(a, b) => (9, (a.into(), b.into())),
        Operation::Max(a, b) => (10, (a.into(), b.into())),
        Operation::Square(a) => (11, (a.into(), 0)),
        Operation::Shift(a, c) => (12, (a.into(), c.to_bits())),
        Operation::Lower(a, c) => (13, (a.into(), c.to_bits())),
        Operation::From(c, a) => (14, (a.into(), c.to_bits())),
        Operation::Scale(a, c) => (15, (a.into(), c.to_bits())),
        Operation::Share(a, c) => (16, (a.into(), c.to_bits())),
        Operation::Over(c, a) => (17, (a.into(), c.to_bits())),
        Operation::Apply(function, a) => (18 + function as u8, (a.into(), 0)),
    };
    (kind, first, second)
}
