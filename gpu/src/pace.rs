//! How much work to hand over at once: little enough for a watchdog and for a screen that is to
//! stay alive, enough to be efficient.

use std::time::Duration;

/// How long a portion should take.
const PORTION: f64 = 0.04;

/// Steps of pixels in the first portion: a moment even where a processor plays the graphics card.
const FIRST: f64 = 2e5;

/// How much larger than the one before a portion may be.
const GROWTH: f64 = 4.0;

/// The speed of a kind of work, learnt from its portions.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    portion: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { portion: FIRST }
    }
}

impl Pace {
    /// Steps of pixels to hand over next.
    pub fn portion(&self) -> u64 {
        self.portion as u64
    }

    /// Takes in how long some work took.
    pub fn learn(&mut self, work: u64, took: Duration) {
        let work = work as f64;
        let fit = work * PORTION / took.as_secs_f64().max(1e-6);
        self.portion = fit.clamp(1.0, (GROWTH * work).max(FIRST));
    }
}

/// The time since some moment, which browsers let nobody have as an `Instant`.
#[derive(Clone, Copy, Debug)]
pub struct Clock(#[cfg(target_arch = "wasm32")] f64, #[cfg(not(target_arch = "wasm32"))] std::time::Instant);

impl Clock {
    /// Starts to count.
    pub fn start() -> Self {
        #[cfg(target_arch = "wasm32")]
        return Self(js_sys::Date::now());
        #[cfg(not(target_arch = "wasm32"))]
        Self(std::time::Instant::now())
    }

    /// The time since.
    pub fn elapsed(self) -> Duration {
        #[cfg(target_arch = "wasm32")]
        return Duration::from_secs_f64(1e-3 * (js_sys::Date::now() - self.0).max(0.5));
        #[cfg(not(target_arch = "wasm32"))]
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_grow_towards_their_time_but_not_at_a_bound() {
        let mut pace = Pace::default();
        pace.learn(200_000, Duration::from_millis(1));
        assert_eq!(pace.portion(), 800_000);
        pace.learn(800_000, Duration::from_millis(400));
        assert_eq!(pace.portion(), 80_000);
        pace.learn(80_000, Duration::from_millis(40));
        assert_eq!(pace.portion(), 80_000);
    }
}
