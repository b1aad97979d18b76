//! The canvas that a chart is drawn on: its size in device pixels, and plotters' backend for it.

use plotters_canvas::CanvasBackend;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::chart::{Chart, Size, draw, palette::Palette};

/// Pixels of the drawing to a CSS pixel, at the least. plotters places lines on whole pixels: with
/// two to a CSS pixel slow curves stay smooth.
const LEAST_RATIO: f64 = 2.0;

/// CSS pixels beyond which no screen reaches. Without its style sheet a canvas is as large as its
/// backing store, and would grow without end.
const MOST_PIXELS: f64 = 8192.0;

/// The size a canvas should have; `None` while it is too small on the page, or too large for any
/// screen, to draw on.
fn size_of(canvas: &HtmlCanvasElement, device: f64) -> Option<Size> {
    let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    let device = device.clamp(1.0, 4.0);
    let ratio = if device < LEAST_RATIO { LEAST_RATIO * device } else { device };
    let fits = (60.0..=MOST_PIXELS).contains(&width) && (40.0..=MOST_PIXELS).contains(&height);
    fits.then_some(Size { width, height, ratio, device })
}

fn store_of(size: Size) -> (u32, u32) {
    ((size.width * size.ratio) as u32, (size.height * size.ratio) as u32)
}

/// Whether the canvas's backing store does not fit its place on the page.
pub fn is_misfit(canvas: &HtmlCanvasElement, device: f64) -> bool {
    size_of(canvas, device).is_some_and(|size| (canvas.width(), canvas.height()) != store_of(size))
}

/// Makes the canvas's backing store fit its place on the page, and returns its size; `None` while
/// it has none.
pub fn fit(canvas: &HtmlCanvasElement, device: f64) -> Option<Size> {
    let size = size_of(canvas, device)?;
    let (across, down) = store_of(size);
    if canvas.width() != across || canvas.height() != down {
        canvas.set_width(across);
        canvas.set_height(down);
    }
    Some(size)
}

/// A canvas of so many pixels that is on no page.
///
/// # Errors
///
/// What the browser says if there can be none.
pub fn detached(width: f64, height: f64) -> Result<HtmlCanvasElement, JsValue> {
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.ok_or_else(|| JsValue::from("the page is gone"))?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(width.round() as u32);
    canvas.set_height(height.round() as u32);
    Ok(canvas)
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
        let measure = |text: &str, font: &str| {
            context.set_font(font);
            // What cannot be measured is taken for fitting.
            context.measure_text(text).map_or(0.0, |text| text.width())
        };
        // The canvas backend fails only for shapes that a canvas cannot take, such as a negative
        // radius.
        let _ = draw(&mut backend, chart, palette, size, &measure);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use plotters::style::RGBColor;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;
    use crate::{
        chart::{
            Line,
            axis::Axis,
            palette::Tone,
            ticks::Ticks,
            trace::{Map, Source},
        },
        session::series::Series,
    };

    wasm_bindgen_test_configure!(run_in_browser);

    const RED: RGBColor = RGBColor(255, 0, 0);

    fn canvas_on_page() -> HtmlCanvasElement {
        let document = web_sys::window().and_then(|window| window.document()).expect("a document");
        let canvas: HtmlCanvasElement =
            document.create_element("canvas").expect("a canvas").dyn_into().expect("a canvas");
        canvas.set_attribute("style", "display: block; width: 500px; height: 200px").expect("an attribute");
        document.body().expect("a body").append_child(&canvas).expect("on the page");
        canvas
    }

    /// The rows of the canvas, from the top, in which a column of the screen shows red.
    fn red_rows(canvas: &HtmlCanvasElement, x: u32) -> Vec<u32> {
        let height = canvas.height();
        let image = context(canvas).expect("a context").get_image_data(f64::from(x), 0.0, 1.0, f64::from(height));
        let bytes = image.expect("pixels").data().0;
        (0..height).filter(|row| bytes[4 * *row as usize] > 150 && bytes[4 * *row as usize + 1] < 100).collect()
    }

    #[wasm_bindgen_test]
    fn a_single_spike_among_a_million_rows_is_on_the_screen() {
        let canvas = canvas_on_page();
        let mut series = Series::default();
        let rows = 1_000_000;
        for row in 0..rows {
            series.push(if row == 654_321 { 10.0 } else { 1.0 });
        }
        let chart = Chart {
            lines: vec![Line {
                source: Source {
                    series: &series,
                    ticks: Ticks::Rows,
                    end: rows,
                    map: Map::Itself,
                    stepped: false,
                    bridged: false,
                },
                color: RED,
                opacity: 1.0,
                width: 1.5,
                dashes: None,
                label: String::new(),
            }],
            ..Chart::new(Axis::linear(0.0, rows as f64), Axis::linear(0.0, 10.0))
        };
        let size = fit(&canvas, 1.0).expect("a size");
        paint(&canvas, &chart, &Palette::new(Tone::Light), size);
        let plot = chart.plot(size);
        let spike = plot.x(&chart.x, 654_321.0) as u32;
        // Two pixels either way: a line is that wide.
        let tops: Vec<u32> = (spike - 3..=spike + 3).filter_map(|x| red_rows(&canvas, x).first().copied()).collect();
        let top = tops.iter().min().copied().expect("the line is drawn");
        assert!(f64::from(top) <= plot.top + 4.0, "the spike reaches {top}, not {}", plot.top);
        let elsewhere = red_rows(&canvas, spike - 60);
        assert!(elsewhere.iter().all(|row| f64::from(*row) > plot.y(&chart.y, 2.0)), "{elsewhere:?}");
    }

    #[wasm_bindgen_test]
    fn the_backing_store_follows_the_canvas_on_the_page() {
        let canvas = canvas_on_page();
        assert!(is_misfit(&canvas, 1.5));
        let size = fit(&canvas, 1.5).expect("a size");
        assert_eq!((canvas.width(), canvas.height()), (1500, 600));
        assert_eq!(size.ratio / size.device, 2.0);
        assert!(!is_misfit(&canvas, 1.5));
    }
}
