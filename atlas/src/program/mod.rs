//! Straight-line programs: an objective with its derivatives as operations in order, each on results before it.
//!
//! A [`Program`] is what both ways of computing a map start from: lanes of many pixels at once on a processor
//! ([`lanes`]), and a shader on a graphics card. It is made from a formula's tape ([`flatland_engine::formula`]) by
//! differentiating symbolically ([`differentiate`]), so that f, ∇f and ∇²f share what they have in common.
//!
//! Every number has a place: first the inputs, then the constants, then the operations in order.

mod builder;
mod differentiate;
mod function;
pub mod lanes;
mod translate;

pub use builder::Builder;
pub use function::Function;
pub use translate::{Sources, TranslateError};

/// Where a number stands.
pub type Place = usize;

/// An operation on earlier numbers, named by their places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// a + b.
    Add(Place, Place),

    /// a − b.
    Subtract(Place, Place),

    /// a·b.
    Multiply(Place, Place),

    /// a/b.
    Divide(Place, Place),

    /// −a.
    Negate(Place),

    /// A function of one argument.
    Apply(Function, Place),

    /// aᵇ for a power that is not whole, or varies; NaN for negative a.
    Power(Place, Place),

    /// `then` where `less` < `than`, else `otherwise`.
    Choose {
        /// Left of the comparison.
        less: Place,
        /// Right of it.
        than: Place,
        /// The result where it holds.
        then: Place,
        /// The result where it does not.
        otherwise: Place,
    },
}

impl Operation {
    /// The places it depends on; those it has fewer of are repeated.
    #[must_use]
    pub fn operands(&self) -> [Place; 4] {
        match *self {
            Self::Add(a, b) | Self::Subtract(a, b) | Self::Multiply(a, b) | Self::Divide(a, b) | Self::Power(a, b) => {
                [a, b, a, b]
            }
            Self::Negate(a) | Self::Apply(_, a) => [a; 4],
            Self::Choose { less, than, then, otherwise } => [less, than, then, otherwise],
        }
    }

    /// The same operation on numbers at other places.
    #[must_use]
    pub(crate) fn renamed(&self, moved: impl Fn(Place) -> Place) -> Self {
        match *self {
            Self::Add(a, b) => Self::Add(moved(a), moved(b)),
            Self::Subtract(a, b) => Self::Subtract(moved(a), moved(b)),
            Self::Multiply(a, b) => Self::Multiply(moved(a), moved(b)),
            Self::Divide(a, b) => Self::Divide(moved(a), moved(b)),
            Self::Negate(a) => Self::Negate(moved(a)),
            Self::Apply(function, a) => Self::Apply(function, moved(a)),
            Self::Power(a, b) => Self::Power(moved(a), moved(b)),
            Self::Choose { less, than, then, otherwise } => {
                Self::Choose { less: moved(less), than: moved(than), then: moved(then), otherwise: moved(otherwise) }
            }
        }
    }
}

/// Operations that compute some results from some inputs.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// How many inputs: their places are 0, 1, ….
    pub inputs: usize,

    /// The constants, at the places after the inputs.
    pub constants: Vec<f64>,

    /// The operations, at the places after the constants.
    pub operations: Vec<Operation>,

    /// Where the results stand.
    pub results: Vec<Place>,
}

impl Program {
    /// How many places there are.
    #[must_use]
    pub fn places(&self) -> usize {
        self.first() + self.operations.len()
    }

    /// The place of the first operation.
    #[must_use]
    pub fn first(&self) -> Place {
        self.inputs + self.constants.len()
    }

    /// The results for some inputs; a slow way, for checks and single points.
    #[must_use]
    pub fn at(&self, inputs: &[f64]) -> Vec<f64> {
        let mut numbers: Vec<f64> = inputs.iter().copied().chain(self.constants.iter().copied()).collect();
        for operation in &self.operations {
            let value = match *operation {
                Operation::Add(a, b) => numbers[a] + numbers[b],
                Operation::Subtract(a, b) => numbers[a] - numbers[b],
                Operation::Multiply(a, b) => numbers[a] * numbers[b],
                Operation::Divide(a, b) => numbers[a] / numbers[b],
                Operation::Negate(a) => -numbers[a],
                Operation::Apply(function, a) => function.value(numbers[a]),
                Operation::Power(a, b) => libm::pow(numbers[a], numbers[b]),
                Operation::Choose { less, than, then, otherwise } => {
                    numbers[if numbers[less] < numbers[than] { then } else { otherwise }]
                }
            };
            numbers.push(value);
        }
        self.results.iter().map(|place| numbers[*place]).collect()
    }
}

/// An objective of n variables as programs with the inputs x₁ … xₙ and further numbers that may differ from pixel to pixel.
#[derive(Clone, Debug)]
pub struct Differentiated {
    /// n.
    pub dimension: usize,

    /// f.
    pub loss: Program,

    /// ∇f alone.
    pub gradient: Program,

    /// f, then ∇f.
    pub slope: Program,

    /// f, ∇f, then the upper triangle of ∇²f row by row: H₁₁, H₁₂, …, H₂₂, ….
    pub curvature: Program,
}

/// Where Hᵢⱼ stands among the `n(n+1)/2` entries of an upper triangle.
#[must_use]
pub fn entry(n: usize, i: usize, j: usize) -> usize {
    let (i, j) = (i.min(j), i.max(j));
    i * n - i * (i + 1) / 2 + j
}
