//! The Lab's side of the landscape and of the other scenes: what is asked of the workers for them,
//! and what a person does to them.
//!
//! One survey is under way at most: while the picture is moved, the old terrain is drawn where it
//! lies in the new window, and the next survey follows the last one's answer.

use web_sys::HtmlCanvasElement;

use super::{GRID_PIXELS, Inner, Lab, Place, looks::Looks};
use crate::{
    chart::{
        Size,
        axis::significant,
        canvas,
        palette::{Palette, Tone},
        panels,
    },
    landscape::{
        Terrain, Window, cobweb,
        home::{grown, home, is_typed},
        paint::{self, Backdrop, row},
        relief::Relief,
    },
    networks,
    probe::Picture,
    protocol::{Command, MAX_COORDINATES, Survey},
    scene::close,
    session::Session,
    view_settings::{Layer, NamedOption as _, Scene, View},
};

/// An answer that takes longer than this was lost with its worker, in milliseconds.
pub(super) const LOST_MS: f64 = 3_000.0;
/// Points of a graph.
const GRAPH_POINTS: usize = 500;

/// What a backdrop was made for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct BackdropKey {
    terrain: u32,
    layer: Layer,
    tone: Tone,
    /// Only where it is the sharpness.
    threshold: Option<f64>,
    /// Only where it is not.
    size: Option<Size>,
}

/// What the scenes hold.
pub(super) struct Scenery {
    /// What is seen until somebody moves the picture: the objective's own part of the plane, and of
    /// a typed formula what its runs reach.
    pub home: Window,
    pub terrain: Option<Terrain>,
    relief: Option<(u32, Relief)>,
    backdrop: Option<(Backdrop, BackdropKey)>,
    survey_id: u32,
    /// The survey under way: since when, and of what.
    surveying: Option<(f64, Window)>,
    /// Window, columns and rows of the last survey.
    surveyed: Option<(Window, usize, usize)>,
    /// Looks at single iterates.
    pub looks: Looks,
    /// The step under the pointer.
    pub hovered: Option<u64>,
    /// Where the pointer is, in fractions of the picture.
    pub pointer: Option<(f64, f64)>,
    /// A click that waits for a second one: until when, and where.
    pub click: Option<(f64, f64, f64)>,
    /// Where the start was drawn, in fractions of the canvas.
    start: Option<(f64, f64)>,
    /// Whether the start is being dragged: then the window stays.
    pub is_dragging: bool,
    /// Whether the scene alone must be drawn again.
    pub is_stale: bool,
    /// Whether the scene is drawn on the page.
    is_on_page: bool,
}

impl Scenery {
    pub fn new(session: &Session) -> Self {
        Self {
            home: home(session.experiment()),
            terrain: None,
            relief: None,
            backdrop: None,
            survey_id: 0,
            surveying: None,
            surveyed: None,
            looks: Looks::default(),
            hovered: None,
            pointer: None,
            click: None,
            start: None,
            is_dragging: false,
            is_stale: false,
            is_on_page: true,
        }
    }

    /// Follows another experiment.
    pub fn follow(&mut self, session: &Session, is_same_place: bool) {
        if !self.is_dragging {
            self.home = home(session.experiment());
        }
        self.looks.forget();
        if !is_same_place {
            self.forget_terrain();
        }
    }

    fn forget_terrain(&mut self) {
        (self.terrain, self.relief, self.backdrop) = (None, None, None);
        (self.surveying, self.surveyed) = (None, None);
    }

    /// The start has been let go: the window opens to it.
    pub fn drop_start(&mut self, session: &Session) {
        self.is_dragging = false;
        self.home = home(session.experiment());
    }

    /// Asks again what a worker that has died may have been asked.
    pub fn ask_again(&mut self) {
        (self.surveying, self.surveyed) = (None, None);
        self.looks.ask_again();
    }

    pub fn take_terrain(&mut self, terrain: Terrain) {
        if terrain.id == self.survey_id
            && let Some((_, window)) = self.surveying.take()
        {
            self.terrain = Some(Terrain { window, ..terrain });
            self.is_stale = true;
        }
    }
}

/// The scale of the landscape's colors, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Legend {
    /// The value at the left end.
    pub low: String,
    /// What is in the middle, or what is shown.
    pub middle: String,
    /// The value at the right end.
    pub high: String,
}

impl Inner {
    /// The part of the plane that is seen.
    pub(super) fn window(&self) -> Window {
        self.view.window.and_then(Window::checked).unwrap_or(self.scenery.home)
    }

    pub(super) fn dimension(&self) -> usize {
        self.session.experiment().start.len()
    }

    /// What the scene can show of this objective.
    pub(super) fn scene(&self) -> Scene {
        let is_network = self.is_network();
        if is_possible(self.view.scene, self.dimension(), is_network) { self.view.scene } else { Scene::Landscape }
    }

    pub(super) fn is_network(&self) -> bool {
        self.session.experiment().is_network()
    }

    /// The threshold of the selected run at the step shown.
    pub(super) fn threshold(&self) -> Option<f64> {
        let run = self.session.runs().get(self.view.selected)?;
        run.history.threshold(row(run, self.session.step())).filter(|t| t.is_finite() && *t > 0.0)
    }

    /// What colors the plane: the sharpness needs a threshold to be white at.
    pub(super) fn layer(&self) -> Layer {
        if self.view.layer == Layer::Sharpness && self.threshold().is_none() { Layer::Loss } else { self.view.layer }
    }

    /// Lets the window of a typed formula grow with its runs.
    pub(super) fn follow_runs(&mut self) {
        let follows = self.view.window.is_none() && !self.scenery.is_dragging && is_typed(self.session.experiment());
        if let Some(window) = grown(self.scenery.home, &self.session).filter(|_| follows) {
            self.scenery.home = window;
            self.scenery.is_stale = true;
        }
    }

    /// Has a worker evaluate the grid of the window that is seen, unless it has or one is at it.
    pub(super) fn ask_survey(&mut self, now: f64) {
        let Some(canvas) = self.canvas(Place::Landscape) else { return };
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let is_seen =
            matches!(self.scene(), Scene::Landscape | Scene::Cobweb) && self.dimension() <= 2 && !self.is_network();
        let points = |length: f64| ((length / GRID_PIXELS) as usize).clamp(16, 400);
        let (columns, rows) = if self.dimension() == 1 { (GRAPH_POINTS, 1) } else { (points(width), points(height)) };
        let window = self.window();
        let scenery = &mut self.scenery;
        let is_busy = scenery.surveying.is_some_and(|(since, _)| now - since < LOST_MS);
        let wanted = (window, columns, rows);
        if !is_seen || width <= 0.0 || is_busy || scenery.surveyed == Some(wanted) {
            return;
        }
        let Some(pool) = &self.pool else { return };
        scenery.survey_id += 1;
        scenery.surveyed = Some(wanted);
        scenery.surveying = Some((now, window));
        let experiment = self.session.experiment().to_json();
        let (id, window) = (scenery.survey_id, window.bounds);
        pool.ask(&Command::Survey(Survey { id, experiment, window, columns, rows }));
    }

    /// Draws the scene on the page.
    pub(super) fn paint_scene(&mut self, palette: &Palette) {
        self.scenery.is_stale = false;
        let Some(canvas) = self.canvas(Place::Landscape).cloned() else { return };
        let Some(size) = canvas::fit(&canvas, self.ratio) else { return };
        self.paint_scene_on(&canvas, size, palette);
    }

    /// Draws the scene on any canvas, or on something that stands for one, as a picture to take
    /// away: in its own tone, and without an invitation to drag anything.
    pub(super) fn picture_of_scene(&mut self, canvas: &HtmlCanvasElement, size: Size, palette: &Palette) {
        // The page's own backdrop is of another size and perhaps of the other tone; its start lies
        // elsewhere.
        let (backdrop, start) = (self.scenery.backdrop.take(), self.scenery.start);
        self.scenery.is_on_page = false;
        self.paint_scene_on(canvas, size, palette);
        self.scenery.is_on_page = true;
        (self.scenery.backdrop, self.scenery.start) = (backdrop, start);
    }

    fn paint_scene_on(&mut self, canvas: &HtmlCanvasElement, size: Size, palette: &Palette) {
        let (scene, style) = (self.scene(), self.chart_style());
        match scene {
            Scene::Landscape | Scene::Weights if self.is_network() => {
                if let (Some(networks), Some((.., Picture::Network(numbers)))) =
                    (networks::fetched(), &self.scenery.looks.picture)
                {
                    (networks.paint)(canvas, numbers, palette, style, size);
                }
            }
            Scene::Landscape if self.dimension() > 2 => {
                canvas::paint(canvas, &panels::coordinates(&self.session, palette, style), palette, size);
            }
            Scene::Landscape | Scene::Cobweb => self.paint_landscape(canvas, size, palette),
            _ => {
                if let Some(close) = close::fetched() {
                    (close.paint)(canvas, scene, self.seen_closely(), &self.session, palette, style, size);
                }
            }
        }
    }

    fn paint_landscape(&mut self, canvas: &HtmlCanvasElement, size: Size, palette: &Palette) {
        let dimension = self.dimension();
        if dimension == 2 {
            self.color_terrain(size, palette);
        }
        let view = View { layer: self.layer(), ..self.view.clone() };
        // The diverging colors are bright on every page: what lies on them is drawn as on a light
        // one.
        let is_bright = dimension == 2 && view.layer == Layer::Sharpness;
        let palette = if is_bright { &Palette::new(Tone::Light) } else { palette };
        let scene = paint::Scene {
            session: &self.session,
            view: &view,
            window: self.window(),
            terrain: self.scenery.terrain.as_ref(),
            backdrop: self.scenery.backdrop.as_ref().map(|(backdrop, _)| backdrop),
            looked_at: self.scenery.hovered.or(self.view.pinned),
            palette,
            weight: self.weight(),
            pointer: self.scenery.pointer.filter(|_| self.scenery.is_on_page),
            is_on_page: self.scenery.is_on_page,
        };
        self.scenery.start = match (dimension, self.scene()) {
            (2, _) => paint::plane(canvas, &scene, size),
            (_, Scene::Cobweb) => {
                cobweb::paint(canvas, &scene, size);
                None
            }
            _ => paint::graph(canvas, &scene, size),
        };
    }

    /// Brings relief and backdrop up to date.
    fn color_terrain(&mut self, size: Size, palette: &Palette) {
        let (layer, threshold) = (self.layer(), self.threshold());
        let Some(terrain) = &self.scenery.terrain else { return };
        let relief = match self.scenery.relief.take() {
            Some((id, relief)) if id == terrain.id && relief.layer == layer => relief,
            _ => Relief::new(terrain, layer),
        };
        let key = BackdropKey {
            terrain: terrain.id,
            layer,
            tone: palette.tone(),
            threshold: threshold.filter(|_| layer == Layer::Sharpness),
            size: (layer != Layer::Sharpness).then_some(size),
        };
        if self.scenery.backdrop.as_ref().is_none_or(|(_, made_for)| *made_for != key) {
            let made = Backdrop::new(terrain, &relief, threshold.unwrap_or(1.0), size, palette);
            self.scenery.backdrop = made.map(|backdrop| (backdrop, key));
        }
        self.scenery.relief = Some((terrain.id, relief));
    }
}

/// Whether a scene can be shown of an objective of so many variables, or of a network.
fn is_possible(scene: Scene, dimension: usize, is_network: bool) -> bool {
    match scene {
        Scene::Landscape | Scene::Portrait => true,
        Scene::Lens | Scene::Segment => is_network || dimension <= MAX_COORDINATES,
        Scene::Cobweb => dimension == 1,
        Scene::Weights => is_network,
    }
}

impl Lab {
    /// The part of the plane that is seen.
    pub fn window(&self) -> Window {
        self.inner.borrow().window()
    }

    /// Where the start lies on the picture, in fractions of its width and height, if it can be
    /// seen.
    pub fn start_place(&self) -> Option<(f64, f64)> {
        let is_inside = |(across, down): &(f64, f64)| (0.0..=1.0).contains(across) && (0.0..=1.0).contains(down);
        self.inner.borrow().scenery.start.filter(is_inside)
    }

    /// The scene that is shown.
    pub fn scene(&self) -> Scene {
        self.inner.borrow().scene()
    }

    /// The scenes that can be shown.
    pub fn scenes(&self) -> Vec<Scene> {
        let inner = self.inner.borrow();
        let (dimension, is_network) = (inner.dimension(), inner.is_network());
        Scene::ALL.iter().map(|(scene, _)| *scene).filter(|scene| is_possible(*scene, dimension, is_network)).collect()
    }

    /// Another scene. What the engine must record for it is asked for.
    pub fn set_scene(&self, scene: Scene) {
        self.change(|inner| {
            inner.view.scene = scene;
            inner.scenery.looks.is_fetching = false;
            inner.ask_columns();
        });
    }

    /// The scale of the plane's colors, once they are there.
    pub fn legend(&self) -> Option<Legend> {
        let inner = self.inner.borrow();
        let (_, relief) = inner.scenery.relief.as_ref()?;
        let threshold = inner.threshold().unwrap_or(1.0);
        let (low, high) = relief.ends(threshold);
        let middle = match relief.layer {
            layer @ (Layer::Loss | Layer::Gradient) => layer.symbol().to_owned(),
            Layer::Sharpness => {
                let run = inner.session.runs().get(inner.view.selected)?;
                let is_plain = run.history.is_plain(row(run, inner.session.step()));
                format!("white: λ₁ = {}{}", if is_plain { "2/η = " } else { "the edge, " }, significant(threshold))
            }
        };
        let rounded = |value: f64| crate::chart::axis::short(crate::chart::axis::round_to(value, 2));
        Some(Legend { low: rounded(low), middle, high: rounded(high) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_is_for_one_variable_and_the_lens_for_what_is_recorded() {
        let toy = |scene, dimension| is_possible(scene, dimension, false);
        assert!(toy(Scene::Cobweb, 1) && !toy(Scene::Cobweb, 2));
        assert!(toy(Scene::Lens, 16) && !toy(Scene::Segment, 17));
        assert!(toy(Scene::Landscape, 64) && toy(Scene::Portrait, 64) && !toy(Scene::Weights, 2));
        assert!(
            is_possible(Scene::Lens, 0, true)
                && is_possible(Scene::Segment, 0, true)
                && is_possible(Scene::Weights, 0, true)
        );
    }
}
