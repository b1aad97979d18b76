//! LS: the monotone line search with growth.

use super::{C, DELTA, ETA0, FirstTrial, Growth, LineSearch, Otherwise, Reference};
use crate::policy::Entry;
use crate::spec::Description;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "line-search",
        title: "Monotone line search",
        short: "LS",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le f(x_k) - c\,\eta_k \lVert g_k \rVert^2, \quad 2\eta_k \text{ fails}",
        ),
        summary: "Takes the largest step, to a factor 2, that still decreases the loss. It lives just below η·λ₁ = 2 and \
                  converges fast on easy problems.",
        source: "Galli et al., 2026, arXiv 2606.06722",
        parameters: &[DELTA, C, ETA0],
    },
    build: |spec| {
        Box::new(LineSearch {
            c: spec.number("c"),
            delta: spec.number("delta"),
            reference: Reference::Loss,
            first_trial: FirstTrial::Previous { eta: spec.number("eta0") },
            // The paper's search doubles, whatever δ is.
            growth: Growth::Unbounded { factor: 0.5 },
            otherwise: Otherwise::Minimal,
            stops_at_eta_min: true,
        })
    },
};
