//! Builds programs: equal operations become one (hash-consing), what is constant is computed once, and what changes
//! nothing is left out.

use std::collections::HashMap;

use super::{Function, Operation, Place, Program};

/// What makes two numbers equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Constant(u64),
    Pair(u8, Place, Place),
    Apply(Function, Place),
    Choose(Place, Place, Place, Place),
}

/// A number of the program that is being built.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Input,
    Constant(f64),
    Operation(Operation),
}

/// A program in the making. Places are those of the order in which numbers were put down.
#[derive(Debug)]
pub struct Builder {
    inputs: usize,
    nodes: Vec<Node>,
    places: HashMap<Key, Place>,
}

impl Builder {
    /// A builder of a program with so many inputs, at the places 0, 1, ….
    #[must_use]
    pub fn new(inputs: usize) -> Self {
        Self { inputs, nodes: vec![Node::Input; inputs], places: HashMap::new() }
    }

    /// The number at a place.
    pub(super) fn node(&self, place: Place) -> Node {
        self.nodes[place]
    }

    fn put(&mut self, key: Key, node: Node) -> Place {
        let next = self.nodes.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.nodes.push(node);
        }
        place
    }

    fn pair(&mut self, kind: u8, a: Place, b: Place, operation: fn(Place, Place) -> Operation) -> Place {
        self.put(Key::Pair(kind, a, b), Node::Operation(operation(a, b)))
    }

    fn constant_at(&self, place: Place) -> Option<f64> {
        match self.nodes[place] {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// A constant.
    pub fn constant(&mut self, value: f64) -> Place {
        self.put(Key::Constant(value.to_bits()), Node::Constant(value))
    }

    /// a + b.
    pub fn add(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => self.constant(x + y),
            (Some(0.0), _) => b,
            (_, Some(0.0)) => a,
            _ => self.pair(0, a.min(b), a.max(b), Operation::Add),
        }
    }

    /// a − b.
    pub fn subtract(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => self.constant(x - y),
            (Some(0.0), _) => self.negate(b),
            (_, Some(0.0)) => a,
            _ => self.pair(1, a, b, Operation::Subtract),
        }
    }

    /// a·b. Nothing times anything is nothing: a direction that does not move has no say, not even at infinity.
    pub fn multiply(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => self.constant(x * y),
            (Some(0.0), _) | (_, Some(0.0)) => self.constant(0.0),
            (Some(1.0), _) => b,
            (_, Some(1.0)) => a,
            (Some(-1.0), _) => self.negate(b),
            (_, Some(-1.0)) => self.negate(a),
            (Some(c), _) => self.scaled(b, c),
            (_, Some(c)) => self.scaled(a, c),
            // (c·u)·(d·v) = cd·(u·v): derivatives of powers leave such factors, and many of them cancel.
            _ => match (self.factors(a), self.factors(b)) {
                ((1.0, _), (1.0, _)) => self.pair(2, a.min(b), a.max(b), Operation::Multiply),
                ((c, u), (d, v)) => {
                    let product = self.multiply(u, v);
                    self.scaled(product, c * d)
                }
            },
        }
    }

    /// a as a constant factor, 1 where it has none, times the rest.
    fn factors(&self, a: Place) -> (f64, Place) {
        if let Node::Operation(Operation::Multiply(u, v)) = self.nodes[a] {
            if let Some(c) = self.constant_at(u) {
                return (c, v);
            }
            if let Some(c) = self.constant_at(v) {
                return (c, u);
            }
        }
        (1.0, a)
    }

    /// a·c.
    fn scaled(&mut self, a: Place, c: f64) -> Place {
        let (d, u) = self.factors(a);
        let factor = self.constant(c * d);
        if c * d == 1.0 { u } else { self.pair(2, u.min(factor), u.max(factor), Operation::Multiply) }
    }

    /// a/b. Division by a power of two is a multiplication, exactly.
    pub fn divide(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => self.constant(x / y),
            (Some(0.0), _) => self.constant(0.0),
            (_, Some(y)) if y.to_bits().trailing_zeros() >= 52 && (1.0 / y).is_normal() => {
                let inverse = self.constant(1.0 / y);
                self.multiply(a, inverse)
            }
            _ => self.pair(3, a, b, Operation::Divide),
        }
    }

    /// −a.
    pub fn negate(&mut self, a: Place) -> Place {
        match self.nodes[a] {
            Node::Constant(value) => self.constant(-value),
            Node::Operation(Operation::Negate(inner)) => inner,
            _ => self.pair(4, a, a, |a, _| Operation::Negate(a)),
        }
    }

    /// A function of a.
    pub fn apply(&mut self, function: Function, a: Place) -> Place {
        match self.constant_at(a) {
            Some(value) => self.constant(function.value(value)),
            None => self.put(Key::Apply(function, a), Node::Operation(Operation::Apply(function, a))),
        }
    }

    /// aᵇ; by multiplication where b is a whole constant.
    pub fn power(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => self.constant(libm::pow(x, y)),
            (_, Some(power)) if power.fract() == 0.0 && power.abs() <= 1024.0 => self.whole_power(a, power as i32),
            (_, Some(0.5)) => self.apply(Function::Sqrt, a),
            _ => self.pair(5, a, b, Operation::Power),
        }
    }

    /// aⁿ by repeated squaring.
    fn whole_power(&mut self, a: Place, power: i32) -> Place {
        let (mut base, mut left) = (a, power.unsigned_abs());
        let mut product = self.constant(1.0);
        while left > 0 {
            if left % 2 == 1 {
                product = self.multiply(product, base);
            }
            left /= 2;
            if left > 0 {
                base = self.multiply(base, base);
            }
        }
        let one = self.constant(1.0);
        if power < 0 { self.divide(one, product) } else { product }
    }

    /// `then` where `less` < `than`, else `otherwise`.
    pub fn choose(&mut self, less: Place, than: Place, then: Place, otherwise: Place) -> Place {
        match (self.constant_at(less), self.constant_at(than)) {
            _ if then == otherwise => then,
            (Some(x), Some(y)) => {
                if x < y {
                    then
                } else {
                    otherwise
                }
            }
            _ => {
                let operation = Operation::Choose { less, than, then, otherwise };
                self.put(Key::Choose(less, than, then, otherwise), Node::Operation(operation))
            }
        }
    }

    /// The program with these results, without what they do not need.
    #[must_use]
    pub fn program(&self, results: &[Place]) -> Program {
        let mut is_needed = vec![false; self.nodes.len()];
        for place in results {
            is_needed[*place] = true;
        }
        for place in (0..self.nodes.len()).rev() {
            if let (true, Node::Operation(operation)) = (is_needed[place], self.nodes[place]) {
                for operand in operation.operands() {
                    is_needed[operand] = true;
                }
            }
        }
        let mut moved: Vec<Place> = (0..self.nodes.len()).collect();
        let mut program = Program { inputs: self.inputs, ..Program::default() };
        for (place, node) in self.nodes.iter().enumerate() {
            if let (true, Node::Constant(value)) = (is_needed[place], node) {
                moved[place] = self.inputs + program.constants.len();
                program.constants.push(*value);
            }
        }
        let first = program.first();
        for (place, node) in self.nodes.iter().enumerate() {
            if let (true, Node::Operation(operation)) = (is_needed[place], node) {
                moved[place] = first + program.operations.len();
                program.operations.push(operation.renamed(|place| moved[place]));
            }
        }
        program.results = results.iter().map(|place| moved[*place]).collect();
        program
    }
}
