//! Some of a grid's points: all, a stretch of them, or a shard.

use std::fmt;
use std::ops::Range;

use flatland_engine::number::read_whole;

use super::{MAX_POINTS, SweepError};

/// Points at equal distances, in the grid's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points {
    first: usize,
    step: usize,
    count: usize,
}

impl Points {
    /// `count` points, one after the other.
    #[must_use]
    pub fn stretch(first: usize, count: usize) -> Self {
        Self { first, step: 1, count }
    }

    /// What a shard has of `count` points.
    #[must_use]
    pub fn of_shard(shard: Shard, count: usize) -> Self {
        let first = shard.number - 1;
        Self { first, step: shard.shards, count: count.saturating_sub(first).div_ceil(shard.shards) }
    }

    /// At most `count` points spread evenly over a grid of `points`, beginning with its first.
    #[must_use]
    pub fn sample(points: usize, count: usize) -> Self {
        let step = points.div_ceil(count.max(1)).max(1);
        Self { first: 0, step, count: points.div_ceil(step) }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number, in the grid, of the `i`-th of them.
    #[must_use]
    pub fn get(&self, i: usize) -> usize {
        self.first + i * self.step
    }

    /// Those in `range` among them.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.count);
        Self { first: self.get(range.start), count: end.saturating_sub(range.start), ..*self }
    }

    /// Their numbers in the grid, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + use<> {
        let points = *self;
        (0..points.count).map(move |i| points.get(i))
    }
}

/// A part of a grid for one of several machines, such as `3/16`: every 16th point, from the third.
///
/// Points are dealt like cards, so that all shards have their share of what takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, counted from 1.
    number: usize,

    /// How many there are.
    shards: usize,
}

impl Shard {
    /// Reads `NUMBER/SHARDS`.
    ///
    /// # Errors
    ///
    /// If the text is not of this form, or names a shard that does not exist.
    pub fn parse(text: &str) -> Result<Self, SweepError> {
        let wrong = |expected: &str, remedy: &str| SweepError {
            field: "--shard".to_owned(),
            expected: expected.to_owned(),
            found: format!("\"{text}\""),
            remedy: remedy.to_owned(),
        };
        let whole = |text: &str| read_whole(text.trim()).ok().map(|number| number as usize);
        let Some((Some(number), Some(shards))) =
            text.split_once('/').map(|(number, shards)| (whole(number), whole(shards)))
        else {
            return Err(wrong("NUMBER/SHARDS", "write for instance 3/16 for the third of sixteen"));
        };
        if !(1..=MAX_POINTS).contains(&shards) {
            return Err(wrong(&format!("1 to {MAX_POINTS} shards"), "write for instance 3/16"));
        }
        if !(1..=shards).contains(&number) {
            return Err(wrong(&format!("a shard from 1/{shards} to {shards}/{shards}"), "shards are counted from 1"));
        }
        Ok(Self { number, shards })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.shards)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_have_every_point_once() {
        for count in [0, 1, 5, 16, 61] {
            for shards in [1, 2, 7, 16, 40] {
                let of = |number| Points::of_shard(Shard { number, shards }, count);
                let mut all: Vec<_> = (1..=shards).flat_map(|number| of(number).iter()).collect();
                all.sort_unstable();
                assert_eq!(all, (0..count).collect::<Vec<_>>(), "{count} in {shards}");
                let counts: Vec<_> = (1..=shards).map(|number| of(number).len()).collect();
                assert!(counts[0] - counts[shards - 1] <= 1, "{counts:?}");
            }
        }
    }

    #[test]
    fn slices_go_on_where_the_one_before_ended() {
        let points = Points::of_shard(Shard { number: 3, shards: 7 }, 61);
        let slices = (0..points.len()).step_by(4).flat_map(|first| points.slice(first..first + 4).iter());
        assert_eq!(slices.collect::<Vec<_>>(), points.iter().collect::<Vec<_>>());
        assert!(points.slice(9..12).is_empty());
    }

    #[test]
    fn samples_are_spread_over_the_grid() {
        assert_eq!(Points::sample(100, 4).iter().collect::<Vec<_>>(), [0, 25, 50, 75]);
        assert_eq!(Points::sample(3, 16).iter().collect::<Vec<_>>(), [0, 1, 2]);
        assert!(Points::sample(0, 16).is_empty());
    }

    #[test]
    fn what_is_no_shard_says_why() {
        assert_eq!(Shard::parse("3/16"), Ok(Shard { number: 3, shards: 16 }));
        for (text, part) in [
            ("x", "NUMBER/SHARDS"),
            ("", "NUMBER/SHARDS"),
            ("3", "NUMBER/SHARDS"),
            ("a/4", "NUMBER/SHARDS"),
            ("1/2/3", "NUMBER/SHARDS"),
            ("-1/4", "NUMBER/SHARDS"),
            ("1.5/4", "NUMBER/SHARDS"),
            ("0/4", "from 1/4 to 4/4"),
            ("5/4", "from 1/4 to 4/4"),
            ("1/0", "1 to 10000000 shards"),
            ("1/99999999999999999999", "shard"),
        ] {
            let error = Shard::parse(text).expect_err(text).to_string();
            assert!(error.starts_with("--shard: ") && error.contains(part), "{text}: {error}");
        }
    }
}
