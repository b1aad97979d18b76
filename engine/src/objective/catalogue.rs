//! The list of objectives.

use super::{
    Entry, double_well, flatland_toy, himmelblau, minimalist, power, product, quadratic, river, rosenbrock,
    scalar_factorization,
};

static CATALOGUE: [Entry; 10] = [
    quadratic::ENTRY,
    power::ENTRY,
    double_well::ENTRY,
    scalar_factorization::ENTRY,
    product::ENTRY,
    minimalist::ENTRY,
    river::ENTRY,
    rosenbrock::ENTRY,
    himmelblau::ENTRY,
    flatland_toy::ENTRY,
];

/// All objectives, in the order to show them.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

/// The objective with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.description.name == name)
}
