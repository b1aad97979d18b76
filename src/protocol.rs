//! What the page and its workers say to each other.
//!
//! Control goes as small serde enums ([`Command`] to the worker, [`Report`] back). Data goes as one transferred `Float64Array` a batch:
//! a header of [`HEADER`] numbers, then one column after the other ([`Quantity`] in order, then the coordinates), each `rows` long.
//! Every message about a run carries the run's *generation*: a run that was changed gets a new one, and what still arrives from
//! the old one is dropped. A survey answers with a transferred `Float64Array` of its own: [`SURVEY_MARK`], id, columns, rows, the known
//! infimum of f (or NaN), then f and then λ₁ at every grid point, row by row from the top.

use serde::{Deserialize, Serialize};

/// Names a run for as long as the page is open.
pub type RunId = u32;

/// Numbers before the columns of a batch: run, generation, first step, rows, columns.
pub const HEADER: usize = 5;
/// The first number of a survey's answer, where a batch has its run.
pub const SURVEY_MARK: f64 = -1.0;
/// Rows that one batch holds at most.
pub const MAX_ROWS: usize = 8192;
/// Coordinates that are recorded at most; the rest of a longer iterate is not kept.
pub const MAX_COORDINATES: usize = 16;
/// Batches of one run that may be under way at once. Credits are returned once a frame, so a page that does not draw stops its workers.
pub const CREDITS: u32 = 2;

/// A recorded quantity: the columns of a batch, in this order. All are taken at the same iterate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Quantity {
    /// f(x_k).
    Loss,
    /// ‖∇f(x_k)‖.
    GradientNorm,
    /// λ₁ of the Hessian at x_k: the algebraically largest eigenvalue.
    Sharpness,
    /// η_k, the step size about to be used at x_k; NaN where no step is taken.
    StepSize,
    /// The λ₁ above which the method is unstable on a quadratic: 2/η_k for plain gradient descent; NaN where no step is taken.
    Threshold,
    /// 2·λ₁/threshold, which is η_k·λ₁ for plain gradient descent; NaN where no step is taken.
    Product,
    /// R_k, what a nonmonotone line search compares with; NaN where the policy has none.
    Reference,
    /// Evaluations of f so far.
    FunctionEvaluations,
    /// Evaluations of ∇f so far.
    GradientEvaluations,
    /// Hessian-vector products so far.
    HvpEvaluations,
}

/// How many quantities a batch has before the coordinates.
pub const QUANTITIES: usize = 10;

/// What the page asks of a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Start `run` afresh; rows before `from` are known to the page and are recomputed without being sent.
    Load {
        /// The run.
        run: RunId,
        /// Its new generation.
        generation: u32,
        /// The experiment, as JSON.
        experiment: String,
        /// Which of the experiment's runs it is.
        index: usize,
        /// The first row to send.
        from: u64,
    },
    /// Let runs go on.
    Grant(Vec<Grant>),
    /// Forget a run.
    Drop {
        /// The run.
        run: RunId,
    },
    /// Evaluate f and λ₁ on a grid.
    Survey(Survey),
}

/// Leave for one run to go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The run.
    pub run: RunId,
    /// The generation this is meant for.
    pub generation: u32,
    /// Batches that may be sent in addition.
    pub credits: u32,
    /// The last step to compute.
    pub target: u64,
}

/// A grid over the landscape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Comes back with the answer.
    pub id: u32,
    /// An experiment with the objective, as JSON.
    pub experiment: String,
    /// x_min, x_max, y_min, y_max.
    pub window: [f64; 4],
    /// Points across.
    pub columns: usize,
    /// Points down; 1 for an objective of one variable.
    pub rows: usize,
}

/// What a worker tells the page besides batches.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Report {
    /// A run has ended; its last row has been sent.
    Stopped {
        /// The run.
        run: RunId,
        /// Its generation.
        generation: u32,
        /// How it ended.
        end: End,
    },
    /// The worker is about to die of an error in the engine while computing `run`.
    Panicked {
        /// The run being computed, if any.
        run: Option<RunId>,
        /// What went wrong.
        message: String,
    },
    /// A command could not be carried out.
    Refused {
        /// What could not be done, as a sentence.
        message: String,
    },
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// The kind.
    pub kind: EndKind,
    /// The step at which it ended.
    pub step: u64,
    /// A plain sentence with the reason.
    pub sentence: String,
}

/// The kinds of end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndKind {
    /// ‖∇f‖ fell to the tolerance.
    Converged,
    /// The loss exceeded its bound or was not finite.
    Diverged,
    /// No step could be taken, or the step changed nothing.
    Stalled,
    /// All steps were taken.
    Budget,
    /// The engine failed.
    Failed,
}
