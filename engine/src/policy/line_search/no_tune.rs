//! NLS without tuning: the nonmonotone search whose first trial grows at random.

use super::ponos::{C_HALF, ETA_MAX};
use super::{DELTA, ETA0, FirstTrial, Growth, LineSearch, Otherwise, Reference, XI, ZhangHager};
use crate::policy::Entry;
use crate::spec::Description;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "nls-no-tune",
        title: "Nonmonotone line search without tuning",
        short: "NLS-noTune",
        latex: Description::tex(
            r"\eta_{k+1,0} = \eta_{k,0} / d_k \ \text{ where } \eta_{k,0} \text{ holds}, \quad d_k \sim \mathcal{N}(\tfrac12, 1) \text{ in } [0.1, 0.9]",
        ),
        summary: "Grows the first trial by a random factor where no cut was needed and keeps it otherwise; the step taken \
                  is not remembered. The numbers are drawn from the experiment's seed.",
        source: "Fox, Galli, Schmidt & Rauhut, 2024 (OPT workshop)",
        parameters: &[ETA_MAX, XI, DELTA, C_HALF, ETA0],
    },
    build: |spec| {
        let eta_max = spec.number("eta_max");
        Box::new(LineSearch {
            c: spec.number("c"),
            delta: spec.number("delta"),
            reference: Reference::Mean(ZhangHager::new(spec.number("xi"))),
            first_trial: FirstTrial::Random { eta: spec.number("eta0").min(eta_max), eta_max, random: None },
            growth: Growth::Never,
            otherwise: Otherwise::Minimal,
            stops_at_eta_min: false,
        })
    },
};
