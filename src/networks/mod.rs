//! Networks on the page. What only they need, in the engine, in workers and among the views, is one
//! chunk, fetched when the first network is opened; data sets are files, fetched when a run on them
//! is.
//!
//! See [`crate::needs`] for who fetches it when.

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

/// Whether the data of a document's network are at hand; true of what has no network.
pub fn has_data_of(document: &str) -> bool {
    !may_be_in(document) || fetched().is_some_and(|networks| !(networks.lacks)(document))
}

/// Fetches the data of a document's network, once the chunk is there.
///
/// # Errors
///
/// If something does not arrive, or is a file of the user's that is not at hand: a sentence.
pub async fn supply(document: String) -> Result<(), String> {
    match fetched() {
        Some(networks) if may_be_in(&document) => (networks.supply)(document).await,
        _ => Ok(()),
    }
}
