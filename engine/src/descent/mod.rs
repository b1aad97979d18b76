//! Gradient descent, one record per iterate.
//!
//! At each iterate xₖ: the objective is evaluated, the stopping rules are applied, the policy
//! chooses ηₖ, and the record pairs everything that belongs to xₖ. Evaluations count what the
//! policy asks for and one gradient per iterate; recording costs nothing.
//!
//! The stopping rules, in this order: a loss of −∞ or below −`stop.loss` is [`Outcome::Unbounded`];
//! a loss or gradient that is not finite, or a loss above `stop.loss`, is [`Outcome::Diverged`]; a
//! small gradient is [`Outcome::Converged`], to a point of some kind ([`Limit`]); a used-up budget,
//! of calls or of steps, is [`Outcome::Budget`]; a policy without a usable step, or a step that
//! leaves the iterate where it is, is [`Outcome::Stalled`].

mod columns;
mod limit;
mod outcome;
mod ray;
mod record;
mod spectrum;

pub use limit::Limit;
pub use outcome::{Divergence, Outcome, Stall};
pub use ray::Ray;
pub use record::{Record, Recording};

use std::rc::Rc;

use columns::Columns;
use nalgebra::DVector;

use crate::experiment::{Experiment, Stop, policy_entry};
use crate::objective::{MAX_DIMENSION, Objective};
use crate::policy::{Evaluations, Motion, Point, Policy, PolicyFailure, Previous, StepContext, Workspace, take_step};
use crate::spec::{FieldError, Spec};
use crate::vector::norm_from_square;

/// One run of an experiment, advanced one iterate at a time.
///
/// A clone is a checkpoint: it goes on from the same iterate to the same bits. It shares the
/// objective, and is some 2·`spectrum.count` + 12 vectors of the dimension otherwise.
#[derive(Clone)]
pub struct Descent {
    objective: Rc<dyn Objective>,
    policy: Box<dyn Policy>,

    /// The policies that are still to come with the steps from which on they decide, the next one
    /// last.
    later_policies: Vec<(u64, Box<dyn Policy>)>,

    steps: u64,
    stop: Stop,
    seed: u64,
    recording: Recording,
    columns: Columns,

    /// Whether eigenvalues were tracked at the current iterate.
    is_tracked: bool,

    /// The index of the current iterate.
    step: u64,
    point: Point,

    /// Where the last step started.
    previous: Point,

    /// The policy's last step; None before its first.
    last_eta: Option<f64>,

    /// The iterate that the last step leads to.
    next: DVector<f64>,
    phase: Phase,

    evaluations: Evaluations,
    workspace: Workspace,
    last_product: Option<f64>,

    start: DVector<f64>,
    is_start_drawn: bool,

    /// See [`Descent::sketch`]; empty where that is the iterate.
    sketch: Vec<f64>,

    /// f at the start.
    first_loss: f64,

    /// The last one.
    record: Record,
    outcome: Option<Outcome>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The current iterate is the start and has no record yet.
    AtStart,

    /// The current iterate has its record, and `next` is filled.
    HasNext,
}

impl Descent {
    /// Run number `run`, counted from 0, with all that can be recorded.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid or has no such run.
    pub fn new(experiment: &Experiment, run: usize) -> Result<Self, FieldError> {
        Self::with_recording(experiment, run, Recording::default())
    }

    /// Run number `run`, recording only what is asked for.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid or has no such run.
    pub fn with_recording(experiment: &Experiment, run: usize, recording: Recording) -> Result<Self, FieldError> {
        let experiment = experiment.clone().complete_and_check()?;
        let objective = experiment.build_objective()?;
        Self::of_checked(experiment, run, objective, recording)
    }

    /// Run number `run` of an experiment whose objective is `objective`, which need not stand in the
    /// catalogue.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid, names an objective itself or has no such run.
    pub fn with_objective(
        experiment: &Experiment,
        run: usize,
        objective: Box<dyn Objective>,
        recording: Recording,
    ) -> Result<Self, FieldError> {
        let experiment = experiment.clone().complete_and_check_given(objective.dimension())?;
        Self::of_checked(experiment, run, objective, recording)
    }

    #[inline(always)] // The page has one caller, and a budget.
    fn of_checked(
        mut experiment: Experiment,
        run: usize,
        objective: Box<dyn Objective>,
        recording: Recording,
    ) -> Result<Self, FieldError> {
        if run >= experiment.runs.len() {
            return Err(FieldError::no_such_run(run, experiment.runs.len()));
        }
        let objective: Rc<dyn Objective> = objective.into();
        let run = experiment.runs.swap_remove(run);
        let later_policies = run.changes.iter().rev().map(|change| Ok((change.step, build_policy(&change.policy)?)));
        let drawn = if experiment.start.is_empty() { objective.drawn_start() } else { None };
        let is_start_drawn = drawn.is_some();
        let start = drawn.unwrap_or_else(|| DVector::from_vec(experiment.start));
        let dimension = start.len();
        let point = Point { position: start.clone(), ..Point::zeros(dimension) };
        let precision = Columns::precision(&experiment.columns, experiment.spectrum);
        let workspace = Workspace::new(objective.as_ref(), precision);
        Ok(Self {
            objective,
            policy: build_policy(&run.policy)?,
            later_policies: later_policies.collect::<Result<_, _>>()?,
            steps: experiment.steps,
            stop: experiment.stop,
            seed: experiment.seed,
            recording,
            columns: Columns::new(experiment.columns, experiment.window, dimension),
            is_tracked: false,
            step: 0,
            point,
            previous: Point::zeros(dimension),
            last_eta: None,
            next: DVector::zeros(dimension),
            phase: Phase::AtStart,
            evaluations: Evaluations::default(),
            workspace,
            last_product: None,
            sketch: if dimension > MAX_DIMENSION { vec![0.0; MAX_DIMENSION] } else { Vec::new() },
            start,
            is_start_drawn,
            first_loss: f64::NAN,
            record: Record::NONE,
            outcome: None,
        })
    }

    /// A copy of the run as it stands, after the record of its last iterate and the step from there,
    /// that goes on as run number `run` of `experiment`: with its later policies and its budget.
    ///
    /// Until here both must have been the same, see [`Experiment::shares_past`].
    ///
    /// # Errors
    ///
    /// If the experiment is not valid or has no such run.
    pub fn branch(&self, experiment: &Experiment, run: usize) -> Result<Self, FieldError> {
        let mut experiment = experiment.clone().complete_and_check()?;
        if run >= experiment.runs.len() {
            return Err(FieldError::no_such_run(run, experiment.runs.len()));
        }
        let changes = experiment.runs.swap_remove(run).changes;
        let later = changes.iter().rev().filter(|change| change.step > self.step);
        let later_policies = later.map(|change| Ok((change.step, build_policy(&change.policy)?)));
        Ok(Self { later_policies: later_policies.collect::<Result<_, _>>()?, steps: experiment.steps, ..self.clone() })
    }

    /// Moves to the next iterate, at first to the start, and returns its record; None once there is
    /// an outcome.
    pub fn advance(&mut self) -> Option<Record> {
        self.go_on().then_some(self.record)
    }

    /// As [`Descent::advance`], but leaves the record where it is, for [`Descent::record`]: whether
    /// there is a new one.
    ///
    /// Handing a record on copies it, which takes a tenth of a step in WebAssembly each time.
    pub fn go_on(&mut self) -> bool {
        if self.outcome.is_some() {
            return false;
        }
        if self.phase == Phase::HasNext {
            std::mem::swap(&mut self.previous, &mut self.point);
            std::mem::swap(&mut self.point.position, &mut self.next);
            self.step += 1;
        }
        let n = self.point.position.len();
        for (i, entry) in self.sketch.iter_mut().enumerate() {
            *entry = self.point.position[i * n / MAX_DIMENSION];
        }
        let spent = self.evaluations.total();
        let (gradient_norm, sharpness) = self.evaluate();
        if self.step == 0 {
            self.first_loss = self.point.loss;
        }
        self.record = Record {
            step: self.step,
            loss: self.point.loss,
            gradient_norm,
            sharpness: if self.recording.sharpness { sharpness } else { f64::NAN },
            evaluations: self.evaluations,
            ..Record::NONE
        };
        if self.goes_on(gradient_norm, spent) {
            // NaN where the Hessian is not finite, and also where it was not looked at.
            let is_known = self.is_tracked || (self.recording.sharpness && self.workspace.curvature.is_dense());
            self.take_step(is_known.then_some(sharpness));
        } else {
            self.outcome = Some(self.reason_to_stop(gradient_norm, spent));
        }
        let previous = (self.step > 0).then_some(&self.previous);
        let Self { objective, columns, record, point, workspace, is_tracked, .. } = self;
        let curvature = &mut workspace.curvature;
        let is_due = curvature.is_due(record.step) || self.outcome.is_some();
        columns.measure(objective.as_ref(), record, point, previous, curvature, [is_due, *is_tracked]);
        true
    }

    /// The last record; before the first one with NaN for numbers.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The iterate of the last record; the start before the first.
    #[must_use]
    pub fn iterate(&self) -> &[f64] {
        self.point.position.as_slice()
    }

    /// The coordinates of the last record's iterate that tables show: all of them, or none where
    /// the start is drawn, as the weights of a network are.
    #[must_use]
    pub fn coordinates(&self) -> &[f64] {
        if self.is_start_drawn { &[] } else { self.iterate() }
    }

    /// Coordinates by which the last record's iterate is known again: all of up to
    /// [`MAX_DIMENSION`], else as many that are spread evenly over them.
    #[must_use]
    pub fn sketch(&self) -> &[f64] {
        if self.sketch.is_empty() { self.iterate() } else { &self.sketch }
    }

    /// The columns that the experiment asks for, at the iterate of the last record and in the
    /// experiment's order; NaN for what does not exist there.
    #[must_use]
    pub fn columns(&self) -> &[f64] {
        self.columns.values()
    }

    /// How the run ended, once it has.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The objective.
    #[must_use]
    pub fn objective(&self) -> &dyn Objective {
        self.objective.as_ref()
    }

    /// Fills the current point with its loss and gradient and returns the gradient's norm, and the
    /// sharpness if it is recorded.
    fn evaluate(&mut self) -> (f64, f64) {
        let Point { position, gradient, gradient_norm_squared, loss } = &mut self.point;
        let curvature = &mut self.workspace.curvature;
        let is_recorded = self.recording.sharpness;
        let matrix = if is_recorded { curvature.matrix() } else { None };
        let mut sharpness;
        (*loss, sharpness) = self.objective.measure(position, gradient, matrix);
        self.evaluations.gradient += 1;
        *gradient_norm_squared = flatland_vectors::dot(gradient.as_slice(), gradient.as_slice());
        let is_wanted = !curvature.is_dense() && (is_recorded || self.columns.needs_top());
        // The end of the budget is looked at in any case: a run's last sharpness is asked for most.
        self.is_tracked = is_wanted && (curvature.is_due(self.step) || self.step >= self.steps);
        if self.is_tracked {
            sharpness = curvature.sharpness(self.objective.as_ref(), position);
        }
        (norm_from_square(gradient, *gradient_norm_squared), sharpness)
    }

    /// Whether no stopping rule applies at the current iterate, which was reached with `spent`
    /// evaluations.
    #[inline(always)]
    fn goes_on(&self, gradient_norm: f64, spent: u64) -> bool {
        let stop = &self.stop;
        // Written so that NaN is among what does not go on.
        self.is_within_limits(gradient_norm)
            && gradient_norm > stop.gradient_norm
            && self.step < self.steps
            && stop.calls.is_none_or(|calls| spent < calls)
    }

    #[inline(always)]
    fn is_within_limits(&self, gradient_norm: f64) -> bool {
        self.point.loss.abs() <= self.stop.loss && gradient_norm < f64::INFINITY
    }

    /// Why it ends there, where it does: apart from the steps, which are many.
    #[cold]
    #[inline(never)]
    fn reason_to_stop(&mut self, gradient_norm: f64, spent: u64) -> Outcome {
        let step = self.step;
        if !self.is_within_limits(gradient_norm) {
            return self.divergence();
        }
        if gradient_norm <= self.stop.gradient_norm {
            let Self { objective, point, start, first_loss, workspace, .. } = self;
            let to = Limit::of(objective.as_ref(), point, start.as_slice(), *first_loss, &mut workspace.curvature);
            return Outcome::Converged { step, gradient_norm, to };
        }
        Outcome::Budget { step, calls: self.stop.calls.filter(|calls| spent >= *calls) }
    }

    /// The outcome at an iterate whose loss or gradient is beyond the limits.
    fn divergence(&self) -> Outcome {
        let (step, loss, limit) = (self.step, self.point.loss, self.stop.loss);
        if loss < -limit {
            return Outcome::Unbounded { step, loss, limit };
        }
        let part = || self.objective.part_without_derivative(&self.point.position);
        let why = if loss.is_nan() {
            Divergence::UndefinedLoss(part())
        } else if loss.is_infinite() {
            Divergence::InfiniteLoss
        } else if loss > limit {
            Divergence::LossAbove(limit)
        } else {
            Divergence::NonFiniteGradient(part())
        };
        Outcome::Diverged { step, why, loss, product_before: self.last_product }
    }

    /// Lets the policy decide and fills `next`, or finds the outcome.
    fn take_step(&mut self, sharpness: Option<f64>) {
        let record = &mut self.record;
        if let Some((_, policy)) = self.later_policies.pop_if(|(step, _)| *step == record.step) {
            self.policy = policy;
            self.last_eta = None;
        }
        let mut context = StepContext {
            objective: self.objective.as_ref(),
            step: self.step,
            point: &self.point,
            previous: self.last_eta.map(|eta| Previous {
                iterate: &self.previous.position,
                gradient: &self.previous.gradient,
                eta,
            }),
            workspace: &mut self.workspace,
            evaluations: &mut self.evaluations,
            destination: &mut self.next,
            seed: self.seed,
            sharpness,
            loss_is_paid: false,
            sharpness_is_paid: false,
        };
        let decision = self.policy.step_size(&mut context);
        record.evaluations = self.evaluations;
        let stalled = |why| Some(Outcome::Stalled { step: record.step, why });
        match decision {
            Err(PolicyFailure::NoAcceptedTrial { trials, last }) => {
                let Point { position, gradient, loss, .. } = &self.point;
                let ray = Ray::of(self.objective.as_ref(), position, gradient, *loss);
                self.outcome = stalled(Stall::NoStep { trials, last, ray });
            }
            Err(failure) => self.outcome = stalled(Stall::Policy(failure)),
            Ok(step) if !(step.eta > 0.0 && step.eta.is_finite()) => {
                (record.reference, record.trials) = (step.reference, step.trials);
                self.outcome = stalled(Stall::UnusableStep(step.eta));
            }
            Ok(step) => {
                (record.reference, record.trials) = (step.reference, step.trials);
                record.step_size = Some(step.eta);
                record.threshold = Some(step.threshold());
                let may_turn = match step.motion {
                    Motion::Descent => {
                        take_step(&self.point, step.eta, &mut self.next);
                        false
                    }
                    // Momentum may rest at a turning point, but not for two steps.
                    Motion::Own { .. } => self.previous.position != self.point.position,
                };
                if self.next == self.point.position && !may_turn {
                    self.outcome = stalled(Stall::Unmoved(step.eta));
                }
                let product = record.step_times_sharpness();
                self.last_product = product.filter(|product| product.is_finite()).or(self.last_product);
                self.last_eta = Some(step.eta);
                self.phase = Phase::HasNext;
            }
        }
    }
}

fn build_policy(spec: &Spec) -> Result<Box<dyn Policy>, FieldError> {
    policy_entry("policy.name", &spec.name)?.build(spec)
}
