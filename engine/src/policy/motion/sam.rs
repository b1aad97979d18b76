//! Sharpness-aware minimization.

use super::{Entry, Policy, PolicyFailure, Step, StepContext, own};
use crate::policy::constant::ETA;
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "sam",
        title: "Sharpness-aware minimization",
        short: "SAM",
        latex: Description::tex(r"x_{k+1} = x_k - \eta \nabla f\Bigl(x_k + \rho \frac{g_k}{\lVert g_k \rVert}\Bigr)"),
        summary: "Takes the gradient a distance ρ uphill. Its edge lies below 2/η, the lower the smaller the gradient, so \
                  that the sharpness falls as the loss does; the product shown is relative to this edge.",
        source: "Foret et al., 2020, arXiv 2010.01412; the edge of Long & Bartlett, 2023, arXiv 2309.12488",
        parameters: &[
            ETA,
            Parameter::number(
                "rho",
                "ρ",
                "how far uphill",
                0.05,
                Bounds::closed(1e-12, 1e100),
                (1e-3, 1.0),
                Scale::Log,
            ),
        ],
    },
    build: |spec| Box::new(SharpnessAware { eta: spec.number("eta"), rho: spec.number("rho") }),
};

#[derive(Clone)]
struct SharpnessAware {
    eta: f64,
    rho: f64,
}

impl Policy for SharpnessAware {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let Self { eta, rho } = *self;
        let (x, g) = (context.iterate(), context.gradient());
        let norm = context.gradient_norm_squared().sqrt();
        let uphill = rho / norm;
        context.gradient_at(|i| x[i] + uphill * g[i]);
        context.go_to(|i, gradient| x[i] - eta * gradient);
        own(eta, edge(eta, rho, norm))
    }
}

/// The λ at which ηλ(1 + ρλ/‖g‖) = 2: (‖g‖/2ρ)(√(1 + 8ρ/(η‖g‖)) − 1), written so that nothing
/// cancels for small ρ.
fn edge(eta: f64, rho: f64, gradient_norm: f64) -> f64 {
    let q = 8.0 * rho / (eta * gradient_norm);
    4.0 / (eta * ((1.0 + q).sqrt() + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_solves_its_equation_and_tends_to_that_of_gradient_descent() {
        for (eta, rho, norm) in [(0.5, 0.1, 1.0), (0.01, 0.05, 1e-3), (2.0, 1.0, 30.0)] {
            let edge = edge(eta, rho, norm);
            assert!((eta * edge * (1.0 + rho * edge / norm) - 2.0).abs() < 1e-13);
            assert!(edge < 2.0 / eta);
        }
        assert!((edge(0.5, 1e-12, 1.0) - 4.0).abs() < 1e-10);
    }
}
