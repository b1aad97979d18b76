//! Builds programs: equal operations become one (hash-consing), what is constant is computed once,
//! and what changes nothing is left out.

use std::collections::BTreeMap;

use super::{Function, Operation, Place, Program};

/// What makes two numbers equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// Whether two constant factors may become this one: neither too large nor too small for what the
/// numbers between them made good.
fn is_safe(factor: f64) -> bool {
    factor == 0.0 || factor.is_normal()
}

/// A program in the making. Places are those of the order in which numbers were put down.
#[derive(Debug)]
pub struct Builder {
    inputs: usize,
    nodes: Vec<Node>,
    places: BTreeMap<Key, Place>,
}

impl Builder {
    /// A builder of a program with so many inputs, at the places 0, 1, ….
    #[must_use]
    pub fn new(inputs: usize) -> Self {
        Self { inputs, nodes: vec![Node::Input; inputs], places: BTreeMap::new() }
    }

    /// The number at a place.
    pub(super) fn node(&self, place: Place) -> Node {
        self.nodes[place]
    }

    /// Operations and constants so far.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len() - self.inputs
    }

    /// Copies a program's operations, whose inputs stand at the places `inputs`; returns the places
    /// of its results.
    pub fn copy(&mut self, program: &Program, inputs: &[Place]) -> Vec<Place> {
        let mut moved = inputs.to_vec();
        moved.extend(program.constants.iter().map(|value| self.constant(*value)));
        for operation in &program.operations {
            let place = match operation.renamed(|place| moved[place]) {
                Operation::Add(a, b) => self.add(a, b),
                Operation::Subtract(a, b) => self.subtract(a, b),
                Operation::Multiply(a, b) => self.multiply(a, b),
                Operation::Weigh(a, b) => self.weigh(a, b),
                Operation::Divide(a, b) => self.divide(a, b),
                Operation::Negate(a) => self.negate(a),
                Operation::Apply(function, a) => self.apply(function, a),
                Operation::Power(a, b) => self.power(a, b),
                Operation::Choose { less, than, then, otherwise } => self.choose(less, than, then, otherwise),
            };
            moved.push(place);
        }
        program.results.iter().map(|place| moved[*place]).collect()
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

    /// a + b; c·u + d·u is (c + d)·u.
    pub fn add(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => return self.constant(x + y),
            (Some(0.0), _) => return b,
            (_, Some(0.0)) => return a,
            _ => {}
        }
        match (self.factors(a), self.factors(b)) {
            ((c, u), (d, v)) if u == v && is_safe(c + d) => self.scaled(u, c + d),
            (_, (-1.0, v)) => self.subtract(a, v),
            ((-1.0, u), _) => self.subtract(b, u),
            _ => self.pair(0, a.min(b), a.max(b), Operation::Add),
        }
    }

    /// a − b; c·u − d·u is (c − d)·u.
    pub fn subtract(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => return self.constant(x - y),
            (Some(0.0), _) => return self.negate(b),
            (_, Some(0.0)) => return a,
            _ => {}
        }
        match (self.factors(a), self.factors(b)) {
            ((c, u), (d, v)) if u == v && is_safe(c - d) => self.scaled(u, c - d),
            (_, (-1.0, v)) => self.add(a, v),
            _ => self.pair(1, a, b, Operation::Subtract),
        }
    }

    /// a·b. Nothing times anything is nothing: a direction that does not move has no say, not even
    /// at infinity.
    pub fn multiply(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (Some(x), Some(y)) => self.constant(if x == 0.0 || y == 0.0 { 0.0 } else { x * y }),
            (Some(c), _) => self.scaled(b, c),
            (_, Some(c)) => self.scaled(a, c),
            // (c·u)·(d·v) = cd·(u·v): derivatives of powers leave such factors, and many of them
            // cancel.
            _ => match (self.factors(a), self.factors(b)) {
                ((c, u), (d, v)) if (c != 1.0 || d != 1.0) && (c * d).is_normal() => {
                    let product = self.multiply(u, v);
                    self.scaled(product, c * d)
                }
                _ => self.pair(2, a.min(b), a.max(b), Operation::Multiply),
            },
        }
    }

    /// a·b, and 0 where a is 0 whatever b is.
    pub fn weigh(&mut self, a: Place, b: Place) -> Place {
        match (self.constant_at(a), self.constant_at(b)) {
            (None, None) => self.pair(6, a, b, Operation::Weigh),
            (_, Some(factor)) if !factor.is_finite() => self.pair(6, a, b, Operation::Weigh),
            _ => self.multiply(a, b),
        }
    }

    /// a as a constant factor, 1 where it has none, times the rest.
    fn factors(&self, a: Place) -> (f64, Place) {
        match self.nodes[a] {
            Node::Operation(Operation::Multiply(u, v)) => match (self.constant_at(u), self.constant_at(v)) {
                (Some(c), _) => (c, v),
                (_, Some(c)) => (c, u),
                _ => (1.0, a),
            },
            Node::Operation(Operation::Negate(u)) => (-1.0, u),
            _ => (1.0, a),
        }
    }

    /// a·c.
    fn scaled(&mut self, a: Place, c: f64) -> Place {
        let (d, u) = match self.factors(a) {
            (d, u) if c == 0.0 || (c * d).is_normal() => (d, u),
            _ => (1.0, a),
        };
        match c * d {
            0.0 => self.constant(0.0),
            1.0 => u,
            -1.0 => self.pair(4, u, u, |u, _| Operation::Negate(u)),
            factor => {
                let factor = self.constant(factor);
                self.pair(2, u.min(factor), u.max(factor), Operation::Multiply)
            }
        }
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
        match self.constant_at(a) {
            Some(value) => self.constant(-value),
            None => self.scaled(a, -1.0),
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

    /// The smaller one; a where neither is.
    pub fn min(&mut self, a: Place, b: Place) -> Place {
        self.choose(b, a, b, a)
    }

    /// The larger one; a where neither is.
    pub fn max(&mut self, a: Place, b: Place) -> Place {
        self.choose(a, b, b, a)
    }

    /// The program with these results, without what they do not need.
    #[must_use]
    pub fn program(&self, results: &[Place]) -> Program {
        self.staged(&[results])
    }

    /// The program with these groups of results, one stage each: a stage computes what its group
    /// needs and the stages before it have not computed.
    #[must_use]
    pub fn staged(&self, groups: &[&[Place]]) -> Program {
        let stages = self.stages_of(groups);
        let mut moved: Vec<Place> = (0..self.nodes.len()).collect();
        let mut program = Program { inputs: self.inputs, ..Program::default() };
        for (place, node) in self.nodes.iter().enumerate() {
            if let (Some(_), Node::Constant(value)) = (stages[place], node) {
                moved[place] = self.inputs + program.constants.len();
                program.constants.push(*value);
            }
        }
        let first = program.first();
        for (stage, group) in groups.iter().enumerate() {
            for (place, node) in self.nodes.iter().enumerate() {
                if let (true, Node::Operation(operation)) = (stages[place] == Some(stage), node) {
                    moved[place] = first + program.operations.len();
                    program.operations.push(operation.renamed(|place| moved[place]));
                }
            }
            program.stages.push(program.operations.len());
            program.results.extend(group.iter().map(|place| moved[*place]));
        }
        program
    }

    /// The first stage that needs the number at each place; None where none does.
    fn stages_of(&self, groups: &[&[Place]]) -> Vec<Option<usize>> {
        let mut stages = vec![None; self.nodes.len()];
        for (stage, group) in groups.iter().enumerate() {
            for place in *group {
                stages[*place].get_or_insert(stage);
            }
            for place in (0..self.nodes.len()).rev() {
                if let (true, Node::Operation(operation)) = (stages[place] == Some(stage), self.nodes[place]) {
                    for operand in operation.operands() {
                        stages[operand].get_or_insert(stage);
                    }
                }
            }
        }
        stages
    }
}
