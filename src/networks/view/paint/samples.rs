//! The confusion matrix, and samples with what they are taken for.

use std::f64::consts::FRAC_PI_2;

use super::{LABEL, Sheet, color::mixed, fill, first_fitting, layout, outline, text};
use crate::{
    chart::palette::Palette,
    landscape::brush::Brush,
    networks::view::{
        picture::{Samples, Score},
        sentence::{PARTS, percent},
    },
};

/// Size of the matrix's numbers at the usual scale, and the width of a digit.
const NUMBER: (f64, f64) = (9.0, 5.7);

/// Draws both.
pub fn paint(brush: &Brush, samples: &Samples, palette: &Palette) {
    let (scale, size) = (brush.type_scale, (brush.size.width, brush.size.height));
    let heads = heads(&samples.scores, size.0, scale);
    for (place, head) in heads.iter().enumerate() {
        let baseline = layout::GAP * scale + (place as f64 + 0.8) * layout::LINE * scale;
        let left = layout::GAP * scale;
        text(brush, head, (left, baseline), LABEL, size.0 - 2.0 * left, (palette.ink, "left"));
    }
    let names = samples.names.get(..samples.classes).unwrap_or_default();
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let layout = layout::samples(size, scale, heads.len(), names.len(), longest, samples.tiles.len());
    matrix(brush, samples, &layout, palette);
    tiles(brush, samples, &layout, palette);
}

/// What is written above all, in one line if it fits.
fn heads(scores: &[Score; 2], width: f64, scale: f64) -> Vec<String> {
    let of = |part: usize| {
        let (score, name) = (scores.get(part)?, PARTS.get(part)?);
        let said = match score.right {
            _ if score.count == 0 => return None,
            Some(right) => format!("{name}: {right} of {} right ({})", score.count, percent(right, score.count)),
            None => format!("{name}: outputs are not finite"),
        };
        Some(said)
    };
    let parts: Vec<String> = [1, 0].into_iter().filter_map(of).collect();
    let line = parts.join(", ");
    if layout::text_width(&line, scale) <= width - 2.0 * layout::GAP * scale { vec![line] } else { parts }
}

fn matrix(brush: &Brush, samples: &Samples, layout: &layout::SamplesLayout, palette: &Palette) {
    let (scale, all, classes) = (brush.type_scale, layout.matrix, samples.classes);
    if classes == 0 || all.width <= 0.0 {
        return;
    }
    let side = all.width / classes as f64;
    let part = PARTS.get(usize::from(samples.is_test)).copied().unwrap_or_default();
    let (left, room) = (all.x - layout.names, all.width + layout.names);
    let captions = [format!("{part}: class ↓, taken for →"), format!("{part} ↓, taken for →"), format!("{part} ↓ →")];
    let caption = first_fitting(brush, &captions, room);
    text(brush, caption, (left, layout.caption), LABEL, room, (palette.muted, "left"));
    outline(brush, all, palette.muted, 1.0);
    // All numbers are written, or none: an empty cell would look like none at all.
    let widest = samples.matrix.iter().map(|count| count.to_string().len()).max().unwrap_or_default();
    let is_written = widest as f64 * NUMBER.1 * scale <= side - 1.0 && NUMBER.0 * scale <= side;
    // Every second name, or every third, where there is no room for all.
    let every = (layout::LINE * 0.85 * scale / side).ceil().max(1.0) as usize;
    for (class, counts) in samples.matrix.chunks_exact(classes).enumerate() {
        let total: f64 = counts.iter().sum();
        for (found, count) in counts.iter().enumerate() {
            let (x, y) = (all.x + found as f64 * side, all.y + class as f64 * side);
            let is_others = samples.has_others && class + 1 == classes;
            let color = match (class == found, is_others) {
                // Among the others right and wrong are not told apart.
                (true, true) => palette.muted,
                (true, false) => palette.run(0),
                (false, _) => palette.run(1),
            };
            // One of many is seen all the same.
            let share = if *count > 0.0 { 0.15 + 0.55 * count / total } else { 0.0 };
            let rect = layout::Rect { x, y, width: side, height: side };
            fill(brush, rect, mixed(palette.page, color, share));
            if *count > 0.0 && is_written {
                let at = (x + 0.5 * side, y + 0.5 * side + 0.35 * NUMBER.0 * scale);
                text(brush, &count.to_string(), at, NUMBER.0, side, (palette.ink, "center"));
            }
        }
        let name = samples.names.get(class).map_or("", String::as_str);
        if class % every == 0 {
            let middle = (class as f64 + 0.5) * side;
            let at = (all.x - 4.0, all.y + middle + 4.0 * scale);
            text(brush, name, at, LABEL, layout.names - 4.0, (palette.muted, "right"));
            if layout.is_upright {
                upright(brush, name, (all.x + middle + 4.0 * scale, all.y - 4.0), layout.above - 4.0, palette);
            } else {
                let at = (all.x + middle, all.y - 4.0 * scale);
                text(brush, name, at, LABEL, every as f64 * side - 2.0, (palette.muted, "center"));
            }
        }
    }
    for line in 1..classes {
        let at = line as f64 * side;
        brush.line([(all.x + at, all.y), (all.x + at, all.y + all.height)], palette.grid, 1.0, 0.5);
        brush.line([(all.x, all.y + at), (all.x + all.width, all.y + at)], palette.grid, 1.0, 0.5);
    }
}

/// A text that runs upward from a place.
fn upright(brush: &Brush, said: &str, (x, y): (f64, f64), room: f64, palette: &Palette) {
    let context = &brush.context;
    context.save();
    if context.translate(x, y).and_then(|()| context.rotate(-FRAC_PI_2)).is_ok() {
        text(brush, said, (0.0, 0.0), LABEL, room, (palette.muted, "left"));
    }
    context.restore();
}

fn tiles(brush: &Brush, samples: &Samples, layout: &layout::SamplesLayout, palette: &Palette) {
    let scale = brush.type_scale;
    let colors = samples.tiles.iter().flat_map(|tile| &tile.pixels);
    let colors = colors.map(|pixel| mixed(palette.page, palette.ink, *pixel));
    let Some(sheet) = Sheet::new(samples.image, colors) else { return };
    if layout.tiles.is_empty() {
        return;
    }
    let (left, baseline) = layout.tiles_caption;
    let room = brush.size.width - left;
    let captions = ["class → taken for", "class→found"].map(str::to_owned);
    let caption = first_fitting(brush, &captions, room);
    text(brush, caption, (left, baseline), LABEL, room, (palette.muted, "left"));
    for (place, (tile, rect)) in samples.tiles.iter().zip(&layout.tiles).enumerate() {
        let is_right = tile.truth == tile.prediction;
        sheet.draw(brush, place, *rect, false);
        outline(brush, *rect, if is_right { palette.grid } else { palette.run(1) }, 1.0);
        let name = |class: usize| samples.names.get(class).map_or("", String::as_str);
        let (said, color) = if is_right {
            (name(tile.truth).to_owned(), palette.muted)
        } else {
            (format!("{}→{}", name(tile.truth), name(tile.prediction)), palette.ink)
        };
        let at = (rect.x + 0.5 * rect.width, rect.y + rect.height + 11.0 * scale);
        text(brush, &said, at, LABEL, rect.width + 2.0, (color, "center"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_stand_in_one_line_where_they_fit() {
        let scores = [Score { right: Some(500), count: 500 }, Score { right: Some(1204), count: 1297 }];
        let wide = "test: 1204 of 1297 right (92.8 %), training: 500 of 500 right (100 %)";
        assert_eq!(heads(&scores, 900.0, 1.6), [wide]);
        assert_eq!(heads(&scores, 360.0, 1.0).len(), 2);
        let none = [Score { right: None, count: 5 }, Score { right: Some(0), count: 0 }];
        assert_eq!(heads(&none, 900.0, 1.0), ["training: outputs are not finite"]);
    }
}
