//! Catalogues in groups of a kind: one list, in which each entry is one line.

/// Declares `CATALOGUE`, all entries, and `GROUPS`, the titles of their groups with how many of them
/// each has.
macro_rules! grouped_catalogue {
    ($($title:literal: $($entry:expr),+;)+) => {
        static CATALOGUE: &[Entry] = &[$($($entry,)+)+];
        static GROUPS: &[(&str, usize)] = &[$(($title, [$(stringify!($entry)),+].len()),)+];
    };
}
pub(crate) use grouped_catalogue;

/// The groups of a catalogue with their titles.
pub fn groups<E>(
    catalogue: &'static [E],
    groups: &'static [(&'static str, usize)],
) -> impl Iterator<Item = (&'static str, &'static [E])> {
    groups.iter().scan(catalogue, |rest, (title, count)| {
        let (group, others) = rest.split_at_checked(*count)?;
        *rest = others;
        Some((*title, group))
    })
}

#[cfg(test)]
mod tests {
    use crate::{objective, policy};

    #[test]
    fn every_entry_is_in_one_group_in_the_order_of_the_catalogue() {
        let of_policies: Vec<&str> =
            policy::groups().flat_map(|(_, group)| group).map(|entry| entry.description.name).collect();
        let policies: Vec<&str> = policy::catalogue().iter().map(|entry| entry.description.name).collect();
        assert_eq!(of_policies, policies);
        let of_objectives: Vec<&str> =
            objective::groups().flat_map(|(_, group)| group).map(|entry| entry.description.name).collect();
        let objectives: Vec<&str> = objective::catalogue().iter().map(|entry| entry.description.name).collect();
        assert_eq!(of_objectives, objectives);
        assert!(policy::groups().all(|(title, group)| !title.is_empty() && !group.is_empty()));
    }
}
