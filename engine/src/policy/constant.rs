//! The constant step.

use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Description, Parameter, Scale};

/// The parameter `eta`.
pub(super) const ETA: Parameter =
    Parameter::number("eta", "η", "the step size", 0.1, Bounds::POSITIVE, (1e-3, 10.0), Scale::Log);

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "constant",
        title: "Constant step",
        short: "constant",
        latex: Description::tex(r"\eta_k = \eta"),
        summary: "Plain gradient descent. Where the objective allows it, the sharpness rises to 2/η and hovers there: the \
                  edge of stability.",
        source: "Cohen et al., 2021, arXiv 2103.00065",
        parameters: &[ETA],
    },
    build: |spec| Box::new(Constant { eta: spec.number("eta") }),
};

#[derive(Clone)]
struct Constant {
    eta: f64,
}

impl Policy for Constant {
    fn step_size(&mut self, _context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        Ok(Step::of(self.eta))
    }
}
