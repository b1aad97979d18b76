//! How fast rows come where time waits for them, and how long the rest will take.

use super::Session;

/// Rows are counted for so long before they are a pace, in seconds.
const LEAST_SECONDS: f64 = 1.0;
/// The part of a new count in the pace.
const SHARE: f64 = 0.5;
/// What takes less than this is not worth a word, in seconds.
const WORTH_SAYING: f64 = 5.0;

/// See the module's header.
#[derive(Debug, Default)]
pub(super) struct Pace {
    seconds: f64,
    /// The step from which rows are counted.
    from: u64,
    /// Steps per second.
    rate: Option<f64>,
}

impl Pace {
    /// Lets time pass; every run that goes on has come to step `reach`.
    pub(super) fn pass(&mut self, seconds: f64, reach: u64, is_waiting: bool) {
        if !is_waiting || reach < self.from {
            *self = Self { from: reach, ..Self::default() };
            return;
        }
        self.seconds += seconds;
        if self.seconds < LEAST_SECONDS || reach == self.from {
            return;
        }
        let rate = (reach - self.from) as f64 / self.seconds;
        let rate = self.rate.map_or(rate, |before| before + SHARE * (rate - before));
        *self = Self { seconds: 0.0, from: reach, rate: Some(rate) };
    }

    /// Steps per second, and how many seconds `steps` more will take; nothing where that is soon.
    fn estimate(&self, steps: u64) -> Option<(f64, f64)> {
        let rate = self.rate?;
        let left = steps as f64 / rate;
        (left > WORTH_SAYING).then_some((rate, left))
    }
}

impl Session {
    /// How many steps come in a second and how many seconds are left, where time waits for the
    /// engine and it is worth a word.
    pub fn estimate(&self) -> Option<(f64, f64)> {
        let target = self.goal.unwrap_or_else(|| self.last_step());
        self.pace.estimate(target.saturating_sub(self.reach()))
    }
}

/// A time in the largest unit of which there are two.
pub fn duration(seconds: f64) -> String {
    let (size, unit) = match seconds {
        _ if seconds < 120.0 => (1.0, "s"),
        _ if seconds < 7200.0 => (60.0, "min"),
        _ if seconds < 172_800.0 => (3600.0, "h"),
        _ => (86_400.0, "days"),
    };
    format!("{} {unit}", crate::numbers::group((seconds / size).round() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_rows_a_second_are_ten_a_second() {
        let mut pace = Pace::default();
        for frame in 1..=600 {
            pace.pass(1.0 / 60.0, frame / 6, true);
        }
        let (rate, left) = pace.estimate(900).expect("90 seconds");
        assert!((rate - 10.0).abs() < 0.5 && (left - 90.0).abs() < 5.0, "{rate} {left}");
        assert_eq!(pace.estimate(10), None);
        // Time that does not wait says nothing of the engine.
        pace.pass(1.0, 200, false);
        assert_eq!(pace.estimate(900), None);
        pace.pass(2.0, 100, true);
        assert_eq!(pace.estimate(900), None);
    }

    #[test]
    fn times_are_in_a_unit_of_which_there_are_two() {
        for (seconds, said) in [(7.4, "7 s"), (119.0, "119 s"), (150.0, "3 min"), (9000.0, "3 h"), (1e6, "12 days")] {
            assert_eq!(duration(seconds), said);
        }
    }
}
