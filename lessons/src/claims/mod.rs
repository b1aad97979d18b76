//! What a lesson claims, in sentences that can be played:
//!
//! ```text
//! run 1 diverges before step 50
//! run 1 repeats itself every 2 steps
//! run 1 at the end: sharpness = 2/eta within 1 %
//! run 2 from step 200 to the end: product < 2
//! with runs[0].policy.eta = 0.21: run 1 diverges
//! ```
//!
//! [`Claim::read`] reads them, [`check`] plays a step's experiment with the engine and says which of
//! them do not hold.

mod expression;
mod grammar;
mod play;

use std::fmt;

use crate::problem::Line;

pub use play::check;

use expression::Expression;

/// A claim about a run.
#[derive(Debug)]
pub struct Claim {
    /// Where it stands.
    line: Line,
    /// As it was written.
    text: String,
    /// Fields of the experiment that have another value for it.
    with: Vec<(String, f64)>,
    /// The run, counted from 0.
    run: usize,
    what: What,
}

/// What a run is said to do.
#[derive(Debug)]
enum What {
    /// It ends in a way, perhaps before a step.
    Ends(Ending, Option<u64>),
    /// It repeats itself in the end, after so many steps and no fewer.
    Repeats(usize),
    /// Something holds for some of its rows.
    Holds(Rows, Share, Box<Relation>),
}

/// How a run can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Converges,
    Diverges,
    Stalls,
    UsesItsSteps,
}

impl Ending {
    /// All of them with their words, and the name that the engine has for such an outcome.
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Converges, "converges", "converged"),
        (Self::Diverges, "diverges", "diverged"),
        (Self::Stalls, "stalls", "stalled"),
        (Self::UsesItsSteps, "uses up its steps", "budget"),
    ];
}

/// Rows from a step to another; without a last one, to the end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rows {
    /// None for the end.
    from: Option<u64>,
    to: Option<u64>,
}

/// For how many of the rows something holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Share {
    All,
    Some,
    /// The averages of both sides are compared.
    OnAverage,
    /// At least so many of a hundred.
    AtLeast(f64),
    /// At most so many of a hundred.
    AtMost(f64),
}

/// A relation of two numbers of a row.
#[derive(Debug)]
struct Relation {
    left: Expression,
    right: Expression,
    sign: Sign,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Less,
    Greater,
    /// Equal, within so much.
    Within(f64),
    /// Equal, within such a part of the right side.
    WithinPart(f64),
}

/// A claim that does not hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    line: Line,
    text: String,
    found: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: this claim does not hold: “{}”; found {}", self.line, self.text, self.found)
    }
}
