//! What a run is doing at a step, in a word: read off the last rows before that step.

use crate::{
    protocol::{End, EndKind, Quantity},
    session::history::History,
};

/// Rows looked back upon.
const WINDOW: usize = 24;
/// A run counts as at the edge while the mean of η·λ₁ lies in this interval, once it has been above 2. Where the loss is softer than its
/// quadratic model, the orbit settles a little below 2 (on the river at 1.9), so the interval reaches further down than up would suggest.
const EDGE: (f64, f64) = (1.6, 2.5);

/// The phase of a run at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has been computed yet.
    Waiting,
    /// η·λ₁ stays below 2 and the sharpness rises.
    ProgressiveSharpening,
    /// η·λ₁ stays below 2 and the sharpness falls or rests.
    BelowTheEdge,
    /// η·λ₁ stays above 2.
    AboveTheEdge,
    /// η·λ₁ hovers around 2.
    EdgeOfStability,
    /// The loss is thrown up by a step beyond the threshold.
    Catapult,
    /// The iterates repeat with this period.
    Orbit(usize),
    /// The run has ended at or before this step.
    Ended(EndKind),
}

impl Phase {
    /// The phase as words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting => "starting",
            Self::ProgressiveSharpening => "progressive sharpening",
            Self::BelowTheEdge => "below the edge",
            Self::AboveTheEdge => "above the edge",
            Self::EdgeOfStability => "edge of stability",
            Self::Catapult => "catapult",
            Self::Orbit(4) => "period-4 orbit",
            Self::Orbit(_) => "period-2 orbit",
            Self::Ended(EndKind::Converged) => "converged",
            Self::Ended(EndKind::Diverged) => "diverged",
            Self::Ended(EndKind::Stalled) => "stalled",
            Self::Ended(EndKind::Budget) => "out of steps",
            Self::Ended(EndKind::Failed) => "failed",
        }
    }
}

/// The phase at `row`. A run that merely ran out of steps keeps the phase it had.
pub fn phase(history: &History, row: usize, end: Option<&End>) -> Phase {
    if let Some(end) = end
        && end.kind != EndKind::Budget
        && end.step as usize <= row
    {
        return Phase::Ended(end.kind);
    }
    // On a last row no step is taken and there is no product: the row before speaks for it.
    let row = match history.len() {
        0 => return Phase::Waiting,
        len => row.min(len - 1),
    };
    let row = match history.get(Quantity::Product, row) {
        Some(product) if product.is_finite() => row,
        _ => row.saturating_sub(1),
    };
    let start = row.saturating_sub(WINDOW - 1);
    if let Some(period) = orbit(history, row) {
        return Phase::Orbit(period);
    }
    let product = history.series(Quantity::Product);
    let span = product.bucket(start..row + 1);
    if span.is_empty() {
        return Phase::Waiting;
    }
    let loss = |row| history.get(Quantity::Loss, row).unwrap_or(f64::NAN);
    let recent = history.series(Quantity::Loss).bucket(start..row + 1);
    if row >= 2
        && loss(row) > 3.0 * recent.min
        && loss(row) > loss(row - 2)
        && span.max > 2.0
        && !is_jagged(history, row)
    {
        return Phase::Catapult;
    }
    let rows = row + 1 - start;
    let mean = (start..=row).filter_map(|row| product.get(row)).sum::<f64>() / rows as f64;
    let has_been_above = history.first_above().is_some_and(|first| first <= row);
    if has_been_above && ((EDGE.0..=EDGE.1).contains(&mean) || (span.min < 2.0 && span.max > 2.0 && rows == WINDOW)) {
        return Phase::EdgeOfStability;
    }
    if product.get(row).is_some_and(|p| p > 2.0) {
        return Phase::AboveTheEdge;
    }
    let sharpness = history.series(Quantity::Sharpness).bucket(start..row + 1);
    if sharpness.last > sharpness.first { Phase::ProgressiveSharpening } else { Phase::BelowTheEdge }
}

/// Whether the loss goes up and down from step to step, as under a nonmonotone line search: then a high value is no catapult.
fn is_jagged(history: &History, row: usize) -> bool {
    let loss = history.series(Quantity::Loss);
    let turns = (row.saturating_sub(8)..row.saturating_sub(1))
        .filter(|r| match (loss.get(*r), loss.get(r + 1), loss.get(r + 2)) {
            (Some(a), Some(b), Some(c)) => (b > a) != (c > b),
            _ => false,
        })
        .count();
    turns >= 4
}

/// The period (2 or 4) with which the recorded coordinates have repeated over the last twelve steps, to 1e-6 of their size.
fn orbit(history: &History, row: usize) -> Option<usize> {
    const ROWS: usize = 12;
    const TOLERANCE: f64 = 1e-6;
    let coordinates = history.coordinates();
    if row < ROWS + 4 || coordinates.is_empty() {
        return None;
    }
    let gap = |row: usize, lag: usize| {
        coordinates.iter().fold(0.0_f64, |gap, x| match (x.get(row), x.get(row - lag)) {
            (Some(a), Some(b)) => gap.max((a - b).abs()),
            _ => f64::NAN,
        })
    };
    let size = coordinates.iter().filter_map(|x| x.get(row)).fold(1e-300_f64, |s, x| s.max(x.abs()));
    let moves = |lag| (row - ROWS..=row).all(|r| gap(r, lag) > 1e3 * TOLERANCE * size);
    let repeats = |lag| (row - ROWS..=row).all(|r| gap(r, lag) <= TOLERANCE * size);
    if !moves(1) {
        return None;
    }
    if repeats(2) {
        return Some(2);
    }
    (moves(2) && repeats(4)).then_some(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::history::tests::history;

    fn at_end(history: &History) -> Phase {
        phase(history, history.len() - 1, None)
    }

    #[test]
    fn rising_sharpness_below_two_is_progressive_sharpening() {
        let h = history((0..40).map(|k| (1.0 + 0.02 * f64::from(k), 1.0 / f64::from(k + 1), f64::from(k))));
        assert_eq!(at_end(&h), Phase::ProgressiveSharpening);
    }

    #[test]
    fn falling_sharpness_below_two_is_below_the_edge() {
        let h = history((0..40).map(|k| (1.9 - 0.02 * f64::from(k), 1.0, f64::from(k))));
        assert_eq!(at_end(&h), Phase::BelowTheEdge);
    }

    #[test]
    fn hovering_around_two_is_the_edge_of_stability() {
        let h = history((0..60).map(|k| (2.0 + 0.3 * libm_sin(k), 1.0, f64::from(k) + libm_sin(k))));
        assert_eq!(at_end(&h), Phase::EdgeOfStability);
    }

    #[test]
    fn a_rising_loss_beyond_the_threshold_is_a_catapult() {
        let h = history((0..30).map(|k| (2.6, 1e-3 * 1.5_f64.powf(f64::from(k)), f64::from(k))));
        assert_eq!(at_end(&h), Phase::Catapult);
    }

    #[test]
    fn repeating_iterates_are_an_orbit_with_their_period() {
        let two = history((0..40).map(|k| (2.0, 1.0, [0.8, 1.1][k % 2])));
        assert_eq!(at_end(&two), Phase::Orbit(2));
        let four = history((0..40).map(|k| (2.0, 1.0, [0.7, 1.1, 0.8, 1.2][k % 4])));
        assert_eq!(at_end(&four), Phase::Orbit(4));
    }

    #[test]
    fn an_end_counts_from_its_step_on() {
        let h = history((0..40).map(|k| (1.0 + 0.02 * f64::from(k), 1.0, f64::from(k))));
        let end = End { kind: EndKind::Converged, step: 30, sentence: String::new() };
        assert_eq!(phase(&h, 29, Some(&end)), Phase::ProgressiveSharpening);
        assert_eq!(phase(&h, 30, Some(&end)), Phase::Ended(EndKind::Converged));
    }

    fn libm_sin(k: i32) -> f64 {
        (f64::from(k) * 0.7).sin()
    }
}
