//! The weights of each layer.

use flatland_engine::network::Network;

use super::{MOST_CELLS, MOST_PIXELS, MOST_SIDE, MOST_UNITS, reduced, thinned};
use crate::networks::view::picture::{Layer, Weights};

pub(super) fn look(network: &Network, x: &[f64]) -> Weights {
    let layers = &network.architecture().layers;
    // Of many layers each has fewer cells.
    let side = ((MOST_CELLS / layers.count().max(1)) as f64).sqrt() as usize;
    let layer = |number: usize| {
        let (outputs, inputs) = (layers.width(number), layers.width(number - 1));
        let weights = x.get(layers.weights(number)).unwrap_or_default();
        let weight = |row: usize, column: usize| weights.get(row * inputs + column).copied().unwrap_or(f64::NAN);
        let reach = weights.iter().filter(|w| w.is_finite()).fold(0.0_f64, |reach, w| reach.max(w.abs()));
        let image = network.data().image.filter(|image| number == 1 && image.0 * image.1 == inputs);
        let (mut shape, mut cells) = ((0, 0), Vec::new());
        if let Some(image) = image {
            for unit in thinned(outputs, MOST_UNITS) {
                let pixel = |row: usize, column: usize| weight(unit, row * image.1 + column);
                let (found, map) = reduced(image, MOST_PIXELS, pixel, largest);
                shape = found;
                cells.extend(map);
            }
        } else {
            (shape, cells) = reduced((outputs, inputs), side.min(MOST_SIDE), weight, largest);
        }
        Layer { number, outputs, inputs, reach, is_units: image.is_some(), shape, cells }
    };
    Weights { layers: (1..=layers.count()).map(layer).collect() }
}

/// The number of the largest amount; NaN where one is.
fn largest(values: &mut dyn Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |largest: f64, value| if value.is_nan() || value.abs() > largest.abs() { value } else { largest })
}
