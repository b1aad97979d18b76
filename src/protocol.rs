//! What the page and its workers say to each other.
//!
//! Control goes as [`Letter`]s ([`Command`] to the worker, [`Report`] back). Data goes as one
//! transferred `Float64Array` a batch: a header of [`HEADER`] numbers, then one column after the
//! other ([`Quantity`] in order, then [`mark`]s, then the coordinates, then what the experiment
//! asks for beyond these, then the [`QUARTILES`] of an ensemble), each `rows` long. Every message
//! about a run carries the run's *generation*: a run that was changed gets a new one, and what
//! still arrives from the old one is dropped. A survey answers with a transferred `Float64Array` of
//! its own: [`SURVEY_MARK`], id, columns, rows, the known infimum of f (or NaN), then f, then λ₁
//! and then ‖∇f‖ at every grid point, row by row from the top. So does a probe: [`PROBE_MARK`], id,
//! the step of the iterate and how many earlier ones are projected, where the worker has chosen
//! these, and 0; then the numbers of a [`Picture`](crate::probe::Picture).

use crate::{
    letter::Letter,
    probe::{Probe, Subject},
};
use flatland_engine::{
    Record,
    descent::{Limit, Outcome},
    phase::{Crossing, Phase, Sighting},
};

/// Names a run for as long as the page is open.
pub type RunId = u32;

/// Numbers before the columns of a batch: run, generation, first step, rows, coordinates.
pub const HEADER: usize = 5;
/// The first number of a survey's answer, where a batch has its run.
pub const SURVEY_MARK: f64 = -1.0;
/// The same of a probe's answer.
pub const PROBE_MARK: f64 = -2.0;
/// Rows that one batch holds at most.
pub const MAX_ROWS: usize = 8192;
/// Coordinates that are recorded at most; the rest of a longer iterate is not kept.
pub const MAX_COORDINATES: usize = 16;
/// Batches of one run that may be under way at once. Credits are returned once a frame, so a page
/// that does not draw stops its workers; a frame may take as long as all of them.
pub const CREDITS: u32 = 4;

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
    /// The λ₁ above which the method is unstable on a quadratic: 2/η_k for plain gradient descent;
    /// NaN where no step is taken.
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

/// How many quantities a batch begins with.
pub const QUANTITIES: usize = 10;

/// How many columns an ensemble adds at the end: lower quartile, median and upper quartile of loss,
/// λ₁ and product.
pub const QUARTILES: usize = 9;
/// Stands for a quartile that is infinite, since too many members have diverged.
pub const BEYOND: f64 = f64::MAX;

/// The quantities of a record, in their order.
pub fn quantities(record: &Record) -> [f64; QUANTITIES] {
    [
        record.loss,
        record.gradient_norm,
        record.sharpness,
        record.step_size.unwrap_or(f64::NAN),
        record.threshold.unwrap_or(f64::NAN),
        record.product().unwrap_or(f64::NAN),
        record.reference.unwrap_or(f64::NAN),
        record.evaluations.function as f64,
        record.evaluations.gradient as f64,
        record.evaluations.hvp as f64,
    ]
}

/// The phase of a run at an iterate and whether it crosses its threshold there, as one number.
pub fn mark(sighting: Sighting) -> f64 {
    let crossing = match sighting.crossing {
        None => 0,
        Some(Crossing::Up) => 1,
        Some(Crossing::Down) => 2,
    };
    f64::from(128 * crossing + u32::from(sighting.phase.code()))
}

/// What [`mark`] was made of.
pub fn read_mark(mark: f64) -> Sighting {
    let mark = mark as u32;
    let crossing = match mark / 128 {
        1 => Some(Crossing::Up),
        2 => Some(Crossing::Down),
        _ => None,
    };
    Sighting { phase: Phase::from_code((mark % 128) as u8), crossing }
}

/// Rows of one run, column by column.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The run.
    pub run: RunId,
    /// Its generation.
    pub generation: u32,
    /// The step of the first row.
    pub first: u64,
    /// How many rows.
    pub rows: usize,
    /// How many of the columns are coordinates.
    pub coordinates: usize,
    /// The columns, one after the other.
    pub columns: Vec<f64>,
}

/// What the page asks of a worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Start `run` afresh; rows before `from` are known to the page and are recomputed without
    /// being sent.
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
    /// Evaluate f, λ₁ and ∇f on a grid.
    Survey(Survey),
    /// Look closely at an iterate.
    Probe(Probe),
    /// Look closely at an iterate that the worker keeps.
    Look(Look),
}

impl Command {
    /// The command as it travels.
    pub fn to_letter(&self) -> Letter {
        match self {
            Self::Load { run, generation, experiment, index, from } => {
                let numbers = [f64::from(*run), f64::from(*generation), *index as f64, *from as f64];
                Letter::new(0, &numbers, &[experiment])
            }
            Self::Grant(grants) => {
                let numbers = |grant: &Grant| {
                    let Grant { run, generation, credits, target } = *grant;
                    [f64::from(run), f64::from(generation), f64::from(credits), target as f64]
                };
                Letter::new(1, grants.iter().map(numbers).collect::<Vec<_>>().as_flattened(), &[])
            }
            Self::Drop { run } => Letter::new(2, &[f64::from(*run)], &[]),
            Self::Survey(Survey { id, experiment, window: [a, b, c, d], columns, rows }) => {
                Letter::new(3, &[f64::from(*id), *a, *b, *c, *d, *columns as f64, *rows as f64], &[experiment])
            }
            Self::Probe(Probe { id, experiment, subject, point, others, eta }) => {
                let head = [f64::from(*id), subject.code(), *eta, point.len() as f64];
                Letter::new(4, &[&head[..], point, others].concat(), &[experiment])
            }
            Self::Look(Look { id, run, generation, step, subject, eta }) => {
                let run = [f64::from(*run), f64::from(*generation)];
                let numbers = [f64::from(*id), run[0], run[1], *step as f64, subject.code(), *eta];
                Letter::new(5, &numbers, &[])
            }
        }
    }

    /// The command that a letter is; `None` if it is none.
    pub fn from_letter(letter: &Letter) -> Option<Self> {
        let experiment = || letter.texts.first().cloned();
        Some(match (letter.kind, &letter.numbers[..]) {
            (0, &[run, generation, index, from]) => Self::Load {
                run: run as RunId,
                generation: generation as u32,
                experiment: experiment()?,
                index: index as usize,
                from: from as u64,
            },
            (1, numbers) => {
                let (grants, []) = numbers.as_chunks() else { return None };
                let grant = |&[run, generation, credits, target]: &[f64; 4]| Grant {
                    run: run as RunId,
                    generation: generation as u32,
                    credits: credits as u32,
                    target: target as u64,
                };
                Self::Grant(grants.iter().map(grant).collect())
            }
            (2, &[run]) => Self::Drop { run: run as RunId },
            (3, &[id, a, b, c, d, columns, rows]) => Self::Survey(Survey {
                id: id as u32,
                experiment: experiment()?,
                window: [a, b, c, d],
                columns: columns as usize,
                rows: rows as usize,
            }),
            (4, &[id, subject, eta, length, ref rest @ ..]) => {
                let (point, others) = rest.split_at_checked(length as usize)?;
                Self::Probe(Probe {
                    id: id as u32,
                    experiment: experiment()?,
                    subject: Subject::from_code(subject)?,
                    point: point.to_vec(),
                    others: others.to_vec(),
                    eta,
                })
            }
            (5, &[id, run, generation, step, subject, eta]) => Self::Look(Look {
                id: id as u32,
                run: run as RunId,
                generation: generation as u32,
                step: step as u64,
                subject: Subject::from_code(subject)?,
                eta,
            }),
            _ => return None,
        })
    }
}

/// Leave for one run to go on.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
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

/// A question about an iterate of a network, which has too many coordinates to travel.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Comes back with the answer.
    pub id: u32,
    /// The run.
    pub run: RunId,
    /// The generation this is meant for.
    pub generation: u32,
    /// The step; the answer is of the last iterate kept up to there.
    pub step: u64,
    /// What is looked at.
    pub subject: Subject,
    /// The step size there, around which a segment is sampled.
    pub eta: f64,
}

/// What a worker tells the page besides batches.
#[derive(Clone, Debug, PartialEq)]
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

impl Report {
    /// The report as it travels.
    pub fn to_letter(&self) -> Letter {
        match self {
            Self::Stopped { run, generation, end: End { kind, step, sentence } } => {
                let kind = EndKind::ALL.iter().position(|known| known == kind).unwrap_or_default();
                let numbers = [f64::from(*run), f64::from(*generation), kind as f64, *step as f64];
                Letter::new(0, &numbers, &[sentence])
            }
            Self::Panicked { run, message } => Letter::new(1, &[run.map_or(f64::NAN, f64::from)], &[message]),
            Self::Refused { message } => Letter::new(2, &[], &[message]),
        }
    }

    /// The report that a letter is; `None` if it is none.
    pub fn from_letter(letter: &Letter) -> Option<Self> {
        let text = letter.texts.first()?.clone();
        Some(match (letter.kind, &letter.numbers[..]) {
            (0, &[run, generation, kind, step]) => {
                let kind = *EndKind::ALL.get(kind as usize)?;
                let end = End { kind, step: step as u64, sentence: text };
                Self::Stopped { run: run as RunId, generation: generation as u32, end }
            }
            (1, &[run]) => Self::Panicked { run: (!run.is_nan()).then_some(run as RunId), message: text },
            (2, []) => Self::Refused { message: text },
            _ => return None,
        })
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The kind.
    pub kind: EndKind,
    /// The step at which it ended.
    pub step: u64,
    /// A plain sentence with the reason.
    pub sentence: String,
}

impl End {
    /// How the engine says that a run has ended.
    pub fn of(outcome: &Outcome) -> Self {
        let kind = match outcome {
            Outcome::Converged { to: Limit::Minimum | Limit::FlatMinimum, .. } => EndKind::Converged,
            Outcome::Converged { .. } => EndKind::Elsewhere,
            Outcome::Diverged { .. } => EndKind::Diverged,
            Outcome::Unbounded { .. } => EndKind::Unbounded,
            Outcome::Stalled { .. } => EndKind::Stalled,
            Outcome::Budget { .. } => EndKind::Budget,
        };
        Self { kind, step: outcome.step(), sentence: outcome.to_string() }
    }
}

/// The kinds of end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// ‖∇f‖ fell to the tolerance at a minimum.
    Converged,
    /// ‖∇f‖ fell to the tolerance at a saddle, a maximum, a plateau, or a point that cannot be
    /// told.
    Elsewhere,
    /// The loss exceeded its bound or was not finite.
    Diverged,
    /// The loss fell without bound.
    Unbounded,
    /// No step could be taken, or the step changed nothing.
    Stalled,
    /// All steps were taken.
    Budget,
    /// The engine failed.
    Failed,
}

impl EndKind {
    /// All of them; a letter holds the place.
    const ALL: [Self; 7] =
        [Self::Converged, Self::Elsewhere, Self::Diverged, Self::Unbounded, Self::Stalled, Self::Budget, Self::Failed];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_survive_the_way() {
        let experiment = "{}".to_owned();
        let grant = |run| Grant { run, generation: 3, credits: 2, target: 1_000_000 };
        let point = vec![1.0, -0.0];
        for command in [
            Command::Load { run: 7, generation: 2, experiment: experiment.clone(), index: 1, from: 1 << 40 },
            Command::Grant(vec![grant(1), grant(2)]),
            Command::Grant(Vec::new()),
            Command::Drop { run: u32::MAX },
            Command::Survey(Survey {
                id: 4,
                experiment: experiment.clone(),
                window: [-1.0, 1.0, 0.0, 1e-9],
                columns: 160,
                rows: 1,
            }),
            Command::Probe(Probe {
                id: 5,
                experiment: experiment.clone(),
                subject: Subject::Descent,
                point,
                others: vec![2.0],
                eta: 0.1,
            }),
            Command::Look(Look { id: 6, run: 1, generation: 2, step: 1 << 40, subject: Subject::Weights, eta: 0.25 }),
        ] {
            assert_eq!(Command::from_letter(&command.to_letter()), Some(command));
        }
        for letter in
            [Letter::new(0, &[1.0], &["{}"]), Letter::new(1, &[1.0], &[]), Letter::new(9, &[], &[]), Letter::default()]
        {
            assert_eq!(Command::from_letter(&letter), None);
        }
    }

    #[test]
    fn reports_survive_the_way() {
        let stopped = |kind| {
            let end = End { kind, step: 12, sentence: "because".to_owned() };
            Report::Stopped { run: 3, generation: 1, end }
        };
        let others = [
            Report::Panicked { run: Some(0), message: "oh".to_owned() },
            Report::Panicked { run: None, message: "oh".to_owned() },
            Report::Refused { message: String::new() },
        ];
        for report in EndKind::ALL.map(stopped).into_iter().chain(others) {
            assert_eq!(Report::from_letter(&report.to_letter()), Some(report));
        }
        assert_eq!(Report::from_letter(&Letter::new(0, &[1.0, 1.0, 99.0, 0.0], &["?"])), None);
    }

    #[test]
    fn a_mark_is_read_back() {
        for phase in [Phase::Starting, Phase::EdgeOfStability, Phase::Orbit(64), Phase::Unbounded] {
            for crossing in [None, Some(Crossing::Up), Some(Crossing::Down)] {
                let sighting = Sighting { phase, crossing };
                assert_eq!(read_mark(mark(sighting)), sighting);
            }
        }
    }
}
