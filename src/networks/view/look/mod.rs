//! Looks at a network at one iterate, in the worker.
//!
//! A look costs one forward pass over all samples, about a third of a training step, and one over a
//! grid. What comes of it is bounded whatever the data set: at most [`MOST_TRAINING`] +
//! [`MOST_TEST`] points, [`CURVE`] points of each of at most [`MOST_CURVES`] curves, [`GRID`]² of a
//! plane, [`MOST_TILES`] tiles, and about [`MOST_CELLS`] cells of weights beside the first layer's
//! tiles. Scores and distances are those of all samples.

mod images;
mod plane;
mod samples;
mod weights;

use flatland_engine::{
    data::{DataSet, Samples, Targets},
    network::{Network, Part},
};

use super::picture::{Curve, Miss, Picture, Point, Points, Scatter, Score};

/// The most training points of a picture.
pub const MOST_TRAINING: usize = 1400;
/// The most test points of a picture.
pub const MOST_TEST: usize = 600;
/// Points of a curve.
pub const CURVE: usize = 301;
/// The most curves: as many as there are colors.
pub const MOST_CURVES: usize = 8;
/// Points along each side of a plane's grid.
pub const GRID: usize = 64;
/// The most tiles of samples.
pub const MOST_TILES: usize = 48;
/// The most rows of a confusion matrix.
pub const MOST_CLASSES: usize = 20;
/// The most rows and columns of a tile.
pub const MOST_PIXELS: usize = 32;
/// The most tiles of units.
pub const MOST_UNITS: usize = 64;
/// The most rows and columns of a layer's heat map.
pub const MOST_SIDE: usize = 96;
/// The most cells of all layers' heat maps together, about.
pub const MOST_CELLS: usize = 60_000;

/// The part of the samples' range that is shown beyond it, on either side.
const BEYOND: f64 = 0.1;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// What the network computes.
    Outputs,
    /// What it computes with.
    Weights,
}

impl Aspect {
    /// All of them, in the order of their codes.
    const ALL: [Self; 2] = [Self::Outputs, Self::Weights];

    /// The aspect as a number.
    pub fn code(self) -> f64 {
        Self::ALL.iter().position(|known| *known == self).unwrap_or_default() as f64
    }

    /// What [`Aspect::code`] was made of.
    pub fn from_code(code: f64) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.code() == code)
    }
}

/// What is seen of a network at the parameters x; where x has another length than these, nothing
/// is finite.
pub fn look(network: &Network, x: &[f64], aspect: Aspect) -> Picture {
    if aspect == Aspect::Weights {
        return Picture::Weights(weights::look(network, x));
    }
    let data = network.data();
    let parts = [Part::Training, Part::Test].map(|part| Answers::new(network, x, part));
    match (&data.targets, data.inputs) {
        (Targets::Values { .. }, 1) => Picture::Curve(curve(network, x, &parts)),
        (_, 2) => Picture::Plane(plane::look(network, x, &parts)),
        (Targets::Classes { names }, _) => Picture::Samples(samples::look(data, names, &parts)),
        (Targets::Values { outputs }, inputs) => match data.image {
            Some(image) if *outputs == inputs && image.0 * image.1 == inputs => {
                Picture::Images(images::look(data, image, &parts))
            }
            _ => Picture::Scatter(scatter(&parts)),
        },
    }
}

/// What the network answers on a part of the data.
struct Answers<'a> {
    samples: &'a Samples,
    is_test: bool,
    /// Outputs × samples.
    outputs: Vec<f64>,
}

impl<'a> Answers<'a> {
    fn new(network: &'a Network, x: &[f64], part: Part) -> Self {
        let samples = network.samples(part);
        let outputs = network.respond(x, &samples.inputs, samples.count);
        Self { samples, is_test: part == Part::Test, outputs }
    }

    /// Output k of sample s.
    fn output(&self, k: usize, s: usize) -> f64 {
        self.outputs.get(k * self.samples.count + s).copied().unwrap_or(f64::NAN)
    }

    /// Target k of sample s.
    fn target(&self, k: usize, s: usize) -> f64 {
        self.samples.targets.get(k * self.samples.count + s).copied().unwrap_or(f64::NAN)
    }

    /// The class of the largest of `classes` outputs, the first of equal ones.
    fn prediction(&self, classes: usize, s: usize) -> usize {
        (1..classes).fold(0, |best, class| if self.output(class, s) > self.output(best, s) { class } else { best })
    }

    fn label(&self, s: usize) -> usize {
        self.samples.labels.get(s).copied().unwrap_or_default()
    }

    fn are_finite(&self) -> bool {
        self.outputs.iter().all(|output| output.is_finite())
    }

    fn score(&self, classes: usize) -> Score {
        let count = self.samples.count;
        let right = || (0..count).filter(|s| self.prediction(classes, *s) == self.label(*s)).count();
        Score { right: self.are_finite().then(right), count }
    }

    fn miss(&self) -> Miss {
        let (mut largest, mut squares) = (0.0, 0.0);
        for (output, target) in self.outputs.iter().zip(&self.samples.targets) {
            let distance = (output - target).abs();
            squares += distance * distance;
            // f64::max would leave NaN aside; here it stays.
            if distance > largest || distance.is_nan() {
                largest = distance;
            }
        }
        let entries = self.outputs.len();
        if entries == 0 {
            largest = f64::NAN;
        }
        Miss { largest, root_mean_square: (squares / entries as f64).sqrt(), count: self.samples.count }
    }

    /// Samples for points, evenly thinned: so many take part in a picture with `outputs` points for
    /// each.
    fn shown(&self, outputs: usize) -> impl Iterator<Item = usize> + use<> {
        let most = if self.is_test { MOST_TEST } else { MOST_TRAINING };
        thinned(self.samples.count, (most / outputs.max(1)).max(1))
    }
}

/// At most so many of `count` places, evenly.
fn thinned(count: usize, most: usize) -> impl Iterator<Item = usize> {
    let kept = count.min(most);
    (0..kept).map(move |place| place * count / kept)
}

/// Input i of sample s in the data's own units.
fn own_input(data: &DataSet, samples: &Samples, i: usize, s: usize) -> f64 {
    own(data, i, samples.inputs.get(i * samples.count + s).copied().unwrap_or(f64::NAN))
}

/// A standardized value of input i in the data's own units.
fn own(data: &DataSet, i: usize, value: f64) -> f64 {
    match data.column_standardization.get(i).or(data.standardization.as_ref()) {
        Some(standardization) => value * standardization.deviation + standardization.mean,
        None => value,
    }
}

/// The range of input i over all samples, standardized, with some room.
fn range(parts: &[Answers<'_>; 2], i: usize) -> (f64, f64) {
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    for Answers { samples, .. } in parts {
        let row = samples.inputs.iter().skip(i * samples.count).take(samples.count);
        (lo, hi) = row.fold((lo, hi), |(lo, hi), value| (lo.min(*value), hi.max(*value)));
    }
    match hi - lo {
        span if span > 0.0 && span.is_finite() => (lo - BEYOND * span, hi + BEYOND * span),
        _ if lo.is_finite() => (lo - 1.0, lo + 1.0),
        _ => (-1.0, 1.0),
    }
}

/// The value at a place of `count` even ones from the first of the span to the last.
fn even((from, to): (f64, f64), place: usize, count: usize) -> f64 {
    let share = place as f64 / count.saturating_sub(1).max(1) as f64;
    from * (1.0 - share) + to * share
}

fn curve(network: &Network, x: &[f64], parts: &[Answers<'_>; 2]) -> Curve {
    let data = network.data();
    let span = range(parts, 0);
    let inputs: Vec<f64> = (0..CURVE).map(|place| even(span, place, CURVE)).collect();
    let outputs = data.targets.outputs().min(MOST_CURVES);
    let values = network.respond(x, &inputs, CURVE);
    let points = points(parts, outputs, |part, s, k| (own_input(data, part.samples, 0, s), part.target(k, s)));
    Curve {
        span: (own(data, 0, span.0), own(data, 0, span.1)),
        outputs: values.chunks_exact(CURVE).take(outputs).map(<[f64]>::to_vec).collect(),
        points,
        misses: [parts[0].miss(), parts[1].miss()],
    }
}

fn scatter(parts: &[Answers<'_>; 2]) -> Scatter {
    let outputs = parts[0].outputs.len() / parts[0].samples.count.max(1);
    let points = points(parts, outputs.min(MOST_CURVES), |part, s, k| (part.target(k, s), part.output(k, s)));
    Scatter { points, misses: [parts[0].miss(), parts[1].miss()] }
}

/// A point for each output of each sample that is shown.
fn points(
    parts: &[Answers<'_>; 2],
    outputs: usize,
    place: impl Fn(&Answers<'_>, usize, usize) -> (f64, f64),
) -> Points {
    let of = |part: &Answers<'_>| {
        let each = part.shown(outputs).flat_map(|s| (0..outputs).map(move |k| (s, k)));
        let point = |(s, k): (usize, usize)| {
            let (x, y) = place(part, s, k);
            Point { x, y, kind: k as f64, is_wrong: false }
        };
        each.map(point).collect()
    };
    Points { training: of(&parts[0]), test: of(&parts[1]) }
}

/// `value` over rows and columns, in at most `most` of each: what `pick` makes of each block.
fn reduced(
    (rows, columns): (usize, usize),
    most: usize,
    value: impl Fn(usize, usize) -> f64,
    pick: impl Fn(&mut dyn Iterator<Item = f64>) -> f64,
) -> ((usize, usize), Vec<f64>) {
    let (down, across) = (rows.min(most), columns.min(most));
    let mut cells = Vec::with_capacity(down * across);
    for i in 0..down {
        for j in 0..across {
            let block = i * rows / down..(i + 1) * rows / down;
            let of_row = |row| (j * columns / across..(j + 1) * columns / across).map(move |column| (row, column));
            cells.push(pick(&mut block.flat_map(of_row).map(|(row, column)| value(row, column))));
        }
    }
    ((down, across), cells)
}

#[cfg(test)]
mod tests;
