//! Pictures to take away: one chart or the whole board, with title, legend, parameters and the
//! link. Drawn once, on a canvas for PNG or on a recording for SVG.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::axes;
use crate::{
    chart::{
        Size, canvas,
        palette::{FACE, Palette, Tone, css, dashes},
        panels,
    },
    lab::{Lab, Place, Surround, title_of},
    rooms::lines::lines,
};

const MARGIN: f64 = 20.0;
const GAP: f64 = 18.0;
/// Between two lines of the setting.
const LINE: f64 = 16.0;
/// Between two lines of the link.
const LINK_LINE: f64 = 13.0;
/// A panel's title stands so far above it.
const TITLE: f64 = 24.0;
/// The line before a name in the legend, with its gap.
const SAMPLE: f64 = 34.0;

/// The board's panels, in its order, with their sizes and what stands around them, in CSS pixels.
const BOARD: [(Place, f64, f64); 4] = [
    (Place::Chart(0), 520.0, 266.0),
    (Place::Landscape, 400.0, 266.0),
    (Place::Chart(1), 520.0, 266.0),
    (Place::Chart(2), 400.0, 266.0),
];
/// The size of a panel that is alone.
const ALONE: (f64, f64) = (720.0, 416.0);

/// The panels that a picture can be of, with their names in files and for people.
pub fn choices(lab: &Lab) -> Vec<(Place, String, String)> {
    let title = |place| lab.surround(place, Tone::Light).title;
    BOARD.iter().map(|(place, ..)| (*place, file_name(*place), title(*place))).collect()
}

/// The name that a part of the board has in files and for frames.
fn file_name(place: Place) -> String {
    match place {
        Place::Chart(slot) => format!("chart{}", slot + 1),
        Place::Landscape => "landscape".to_owned(),
    }
}

/// A run in the legend.
struct Entry {
    name: String,
    color: String,
    dashes: Option<(f64, f64)>,
}

/// What a picture shows.
pub struct Sheet {
    /// The objective's name.
    pub title: String,
    /// Parameters, start and budget in a line.
    pub setting: String,
    /// The address that restores what is shown.
    pub link: String,
    tone: Tone,
    panels: Vec<Panel>,
    runs: Vec<Entry>,
}

/// A panel of the board, with its size on paper.
struct Panel {
    place: Place,
    around: Surround,
    width: f64,
    height: f64,
}

/// A picture, and its size in CSS pixels.
pub struct Picture {
    /// Where it is drawn.
    pub canvas: HtmlCanvasElement,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Sheet {
    /// What is shown now: the whole board, or one of its panels.
    pub fn new(lab: &Lab, which: Option<Place>, tone: Tone) -> Self {
        let palette = Palette::new(tone);
        let panel = |(place, width, height): (Place, f64, f64)| Panel {
            place,
            around: lab.surround(place, tone),
            width,
            height,
        };
        let panels = match which {
            None => BOARD.into_iter().map(panel).collect(),
            Some(place) => vec![panel((place, ALONE.0, ALONE.1))],
        };
        let link = lab.address();
        lab.read(|session| {
            let experiment = session.experiment();
            let entry = |(index, run): (usize, &crate::session::Run)| Entry {
                name: panels::title(session, index),
                color: css(palette.run(run.color)),
                dashes: dashes(run.color),
            };
            Self {
                title: title_of(experiment).to_owned(),
                setting: flatland_export::words::setting(experiment),
                link,
                tone,
                panels,
                runs: session.runs().iter().enumerate().map(entry).collect(),
            }
        })
    }

    /// The picture in words, for those who do not see it.
    pub fn description(&self) -> String {
        let names: Vec<&str> = self.runs.iter().map(|run| run.name.as_str()).collect();
        format!("{}. Runs: {}. {}", self.setting, names.join("; "), self.link)
    }

    /// Draws the picture at `ratio` pixels to a CSS pixel, on a canvas that `canvas_of` makes for a
    /// width and a height. A recording takes another one as a part of itself, in its own pixels.
    ///
    /// # Errors
    ///
    /// What the browser says if it has no canvas of that size.
    pub fn draw(
        &self,
        lab: &Lab,
        ratio: f64,
        is_recording: bool,
        canvas_of: impl Fn(f64, f64) -> Result<HtmlCanvasElement, JsValue>,
    ) -> Result<Picture, JsValue> {
        let plan = Plan::new(self, &pen_of(&canvas::detached(1.0, 1.0)?)?);
        let canvas = canvas_of(plan.width * ratio, plan.height * ratio)?;
        let pen = pen_of(&canvas)?;
        let palette = Palette::new(self.tone);
        let [page, ink, muted] = [palette.page, palette.ink, palette.muted].map(css);
        let write = |words: &str, x: f64, y: f64, font: &str, color: &str| {
            pen.set_font(&format!("{font} {FACE}"));
            pen.set_fill_style_str(color);
            pen.set_text_align("left");
            pen.set_text_baseline("alphabetic");
            pen.fill_text(words, x, y)
        };
        pen.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
        pen.set_fill_style_str(&page);
        pen.fill_rect(0.0, 0.0, plan.width, plan.height);
        write(&self.title, MARGIN, MARGIN + 14.0, "600 17px", &ink)?;
        for (i, words) in plan.setting.iter().enumerate() {
            write(words, MARGIN, MARGIN + 34.0 + LINE * i as f64, "12px", &muted)?;
        }
        for (run, (x, y)) in self.runs.iter().zip(&plan.legend) {
            pen.set_stroke_style_str(&run.color);
            pen.set_line_width(2.5);
            pen.set_line_dash(&run.dashes.map_or_else(Array::new, |(on, off)| Array::of2(&on.into(), &off.into())))?;
            pen.begin_path();
            pen.move_to(*x, y - 4.0);
            pen.line_to(x + 26.0, y - 4.0);
            pen.stroke();
            pen.set_line_dash(&Array::new())?;
            write(&run.name, x + SAMPLE, *y, "12px", &ink)?;
        }
        for (panel, (x, y)) in self.panels.iter().zip(&plan.places) {
            write(&panel.around.title, *x, y + 14.0, "600 13px", &ink)?;
            let all = axes::Place { left: *x, top: y + TITLE, width: panel.width, height: panel.height };
            let axes::Place { left, top, width, height } = all.within(&panel.around);
            let part = canvas_of(width * ratio, height * ratio)?;
            // A recording has no pixels: its curves have the detail of a fine screen.
            let size = Size { width, height, ratio, device: ratio.min(2.0) };
            lab.draw_on(panel.place, &part, size, self.tone);
            let unit = if is_recording { ratio } else { 1.0 };
            if is_recording {
                pen.reset_transform()?;
            }
            pen.draw_image_with_html_canvas_element_and_dw_and_dh(
                &part,
                left * unit,
                top * unit,
                width * unit,
                height * unit,
            )?;
            pen.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
            axes::draw(&pen, &panel.around, all, axes::Place { left, top, width, height }, &palette)?;
        }
        for (i, words) in plan.link.iter().rev().enumerate() {
            write(words, MARGIN, plan.height - MARGIN + 6.0 - LINK_LINE * i as f64, "9.5px", &muted)?;
        }
        Ok(Picture { canvas, width: plan.width, height: plan.height })
    }
}

/// Where everything goes.
struct Plan {
    width: f64,
    height: f64,
    setting: Vec<String>,
    /// Where each run's entry begins.
    legend: Vec<(f64, f64)>,
    /// The corner of each panel.
    places: Vec<(f64, f64)>,
    link: Vec<String>,
}

impl Plan {
    fn new(sheet: &Sheet, pen: &CanvasRenderingContext2d) -> Self {
        let columns = sheet.panels.len().min(2);
        let widths: f64 = sheet.panels.iter().take(columns).map(|panel| panel.width).sum();
        let inner = widths + (columns.saturating_sub(1)) as f64 * GAP;
        let measure = |text: &str| pen.measure_text(text).map_or(0.0, |metrics| metrics.width());
        pen.set_font(&format!("12px {FACE}"));
        let setting = lines(&sheet.setting, inner, measure);
        // Entries of the legend flow like words.
        let (mut x, mut y) = (MARGIN, MARGIN + 26.0 + LINE * setting.len() as f64 + 16.0);
        let mut legend = Vec::new();
        for run in &sheet.runs {
            let wide = SAMPLE + measure(&run.name) + 20.0;
            if x > MARGIN && x + wide > MARGIN + inner {
                (x, y) = (MARGIN, y + 18.0);
            }
            legend.push((x, y));
            x += wide;
        }
        y += 22.0;
        let mut places = Vec::new();
        for row in sheet.panels.chunks(columns.max(1)) {
            let mut x = MARGIN;
            for panel in row {
                places.push((x, y));
                x += panel.width + GAP;
            }
            y += TITLE + row.first().map_or(0.0, |panel| panel.height) + 8.0;
        }
        pen.set_font(&format!("9.5px {FACE}"));
        // Where the page's type face is missing, the one in its place may be wider.
        let link = lines(&sheet.link, 0.92 * inner, measure);
        let height = (y + 8.0 + LINK_LINE * link.len() as f64 + MARGIN - 6.0).ceil();
        Self { width: inner + 2.0 * MARGIN, height, setting, legend, places, link }
    }
}

/// A canvas's context.
pub fn pen_of(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
    canvas::context(canvas).ok_or_else(|| JsValue::from("the browser has no canvas to draw on"))
}
