//! Networks on the page. What only they need, in the engine, in workers and among the views, is one
//! chunk, fetched when the first network is opened; data sets are files, fetched when a run on them
//! is.
//!
//! The page must have the chunk before it reads an experiment with a network, a worker the data as
//! well before it computes one. Both look at the text first: [`may_be_in`].

pub mod about;
mod files;
pub mod own;
mod shown;
pub mod view;

use std::{cell::Cell, future::Future, pin::Pin};

use flatland_engine::objective::{self, NETWORK, network::Network};
use web_sys::HtmlCanvasElement;

use crate::{
    chart::{Size, palette::Palette, panels::ChartStyle},
    chunk::{Missing, in_chunk},
    probe::Subject,
};

/// What the chunk gives out.
pub struct Networks {
    /// Makes networks known to the engine and to the page.
    install: fn(),
    /// Whether a document's network needs a file that is not at hand.
    lacks: fn(&str) -> bool,
    /// Fetches the files that a document's network needs.
    supply: fn(String) -> Supply,
    /// What a network computes, or its weights, as numbers for [`Networks::paint`].
    pub look: fn(&Network, &[f64], Subject) -> Vec<f64>,
    /// Draws such numbers.
    pub paint: fn(&HtmlCanvasElement, &[f64], &Palette, ChartStyle<'_>, Size),
    /// Says what is seen of them.
    pub sentence: fn(&[f64]) -> String,
}

/// The files are there, or why not.
type Supply = Pin<Box<dyn Future<Output = Result<(), String>>>>;

static NETWORKS: Networks = Networks {
    install,
    lacks: files::lacks,
    supply: files::supply,
    look: shown::numbers,
    paint: shown::paint,
    sentence: shown::sentence,
};

in_chunk!(
    networks,
    fn chunk() -> &'static Networks {
        &NETWORKS
    }
);

thread_local! {
    static FETCHED: Cell<Option<&'static Networks>> = const { Cell::new(None) };
}

/// What the chunk gives out, once it is there.
pub fn fetched() -> Option<&'static Networks> {
    FETCHED.get()
}

/// Fetches the chunk, if it is not there yet; from then on the engine knows networks.
pub async fn fetch() -> Result<&'static Networks, Missing> {
    let networks = chunk().await?;
    (networks.install)();
    Ok(networks)
}

/// Makes networks known to the engine and to the page.
pub fn install() {
    objective::install_networks();
    FETCHED.set(Some(&NETWORKS));
}

/// Whether a document or a link may hold a network, for which the chunk is needed; a label that
/// speaks of one is enough.
pub fn may_be_in(text: &str) -> bool {
    text.contains(NETWORK)
}

/// Whether the page can read a text as it is.
pub fn can_read(text: &str) -> bool {
    !may_be_in(text) || fetched().is_some()
}

/// Whether a document's runs can be computed here as it is.
pub fn can_run(document: &str) -> bool {
    !may_be_in(document) || fetched().is_some_and(|networks| !(networks.lacks)(document))
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
    let networks = fetch().await.map_err(|missing| missing.to_string())?;
    (networks.supply)(document).await
}
