//! Typed formulas and rules on the page: what reads, differentiates, runs and compiles them is one
//! chunk, fetched when the first one is opened.

use std::cell::Cell;

use crate::chunk::{Missing, in_chunk};

in_chunk!(
    formulas,
    fn chunk() -> fn() {
        install
    }
);

thread_local! {
    static ARE_THERE: Cell<bool> = const { Cell::new(false) };
}

fn install() {
    flatland_engine::install_formulas();
    flatland_compiler::install();
    ARE_THERE.set(true);
}

/// Whether formulas can be read.
pub fn are_there() -> bool {
    ARE_THERE.get()
}

/// Fetches the chunk, if it is not there yet.
pub async fn fetch() -> Result<(), Missing> {
    chunk().await.map(|install| install())
}

/// Whether a document or a link may hold a formula, for which the chunk is needed; a label that
/// speaks of one is enough.
pub fn may_be_in(text: &str) -> bool {
    // The objective and the policy, and what both call their text.
    text.contains("formula") || text.contains("expression")
}
