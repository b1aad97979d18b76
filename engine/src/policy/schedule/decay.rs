//! Decaying steps.

use super::Schedule;
use crate::policy::Entry;
use crate::policy::constant::ETA;
use crate::spec::{Bounds, Description, Parameter, ParameterKind, Scale};

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "decay",
        title: "Decaying step",
        short: "decay",
        latex: Description::tex(
            r"\eta_k = \frac{\eta}{1 + k/T}, \quad \frac{\eta}{\sqrt{k + 1}}, \quad \text{or} \quad \eta_{\min} + \frac{\eta - \eta_{\min}}{2} \Bigl(1 + \cos\frac{\pi k}{T}\Bigr)",
        ),
        summary: "As the step falls, its threshold 2/η rises, and the sharpening goes on after every drop. In steps it falls \
                  to a tenth at T/2 and at 3T/4; the cosine ends at T and stays there.",
        source: "Textbook; the cosine of Loshchilov & Hutter, 2016, arXiv 1608.03983",
        parameters: &[
            ETA,
            Parameter {
                key: "kind",
                symbol: "kind",
                help: "how it falls",
                order: None,
                kind: ParameterKind::Choice {
                    default: "inverse",
                    options: &["inverse", "inverse-sqrt", "step", "cosine"],
                },
            },
            Parameter::number(
                "horizon",
                "T",
                "the number of steps that sets the pace",
                500.0,
                Bounds::closed(1.0, 1e7),
                (10.0, 1e4),
                Scale::Log,
            ),
            Parameter::number(
                "eta_min",
                "η_min",
                "where the cosine ends",
                0.0,
                Bounds::NONNEGATIVE,
                (0.0, 1.0),
                Scale::Linear,
            )
            .at_most("eta"),
        ],
    },
    build: |spec| {
        let (eta, horizon, end) = (spec.number("eta"), spec.number("horizon"), spec.number("eta_min"));
        match spec.text("kind") {
            "inverse-sqrt" => Box::new(Schedule::new(move |k| eta / (k as f64 + 1.0).sqrt())),
            "step" => Box::new(Schedule::new(move |k| match k as f64 / horizon {
                early if early < 0.5 => eta,
                middle if middle < 0.75 => 0.1 * eta,
                _ => 0.01 * eta,
            })),
            "cosine" => Box::new(Schedule::new(move |k| {
                let part = (k as f64 / horizon).min(1.0);
                end + 0.5 * (eta - end) * (1.0 + libm::cos(std::f64::consts::PI * part))
            })),
            _ => Box::new(Schedule::new(move |k| eta / (1.0 + k as f64 / horizon))),
        }
    },
};
