//! Paints the landscape on its canvas: terrain, the lines λ₁ = 2/η, trajectories with fading tails, the start.

use plotters::style::RGBColor;
use wasm_bindgen::{Clamped, JsCast as _};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::{
    chart::{
        Size,
        axis::{Axis, short},
        canvas,
        palette::Palette,
    },
    landscape::{Terrain, Window, contour::level_line, field},
    protocol::Quantity,
    session::{Run, Session},
};

/// Steps of a trajectory that are drawn in full, the last ones strongest.
const TAIL: usize = 240;
/// Groups of falling strength that the tail is drawn in.
const FADES: usize = 6;
/// Older steps drawn at the most, in pairs so that an oscillation keeps both its sides.
const OLDER: usize = 1_200;
/// Points of a graph that take part in its height; the rest may leave the picture.
const GRAPH_QUANTILE: f64 = 0.9;

/// A terrain turned into pixels once, drawn every frame.
pub struct Backdrop {
    canvas: HtmlCanvasElement,
}

impl Backdrop {
    /// Colors a terrain.
    pub fn new(terrain: &Terrain, size: Size, palette: &Palette) -> Option<Self> {
        let (width, height) = (size.width.ceil() as usize, size.height.ceil() as usize);
        let bytes = field::pixels(terrain, width, height, palette.tone());
        let image = ImageData::new_with_u8_clamped_array(Clamped(&bytes), width as u32).ok()?;
        let document = web_sys::window()?.document()?;
        let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
        canvas::context(&canvas)?.put_image_data(&image, 0.0, 0.0).ok()?;
        Some(Self { canvas })
    }
}

/// What is painted.
pub struct Scene<'a> {
    /// The runs and the time.
    pub session: &'a Session,
    /// The part of the plane.
    pub window: Window,
    /// What the worker has found there, once it has.
    pub terrain: Option<&'a Terrain>,
    /// Its pixels.
    pub backdrop: Option<&'a Backdrop>,
    /// Colors.
    pub palette: &'a Palette,
    /// Width of lines in CSS pixels.
    pub weight: f64,
}

/// Paints a landscape of two variables.
pub fn plane(on: &HtmlCanvasElement, scene: &Scene<'_>, size: Size) {
    let Some(context) = prepare(on, scene.palette, size) else { return };
    if let Some(backdrop) = scene.backdrop {
        let _ = context.draw_image_with_html_canvas_element_and_dw_and_dh(
            &backdrop.canvas,
            0.0,
            0.0,
            size.width,
            size.height,
        );
    }
    let brush = Brush { context: &context, size };
    if let Some(terrain) = scene.terrain {
        for run in scene.session.runs() {
            brush.threshold(run, scene.session.step() as usize, terrain, scene);
        }
    }
    let at = |x: f64, y: f64| brush.place(scene.window.fractions(x, y));
    for run in scene.session.runs() {
        let [x, y] = run.history.coordinates() else { continue };
        let now = (scene.session.step() as usize).min(run.history.len().saturating_sub(1));
        let point = |row: usize| match (x.get(row), y.get(row)) {
            (Some(x), Some(y)) if x.is_finite() && y.is_finite() => Some(at(x, y)),
            _ => None,
        };
        brush.trajectory(point, now, scene.palette.run(run.color), scene);
    }
    if let [x, y, ..] = scene.session.experiment().start[..] {
        brush.start(at(x, y), scene.palette);
    }
}

/// Paints the graph of an objective of one variable with the iterates on it.
pub fn graph(on: &HtmlCanvasElement, scene: &Scene<'_>, size: Size) {
    let Some(context) = prepare(on, scene.palette, size) else { return };
    let brush = Brush { context: &context, size };
    let Some(terrain) = scene.terrain else { return };
    let height = graph_axis(terrain);
    let (left, bottom) = (0.0, size.height - 18.0);
    let at = |x: f64, f: f64| {
        let (across, _) = scene.window.fractions(x, 0.0);
        (left + across * size.width, bottom - height.fraction(f).clamp(-0.2, 1.2) * (bottom - 12.0))
    };
    let [x_min, x_max, ..] = scene.window.bounds;
    for tick in Axis::linear(x_min, x_max).ticks(6) {
        let (x, _) = at(tick.value, 0.0);
        brush.line(&[(x, 0.0), (x, bottom)], scene.palette.grid, 1.0, 1.0);
        brush.label(&short(tick.value), (x, size.height - 4.0), scene.palette.muted, "center");
    }
    let points: Vec<(f64, f64)> = terrain
        .values
        .iter()
        .enumerate()
        .map(|(i, f)| at(scene.window.point(i as f64 / (terrain.columns - 1).max(1) as f64, 0.0).0, *f))
        .collect();
    brush.line(&points, scene.palette.ink, 0.85, 1.75);
    for run in scene.session.runs() {
        let Some(x) = run.history.coordinates().first() else { continue };
        let loss = run.history.series(Quantity::Loss);
        let now = (scene.session.step() as usize).min(run.history.len().saturating_sub(1));
        let point = |row: usize| match (x.get(row), loss.get(row)) {
            (Some(x), Some(f)) if x.is_finite() && f.is_finite() => Some(at(x, f)),
            _ => None,
        };
        brush.trajectory(point, now, scene.palette.run(run.color), scene);
    }
    let first_loss = scene.session.runs().first().and_then(|run| run.history.get(Quantity::Loss, 0));
    if let (Some(x), Some(f)) = (scene.session.experiment().start.first(), first_loss) {
        brush.start(at(*x, f), scene.palette);
    }
}

/// From the least value to the ninetieth percentile, with some room.
fn graph_axis(terrain: &Terrain) -> Axis {
    let mut sorted: Vec<f64> = terrain.values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.first().zip(sorted.get((sorted.len() as f64 * GRAPH_QUANTILE) as usize)) {
        Some((lo, hi)) if hi > lo => Axis::linear(lo - 0.06 * (hi - lo), hi + 0.1 * (hi - lo)),
        _ => Axis::linear(0.0, 1.0),
    }
}

fn prepare(on: &HtmlCanvasElement, palette: &Palette, size: Size) -> Option<CanvasRenderingContext2d> {
    let context = canvas::context(on)?;
    context.set_transform(size.ratio, 0.0, 0.0, size.ratio, 0.0, 0.0).ok()?;
    context.set_fill_style_str(&css(palette.page, 1.0));
    context.fill_rect(0.0, 0.0, size.width, size.height);
    context.set_line_join("round");
    context.set_line_cap("round");
    Some(context)
}

struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    size: Size,
}

impl Brush<'_> {
    fn place(&self, (across, down): (f64, f64)) -> (f64, f64) {
        // Far outside points would overflow the canvas's arithmetic; no line is seen to bend out there.
        let held = |share: f64, length: f64| (share.clamp(-50.0, 50.0)) * length;
        (held(across, self.size.width), held(down, self.size.height))
    }

    fn line(&self, points: &[(f64, f64)], color: RGBColor, opacity: f64, width: f64) {
        self.context.set_stroke_style_str(&css(color, opacity));
        self.context.set_line_width(width);
        self.context.begin_path();
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 0 {
                self.context.move_to(*x, *y);
            } else {
                self.context.line_to(*x, *y);
            }
        }
        self.context.stroke();
    }

    fn disc(&self, (x, y): (f64, f64), radius: f64, fill: &str, ring: &str, width: f64) {
        self.context.begin_path();
        // A positive radius is all that an arc asks for.
        let _ = self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
        self.context.set_fill_style_str(fill);
        self.context.fill();
        self.context.set_line_width(width);
        self.context.set_stroke_style_str(ring);
        self.context.stroke();
    }

    fn label(&self, text: &str, (x, y): (f64, f64), color: RGBColor, align: &str) {
        self.context.set_font(&format!("11px {}", crate::chart::FONT));
        self.context.set_fill_style_str(&css(color, 1.0));
        self.context.set_text_align(align);
        self.context.set_text_baseline("alphabetic");
        let _ = self.context.fill_text(text, x, y);
    }

    /// The dashed line λ₁ = 2/η of a run with a calm step size.
    fn threshold(&self, run: &Run, step: usize, terrain: &Terrain, scene: &Scene<'_>) {
        let row = step.min(run.history.len().saturating_sub(1));
        let before = row.saturating_sub(8);
        let Some(threshold) = run.history.threshold(row).filter(|t| t.is_finite()) else { return };
        if run.history.threshold(before) != Some(threshold) {
            return;
        }
        let segments = level_line(&terrain.sharpness, terrain.columns, terrain.rows, threshold);
        for (color, width, dashed) in [(scene.palette.page, 2.5, false), (scene.palette.run(run.color), 1.5, true)] {
            self.context.set_stroke_style_str(&css(color, if dashed { 1.0 } else { 0.75 }));
            self.context.set_line_width(width);
            self.context.begin_path();
            let mut drawn = 0.0;
            for [a, b] in &segments {
                let (a, b) = (self.place(*a), self.place(*b));
                let length = (b.0 - a.0).hypot(b.1 - a.1);
                // Segments are shorter than a dash: whole ones are drawn or left out.
                if !dashed || drawn % 9.0 < 5.5 {
                    self.context.move_to(a.0, a.1);
                    self.context.line_to(b.0, b.1);
                }
                drawn += length;
            }
            self.context.stroke();
        }
    }

    fn trajectory(&self, point: impl Fn(usize) -> Option<(f64, f64)>, now: usize, color: RGBColor, scene: &Scene<'_>) {
        let tail = now.saturating_sub(TAIL);
        let stride = (2 * tail).div_ceil(OLDER).max(2);
        let mut older: Vec<(f64, f64)> = Vec::new();
        for row in (0..tail).step_by(stride) {
            older.extend(point(row));
            older.extend(point(row + 1));
        }
        older.extend(point(tail));
        self.line(&older, color, 0.22, scene.weight * 0.7);
        for fade in 0..FADES {
            let from = tail + (now - tail) * fade / FADES;
            let to = tail + (now - tail) * (fade + 1) / FADES;
            let points: Vec<(f64, f64)> = (from..=to).filter_map(&point).collect();
            let opacity = 0.25 + 0.6 * (fade + 1) as f64 / FADES as f64;
            self.line(&points, color, opacity, scene.weight * 0.85);
        }
        if let Some(at) = point(now) {
            self.disc(at, 5.0, &css(color, 1.0), &css(RGBColor(255, 255, 255), 1.0), 1.75);
        }
    }

    fn start(&self, at: (f64, f64), palette: &Palette) {
        self.disc(at, 6.5, &css(palette.page, 0.55), &css(palette.ink, 1.0), 1.75);
        let near_right = at.0 > self.size.width - 130.0;
        let (offset, align) = if near_right { (-13.0, "right") } else { (13.0, "left") };
        self.label("start: drag me", (at.0 + offset, at.1 + 4.0), palette.ink, align);
    }
}

/// A color as CSS.
fn css(color: RGBColor, opacity: f64) -> String {
    format!("rgba({},{},{},{opacity})", color.0, color.1, color.2)
}
