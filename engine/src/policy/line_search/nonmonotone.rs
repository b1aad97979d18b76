//! NLS: the nonmonotone line search with growth.

use super::{C, DELTA, ETA0, FirstTrial, Growth, LineSearch, Otherwise, Reference, XI, ZhangHager};
use crate::policy::Entry;
use crate::spec::Description;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "nonmonotone-line-search",
        title: "Nonmonotone line search",
        short: "NLS",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le R_k - c\,\eta_k \lVert g_k \rVert^2, \quad R_k = \max\{C_k, f(x_k)\}, \quad \eta_k / \delta \text{ fails}",
        ),
        summary: "Takes the largest step, to a factor δ, that keeps the loss below the mean of all losses so far. η·λ₁ is \
                  above 2 time and again, the sharpness falls, and on easy problems the loss keeps bouncing.",
        source: "Galli et al., 2026, arXiv 2606.06722",
        parameters: &[XI, DELTA, C, ETA0],
    },
    build: |spec| {
        let delta = spec.number("delta");
        Box::new(LineSearch {
            c: spec.number("c"),
            delta,
            reference: Reference::Mean(ZhangHager::new(spec.number("xi"))),
            first_trial: FirstTrial::Previous { eta: spec.number("eta0") },
            growth: Growth::Unbounded { factor: delta },
            otherwise: Otherwise::Minimal,
            stops_at_eta_min: false,
        })
    },
};
