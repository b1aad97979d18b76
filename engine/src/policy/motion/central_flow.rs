//! The central flow: where descent at the edge of stability goes on average.

use nalgebra::DVector;

use super::{Entry, Motion, Policy, PolicyFailure, Step, StepContext};
use crate::policy::constant::ETA;
use crate::spec::{Bounds, Description, Parameter, Scale};
use crate::vector::{DIFFERENCE_STEP, dot};

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "central-flow",
        title: "Central flow",
        short: "central flow",
        latex: Description::tex(
            r"\dot w = -\eta \bigl(\nabla f + \tfrac12 \sigma^2 \nabla \lambda_1\bigr), \quad \sigma^2 \ge 0,\ \lambda_1 \le \tfrac2\eta",
        ),
        summary: "The smooth path around which a constant step oscillates: the oscillation of variance σ² pushes the sharpness \
                  down, just enough to keep it at 2/η. R_k is the loss that it predicts for the descent, averaged over the \
                  oscillation: f + σ²/η. One unstable direction; from above the edge it returns within a few steps.",
        source: "Cohen, Damian et al., 2024, arXiv 2410.24206",
        parameters: &[
            ETA,
            Parameter::number(
                "substeps",
                "m",
                "how many steps of Euler's method make one step, at least",
                4.0,
                Bounds::closed(1.0, 1000.0),
                (1.0, 64.0),
                Scale::Log,
            ),
        ],
    },
    build: |spec| {
        let nothing = DVector::zeros(0);
        Box::new(CentralFlow {
            eta: spec.number("eta"),
            substeps: spec.number("substeps").round(),
            x: nothing.clone(),
            direction: nothing.clone(),
            slope: nothing.clone(),
            probe: nothing,
        })
    },
};

/// The most substeps of one step, which a start far above the edge asks for.
const MAX_SUBSTEPS: f64 = 1000.0;

#[derive(Clone)]
struct CentralFlow {
    eta: f64,
    substeps: f64,

    /// Where the flow is; empty before the first step, like the rest.
    x: DVector<f64>,

    /// The eigenvector of λ₁ there.
    direction: DVector<f64>,

    /// ∇λ₁ there.
    slope: DVector<f64>,

    /// A point or gradient in between.
    probe: DVector<f64>,
}

impl CentralFlow {
    /// Fills `slope` with ∇λ₁ = ∇³f[u, u], the change of the Hessian's product with the eigenvector
    /// u along u.
    ///
    /// A central difference of exact products: exact up to rounding for polynomials of degree four,
    /// and elsewhere to a relative 10⁻¹⁰ or so, far below the error of the flow's substeps.
    fn differentiate_sharpness(&mut self, context: &mut StepContext<'_>) {
        let h = DIFFERENCE_STEP * (1.0 + self.x.amax());
        self.probe.copy_from(&self.x);
        self.probe.axpy(h, &self.direction, 1.0);
        self.slope.copy_from(context.hessian_vector_product_at(&self.probe, &self.direction));
        self.probe.axpy(-2.0 * h, &self.direction, 1.0);
        self.slope -= context.hessian_vector_product_at(&self.probe, &self.direction);
        self.slope /= 2.0 * h;
    }
}

impl Policy for CentralFlow {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let eta = self.eta;
        let start = context.iterate();
        if self.x.is_empty() {
            let zeros = DVector::zeros(start.len());
            (self.direction, self.slope, self.probe) = (zeros.clone(), zeros.clone(), zeros);
        }
        self.x = start.clone();
        let mut reference = None;
        let mut time = 0.0;
        while time < 1.0 {
            let sharpness = context.eigenpair_at(&self.x, &mut self.direction);
            if sharpness.is_nan() {
                // The flow has left what can be computed: the descent's own rules name what
                // happened there.
                break;
            }
            self.differentiate_sharpness(context);
            let x = &self.x;
            self.probe.copy_from(context.gradient_at(|i| x[i]));
            // Above the edge Euler's method needs smaller steps along the sharpest direction.
            let substeps = (self.substeps * (0.5 * eta * sharpness).max(1.0)).min(MAX_SUBSTEPS);
            let dt = (1.0 / substeps).min(1.0 - time);
            let variance = variance(eta, dt, sharpness, &self.probe, &self.slope);
            if reference.is_none() {
                reference = Some(context.loss() + variance / eta);
            }
            self.x.axpy(-eta * dt, &self.probe, 1.0);
            self.x.axpy(-0.5 * eta * dt * variance, &self.slope, 1.0);
            // The last of m steps of 1/m must not leave a rounding to a step of its own.
            time = if 1.0 - time - dt < f64::EPSILON.sqrt() { 1.0 } else { time + dt };
        }
        let x = &self.x;
        context.go_to(|i, _| x[i]);
        Ok(Step { motion: Motion::Own { threshold: 2.0 / eta }, reference, ..Step::of(eta) })
    }
}

/// The variance σ² of the oscillation that keeps the sharpness S from rising above 2/η within a
/// time `dt`.
///
/// Along the flow Ṡ = −η⟨∇S, ∇f⟩ − ½ησ²‖∇S‖²; σ² is the smallest one for which Ṡ does not exceed
/// (2/η − S)/dt below the edge, and 2/η − S above it, so that a start above the edge comes down in
/// a unit of time or so.
fn variance(eta: f64, dt: f64, sharpness: f64, gradient: &DVector<f64>, slope: &DVector<f64>) -> f64 {
    let room = 2.0 / eta - sharpness;
    let allowed = if room >= 0.0 { room / dt } else { room };
    let free = -eta * dot(slope, gradient);
    let per_variance = 0.5 * eta * dot(slope, slope);
    if free > allowed && per_variance > 0.0 { (free - allowed) / per_variance } else { 0.0 }
}
