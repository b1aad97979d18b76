//! The warmup of the Flatland paper: exponential growth to a peak near K, then a constant step
//! below K.

use super::Schedule;
use crate::policy::Entry;
use crate::spec::{Bounds, Description, MAX_MAGNITUDE, Parameter, ParameterKind, Scale};

/// The factor from one step to the next.
const GROWTH: f64 = 1.25;

/// Steps at the peak, where it is above K.
const HELD: u64 = 2;

pub(in crate::policy) const ENTRY: Entry = Entry {
    description: &Description {
        name: "gd-warmup",
        title: "Warmup beyond K",
        short: "GD-warmup",
        latex: Description::tex(
            r"\eta_k = \eta_0\,1.25^k \ \text{ up to } \ 1.25 K, \text{ or } 0.9 K; \quad \text{then } \eta_k = 0.9 K",
        ),
        summary: "Takes only two steps above the cap K before it settles at 0.9·K, and even they can be enough to throw \
                  the descent into Flatland. With the peak below K it never goes there.",
        source: "Galli et al., 2026, arXiv 2606.06722",
        parameters: &[
            Parameter::number("cap", "K", "the number of classes", 10.0, Bounds::POSITIVE, (1.0, 100.0), Scale::Log),
            Parameter {
                key: "peak",
                symbol: "peak",
                help: "two steps at 1.25·K, or none above 0.9·K",
                order: None,
                kind: ParameterKind::Choice { default: "above", options: &["above", "below"] },
            },
            Parameter::number(
                "eta0",
                "η₀",
                "the first step",
                0.01,
                // A subnormal number would not grow.
                Bounds::closed(1e-12, MAX_MAGNITUDE),
                (1e-3, 1.0),
                Scale::Log,
            ),
        ],
    },
    build: |spec| {
        let (cap, eta0) = (spec.number("cap"), spec.number("eta0"));
        let peak = if spec.text("peak") == "above" { 1.25 * cap } else { 0.9 * cap };
        // The first step that would reach the peak; multiplied step by step, as it is taken.
        let (mut rising, mut eta) = (0, eta0);
        while eta < peak {
            eta *= GROWTH;
            rising += 1;
        }
        Box::new(Schedule::new(move |k| match k {
            k if k < rising => (0..k).fold(eta0, |eta, _| eta * GROWTH),
            k if k < rising + HELD => peak,
            _ => 0.9 * cap,
        }))
    },
};
