//! Images, each above what the network gives back.

use super::{LABEL, Sheet, color::mixed, first_fitting, layout, outline, text};
use crate::{
    chart::palette::Palette,
    landscape::brush::Brush,
    networks::view::{picture::Images, sentence::PARTS},
};

/// Draws as many pairs as have room.
pub fn paint(brush: &Brush, images: &Images, palette: &Palette) {
    let (scale, size) = (brush.type_scale, (brush.size.width, brush.size.height));
    let left = layout::GAP * scale;
    let part = PARTS.get(usize::from(images.is_test)).copied().unwrap_or_default();
    let captions = [format!("{part} samples, each above what is given back"), format!("{part}: seen, given back")];
    let room = size.0 - 2.0 * left;
    let caption = first_fitting(brush, &captions, room);
    text(brush, caption, (left, left + 0.8 * layout::LINE * scale), LABEL, room, (palette.muted, "left"));
    let colors = images.pairs.iter().flatten().flatten().map(|pixel| mixed(palette.page, palette.ink, *pixel));
    let Some(sheet) = Sheet::new(images.shape, colors) else { return };
    for (place, pair) in layout::pairs(size, scale, images.pairs.len()).into_iter().enumerate() {
        for (half, rect) in pair.into_iter().enumerate() {
            sheet.draw(brush, 2 * place + half, rect, false);
            outline(brush, rect, if half == 0 { palette.grid } else { palette.run(0) }, 1.0);
        }
    }
}
