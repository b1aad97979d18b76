//! What a run is doing, in a word, and what happens to it: read off its records as they come.
//!
//! A [`Watch`] is shown every record of a run with its iterate and answers with the [`Phase`]
//! there, and with the [`Crossing`] of the threshold if there is one. It looks back at the last 24
//! records at most, and further only for what repeats. All thresholds on the product 2λ₁/threshold,
//! which is ηλ₁ for gradient descent, are the method's own edge.
//!
//! | phase | when |
//! |---|---|
//! | at the loss's last digits | a step's first-order change of the loss, η‖∇f‖², is at most 64 units of rounding of the loss: what it does is noise |
//! | period-p orbit | the iterates of the last max(12, p) steps repeat after p = 2, 3, …, 64 steps to 10⁻⁶ of their size, and not before |
//! | catapult | beyond the threshold within the window, the loss has grown to three times its least there, λ₁ has moved since, and not by going up and down |
//! | edge of stability | once above 2, the product's mean over the window lies in [1.6, 2.5], or a full window reaches both sides of 2; and the loss wavers: it neither grows nor falls at every step of the window, unless it rests within 10 % |
//! | above the edge | the product exceeds 2 |
//! | progressive sharpening | the product is at most 2, and λ₁ has risen over the window and rises now |
//! | below the edge | the product is at most 2 and λ₁ does not rise |
//!
//! A phase stays until it has not been seen at three iterates in a row, so that a word can be read;
//! orbits, also where they end, and the end of the run count at once. `docs/phases.md` gives the
//! reasons for the constants.

mod orbit;
mod recent;

use std::fmt;

use crate::{Outcome, Record};

use orbit::Orbits;
use recent::Recent;

/// The longest period of a cycle that is looked for, here and on maps.
pub const MAX_PERIOD: usize = 64;

/// The interval of the product's mean that counts as the edge. Where the loss is softer than its
/// quadratic model, the orbit settles a little below 2 (on the river at 1.9), so the interval
/// reaches further down than up would suggest.
const EDGE: (f64, f64) = (1.6, 2.5);

/// By how much the loss must have grown over its least value in the window to be thrown.
const THROW: f64 = 3.0;

/// How many iterates must be known before there can be an edge: two rises or falls could be
/// anything.
const EVIDENCE: usize = 4;

/// A first-order change of the loss of so many units of its last place is rounding: near a minimum
/// f* with f − f* ≈ ‖∇f‖²/2λ₁ it then stands at most some tens of units above f*.
const LAST_DIGITS: f64 = 64.0 * f64::EPSILON;

/// At how many iterates in a row a phase must not be seen to be given up.
const PATIENCE: u32 = 3;

/// At how many iterates in a row the product must be at most 2 before a run counts as below its
/// threshold again.
const DWELL: u32 = 16;

/// What a run is doing at an iterate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing can be said yet.
    Starting,

    /// Below the threshold, with a rising sharpness.
    ProgressiveSharpening,

    /// Below the threshold, with a sharpness that falls or rests.
    BelowTheEdge,

    /// Above the threshold.
    AboveTheEdge,

    /// The product hovers around 2.
    EdgeOfStability,

    /// A step beyond the threshold throws the loss up.
    Catapult,

    /// The iterates repeat with this period, at most [`MAX_PERIOD`].
    Orbit(u32),

    /// What the loss does is rounding.
    AtLastDigits,

    /// The run has ended with a small gradient.
    Converged,

    /// The run has ended without a step to take.
    Stalled,

    /// The run has ended with a loss beyond its limit.
    Diverged,

    /// The run has ended with a loss that falls without bound.
    Unbounded,
}

impl Phase {
    /// All phases but orbits, in the order of their codes.
    const PLAIN: [Self; 11] = [
        Self::Starting,
        Self::ProgressiveSharpening,
        Self::BelowTheEdge,
        Self::AboveTheEdge,
        Self::EdgeOfStability,
        Self::Catapult,
        Self::Converged,
        Self::Stalled,
        Self::Diverged,
        Self::AtLastDigits,
        Self::Unbounded,
    ];

    /// A small whole number for it, to be sent or stored; an orbit's is 16 plus its period.
    /// Below 128.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Orbit(period) => 16 + period as u8,
            plain => Self::PLAIN.iter().position(|phase| *phase == plain).map_or(0, |place| place as u8),
        }
    }

    /// The phase with this code; [`Phase::Starting`] for a number that is none.
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        match code.checked_sub(16) {
            Some(period @ 2..=64) => Self::Orbit(u32::from(period)),
            _ => Self::PLAIN.get(usize::from(code)).copied().unwrap_or(Self::Starting),
        }
    }

    fn is_final(self) -> bool {
        matches!(self, Self::Converged | Self::Stalled | Self::Diverged | Self::Unbounded)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Orbit(period) => return write!(f, "period-{period} orbit"),
            Self::Starting => "starting",
            Self::ProgressiveSharpening => "progressive sharpening",
            Self::BelowTheEdge => "below the edge",
            Self::AboveTheEdge => "above the edge",
            Self::EdgeOfStability => "edge of stability",
            Self::Catapult => "catapult",
            Self::Converged => "converged",
            Self::Stalled => "stalled",
            Self::Diverged => "diverged",
            Self::AtLastDigits => "at the loss's last digits",
            Self::Unbounded => "unbounded below",
        })
    }
}

/// On which side of its threshold a run is from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// The product exceeds 2, for the first time or after it had settled below.
    Up,

    /// The product has now been at most 2 for 16 iterates in a row.
    Down,
}

/// What there is to say at an iterate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What the run is doing.
    pub phase: Phase,

    /// Whether it has crossed its threshold.
    pub crossing: Option<Crossing>,
}

/// Something that happens to a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The index of the iterate.
    pub step: u64,

    /// What happens.
    pub kind: EventKind,

    /// f there.
    pub loss: f64,

    /// λ₁ there.
    pub sharpness: f64,

    /// η there, if a step is taken.
    pub step_size: Option<f64>,

    /// 2λ₁/threshold there, if a step is taken.
    pub product: Option<f64>,
}

/// The kinds of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The threshold is crossed.
    Crossed(Crossing),

    /// Another phase begins.
    Entered(Phase),
}

impl EventKind {
    /// What happens, in a word or two.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Crossed(Crossing::Up) => "above the threshold".to_owned(),
            Self::Crossed(Crossing::Down) => "below the threshold".to_owned(),
            Self::Entered(phase) => phase.to_string(),
        }
    }
}

/// Watches one run.
#[derive(Clone, Debug)]
pub struct Watch {
    recent: Recent,
    orbits: Orbits,
    has_been_above: bool,
    is_above: bool,

    /// Iterates in a row with a product of at most 2.
    below: u32,

    phase: Phase,

    /// At how many iterates in a row another phase has been seen.
    missed: u32,
}

impl Watch {
    /// Nothing seen yet of a run in so many variables.
    #[must_use]
    pub fn new(dimension: usize) -> Self {
        Self {
            recent: Recent::default(),
            orbits: Orbits::new(dimension),
            has_been_above: false,
            is_above: false,
            below: 0,
            phase: Phase::Starting,
            missed: 0,
        }
    }

    /// Takes in the next record of the run, its iterate, and the outcome if the run ends there.
    pub fn see(&mut self, record: &Record, iterate: &[f64], outcome: Option<&Outcome>) -> Sighting {
        let crossing = record.product().and_then(|product| self.cross(product));
        match outcome {
            Some(Outcome::Converged { .. }) => self.phase = Phase::Converged,
            Some(Outcome::Stalled { .. }) => self.phase = Phase::Stalled,
            Some(Outcome::Diverged { .. }) => self.phase = Phase::Diverged,
            Some(Outcome::Unbounded { .. }) => self.phase = Phase::Unbounded,
            // A run that is merely out of steps keeps the phase it had; so does a record without a
            // product.
            Some(Outcome::Budget { .. }) => {}
            None => {
                let period = self.orbits.see(iterate);
                if let Some(product) = record.product() {
                    self.recent.push(record.loss, record.gradient_norm, record.sharpness, product);
                    let seen = if is_rounding(record) {
                        Phase::AtLastDigits
                    } else {
                        period.map_or_else(|| self.judge(), Phase::Orbit)
                    };
                    self.settle(seen);
                }
            }
        }
        Sighting { phase: self.phase, crossing }
    }

    fn cross(&mut self, product: f64) -> Option<Crossing> {
        if product > 2.0 {
            self.below = 0;
            self.has_been_above = true;
            return (!std::mem::replace(&mut self.is_above, true)).then_some(Crossing::Up);
        }
        self.below = self.below.saturating_add(1);
        (self.is_above && self.below == DWELL).then(|| {
            self.is_above = false;
            Crossing::Down
        })
    }

    /// Takes on the phase that is seen now, if the one so far has not been seen for long enough.
    fn settle(&mut self, seen: Phase) {
        self.missed = if seen == self.phase { 0 } else { self.missed + 1 };
        let is_orbit = |phase| matches!(phase, Phase::Orbit(_));
        if self.missed >= PATIENCE || is_orbit(seen) || is_orbit(self.phase) || self.phase == Phase::Starting {
            self.phase = seen;
            self.missed = 0;
        }
    }

    /// The phase by the recent records alone.
    fn judge(&self) -> Phase {
        let recent = &self.recent;
        let (low, high) = recent.product_range();
        let is_thrown = recent.loss_growth() > THROW && recent.loss_is_rising() && !recent.is_jagged();
        if high > 2.0 && is_thrown && recent.sharpness_has_moved() {
            return Phase::Catapult;
        }
        let hovers = (EDGE.0..=EDGE.1).contains(&recent.mean_product()) && recent.len() >= EVIDENCE;
        let is_around = hovers || (low < 2.0 && high > 2.0 && recent.is_full());
        if self.has_been_above && is_around && recent.loss_wavers() {
            return Phase::EdgeOfStability;
        }
        if recent.last_product() > 2.0 {
            Phase::AboveTheEdge
        } else if recent.is_first() {
            Phase::Starting
        } else if recent.sharpness_rises() {
            Phase::ProgressiveSharpening
        } else {
            Phase::BelowTheEdge
        }
    }
}

/// Whether the loss cannot tell the step from none: its first-order change is within the rounding
/// of the loss.
fn is_rounding(record: &Record) -> bool {
    let change = record.step_size.unwrap_or(f64::NAN) * record.gradient_norm * record.gradient_norm;
    change <= LAST_DIGITS * record.loss.abs()
}

/// All that happens to a run, in order.
#[derive(Clone, Debug)]
pub struct Log {
    watch: Watch,
    phase: Phase,
    events: Vec<Event>,
}

/// The most events that a [`Log`] keeps: a run that flickers for millions of steps has no story.
pub const MAX_EVENTS: usize = 10_000;

impl Log {
    /// An empty log of a run in so many variables.
    #[must_use]
    pub fn new(dimension: usize) -> Self {
        Self { watch: Watch::new(dimension), phase: Phase::Starting, events: Vec::new() }
    }

    /// As [`Watch::see`]; notes what happens. After [`MAX_EVENTS`] only the end of the run is
    /// noted.
    pub fn see(&mut self, record: &Record, iterate: &[f64], outcome: Option<&Outcome>) -> Sighting {
        let sighting = self.watch.see(record, iterate, outcome);
        let entered = (sighting.phase != self.phase).then_some(EventKind::Entered(sighting.phase));
        self.phase = sighting.phase;
        for kind in sighting.crossing.map(EventKind::Crossed).into_iter().chain(entered) {
            if self.events.len() < MAX_EVENTS || sighting.phase.is_final() {
                let Record { step, loss, sharpness, step_size, .. } = *record;
                self.events.push(Event { step, kind, loss, sharpness, step_size, product: record.product() });
            }
        }
        sighting
    }

    /// The events so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back() {
        let orbits = (2..=MAX_PERIOD).map(|period| Phase::Orbit(period as u32));
        for phase in Phase::PLAIN.into_iter().chain(orbits) {
            assert_eq!(Phase::from_code(phase.code()), phase);
        }
        assert_eq!(Phase::from_code(255), Phase::Starting);
    }
}
