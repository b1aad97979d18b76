//! Weights as heat maps, layer by layer.

use super::{
    LABEL, Sheet,
    color::diverging,
    first_fitting,
    layout::{self, Maps, Rect},
    outline, text, width,
};
use crate::{
    chart::{
        axis::{round_to, significant},
        palette::Palette,
    },
    landscape::brush::Brush,
    networks::view::picture::{Layer, Weights},
};

/// Draws all layers, and below them what the colors are.
pub fn paint(brush: &Brush, weights: &Weights, palette: &Palette) {
    let (scale, size) = (brush.type_scale, (brush.size.width, brush.size.height));
    let maps: Vec<Maps> =
        weights.layers.iter().map(|layer| Maps { count: layer.maps().len(), shape: layer.shape }).collect();
    for (layer, panel) in weights.layers.iter().zip(layout::weights(size, scale, &maps)) {
        let Rect { x, y, width: room, .. } = panel.title;
        let titles = titles(layer);
        let title = first_fitting(brush, &titles, room);
        text(brush, title, (x, y + 0.75 * layout::LINE * scale), LABEL, room, (palette.ink, "left"));
        let colors = layer.cells.iter().map(|weight| diverging(share(*weight, layer.reach), palette));
        let Some(sheet) = Sheet::new(layer.shape, colors) else { continue };
        for (place, map) in panel.maps.iter().enumerate() {
            sheet.draw(brush, place, *map, false);
            outline(brush, *map, palette.muted, 0.5);
        }
    }
    key(brush, palette);
}

/// A weight in units of the largest of its layer.
fn share(weight: f64, reach: f64) -> f64 {
    // Where all weights are 0 there is no unit.
    if weight == 0.0 || weight.is_infinite() { weight } else { weight / reach }
}

/// A layer's title, and shorter ones: W₁ 64 × 784, ±0.42.
fn titles(layer: &Layer) -> [String; 3] {
    let index: String =
        layer.number.to_string().chars().filter_map(|digit| char::from_u32(0x2080 + digit.to_digit(10)?)).collect();
    let shape = format!("{} × {}", layer.outputs, layer.inputs);
    let reach = format!("±{}", significant(round_to(layer.reach, 3)));
    [format!("W{index} {shape}, {reach}"), format!("{shape}, {reach}"), shape]
}

/// The scale of colors, along the lower edge.
fn key(brush: &Brush, palette: &Palette) {
    let (scale, height) = (brush.type_scale, brush.size.height);
    let baseline = height - 0.4 * layout::LINE * scale;
    let left = layout::GAP * scale;
    let least = width(brush, "−max");
    text(brush, "−max", (left, baseline), LABEL, least + 1.0, (palette.muted, "left"));
    let strip = Rect {
        x: left + least + 6.0,
        y: baseline - 0.6 * layout::LINE * scale,
        width: 60.0 * scale,
        height: 0.6 * layout::LINE * scale,
    };
    let shades = (-20..=20).map(|step| diverging(f64::from(step) / 20.0, palette));
    if let Some(sheet) = Sheet::new((1, 41), shades) {
        sheet.draw(brush, 0, strip, false);
        outline(brush, strip, palette.muted, 0.5);
    }
    let after = strip.x + strip.width + 6.0;
    let said = "+max of each layer";
    text(brush, said, (after, baseline), LABEL, brush.size.width - after, (palette.muted, "left"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_the_layer_its_shape_and_its_scale() {
        let layer = Layer {
            number: 12,
            outputs: 64,
            inputs: 784,
            reach: 0.421_37,
            is_units: true,
            shape: (28, 28),
            cells: Vec::new(),
        };
        assert_eq!(titles(&layer), ["W₁₂ 64 × 784, ±0.421", "64 × 784, ±0.421", "64 × 784"]);
    }

    #[test]
    fn weights_are_measured_by_the_largest_of_their_layer() {
        assert_eq!((share(-0.5, 2.0), share(0.0, 0.0)), (-0.25, 0.0));
        assert_eq!(share(f64::NEG_INFINITY, 0.0), f64::NEG_INFINITY);
        assert!(share(f64::NAN, 1.0).is_nan());
    }
}
