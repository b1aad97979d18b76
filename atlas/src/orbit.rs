//! What an orbit does that has used up its budget: cycles told from points that are approached, and
//! chaos from what merely takes long.
//!
//! One look is not enough. Near the edge of stability a run settles on a minimum so slowly that
//! each swing looks like the last one, or leaves a point that has become unstable so slowly that
//! neighbors part as in chaos. So an orbit is looked at twice:
//!
//! 1. At the end of the budget. A cycle must come back to where it was half a budget ago, not only
//!    to where it was a period ago ([`orbit`]); then its swing neither shrinks nor grows. Nearly
//!    all cycles are recognized here, at no cost.
//! 2. After [`later_steps`] more. Here cycles have had time to settle; and for chaos the whole
//!    stretch after the budget, apart from the budget, must look alike in both its halves
//!    ([`is_chaotic`]): neighbors part in each, and the path keeps to one region.
//!
//! Whatever passes neither is still on its way.

use flatland_engine::phase::MAX_PERIOD;

/// How close, relative to max(1, |x|), an iterate must come back to count as returned. Rounding
/// noise of an attracting cycle in double precision is orders below it, the drift of a run that is
/// still settling mostly above it.
pub const RETURN: f64 = 1e-6;

/// Orbits smaller than this, relative to max(1, |x|), are points that are being approached.
pub const POINTLIKE: f64 = 1e-5;

/// How far a cycle may move over half a budget, as a share of the least distance between two of its
/// points: one whose swing shrinks by so little keeps 97 % of it over sixteen budgets.
pub const DRIFT: f64 = 1e-3;

/// The distance, relative to max(1, |x|), below which a cycle's move is taken for rounding.
pub const ROUNDING: f64 = 1e-9;

/// How much larger the region of the second half of the later stretch may be than that of the
/// first, or how much smaller.
pub const SPREAD: f64 = 2.0;

/// The Lyapunov exponent that counts as positive after a budget of n steps is this over √(2n):
/// chaos as weak as that can as well be the way to a cycle, which takes some 1/λ² steps to tell.
/// The longer the budget, the weaker the chaos that is believed.
pub const CERTAIN: f64 = 2.5;

/// How many more steps are taken where the first look does not decide: twice as many, but at least
/// 128, two of the longest periods, and at most 2048. An even number.
#[must_use]
pub fn later_steps(budget: u64) -> u64 {
    (2 * budget).clamp(2 * MAX_PERIOD as u64, 2048)
}

/// What an orbit does that used up its steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Orbit {
    /// A cycle of this length.
    Cycle(u32),

    /// It approaches a point.
    Approaching,

    /// It comes back after a period, but a cycle it is not yet, or no longer: its points move.
    Settling,

    /// Nothing comes back.
    Wandering,
}

/// An iterate from long before the last one.
#[derive(Clone, Copy, Debug)]
pub struct Mark<At> {
    /// How many steps before the last.
    pub age: usize,

    /// Its coordinates.
    pub at: At,
}

/// Looks for the shortest cycle in the last iterates: `at(back, i)` is coordinate i of the iterate
/// so many steps before the last, for 0 ≤ back < `known`.
///
/// A cycle of length p must close twice, from the last iterate to the one p before and on to the
/// one 2p before, and pass through the mark: within [`DRIFT`] of the least distance between its
/// points, or within [`ROUNDING`].
#[must_use]
pub fn orbit(
    dimension: usize,
    known: usize,
    at: impl Fn(usize, usize) -> f64,
    mark: Mark<impl Fn(usize) -> f64>,
) -> Orbit {
    let scale = (0..dimension).fold(1.0_f64, |scale, i| scale.max(at(0, i).abs()));
    let distance = |a: usize, b: usize| (0..dimension).fold(0.0_f64, |far, i| far.max((at(a, i) - at(b, i)).abs()));
    for period in 1..=MAX_PERIOD {
        if 2 * period >= known {
            break;
        }
        let returns = distance(0, period) <= RETURN * scale && distance(period, 2 * period) <= RETURN * scale;
        if returns {
            let others = (1..period).map(|back| distance(0, back));
            let (size, gap) = others.fold((0.0_f64, f64::INFINITY), |(size, gap), far| (size.max(far), gap.min(far)));
            if size <= POINTLIKE * scale {
                return Orbit::Approaching;
            }
            // The iterate of the last period that is in phase with the mark.
            let twin = mark.age % period;
            let moved = (0..dimension).fold(0.0_f64, |far, i| far.max((at(twin, i) - (mark.at)(i)).abs()));
            let stays = moved <= (DRIFT * gap).max(ROUNDING * scale);
            return if stays { Orbit::Cycle(period as u32) } else { Orbit::Settling };
        }
    }
    Orbit::Wandering
}

/// The returns of a run to one iterate, over the second half of the later stretch: cycles longer
/// than [`MAX_PERIOD`] show by them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Returns {
    /// After how many steps it came back first; 0 for not yet.
    first: u64,

    /// How often it has come back, if each time after as many steps.
    count: u64,
}

impl Returns {
    /// Takes in that the run is back after so many steps.
    pub fn see(&mut self, steps: u64) {
        if self.first == 0 {
            self.first = steps;
        }
        if steps == self.first * (self.count + 1) {
            self.count += 1;
        }
    }

    /// The length of the cycle, where it was gone through at least four times and never missed
    /// within `half` steps, and is longer than [`MAX_PERIOD`].
    #[must_use]
    pub fn period(&self, half: u64) -> Option<u32> {
        let is_long = self.first > MAX_PERIOD as u64 && self.count >= 4;
        (is_long && self.count == half / self.first).then_some(self.first as u32)
    }
}

/// Whether a run that comes back to nothing is chaotic after a budget of so many steps, by the two
/// halves of the later stretch: `growth` is the sum of the logarithms by which a small displacement
/// has grown, `sides` are those of the box that holds the iterates, in each half.
///
/// Displacements must grow in both halves, on the whole as the exponent CERTAIN/√(2·budget) says,
/// see [`CERTAIN`]; and both boxes must be alike along each axis within [`SPREAD`]: those of a path
/// that leaves an unstable point, spirals in or grows without bound differ more.
#[must_use]
pub fn is_chaotic(budget: u64, growth: [f64; 2], sides: impl IntoIterator<Item = [f64; 2]>) -> bool {
    let exponent = (growth[0] + growth[1]) / later_steps(budget) as f64;
    let parts = growth.iter().all(|logs| *logs > 0.0) && exponent > least_exponent(budget);
    let is_alike = |[before, after]: [f64; 2]| before <= SPREAD * after && after <= SPREAD * before;
    parts && sides.into_iter().all(is_alike)
}

/// The Lyapunov exponent above which a run counts as chaotic after a budget of so many steps.
#[must_use]
pub fn least_exponent(budget: u64) -> f64 {
    CERTAIN / libm::sqrt(2.0 * budget.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The orbit of a sequence at its hundred-thousandth number, with a mark 999 before.
    fn orbit_of(sequence: impl Fn(i32) -> f64) -> Orbit {
        let mark = Mark { age: 999, at: |_| sequence(100_000 - 999) };
        orbit(1, 2 * MAX_PERIOD + 1, |back, _| sequence(100_000 - back as i32), mark)
    }

    #[test]
    fn cycles_are_told_from_points_and_from_wandering() {
        assert_eq!(orbit_of(|k| if k % 2 == 0 { 1.0 } else { -1.0 }), Orbit::Cycle(2));
        assert_eq!(orbit_of(|k| f64::from(k % 3)), Orbit::Cycle(3));
        assert_eq!(orbit_of(|k| f64::from(k % 64)), Orbit::Cycle(64));
        assert_eq!(orbit_of(|k| f64::from(k % 65)), Orbit::Wandering);
        assert_eq!(orbit_of(|_| 2.0), Orbit::Approaching);
        // Flipping by a few units of single precision's rounding is resting.
        assert_eq!(orbit_of(|k| if k % 2 == 0 { 1.0 } else { 1.0 + 3e-7 }), Orbit::Approaching);
        assert_eq!(orbit_of(|k| (f64::from(k) * 2.0_f64.sqrt()).sin()), Orbit::Wandering);
    }

    /// 2-cycles around 0 whose swing changes by a factor each step: too little to be seen after a
    /// period, but not after 999 steps.
    #[test]
    fn a_swing_that_shrinks_or_grows_is_no_cycle() {
        let swing = |size: f64, factor: f64| {
            orbit_of(move |k| size * factor.powi(k - 100_000) * if k % 2 == 0 { 1.0 } else { -1.0 })
        };
        // At the double well's η = 0.992: the minimum is stable, its multiplier −0.984.
        assert_eq!(swing(2e-5, 0.984), Orbit::Settling);
        assert_eq!(swing(1e-3, 0.9999), Orbit::Settling);
        assert_eq!(swing(1e-3, 1.0001), Orbit::Settling);
        assert_eq!(swing(1e-3, 1.0), Orbit::Cycle(2));
        // By 1e-3 a return: not even that.
        assert_eq!(swing(1.0, 0.999), Orbit::Wandering);
        // A 2-cycle that is approached, and has been for long.
        let settled = |k: i32| if k % 2 == 0 { 1.0 + 0.98_f64.powi(k) } else { -1.0 };
        assert_eq!(orbit_of(settled), Orbit::Cycle(2));
        // Two points of a cycle of four that are about to become one.
        let undoubling = |k: i32| {
            let d = 3e-5 * 0.997_f64.powi(k - 100_000);
            [1.0 + d, -1.0 - d, 1.0 - d, -1.0 + d][(k % 4) as usize]
        };
        assert_eq!(orbit_of(undoubling), Orbit::Settling);
    }

    #[test]
    fn long_cycles_come_back_every_time() {
        let period = |steps: &[u64]| {
            let mut returns = Returns::default();
            steps.iter().for_each(|step| returns.see(*step));
            returns.period(500)
        };
        assert_eq!(period(&[110, 220, 330, 440]), Some(110));
        assert_eq!(period(&[110, 220, 330]), None);
        assert_eq!(period(&[110, 221, 330, 440]), None);
        assert_eq!(period(&[150, 300, 450]), None);
        // A shorter one would have been found, had its swing stayed.
        assert_eq!(period(&(1..=12).map(|k| 40 * k).collect::<Vec<_>>()), None);
        assert_eq!(period(&[]), None);
    }

    #[test]
    fn chaos_parts_neighbors_for_good_and_keeps_to_its_region() {
        let even = [[1.0, 1.1], [0.2, 0.2], [0.0, 0.0]];
        // 1000 later steps, an exponent of 0.155 and more.
        assert!(is_chaotic(500, [75.0, 80.0], even));
        // It has left an unstable point, grows, or spirals in.
        assert!(!is_chaotic(500, [75.0, 80.0], [[1.0, 1.0], [1e-90, 1e-60]]));
        assert!(!is_chaotic(500, [75.0, 80.0], [[1.0, 2.5]]));
        assert!(!is_chaotic(500, [75.0, 80.0], [[2.5, 1.0]]));
        // It has settled in the second half.
        assert!(!is_chaotic(500, [155.0, -1.0], even));
        // An exponent of 0.06, less than 2.5/√1000: only a longer budget tells.
        assert!(!is_chaotic(500, [30.0, 30.0], even));
        assert!(is_chaotic(8000, [61.44, 61.44], even));
    }
}
