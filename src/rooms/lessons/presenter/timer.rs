//! The speaker's watch: how long the lecture has lasted, and this step of it. Times are those of
//! the wall's clock, in milliseconds, so that it goes on when its window is loaded anew.

/// See the module's header.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timer {
    /// What had passed when it was stopped last.
    before: f64,
    /// Since when it runs.
    since: Option<f64>,
    /// What had passed when the step began.
    step: f64,
}

impl Timer {
    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.since.is_some()
    }

    /// What has passed of the lecture.
    pub fn elapsed(&self, now: f64) -> f64 {
        self.before + self.since.map_or(0.0, |since| (now - since).max(0.0))
    }

    /// What has passed of it since the step began.
    pub fn on_step(&self, now: f64) -> f64 {
        self.elapsed(now) - self.step
    }

    /// Starts it, or stops it.
    pub fn toggle(&mut self, now: f64) {
        (self.before, self.since) = (self.elapsed(now), if self.is_running() { None } else { Some(now) });
    }

    /// Sets it to 0; one that runs goes on.
    pub fn reset(&mut self, now: f64) {
        *self = Self { since: self.since.map(|_| now), ..Self::default() };
    }

    /// A step begins.
    pub fn begin_step(&mut self, now: f64) {
        self.step = self.elapsed(now);
    }
}

impl Timer {
    /// As a text, which [`Timer::read`] reads.
    pub fn write(&self) -> String {
        let since = self.since.map_or_else(|| "-".to_owned(), |since| since.to_string());
        format!("{} {since} {}", self.before, self.step)
    }

    /// What [`Timer::write`] has written.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let before = parts.next()?.parse().ok()?;
        let since = match parts.next()? {
            "-" => None,
            since => Some(since.parse().ok()?),
        };
        Some(Self { before, since, step: parts.next()?.parse().ok()? })
    }
}

/// A time as minutes and seconds, and hours where there are some.
pub fn words(milliseconds: f64) -> String {
    let seconds = (milliseconds / 1000.0).max(0.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_counts_for_neither_the_lecture_nor_the_step() {
        let mut timer = Timer::default();
        assert_eq!((timer.elapsed(500.0), timer.is_running()), (0.0, false));
        timer.toggle(1_000.0);
        timer.begin_step(4_000.0);
        assert_eq!((timer.elapsed(6_000.0), timer.on_step(6_000.0)), (5_000.0, 2_000.0));
        timer.toggle(6_000.0);
        assert_eq!(timer.elapsed(60_000.0), 5_000.0);
        timer.toggle(60_000.0);
        assert_eq!((timer.elapsed(61_000.0), timer.on_step(61_000.0)), (6_000.0, 3_000.0));
        timer.reset(62_000.0);
        assert_eq!((timer.elapsed(63_000.0), timer.on_step(63_000.0), timer.is_running()), (1_000.0, 1_000.0, true));
    }

    #[test]
    fn a_timer_survives_its_text_and_nonsense_is_none() {
        let mut timer = Timer::default();
        for act in [Timer::toggle, Timer::begin_step, Timer::toggle, Timer::toggle] {
            assert_eq!(Timer::read(&timer.write()), Some(timer));
            act(&mut timer, 1_795_796_200_472.5);
        }
        for text in ["", "1 2", "1 x 2", "one - 2"] {
            assert_eq!(Timer::read(text), None, "{text:?}");
        }
    }

    #[test]
    fn times_are_read_as_on_a_watch() {
        for (milliseconds, read) in
            [(0.0, "0:00"), (999.0, "0:00"), (61_000.0, "1:01"), (3_599_000.0, "59:59"), (3_661_000.0, "1:01:01")]
        {
            assert_eq!(words(milliseconds), read);
        }
    }
}
