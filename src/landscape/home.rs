//! The window that a landscape opens with, and how it holds what the runs reach.
//!
//! Objectives of the catalogue have a part of the plane of their own. A typed formula has none: its
//! window begins around the start, and grows with its runs.

use flatland_engine::{experiment::Experiment, objective};

use super::Window;
use crate::{
    protocol::EndKind,
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
        [-half, half, -half, half]
    };
    Window::around(view, start)
}

/// The least and greatest coordinates of the iterates shown, of one run, along each axis. The graph
/// of one variable finds its heights by itself.
fn reach(session: &Session, run: &Run) -> Vec<(f64, f64)> {
    if run.end.as_ref().is_some_and(|end| matches!(end.kind, EndKind::Diverged | EndKind::Unbounded)) {
        return Vec::new();
    }
    let rows = (session.frontier() as usize + 1).min(run.history.len());
    let buckets = run.history.coordinates().iter().take(2).map(|series| series.bucket(0..rows));
    buckets.filter(|bucket| !bucket.is_empty()).map(|bucket| (bucket.min, bucket.max)).collect()
}

/// The window grown to hold every run that does not diverge, or None if it holds them already.
pub fn grown(window: Window, session: &Session) -> Option<Window> {
    let mut bounds = window.bounds;
    for run in session.runs() {
        for (axis, (least, greatest)) in reach(session, run).into_iter().enumerate() {
            let axis = 2 * axis;
            let extent = bounds[axis + 1] - bounds[axis];
            let (below, above) = (bounds[axis] - least, greatest - bounds[axis + 1]);
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
        }
        let river = r#"{"version":1,"objective":{"name":"river"},"runs":[{"policy":{"name":"constant"}}]}"#;
        let river = Experiment::from_json(river).expect("valid");
        let view = objective::find("river").expect("known").view;
        assert_eq!(home(&river), Window::around(view, &river.start));
    }
}
