//! Drawings to take away: as a picture with title, axes, what the colors mean, the parameters and
//! the link, or as numbers.

use std::{fmt::Write as _, rc::Rc};

use flatland_atlas::{npy, paint::Range};
use flatland_drawing::{Legend, Sheet};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    legend,
    paint::{Frame, Painting, Style},
    room::Room,
};
use crate::{
    browser,
    chart::{
        canvas,
        palette::{FACE, css},
    },
    lab::title_of,
    numbers::{percent, raw},
    rooms::{files, lines::lines},
};

const MARGIN: f64 = 24.0;
/// From the top to the drawings, in CSS pixels.
const HEAD: f64 = 84.0;
/// Between a drawing's name and its top.
const NAME: f64 = 20.0;
/// A line of the legend.
const LINE: f64 = 20.0;
/// Kinds side by side.
const KINDS: usize = 3;
/// From the legend to the link, and below it.
const FOOT: [f64; 2] = [20.0, 16.0];
/// A line of the link.
const LINK_LINE: f64 = 14.0;
/// The link's letters.
const LINK_FONT: &str = "11px";
/// A picture is laid out as if its drawings were so many CSS pixels wide in all: then words have
/// the same size in all pictures.
const WIDTH: f64 = 800.0;
/// Numbers of a part of a CSV file.
const PART: usize = 100_000;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A picture.
    Png,
    /// Numbers for NumPy.
    Npy,
    /// Numbers as text.
    Csv,
}

/// What is to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// As what.
    pub format: Format,
    /// Pixels of a drawing across; None for as many as on the screen.
    pub width: Option<usize>,
    /// Pixels of a drawing up.
    pub height: Option<usize>,
    /// Whether all drawings that are side by side are wanted.
    pub is_all: bool,
}

/// Saves the drawings of a picture, which are complete; what there is to say at once.
pub fn save(room: &Rc<Room>, wish: &Wish) -> String {
    let name = room.lab.read(|session| files::name_of(session.experiment()));
    let name = format!("{name}-map");
    match wish.format {
        Format::Png => match save_picture(room, &format!("{name}.png")) {
            Ok(()) => String::new(),
            Err(error) => failed(&browser::text_of(&error)),
        },
        Format::Npy => save_numbers(room, &name, "npy", "application/octet-stream", |sheet, parts| {
            let (columns, rows) = sheet.size();
            let (numbers, depth) = sheet.numbers();
            parts.push(&Uint8Array::from(&npy::header(columns, rows, depth)[..]));
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            parts.push(&Uint8Array::from(&bytes[..]));
        }),
        Format::Csv => save_numbers(room, &name, "csv", "text/csv", |sheet, parts| {
            for part in csv(sheet) {
                parts.push(&part.into());
            }
        }),
    }
}

fn failed(why: &str) -> String {
    format!("The picture could not be made: {why}. Nothing was saved.")
}

/// Saves a file for each drawing.
fn save_numbers(room: &Room, name: &str, ending: &str, media_type: &str, write: impl Fn(&Sheet, &Array)) -> String {
    let saved = room.stage.with_picture(|maps, _, _| {
        for (place, (sheet, ..)) in maps.iter().enumerate() {
            let parts = Array::new();
            write(sheet, &parts);
            let number = if maps.len() > 1 { format!("-{}", place + 1) } else { String::new() };
            let Some(blob) = files::blob(&parts, media_type) else { return 0 };
            files::save(&format!("{name}{number}.{ending}"), &blob);
        }
        maps.len()
    });
    match saved {
        0 => failed("the browser has no room for it"),
        1 => "Saved.".to_owned(),
        count => format!("Saved: {count} files, a map each."),
    }
}

/// A drawing as comma-separated values, in parts: a row for each pixel, from the top left. Fates
/// have the numbers that the README lists.
fn csv(sheet: &Sheet) -> Vec<String> {
    let (columns, rows) = sheet.size();
    let order = sheet.order();
    let (numbers, depth) = sheet.numbers();
    let names = if depth == 1 { "hits" } else { "fate,number,last_1,last_2" };
    let mut parts = vec![format!("x,y,{names}\n")];
    let pixels: Vec<usize> = (0..columns * rows).collect();
    for part in pixels.chunks(PART) {
        let mut text = String::new();
        for pixel in part {
            let x = order.x.at_pixel(pixel % columns, columns);
            let y = order.y.at_pixel(rows - 1 - pixel / columns, rows);
            text.push_str(&raw(x));
            // Writing to a text cannot fail.
            let _ = write!(text, ",{}", raw(y));
            for number in &numbers[depth * pixel..][..depth] {
                let _ = write!(text, ",{}", shortest(*number));
            }
            text.push('\n');
        }
        parts.push(text);
    }
    parts
}

/// The shortest text that is read as the same number in single precision; nothing for what does not
/// exist.
fn shortest(number: f32) -> String {
    if number.is_finite() { number.to_string() } else { raw(f64::from(number)) }
}

fn save_picture(room: &Rc<Room>, name: &str) -> Result<(), JsValue> {
    let canvas = draw(room)?;
    let (room, name) = (room.clone(), name.to_owned());
    let taken = Closure::once_into_js(move |blob: JsValue| match blob.dyn_ref::<Blob>() {
        Some(blob) => {
            files::save(&name, blob);
            room.say("Saved.");
        }
        None => room.say(failed("the browser could not make a PNG of this size")),
    });
    canvas.to_blob(taken.unchecked_ref())
}

/// The picture with its words.
fn draw(room: &Room) -> Result<HtmlCanvasElement, JsValue> {
    let said = room.said();
    let experiment = &said.board.experiment;
    let words = Words {
        title: title_of(experiment).to_owned(),
        about: said.board.words(),
        setting: flatland_export::words::setting(experiment),
        link: room.address(),
    };
    let style = Style { palette: room.lab.palette(), zoom: 1.0 };
    room.stage.with_picture(|maps, range, legend| Sketch { maps, range, legend, words, style }.draw())
}

/// What is written around the drawings.
struct Words {
    title: String,
    about: String,
    setting: String,
    link: String,
}

struct Sketch<'a> {
    maps: &'a [(&'a Sheet, &'a str, &'a [String; 2])],
    range: Range,
    legend: &'a Legend,
    words: Words,
    style: Style,
}

/// A pen that knows where the paper ends.
struct Pen<'a> {
    context: &'a CanvasRenderingContext2d,
    right: f64,
}

impl Pen<'_> {
    /// Writes a line, cut off where it would leave the paper; how wide it is.
    fn write(&self, text: &str, [x, y]: [f64; 2], font: &str, color: &str, most: Option<f64>) -> Result<f64, JsValue> {
        self.context.set_font(&format!("{font} {FACE}"));
        self.context.set_fill_style_str(color);
        self.context.set_text_align("left");
        self.context.set_text_baseline("alphabetic");
        let most = most.unwrap_or(self.right - x);
        let measure = |text: &str| self.context.measure_text(text).map(|metrics| metrics.width());
        let mut shown = text.to_owned();
        if measure(&shown)? > most {
            let letters: Vec<char> = text.chars().collect();
            let cut = |count: usize| format!("{}…", letters[..count].iter().collect::<String>());
            // How many letters fit, by halving.
            let (mut low, mut high) = (0, letters.len());
            while high - low > 1 {
                let middle = (low + high) / 2;
                if measure(&cut(middle))? > most { high = middle } else { low = middle }
            }
            shown = cut(low);
        }
        self.context.fill_text(&shown, x, y)?;
        measure(&shown)
    }
}

impl Sketch<'_> {
    fn draw(&self) -> Result<HtmlCanvasElement, JsValue> {
        let across = columns(self.maps.len());
        let down = self.maps.len().div_ceil(across);
        let Some((first, ..)) = self.maps.first() else { return Err("there is no map".into()) };
        let (columns, rows) = first.size();
        let ratio = ((across * columns) as f64 / WIDTH).max(1.0);
        let [beside, around] = Frame::around(self.style.zoom);
        let size = [columns as f64 / ratio + beside, rows as f64 / ratio + around];
        let name = if self.maps.len() > 1 { NAME } else { 0.0 };
        let kinds: Vec<_> = self.legend.kinds.iter().filter(|kind| kind.share != Some(0.0)).collect();
        let entries = kinds.len() + usize::from(self.legend.curve.is_some());
        let rows_of_legend = entries.div_ceil(KINDS) + usize::from(self.legend.scale.is_some());
        let width = (across as f64 * size[0]).max(0.5 * WIDTH) + MARGIN;
        let legend_top = HEAD + down as f64 * (size[1] + name) + LINE;
        let paper = canvas::detached(1.0, 1.0)?;
        let context = canvas::context(&paper).ok_or("the browser has no canvas")?;
        context.set_font(&format!("{LINK_FONT} {FACE}"));
        let measure = |text: &str| context.measure_text(text).map_or(0.0, |metrics| metrics.width());
        // Where the page's type face is missing, the one in its place may be wider.
        let link = lines(&self.words.link, 0.95 * (width - 2.0 * MARGIN), measure);
        let link_top = legend_top + LINE * rows_of_legend as f64 + FOOT[0];
        let height = link_top + LINK_LINE * link.len() as f64 + FOOT[1];
        paper.set_width((width * ratio).round() as u32);
        paper.set_height((height * ratio).round() as u32);
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
        context.set_fill_style_str(&css(self.style.palette.page));
        context.fill_rect(0.0, 0.0, width, height);
        let pen = Pen { context: &context, right: width - MARGIN };
        let [ink, muted] = [self.style.palette.ink, self.style.palette.muted].map(css);
        let title = match self.maps {
            [(_, title, _)] => format!("{}: {title}", self.words.title),
            _ => self.words.title.clone(),
        };
        pen.write(&title, [MARGIN, 34.0], "600 17px", &ink, None)?;
        pen.write(&self.words.about, [MARGIN, 54.0], "12px", &muted, None)?;
        pen.write(&self.words.setting, [MARGIN, 71.0], "12px", &muted, None)?;
        let scratch = canvas::detached(1.0, 1.0)?;
        for (place, (sheet, title, labels)) in self.maps.iter().enumerate() {
            let left = (place % across) as f64 * size[0];
            let top = HEAD + (place / across) as f64 * (size[1] + name);
            if name > 0.0 {
                let most = Some(size[0] - MARGIN);
                pen.write(title, [left + MARGIN, top + 12.0], "600 13px", &ink, most)?;
            }
            let frame = Frame::within(size[0], size[1], self.style.zoom);
            let frame = Frame { left: frame.left + left, top: frame.top + top + name, ..frame };
            let painting = Painting { sheet, labels, range: self.range, pins: &[], style: self.style };
            painting.paint(&context, frame, &scratch)?;
        }
        self.write_legend(&pen, &kinds, legend_top, &ink)?;
        for (i, words) in link.iter().enumerate() {
            pen.write(words, [MARGIN, link_top + LINK_LINE * i as f64], LINK_FONT, &muted, None)?;
        }
        Ok(paper)
    }

    fn write_legend(
        &self,
        pen: &Pen<'_>,
        kinds: &[&flatland_drawing::Kind],
        top: f64,
        ink: &str,
    ) -> Result<(), JsValue> {
        let context = pen.context;
        let mut y = top;
        let swatch = |colors: &[[u8; 3]], x: f64, y: f64, width: f64| {
            let part = width / colors.len().max(1) as f64;
            for (i, color) in colors.iter().enumerate() {
                context.set_fill_style_str(&legend::css(*color));
                // A little wider, so that no gap is seen between them.
                context.fill_rect(x + part * i as f64, y - 10.0, part + 0.5, 12.0);
            }
        };
        if let Some(scale) = &self.legend.scale {
            let [low, high] = legend::ends(scale);
            let begin = pen.write(&format!("{}: {low}", scale.label), [MARGIN, y], "12px", ink, None)?;
            let (x, width) = (MARGIN + begin + 8.0, 192.0);
            swatch(&scale.colors, x, y, width);
            for mark in &scale.marks {
                let at = x + mark.share * width;
                context.set_fill_style_str(ink);
                context.fill_rect(at - 0.75, y - 13.0, 1.5, 18.0);
                pen.write(mark.label, [at + 3.0, y - 14.0], "10px", ink, None)?;
            }
            pen.write(&high, [x + width + 8.0, y], "12px", ink, None)?;
            y += LINE;
        }
        let column = (pen.right - MARGIN) / KINDS as f64;
        for (i, kind) in kinds.iter().enumerate() {
            let x = MARGIN + (i % KINDS) as f64 * column;
            let line = y + LINE * (i / KINDS) as f64;
            swatch(&kind.colors, x, line, 12.0);
            let text = match kind.share {
                Some(share) => format!("{}: {}", kind.label, percent(share)),
                None => kind.label.clone(),
            };
            pen.write(&text, [x + 18.0, line], "12px", ink, Some(column - 24.0))?;
        }
        if let Some(curve) = self.legend.curve {
            let (i, x) = (kinds.len(), MARGIN + (kinds.len() % KINDS) as f64 * column);
            let line = y + LINE * (i / KINDS) as f64;
            context.set_fill_style_str(ink);
            context.fill_rect(x - 2.0, line - 5.0, 7.0, 1.5);
            context.fill_rect(x + 8.0, line - 5.0, 7.0, 1.5);
            pen.write(curve, [x + 18.0, line], "12px", ink, Some(column - 24.0))?;
        }
        Ok(())
    }
}

/// Drawings in a row.
fn columns(count: usize) -> usize {
    match count {
        0 | 1 => 1,
        2..=4 => 2,
        5 | 6 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use flatland_atlas::{Axis, Measure, Scale};
    use flatland_drawing::{Crew, Order};
    use flatland_engine::Experiment;

    use super::*;

    #[test]
    fn numbers_leave_with_their_places_and_in_few_digits() {
        let json = r#"{"version":1,"objective":{"name":"double-well"},"start":[0.3],"runs":[{"policy":{"name":"constant","eta":0.5}}],"steps":100}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let axis = |field: &str, from, to| Axis { field: field.to_owned(), from, to, scale: Scale::Linear };
        let order = Order {
            run: 0,
            x: axis("runs[0].policy.eta", 0.25, 0.75),
            y: axis("start[0]", -2.0, 2.0),
            measure: Some(Measure::Sharpness),
            steps: None,
            limits: None,
        };
        let mut sheet = Sheet::new(&experiment, order.clone(), 1, 2).expect("a sheet");
        let work = sheet.work();
        let numbers = Crew::new(&experiment, &order, 1, 2).expect("a crew").compute(&work);
        sheet.put(&work, &numbers);
        let text = csv(&sheet).concat();
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[0], "x,y,fate,number,last_1,last_2");
        // λ₁ = 3x² − 1 = 2 at the minimizers ±1, and a point of one variable has no second
        // coordinate.
        let fields: Vec<Vec<f64>> = rows[1..]
            .iter()
            .map(|row| row.split(',').map(|field| field.parse().expect("a number")).collect())
            .collect();
        assert_eq!(fields.len(), 2);
        for (row, start) in fields.iter().zip([1.0, -1.0]) {
            assert_eq!(row[..3], [0.5, start, 1.0]);
            assert!((row[3] - 2.0).abs() < 1e-5 && (row[4] - start).abs() < 1e-6, "{row:?}");
        }
        assert_eq!(
            (shortest(0.1), shortest(f32::NAN), shortest(f32::INFINITY)),
            ("0.1".into(), String::new(), "inf".into())
        );
    }
}
