//! NLS-ub: the nonmonotone line search with an upper bound.

use super::{C, DELTA, ETA_MIN, ETA0, FirstTrial, Growth, LineSearch, XI, ZhangHager};
use crate::description::{Bounds, Description, MAX_MAGNITUDE, Parameter, Scale};
use crate::policy::Entry;

const CAP: Parameter = Parameter::number(
    "cap",
    "K",
    "steps grow only to below this; the number of classes",
    10.0,
    Bounds::closed(ETA_MIN, MAX_MAGNITUDE),
    (1.0, 100.0),
    Scale::Log,
);

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "capped-nonmonotone-line-search",
        title: "Capped nonmonotone line search",
        short: "NLS-ub",
        latex: r"f(x_k - \eta_k g_k) \le R_k - c\,\eta_k \lVert g_k \rVert^2, \quad \eta_k < K, \quad \eta_k \le \eta_{k-1} / \delta",
        summary: "The nonmonotone line search that grows a step at most once, and only to below the cap K. It stays out of \
                  Flatland: the sharpness can settle at 2/η of the largest step on the grid.",
        source: "Galli et al., 2026, arXiv 2606.06722",
        parameters: &[CAP, XI, DELTA, C, ETA0],
    },
    build: |spec| {
        Box::new(LineSearch {
            c: spec.number("c"),
            delta: spec.number("delta"),
            reference: Some(ZhangHager::new(spec.number("xi"))),
            first_trial: FirstTrial::Previous { eta: spec.number("eta0") },
            growth: Growth::OnceBelow { cap: spec.number("cap") },
            stops_at_eta_min: false,
        })
    },
};
