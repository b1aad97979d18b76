//! The flat tape: operations in order, each on results before it, and its exact derivatives.
//!
//! The gradient is one reverse sweep; a Hessian-vector product is the same sweep with a tangent carried along (forward over
//! reverse: Pearlmutter, 1994), so both cost a small multiple of f whatever the number of variables. At a kink (abs, relu,
//! min, max) the derivative is that of the branch taken, 0 for abs and relu at 0.
//!
//! Every number of a sweep has a place: first the variables, then the operations in order.

use std::ops::{Index, IndexMut};

use super::function::Function;

/// The place of a variable or of an operation's result.
pub(super) type Place = u16;

/// Places in a workspace: more than any formula needs, and a power of two, so that a place can be masked instead of checked.
const PLACES: usize = 1024;

const _: () = assert!(super::MAX_VARIABLES + super::MAX_OPERATIONS <= PLACES);

/// An operation on results of earlier ones, named by their places.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Constant(f64),
    Add(Place, Place),
    Subtract(Place, Place),
    Multiply(Place, Place),
    Divide(Place, Place),
    Negate(Place),

    /// To a whole power, by multiplication.
    Whole(Place, i32),

    /// To a constant power that is not whole.
    Real(Place, f64),

    /// To a power that varies; the base must be positive.
    Power(Place, Place),
    Apply(Function, Place),
    Min(Place, Place),
    Max(Place, Place),

    /// x².
    Square(Place),

    /// x + c.
    Shift(Place, f64),

    /// x − c.
    Lower(Place, f64),

    /// c − x.
    From(f64, Place),

    /// x·c.
    Scale(Place, f64),

    /// x/c.
    Share(Place, f64),

    /// c/x.
    Over(f64, Place),
}

impl Operation {
    /// Its value, given those at its operands' places.
    #[inline(always)]
    pub fn value(&self, at: impl Fn(Place) -> f64) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Add(a, b) => at(a) + at(b),
            Self::Subtract(a, b) => at(a) - at(b),
            Self::Multiply(a, b) => at(a) * at(b),
            Self::Divide(a, b) => at(a) / at(b),
            Self::Negate(a) => -at(a),
            Self::Whole(a, power) => whole_power(at(a), power),
            Self::Real(a, power) => libm::pow(at(a), power),
            Self::Power(a, b) => libm::pow(at(a), at(b)),
            Self::Apply(function, a) => function.value(at(a)),
            Self::Min(a, b) | Self::Max(a, b) => at(self.taken(a, b, &at)),
            Self::Square(a) => at(a) * at(a),
            Self::Shift(a, c) => at(a) + c,
            Self::Lower(a, c) => at(a) - c,
            Self::From(c, a) => c - at(a),
            Self::Scale(a, c) => at(a) * c,
            Self::Share(a, c) => at(a) / c,
            Self::Over(c, a) => c / at(a),
        }
    }

    /// Which operand a minimum or maximum takes; the first of two equal ones.
    #[inline(always)]
    fn taken(&self, a: Place, b: Place, at: impl Fn(Place) -> f64) -> Place {
        let second = match self {
            Self::Min(..) => at(b) < at(a),
            _ => at(b) > at(a),
        };
        if second { b } else { a }
    }

    /// The first and second derivative of an operation on one operand, at x, where the value is f.
    fn slopes(&self, x: f64, f: f64) -> (f64, f64) {
        match *self {
            Self::Whole(_, power) => {
                let n = f64::from(power);
                let slope = if power == 0 { 0.0 } else { n * whole_power(x, power - 1) };
                let curvature = if power == 0 || power == 1 { 0.0 } else { n * (n - 1.0) * whole_power(x, power - 2) };
                (slope, curvature)
            }
            Self::Real(_, power) => {
                (power * libm::pow(x, power - 1.0), power * (power - 1.0) * libm::pow(x, power - 2.0))
            }
            Self::Apply(function, _) => function.derivatives(x, f),
            _ => (f64::NAN, f64::NAN),
        }
    }

    /// The places it depends on.
    pub fn operands(mut self) -> [Option<Place>; 2] {
        self.places().map(|place| place.copied())
    }

    /// The operation with its operands at other places.
    pub fn renamed(mut self, moved: impl Fn(Place) -> Place) -> Self {
        self.places().into_iter().flatten().for_each(|place| *place = moved(*place));
        self
    }

    fn places(&mut self) -> [Option<&mut Place>; 2] {
        match self {
            Self::Constant(_) => [None, None],
            Self::Negate(a)
            | Self::Whole(a, _)
            | Self::Real(a, _)
            | Self::Apply(_, a)
            | Self::Square(a)
            | Self::Shift(a, _)
            | Self::Lower(a, _)
            | Self::From(_, a)
            | Self::Scale(a, _)
            | Self::Share(a, _)
            | Self::Over(_, a) => [Some(a), None],
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

/// The derivatives of f = xʸ: f_x, f_y, f_xx, f_xy, f_yy.
fn power_derivatives(x: f64, y: f64, f: f64) -> [f64; 5] {
    let log = libm::log(x);
    let lower = libm::pow(x, y - 1.0);
    [y * lower, f * log, y * (y - 1.0) * libm::pow(x, y - 2.0), lower * (1.0 + y * log), f * log * log]
}

/// `factor·slope`, where nothing times anything, even infinity, is nothing: a direction that does not move has no say.
fn scaled(factor: f64, slope: f64) -> f64 {
    if factor == 0.0 { 0.0 } else { factor * slope }
}

/// A number for each place.
#[derive(Clone, Debug)]
struct Numbers(Box<[f64; PLACES]>);

impl Default for Numbers {
    fn default() -> Self {
        Self(Box::new([0.0; PLACES]))
    }
}

/// Variables are so few that a call of memcpy or memset would cost more than all of this.
impl Numbers {
    /// Puts down the variables' numbers.
    #[inline(always)]
    fn begin_with(&mut self, variables: &[f64]) {
        for (place, number) in variables.iter().enumerate() {
            self[place as Place] = *number;
        }
    }

    /// Hands the variables' numbers over and leaves 0 in their places.
    #[inline(always)]
    fn take_into(&mut self, variables: &mut [f64]) {
        for (place, number) in variables.iter_mut().enumerate() {
            *number = std::mem::take(&mut self[place as Place]);
        }
    }
}

impl Index<Place> for Numbers {
    type Output = f64;

    #[inline(always)]
    fn index(&self, place: Place) -> &f64 {
        &self.0[usize::from(place) % PLACES]
    }
}

impl IndexMut<Place> for Numbers {
    #[inline(always)]
    fn index_mut(&mut self, place: Place) -> &mut f64 {
        &mut self.0[usize::from(place) % PLACES]
    }
}

/// Room for the sweeps of tapes, used again and again.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The variables and results of the last sweep.
    results: Numbers,
    tangents: Numbers,

    /// All 0 between sweeps: what is read is cleared.
    adjoints: Numbers,

    /// All 0 between sweeps, too.
    adjoint_tangents: Numbers,
}

/// A function as operations in order.
#[derive(Clone, Debug)]
pub struct Tape {
    pub(super) operations: Vec<Operation>,

    /// Where the function's value stands.
    pub(super) result: Place,

    /// Whether the value depends on each variable.
    is_used: Vec<bool>,
}

impl Tape {
    pub(super) fn new(operations: Vec<Operation>, result: Place, is_used: Vec<bool>) -> Self {
        Self { operations, result, is_used }
    }

    /// The number of variables.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.is_used.len()
    }

    /// Whether the value depends on a variable.
    #[must_use]
    pub fn depends_on(&self, variable: usize) -> bool {
        self.is_used.get(variable).is_some_and(|is_used| *is_used)
    }

    /// The number of operations; the variables are none.
    #[must_use]
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there is nothing to compute, as for f(x) = x.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// The operations with their places, in order.
    fn placed(&self) -> impl DoubleEndedIterator<Item = (Place, &Operation)> {
        let dimension = self.dimension();
        self.operations.iter().enumerate().map(move |(index, operation)| ((dimension + index) as Place, operation))
    }

    /// f(x).
    pub fn value(&self, x: &[f64], workspace: &mut Workspace) -> f64 {
        let results = &mut workspace.results;
        results.begin_with(x);
        for (place, operation) in self.placed() {
            results[place] = operation.value(|place| results[place]);
        }
        results[self.result]
    }

    /// Whether the workspace, whose last sweep was one of this tape, has x and the results there.
    pub(crate) fn is_at(&self, x: &[f64], workspace: &Workspace) -> bool {
        workspace.results.0.iter().zip(x).all(|(a, b)| a.to_bits() == b.to_bits())
    }

    /// Fills `gradient` with ∇f(x) and returns f(x).
    pub fn gradient(&self, x: &[f64], gradient: &mut [f64], workspace: &mut Workspace) -> f64 {
        let value = self.value(x, workspace);
        self.gradient_there(gradient, workspace);
        value
    }

    /// Fills `gradient` with ∇f where the workspace's last sweep was, which was one of this tape.
    pub(crate) fn gradient_there(&self, gradient: &mut [f64], workspace: &mut Workspace) {
        let Workspace { results, adjoints, .. } = workspace;
        adjoints[self.result] = 1.0;
        for (place, operation) in self.placed().rev() {
            let adjoint = std::mem::take(&mut adjoints[place]);
            // What does not reach the value must not turn an infinite slope into NaN.
            if adjoint == 0.0 {
                continue;
            }
            match *operation {
                Operation::Constant(_) => {}
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
                Operation::Divide(a, b) => {
                    adjoints[a] += adjoint / results[b];
                    adjoints[b] -= adjoint * results[place] / results[b];
                }
                Operation::Power(a, b) => {
                    let [to_base, to_power, ..] = power_derivatives(results[a], results[b], results[place]);
                    adjoints[a] += adjoint * to_base;
                    adjoints[b] += adjoint * to_power;
                }
                Operation::Min(a, b) | Operation::Max(a, b) => {
                    adjoints[operation.taken(a, b, |place| results[place])] += adjoint;
                }
                Operation::Negate(a) | Operation::From(_, a) => adjoints[a] -= adjoint,
                Operation::Square(a) => adjoints[a] += adjoint * (2.0 * results[a]),
                Operation::Shift(a, _) | Operation::Lower(a, _) => adjoints[a] += adjoint,
                Operation::Scale(a, c) => adjoints[a] += adjoint * c,
                Operation::Share(a, c) => adjoints[a] += adjoint / c,
                Operation::Over(_, a) => adjoints[a] -= adjoint * results[place] / results[a],
                Operation::Whole(a, _) | Operation::Real(a, _) | Operation::Apply(_, a) => {
                    adjoints[a] += adjoint * operation.slopes(results[a], results[place]).0;
                }
            }
        }
        adjoints.take_into(gradient);
    }

    /// Fills `product` with ∇²f(x)·v.
    pub fn hessian_vector_product(&self, x: &[f64], v: &[f64], product: &mut [f64], workspace: &mut Workspace) {
        self.value(x, workspace);
        self.product_there(v, product, workspace);
    }

    /// Fills `product` with ∇²f·v where the workspace's last sweep was, which was one of this tape.
    pub(crate) fn product_there(&self, v: &[f64], product: &mut [f64], workspace: &mut Workspace) {
        self.carry(v, workspace);
        let Workspace { results, tangents, adjoints, adjoint_tangents } = workspace;
        adjoints[self.result] = 1.0;
        for (place, operation) in self.placed().rev() {
            let adjoint = std::mem::take(&mut adjoints[place]);
            let change = std::mem::take(&mut adjoint_tangents[place]);
            if adjoint == 0.0 && change == 0.0 {
                continue;
            }
            let mut pass = |to: Place, slope: f64, slope_change: f64| {
                adjoints[to] += scaled(adjoint, slope);
                adjoint_tangents[to] += scaled(change, slope) + scaled(adjoint, slope_change);
            };
            match *operation {
                Operation::Constant(_) => {}
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
                Operation::Over(_, a) => {
                    let inverse = 1.0 / results[a];
                    let inverse_change = -tangents[a] * inverse * inverse;
                    let quotient = results[place];
                    pass(a, -quotient * inverse, -(tangents[place] * inverse + quotient * inverse_change));
                }
                Operation::Power(a, b) => {
                    let [to_base, to_power, base_base, base_power, power_power] =
                        power_derivatives(results[a], results[b], results[place]);
                    pass(a, to_base, base_base * tangents[a] + base_power * tangents[b]);
                    pass(b, to_power, base_power * tangents[a] + power_power * tangents[b]);
                }
                Operation::Min(a, b) | Operation::Max(a, b) => {
                    pass(operation.taken(a, b, |place| results[place]), 1.0, 0.0);
                }
                Operation::Negate(a) | Operation::From(_, a) => pass(a, -1.0, 0.0),
                Operation::Square(a) => pass(a, 2.0 * results[a], scaled(tangents[a], 2.0)),
                Operation::Shift(a, _) | Operation::Lower(a, _) => pass(a, 1.0, 0.0),
                Operation::Scale(a, c) => pass(a, c, 0.0),
                Operation::Share(a, c) => pass(a, 1.0 / c, 0.0),
                Operation::Whole(a, _) | Operation::Real(a, _) | Operation::Apply(_, a) => {
                    let (slope, curvature) = operation.slopes(results[a], results[place]);
                    pass(a, slope, scaled(tangents[a], curvature));
                }
            }
        }
        // Clears them, too; the second line leaves what is asked for.
        adjoints.take_into(product);
        adjoint_tangents.take_into(product);
    }

    /// The derivative of every result in the direction v.
    fn carry(&self, v: &[f64], workspace: &mut Workspace) {
        let Workspace { results, tangents, .. } = workspace;
        tangents.begin_with(v);
        for (place, operation) in self.placed() {
            tangents[place] = match *operation {
                Operation::Constant(_) => 0.0,
                Operation::Add(a, b) => tangents[a] + tangents[b],
                Operation::Subtract(a, b) => tangents[a] - tangents[b],
                Operation::Multiply(a, b) => tangents[a] * results[b] + results[a] * tangents[b],
                Operation::Divide(a, b) => (tangents[a] - results[place] * tangents[b]) / results[b],
                Operation::Power(a, b) => {
                    let [to_base, to_power, ..] = power_derivatives(results[a], results[b], results[place]);
                    to_base * tangents[a] + to_power * tangents[b]
                }
                Operation::Min(a, b) | Operation::Max(a, b) => tangents[operation.taken(a, b, |place| results[place])],
                Operation::Negate(a) => -tangents[a],
                Operation::Square(a) => scaled(tangents[a], 2.0 * results[a]),
                Operation::Shift(a, _) | Operation::Lower(a, _) => tangents[a],
                Operation::From(_, a) => 0.0 - tangents[a],
                Operation::Scale(a, c) => tangents[a] * c,
                Operation::Share(a, c) => tangents[a] / c,
                Operation::Over(_, a) => (0.0 - results[place] * tangents[a]) / results[a],
                Operation::Whole(a, _) | Operation::Real(a, _) | Operation::Apply(_, a) => {
                    scaled(tangents[a], operation.slopes(results[a], results[place]).0)
                }
            };
        }
    }
}
