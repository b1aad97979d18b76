//! The canvas that a chart is drawn on: its size in device pixels, and plotters' backend for it.

use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::chart::{Chart, Size, draw, palette::Palette};

/// Pixels of the drawing to a CSS pixel, at the least. plotters places lines on whole pixels: with two to a CSS pixel slow curves stay smooth.
const LEAST_RATIO: f64 = 2.0;

/// The size a canvas should have; `None` while it is too small on the page to draw on.
fn size_of(canvas: &HtmlCanvasElement, device: f64) -> Option<Size> {
    let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    let device = device.clamp(1.0, 4.0);
    let ratio = if device < LEAST_RATIO { LEAST_RATIO * device } else { device };
    (width >= 60.0 && height >= 40.0).then_some(Size { width, height, ratio, device })
}

fn store_of(size: Size) -> (u32, u32) {
    ((size.width * size.ratio) as u32, (size.height * size.ratio) as u32)
}

/// Whether the canvas's backing store does not fit its place on the page.
pub fn is_misfit(canvas: &HtmlCanvasElement, device: f64) -> bool {
    size_of(canvas, device).is_some_and(|size| (canvas.width(), canvas.height()) != store_of(size))
}

/// Makes the canvas's backing store fit its place on the page, and returns its size; `None` while it has none.
pub fn fit(canvas: &HtmlCanvasElement, device: f64) -> Option<Size> {
    let size = size_of(canvas, device)?;
    let (across, down) = store_of(size);
    if canvas.width() != across || canvas.height() != down {
        canvas.set_width(across);
        canvas.set_height(down);
    }
    Some(size)
}

/// The canvas's drawing context.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Clears the canvas and draws the chart.
pub fn paint(canvas: &HtmlCanvasElement, chart: &Chart<'_>, palette: &Palette, size: Size) {
    let Some(context) = context(canvas) else { return };
    // The landscape's painter leaves its own scale behind.
    let _ = context.reset_transform();
    context.clear_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    context.set_line_join("round");
    context.set_line_cap("butt");
    if let Some(mut backend) = CanvasBackend::with_canvas_object(canvas.clone()) {
        // The canvas backend fails only for shapes that a canvas cannot take, such as a negative radius.
        let _ = draw(&mut backend, chart, palette, size);
    }
}
