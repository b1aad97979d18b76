//! The list of data sets.

use super::{Entry, chebyshev, circles, digits, file, mnist, moons, spirals};

static CATALOGUE: &[Entry] =
    &[chebyshev::ENTRY, moons::ENTRY, circles::ENTRY, spirals::ENTRY, digits::ENTRY, mnist::ENTRY, file::ENTRY];

/// All data sets, in the order to show them.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}

/// The data set with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.description.name == name)
}
