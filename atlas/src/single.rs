//! One pixel with the engine itself: any objective, any policy, any number on the axes.

use flatland_engine::descent::Recording;
use flatland_engine::{Descent, Outcome};
use nalgebra::{DMatrix, DVector};

use crate::{Fate, MAX_DIMENSION, MAX_PERIOD, Map, Measure, Orbit, Pixel, chaos_steps, orbit};

/// Iterates that are kept to look for cycles.
const KEPT: usize = 2 * MAX_PERIOD + 1;

/// The run at a point of the map. Beyond the ends of the axes, where the experiment may not be valid, the pixel is undefined.
#[must_use]
pub fn pixel(map: &Map, x: f64, y: f64) -> Pixel {
    let Ok(mut experiment) = map.experiment_at(x, y) else { return Pixel::of(Fate::Undefined) };
    let steps = experiment.steps;
    // What comes after the budget tells chaos from slow settling.
    experiment.steps = steps + chaos_steps(steps);
    let recording = Recording { sharpness: map.measure == Measure::Share };
    let Ok(mut descent) = Descent::with_recording(&experiment, map.run, recording) else {
        return Pixel::of(Fate::Undefined);
    };
    let dimension = experiment.start.len();
    let mut kept = vec![0.0; KEPT * dimension];
    let mut growth = Growth::new(dimension);
    let follows = map.measure == Measure::Lyapunov;
    let (mut beyond, mut taken, mut first_loss, mut next_eta) = (0_u64, 0_u64, 0.0, None);
    while let Some(record) = descent.advance() {
        if record.step == 0 {
            first_loss = record.loss;
        }
        let place = record.step as usize % KEPT * dimension;
        kept[place..place + dimension].copy_from_slice(descent.iterate());
        if descent.outcome().is_some() || record.step >= steps {
            next_eta = record.step_size;
            break;
        }
        taken += 1;
        beyond += u64::from(record.product().is_some_and(|product| product > 2.0));
        if let (true, Some(eta)) = (follows, record.step_size) {
            growth.follow(&descent, eta, record.step >= steps / 2);
        }
    }
    let end = taken;
    let fate = match descent.outcome() {
        Some(&Outcome::Converged { step, .. }) => Fate::Converged { steps: step },
        Some(Outcome::Diverged { step: 0, .. }) if first_loss.is_nan() => Fate::Undefined,
        Some(&Outcome::Diverged { step, .. } | &Outcome::Unbounded { step, .. }) => Fate::Diverged { step },
        Some(&Outcome::Stalled { step, .. }) => Fate::Stalled { step },
        Some(Outcome::Budget { .. }) => Fate::Unsettled,
        None => {
            let at = |back: usize, i: usize| kept[(end as usize - back) % KEPT * dimension + i];
            match orbit(dimension, KEPT.min(end as usize + 1), at) {
                Orbit::Cycle(period) => Fate::Periodic { period },
                Orbit::Approaching => Fate::Unsettled,
                Orbit::Wandering => wandering(&mut descent, dimension, next_eta),
            }
        }
    };
    let mut pixel = Pixel::of(fate);
    let last = &kept[end as usize % KEPT * dimension..][..dimension.min(MAX_DIMENSION)];
    pixel.last[..last.len()].copy_from_slice(last);
    if recording.sharpness && taken > 0 {
        pixel.share = beyond as f64 / taken as f64;
    }
    if follows {
        pixel.lyapunov = growth.exponent();
    }
    if map.measure == Measure::Sharpness {
        let point = DVector::from_column_slice(&kept[end as usize % KEPT * dimension..][..dimension]);
        let mut workspace = DMatrix::zeros(dimension, dimension);
        pixel.sharpness = descent.objective().sharpness(&point, &mut workspace);
    }
    pixel
}

/// Whether a run that has used up its steps and comes back to nothing is chaotic.
///
/// `eta` is the step about to be taken from its iterate.
fn wandering(descent: &mut Descent, dimension: usize, mut eta: Option<f64>) -> Fate {
    let mut growth = Growth::new(dimension);
    while let Some(size) = eta {
        growth.follow(descent, size, true);
        eta = descent.advance().and_then(|record| record.step_size);
    }
    if growth.exponent() > 0.0 { Fate::Chaotic } else { Fate::Unsettled }
}

/// λ₁ at the last iterate of pixels that were computed without it; `points` are where they are on the map.
pub fn add_sharpness(map: &Map, points: &[(f64, f64)], pixels: &mut [Pixel]) {
    let dimension = map.experiment.start.len();
    let mut workspace = DMatrix::zeros(dimension, dimension);
    // Where no axis is a parameter of the objective, one objective serves all pixels.
    let is_fixed = [&map.x, &map.y].iter().all(|axis| !axis.field.starts_with("objective."));
    let mut shared = if is_fixed { map.experiment.build_objective().ok() } else { None };
    for (&(x, y), pixel) in points.iter().zip(pixels) {
        if !pixel.sharpness.is_nan() || dimension > MAX_DIMENSION {
            continue;
        }
        if !is_fixed {
            shared = map.experiment_at(x, y).ok().and_then(|experiment| experiment.build_objective().ok());
        }
        let point = DVector::from_column_slice(&pixel.last[..dimension]);
        if let Some(objective) = &shared {
            pixel.sharpness = objective.sharpness(&point, &mut workspace);
        }
    }
}

/// How a small displacement grows: v ← (I − ηH)v along the run, with the steps sizes held.
struct Growth {
    direction: DVector<f64>,
    product: DVector<f64>,

    /// The sum of logarithms and how many, over all steps and over those of the second half.
    all: (f64, u64),
    late: (f64, u64),
}

impl Growth {
    fn new(dimension: usize) -> Self {
        let mut direction = DVector::from_fn(dimension, |i, _| 1.0 / (i + 1) as f64);
        direction.normalize_mut();
        Self { product: direction.clone(), direction, all: (0.0, 0), late: (0.0, 0) }
    }

    /// Takes in the step with size η from the descent's iterate.
    fn follow(&mut self, descent: &Descent, eta: f64, is_late: bool) {
        let point = DVector::from_column_slice(descent.iterate());
        descent.objective().hessian_vector_product(&point, &self.direction, &mut self.product);
        self.direction.axpy(-eta, &self.product, 1.0);
        let norm = self.direction.norm();
        let log = libm::log(norm.max(f64::MIN_POSITIVE));
        self.all = (self.all.0 + log, self.all.1 + 1);
        if is_late {
            self.late = (self.late.0 + log, self.late.1 + 1);
        }
        if norm > 0.0 && norm.is_finite() {
            self.direction /= norm;
        } else {
            *self = Self { all: self.all, late: self.late, ..Self::new(self.direction.len()) };
        }
    }

    fn exponent(&self) -> f64 {
        let (sum, count) = if self.late.1 > 0 { self.late } else { self.all };
        sum / count as f64
    }
}
