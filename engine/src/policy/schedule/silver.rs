//! The silver schedule.

use super::{PerSmoothness, SMOOTHNESS};
use crate::policy::Entry;
use crate::spec::Description;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "silver",
        title: "Silver schedule",
        short: "silver",
        latex: Description::tex(
            r"\eta_k = \frac{1 + \rho^{\nu(k+1) - 1}}{L}, \quad \rho = 1 + \sqrt2, \quad 2^{\nu(k)} \text{ the largest power of 2 in } k",
        ),
        summary: "Ever larger steps among small ones: the step at 2ʲ is about ρʲ⁻¹/L, far above 2/L, and yet on smooth convex \
                  functions the loss falls like k^(−1.27) rather than 1/k. Elsewhere nothing holds it.",
        source: "Altschuler & Parrilo, 2023, arXiv 2309.07879 and 2309.16530",
        parameters: &[SMOOTHNESS],
    },
    build: |spec| Box::new(PerSmoothness { smoothness: spec.optional("smoothness"), multiple, taken: 0 }),
};

/// L times the step after `taken` steps.
fn multiple(taken: u64) -> f64 {
    let power = f64::from((taken + 1).trailing_zeros()) - 1.0;
    1.0 + libm::pow(1.0 + std::f64::consts::SQRT_2, power)
}
