//! Random numbers that are the same everywhere: for data, and for policies that draw.
//!
//! SplitMix64 (Steele, Lea & Flood, 2014): one addition and a mix per number, passes the usual
//! batteries of tests, and a seed of any kind is a good one. Normal numbers by Box & Muller, 1958,
//! on `libm`.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The stream of a parameter: every number has its own.
    pub fn of_parameter(seed: f64) -> Self {
        Self::new(seed.to_bits())
    }

    /// A stream that has nothing to do with [`Self::new`] of the same seed, nor with that of another
    /// purpose: `purpose` is any constant.
    pub fn for_purpose(seed: u64, purpose: u64) -> Self {
        Self::new(Self::new(seed ^ purpose).next())
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in (0, 1], a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 * (0.5 * f64::EPSILON)
    }

    /// Uniform among the whole numbers 0, …, n − 1, each exactly as likely; 0 for n = 0.
    ///
    /// Lemire, 2019, arXiv 1805.10941: the high half of a product, drawn again in the rare cases
    /// that would favor some numbers.
    pub fn below(&mut self, n: u64) -> u64 {
        let mut product = u128::from(self.next()) * u128::from(n);
        if (product as u64) < n {
            let rejected = n.wrapping_neg() % n;
            while (product as u64) < rejected {
                product = u128::from(self.next()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// Normal with mean 0 and variance 1.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// Normal with this mean and deviation, given that it falls between `min` and `max`, which must
    /// be likely enough: draws are repeated until one does.
    pub fn truncated_normal(&mut self, mean: f64, deviation: f64, min: f64, max: f64) -> f64 {
        loop {
            let draw = mean + deviation * self.normal();
            if (min..=max).contains(&draw) {
                return draw;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the published generator for the seed 0.
    #[test]
    fn is_splitmix() {
        let mut random = Random::new(0);
        assert_eq!([random.next(), random.next()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    /// By hand from the numbers above, and the exact bias that rejection removes: of the 2⁶⁴ draws
    /// for n = 3·2⁶², those that fall on a multiple of three are twice as likely without it.
    #[test]
    fn whole_numbers_are_equally_likely() {
        let mut random = Random::new(0);
        assert_eq!([random.below(10), random.below(10), random.below(1), random.below(0)], [8, 4, 0, 0]);
        let n = 3_u64 << 62;
        let draws = 30_000;
        let counts = (0..draws).fold([0.0; 3], |mut counts, _| {
            counts[(random.below(n) % 3) as usize] += 1.0;
            counts
        });
        // Five standard errors √(n·⅓·⅔).
        assert!(counts.iter().all(|count| (count - 10_000.0_f64).abs() < 409.0), "{counts:?}");
    }

    #[test]
    fn each_purpose_has_a_stream_of_its_own() {
        for seed in [0, 1, u64::MAX] {
            let first = |mut random: Random| [random.next(), random.next(), random.next()];
            let data = first(Random::for_purpose(seed, 5));
            for other in
                [Random::new(seed), Random::new(!seed), Random::for_purpose(seed ^ 1, 5), Random::for_purpose(seed, 6)]
            {
                assert!(first(other).iter().all(|number| !data.contains(number)));
            }
        }
    }

    #[test]
    fn has_the_moments_of_its_distributions() {
        let mut random = Random::of_parameter(1.0);
        let n = 100_000;
        let draws: Vec<f64> = (0..n).map(|_| random.normal()).collect();
        let moment = |power: f64| draws.iter().map(|x| libm::pow(*x, power)).sum::<f64>() / f64::from(n);
        // Five standard errors: √(1/n), √(2/n), √(96/n).
        assert!(moment(1.0).abs() < 0.016 && (moment(2.0) - 1.0).abs() < 0.023 && (moment(4.0) - 3.0).abs() < 0.16);
        let mean = (0..n).map(|_| random.uniform()).sum::<f64>() / f64::from(n);
        assert!((mean - 0.5).abs() < 0.005);
    }
}
