//! Cycles with long steps.

use super::{PerSmoothness, SMOOTHNESS};
use crate::policy::Entry;
use crate::spec::{Description, Parameter, ParameterKind};

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "long-steps",
        title: "Long steps",
        short: "long steps",
        latex: Description::tex(r"\eta_k = \frac{h_{k \bmod t}}{L}, \quad h = (2.9, 1.5), \ (1.5, 4.9, 1.5), \ \dots"),
        summary: "A fixed cycle of t steps, the longest far above 2/L. The loss is not monotone, but over whole cycles it \
                  falls on every L-smooth convex function, the faster the larger the mean of the cycle.",
        source: "Grimmer, 2023, arXiv 2307.06324 (Table 1)",
        parameters: &[
            SMOOTHNESS,
            Parameter {
                key: "length",
                symbol: "t",
                help: "the length of the cycle",
                order: None,
                kind: ParameterKind::Choice { default: "7", options: &["2", "3", "7", "15"] },
            },
        ],
    },
    build: |spec| {
        let cycle: &'static [f64] = match spec.text("length") {
            "2" => &[2.9, 1.5],
            "3" => &[1.5, 4.9, 1.5],
            "15" => &[1.4, 2.0, 1.4, 4.5, 1.4, 2.0, 1.4, 29.7, 1.4, 2.0, 1.4, 4.5, 1.4, 2.0, 1.4],
            _ => &[1.5, 2.2, 1.5, 12.0, 1.5, 2.2, 1.5],
        };
        let multiple = move |taken: u64| cycle[(taken % cycle.len() as u64) as usize];
        Box::new(PerSmoothness { smoothness: spec.optional("smoothness"), multiple, taken: 0 })
    },
};
