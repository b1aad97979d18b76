//! Paints the landscape on its canvas: terrain, the lines λ₁ = 2/η, trajectories, the start, and a
//! ring where a step is looked at.

use flatland_engine::ensemble;
use plotters::style::RGBColor;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use crate::{
    chart::{Size, axis::Axis, canvas, decimal::Decimal, palette::Palette},
    landscape::{
        Terrain, Window,
        brush::{Brush, css},
        contour::level_line,
        relief::Relief,
        trail,
    },
    protocol::Quantity,
    session::{Run, Session},
    view_settings::{Layer, View},
};

/// The room that the legend takes in the lower left corner, in CSS pixels.
const LEGEND: (f64, f64) = (190.0, 44.0);

/// Points of a graph that take part in its height; the rest may leave the picture.
const GRAPH_QUANTILE: f64 = 0.9;

/// A terrain turned into pixels once, drawn every frame wherever it then lies.
pub struct Backdrop {
    canvas: HtmlCanvasElement,
    window: Window,
}

impl Backdrop {
    /// Colors a terrain; the sharpness around `threshold`.
    pub fn new(terrain: &Terrain, relief: &Relief, threshold: f64, size: Size, palette: &Palette) -> Option<Self> {
        let (width, height, bytes) = match relief.layer {
            // As many pixels as points: the browser interpolates, since this is done anew at every
            // step.
            Layer::Sharpness => (terrain.columns, terrain.rows, relief.around(threshold, palette.tone())),
            _ => {
                let (width, height) = (size.width.ceil() as usize, size.height.ceil() as usize);
                (width, height, relief.bands(terrain, width, height, palette.tone()))
            }
        };
        let image = ImageData::new_with_u8_clamped_array(Clamped(&bytes), width as u32).ok()?;
        let canvas = canvas::detached(width as f64, height as f64).ok()?;
        canvas::context(&canvas)?.put_image_data(&image, 0.0, 0.0).ok()?;
        Some(Self { canvas, window: terrain.window })
    }

    /// Draws it where its window lies in the one that is shown.
    fn draw(&self, brush: &Brush, shown: Window) {
        let [x0, x1, y0, y1] = self.window.bounds;
        let (left, top) = brush.place(shown.fractions(x0, y1));
        let (right, bottom) = brush.place(shown.fractions(x1, y0));
        // The grid's outermost points are the centers of the outermost pixels.
        let (across, down) = (f64::from(self.canvas.width()) - 1.0, f64::from(self.canvas.height()) - 1.0);
        let _ = brush.context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.canvas,
            0.5,
            0.5,
            across,
            down,
            left,
            top,
            right - left,
            bottom - top,
        );
    }
}

/// What is painted.
pub struct Scene<'a> {
    /// The runs and the time.
    pub session: &'a Session,
    /// How they are looked at.
    pub view: &'a View,
    /// The part of the plane.
    pub window: Window,
    /// What the worker has found there or nearby, once it has.
    pub terrain: Option<&'a Terrain>,
    /// Its pixels.
    pub backdrop: Option<&'a Backdrop>,
    /// The step under the pointer or pinned.
    pub looked_at: Option<u64>,
    /// Colors.
    pub palette: &'a Palette,
    /// Width of lines in CSS pixels.
    pub weight: f64,
    /// Where the pointer is, in fractions of the picture.
    pub pointer: Option<(f64, f64)>,
    /// Whether it is on the page. On a picture to take away numbers stand around it, and the
    /// start's label does not invite to drag it.
    pub is_on_page: bool,
}

impl Scene<'_> {
    /// The row of a run that is shown: that of the step, or its last.
    pub fn row(&self, run: &Run) -> usize {
        row(run, self.session.step())
    }

    /// The selected run.
    pub fn selected(&self) -> Option<&Run> {
        self.session.runs().get(self.view.selected)
    }

    fn style(&self, index: usize, run: &Run) -> trail::Style {
        trail::Style {
            color: self.palette.run(run.color),
            page: self.palette.page,
            weight: self.weight,
            is_ghost: self.view.ghosts.contains(&index),
            parity: self.view.parity,
            halo: self.view.layer == Layer::Sharpness && self.session.experiment().start.len() == 2,
        }
    }

    /// Draws every run's trail, the selected one last, and the rings.
    fn trails(&self, brush: &Brush, point: impl Fn(&Run, usize) -> Option<(f64, f64)>) {
        let selected = self.view.selected;
        // Ghosts lie under the others.
        for are_ghosts in [true, false] {
            let others = (0..self.session.runs().len()).rev().filter(|index| *index != selected);
            for index in others.chain([selected]) {
                let Some(run) = self.session.runs().get(index) else { continue };
                if self.view.ghosts.contains(&index) == are_ghosts {
                    trail::draw(brush, &|row| point(run, row), self.row(run), self.style(index, run));
                }
            }
        }
        let Some(step) = self.looked_at else { return };
        for run in self.session.runs() {
            if let Some(at) = point(run, row(run, step)) {
                brush.ring(at, 7.5, self.palette.run(run.color), self.palette.page);
            }
        }
    }
}

/// The row of a step, or the run's last where it has ended before.
pub fn row(run: &Run, step: u64) -> usize {
    (step as usize).min(run.history.len().saturating_sub(1))
}

/// Paints a landscape of two variables, and says where the start lies, in fractions of the canvas.
pub fn plane(on: &HtmlCanvasElement, scene: &Scene<'_>, size: Size) -> Option<(f64, f64)> {
    let brush = Brush::new(on, size, scene.view.type_scale())?;
    brush.clear(scene.palette);
    if let Some(backdrop) = scene.backdrop {
        backdrop.draw(&brush, scene.window);
    }
    if scene.is_on_page {
        numbers(&brush, scene);
    }
    if let Some(terrain) = scene.terrain {
        for (index, run) in scene.session.runs().iter().enumerate() {
            threshold(&brush, index, run, terrain, scene);
        }
    }
    scene.trails(&brush, |run, row| {
        let [x, y] = run.history.coordinates() else { return None };
        let (x, y) = (x.get(row)?, y.get(row)?);
        (x.is_finite() && y.is_finite()).then(|| brush.place(scene.window.fractions(x, y)))
    });
    coordinates(&brush, scene);
    other_starts(&brush, scene);
    let [x, y, ..] = scene.session.experiment().start[..] else { return None };
    Some(start(&brush, brush.place(scene.window.fractions(x, y)), scene))
}

/// Paints the graph of an objective of one variable with the iterates on it, and says where the
/// start lies, in fractions of the canvas.
pub fn graph(on: &HtmlCanvasElement, scene: &Scene<'_>, size: Size) -> Option<(f64, f64)> {
    let brush = Brush::new(on, size, scene.view.type_scale())?;
    brush.clear(scene.palette);
    let terrain = scene.terrain?;
    let height = graph_axis(terrain);
    let bottom = abscissa(&brush, scene);
    let top = if scene.is_on_page { brush.scaled(12.0) } else { 0.0 };
    let at = |x: f64, f: f64| {
        let (across, _) = brush.place(scene.window.fractions(x, 0.0));
        (across, bottom - height.fraction(f).clamp(-0.2, 1.2) * (bottom - top))
    };
    let grid = |i: usize| terrain.window.point(i as f64 / (terrain.columns - 1).max(1) as f64, 0.0).0;
    let points = terrain.values.iter().enumerate().map(|(i, f)| at(grid(i), *f));
    brush.line(points, scene.palette.ink, 0.85, scene.weight);
    scene.trails(&brush, |run, row| {
        let (x, f) = (run.history.coordinates().first()?.get(row)?, run.history.get(Quantity::Loss, row)?);
        (x.is_finite() && f.is_finite()).then(|| at(x, f))
    });
    coordinates(&brush, scene);
    let first_loss = scene.session.runs().first().and_then(|run| run.history.get(Quantity::Loss, 0));
    let (x, f) = (scene.session.experiment().start.first()?, first_loss.filter(|f| f.is_finite())?);
    Some(start(&brush, at(*x, f), scene))
}

/// A dot for each further start that the runs have.
fn other_starts(brush: &Brush, scene: &Scene<'_>) {
    if scene.session.experiment().ensemble.is_none() {
        return;
    }
    let members = ensemble::members(scene.session.experiment()).unwrap_or_default();
    for member in members.iter().skip(1) {
        if let [x, y, ..] = member.start[..] {
            let at = brush.place(scene.window.fractions(x, y));
            brush.disc(at, 2.0, (scene.palette.ink, 0.8), scene.palette.page, 0.75);
        }
    }
}

/// Short lines at round coordinates along the lower and the left edge, with their numbers. The
/// legend stands in the corner: what would lie under it is left out.
fn numbers(brush: &Brush, scene: &Scene<'_>) {
    let (width, height) = (brush.size.width, brush.size.height);
    let [x0, x1, y0, y1] = scene.window.bounds;
    let (ink, page) = (scene.palette.ink, scene.palette.page);
    let corner = (brush.scaled(LEGEND.0), height - brush.scaled(LEGEND.1));
    let room = |length: f64, least: f64| ((length / least / brush.type_scale) as usize).clamp(2, 8);
    for tick in Axis::linear(x0, x1).ticks(room(width, 70.0), 8.0).ticks {
        let (x, _) = brush.place(scene.window.fractions(tick.value, y0));
        if x > corner.0 && x < width - brush.scaled(16.0) {
            brush.line([(x, height - brush.scaled(5.0)), (x, height)], ink, 0.8, brush.scaled(1.0));
            brush.label_on_halo(&tick.label, (x, height - brush.scaled(8.0)), ink, page, "center");
        }
    }
    for tick in Axis::linear(y0, y1).ticks(room(height, 55.0), 8.0).ticks {
        let (_, y) = brush.place(scene.window.fractions(x0, tick.value));
        if y > brush.scaled(12.0) && y < corner.1 {
            brush.line([(0.0, y), (brush.scaled(5.0), y)], ink, 0.8, brush.scaled(1.0));
            brush.label_on_halo(&tick.label, (brush.scaled(8.0), y + brush.scaled(4.0)), ink, page, "left");
        }
    }
}

/// The coordinates under the pointer, to a pixel, in the upper right corner.
fn coordinates(brush: &Brush, scene: &Scene<'_>) {
    let Some((across, down)) = scene.pointer else { return };
    let (x, y) = scene.window.point(across, down);
    let [x0, x1, y0, y1] = scene.window.bounds;
    let names = scene.session.experiment().variables();
    let places = [(x, (x1 - x0) / brush.size.width), (y, (y1 - y0) / brush.size.height)];
    let words = names.iter().zip(places).map(|(name, (value, pixel))| {
        // As many digits as tell a pixel from its neighbor.
        let digits = if value == 0.0 { 1.0 } else { libm::log10(value.abs() / pixel).ceil() };
        format!("{name} = {}", Decimal::rounded(value, digits.clamp(1.0, 15.0) as usize).short())
    });
    let at = (brush.size.width - 8.0, brush.scaled(16.0));
    let (ink, page) = (scene.palette.ink, scene.palette.page);
    brush.label_on_halo(&words.collect::<Vec<_>>().join(", "), at, ink, page, "right");
}

/// Lines at round x, with their numbers below if it is on the page; where the lines end.
pub fn abscissa(brush: &Brush, scene: &Scene<'_>) -> f64 {
    let bottom = if scene.is_on_page { brush.size.height - brush.scaled(18.0) } else { brush.size.height };
    let [x_min, x_max, ..] = scene.window.bounds;
    let wanted = (brush.size.width / brush.scaled(60.0)) as usize;
    let labels = Axis::linear(x_min, x_max).ticks(wanted.clamp(2, 6), 9.0);
    for tick in labels.ticks {
        let (x, _) = brush.place(scene.window.fractions(tick.value, 0.0));
        brush.line([(x, 0.0), (x, bottom)], scene.palette.grid, 1.0, 1.0);
        if scene.is_on_page {
            brush.label(&tick.label, (x, brush.size.height - brush.scaled(4.0)), scene.palette.muted, "center");
        }
    }
    bottom
}

/// From the least value to the ninetieth percentile, with some room.
pub fn graph_axis(terrain: &Terrain) -> Axis {
    let mut sorted: Vec<f64> = terrain.values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.first().zip(sorted.get((sorted.len() as f64 * GRAPH_QUANTILE) as usize)) {
        Some((lo, hi)) if hi > lo => Axis::linear(lo - 0.06 * (hi - lo), hi + 0.1 * (hi - lo)),
        _ => Axis::linear(0.0, 1.0),
    }
}

/// The line where λ₁ is a run's threshold: dashed for a calm step size; whole, whatever it does,
/// where the sharpness is shown and the run is the selected one.
fn threshold(brush: &Brush, index: usize, run: &Run, terrain: &Terrain, scene: &Scene<'_>) {
    let row = scene.row(run);
    let Some(threshold) = run.history.threshold(row).filter(|t| t.is_finite()) else { return };
    let is_edge = scene.view.layer == Layer::Sharpness && index == scene.view.selected;
    let is_calm = run.history.threshold(row.saturating_sub(8)) == Some(threshold);
    if !is_edge && (!is_calm || scene.view.ghosts.contains(&index)) {
        return;
    }
    let segments = level_line(&terrain.sharpness, terrain.columns, terrain.rows, threshold);
    let place = |(across, down): (f64, f64)| {
        let (x, y) = terrain.window.point(across, down);
        brush.place(scene.window.fractions(x, y))
    };
    let strokes: [(RGBColor, f64, f64, bool); 2] = [
        (scene.palette.page, 0.75, 2.5, false),
        (scene.palette.run(run.color), 1.0, if is_edge { 2.0 } else { 1.5 }, !is_edge),
    ];
    for (color, opacity, width, dashed) in strokes {
        brush.context.set_stroke_style_str(&css(color, opacity));
        brush.context.set_line_width(brush.scaled(width));
        brush.context.begin_path();
        let mut drawn = 0.0;
        for [a, b] in &segments {
            let (a, b) = (place(*a), place(*b));
            // Segments are shorter than a dash: whole ones are drawn or left out.
            if !dashed || (drawn / brush.scaled(9.0)).fract() < 5.5 / 9.0 {
                brush.context.move_to(a.0, a.1);
                brush.context.line_to(b.0, b.1);
            }
            drawn += (b.0 - a.0).hypot(b.1 - a.1);
        }
        brush.context.stroke();
    }
}

/// The start's handle; returns its place in fractions of the canvas.
fn start(brush: &Brush, at: (f64, f64), &Scene { palette, is_on_page, .. }: &Scene<'_>) -> (f64, f64) {
    brush.disc(at, 6.5, (palette.page, 0.55), palette.ink, 1.75);
    // An invitation to the one person at the desk; the hall reads where it is.
    let is_inviting = is_on_page && brush.type_scale < 1.5;
    let near_right = at.0 > brush.size.width - 130.0;
    let (offset, align) = if near_right { (-13.0, "right") } else { (13.0, "left") };
    let label = if is_inviting { "start: drag me" } else { "start" };
    brush.label_on_halo(
        label,
        (at.0 + brush.scaled(offset), at.1 + brush.scaled(4.0)),
        palette.ink,
        palette.page,
        align,
    );
    (at.0 / brush.size.width, at.1 / brush.size.height)
}
