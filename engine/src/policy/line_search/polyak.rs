//! PoNLS: the nonmonotone line search from Polyak's step.

use super::{C, DELTA, FirstTrial, Growth, LineSearch, Otherwise, Reference, XI, ZhangHager};
use crate::policy::Entry;
use crate::policy::polyak::F_STAR;
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const C_P: Parameter = Parameter::number(
    "c_p",
    "cₚ",
    "divides Polyak's step: 0.1 tries ten times as far",
    0.1,
    Bounds::closed(1e-6, 1e6),
    (0.01, 1.0),
    Scale::Log,
);

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "polyak-nonmonotone-line-search",
        title: "Polyak nonmonotone line search",
        short: "PoNLS",
        latex: Description::tex(
            r"\eta_{k,0} = \frac{f(x_k) - f^*}{c_p \lVert g_k \rVert^2}, \quad f(x_k - \eta_k g_k) \le R_k - c\,\eta_k \lVert g_k \rVert^2, \quad \eta_k = \eta_{k,0}\,\delta^j",
        ),
        summary: "Tries a multiple of Polyak's step first and only ever cuts it; no step is remembered.",
        source: "Galli et al., 2026, arXiv 2606.06722; Galli, Rauhut & Schmidt, 2023, arXiv 2306.12747",
        parameters: &[C_P, F_STAR, XI, DELTA, C],
    },
    build: |spec| {
        Box::new(LineSearch {
            c: spec.number("c"),
            delta: spec.number("delta"),
            reference: Reference::Mean(ZhangHager::new(spec.number("xi"))),
            first_trial: FirstTrial::Polyak { c_p: spec.number("c_p"), f_star: spec.optional("f_star") },
            growth: Growth::Never,
            otherwise: Otherwise::Minimal,
            stops_at_eta_min: false,
        })
    },
};
