//! NLS-ub: the nonmonotone line search with an upper bound.

use super::{C, DELTA, ETA_MIN, ETA0, FirstTrial, Growth, LineSearch, Otherwise, Reference, XI, ZhangHager};
use crate::policy::Entry;
use crate::spec::{Bounds, Description, MAX_MAGNITUDE, Parameter, ParameterKind, Scale};

const CAP: Parameter = Parameter::number(
    "cap",
    "K",
    "steps grow only to below this; the number of classes",
    10.0,
    Bounds::closed(ETA_MIN, MAX_MAGNITUDE),
    (1.0, 100.0),
    Scale::Log,
);

const GRID: Parameter = Parameter {
    key: "grid",
    symbol: "grid",
    help: "powers of δ times the first step, one at a time; or anything up to the cap",
    order: None,
    kind: ParameterKind::Choice { default: "powers", options: &["powers", "continuous"] },
};

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "capped-nonmonotone-line-search",
        title: "Capped nonmonotone line search",
        short: "NLS-ub",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le R_k - c\,\eta_k \lVert g_k \rVert^2, \quad \eta_k < K, \quad \eta_k \le \eta_{k-1} / \delta",
        ),
        summary: "The nonmonotone line search that grows a step at most once, and only to below the cap K. It stays out of \
                  Flatland: the sharpness can settle at 2/η of the largest step on the grid.",
        source: "Galli et al., 2026, arXiv 2606.06722",
        parameters: &[CAP, GRID, XI, DELTA, C, ETA0],
    },
    build: |spec| {
        Box::new(LineSearch {
            c: spec.number("c"),
            delta: spec.number("delta"),
            reference: Reference::Mean(ZhangHager::new(spec.number("xi"))),
            first_trial: FirstTrial::Previous { eta: spec.number("eta0") },
            growth: match spec.text("grid") {
                "continuous" => Growth::UpTo { cap: spec.number("cap") },
                _ => Growth::OnceBelow { cap: spec.number("cap") },
            },
            otherwise: Otherwise::Minimal,
            stops_at_eta_min: false,
        })
    },
};
