//! The policies that whole cohorts of pixels, and shaders, can follow; every other one is left to
//! the engine.
//!
//! A [`Rule`] is a policy taken apart: what kind it is, and its numbers in fixed *slots*, so that
//! any of them may differ from pixel to pixel. The formulas are those of `engine/src/policy/`,
//! which says where they come from; a test holds both against each other.

use flatland_engine::experiment::Spec;

/// The smallest first trial of a search, and the step it takes where every trial failed (Galli et
/// al., 2026).
pub const ETA_MIN: f64 = 1e-6;

/// The largest first trial.
pub const ETA_MAX: f64 = 1e4;

/// Trials in one search; growing starts a new one.
pub const MAX_TRIALS: u32 = 100;

/// Cuts after which Armijo's search gives up.
pub const MAX_ARMIJO_TRIALS: u32 = 1000;

/// The smallest step of Barzilai and Borwein.
pub const BB_MIN: f64 = 1e-10;

/// A policy with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it does.
    pub kind: Kind,

    /// Its numbers, in the order of [`Kind::slots`].
    pub values: Vec<f64>,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// η.
    Constant,

    /// min(η, ητ/‖g‖).
    Clipped,

    /// η/‖g‖.
    Normalized,

    /// c/|λ₁|.
    Sharpness,

    /// (f − f*)/‖g‖².
    Polyak,

    /// σ‖g‖²/|gᵀHg|, with averages.
    Cdat,

    /// sᵀs/sᵀy or sᵀy/yᵀy.
    BarzilaiBorwein {
        /// The first of the two.
        is_long: bool,
    },

    /// Malitsky and Mishchenko's of 2023.
    Adgd {
        /// The second variant.
        is_second: bool,
    },

    /// Backtracking from the same trial at every step.
    Armijo,

    /// The searches of the Flatland paper.
    Search(Search),
}

/// What distinguishes the searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Whether the first trial is Polyak's step rather than the step before.
    pub starts_from_polyak: bool,

    /// What follows where the first trial holds.
    pub growth: Growth,

    /// Whether a search gives up below [`ETA_MIN`].
    pub stops_at_eta_min: bool,
}

/// How a search grows a step that holds at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Not at all.
    Never,

    /// By 2, until a trial fails.
    Doubling,

    /// By 1/δ, until a trial fails.
    Unbounded,

    /// By 1/δ, once, to below the cap.
    OnceBelow,

    /// By 1/δ, until a trial fails or the cap holds.
    UpTo,
}

impl Kind {
    /// The keys of its numbers, in order.
    #[must_use]
    pub fn slots(self) -> &'static [&'static str] {
        match self {
            Self::Constant | Self::Normalized => &["eta"],
            Self::Clipped => &["eta", "tau"],
            Self::Sharpness => &["c"],
            Self::Polyak => &["f_star"],
            Self::Cdat => &["sigma", "beta"],
            Self::BarzilaiBorwein { .. } => &["eta0", "eta_max"],
            Self::Adgd { .. } => &["eta0"],
            Self::Armijo => &["eta0", "c", "shrink"],
            Self::Search(_) => &["delta", "c", "eta0", "xi", "cap", "c_p", "f_star"],
        }
    }

    /// Whether it asks for second derivatives.
    #[must_use]
    pub fn needs_curvature(self) -> bool {
        matches!(self, Self::Sharpness | Self::Cdat)
    }
}

impl Kind {
    /// Whether it asks for f(next) ≤ R − cη‖∇f‖², where R is at most the largest loss so far. On a
    /// cycle that largest loss could not be reached again, so that a search has neither cycles nor
    /// chaos: where it does not end, it is on its way.
    #[must_use]
    pub fn is_search(self) -> bool {
        matches!(self, Self::Armijo | Self::Search(_))
    }
}

impl Rule {
    /// The rule of a policy, which is complete and valid; `minimum` is the objective's, where it is
    /// known. None for a policy that is left to the engine.
    #[must_use]
    pub fn new(spec: &Spec, minimum: Option<f64>) -> Option<Self> {
        let search = |starts_from_polyak, growth, stops_at_eta_min| {
            Kind::Search(Search { starts_from_polyak, growth, stops_at_eta_min })
        };
        let kind = match spec.name.as_str() {
            "constant" => Kind::Constant,
            "clipped" => Kind::Clipped,
            "normalized" => Kind::Normalized,
            "sharpness" => Kind::Sharpness,
            "polyak" => Kind::Polyak,
            "cdat" => Kind::Cdat,
            "barzilai-borwein" => Kind::BarzilaiBorwein { is_long: spec.text("kind") == "long" },
            "adgd" => Kind::Adgd { is_second: spec.text("variant") != "first" },
            "armijo" => Kind::Armijo,
            "line-search" => search(false, Growth::Doubling, true),
            "nonmonotone-line-search" => search(false, Growth::Unbounded, false),
            "capped-nonmonotone-line-search" if spec.text("grid") == "continuous" => search(false, Growth::UpTo, false),
            "capped-nonmonotone-line-search" => search(false, Growth::OnceBelow, false),
            "polyak-nonmonotone-line-search" => search(true, Growth::Never, false),
            _ => return None,
        };
        let value = |key: &&str| match (*key, spec.optional(key)) {
            (_, Some(value)) => value,
            ("f_star", None) => minimum.unwrap_or(0.0),
            // The monotone search compares with the last loss alone.
            ("xi", None) => 0.0,
            ("cap", None) => f64::INFINITY,
            (_, None) => 1.0,
        };
        Some(Self { kind, values: kind.slots().iter().map(value).collect() })
    }

    /// The slot of a parameter, which the policy's own description must have.
    #[must_use]
    pub fn slot(&self, key: &str) -> Option<usize> {
        self.kind.slots().iter().position(|slot| *slot == key)
    }
}
