//! Straight-line programs: a function with its derivatives as operations in order, each on results
//! before it.
//!
//! A typed formula is parsed into one ([`crate::formula`]). Differentiating it symbolically
//! ([`Builder::gradient`]) gives a program whose f, ∇f and ∇²f share what they have in common, and
//! which processors, vector units and shaders all can run. Where a part of a formula has no
//! derivative the program says so by NaN, and [`derivatives_at`] expands f along rays instead.
//!
//! Every number has a place: first the inputs, then the constants, then the operations in order.

mod builder;
mod compiled;
mod derivatives;
mod differentiate;
mod evaluator;
mod function;
mod series;
mod singular;
mod text;

pub use builder::Builder;
pub use compiled::{Code, Compiled, Compiler, Routine, compile, compile_with};
pub use derivatives::Derivatives;
pub use evaluator::{Evaluator, weighed};
pub use function::{Function, log_cosh};
pub use singular::{Singular, derivatives_at};
pub use text::text_of;

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

    /// a·b, and 0 where a is 0 whatever b is: what does not reach a result must not turn an
    /// infinite slope into NaN.
    Weigh(Place, Place),

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
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Weigh(a, b)
            | Self::Divide(a, b)
            | Self::Power(a, b) => [a, b, a, b],
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
            Self::Weigh(a, b) => Self::Weigh(moved(a), moved(b)),
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

    /// Where stages end, counted in operations: those before the first end compute the first group
    /// of results, and so on.
    pub stages: Vec<usize>,
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

    /// Whether a result depends on an input.
    #[must_use]
    pub fn depends_on(&self, input: usize) -> bool {
        self.results.contains(&input) || self.operations.iter().any(|operation| operation.operands().contains(&input))
    }

    /// The numbers at all places for some inputs: for single points, see [`Evaluator`] for many.
    #[inline(never)]
    #[must_use]
    pub fn numbers(&self, inputs: &[f64]) -> Vec<f64> {
        Evaluator::new(self.clone()).at(inputs, self.stages.len().saturating_sub(1)).to_vec()
    }

    /// The results for some inputs: for single points, see [`Evaluator`] for many.
    #[must_use]
    pub fn at(&self, inputs: &[f64]) -> Vec<f64> {
        let numbers = self.numbers(inputs);
        self.results.iter().map(|place| numbers[*place]).collect()
    }
}
