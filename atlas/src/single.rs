//! One pixel with the engine itself: any objective, any policy, any number on the axes.

use flatland_engine::column::Column;
use flatland_engine::curvature::sharpness_at;
use flatland_engine::descent::Recording;
use flatland_engine::objective::Objective;
use flatland_engine::spectrum::largest_eigenvalue;
use flatland_engine::{Descent, Outcome, Record};
use nalgebra::{DMatrix, DVector};

use crate::{
    Fate, MAX_DIMENSION, MAX_PERIOD, Map, Mark, Measure, Orbit, Pixel, RETURN, Returns, is_chaotic, later_steps, orbit,
};

/// Iterates that are kept to look for cycles.
const KEPT: usize = 2 * MAX_PERIOD + 1;

/// The run at a point of the map. Beyond the ends of the axes, where the experiment may not be
/// valid, the pixel is undefined.
#[must_use]
pub fn pixel(map: &Map, x: f64, y: f64) -> Pixel {
    let Ok(mut experiment) = map.experiment_at(x, y) else { return Pixel::of(Fate::Undefined) };
    let steps = experiment.steps;
    let half = later_steps(steps) / 2;
    // The second look comes after the budget.
    experiment.steps = steps + 2 * half;
    let recording = Recording { sharpness: map.measure == Measure::Share };
    let Ok(mut descent) = Descent::with_recording(&experiment, map.run, recording) else {
        return Pixel::of(Fate::Undefined);
    };
    let is_network = experiment.is_network();
    let dimension = descent.iterate().len();
    let mut trail = Trail::new(descent.sketch().len());
    let mut growth = Growth::new(dimension);
    let follows = map.measure == Measure::Lyapunov;
    let (mut beyond, mut taken, mut first_loss) = (0_u64, 0_u64, 0.0);
    let mut last = None;
    while let Some(record) = descent.advance() {
        if record.step == 0 {
            first_loss = record.loss;
        }
        trail.keep(record.step, descent.sketch());
        if record.step == steps / 2 {
            trail.mark(record.step);
        }
        last = Some(record);
        if descent.outcome().is_some() || record.step >= steps {
            break;
        }
        taken += 1;
        beyond += u64::from(record.product().is_some_and(|product| product > 2.0));
        if follows {
            growth.follow(&descent, &record, record.step >= steps / 2);
        }
    }
    let mut pixel = Pixel::of(Fate::Unsettled);
    let end = DVector::from_column_slice(descent.iterate());
    for (coordinate, value) in pixel.last.iter_mut().zip(&end) {
        *coordinate = *value;
    }
    if recording.sharpness && taken > 0 {
        pixel.share = beyond as f64 / taken as f64;
    }
    if follows {
        pixel.lyapunov = growth.exponent();
    }
    if map.measure == Measure::Sharpness {
        pixel.sharpness = sharpness_at(descent.objective(), &end, experiment.spectrum);
    }
    if map.measure == Measure::Loss {
        pixel.loss = last.map_or(f64::NAN, |record| record.loss);
    }
    if map.measure == Measure::Accuracy {
        pixel.accuracy = descent.objective().own_column(Column::TestAccuracy, &end);
    }
    let tolerance = experiment.stop.gradient_norm;
    pixel.fate = match (descent.outcome(), last) {
        (Some(&Outcome::Converged { step, .. }), _) => Fate::Converged { steps: step },
        (Some(Outcome::Diverged { step: 0, .. }), _) if first_loss.is_nan() => Fate::Undefined,
        (Some(&Outcome::Diverged { step, .. } | &Outcome::Unbounded { step, .. }), _) => Fate::Diverged { step },
        (Some(&Outcome::Stalled { step, .. }), _) => Fate::Stalled { step },
        (Some(Outcome::Budget { .. }), _) | (None, None) => Fate::Unsettled,
        (None, Some(record)) => match trail.orbit() {
            // A search has neither cycles nor chaos, see `Kind::is_search`.
            _ if record.reference.is_some() => Fate::Unsettled,
            Orbit::Cycle(period) => Fate::Periodic { period },
            Orbit::Approaching => Fate::Unsettled,
            // Nor does a network get the second look, which takes twice the budget.
            _ if is_network => Fate::Unsettled,
            Orbit::Settling | Orbit::Wandering => look_later(&mut descent, trail, record, half),
        },
    };
    if map.measure == Measure::Minimizer && matches!(pixel.fate, Fate::Converged { .. }) {
        pixel.least_curvature = least_curvature(descent.objective(), &end, tolerance);
    }
    pixel
}

/// The second look: what a run does in the `half` steps after its budget, and in as many more. Its
/// orbit so far decides nothing yet; `record` is that of its iterate.
fn look_later(descent: &mut Descent, mut trail: Trail, mut record: Record, half: u64) -> Fate {
    let steps = record.step;
    trail.mark(record.step);
    let mut growth = Growth::new(trail.dimension);
    let mut boxes = [Extent::new(trail.dimension), Extent::new(trail.dimension)];
    let (mut middle, mut returns) = (Vec::new(), Returns::default());
    for taken in 1..=2 * half {
        growth.follow(descent, &record, taken > half);
        record = match descent.advance() {
            Some(next) => next,
            None => return Fate::Unsettled,
        };
        if !matches!(descent.outcome(), None | Some(Outcome::Budget { .. })) {
            return Fate::Unsettled;
        }
        trail.keep(record.step, descent.iterate());
        boxes[usize::from(taken > half)].take(descent.iterate());
        if taken == half {
            middle = descent.iterate().to_vec();
        } else if taken > half {
            let is_near = |(before, now): (&f64, &f64)| (before - now).abs() <= RETURN * now.abs().max(1.0);
            if middle.iter().zip(descent.iterate()).all(is_near) {
                returns.see(taken - half);
            }
        }
    }
    let sides = boxes[0].sides().zip(boxes[1].sides()).map(|(before, after)| [before, after]);
    match trail.orbit() {
        Orbit::Cycle(period) => Fate::Periodic { period },
        Orbit::Wandering => match returns.period(half) {
            Some(period) => Fate::Periodic { period },
            None if is_chaotic(steps, growth.halves(), sides) => Fate::Chaotic,
            None => Fate::Unsettled,
        },
        Orbit::Approaching | Orbit::Settling => Fate::Unsettled,
    }
}

/// The last iterates of a run, in a ring, and one from long before.
struct Trail {
    dimension: usize,
    kept: Vec<f64>,
    last: u64,
    mark: Vec<f64>,
    marked: u64,
}

impl Trail {
    fn new(dimension: usize) -> Self {
        Self { dimension, kept: vec![0.0; KEPT * dimension], last: 0, mark: vec![0.0; dimension], marked: 0 }
    }

    fn keep(&mut self, step: u64, iterate: &[f64]) {
        self.last = step;
        let place = step as usize % KEPT * self.dimension;
        self.kept[place..place + self.dimension].copy_from_slice(iterate);
    }

    /// Remembers the last iterate for good.
    fn mark(&mut self, step: u64) {
        self.mark = self.at(0).to_vec();
        self.marked = step;
    }

    /// The iterate so many steps before the last.
    fn at(&self, back: usize) -> &[f64] {
        &self.kept[(self.last as usize - back) % KEPT * self.dimension..][..self.dimension]
    }

    fn orbit(&self) -> Orbit {
        let mark = Mark { age: (self.last - self.marked) as usize, at: |i: usize| self.mark[i] };
        orbit(self.dimension, KEPT.min(self.last as usize + 1), |back, i| self.at(back)[i], mark)
    }
}

/// The box that holds iterates.
struct Extent {
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Extent {
    fn new(dimension: usize) -> Self {
        Self { low: vec![f64::INFINITY; dimension], high: vec![f64::NEG_INFINITY; dimension] }
    }

    fn take(&mut self, iterate: &[f64]) {
        for ((low, high), x) in self.low.iter_mut().zip(&mut self.high).zip(iterate) {
            (*low, *high) = (low.min(*x), high.max(*x));
        }
    }

    fn sides(&self) -> impl Iterator<Item = f64> {
        self.low.iter().zip(&self.high).map(|(low, high)| high - low)
    }
}

/// Adds what the map's measure wants to know at the last iterates of pixels that were computed
/// without it: the loss, λ₁, or the least eigenvalue where the run has converged. `points` are where
/// they are on the map.
pub fn add_missing(map: &Map, points: &[(f64, f64)], pixels: &mut [Pixel]) {
    let dimension = map.experiment.start.len();
    let is_wanted = matches!(map.measure, Measure::Sharpness | Measure::Minimizer | Measure::Loss);
    if !is_wanted || dimension == 0 || dimension > MAX_DIMENSION {
        return;
    }
    let mut workspace = DMatrix::zeros(dimension, dimension);
    // Where no axis is a parameter of the objective, one objective serves all pixels.
    let is_fixed = [&map.x, &map.y].iter().all(|axis| !axis.field.starts_with("objective."));
    let mut shared = if is_fixed { map.experiment.build_objective().ok() } else { None };
    for (&(x, y), pixel) in points.iter().zip(pixels) {
        let is_known = match map.measure {
            Measure::Minimizer => !pixel.least_curvature.is_nan() || !matches!(pixel.fate, Fate::Converged { .. }),
            Measure::Loss => !pixel.loss.is_nan(),
            _ => !pixel.sharpness.is_nan(),
        };
        if is_known {
            continue;
        }
        if !is_fixed {
            shared = map.experiment_at(x, y).ok().and_then(|experiment| experiment.build_objective().ok());
        }
        let point = DVector::from_column_slice(&pixel.last[..dimension]);
        let Some(objective) = &shared else { continue };
        match map.measure {
            Measure::Minimizer => {
                let tolerance = map.experiment.stop.gradient_norm;
                pixel.least_curvature = least_curvature(objective.as_ref(), &point, tolerance);
            }
            Measure::Loss => pixel.loss = objective.value(&point),
            _ => pixel.sharpness = objective.sharpness(&point, &mut workspace),
        }
    }
}

/// The least eigenvalue of the Hessian, as [`Pixel::least_curvature`].
///
/// On a valley of minimizers it is 0, and beside it of the order of the gradient; and iterates of
/// graphics cards have seven digits.
fn least_curvature(objective: &dyn Objective, point: &DVector<f64>, tolerance: f64) -> f64 {
    let mut hessian = DMatrix::zeros(point.len(), point.len());
    objective.hessian(point, &mut hessian);
    let greatest = largest_eigenvalue(&hessian);
    hessian.neg_mut();
    let least = -largest_eigenvalue(&hessian);
    let slack = 1e-6 * greatest.abs().max(least.abs()) + tolerance;
    if least.abs() <= slack { 0.0 } else { least }
}

/// How a small displacement grows: v ← (I − ηH)v along the run, with the step sizes held. A method
/// that moves otherwise is followed as the plain step with the same edge, η = 2/threshold.
struct Growth {
    direction: DVector<f64>,
    product: DVector<f64>,

    /// The sum of logarithms and how many, over the first half and the second.
    halves: [(f64, u64); 2],
}

impl Growth {
    fn new(dimension: usize) -> Self {
        let direction = first_direction(dimension);
        Self { product: direction.clone(), direction, halves: [(0.0, 0); 2] }
    }

    /// Takes in the step that the descent takes from its record, if it takes one.
    fn follow(&mut self, descent: &Descent, record: &Record, is_late: bool) {
        let Some(threshold) = record.threshold else { return };
        let point = DVector::from_column_slice(descent.iterate());
        descent.objective().hessian_vector_product(&point, &self.direction, &mut self.product);
        self.direction.axpy(-2.0 / threshold, &self.product, 1.0);
        let norm = self.direction.norm();
        // A displacement that vanishes or overflows starts again; the smallest and the largest
        // factors stand for it, 1 for no number.
        let factor = if norm.is_nan() { 1.0 } else { norm.clamp(1e-18, 1e18) };
        let (sum, count) = &mut self.halves[usize::from(is_late)];
        (*sum, *count) = (*sum + libm::log(factor), *count + 1);
        if norm > 0.0 && norm.is_finite() {
            self.direction /= norm;
        } else {
            self.direction = first_direction(self.direction.len());
        }
    }

    /// The sums of logarithms.
    fn halves(&self) -> [f64; 2] {
        self.halves.map(|(sum, _)| sum)
    }

    /// The mean logarithm a step over the second half, or over all steps where it has not begun.
    fn exponent(&self) -> f64 {
        let (sum, count) = if self.halves[1].1 > 0 { self.halves[1] } else { self.halves[0] };
        sum / count as f64
    }
}

/// Along no axis, so that no displacement stays in a coordinate plane by accident.
fn first_direction(dimension: usize) -> DVector<f64> {
    DVector::from_fn(dimension, |i, _| 1.0 / (i + 1) as f64).normalize()
}
