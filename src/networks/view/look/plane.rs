//! Two inputs: classes or values over the plane.

use flatland_engine::{
    data::Targets,
    network::{Loss, Network},
};

use super::{Answers, GRID, even, own, own_input, range};
use crate::networks::view::picture::{Plane, Point, Points, Surface};

pub(super) fn look(network: &Network, x: &[f64], parts: &[Answers<'_>; 2]) -> Plane {
    let data = network.data();
    let (across, up) = (range(parts, 0), range(parts, 1));
    let grid = (0..GRID * GRID).map(|cell| (cell % GRID, cell / GRID));
    let first = grid.clone().map(|(column, _)| even(across, column, GRID));
    let second = grid.map(|(_, row)| even(up, row, GRID));
    let outputs = network.respond(x, &first.chain(second).collect::<Vec<_>>(), GRID * GRID);
    let surface = match &data.targets {
        Targets::Classes { names } => {
            let is_margin = network.architecture().loss != Loss::CrossEntropy;
            let (winners, certainty) = winners(&outputs, is_margin);
            let scores = [parts[0].score(names.len()), parts[1].score(names.len())];
            Surface::Classes { names: names.clone(), winners, certainty, is_margin, scores }
        }
        Targets::Values { .. } => Surface::Values {
            values: outputs.into_iter().take(GRID * GRID).collect(),
            misses: [parts[0].miss(), parts[1].miss()],
        },
    };
    let bounds = [own(data, 0, across.0), own(data, 0, across.1), own(data, 1, up.0), own(data, 1, up.1)];
    let points = |part: &Answers<'_>| {
        let point = |s| {
            let (x, y) = (own_input(data, part.samples, 0, s), own_input(data, part.samples, 1, s));
            match &data.targets {
                Targets::Classes { names } => {
                    let (label, found) = (part.label(s), part.prediction(names.len(), s));
                    Point { x, y, kind: label as f64, is_wrong: label != found }
                }
                Targets::Values { .. } => Point { x, y, kind: part.target(0, s), is_wrong: false },
            }
        };
        part.shown(1).map(point).collect()
    };
    let points = Points { training: points(&parts[0]), test: points(&parts[1]) };
    Plane { bounds, columns: GRID, rows: GRID, surface, points }
}

/// The class with the largest output at each point of the grid, −1 where they are not all finite,
/// and how sure it is: softmax's probability, or the margin before the second.
fn winners(outputs: &[f64], is_margin: bool) -> (Vec<f64>, Vec<f64>) {
    let of = |cell: usize| {
        let values = || outputs.iter().skip(cell).step_by(GRID * GRID).copied();
        if !values().all(f64::is_finite) {
            return (-1.0, 0.0);
        }
        let (mut winner, mut top, mut second) = (0, f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (class, value) in values().enumerate() {
            if value > top {
                (winner, top, second) = (class, value, top);
            } else {
                second = second.max(value);
            }
        }
        let certainty = if is_margin {
            (top - second).clamp(0.0, 1.0)
        } else {
            1.0 / values().map(|value| libm::exp(value - top)).sum::<f64>()
        };
        (winner as f64, certainty)
    };
    (0..GRID * GRID).map(of).unzip()
}
