//! Words that the page explains: those of the glossary, as the page fetches them. `lessons/` makes the
//! file of `docs/glossary.md` when the page is built.

use flatland_engine::phase::Phase;
use serde::{Deserialize, Serialize};

/// The file, beside those of the lessons.
pub const WORDS_FILE: &str = "words.json";

/// A word of the glossary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// What it is called.
    pub name: String,
    /// What it means, as HTML that begins with the word.
    pub html: String,
}

/// The names of the words that can be asked for where they stand on the page, each once.
pub const ASKED: [&str; 16] = [
    "Sharpness",
    "Threshold",
    "Product",
    "Step size",
    "Phase",
    "Progressive sharpening",
    "Below the edge",
    "Above the edge",
    "Edge of stability",
    "Catapult",
    "Converged",
    "Stalled",
    "Diverged",
    "Last digits",
    "Unbounded",
    "Orbit",
];

/// The place among [`ASKED`] of the word for a phase.
pub fn of_phase(phase: Phase) -> usize {
    match phase {
        Phase::Starting => 4,
        Phase::ProgressiveSharpening => 5,
        Phase::BelowTheEdge => 6,
        Phase::AboveTheEdge => 7,
        Phase::EdgeOfStability => 8,
        Phase::Catapult => 9,
        Phase::Converged => 10,
        Phase::Stalled => 11,
        Phase::Diverged => 12,
        Phase::AtLastDigits => 13,
        Phase::Unbounded => 14,
        Phase::Orbit(_) => 15,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_phase_has_the_word_that_the_card_shows() {
        for code in (0..11).chain([18]) {
            let phase = Phase::from_code(code);
            let word = ASKED[of_phase(phase)].to_lowercase();
            let is_told = phase.to_string().contains(word.as_str()) || phase == Phase::Starting;
            assert!(is_told, "{phase}: {word}");
        }
    }
}
