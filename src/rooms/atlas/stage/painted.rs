//! Drawings on their canvases, with what their colors mean.

use flatland_atlas::paint::Range;
use flatland_drawing::Legend;
use wasm_bindgen::JsValue;
use web_sys::HtmlCanvasElement;

use super::{Inner, Map, Told};
use crate::{
    browser,
    chart::{canvas, palette::css},
    rooms::atlas::paint::{Painting, Style},
};

impl Inner {
    /// What the colors of drawings side by side mean.
    pub(super) fn legend_of(&self, maps: &[Map]) -> Legend {
        let (is_dark, range) = ((self.style)().is_dark(), range_of(maps));
        Legend::together(maps.iter().map(|map| map.sheet.legend(is_dark, range)).collect())
    }

    /// Paints what is known of the drawings on the screen.
    pub(super) fn paint(&mut self, told: &mut Vec<Told>) {
        self.is_paint_due = false;
        self.legend = self.legend_of(&self.maps);
        let (range, style) = (range_of(&self.maps), (self.style)());
        for map in &self.maps {
            if let Some(scratch) = &self.scratch
                && let Err(error) = self.paint_map(map, range, style, scratch)
            {
                told.push(Told::Complaint(format!("The map cannot be painted: {}.", browser::text_of(&error))));
            }
        }
        told.push(Told::Painted);
    }

    fn paint_map(&self, map: &Map, range: Range, style: Style, scratch: &HtmlCanvasElement) -> Result<(), JsValue> {
        let Some(element) = map.canvas.as_ref().filter(|_| map.number != 0) else { return Ok(()) };
        let Some(pen) = canvas::context(element) else { return Ok(()) };
        let ratio = f64::from(element.width()) / f64::from(element.client_width().max(1));
        pen.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
        pen.clear_rect(0.0, 0.0, f64::from(element.width()), f64::from(element.height()));
        let order = map.sheet.order();
        let place =
            |(at, name): &([f64; 2], String)| ([order.x.share(at[0]), 1.0 - order.y.share(at[1])], name.clone());
        let pins: Vec<_> = if map.sheet.is_diagram() { Vec::new() } else { self.pins.iter().map(place).collect() };
        let painting = Painting { sheet: &map.sheet, labels: &map.labels, range, pins: &pins, style };
        painting.paint(&pen, map.frame, scratch)?;
        if let Some(cursor) = map.cursor {
            let [x, y] = map.frame.place(cursor);
            pen.set_stroke_style_str(&css(style.palette.ink));
            pen.set_line_width(1.0);
            pen.stroke_rect(x - 5.5, y - 5.5, 11.0, 11.0);
        }
        Ok(())
    }
}

/// From where to where colors run: drawings side by side share one scale.
pub(super) fn range_of(maps: &[Map]) -> Range {
    maps.iter()
        .map(|map| map.sheet.range())
        .fold(Range::EMPTY, |all, range| Range { low: all.low.min(range.low), high: all.high.max(range.high) })
}
