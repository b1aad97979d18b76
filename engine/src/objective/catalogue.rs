//! The list of objectives, in groups.

use std::sync::OnceLock;

use super::{
    Entry, cosh, double_well, exp_minus_linear, flatland_toy, formula, himmelblau, log_cosh, logistic,
    matrix_factorization, minimalist, network, phase_retrieval, power, product, quadratic, river, rosenbrock,
    scalar_factorization, soft_factorization,
};
use crate::spec::grouped_catalogue;

grouped_catalogue! {
    "Bowls and wells":
        quadratic::ENTRY,
        power::ENTRY,
        cosh::ENTRY,
        exp_minus_linear::ENTRY,
        log_cosh::ENTRY,
        double_well::ENTRY;
    "Products of weights":
        scalar_factorization::ENTRY,
        product::ENTRY,
        minimalist::ENTRY,
        soft_factorization::ENTRY;
    "Valleys":
        river::ENTRY,
        rosenbrock::ENTRY,
        himmelblau::ENTRY;
    "Matrices and data":
        matrix_factorization::ENTRY,
        phase_retrieval::ENTRY,
        logistic::ENTRY;
    "A floor for the sharpness": flatland_toy::ENTRY;
    "Your own": formula::ENTRY;
}

/// All objectives in closed form, in the order to show them.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}

/// The same in groups of a kind, each with a title.
pub fn groups() -> impl Iterator<Item = (&'static str, &'static [Entry])> {
    crate::spec::groups(CATALOGUE, GROUPS)
}

/// The name of a network, known also where none is installed.
pub const NETWORK: &str = "network";

/// The name of an objective that is no entry of the catalogue: whoever runs the engine gives it as a
/// function, see [`crate::Descent::with_objective`].
pub const GIVEN: &str = "given";

/// What [`networks`] are, once they are installed.
static NETWORKS: OnceLock<&[Entry]> = OnceLock::new();

/// What is trained on data. In Wasm there are none until [`install_networks`] has been called, so
/// that a program can fetch all that they need when somebody asks for one; elsewhere they are
/// always there.
#[must_use]
pub fn networks() -> &'static [Entry] {
    if cfg!(not(target_arch = "wasm32")) {
        install_networks();
    }
    NETWORKS.get().copied().unwrap_or_default()
}

/// Makes networks known to [`networks`] and [`find`].
pub fn install_networks() {
    static ALL: &[Entry] = &[network::ENTRY];
    NETWORKS.get_or_init(|| ALL);
}

/// See [`crate::install_formulas`].
pub(crate) fn install_formulas() {
    formula::install();
}

/// The objective with this name, networks included.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().chain(networks()).find(|entry| entry.description.name == name)
}
