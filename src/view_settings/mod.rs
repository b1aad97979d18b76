//! How the experiment is looked at: what the charts and the scene show, in which scales. Part of
//! the link, no part of the experiment.
//!
//! In a link it is a list such as `x:time,zoom:10~250,scene:lens`, of what differs from the
//! default; what is unknown is ignored with a notice.

mod named_option;
mod panel;

pub use self::{named_option::NamedOption, panel::Panel};

/// What the charts' x axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum XQuantity {
    /// Steps.
    #[default]
    Steps,
    /// Σ η, the time of gradient flow.
    Time,
    /// Gradients evaluated until the iterate was reached.
    Gradients,
    /// Evaluations of f, gradients and Hessian-vector products, each counted as one.
    Calls,
    /// Steps on a logarithmic axis, which begins at step 1.
    LogSteps,
}

impl XQuantity {
    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Steps => "step k",
            Self::Time => "time Σ η",
            Self::Gradients => "gradients",
            Self::Calls => "all oracle calls",
            Self::LogSteps => "step k, log",
        }
    }

    /// Whether it counts steps, in whatever spacing.
    pub fn is_steps(self) -> bool {
        matches!(self, Self::Steps | Self::LogSteps)
    }
}

impl NamedOption for XQuantity {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Steps, "steps"),
        (Self::Time, "time"),
        (Self::Gradients, "gradients"),
        (Self::Calls, "calls"),
        (Self::LogSteps, "log-steps"),
    ];
}

/// What the scene beside the charts shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scene {
    /// The landscape with the trajectories; the graph with the iterates; the coordinates beyond two
    /// variables; what a network computes.
    #[default]
    Landscape,
    /// The slice along one direction at the iterate, with the models that explain 2/η.
    Lens,
    /// How much the gradient changes along the step, against the step's length.
    Segment,
    /// The displacement along the top eigenvector against the sharpness.
    Portrait,
    /// The web of the map x ↦ x − ηf′(x), for one variable.
    Cobweb,
    /// The weights of a network.
    Weights,
}

impl NamedOption for Scene {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Landscape, "landscape"),
        (Self::Lens, "lens"),
        (Self::Segment, "segment"),
        (Self::Portrait, "portrait"),
        (Self::Cobweb, "cobweb"),
        (Self::Weights, "weights"),
    ];
}

/// What the landscape is colored by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// The loss.
    #[default]
    Loss,
    /// λ₁, white exactly at the selected run's threshold.
    Sharpness,
    /// ‖∇f‖.
    Gradient,
}

impl Layer {
    /// What the colors show, in signs.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Loss => "f − f*",
            Self::Sharpness => "λ₁",
            Self::Gradient => "‖∇f‖",
        }
    }
}

impl NamedOption for Layer {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Loss, "loss"), (Self::Sharpness, "sharpness"), (Self::Gradient, "gradient")];
}

/// The line that the lens looks along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    /// The top eigenvector.
    #[default]
    Eigenvector,
    /// −∇f.
    Descent,
}

impl NamedOption for Line {
    const ALL: &'static [(Self, &'static str)] = &[(Self::Eigenvector, "eigenvector"), (Self::Descent, "descent")];
}

/// How a chart lays out its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// As is usual for its panel, logarithmic or linear.
    #[default]
    Usual,
    /// The other one of the two.
    Other,
    /// A loss as f − f_best on a logarithmic axis, where f_best is the least loss of all runs so
    /// far.
    AboveBest,
}

/// The charts' places on the board.
pub const SLOTS: usize = 3;

/// A figure of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The chart in a slot.
    Chart(usize),
    /// The scene beside the charts.
    Scene,
}

impl NamedOption for Figure {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Chart(0), "chart1"), (Self::Chart(1), "chart2"), (Self::Chart(2), "chart3"), (Self::Scene, "scene")];
}

/// See the module's header.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// What the x axis counts.
    pub x_quantity: XQuantity,
    /// The part of the x axis that is seen, in its unit; `None` for all.
    pub zoom: Option<(f64, f64)>,
    /// What each chart shows.
    pub panels: [Panel; SLOTS],
    /// How each chart lays out its values.
    pub scales: [Scale; SLOTS],
    /// Whether even and odd steps are told apart.
    pub parity: bool,
    /// What the scene shows.
    pub scene: Scene,
    /// What the landscape is colored by.
    pub layer: Layer,
    /// The line that the lens looks along.
    pub line: Line,
    /// The part of the plane that the landscape shows; `None` for the objective's own.
    pub window: Option<[f64; 4]>,
    /// The run that single-run pictures are of.
    pub selected: usize,
    /// Runs that are kept as ghosts: drawn pale, left alone.
    pub ghosts: Vec<usize>,
    /// Big type, thick lines, no controls.
    pub projector: bool,
    /// The figure that takes the whole window.
    pub enlarged: Option<Figure>,
    /// The step pinned in the charts.
    pub pinned: Option<u64>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            x_quantity: XQuantity::Steps,
            zoom: None,
            panels: [Panel::Loss, Panel::Sharpness, Panel::Product],
            scales: [Scale::Usual; SLOTS],
            parity: true,
            scene: Scene::Landscape,
            layer: Layer::Loss,
            line: Line::Eigenvector,
            window: None,
            selected: 0,
            ghosts: Vec::new(),
            projector: false,
            enlarged: None,
            pinned: None,
        }
    }
}

impl View {
    /// What differs from the default, for a link; empty where nothing does.
    pub fn encode(&self) -> String {
        let usual = Self::default();
        let mut parts = Vec::new();
        let mut add = |differs: bool, key: &str, value: String| {
            if differs {
                parts.push(format!("{key}:{value}"));
            }
        };
        let list = |numbers: &[f64]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join("~");
        let places = |places: &[usize]| places.iter().map(ToString::to_string).collect::<Vec<_>>().join("~");
        add(self.x_quantity != usual.x_quantity, "x", self.x_quantity.name().to_owned());
        if let Some((from, to)) = self.zoom {
            add(true, "zoom", list(&[from, to]));
        }
        add(self.panels != usual.panels, "panels", self.panels.map(NamedOption::name).join("~"));
        for (scale, key) in [(Scale::Other, "rescaled"), (Scale::AboveBest, "above-best")] {
            let slots: Vec<usize> = (0..SLOTS).filter(|slot| self.scales[*slot] == scale).collect();
            add(!slots.is_empty(), key, places(&slots));
        }
        add(!self.parity, "parity", "off".to_owned());
        add(self.scene != usual.scene, "scene", self.scene.name().to_owned());
        add(self.layer != usual.layer, "layer", self.layer.name().to_owned());
        add(self.line != usual.line, "line", self.line.name().to_owned());
        if let Some(window) = self.window {
            add(true, "window", list(&window));
        }
        add(self.selected != 0, "run", self.selected.to_string());
        add(!self.ghosts.is_empty(), "ghosts", places(&self.ghosts));
        add(self.projector, "projector", "on".to_owned());
        if let Some(figure) = self.enlarged {
            add(true, "enlarged", figure.name().to_owned());
        }
        if let Some(step) = self.pinned {
            add(true, "pin", step.to_string());
        }
        parts.join(",")
    }

    /// Reads what [`View::encode`] writes. The second value says what was ignored.
    pub fn decode(text: &str) -> (Self, Vec<String>) {
        let mut view = Self::default();
        let mut ignored = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once(':').unwrap_or((part, ""));
            if view.read(key, value).is_none() {
                ignored.push(format!("view: “{part}” is unknown and was ignored"));
            }
        }
        (view, ignored)
    }

    fn read(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "x" => self.x_quantity = XQuantity::named(value)?,
            "zoom" => {
                let [from, to] = numbers(value)?;
                self.zoom = Some((from, to)).filter(|_| from < to);
            }
            "panels" => {
                let panels: Vec<Panel> = value.split('~').map(Panel::named).collect::<Option<_>>()?;
                self.panels = panels.try_into().ok()?;
            }
            "rescaled" | "above-best" => {
                for slot in places(value)? {
                    *self.scales.get_mut(slot)? = if key == "rescaled" { Scale::Other } else { Scale::AboveBest };
                }
            }
            "parity" => self.parity = value != "off",
            "scene" => self.scene = Scene::named(value)?,
            "layer" => self.layer = Layer::named(value)?,
            "line" => self.line = Line::named(value)?,
            "window" => {
                let window: [f64; 4] = numbers(value)?;
                self.window = Some(window).filter(|[x0, x1, y0, y1]| x0 < x1 && y0 < y1);
            }
            "run" => self.selected = value.parse().ok()?,
            "ghosts" => self.ghosts = places(value)?,
            "projector" => self.projector = value == "on",
            "enlarged" => self.enlarged = Some(Figure::named(value)?),
            "pin" => self.pinned = Some(value.parse().ok()?),
            _ => return None,
        }
        Some(())
    }

    /// By how much type is larger than usual in figures.
    pub fn type_scale(&self) -> f64 {
        self.room_scale() * self.figure_scale()
    }

    /// By how much everything is larger than usual: on a projector it is.
    pub fn room_scale(&self) -> f64 {
        if self.projector { 1.6 } else { 1.0 }
    }

    /// By how much a figure that is alone is drawn larger.
    pub fn figure_scale(&self) -> f64 {
        if self.enlarged.is_some() { 1.25 } else { 1.0 }
    }

    /// Holds places of runs within so many runs.
    pub fn fit(&mut self, runs: usize) {
        self.selected = self.selected.min(runs.saturating_sub(1));
        self.ghosts.retain(|ghost| *ghost < runs);
    }

    /// Follows a run being taken away.
    pub fn forget_run(&mut self, index: usize) {
        self.ghosts.retain(|ghost| *ghost != index);
        for place in self.ghosts.iter_mut().chain([&mut self.selected]) {
            if *place > index {
                *place -= 1;
            }
        }
    }
}

fn numbers<const N: usize>(value: &str) -> Option<[f64; N]> {
    let numbers: Vec<f64> =
        value.split('~').map(|number| number.parse().ok().filter(|n: &f64| n.is_finite())).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

fn places(value: &str) -> Option<Vec<usize>> {
    value.split('~').map(|place| place.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_view_is_no_text() {
        assert_eq!(View::default().encode(), "");
        assert_eq!(View::decode(""), (View::default(), Vec::new()));
    }

    #[test]
    fn every_choice_is_read_back() {
        let view = View {
            x_quantity: XQuantity::Calls,
            zoom: Some((10.5, 250.0)),
            panels: [Panel::StepSize, Panel::Spectrum, Panel::Loss],
            scales: [Scale::Other, Scale::AboveBest, Scale::Other],
            parity: false,
            scene: Scene::Lens,
            layer: Layer::Sharpness,
            line: Line::Descent,
            window: Some([-1.0, 2.5, 0.0, 1e-3]),
            selected: 2,
            ghosts: vec![0, 3],
            projector: true,
            enlarged: Some(Figure::Chart(1)),
            pinned: Some(77),
        };
        assert_eq!(View::decode(&view.encode()), (view, Vec::new()));
    }

    #[test]
    fn what_is_unknown_or_broken_is_ignored_with_a_notice() {
        let (view, ignored) =
            View::decode("x:parsecs,scene:lens,zoom:3,zoom:9~2,window:0~1~NaN~2,color:red,panels:loss~loss");
        assert_eq!(view, View { scene: Scene::Lens, ..View::default() });
        assert_eq!(ignored.len(), 5, "{ignored:?}");
    }

    #[test]
    fn a_run_taken_away_moves_the_places_after_it() {
        let mut view = View { selected: 2, ghosts: vec![0, 1, 3], ..View::default() };
        view.forget_run(1);
        assert_eq!((view.selected, view.ghosts), (1, vec![0, 2]));
    }
}
