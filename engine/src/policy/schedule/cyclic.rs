//! Cyclic steps.

use super::Schedule;
use crate::policy::Entry;
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "cyclic",
        title: "Cyclic step",
        short: "cyclic",
        latex: Description::tex(
            r"\eta_k = \eta_{\min} + (\eta_{\max} - \eta_{\min}) \bigl(1 - |2 \phi_k - 1|\bigr), \quad \phi_k = \tfrac kP \bmod 1",
        ),
        summary: "A triangle wave. The sharpness follows the threshold 2/η with a lag: a catapult on every way up, \
                  progressive sharpening on every way down.",
        source: "Smith, 2015, arXiv 1506.01186",
        parameters: &[
            Parameter::number(
                "eta_min",
                "η_min",
                "the smallest step",
                0.05,
                Bounds::POSITIVE,
                (1e-3, 10.0),
                Scale::Log,
            )
            .at_most("eta_max"),
            Parameter::number("eta_max", "η_max", "the largest step", 0.3, Bounds::POSITIVE, (1e-3, 10.0), Scale::Log),
            Parameter::number(
                "period",
                "P",
                "steps in a cycle",
                100.0,
                Bounds::closed(1.0, 1e7),
                (2.0, 1e3),
                Scale::Log,
            ),
        ],
    },
    build: |spec| {
        let (low, high, period) = (spec.number("eta_min"), spec.number("eta_max"), spec.number("period"));
        Box::new(Schedule::new(move |k| {
            let phase = (k as f64 / period).fract();
            low + (high - low) * (1.0 - (2.0 * phase - 1.0).abs())
        }))
    },
};
