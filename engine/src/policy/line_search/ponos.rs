//! PoNoS: the Polyak nonmonotone search with a memory of its cuts.

use super::{DELTA, FirstTrial, Growth, LineSearch, Otherwise, Reference, XI, ZhangHager};
use crate::policy::Entry;
use crate::policy::polyak::F_STAR;
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ETA_MAX: Parameter =
    Parameter::number("eta_max", "η_max", "the largest first trial", 10.0, Bounds::POSITIVE, (0.1, 100.0), Scale::Log);

pub(super) const C_HALF: Parameter = Parameter::number(
    "c",
    "c",
    "the part of the expected decrease to ask for",
    0.5,
    Bounds::open(0.0, 1.0),
    (1e-4, 0.9),
    Scale::Log,
);

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "ponos",
        title: "Polyak nonmonotone search with memory",
        short: "PoNoS",
        latex: Description::tex(
            r"\eta_{k,0} = \min\Bigl\{ \frac{f(x_k) - f^*}{c_p \lVert g_k \rVert^2}\,\delta^{l_k},\ \eta_{\max} \Bigr\}, \quad l_{k+1} = \max\{l_k + \text{cuts} - 1, 0\}",
        ),
        summary: "A nonmonotone search from Polyak's step, with a demanding condition. It remembers how often it had to \
                  cut and starts the next search that much smaller, so that most steps need one trial.",
        source: "Galli, Rauhut & Schmidt, 2023, arXiv 2306.12747",
        parameters: &[super::polyak::C_P, F_STAR, ETA_MAX, XI, DELTA, C_HALF],
    },
    build: |spec| {
        let delta = spec.number("delta");
        Box::new(LineSearch {
            c: spec.number("c"),
            delta,
            reference: Reference::Mean(ZhangHager::new(spec.number("xi"))),
            first_trial: FirstTrial::PolyakWithMemory {
                c_p: spec.number("c_p"),
                f_star: spec.optional("f_star"),
                eta_max: spec.number("eta_max"),
                delta,
                cuts: 0,
            },
            growth: Growth::Never,
            otherwise: Otherwise::Minimal,
            stops_at_eta_min: false,
        })
    },
};
