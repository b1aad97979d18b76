//! The plane with the runs on it as a small picture, or the graph of one variable with its iterates.

use flatland::chart::palette::Palette;
use flatland::landscape::contour::level_line;
use flatland::landscape::paint::{graph_axis, row};
use flatland::landscape::relief::Relief;
use flatland::landscape::{Terrain, Window, home::home};
use flatland::protocol::Quantity;
use flatland::session::{Run, Session};
use flatland::view_settings::{Layer, View};
use flatland_engine::experiment::FieldError;
use flatland_engine::survey::{Grid, survey};
use plotters::style::RGBColor;

use super::drawing::{Drawing, SIZE, Stroke};

/// Points of the grid across and down.
const GRID: (usize, usize) = (193, 121);
/// Iterates of a run that are drawn, the last ones.
const TRAIL: usize = 1500;
/// Iterates that are dots, where there is room.
const DOTS: usize = 40;
/// Around a graph, in CSS pixels.
const MARGIN: f64 = 8.0;

/// Draws the plane, or the graph, of the session.
pub fn draw(session: &Session, view: &View, palette: &Palette) -> Result<Drawing, FieldError> {
    let experiment = session.experiment();
    let window = view.window.and_then(Window::checked).unwrap_or_else(|| home(experiment));
    let is_graph = experiment.start.len() == 1;
    let (columns, rows) = (GRID.0, if is_graph { 1 } else { GRID.1 });
    let Grid { values, sharpness, gradient, minimum } = survey(experiment, window.bounds, columns, rows)?;
    let minimum = minimum.unwrap_or(f64::NAN);
    let terrain = Terrain { id: 0, window, columns, rows, values, sharpness, gradient, minimum };
    let mut picture = Picture { drawing: Drawing::default(), session, view, palette };
    if is_graph {
        picture.graph(&terrain);
    } else {
        picture.plane(&terrain);
    }
    Ok(picture.drawing)
}

struct Picture<'a> {
    drawing: Drawing,
    session: &'a Session,
    view: &'a View,
    palette: &'a Palette,
}

impl Picture<'_> {
    fn plane(&mut self, terrain: &Terrain) {
        let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
        let threshold = self.selected().and_then(|run| run.history.threshold(row(run, self.session.step())));
        let tone = self.palette.tone();
        let (bytes, width, height) = match threshold.filter(|threshold| threshold.is_finite() && *threshold > 0.0) {
            Some(threshold) if self.view.layer == Layer::Sharpness => {
                let relief = Relief::new(terrain, Layer::Sharpness);
                (relief.around(threshold, tone), terrain.columns, terrain.rows)
            }
            _ => {
                let layer = if self.view.layer == Layer::Gradient { Layer::Gradient } else { Layer::Loss };
                (Relief::new(terrain, layer).bands(terrain, width, height, tone), width, height)
            }
        };
        if let Ok(png) = png(&bytes, width, height) {
            self.drawing.pixels(&png);
        }
        for run in self.session.runs() {
            let now = row(run, self.session.step());
            let threshold = run.history.threshold(now).filter(|threshold| threshold.is_finite());
            if let Some(threshold) = threshold.filter(|t| run.history.threshold(now.saturating_sub(8)) == Some(*t)) {
                let place = |(across, down): (f64, f64)| (across * SIZE.0, down * SIZE.1);
                let line = level_line(&terrain.sharpness, terrain.columns, terrain.rows, threshold);
                let color = self.palette.run(run.color);
                self.drawing.segments(
                    line.into_iter().map(|[a, b]| [place(a), place(b)]),
                    Stroke { color, opacity: 0.9, width: 1.2, dashes: None },
                );
            }
        }
        let window = terrain.window;
        self.trails(|run, row| {
            let [x, y] = run.history.coordinates() else { return None };
            let (across, down) = window.fractions(x.get(row)?, y.get(row)?);
            Some((across * SIZE.0, down * SIZE.1))
        });
    }

    fn graph(&mut self, terrain: &Terrain) {
        let height = graph_axis(terrain);
        let at = |x: f64, f: f64| {
            let (across, _) = terrain.window.fractions(x, 0.0);
            (across * SIZE.0, SIZE.1 - MARGIN - height.fraction(f).clamp(-0.5, 1.5) * (SIZE.1 - 2.0 * MARGIN))
        };
        let last = (terrain.columns - 1).max(1) as f64;
        let x = |place: usize| terrain.window.point(place as f64 / last, 0.0).0;
        let points: Vec<_> = terrain.values.iter().enumerate().map(|(place, f)| at(x(place), *f)).collect();
        let color = self.palette.ink;
        for piece in points.split(|(_, y)| !y.is_finite()) {
            self.drawing.line(piece, Stroke { color, opacity: 0.85, width: 2.0, dashes: None });
        }
        self.trails(|run, row| {
            let (x, f) = (run.history.coordinates().first()?.get(row)?, run.history.get(Quantity::Loss, row)?);
            Some(at(x, f))
        });
    }

    fn selected(&self) -> Option<&Run> {
        self.session.runs().get(self.view.selected)
    }

    /// Every run's trail, the selected one last.
    fn trails(&mut self, point: impl Fn(&Run, usize) -> Option<(f64, f64)>) {
        let selected = self.view.selected;
        let runs = self.session.runs();
        let others = (0..runs.len()).rev().filter(|index| *index != selected);
        for index in others.chain([selected]) {
            let Some(run) = runs.get(index) else { continue };
            let now = row(run, self.session.step());
            let near = |at: &(f64, f64)| at.0.is_finite() && at.1.is_finite();
            // What lies far outside is cut off where it is drawn.
            let held = |(x, y): (f64, f64)| (x.clamp(-1e4, 1e4), y.clamp(-1e4, 1e4));
            let points: Vec<_> =
                (now.saturating_sub(TRAIL)..=now).map_while(|row| point(run, row).filter(near)).map(held).collect();
            let color = self.palette.run(run.color);
            self.drawing.line(&points, Stroke { color: self.palette.page, opacity: 0.4, width: 3.0, dashes: None });
            self.drawing.line(&points, Stroke { color, opacity: 0.85, width: 1.5, dashes: None });
            for at in &points[points.len().saturating_sub(DOTS)..] {
                self.drawing.disc(*at, 1.6, (color, 1.0), color);
            }
            if let Some(at) = points.last() {
                self.drawing.disc(*at, 4.0, (color, 1.0), RGBColor(255, 255, 255));
            }
        }
        let start = runs.first().and_then(|run| point(run, 0));
        if let Some(at) = start.filter(|at| at.0.is_finite() && at.1.is_finite()) {
            self.drawing.disc(at, 5.0, (self.palette.page, 0.55), self.palette.ink);
        }
    }
}

/// RGBA pixels as a PNG without the opacity, which is 1 everywhere.
fn png(rgba: &[u8], width: usize, height: usize) -> Result<Vec<u8>, png::EncodingError> {
    let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(file)
}
