//! Periodic orbits: iterates that repeat after 2 … 64 steps.
//!
//! A return is looked for in two ways, so that a step costs a few comparisons: after 2, 3 and 4
//! steps directly, and to an *anchor*, an iterate that is replaced every [`MAX_PERIOD`] steps,
//! after all others. The first return names a candidate for the period, which must then hold for
//! long enough. So a period above 4 is noticed up to twice [`MAX_PERIOD`] steps after it has set
//! in.

use super::MAX_PERIOD;

/// The longest period that is looked for at every step.
const SHORT: usize = 4;

/// The iterates kept.
const KEPT: usize = MAX_PERIOD;

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

    /// The period that is being tried, and at how many iterates in a row the one so long before was
    /// the same, and the last one different.
    candidate: Option<(usize, u32)>,

    /// How long ago the anchor was passed.
    since_anchor: usize,
    anchor: Vec<f64>,
}

impl Orbits {
    pub fn new(dimension: usize) -> Self {
        Self {
            dimension,
            iterates: vec![f64::NAN; KEPT * dimension],
            seen: 0,
            candidate: None,
            since_anchor: 0,
            anchor: vec![f64::NAN; dimension],
        }
    }

    /// Takes in the next iterate; its period if it is on an orbit.
    pub fn see(&mut self, iterate: &[f64]) -> Option<u32> {
        let size = iterate.iter().fold(f64::MIN_POSITIVE, |size, x| size.max(x.abs()));
        let is_different = self.gap(iterate, 1) > DIFFERENT * size;
        let period = if is_different { self.follow(iterate, SAME * size) } else { self.candidate.take().and(None) };
        self.since_anchor += 1;
        if self.since_anchor >= MAX_PERIOD || self.seen == 0 {
            self.anchor.copy_from_slice(iterate);
            self.since_anchor = 0;
        }
        let place = self.seen % KEPT * self.dimension;
        self.iterates[place..place + self.dimension].copy_from_slice(iterate);
        self.seen += 1;
        period
    }

    /// The period of an iterate that has moved; iterates within `tolerance` are the same.
    fn follow(&mut self, iterate: &[f64], tolerance: f64) -> Option<u32> {
        self.candidate = match self.candidate {
            Some((period, times)) if self.gap(iterate, period) <= tolerance => Some((period, times.saturating_add(1))),
            _ => self.first_return(iterate, tolerance).map(|period| (period, 1)),
        };
        let (period, times) = self.candidate?;
        let enough = STEPS.max(period as u32);
        if times < enough {
            return None;
        }
        // An orbit that is still settling may have come back after several periods, on another
        // side: its own comes later.
        if times.is_multiple_of(enough)
            && let Some(part) = (2..period).find(|part| period % part == 0 && self.gap(iterate, *part) <= tolerance)
        {
            self.candidate = Some((part, 1));
            return None;
        }
        Some(period as u32)
    }

    /// After how many steps the iterate is back, if it is.
    fn first_return(&self, iterate: &[f64], tolerance: f64) -> Option<usize> {
        let short = (2..=SHORT).find(|lag| self.gap(iterate, *lag) <= tolerance);
        let since = self.since_anchor + 1;
        short.or_else(|| (since > SHORT && distance(iterate, &self.anchor) <= tolerance).then_some(since))
    }

    /// The largest distance in a coordinate to the iterate `lag` steps before; NaN if there is
    /// none.
    fn gap(&self, iterate: &[f64], lag: usize) -> f64 {
        if lag > self.seen {
            return f64::NAN;
        }
        let place = (self.seen - lag) % KEPT * self.dimension;
        distance(iterate, &self.iterates[place..place + self.dimension])
    }
}

/// The largest distance in a coordinate; NaN is none.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |gap, (a, b)| if (a - b).abs() <= gap { gap } else { (a - b).abs() })
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
        for period in 2..=MAX_PERIOD {
            // All values of a period are different, by more than a thousandth of the largest: a
            // prime permutes them.
            let orbit = (0..400).map(|k| 1.0 + ((k % period) * 67 % period) as f64 / period as f64);
            assert_eq!(after(orbit), Some(period as u32));
        }
        assert_eq!(after((0..800).map(|k| 1.0 + ((k % 65) * 67 % 65) as f64 / 65.0)), None);
    }

    #[test]
    fn an_orbit_is_named_once_it_has_repeated_for_twelve_steps() {
        // The iterates 2 to 13 are those two before.
        let cycle = |rows: usize| after((0..rows).map(|k| if k % 2 == 0 { 1.0 } else { 2.0 }));
        assert_eq!((cycle(13), cycle(14)), (None, Some(2)));
        // A rest begins the count again: 20 is the same as 19, 21 and 22 are those three before,
        // and 23 to 34 those two before.
        let rested =
            |rows: usize| after((0..rows).map(|k| if (k + usize::from(k >= 20)) % 2 == 0 { 1.0 } else { 2.0 }));
        assert_eq!((rested(20), rested(34), rested(35)), (Some(2), None, Some(2)));
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
        // A cycle of 9 that has settled to a millionth only when the anchor is passed: its
        // multiples come back sooner.
        let slow = (0..2000).map(|k| 1.0 + f64::from(k % 9 * 5 % 9) + 0.97_f64.powi(k) * f64::from(k % 2));
        assert_eq!(after(slow), Some(9));
        assert_eq!(decay(0.99999), None);
    }
}
