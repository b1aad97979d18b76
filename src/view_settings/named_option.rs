//! Options of the view by the names that links have for them.

/// An option of the view with a name in links.
pub trait NamedOption: Copy + PartialEq + 'static {
    /// All options with their names, the default first.
    const ALL: &'static [(Self, &'static str)];

    /// Its name.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(choice, _)| *choice == self).map_or("", |(_, name)| name)
    }

    /// The option of this name.
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(choice, _)| *choice)
    }

    /// The one after it; after the last the first.
    fn next(self) -> Self {
        let place = Self::ALL.iter().position(|(choice, _)| *choice == self).map_or(0, |place| place + 1);
        Self::ALL[place % Self::ALL.len()].0
    }
}
