//! The classical nonmonotone searches, which only cut: Grippo, Lampariello & Lucidi; Zhang & Hager;
//! Raydan.

use std::collections::VecDeque;

use super::{C, DELTA, ETA0, FirstTrial, Growth, LineSearch, Otherwise, Reference, ZhangHager};
use crate::policy::Entry;
use crate::policy::barzilai_borwein::{self, BarzilaiBorwein};
use crate::spec::Spec;
use crate::spec::{Bounds, Description, Parameter, Scale};

const MEMORY: Parameter = Parameter::number(
    "memory",
    "M",
    "how many losses to look back; a fraction is dropped",
    10.0,
    Bounds::closed(1.0, 1e6),
    (1.0, 50.0),
    Scale::Log,
);

/// ξ with the value of Zhang and Hager, who call it η.
const XI: Parameter = Parameter::number(
    "xi",
    "ξ",
    "the memory: 0 compares with the last loss, 1 with the mean of all",
    0.85,
    Bounds::closed(0.0, 1.0),
    (0.0, 1.0),
    Scale::Linear,
);

pub(in crate::policy) const GRIPPO_LAMPARIELLO_LUCIDI: Entry = Entry {
    description: &Description {
        name: "grippo-lampariello-lucidi",
        title: "Nonmonotone search of Grippo, Lampariello & Lucidi",
        short: "GLL",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le \max_{0 \le i < M} f(x_{k-i}) - c\,\eta_k \lVert g_k \rVert^2, \quad \eta_k = \eta_0 \delta^j",
        ),
        summary: "The loss need only stay below the largest of the last M: it may rise for a while, in bursts with η·λ₁ \
                  above 2, before it has to fall again.",
        source: "Grippo, Lampariello & Lucidi, 1986",
        parameters: &[MEMORY, DELTA, C, ETA0],
    },
    build: |spec| Box::new(cutting(spec, recent(spec), FirstTrial::Same { eta: spec.number("eta0") })),
};

pub(in crate::policy) const ZHANG_HAGER: Entry = Entry {
    description: &Description {
        name: "zhang-hager",
        title: "Nonmonotone search of Zhang & Hager",
        short: "Zhang–Hager",
        latex: Description::tex(
            r"f(x_k - \eta_k g_k) \le C_k - c\,\eta_k \lVert g_k \rVert^2, \quad C_k = \frac{\xi Q_{k-1} C_{k-1} + f(x_k)}{Q_k}, \quad Q_k = \xi Q_{k-1} + 1",
        ),
        summary: "The loss has to stay below a weighted mean of all losses so far. The search always starts from the same \
                  trial and only cuts.",
        source: "Zhang & Hager, 2004",
        parameters: &[XI, DELTA, C, ETA0],
    },
    build: |spec| {
        let reference = Reference::Mean(ZhangHager::new(spec.number("xi")));
        Box::new(cutting(spec, reference, FirstTrial::Same { eta: spec.number("eta0") }))
    },
};

pub(in crate::policy) const GLOBAL_BARZILAI_BORWEIN: Entry = Entry {
    description: &Description {
        name: "global-barzilai-borwein",
        title: "Global Barzilai–Borwein",
        short: "GBB",
        latex: Description::tex(
            r"\eta_{k,0} = \frac{s^\top s}{s^\top y}, \quad f(x_k - \eta_k g_k) \le \max_{0 \le i < M} f(x_{k-i}) - c\,\eta_k \lVert g_k \rVert^2",
        ),
        summary: "Steps of Barzilai and Borwein, cut where they lift the loss above the largest of the last M. This keeps \
                  their speed and excludes divergence.",
        source: "Raydan, 1997; Barzilai & Borwein, 1988",
        parameters: &[MEMORY, barzilai_borwein::KIND, barzilai_borwein::ETA0, barzilai_borwein::ETA_MAX, DELTA, C],
    },
    build: |spec| Box::new(cutting(spec, recent(spec), FirstTrial::BarzilaiBorwein(BarzilaiBorwein::new(spec)))),
};

fn recent(spec: &Spec) -> Reference {
    Reference::Recent { memory: spec.number("memory") as usize, losses: VecDeque::new() }
}

fn cutting(spec: &Spec, reference: Reference, first_trial: FirstTrial) -> LineSearch {
    LineSearch {
        c: spec.number("c"),
        delta: spec.number("delta"),
        reference,
        first_trial,
        growth: Growth::Never,
        otherwise: Otherwise::Nothing,
        stops_at_eta_min: false,
    }
}
