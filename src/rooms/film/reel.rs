//! Which step each picture of a film shows.

use thiserror::Error;

/// Pictures a second of a film that a recorder takes.
pub const FILM_RATE: f64 = 30.0;
/// Pictures a second of a GIF: its times are whole hundredths of a second.
pub const GIF_RATE: f64 = 20.0;
/// The longest film, in seconds.
const MOST_FILM: f64 = 600.0;
/// The longest GIF, in seconds: every picture of it lies in memory and on slides.
const MOST_GIF: f64 = 60.0;
/// The last step is shown so much longer, in seconds.
const REST: f64 = 0.5;

/// A kind of film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What the browser's recorder makes: WebM, or MP4 where it makes no WebM.
    Film,
    /// A GIF, for slides that play no films.
    Gif,
}

impl Kind {
    /// Pictures a second.
    pub fn rate(self) -> f64 {
        match self {
            Self::Film => FILM_RATE,
            Self::Gif => GIF_RATE,
        }
    }

    fn most(self) -> f64 {
        match self {
            Self::Film => MOST_FILM,
            Self::Gif => MOST_GIF,
        }
    }
}

/// Steps `first` to `last` at `speed` steps a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reel {
    /// The step that the first picture shows.
    pub first: u64,
    /// The step that the last picture shows.
    pub last: u64,
    /// Steps a second.
    pub speed: f64,
    /// What the film becomes.
    pub kind: Kind,
}

/// Why there is no film of that.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NoReel {
    /// No step.
    #[error("The film begins and ends at whole steps; found “{0}”. Type a number such as 100.")]
    NoStep(String),
    /// The last step is not beyond the first.
    #[error("The film ends beyond its first step; found from {first} to {last}. Choose a later end.")]
    Backwards {
        /// The first step.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// It ends beyond the budget.
    #[error("The film ends at step {most} at the latest, the budget; found {last}. Give the runs more steps first.")]
    BeyondBudget {
        /// The last step asked for.
        last: u64,
        /// The last step there can be.
        most: u64,
    },
    /// It takes too long.
    #[error("The film takes {most} s at the most; found {seconds} s. Choose a greater speed or fewer steps.")]
    TooLong {
        /// How long it would take, in seconds.
        seconds: f64,
        /// How long it may take.
        most: f64,
    },
}

/// A step as it is typed: digits, perhaps in groups.
pub fn step_of(text: &str) -> Result<u64, NoReel> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    digits.parse().map_err(|_| NoReel::NoStep(text.trim().to_owned()))
}

impl Reel {
    /// Checks what was asked for; `budget` is the last step there can be.
    pub fn checked(self, budget: u64) -> Result<Self, NoReel> {
        let Self { first, last, kind, .. } = self;
        if last <= first {
            return Err(NoReel::Backwards { first, last });
        }
        if last > budget {
            return Err(NoReel::BeyondBudget { last, most: budget });
        }
        let (seconds, most) = (self.seconds().round(), kind.most());
        if seconds > most {
            return Err(NoReel::TooLong { seconds, most });
        }
        Ok(self)
    }

    /// How long it takes, with the rest at the end, in seconds.
    pub fn seconds(&self) -> f64 {
        (self.last - self.first) as f64 / self.speed + REST
    }

    /// How many pictures that are.
    pub fn pictures(&self) -> u64 {
        (self.seconds() * self.kind.rate()).ceil() as u64
    }

    /// The step shown after so many seconds.
    pub fn step_at(&self, seconds: f64) -> u64 {
        // What the product has lost to rounding must not cost a step.
        let steps = (seconds * self.speed + 1e-9).floor().max(0.0);
        self.first.saturating_add(steps as u64).min(self.last)
    }

    /// The step that a picture shows, counted from 0.
    pub fn step_of_picture(&self, number: u64) -> u64 {
        self.step_at(number as f64 / self.kind.rate())
    }
}

/// The place in `speeds`, which rise, of the greatest one at which so many steps take ten seconds or
/// more; the first where none does.
pub fn usual_speed(speeds: &[f64], steps: u64) -> usize {
    speeds.iter().rposition(|speed| steps as f64 / speed >= 10.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REEL: Reel = Reel { first: 100, last: 150, speed: 10.0, kind: Kind::Gif };

    #[test]
    fn every_step_is_shown_in_its_turn_and_the_last_one_rests() {
        assert_eq!(REEL.seconds(), 5.5);
        assert_eq!(REEL.pictures(), 110);
        let shown: Vec<u64> = (0..REEL.pictures()).map(|number| REEL.step_of_picture(number)).collect();
        // Twenty pictures a second, ten steps a second: two of each step.
        for (picture, step) in shown.iter().enumerate() {
            assert_eq!(*step, (100 + picture as u64 / 2).min(150), "picture {picture}");
        }
        let fast = Reel { speed: 1000.0, last: 10_100, ..REEL };
        assert_eq!(fast.step_of_picture(1), 150);
        assert_eq!(fast.step_of_picture(fast.pictures()), 10_100);
    }

    #[test]
    fn what_cannot_be_filmed_says_why() {
        assert_eq!(REEL.checked(150), Ok(REEL));
        assert_eq!(Reel { last: 100, ..REEL }.checked(150), Err(NoReel::Backwards { first: 100, last: 100 }));
        assert_eq!(REEL.checked(149), Err(NoReel::BeyondBudget { last: 150, most: 149 }));
        let slow = Reel { speed: 0.5, ..REEL };
        assert_eq!(slow.checked(150), Err(NoReel::TooLong { seconds: 101.0, most: 60.0 }));
        assert_eq!(Reel { kind: Kind::Film, ..slow }.checked(150), Ok(Reel { kind: Kind::Film, ..slow }));
        assert_eq!(step_of(" 10 000 "), Ok(10_000));
        assert_eq!(step_of("-1"), Err(NoReel::NoStep("-1".to_owned())));
        assert_eq!(step_of("1e3"), Err(NoReel::NoStep("1e3".to_owned())));
    }

    #[test]
    fn a_film_usually_takes_ten_seconds_or_a_little_more() {
        let speeds = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0];
        assert_eq!(usual_speed(&speeds, 500), 5);
        assert_eq!(usual_speed(&speeds, 499), 4);
        assert_eq!(usual_speed(&speeds, 3), 0);
    }
}
