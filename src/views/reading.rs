//! What is said of a run at the step shown: its step size, its sharpness, and what it is doing.

use crate::{
    protocol::{EndKind, Quantity},
    session::{Session, events::phase_words},
    words,
};

/// See the module's header.
pub struct Reading {
    /// η, the last one that was used.
    pub step_size: f64,
    /// The λ₁ above which the method is unstable.
    pub threshold: f64,
    /// λ₁.
    pub sharpness: f64,
    /// The step of the sharpness, where it is an earlier one.
    pub known_at: Option<usize>,
    /// 2λ₁ / threshold, which is η·λ₁ for plain steps.
    pub product: f64,
    /// Whether the method is a plain step, whose threshold is 2/η.
    pub is_plain: bool,
    /// What it is doing.
    pub phase: String,
    /// The place of its word among those of the glossary that can be asked for.
    pub word: usize,
    /// How it ended, where that needs words.
    pub end: Option<String>,
    /// Its place in the palette.
    pub color: usize,
}

impl Reading {
    /// That of a run, if there is one at this place.
    pub fn of(session: &Session, index: usize) -> Option<Self> {
        let run = session.runs().get(index)?;
        let row = (session.step() as usize).min(run.history.len().saturating_sub(1));
        let get = |quantity| run.history.get(quantity, row).unwrap_or(f64::NAN);
        // A run that used up its steps, or arrived, needs no explanation; one that stopped earlier
        // than others for its calls does.
        let (_, in_calls) = session.budget();
        let needs_words = |kind| match kind {
            EndKind::Elsewhere | EndKind::Diverged | EndKind::Unbounded | EndKind::Stalled | EndKind::Failed => true,
            EndKind::Budget => in_calls,
            EndKind::Converged => false,
        };
        let end = run.end.as_ref().filter(|end| end.step <= session.step() && needs_words(end.kind));
        let threshold = run.history.threshold(row).unwrap_or(f64::NAN);
        let reach = session.experiment().spectrum.every.saturating_sub(1) as usize;
        let (at, sharpness) = run.history.last_known(Quantity::Sharpness, row, reach).unwrap_or((row, f64::NAN));
        let product = get(Quantity::Product);
        Some(Self {
            step_size: run.history.step_size(row).unwrap_or(f64::NAN),
            threshold,
            sharpness,
            known_at: (at < row).then_some(at),
            // Where no step is taken any more, with the η and the threshold of the step before.
            product: if product.is_nan() { 2.0 * sharpness / threshold } else { product },
            is_plain: run.history.is_plain(row),
            phase: phase_words(run, session.step()),
            word: words::of_phase(run.history.phase(session.step() as usize)),
            end: end.map(|end| end.sentence.clone()),
            color: run.color,
        })
    }
}
