//! The window that a landscape opens with, and how it holds what the runs reach.
//!
//! Objectives of the catalogue have a part of the plane of their own. A typed formula has none: its
//! window begins around the start, and grows with its runs.

use flatland_engine::{experiment::Experiment, objective};

use super::Window;
use crate::{
    protocol::{EndKind, Quantity},
    session::{Run, Session},
};

/// The room left beside what a window must hold, as a part of its extent.
const MARGIN: f64 = 0.08;

/// By how much more than it must a window grows towards a run, as a part of its extent: it shall
/// not grow at every step.
const AHEAD: f64 = 0.25;

/// Runs that reach beyond this many times a window's extent are left out of it: next to them
/// nothing else could be seen.
const FARTHEST: f64 = 50.0;

/// Whether the experiment's objective is a formula that somebody typed.
pub fn is_typed(experiment: &Experiment) -> bool {
    experiment.objective.name == "formula"
}

/// The window of an experiment before anything has been computed.
pub fn home(experiment: &Experiment) -> Window {
    let start = &experiment.start;
    let size = start.iter().take(2).fold(0.0_f64, |size, x| size.max(x.abs()));
    let own = objective::find(&experiment.objective.name).map_or([-2.0, 2.0, -2.0, 2.0], |entry| entry.view);
    let view = if !is_typed(experiment) {
        own
    } else {
        let half = if size > 0.0 { 2.0 * size } else { 2.0 };
        let [low, high] = if start.len() == 1 { heights(experiment) } else { [-half, half] };
        [-half, half, low, high]
    };
    Window::around(view, start)
}

/// The part of the axis of f that a graph begins with: from 0 to somewhat beyond f at the start.
fn heights(experiment: &Experiment) -> [f64; 2] {
    let value = experiment.build_objective().map(|objective| objective.value(&experiment.start.clone().into()));
    let value = value.ok().filter(|value| value.is_finite() && *value != 0.0).unwrap_or(1.0);
    let room = 0.25 * value.abs();
    [value.min(0.0) - room, value.max(0.0) + room]
}

/// The least and greatest coordinates of the iterates shown, of one run; for one variable those of
/// x and of f.
fn reach(session: &Session, run: &Run) -> Option<[f64; 4]> {
    if run.end.as_ref().is_some_and(|end| matches!(end.kind, EndKind::Diverged | EndKind::Unbounded)) {
        return None;
    }
    let rows = (session.frontier() as usize + 1).min(run.history.len());
    let [x, y] = match run.history.coordinates() {
        [x] => [x, run.history.series(Quantity::Loss)],
        [x, y, ..] => [x, y],
        [] => return None,
    };
    let [x, y] = [x.bucket(0..rows), y.bucket(0..rows)];
    (!x.is_empty() && !y.is_empty()).then_some([x.min, x.max, y.min, y.max])
}

/// The window grown to hold every run that does not diverge, or None if it holds them already.
pub fn grown(window: Window, session: &Session) -> Option<Window> {
    let mut bounds = window.bounds;
    for run in session.runs() {
        let Some(reach) = reach(session, run) else { continue };
        for axis in [0, 2] {
            let extent = bounds[axis + 1] - bounds[axis];
            let (below, above) = (bounds[axis] - reach[axis], reach[axis + 1] - bounds[axis + 1]);
            if below.max(above) > FARTHEST * extent {
                continue;
            }
            // A run that comes to rest at the very edge is not seen either.
            if below > -0.01 * extent {
                bounds[axis] -= below + (MARGIN + AHEAD) * (extent + below.max(0.0));
            }
            if above > -0.01 * extent {
                bounds[axis + 1] += above + (MARGIN + AHEAD) * (extent + above.max(0.0));
            }
        }
    }
    (bounds != window.bounds).then(|| Window::checked(bounds)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(expression: &str, start: &[f64]) -> Experiment {
        let text = format!(
            r#"{{"version":1,"objective":{{"name":"formula","expression":"{expression}"}},"start":{start:?},
                "runs":[{{"policy":{{"name":"constant"}}}}]}}"#
        );
        Experiment::from_json(&text).expect("valid")
    }

    #[test]
    fn a_typed_formula_is_seen_around_its_start_at_any_size() {
        for size in [1e-6, 0.3, 3e5] {
            let [x0, x1, y0, y1] = home(&typed("f(x, y) = x^2 + y^2", &[size, -0.5 * size])).bounds;
            assert_eq!([x0, x1, y0, y1], [-2.0 * size, 2.0 * size, -2.0 * size, 2.0 * size]);
            // The graph of 4x² reaches from 0 to f at the start.
            let [_, _, low, high] = home(&typed("4*x^2", &[size])).bounds;
            let value = 4.0 * size * size;
            assert!((low + 0.25 * value).abs() < 1e-12 * value && (high - 1.25 * value).abs() < 1e-12 * value);
        }
        let river = r#"{"version":1,"objective":{"name":"river"},"runs":[{"policy":{"name":"constant"}}]}"#;
        let river = Experiment::from_json(river).expect("valid");
        let view = objective::find("river").expect("known").view;
        assert_eq!(home(&river), Window::around(view, &river.start));
    }
}
