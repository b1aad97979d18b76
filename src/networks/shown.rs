//! Pictures of a network as numbers: made where the network is, in a worker, and drawn on the page.

use flatland_engine::objective::network::Network;
use web_sys::HtmlCanvasElement;

use super::{
    about::About,
    view::{self, Aspect, Picture},
};
use crate::{
    chart::{Size, palette::Palette, panels::ChartStyle},
    probe::Subject,
};

/// What a network computes at x, its weights, or what there is to know of it.
pub fn numbers(network: &Network, x: &[f64], subject: Subject) -> Vec<f64> {
    match subject {
        Subject::About => About::of(network).to_numbers(),
        Subject::Weights => view::look(network, x, Aspect::Weights).to_numbers(),
        _ => view::look(network, x, Aspect::Outputs).to_numbers(),
    }
}

/// Draws such numbers.
pub fn paint(canvas: &HtmlCanvasElement, numbers: &[f64], palette: &Palette, style: ChartStyle<'_>, size: Size) {
    if let Some(picture) = Picture::from_numbers(numbers) {
        view::paint(canvas, &picture, palette, style, size);
    }
}

/// Says what is seen of them.
pub fn sentence(numbers: &[f64]) -> String {
    Picture::from_numbers(numbers).map_or_else(String::new, |picture| view::sentence(&picture))
}
