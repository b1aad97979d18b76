//! Periodic orbits: iterates that repeat after 2, 4, … steps.

/// The binary logarithm of the longest period looked for.
const LONGEST: usize = 5;

/// The iterates kept: two of the longest periods would do; a power of two makes places cheap.
const KEPT: usize = 1 << LONGEST;

/// For how many steps iterates must repeat, at least.
const STEPS: u32 = 12;

/// How near two iterates are that count as the same, relative to their size.
const SAME: f64 = 1e-6;

/// How far apart two iterates are that count as different; what lies between is neither.
const DIFFERENT: f64 = 1e-3;

/// The last iterates, and for how long they have repeated.
#[derive(Clone, Debug)]
pub(super) struct Orbits {
    dimension: usize,

    /// The last iterates, in a ring.
    iterates: Vec<f64>,

    /// How many have been seen in all.
    seen: usize,

    /// For each period 2^i, i = 0 … LONGEST: at how many iterates on end the one so long before was the same, and at how many
    /// it was different.
    same: [u32; LONGEST + 1],
    different: [u32; LONGEST + 1],
}

impl Orbits {
    pub fn new(dimension: usize) -> Self {
        Self {
            dimension,
            iterates: vec![f64::NAN; KEPT * dimension],
            seen: 0,
            same: [0; LONGEST + 1],
            different: [0; LONGEST + 1],
        }
    }

    /// Takes in the next iterate; its period if it is on an orbit.
    pub fn see(&mut self, iterate: &[f64]) -> Option<u32> {
        let size = iterate.iter().fold(f64::MIN_POSITIVE, |size, x| size.max(x.abs()));
        for power in 0..=LONGEST {
            let gap = self.gap(iterate, 1 << power);
            count(&mut self.same[power], gap <= SAME * size);
            count(&mut self.different[power], gap > DIFFERENT * size);
        }
        let place = self.seen % KEPT * self.dimension;
        self.iterates[place..place + self.dimension].copy_from_slice(iterate);
        self.seen += 1;
        (1..=LONGEST).find_map(|power| {
            let long_enough = STEPS.max(1 << power);
            let repeats = self.same[power] >= long_enough;
            // A slow drift is the same after every lag; an orbit of half the period is found first.
            let moves = self.different[0] >= long_enough && self.same[power - 1] == 0;
            (repeats && moves).then_some(1 << power)
        })
    }

    /// The largest distance in a coordinate to the iterate `lag` steps before; NaN if there is none.
    fn gap(&self, iterate: &[f64], lag: usize) -> f64 {
        if lag > self.seen {
            return f64::NAN;
        }
        let place = (self.seen - lag) % KEPT * self.dimension;
        let before = &self.iterates[place..place + self.dimension];
        iterate.iter().zip(before).fold(0.0, |gap, (a, b)| gap.max((a - b).abs()))
    }
}

fn count(streak: &mut u32, goes_on: bool) {
    *streak = if goes_on { streak.saturating_add(1) } else { 0 };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(iterates: impl Iterator<Item = f64>) -> Option<u32> {
        let mut orbits = Orbits::new(1);
        iterates.map(|x| orbits.see(&[x])).last().flatten()
    }

    #[test]
    fn every_period_is_found_and_no_multiple_of_it() {
        for power in 1..=LONGEST {
            let period = 1 << power;
            // All values of a period are different, by more than a thousandth of the largest.
            let orbit = (0..200).map(|k| 1.0 + ((k % period) * 7 % period) as f64 / period as f64);
            assert_eq!(after(orbit), Some(period as u32));
        }
    }

    #[test]
    fn what_rests_drifts_or_wanders_is_no_orbit() {
        assert_eq!(after((0..200).map(|_| 1.0)), None);
        assert_eq!(after((0..200).map(|k| 1.0 + 1e-9 * f64::from(k))), None);
        assert_eq!(after((0..200).map(|k| libm::sin(f64::from(k)))), None);
        assert_eq!(after((0..200).map(|k| 0.9_f64.powi(k))), None);
    }

    #[test]
    fn a_shrinking_orbit_is_none_until_it_shrinks_no_more() {
        let decay = |rate: f64| after((0..2000).map(move |k| 1.0 + (-1.0_f64).powi(k) * (0.1 + rate.powi(k))));
        assert_eq!(decay(0.9), Some(2));
        assert_eq!(decay(0.99999), None);
    }
}
