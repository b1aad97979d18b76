//! The flat tape: operations in order, each on results before it, and its exact derivatives.
//!
//! Equal operations are one (hash-consing), and operations on constants are done when the tape is built. The gradient is one reverse sweep;
//! a Hessian-vector product is the same sweep with a tangent carried along (forward over reverse: Pearlmutter, 1994), so both cost a small multiple of f
//! whatever the number of variables. At a kink (abs, relu, min, max) the derivative is that of the branch taken, 0 for abs and relu at 0.

use std::collections::BTreeMap;

/// A function of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Function {
    Abs,
    Sqrt,
    Exp,
    Log,
    Sin,
    Cos,
    Tan,
    Tanh,
    Cosh,
    Sinh,
    LogCosh,
    Softplus,
    Relu,
    Sign,
}

impl Function {
    /// The function of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "abs" => Self::Abs,
            "sqrt" => Self::Sqrt,
            "exp" => Self::Exp,
            "log" | "ln" => Self::Log,
            "sin" => Self::Sin,
            "cos" => Self::Cos,
            "tan" => Self::Tan,
            "tanh" => Self::Tanh,
            "cosh" => Self::Cosh,
            "sinh" => Self::Sinh,
            "logcosh" => Self::LogCosh,
            "softplus" => Self::Softplus,
            "relu" => Self::Relu,
            "sign" => Self::Sign,
            _ => return None,
        })
    }

    fn value(self, x: f64) -> f64 {
        match self {
            Self::Abs => x.abs(),
            Self::Sqrt => x.sqrt(),
            Self::Exp => libm::exp(x),
            Self::Log => libm::log(x),
            Self::Sin => libm::sin(x),
            Self::Cos => libm::cos(x),
            Self::Tan => libm::tan(x),
            Self::Tanh => libm::tanh(x),
            Self::Cosh => libm::cosh(x),
            Self::Sinh => libm::sinh(x),
            // |x| + log((1 + e^(−2|x|))/2): cosh itself would overflow at 710.
            Self::LogCosh => x.abs() + (libm::log1p(libm::exp(-2.0 * x.abs())) - std::f64::consts::LN_2),
            Self::Softplus => x.max(0.0) + libm::log1p(libm::exp(-x.abs())),
            Self::Relu => x.max(0.0),
            Self::Sign => sign(x),
        }
    }

    /// The first and second derivative at x, where the value is f.
    fn derivatives(self, x: f64, f: f64) -> (f64, f64) {
        match self {
            Self::Abs => (sign(x), 0.0),
            Self::Sqrt => (0.5 / f, -0.25 / (f * x)),
            Self::Exp => (f, f),
            Self::Log => (1.0 / x, -1.0 / (x * x)),
            Self::Sin => (libm::cos(x), -f),
            Self::Cos => (-libm::sin(x), -f),
            Self::Tan => (1.0 + f * f, 2.0 * f * (1.0 + f * f)),
            Self::Tanh => (1.0 - f * f, -2.0 * f * (1.0 - f * f)),
            Self::Cosh => (libm::sinh(x), f),
            Self::Sinh => (libm::cosh(x), f),
            Self::LogCosh => {
                let slope = libm::tanh(x);
                (slope, 1.0 - slope * slope)
            }
            Self::Softplus => {
                let slope = 1.0 / (1.0 + libm::exp(-x));
                (slope, slope * (1.0 - slope))
            }
            Self::Relu => (if x > 0.0 { 1.0 } else { 0.0 }, 0.0),
            Self::Sign => (0.0, 0.0),
        }
    }
}

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

/// An operation on results of earlier ones, named by their places.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Constant(f64),
    Variable(usize),
    Add(usize, usize),
    Subtract(usize, usize),
    Multiply(usize, usize),
    Divide(usize, usize),
    Negate(usize),

    /// To a whole power, by multiplication.
    Whole(usize, i32),

    /// To a constant power that is not whole.
    Real(usize, f64),

    /// To a power that varies; the base must be positive.
    Power(usize, usize),
    Apply(Function, usize),
    Min(usize, usize),
    Max(usize, usize),
}

/// What makes two operations equal.
type Key = (u8, u64, u64);

impl Operation {
    fn key(&self) -> Key {
        match *self {
            Self::Constant(value) => (0, value.to_bits(), 0),
            Self::Variable(index) => (1, index as u64, 0),
            Self::Add(a, b) => (2, a.min(b) as u64, a.max(b) as u64),
            Self::Subtract(a, b) => (3, a as u64, b as u64),
            Self::Multiply(a, b) => (4, a.min(b) as u64, a.max(b) as u64),
            Self::Divide(a, b) => (5, a as u64, b as u64),
            Self::Negate(a) => (6, a as u64, 0),
            Self::Whole(a, power) => (7, a as u64, power as u32 as u64),
            Self::Real(a, power) => (8, a as u64, power.to_bits()),
            Self::Power(a, b) => (9, a as u64, b as u64),
            Self::Min(a, b) => (10, a as u64, b as u64),
            Self::Max(a, b) => (11, a as u64, b as u64),
            Self::Apply(function, a) => (12 + function as u8, a as u64, 0),
        }
    }

    fn value(&self, results: &[f64], variables: &[f64]) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Variable(index) => variables[index],
            Self::Add(a, b) => results[a] + results[b],
            Self::Subtract(a, b) => results[a] - results[b],
            Self::Multiply(a, b) => results[a] * results[b],
            Self::Divide(a, b) => results[a] / results[b],
            Self::Negate(a) => -results[a],
            Self::Whole(a, power) => whole_power(results[a], power),
            Self::Real(a, power) => libm::pow(results[a], power),
            Self::Power(a, b) => libm::pow(results[a], results[b]),
            Self::Apply(function, a) => function.value(results[a]),
            Self::Min(a, b) => {
                if results[b] < results[a] {
                    results[b]
                } else {
                    results[a]
                }
            }
            Self::Max(a, b) => {
                if results[b] > results[a] {
                    results[b]
                } else {
                    results[a]
                }
            }
        }
    }

    /// The places it depends on.
    fn operands(&self) -> [Option<usize>; 2] {
        match *self {
            Self::Constant(_) | Self::Variable(_) => [None, None],
            Self::Negate(a) | Self::Whole(a, _) | Self::Real(a, _) | Self::Apply(_, a) => [Some(a), None],
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Divide(a, b)
            | Self::Power(a, b)
            | Self::Min(a, b)
            | Self::Max(a, b) => [Some(a), Some(b)],
        }
    }
}

/// x to a whole power by repeated squaring: the intrinsic differs between targets.
fn whole_power(x: f64, power: i32) -> f64 {
    let (mut base, mut left, mut product) = (x, power.unsigned_abs(), 1.0);
    while left > 0 {
        if left % 2 == 1 {
            product *= base;
        }
        base *= base;
        left /= 2;
    }
    if power < 0 { 1.0 / product } else { product }
}

/// Builds a tape, joining what is equal.
#[derive(Debug, Default)]
pub(super) struct Builder {
    operations: Vec<Operation>,
    places: BTreeMap<Key, usize>,
}

impl Builder {
    /// Operations so far.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    fn push(&mut self, operation: Operation) -> usize {
        let constants = operation.operands().map(|operand| operand.map(|place| self.constant_at(place)));
        let is_constant = !matches!(operation, Operation::Variable(_) | Operation::Constant(_))
            && constants.iter().flatten().all(Option::is_some);
        let operation = if is_constant {
            let results: Vec<f64> =
                (0..self.operations.len()).map(|place| self.constant_at(place).unwrap_or(f64::NAN)).collect();
            Operation::Constant(operation.value(&results, &[]))
        } else {
            operation
        };
        *self.places.entry(operation.key()).or_insert_with(|| {
            self.operations.push(operation);
            self.operations.len() - 1
        })
    }

    fn constant_at(&self, place: usize) -> Option<f64> {
        match self.operations.get(place) {
            Some(Operation::Constant(value)) => Some(*value),
            _ => None,
        }
    }

    pub fn constant(&mut self, value: f64) -> usize {
        self.push(Operation::Constant(value))
    }

    pub fn variable(&mut self, index: usize) -> usize {
        self.push(Operation::Variable(index))
    }

    pub fn negate(&mut self, a: usize) -> usize {
        self.push(Operation::Negate(a))
    }

    /// One of `+ - * / ^`.
    pub fn binary(&mut self, sign: char, a: usize, b: usize) -> usize {
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

    pub fn apply(&mut self, function: Function, a: usize) -> usize {
        self.push(Operation::Apply(function, a))
    }

    pub fn min(&mut self, a: usize, b: usize) -> usize {
        self.push(Operation::Min(a, b))
    }

    pub fn max(&mut self, a: usize, b: usize) -> usize {
        self.push(Operation::Max(a, b))
    }

    /// The tape that ends in `result`, without what it does not need.
    pub fn finish(self, result: usize, dimension: usize) -> Tape {
        let mut is_needed = vec![false; self.operations.len()];
        is_needed[result] = true;
        for place in (0..=result).rev() {
            if is_needed[place] {
                for operand in self.operations[place].operands().into_iter().flatten() {
                    is_needed[operand] = true;
                }
            }
        }
        let mut moved = vec![0; self.operations.len()];
        let mut operations = Vec::new();
        for (place, operation) in self.operations.iter().enumerate().filter(|(place, _)| is_needed[*place]) {
            moved[place] = operations.len();
            operations.push(renamed(*operation, &moved));
        }
        Tape { operations, dimension }
    }
}

/// The operation with its operands at their new places.
fn renamed(operation: Operation, moved: &[usize]) -> Operation {
    match operation {
        Operation::Constant(_) | Operation::Variable(_) => operation,
        Operation::Add(a, b) => Operation::Add(moved[a], moved[b]),
        Operation::Subtract(a, b) => Operation::Subtract(moved[a], moved[b]),
        Operation::Multiply(a, b) => Operation::Multiply(moved[a], moved[b]),
        Operation::Divide(a, b) => Operation::Divide(moved[a], moved[b]),
        Operation::Negate(a) => Operation::Negate(moved[a]),
        Operation::Whole(a, power) => Operation::Whole(moved[a], power),
        Operation::Real(a, power) => Operation::Real(moved[a], power),
        Operation::Power(a, b) => Operation::Power(moved[a], moved[b]),
        Operation::Apply(function, a) => Operation::Apply(function, moved[a]),
        Operation::Min(a, b) => Operation::Min(moved[a], moved[b]),
        Operation::Max(a, b) => Operation::Max(moved[a], moved[b]),
    }
}

/// A function as operations in order; the last one is its value.
#[derive(Clone, Debug)]
pub struct Tape {
    operations: Vec<Operation>,
    dimension: usize,
}

/// Room for the sweeps of a tape, used again and again.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    results: Vec<f64>,
    tangents: Vec<f64>,
    adjoints: Vec<f64>,
    adjoint_tangents: Vec<f64>,
}

impl Tape {
    /// The number of variables.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Whether the value depends on a variable.
    #[must_use]
    pub fn depends_on(&self, variable: usize) -> bool {
        self.operations.iter().any(|operation| matches!(operation, Operation::Variable(index) if *index == variable))
    }

    /// The number of operations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there is nothing to compute; never so for a parsed formula.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// f(x).
    pub fn value(&self, x: &[f64], workspace: &mut Workspace) -> f64 {
        let results = &mut workspace.results;
        results.clear();
        for operation in &self.operations {
            let value = operation.value(results, x);
            results.push(value);
        }
        results.last().copied().unwrap_or(f64::NAN)
    }

    /// Fills `gradient` with ∇f(x) and returns f(x).
    pub fn gradient(&self, x: &[f64], gradient: &mut [f64], workspace: &mut Workspace) -> f64 {
        let value = self.value(x, workspace);
        let Workspace { results, adjoints, .. } = workspace;
        adjoints.clear();
        adjoints.resize(results.len(), 0.0);
        gradient.fill(0.0);
        if let Some(last) = adjoints.last_mut() {
            *last = 1.0;
        }
        for (place, operation) in self.operations.iter().enumerate().rev() {
            let adjoint = adjoints[place];
            // What does not reach the value must not turn an infinite slope into NaN.
            if adjoint == 0.0 {
                continue;
            }
            match *operation {
                Operation::Constant(_) => {}
                Operation::Variable(index) => gradient[index] += adjoint,
                Operation::Add(a, b) => {
                    adjoints[a] += adjoint;
                    adjoints[b] += adjoint;
                }
                Operation::Subtract(a, b) => {
                    adjoints[a] += adjoint;
                    adjoints[b] -= adjoint;
                }
                Operation::Multiply(a, b) => {
                    adjoints[a] += adjoint * results[b];
                    adjoints[b] += adjoint * results[a];
                }
                Operation::Min(a, b) | Operation::Max(a, b) => adjoints[taken(operation, a, b, results)] += adjoint,
                Operation::Negate(a) => adjoints[a] -= adjoint,
                Operation::Divide(a, b) => {
                    adjoints[a] += adjoint / results[b];
                    adjoints[b] -= adjoint * results[place] / results[b];
                }
                Operation::Power(a, b) => {
                    let [to_base, to_power, ..] = power_derivatives(results[a], results[b], results[place]);
                    adjoints[a] += adjoint * to_base;
                    adjoints[b] += adjoint * to_power;
                }
                Operation::Whole(a, _) | Operation::Real(a, _) | Operation::Apply(_, a) => {
                    adjoints[a] += adjoint * slopes(operation, results[a], results[place]).0;
                }
            }
        }
        value
    }

    /// Fills `product` with ∇²f(x)·v.
    pub fn hessian_vector_product(&self, x: &[f64], v: &[f64], product: &mut [f64], workspace: &mut Workspace) {
        self.value(x, workspace);
        let Workspace { results, tangents, adjoints, adjoint_tangents } = workspace;
        tangents.clear();
        for (place, operation) in self.operations.iter().enumerate() {
            let tangent = match *operation {
                Operation::Constant(_) => 0.0,
                Operation::Variable(index) => v[index],
                Operation::Add(a, b) => tangents[a] + tangents[b],
                Operation::Subtract(a, b) => tangents[a] - tangents[b],
                Operation::Multiply(a, b) => tangents[a] * results[b] + results[a] * tangents[b],
                Operation::Divide(a, b) => (tangents[a] - results[place] * tangents[b]) / results[b],
                Operation::Negate(a) => -tangents[a],
                Operation::Min(a, b) | Operation::Max(a, b) => tangents[taken(operation, a, b, results)],
                Operation::Power(a, b) => {
                    let [to_base, to_power, ..] = power_derivatives(results[a], results[b], results[place]);
                    to_base * tangents[a] + to_power * tangents[b]
                }
                Operation::Whole(a, _) | Operation::Real(a, _) | Operation::Apply(_, a) => {
                    scaled(tangents[a], slopes(operation, results[a], results[place]).0)
                }
            };
            tangents.push(tangent);
        }
        for sweep in [&mut *adjoints, &mut *adjoint_tangents] {
            sweep.clear();
            sweep.resize(results.len(), 0.0);
        }
        product.fill(0.0);
        if let Some(last) = adjoints.last_mut() {
            *last = 1.0;
        }
        for (place, operation) in self.operations.iter().enumerate().rev() {
            let (adjoint, change) = (adjoints[place], adjoint_tangents[place]);
            if adjoint == 0.0 && change == 0.0 {
                continue;
            }
            let mut pass = |to: usize, slope: f64, slope_change: f64| {
                adjoints[to] += scaled(adjoint, slope);
                adjoint_tangents[to] += scaled(change, slope) + scaled(adjoint, slope_change);
            };
            match *operation {
                Operation::Constant(_) => {}
                Operation::Variable(index) => product[index] += change,
                Operation::Add(a, b) => {
                    pass(a, 1.0, 0.0);
                    pass(b, 1.0, 0.0);
                }
                Operation::Subtract(a, b) => {
                    pass(a, 1.0, 0.0);
                    pass(b, -1.0, 0.0);
                }
                Operation::Multiply(a, b) => {
                    pass(a, results[b], tangents[b]);
                    pass(b, results[a], tangents[a]);
                }
                Operation::Divide(a, b) => {
                    let inverse = 1.0 / results[b];
                    let inverse_change = -tangents[b] * inverse * inverse;
                    pass(a, inverse, inverse_change);
                    let quotient = results[place];
                    pass(b, -quotient * inverse, -(tangents[place] * inverse + quotient * inverse_change));
                }
                Operation::Negate(a) => pass(a, -1.0, 0.0),
                Operation::Min(a, b) | Operation::Max(a, b) => pass(taken(operation, a, b, results), 1.0, 0.0),
                Operation::Power(a, b) => {
                    let [to_base, to_power, base_base, base_power, power_power] =
                        power_derivatives(results[a], results[b], results[place]);
                    pass(a, to_base, base_base * tangents[a] + base_power * tangents[b]);
                    pass(b, to_power, base_power * tangents[a] + power_power * tangents[b]);
                }
                Operation::Whole(a, _) | Operation::Real(a, _) | Operation::Apply(_, a) => {
                    let (slope, curvature) = slopes(operation, results[a], results[place]);
                    pass(a, slope, scaled(tangents[a], curvature));
                }
            }
        }
    }
}

/// `factor·slope`, where nothing times anything, even infinity, is nothing: a direction that does not move has no say.
fn scaled(factor: f64, slope: f64) -> f64 {
    if factor == 0.0 { 0.0 } else { factor * slope }
}

/// Which operand a minimum or maximum takes; the first of two equal ones.
fn taken(operation: &Operation, a: usize, b: usize, results: &[f64]) -> usize {
    let second = match operation {
        Operation::Min(..) => results[b] < results[a],
        _ => results[b] > results[a],
    };
    if second { b } else { a }
}

/// The first and second derivative of an operation on one operand.
fn slopes(operation: &Operation, x: f64, f: f64) -> (f64, f64) {
    match *operation {
        Operation::Whole(_, power) => {
            let n = f64::from(power);
            let slope = if power == 0 { 0.0 } else { n * whole_power(x, power - 1) };
            let curvature = if power == 0 || power == 1 { 0.0 } else { n * (n - 1.0) * whole_power(x, power - 2) };
            (slope, curvature)
        }
        Operation::Real(_, power) => {
            (power * libm::pow(x, power - 1.0), power * (power - 1.0) * libm::pow(x, power - 2.0))
        }
        Operation::Apply(function, _) => function.derivatives(x, f),
        _ => (f64::NAN, f64::NAN),
    }
}

/// The derivatives of f = xʸ: f_x, f_y, f_xx, f_xy, f_yy.
fn power_derivatives(x: f64, y: f64, f: f64) -> [f64; 5] {
    let log = libm::log(x);
    let lower = libm::pow(x, y - 1.0);
    [y * lower, f * log, y * (y - 1.0) * libm::pow(x, y - 2.0), lower * (1.0 + y * log), f * log * log]
}
