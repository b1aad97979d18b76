//! What a text takes beyond the first load before it can be read, and its runs computed: the chunk
//! of networks, that of typed formulas, data.
//!
//! The page must have the chunks before it reads an experiment that needs them, a worker the data
//! as well before it computes one. Both look at the text first.

use crate::{chunk::Missing, formulas, networks};

/// Whether the page can read a text as it is: a document, a link, or the name of an objective or a
/// policy.
pub fn can_read(text: &str) -> bool {
    (!networks::may_be_in(text) || networks::fetched().is_some())
        && (!formulas::may_be_in(text) || formulas::are_there())
}

/// Fetches what it takes to read a text.
///
/// # Errors
///
/// If a chunk does not arrive.
pub async fn fetch(text: &str) -> Result<(), Missing> {
    if networks::may_be_in(text) {
        networks::fetch().await?;
    }
    if formulas::may_be_in(text) {
        formulas::fetch().await?;
    }
    Ok(())
}

/// Whether a document's runs can be computed here as it is.
pub fn can_run(document: &str) -> bool {
    can_read(document) && networks::has_data_of(document)
}

/// Fetches all that a document's runs need.
///
/// # Errors
///
/// If something does not arrive, or is a file of the user's that is not at hand: a sentence.
pub async fn prepare(document: String) -> Result<(), String> {
    if can_run(&document) {
        return Ok(());
    }
    fetch(&document).await.map_err(|missing| missing.to_string())?;
    networks::supply(document).await
}
