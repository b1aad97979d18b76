//! What it takes to look closely, at an iterate or at the last few hundred: a chunk, fetched when
//! such a scene is first chosen, by the page and by the worker that is asked.

use std::cell::Cell;

use flatland_engine::{
    lens::{self, Along},
    objective::Objective,
    segment::Profile,
};
use web_sys::HtmlCanvasElement;

use super::{Facts, lens as slice, portrait, segment};
use crate::{
    chart::{Size, palette::Palette, panels::ChartStyle},
    chunk::{Missing, in_chunk},
    probe::{Picture, Subject},
    session::Session,
    view_settings::{Scene, View},
};

/// Points of a curve: more than a panel has room to show as dots.
const SAMPLES: usize = 401;
/// Points of a curve where each takes a pass through a network.
const SAMPLES_OF_NETWORK: usize = 81;

/// Looks at an iterate: the objective, what is looked at, the point, other points to be projected
/// on a slice, and the step size there.
type Look = fn(&dyn Objective, Subject, &[f64], &[f64], f64) -> Option<Picture>;

/// Draws a scene of a session on a canvas of a size.
type Paint = fn(&HtmlCanvasElement, Scene, Seen<'_>, &Session, &Palette, ChartStyle<'_>, Size);

/// Says what is seen, if there is something to see.
type Say = fn(Scene, Seen<'_>, &Session, &View) -> Option<String>;

/// What the chunk gives out.
pub struct Close {
    /// See [`Look`].
    pub look: Look,
    /// See [`Paint`].
    pub paint: Paint,
    /// See [`Say`].
    pub sentence: Say,
}

/// The last picture, and the iterate that it is of.
pub type Seen<'a> = Option<(Facts, &'a Picture)>;

static CLOSE: Close = Close { look, paint, sentence };

in_chunk!(
    scenes,
    fn chunk() -> &'static Close {
        &CLOSE
    }
);

thread_local! {
    static FETCHED: Cell<Option<&'static Close>> = const { Cell::new(None) };
}

/// What the chunk gives out, once it is there.
pub fn fetched() -> Option<&'static Close> {
    FETCHED.get()
}

/// Fetches the chunk, if it is not there yet.
pub async fn fetch() -> Result<&'static Close, Missing> {
    let close = chunk().await?;
    FETCHED.set(Some(close));
    Ok(close)
}

fn look(objective: &dyn Objective, subject: Subject, point: &[f64], others: &[f64], eta: f64) -> Option<Picture> {
    let samples = if objective.as_network().is_some() { SAMPLES_OF_NETWORK } else { SAMPLES };
    let slice = |along| Some(Picture::Slice(lens::look(objective, point, along, others, samples)));
    match subject {
        Subject::Eigenvector => slice(Along::Eigenvector),
        Subject::Descent => slice(Along::Descent),
        Subject::Segment => Some(Picture::Segment(Profile::around(objective, point, eta, samples))),
        Subject::Outputs | Subject::Weights | Subject::About => None,
    }
}

fn paint(
    canvas: &HtmlCanvasElement,
    scene: Scene,
    seen: Seen<'_>,
    session: &Session,
    palette: &Palette,
    style: ChartStyle<'_>,
    size: Size,
) {
    match (scene, seen) {
        (Scene::Lens, Some((facts, Picture::Slice(slice)))) => slice::paint(canvas, slice, facts, palette, style, size),
        (Scene::Segment, Some((facts, Picture::Segment(profile)))) => {
            segment::paint(canvas, profile, facts, palette, style, size);
        }
        (Scene::Portrait, _) => portrait::paint(canvas, session, palette, style, size),
        _ => {}
    }
}

fn sentence(scene: Scene, seen: Seen<'_>, session: &Session, view: &View) -> Option<String> {
    match (scene, seen) {
        (Scene::Lens, Some((facts, Picture::Slice(slice)))) => Some(slice::sentence(slice, facts, view.line)),
        (Scene::Segment, Some((facts, Picture::Segment(profile)))) => Some(segment::sentence(profile, facts)),
        (Scene::Portrait, _) => Some(portrait::sentence(session, view)),
        _ => None,
    }
}
