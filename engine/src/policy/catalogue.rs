//! The list of policies.

use super::{
    Entry, adgd, armijo, barzilai_borwein, cdat, clipped, constant, line_search, normalized, polyak, sharpness,
};

static CATALOGUE: &[Entry] = &[
    constant::ENTRY,
    line_search::nonmonotone::ENTRY,
    line_search::capped::ENTRY,
    line_search::polyak::ENTRY,
    line_search::monotone::ENTRY,
    armijo::ENTRY,
    polyak::ENTRY,
    sharpness::ENTRY,
    cdat::ENTRY,
    barzilai_borwein::ENTRY,
    adgd::ENTRY,
    normalized::ENTRY,
    clipped::ENTRY,
];

/// All policies, in the order to show them.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}

/// The policy with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.description.name == name)
}
