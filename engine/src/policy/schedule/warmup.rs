//! Linear warmup.

use super::Schedule;
use crate::policy::Entry;
use crate::policy::constant::ETA;
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "warmup",
        title: "Warmup",
        short: "warmup",
        latex: Description::tex(r"\eta_k = \eta \min\Bigl\{1, \frac{k + 1}{T}\Bigr\}"),
        summary: "Grows the step evenly up to η. The sharpness is lowered by many small catapults instead of one that might \
                  throw the run out.",
        source: "Goyal et al., 2017, arXiv 1706.02677; Kalra & Barkeshli, 2024, arXiv 2406.09405",
        parameters: &[
            ETA,
            Parameter::number(
                "horizon",
                "T",
                "how many steps it takes",
                50.0,
                Bounds::closed(1.0, 1e7),
                (1.0, 1e3),
                Scale::Log,
            ),
        ],
    },
    build: |spec| {
        let (eta, horizon) = (spec.number("eta"), spec.number("horizon"));
        Box::new(Schedule::new(move |k| eta * ((k as f64 + 1.0) / horizon).min(1.0)))
    },
};
