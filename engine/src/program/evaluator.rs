//! Running a program at one point after the other.
//!
//! Half of what an interpreter spends is finding out what comes next, and waiting for a number that
//! it has just put down. So sums, differences and products are done two at a time: the second takes
//! the first one's value as it is. Each still rounds for itself, so that the results are those of
//! one operation after the other.

use super::{Function, Operation, Place, Program};

/// A program with room for its numbers, which remembers the point it is at: a stage asked for there
/// goes on where the last one ended.
#[derive(Clone, Debug)]
pub struct Evaluator {
    program: Program,
    steps: Vec<Step>,

    /// Where stages end, counted in steps.
    ends: Vec<usize>,

    /// By place.
    numbers: Vec<f64>,

    /// How many steps have been done at the inputs that stand in `numbers`.
    done: usize,
}

impl Evaluator {
    /// Room for a program.
    #[inline(never)]
    #[must_use]
    pub fn new(program: Program) -> Self {
        let mut numbers = vec![f64::NAN; program.places()];
        numbers[program.inputs..program.first()].copy_from_slice(&program.constants);
        let (mut steps, mut ends) = (Vec::new(), Vec::new());
        let mut operations = 0;
        for end in &program.stages {
            while operations < *end {
                let (step, count) = Step::new(&program.operations[operations..*end], program.first() + operations);
                operations += count;
                steps.push(step);
            }
            ends.push(steps.len());
        }
        Self { program, steps, ends, numbers, done: 0 }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The numbers at all places after the stage `stage` for these inputs; those of later stages
    /// may be of another point.
    #[inline]
    pub fn at(&mut self, inputs: &[f64], stage: usize) -> &[f64] {
        for (known, input) in self.numbers[..self.program.inputs].iter_mut().zip(inputs) {
            if known.to_bits() != input.to_bits() {
                *known = *input;
                self.done = 0;
            }
        }
        let end = self.ends.get(stage).copied().unwrap_or_default();
        if let Some(steps @ [_, ..]) = self.steps.get(self.done..end) {
            run(steps, &mut self.numbers);
            self.done = end;
        }
        &self.numbers
    }
}

/// One operation, or two in a row.
#[derive(Clone, Copy, Debug)]
struct Step {
    code: Code,

    /// The function to apply, of that code alone.
    function: Function,

    /// Where the value goes; a pair's second value goes to the next place.
    place: u32,
    operands: [u32; 4],
}

/// What a step does on its operands a, b, c, d.
///
/// In a pair the first operation, with the value m, is a + b, a − b or a·b. The second is m + c, m
/// − c, c − m, m·c or m², or does not use m: c + d, c − d or c·d.
#[derive(Clone, Copy, Debug)]
enum Code {
    Add,
    Subtract,
    Multiply,
    Weigh,
    Divide,
    Negate,
    Apply,
    Power,
    Choose,
    AddPlus,
    AddMinus,
    AddFrom,
    AddTimes,
    AddSquare,
    AddAdd,
    AddSubtract,
    AddMultiply,
    SubtractPlus,
    SubtractMinus,
    SubtractFrom,
    SubtractTimes,
    SubtractSquare,
    SubtractAdd,
    SubtractSubtract,
    SubtractMultiply,
    MultiplyPlus,
    MultiplyMinus,
    MultiplyFrom,
    MultiplyTimes,
    MultiplySquare,
    MultiplyAdd,
    MultiplySubtract,
    MultiplyMultiply,
}

/// The pairs by their first and second operation, in the order of [`Code`].
const PAIRS: [[Code; 8]; 3] = [
    [
        Code::AddPlus,
        Code::AddMinus,
        Code::AddFrom,
        Code::AddTimes,
        Code::AddSquare,
        Code::AddAdd,
        Code::AddSubtract,
        Code::AddMultiply,
    ],
    [
        Code::SubtractPlus,
        Code::SubtractMinus,
        Code::SubtractFrom,
        Code::SubtractTimes,
        Code::SubtractSquare,
        Code::SubtractAdd,
        Code::SubtractSubtract,
        Code::SubtractMultiply,
    ],
    [
        Code::MultiplyPlus,
        Code::MultiplyMinus,
        Code::MultiplyFrom,
        Code::MultiplyTimes,
        Code::MultiplySquare,
        Code::MultiplyAdd,
        Code::MultiplySubtract,
        Code::MultiplyMultiply,
    ],
];

impl Step {
    /// The first operation, whose value goes to `place`, or the first two of them.
    fn new(operations: &[Operation], place: Place) -> (Self, usize) {
        if let Some(pair) = operations.first_chunk().and_then(|pair| Self::pair(pair, place)) {
            return (pair, 2);
        }
        let mut step = Self { code: Code::Add, function: Function::Abs, place: place as u32, operands: [0; 4] };
        let Some(operation) = operations.first() else { return (step, 1) };
        step.operands = operation.operands().map(|place| place as u32);
        step.code = match *operation {
            Operation::Add(..) => Code::Add,
            Operation::Subtract(..) => Code::Subtract,
            Operation::Multiply(..) => Code::Multiply,
            Operation::Weigh(..) => Code::Weigh,
            Operation::Divide(..) => Code::Divide,
            Operation::Negate(..) => Code::Negate,
            Operation::Apply(function, _) => {
                step.function = function;
                Code::Apply
            }
            Operation::Power(..) => Code::Power,
            Operation::Choose { .. } => Code::Choose,
        };
        (step, 1)
    }

    /// Two operations as one step; None where one of them is no sum, difference or product.
    fn pair([first, second]: &[Operation; 2], place: Place) -> Option<Self> {
        let (first, a, b) = arithmetic(first)?;
        let (second, c, d) = arithmetic(second)?;
        // The operand that is not m comes first.
        let (second, c, d) = match (second, c == place, d == place) {
            (_, false, false) => (5 + second, c, d),
            (2, true, true) => (4, c, d),
            // m + m is 2·m for the builder, but for factors that would overflow.
            (_, true, true) => return None,
            (0, true, _) => (0, d, d),
            (0, ..) => (0, c, c),
            (1, true, _) => (1, d, d),
            (1, ..) => (2, c, c),
            (_, true, _) => (3, d, d),
            _ => (3, c, c),
        };
        let operands = [a, b, c, d].map(|place| place as u32);
        Some(Self { code: PAIRS[first][second], function: Function::Abs, place: place as u32, operands })
    }
}

/// The row of a sum, a difference or a product in [`PAIRS`], with its operands.
fn arithmetic(operation: &Operation) -> Option<(usize, Place, Place)> {
    match *operation {
        Operation::Add(a, b) => Some((0, a, b)),
        Operation::Subtract(a, b) => Some((1, a, b)),
        Operation::Multiply(a, b) => Some((2, a, b)),
        _ => None,
    }
}

#[inline(always)]
fn run(steps: &[Step], numbers: &mut [f64]) {
    for step in steps {
        let [a, b, c, d] = step.operands;
        let at = |place: u32| numbers[place as usize];
        let place = step.place as usize;
        macro_rules! pair {
            ($first:expr, |$m:ident| $second:expr) => {{
                let $m = $first;
                numbers[place + 1] = $second;
                $m
            }};
        }
        numbers[place] = match step.code {
            Code::Add => at(a) + at(b),
            Code::Subtract => at(a) - at(b),
            Code::Multiply => at(a) * at(b),
            Code::Weigh => weighed(at(a), at(b)),
            Code::Divide => at(a) / at(b),
            Code::Negate => -at(a),
            Code::Apply => step.function.value(at(a)),
            Code::Power => libm::pow(at(a), at(b)),
            Code::Choose => at(if at(a) < at(b) { c } else { d }),
            Code::AddPlus => pair!(at(a) + at(b), |m| m + at(c)),
            Code::AddMinus => pair!(at(a) + at(b), |m| m - at(c)),
            Code::AddFrom => pair!(at(a) + at(b), |m| at(c) - m),
            Code::AddTimes => pair!(at(a) + at(b), |m| m * at(c)),
            Code::AddSquare => pair!(at(a) + at(b), |m| m * m),
            Code::AddAdd => pair!(at(a) + at(b), |m| at(c) + at(d)),
            Code::AddSubtract => pair!(at(a) + at(b), |m| at(c) - at(d)),
            Code::AddMultiply => pair!(at(a) + at(b), |m| at(c) * at(d)),
            Code::SubtractPlus => pair!(at(a) - at(b), |m| m + at(c)),
            Code::SubtractMinus => pair!(at(a) - at(b), |m| m - at(c)),
            Code::SubtractFrom => pair!(at(a) - at(b), |m| at(c) - m),
            Code::SubtractTimes => pair!(at(a) - at(b), |m| m * at(c)),
            Code::SubtractSquare => pair!(at(a) - at(b), |m| m * m),
            Code::SubtractAdd => pair!(at(a) - at(b), |m| at(c) + at(d)),
            Code::SubtractSubtract => pair!(at(a) - at(b), |m| at(c) - at(d)),
            Code::SubtractMultiply => pair!(at(a) - at(b), |m| at(c) * at(d)),
            Code::MultiplyPlus => pair!(at(a) * at(b), |m| m + at(c)),
            Code::MultiplyMinus => pair!(at(a) * at(b), |m| m - at(c)),
            Code::MultiplyFrom => pair!(at(a) * at(b), |m| at(c) - m),
            Code::MultiplyTimes => pair!(at(a) * at(b), |m| m * at(c)),
            Code::MultiplySquare => pair!(at(a) * at(b), |m| m * m),
            Code::MultiplyAdd => pair!(at(a) * at(b), |m| at(c) + at(d)),
            Code::MultiplySubtract => pair!(at(a) * at(b), |m| at(c) - at(d)),
            Code::MultiplyMultiply => pair!(at(a) * at(b), |m| at(c) * at(d)),
        };
    }
}

/// a·b, and 0 where a is 0.
#[inline(always)]
#[must_use]
pub fn weighed(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a * b }
}
