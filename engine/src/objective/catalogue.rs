//! The list of objectives.

use super::{
    Entry, cosh, double_well, exp_minus_linear, flatland_toy, formula, himmelblau, log_cosh, logistic,
    matrix_factorization, minimalist, phase_retrieval, power, product, quadratic, river, rosenbrock,
    scalar_factorization, soft_factorization,
};

static CATALOGUE: &[Entry] = &[
    quadratic::ENTRY,
    power::ENTRY,
    cosh::ENTRY,
    exp_minus_linear::ENTRY,
    log_cosh::ENTRY,
    double_well::ENTRY,
    scalar_factorization::ENTRY,
    product::ENTRY,
    minimalist::ENTRY,
    soft_factorization::ENTRY,
    river::ENTRY,
    rosenbrock::ENTRY,
    himmelblau::ENTRY,
    matrix_factorization::ENTRY,
    phase_retrieval::ENTRY,
    logistic::ENTRY,
    flatland_toy::ENTRY,
    formula::ENTRY,
];

/// All objectives in closed form, in the order to show them.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}

/// What is trained on data, where this program has it.
#[must_use]
pub fn networks() -> &'static [Entry] {
    #[cfg(any(feature = "networks", not(target_arch = "wasm32")))]
    {
        static NETWORKS: &[Entry] = &[crate::network::ENTRY];
        NETWORKS
    }
    #[cfg(not(any(feature = "networks", not(target_arch = "wasm32"))))]
    {
        &[]
    }
}

/// The objective with this name, networks included.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().chain(networks()).find(|entry| entry.description.name == name)
}
