//! What a policy may ask for at an iterate, and what it costs.
//!
//! Costs are counted in the unit of the literature: function evaluations, gradients, Hessian-vector
//! products. A quantity that descent knows anyway still costs what a policy would have to pay for
//! it on its own; asked for twice at one iterate, it costs once.

use nalgebra::DVector;
use serde::Serialize;

use crate::curvature::Curvature;
use crate::objective::Objective;
use crate::spectrum::Precision;
use crate::vector::dot;

/// How often the objective was evaluated since the start of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evaluations {
    /// Values of f.
    pub function: u64,

    /// Gradients.
    pub gradient: u64,

    /// Hessian-vector products; a Hessian that is written down counts as one for each variable.
    pub hvp: u64,
}

impl Evaluations {
    /// All of them, each counted as one.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.function + self.gradient + self.hvp
    }
}

/// An iterate with what descent knows about it.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub position: DVector<f64>,
    pub gradient: DVector<f64>,
    pub gradient_norm_squared: f64,
    pub loss: f64,
}

impl Point {
    pub fn zeros(dimension: usize) -> Self {
        let zeros = DVector::zeros(dimension);
        Self { position: zeros.clone(), gradient: zeros, gradient_norm_squared: 0.0, loss: 0.0 }
    }
}

/// Room for intermediate results, kept from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub vector: DVector<f64>,

    /// The gradient at another point.
    pub gradient: DVector<f64>,

    /// The spectrum at the iterates.
    pub curvature: Curvature,
}

impl Workspace {
    pub fn new(objective: &dyn Objective, precision: Precision) -> Self {
        let dimension = objective.dimension();
        let vector = DVector::zeros(dimension);
        Self { gradient: vector.clone(), vector, curvature: Curvature::new(objective, precision) }
    }
}

/// The step that led to the iterate.
#[derive(Clone, Copy, Debug)]
pub struct Previous<'a> {
    /// x₋, where it started.
    pub iterate: &'a DVector<f64>,

    /// ∇f(x₋).
    pub gradient: &'a DVector<f64>,

    /// Its size η₋.
    pub eta: f64,
}

/// The view of an iterate that a policy gets.
pub struct StepContext<'a> {
    pub(crate) objective: &'a dyn Objective,
    pub(crate) step: u64,
    pub(crate) point: &'a Point,
    pub(crate) previous: Option<Previous<'a>>,
    pub(crate) workspace: &'a mut Workspace,
    pub(crate) evaluations: &'a mut Evaluations,

    /// The next iterate, where the policy puts it down.
    pub(crate) destination: &'a mut DVector<f64>,

    pub(crate) seed: u64,

    /// λ₁, where descent has recorded it or the policy has asked.
    pub(crate) sharpness: Option<f64>,

    pub(crate) loss_is_paid: bool,
    pub(crate) sharpness_is_paid: bool,
}

impl<'a> StepContext<'a> {
    /// The index k of the iterate in its run.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The iterate x.
    #[must_use]
    pub fn iterate(&self) -> &'a DVector<f64> {
        &self.point.position
    }

    /// ∇f(x); free, because the step itself needs it.
    #[must_use]
    pub fn gradient(&self) -> &'a DVector<f64> {
        &self.point.gradient
    }

    /// ‖∇f(x)‖².
    #[must_use]
    pub fn gradient_norm_squared(&self) -> f64 {
        self.point.gradient_norm_squared
    }

    /// The step before, unless this is the policy's first.
    #[must_use]
    pub fn previous(&self) -> Option<Previous<'a>> {
        self.previous
    }

    /// The objective's infimum, where it is known.
    #[must_use]
    pub fn minimum(&self) -> Option<f64> {
        self.objective.minimum()
    }

    /// f(x); one function evaluation.
    pub fn loss(&mut self) -> f64 {
        if !self.loss_is_paid {
            self.loss_is_paid = true;
            self.evaluations.function += 1;
        }
        self.point.loss
    }

    /// f(x − η∇f(x)); one function evaluation.
    pub fn trial_loss(&mut self, eta: f64) -> f64 {
        self.evaluations.function += 1;
        take_step(self.point, eta, &mut self.workspace.vector);
        self.objective.value(&self.workspace.vector)
    }

    /// ∇f at the point with these coordinates; one gradient.
    pub fn gradient_at(&mut self, coordinate: impl Fn(usize) -> f64) -> &DVector<f64> {
        self.evaluations.gradient += 1;
        let Workspace { vector, gradient, .. } = &mut *self.workspace;
        vector.iter_mut().enumerate().for_each(|(i, x)| *x = coordinate(i));
        self.objective.gradient(vector, gradient);
        gradient
    }

    /// The gradient that was asked for last.
    #[must_use]
    pub fn last_gradient(&self) -> &DVector<f64> {
        &self.workspace.gradient
    }

    /// ∇f(x − η∇f(x)); one gradient.
    pub fn trial_gradient(&mut self, eta: f64) -> &DVector<f64> {
        let (x, g) = (self.iterate(), self.gradient());
        self.gradient_at(|i| x[i] - eta * g[i])
    }

    /// Puts the next iterate down: a step with [`Motion::Own`](super::Motion::Own) leads there.
    ///
    /// `coordinate(i, gᵢ)` is its coordinate number i, where g is what [`Self::gradient_at`] gave
    /// last.
    pub fn go_to(&mut self, coordinate: impl Fn(usize, f64) -> f64) {
        let gradients = self.workspace.gradient.iter();
        self.destination.iter_mut().zip(gradients).enumerate().for_each(|(i, (x, &g))| *x = coordinate(i, g));
    }

    /// The experiment's seed, for a policy that draws random numbers.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// gᵀHg with g = ∇f(x); one Hessian-vector product.
    pub fn curvature(&mut self) -> f64 {
        self.evaluations.hvp += 1;
        let Point { position, gradient, .. } = self.point;
        self.objective.hessian_vector_product(position, gradient, &mut self.workspace.vector);
        dot(gradient, &self.workspace.vector)
    }

    /// λ₁, the algebraically largest eigenvalue of the Hessian; one Hessian-vector product for each
    /// variable, or as many as it took where the Hessian is known by products alone.
    pub fn sharpness(&mut self) -> f64 {
        let Self { objective, point, workspace, sharpness, .. } = self;
        let sharpness = *sharpness.get_or_insert_with(|| workspace.curvature.sharpness(*objective, &point.position));
        if !self.sharpness_is_paid {
            self.sharpness_is_paid = true;
            self.evaluations.hvp += self.workspace.curvature.cost();
        }
        sharpness
    }

    /// λ₁ at the point x, and a unit eigenvector of it in `direction`; costs as
    /// [`Self::sharpness`].
    pub fn eigenpair_at(&mut self, x: &DVector<f64>, direction: &mut DVector<f64>) -> f64 {
        let (sharpness, products) = self.workspace.curvature.eigenpair(self.objective, x, direction);
        self.evaluations.hvp += products;
        sharpness
    }

    /// ∇²f(x)·v at the point x; one Hessian-vector product.
    pub fn hessian_vector_product_at(&mut self, x: &DVector<f64>, v: &DVector<f64>) -> &DVector<f64> {
        self.evaluations.hvp += 1;
        self.objective.hessian_vector_product(x, v, &mut self.workspace.gradient);
        &self.workspace.gradient
    }
}

/// Fills `next` with x − η∇f(x).
pub(crate) fn take_step(point: &Point, eta: f64, next: &mut DVector<f64>) {
    flatland_vectors::step(point.position.as_slice(), eta, point.gradient.as_slice(), next.as_mut_slice());
}
