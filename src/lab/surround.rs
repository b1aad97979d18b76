//! What stands around a panel where its picture is taken away: what the page says in heads, legends
//! and under the pointer is written there as axes, their names, and a scale of colors.

use super::{Inner, Lab, Place};
use crate::{
    chart::{
        axis::{Axis, significant},
        palette::Tone,
        panels,
    },
    landscape::{
        paint::{graph_axis, row},
        relief::Relief,
    },
    view_settings::{Layer, Line, Scene},
};

/// See the module's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Surround {
    /// What the panel shows.
    pub title: String,
    /// The name of the x axis.
    pub x_name: String,
    /// The name of the y axis; empty where the title says it.
    pub y_name: String,
    /// The axes of a panel that leaves their numbers to the paper.
    pub axes: Option<[Axis; 2]>,
    /// What the panel leaves free at the left and at the right of its plot, in CSS pixels.
    pub margins: (f64, f64),
    /// The scale of its colors.
    pub colors: Option<Colors>,
}

/// A scale of colors.
#[derive(Clone, Debug, PartialEq)]
pub struct Colors {
    /// What the colors show.
    pub name: String,
    /// Its values.
    pub axis: Axis,
    /// Colors at even places, from the least value to the greatest.
    pub steps: Vec<[u8; 3]>,
    /// A level among the values, with its label.
    pub level: Option<(f64, String)>,
}

impl Lab {
    /// What stands around a panel on paper.
    pub fn surround(&self, place: Place, tone: Tone) -> Surround {
        let inner = self.inner.borrow();
        match place {
            Place::Chart(slot) => Surround {
                title: panels::heading(&inner.view, slot).to_owned(),
                x_name: inner.view.x_quantity.title().to_owned(),
                y_name: String::new(),
                axes: None,
                margins: panels::margins(slot, &inner.view),
                colors: None,
            },
            Place::Landscape => inner.surround_of_scene(tone),
        }
    }
}

impl Inner {
    fn surround_of_scene(&self, tone: Tone) -> Surround {
        let (scene, dimension) = (self.scene(), self.dimension());
        let variables = self.session.experiment().variables();
        let variable = |place: usize| variables.get(place).cloned().unwrap_or_default();
        let along = match self.view.line {
            Line::Eigenvector => "f along the top eigenvector u, at x + s·u",
            Line::Descent => "f along −∇f, at x + s·u",
        };
        let (title, x_name, y_name) = match (scene, dimension) {
            (Scene::Landscape, _) if self.is_network() => ("What the network computes", String::new(), String::new()),
            (Scene::Weights, _) => ("Weights of the network", String::new(), String::new()),
            (Scene::Landscape, 1) => ("Graph of f and iterates", variable(0), "f".to_owned()),
            (Scene::Landscape, 2) => ("Landscape", variable(0), variable(1)),
            (Scene::Landscape, _) => ("Coordinates of the selected run", "step k".to_owned(), String::new()),
            (Scene::Lens, _) => (along, "s".to_owned(), String::new()),
            (Scene::Segment, _) => ("Segment smoothness l(x, h)", "h".to_owned(), String::new()),
            (Scene::Portrait, _) => ("Sharpness λ₁ against swing ½uᵀs", "½uᵀs".to_owned(), String::new()),
            (Scene::Cobweb, _) => ("Cobweb of x − ηf′(x)", variable(0), String::new()),
        };
        let is_network = self.is_network();
        let is_plane = scene == Scene::Landscape && dimension == 2 && !is_network;
        Surround {
            title: title.to_owned(),
            x_name,
            y_name,
            axes: self.plane_axes(),
            margins: match (scene, dimension) {
                (Scene::Weights, _) => (0.0, 0.0),
                (Scene::Landscape, _) if is_network => (0.0, 0.0),
                (Scene::Landscape | Scene::Cobweb, 1 | 2) => (0.0, 0.0),
                (Scene::Landscape, _) => panels::COORDINATE_MARGINS,
                _ => crate::scene::margins(&self.view),
            },
            colors: if is_plane { self.colors(tone) } else { None },
        }
    }
    /// The axes of a scene in which a pixel is a point of the plane, or of a line and a value.
    fn plane_axes(&self) -> Option<[Axis; 2]> {
        let [x0, x1, y0, y1] = self.window().bounds;
        let x = Axis::linear(x0, x1);
        match (self.scene(), self.dimension()) {
            _ if self.is_network() => None,
            (Scene::Landscape, 1) => Some([x, graph_axis(self.scenery.terrain.as_ref()?)]),
            (Scene::Landscape, 2) => Some([x, Axis::linear(y0, y1)]),
            (Scene::Cobweb, _) => Some([x, x]),
            _ => None,
        }
    }

    /// The scale of the plane's colors.
    fn colors(&self, tone: Tone) -> Option<Colors> {
        let (terrain, layer) = (self.scenery.terrain.as_ref()?, self.layer());
        let relief = Relief::new(terrain, layer);
        let threshold = self.threshold().filter(|_| layer == Layer::Sharpness);
        let (low, high) = relief.ends(threshold.unwrap_or(1.0));
        let run = self.session.runs().get(self.view.selected)?;
        let is_plain = run.history.is_plain(row(run, self.session.step()));
        let edge = if is_plain { "2/η" } else { "edge" };
        Some(Colors {
            name: layer.symbol().to_owned(),
            axis: Axis::log10(low, high),
            steps: relief.steps(tone),
            level: threshold.map(|threshold| (threshold, format!("{edge} = {}", significant(threshold)))),
        })
    }
}
