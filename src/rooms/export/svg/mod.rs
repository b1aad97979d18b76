//! What is drawn on a canvas, as SVG: takes the calls of a canvas's context and writes them down.
//!
//! It knows the part of a context that the page's painters use, and no browser: `recording.rs` is
//! the object that the painters draw on, `markup.rs` says how values are written.

mod markup;

use std::{f64::consts::PI, fmt::Write as _};

use self::markup::{Font, escaped, number, outline, paint, rounded, window};

/// No move, no turn, no change of size.
const IDENTITY: [f64; 6] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// The properties of a context that are set, not called.
#[derive(Clone, Debug, PartialEq)]
pub struct Ink {
    /// `fillStyle`.
    pub fill: String,
    /// `strokeStyle`.
    pub stroke: String,
    /// `lineWidth`.
    pub line_width: f64,
    /// `lineJoin`.
    pub line_join: String,
    /// `lineCap`.
    pub line_cap: String,
    /// `font`.
    pub font: String,
    /// `textAlign`.
    pub align: String,
    /// `textBaseline`.
    pub baseline: String,
    /// `globalAlpha`.
    pub alpha: f64,
}

impl Default for Ink {
    /// Those of a new context.
    fn default() -> Self {
        Self {
            fill: "#000".to_owned(),
            stroke: "#000".to_owned(),
            line_width: 1.0,
            line_join: "miter".to_owned(),
            line_cap: "butt".to_owned(),
            font: "10px sans-serif".to_owned(),
            align: "start".to_owned(),
            baseline: "alphabetic".to_owned(),
            alpha: 1.0,
        }
    }
}

/// A rectangle: its corner, width and height.
pub type Rectangle = [f64; 4];

/// What `save` keeps.
#[derive(Clone, Debug)]
struct Kept {
    ink: Ink,
    dash: Vec<f64>,
    clips: usize,
    matrix: [f64; 6],
}

/// See the module's header.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// Elements, one after the other.
    parts: Vec<String>,
    /// The path that is being drawn, as the attribute `d`.
    path: String,
    dash: Vec<f64>,
    /// Clips that are open.
    clips: usize,
    matrix: [f64; 6],
    kept: Vec<Kept>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { parts: Vec::new(), path: String::new(), dash: Vec::new(), clips: 0, matrix: IDENTITY, kept: Vec::new() }
    }
}

impl Recorder {
    /// Keeps the state for `restore`.
    pub fn save(&mut self, ink: Ink) {
        self.kept.push(Kept { ink, dash: self.dash.clone(), clips: self.clips, matrix: self.matrix });
    }

    /// Brings back the state that was saved last, and returns its ink; nothing where none is left.
    pub fn restore(&mut self) -> Option<Ink> {
        let kept = self.kept.pop()?;
        self.parts.push("</g>".repeat(self.clips - kept.clips));
        (self.dash, self.clips, self.matrix) = (kept.dash, kept.clips, kept.matrix);
        Some(kept.ink)
    }

    /// What follows until the state is restored lies within the path. `number` is that of no other
    /// clip in the document.
    pub fn clip(&mut self, number: usize, ink: &Ink) {
        self.clips += 1;
        self.parts.push(format!(
            "<clipPath id=\"clip{number}\"><path d=\"{}\"{}/></clipPath><g clip-path=\"url(#clip{number})\">",
            self.path,
            self.common(ink)
        ));
    }

    /// Has points meant in another frame.
    pub fn set_transform(&mut self, matrix: [f64; 6]) {
        self.matrix = matrix;
    }

    /// Has points meant as they are.
    pub fn reset_transform(&mut self) {
        self.matrix = IDENTITY;
    }

    /// Has points meant in another frame within that of now.
    pub fn transform(&mut self, [a, b, c, d, e, f]: [f64; 6]) {
        let [p, q, r, s, t, u] = self.matrix;
        self.matrix =
            [p * a + r * b, q * a + s * b, p * c + r * d, q * c + s * d, p * e + r * f + t, q * e + s * f + u];
    }

    /// Lengths of dashes and gaps; none for whole lines.
    pub fn set_dash(&mut self, dash: Vec<f64>) {
        self.dash = dash;
    }

    /// Forgets the path.
    pub fn begin_path(&mut self) {
        self.path.clear();
    }

    /// Lifts the pen.
    pub fn move_to(&mut self, x: f64, y: f64) {
        self.go('M', x, y);
    }

    /// Draws a line; the first one of a path begins there.
    pub fn line_to(&mut self, x: f64, y: f64) {
        self.go(if self.path.is_empty() { 'M' } else { 'L' }, x, y);
    }

    fn go(&mut self, command: char, x: f64, y: f64) {
        let _ = write!(self.path, "{command}{} {}", number(x), number(y));
    }

    /// Goes back to the path's beginning.
    pub fn close_path(&mut self) {
        self.path.push('Z');
    }

    /// Adds a rectangle to the path.
    pub fn rect(&mut self, [x, y, width, height]: Rectangle) {
        self.move_to(x, y);
        let _ = write!(self.path, "h{}v{}h{}Z", number(width), number(height), number(-width));
    }

    /// Adds a part of a circle, clockwise, or all of it.
    pub fn arc(&mut self, (x, y): (f64, f64), radius: f64, from: f64, to: f64) {
        let r = number(radius);
        if (to - from).abs() < 2.0 * PI - 1e-6 {
            let at = |angle: f64| (x + radius * libm::cos(angle), y + radius * libm::sin(angle));
            let ((x0, y0), (x1, y1)) = (at(from), at(to));
            self.line_to(x0, y0);
            let is_large = u8::from(to - from > PI);
            let _ = write!(self.path, "A{r} {r} 0 {is_large} 1 {} {}", number(x1), number(y1));
            return;
        }
        self.move_to(x - radius, y);
        let d = number(2.0 * radius);
        let _ = write!(self.path, "a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0Z");
    }

    /// The attributes that every element has.
    fn common(&self, ink: &Ink) -> String {
        let mut common = String::new();
        if ink.alpha < 1.0 {
            let _ = write!(common, " opacity=\"{}\"", number(ink.alpha));
        }
        if self.matrix != IDENTITY {
            let parts = self.matrix.map(|part| rounded(part, 1e4).to_string());
            let _ = write!(common, " transform=\"matrix({})\"", parts.join(" "));
        }
        common
    }

    /// Fills the path.
    pub fn fill(&mut self, ink: &Ink) {
        if !self.path.is_empty() {
            let (color, common) = (paint("fill", &ink.fill), self.common(ink));
            self.parts.push(format!("<path d=\"{}\" {color}{common}/>", self.path));
        }
    }

    /// Draws the path's line.
    pub fn stroke(&mut self, ink: &Ink) {
        if self.path.is_empty() {
            return;
        }
        let dash = if self.dash.is_empty() {
            String::new()
        } else {
            let lengths: Vec<String> = self.dash.iter().map(|length| number(*length)).collect();
            format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
        };
        let (outline, common) = (outline(ink), self.common(ink));
        self.parts.push(format!(
            "<path d=\"{}\" fill=\"none\" {outline} stroke-linecap=\"{}\"{dash}{common}/>",
            self.path, ink.line_cap
        ));
    }

    /// Fills a rectangle; the path is gone then.
    pub fn fill_rect(&mut self, rectangle: Rectangle, ink: &Ink) {
        self.begin_path();
        self.rect(rectangle);
        self.fill(ink);
        self.begin_path();
    }

    /// Draws a rectangle's edge; the path is gone then.
    pub fn stroke_rect(&mut self, rectangle: Rectangle, ink: &Ink) {
        self.begin_path();
        self.rect(rectangle);
        self.stroke(ink);
        self.begin_path();
    }

    /// Writes a text.
    pub fn fill_text(&mut self, text: &str, at: (f64, f64), ink: &Ink) {
        self.text(text, at, &paint("fill", &ink.fill), ink);
    }

    /// Draws a text's outline.
    pub fn stroke_text(&mut self, text: &str, at: (f64, f64), ink: &Ink) {
        self.text(text, at, &format!("fill=\"none\" {}", outline(ink)), ink);
    }

    fn text(&mut self, text: &str, (x, y): (f64, f64), color: &str, ink: &Ink) {
        let font = Font::of(&ink.font);
        let below = match ink.baseline.as_str() {
            "bottom" => -0.21,
            "middle" => 0.35,
            "top" | "hanging" => 0.79,
            _ => 0.0,
        };
        let anchor = match ink.align.as_str() {
            "center" => "middle",
            "right" | "end" => "end",
            _ => "start",
        };
        let y = y + below * font.size.parse::<f64>().unwrap_or_default();
        let (x, y, size, family) = (number(x), number(y), font.size, escaped(font.family));
        let weight = font.weight.map_or_else(String::new, |weight| format!(" font-weight=\"{weight}\""));
        let (common, text) = (self.common(ink), escaped(text));
        self.parts.push(format!(
            "<text x=\"{x}\" y=\"{y}\" font-family=\"{family}\" font-size=\"{size}\"{weight} \
             text-anchor=\"{anchor}\" {color}{common}>{text}</text>"
        ));
    }

    /// Another recording, of `size` pixels, becomes a part of this one.
    pub fn draw_recording(&mut self, other: &Self, size: (f64, f64), place: Rectangle) {
        let content = other.parts.concat();
        self.parts.push(format!("{}{content}</svg>", window(place, [0.0, 0.0, size.0, size.1])));
    }

    /// The part `source` of a picture of `size` pixels, at an address such as that of its data.
    pub fn draw_pixels(
        &mut self,
        address: &str,
        (width, height): (f64, f64),
        source: Rectangle,
        place: Rectangle,
        ink: &Ink,
    ) {
        let (common, window) = (self.common(ink), window(place, source));
        self.parts.push(format!(
            "<g{common}>{window}<image width=\"{width}\" height=\"{height}\" \
             preserveAspectRatio=\"none\" href=\"{address}\"/></svg></g>"
        ));
    }

    /// All that was drawn on a canvas of `pixels`, as a document that is `size` large.
    /// `description` is for those who do not see it.
    pub fn document(&self, pixels: (f64, f64), size: (f64, f64), title: &str, description: &str) -> String {
        let ((across, down), (width, height)) = (pixels, size);
        let (title, description, content) = (escaped(title), escaped(description), self.parts.join("\n"));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {across} {down}\" role=\"img\">\n\
             <title>{title}</title>\n<desc>{description}</desc>\n{content}\n</svg>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one call, or a few, leave behind.
    fn recorded(draw: impl FnOnce(&mut Recorder, &Ink)) -> String {
        let mut recorder = Recorder::default();
        draw(&mut recorder, &Ink::default());
        recorder.parts.join("\n")
    }

    #[test]
    fn a_path_is_filled_and_stroked_as_it_is_drawn() {
        let drawn = recorded(|on, ink| {
            on.begin_path();
            on.line_to(1.0, 2.004);
            on.line_to(3.5, -4.0);
            on.close_path();
            on.fill(ink);
            on.set_dash(vec![5.0, 3.5]);
            on.stroke(&Ink { stroke: "#123456".to_owned(), line_width: 2.5, ..ink.clone() });
        });
        assert_eq!(
            drawn,
            "<path d=\"M1 2L3.5 -4Z\" fill=\"#000\"/>\n\
             <path d=\"M1 2L3.5 -4Z\" fill=\"none\" stroke=\"#123456\" stroke-width=\"2.5\" \
             stroke-linejoin=\"miter\" stroke-linecap=\"butt\" stroke-dasharray=\"5 3.5\"/>"
        );
        assert_eq!(recorded(|on, ink| (on.stroke(ink), on.fill(ink)).0), "", "there is no path yet");
    }

    #[test]
    fn rectangles_take_the_path_away() {
        let drawn = recorded(|on, ink| {
            on.move_to(9.0, 9.0);
            on.fill_rect([1.0, 2.0, 30.0, 4.0], ink);
            on.fill(ink);
        });
        assert_eq!(drawn, "<path d=\"M1 2h30v4h-30Z\" fill=\"#000\"/>");
    }

    #[test]
    fn circles_are_whole_or_parts() {
        let path = |from: f64, to: f64| {
            let mut recorder = Recorder::default();
            recorder.arc((10.0, 20.0), 5.0, from, to);
            recorder.path
        };
        assert_eq!(path(0.0, 2.0 * PI), "M5 20a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z");
        assert_eq!(path(0.0, 0.5 * PI), "M15 20A5 5 0 0 1 10 25");
        assert_eq!(path(0.0, 1.5 * PI), "M15 20A5 5 0 1 1 10 15");
    }

    #[test]
    fn frames_lie_within_frames_and_are_left_again() {
        let mut recorder = Recorder::default();
        let ink = Ink { alpha: 0.5, ..Ink::default() };
        recorder.set_transform([2.0, 0.0, 0.0, 2.0, 10.0, 0.0]);
        recorder.transform([1.0, 0.0, 0.0, 1.0, 3.0, 4.0]);
        assert_eq!(recorder.matrix, [2.0, 0.0, 0.0, 2.0, 16.0, 8.0]);
        recorder.transform([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]);
        assert_eq!(recorder.common(&ink), " opacity=\"0.5\" transform=\"matrix(0 2 -2 0 16 8)\"");
        recorder.reset_transform();
        assert_eq!(recorder.common(&Ink::default()), "");
    }

    #[test]
    fn what_is_clipped_ends_where_the_state_is_restored() {
        let mut recorder = Recorder::default();
        let ink = Ink { font: "12px Inter".to_owned(), ..Ink::default() };
        recorder.set_dash(vec![1.0]);
        recorder.save(ink.clone());
        recorder.set_dash(Vec::new());
        recorder.set_transform([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        recorder.rect([0.0, 0.0, 4.0, 4.0]);
        recorder.clip(7, &ink);
        assert_eq!(recorder.restore(), Some(ink));
        assert_eq!((recorder.dash.as_slice(), recorder.matrix, recorder.clips), ([1.0].as_slice(), IDENTITY, 0));
        assert_eq!(
            recorder.parts,
            [
                "<clipPath id=\"clip7\"><path d=\"M0 0h4v4h-4Z\" transform=\"matrix(2 0 0 2 0 0)\"/></clipPath>\
                 <g clip-path=\"url(#clip7)\">",
                "</g>"
            ]
        );
        assert_eq!(recorder.restore(), None);
    }

    #[test]
    fn a_text_has_its_face_and_stands_on_its_baseline() {
        let ink = Ink {
            font: "600 17px Inter, \"Segoe UI\"".to_owned(),
            align: "center".to_owned(),
            baseline: "top".to_owned(),
            ..Ink::default()
        };
        assert_eq!(
            recorded(|on, _| on.fill_text("a < b", (1.0, 2.0), &ink)),
            "<text x=\"1\" y=\"15.43\" font-family=\"Inter, &quot;Segoe UI&quot;\" font-size=\"17\" \
             font-weight=\"600\" text-anchor=\"middle\" fill=\"#000\">a &lt; b</text>"
        );
        let plain = recorded(|on, ink| on.stroke_text("λ₁", (0.0, 0.0), ink));
        assert!(plain.contains("font-size=\"10\" text-anchor=\"start\" fill=\"none\" stroke=\"#000\""), "{plain}");
    }

    #[test]
    fn recordings_and_pixels_become_parts_and_all_of_it_a_document() {
        let mut inner = Recorder::default();
        inner.fill_rect([0.0, 0.0, 2.0, 2.0], &Ink::default());
        let mut outer = Recorder::default();
        outer.draw_recording(&inner, (20.0, 10.0), [1.0, 2.0, 3.0, 4.0]);
        outer.draw_pixels("data:,", (8.0, 6.0), [0.5, 0.5, 7.0, 5.0], [0.0, 0.0, 9.0, 9.0], &Ink::default());
        assert_eq!(
            outer.document((30.0, 20.0), (3.0, 2.5), "A & B", "x > 0"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2.5\" viewBox=\"0 0 30 20\" role=\"img\">\n\
             <title>A &amp; B</title>\n\
             <desc>x &gt; 0</desc>\n\
             <svg x=\"1\" y=\"2\" width=\"3\" height=\"4\" viewBox=\"0 0 20 10\" preserveAspectRatio=\"none\" \
             overflow=\"hidden\"><path d=\"M0 0h2v2h-2Z\" fill=\"#000\"/></svg>\n\
             <g><svg x=\"0\" y=\"0\" width=\"9\" height=\"9\" viewBox=\"0.5 0.5 7 5\" preserveAspectRatio=\"none\" \
             overflow=\"hidden\"><image width=\"8\" height=\"6\" preserveAspectRatio=\"none\" href=\"data:,\"/></svg></g>\n\
             </svg>\n"
        );
    }
}
