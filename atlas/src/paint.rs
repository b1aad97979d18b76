//! From pixels to colors.
//!
//! Colors are told apart by people who see colors differently: sequences are viridis (S. van der
//! Walt & N. Smith, 2015), which rises in lightness; signs are blue and red around white; kinds are
//! those of Okabe and Ito, and differ in lightness as well.

use crate::{Fate, Measure, Pixel};

/// A color.
pub type Rgb = [u8; 3];

/// What is kept of a pixel for its color and for reading it off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// [`Fate::code`]; 0 for nothing.
    pub code: f32,

    /// What the measure says: [`Fate::count`] for outcomes, else λ₁, the loss, the share, the
    /// accuracy or the exponent; for minimizers the least eigenvalue of the Hessian where the run
    /// has converged. NaN where there is none.
    pub number: f32,

    /// The first two coordinates of the last iterate.
    pub last: [f32; 2],
}

impl Sample {
    /// What a measure keeps of a pixel.
    #[must_use]
    pub fn new(pixel: &Pixel, measure: Measure) -> Self {
        let number = match measure {
            Measure::Outcome => pixel.fate.count() as f64,
            Measure::Minimizer => pixel.least_curvature,
            Measure::Sharpness => pixel.sharpness,
            Measure::Share => pixel.share,
            Measure::Lyapunov => pixel.lyapunov,
            Measure::Loss => pixel.loss,
            Measure::Accuracy => pixel.accuracy,
        };
        Self {
            code: f32::from(pixel.fate.code()),
            number: number as f32,
            last: [pixel.last[0] as f32, pixel.last[1] as f32],
        }
    }

    /// Whether the last iterate is a minimizer, as far as second derivatives tell, of a sample of
    /// [`Measure::Minimizer`].
    #[must_use]
    pub fn is_minimizer(&self) -> bool {
        self.number >= 0.0
    }

    /// How the run ended; None for nothing.
    #[must_use]
    pub fn fate(&self) -> Option<Fate> {
        Fate::from_code(self.code as u8, self.number.max(0.0) as u64)
    }
}

/// The ratio beyond which positive numbers are spread logarithmically.
const FAR: f64 = 20.0;

/// The numbers at the ends of a color scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least.
    pub low: f64,

    /// The greatest.
    pub high: f64,
}

impl Range {
    /// Nothing yet.
    pub const EMPTY: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY };

    /// The range that holds a number as well; what is not finite is left out.
    #[must_use]
    pub fn with(self, number: f64) -> Self {
        if number.is_finite() { Self { low: self.low.min(number), high: self.high.max(number) } } else { self }
    }

    /// Which part of the range is spread evenly, from 0 to this size in either direction, where
    /// numbers reach beyond [`FAR`] times their least size: beyond it they are spread by the
    /// symmetric logarithm sign(x)·ln(1 + |x|/t), and by the plain one where the sign is the same
    /// all over, which is t = 0. None where all numbers are spread evenly.
    fn threshold(self) -> Option<f64> {
        let (least, most) = (self.low.abs().min(self.high.abs()), self.low.abs().max(self.high.abs()));
        match (self.low > 0.0, self.low < 0.0 && self.high > 0.0) {
            _ if most <= FAR * least => None,
            (true, _) => Some(0.0),
            (_, true) => Some(least.max(1e-3 * most)),
            _ => None,
        }
    }

    fn spread(self, number: f64) -> f64 {
        match self.threshold() {
            None => number,
            Some(0.0) => libm::log(number.max(self.low)),
            Some(t) => number.signum() * libm::log1p(number.abs() / t),
        }
    }

    /// Where a number is between the ends, 0 to 1; beyond them it is at the nearer one.
    #[must_use]
    pub fn share(self, number: f64) -> f64 {
        let number = number.clamp(self.low, self.high.max(self.low));
        let (from, to) = (self.spread(self.low), self.spread(self.high));
        if to > from { (self.spread(number) - from) / (to - from) } else { 0.0 }
    }

    /// The number at a share of the way between the ends.
    #[must_use]
    pub fn number_at(self, share: f64) -> f64 {
        let (from, to) = (self.spread(self.low), self.spread(self.high));
        let spread = from + share * (to - from);
        match self.threshold() {
            None => spread,
            Some(0.0) => libm::exp(spread),
            Some(t) => spread.signum() * t * libm::expm1(spread.abs()),
        }
    }

    /// Where a number of steps is between the ends, 0 to 1, evenly in its logarithm; 0 where the
    /// range is empty.
    fn share_log(self, number: f64) -> f64 {
        let low = self.low.max(1e-12);
        let high = self.high.max(low * (1.0 + 1e-9));
        (libm::log(number.max(low) / low) / libm::log(high / low)).clamp(0.0, 1.0)
    }
}

/// Which colors a map has besides its scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// What is drawn.
    pub measure: Measure,

    /// The scale's ends.
    pub range: Range,

    /// Whether the page is dark.
    pub is_dark: bool,
}

/// Cycles have the color of their length: 2, 3, 4, …, the last for all others.
pub const PERIODS: [(u32, Rgb); 6] = [
    (2, [0, 114, 178]),
    (4, [86, 180, 233]),
    (8, [163, 217, 245]),
    (3, [0, 158, 115]),
    (6, [122, 205, 178]),
    (5, [240, 228, 66]),
];

/// Cycles of other lengths.
pub const OTHER_PERIOD: Rgb = [204, 121, 167];

/// Chaos.
pub const CHAOTIC: Rgb = [213, 94, 0];

/// Still on its way.
pub const UNSETTLED: Rgb = [214, 196, 150];

/// No step leads on.
pub const STALLED: Rgb = [140, 86, 40];

/// The loss is no number.
pub const UNDEFINED: Rgb = [255, 0, 160];

/// No number to show: no step was taken, or it is no number.
pub const NO_VALUE: Rgb = [231, 178, 204];

/// Converged, but where the Hessian has a negative eigenvalue.
pub const NO_MINIMIZER: Rgb = [140, 86, 40];

/// Minimizers, in the order of their places.
pub const MINIMIZERS: [Rgb; 8] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [86, 180, 233],
    [230, 159, 0],
    [240, 228, 66],
    [90, 90, 200],
];

/// More minimizers than those.
pub const OTHER_MINIMIZER: Rgb = [150, 150, 150];

/// Divergence at once and at the last step: from the page's ground to gray.
fn diverged(share: f64, is_dark: bool) -> Rgb {
    let ends = if is_dark {
        ([36.0, 39.0, 46.0], [104.0, 108.0, 118.0])
    } else {
        ([242.0, 243.0, 245.0], [150.0, 153.0, 160.0])
    };
    mix(ends.0, ends.1, share)
}

fn mix(a: [f64; 3], b: [f64; 3], share: f64) -> Rgb {
    std::array::from_fn(|i| (a[i] + (b[i] - a[i]) * share).round() as u8)
}

/// Viridis at nine points.
const VIRIDIS: [[f64; 3]; 9] = [
    [68.0, 1.0, 84.0],
    [71.0, 44.0, 122.0],
    [59.0, 81.0, 139.0],
    [44.0, 113.0, 142.0],
    [33.0, 144.0, 141.0],
    [39.0, 173.0, 129.0],
    [92.0, 200.0, 99.0],
    [170.0, 220.0, 50.0],
    [253.0, 231.0, 37.0],
];

/// A color of the sequence, 0 dark to 1 light.
#[must_use]
pub fn sequence(share: f64) -> Rgb {
    let place = share.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let low = (place as usize).min(VIRIDIS.len() - 2);
    mix(VIRIDIS[low], VIRIDIS[low + 1], place - low as f64)
}

/// A color for a sign: −1 blue, 0 white, 1 red.
#[must_use]
pub fn sign(share: f64) -> Rgb {
    const WHITE: [f64; 3] = [248.0, 248.0, 248.0];
    let share = share.clamp(-1.0, 1.0);
    let end = if share < 0.0 { [5.0, 80.0, 158.0] } else { [178.0, 34.0, 24.0] };
    mix(WHITE, end, libm::sqrt(share.abs()))
}

impl Look {
    /// The color of a sample; `minimizer` is the number of the one that it converged to, if that is
    /// what is drawn.
    #[must_use]
    pub fn color(&self, sample: &Sample, minimizer: Option<usize>) -> Option<Rgb> {
        let code = sample.code as u8;
        let number = f64::from(sample.number);
        let Range { low, high } = self.range;
        Some(match (Fate::from_code(code, 0)?, self.measure) {
            (Fate::Undefined, _) => UNDEFINED,
            (Fate::Diverged { .. }, Measure::Outcome) => diverged(self.range.share_log(number), self.is_dark),
            (Fate::Diverged { .. }, _) => diverged(0.0, self.is_dark),
            // Few steps are light: fast is good.
            (Fate::Converged { .. }, Measure::Outcome) => sequence(1.0 - self.range.share_log(number)),
            (Fate::Periodic { .. }, Measure::Outcome) => PERIODS
                .iter()
                .find(|(period, _)| f64::from(*period) == number)
                .map_or(OTHER_PERIOD, |(_, color)| *color),
            (Fate::Chaotic, Measure::Outcome) => CHAOTIC,
            (Fate::Unsettled, Measure::Outcome) => UNSETTLED,
            (Fate::Stalled { .. }, Measure::Outcome) => STALLED,
            (Fate::Converged { .. }, Measure::Minimizer) if !sample.is_minimizer() => NO_MINIMIZER,
            (Fate::Converged { .. }, Measure::Minimizer) => {
                minimizer.and_then(|index| MINIMIZERS.get(index).copied()).unwrap_or(OTHER_MINIMIZER)
            }
            (_, Measure::Minimizer) => UNSETTLED,
            _ if number.is_nan() => NO_VALUE,
            (_, Measure::Sharpness | Measure::Loss) => sequence(self.range.share(number)),
            (_, Measure::Share | Measure::Accuracy) => sequence(number),
            (_, Measure::Lyapunov) => sign(number / low.abs().max(high.abs()).max(1e-12)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_where_they_say() {
        assert_eq!((sequence(0.0), sequence(1.0)), ([68, 1, 84], [253, 231, 37]));
        assert_eq!((sign(0.0), sign(-1.0), sign(1.0)), ([248; 3], [5, 80, 158], [178, 34, 24]));
        let range = Range::EMPTY.with(1.0).with(100.0).with(f64::NAN);
        assert_eq!((range.share_log(1.0), range.share_log(10.0), range.share_log(1000.0)), (0.0, 0.5, 1.0));
    }

    #[test]
    fn numbers_are_spread_as_their_range_asks_for() {
        let ranges = [(1.0, 1000.0), (-1.0, 5.0), (-2000.0, 3.0), (2.0, 5.0), (-4.0, -1.0), (0.0, 8.0)];
        for (low, high) in ranges {
            let range = Range { low, high };
            assert_eq!((range.share(low), range.share(high), range.share(high + 1.0)), (0.0, 1.0, 1.0));
            for share in [0.1, 0.5, 0.9] {
                assert!((range.share(range.number_at(share)) - share).abs() < 1e-12, "{low} to {high} at {share}");
            }
        }
        assert!((Range { low: 1.0, high: 100.0 }.share(10.0) - 0.5).abs() < 1e-15);
        assert_eq!(Range { low: 0.0, high: 8.0 }.share(2.0), 0.25);
        assert_eq!(Range { low: -1.0, high: 4.0 }.share(0.0), 0.2);
        // −1 to 1000 by the symmetric logarithm with t = 1.
        let zero = Range { low: -1.0, high: 1000.0 }.share(0.0);
        let expected = libm::log(2.0) / (libm::log(2.0) + libm::log(1001.0));
        assert!((zero - expected).abs() < 1e-12, "{zero}");
    }

    #[test]
    fn what_is_undefined_has_a_color_of_its_own_under_every_measure() {
        for measure in Measure::ALL {
            let look = Look { measure, range: Range { low: 1.0, high: 2.0 }, is_dark: false };
            let sample = Sample::new(&Pixel::of(Fate::Undefined), measure);
            assert_eq!(look.color(&sample, None), Some(UNDEFINED));
            assert_eq!(look.color(&Sample::default(), None), None);
        }
    }
}
