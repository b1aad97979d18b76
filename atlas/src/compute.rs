//! Pixels of a plan, on one thread.

use crate::cohort::Cohort;
use crate::program::lanes::LANES;
use crate::{Pixel, Plan, Way, single};

/// The pixels at these points (x, y) of a plan, in their order.
#[must_use]
pub fn compute(plan: &Plan, points: &[(f64, f64)]) -> Vec<Pixel> {
    let mut pixels = match &plan.way {
        Way::Engine(_) => points.iter().map(|&(x, y)| single::pixel(&plan.map, x, y)).collect(),
        Way::Closed(closed) => {
            let mut cohort = Cohort::new(closed, plan.map.measure);
            let engine = |(pixel, &(x, y)): (Option<Pixel>, &(f64, f64))| {
                pixel.unwrap_or_else(|| single::pixel(&plan.map, x, y))
            };
            points
                .chunks(LANES)
                .flat_map(|points| cohort.run(points).into_iter().zip(points).map(engine).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        }
    };
    single::add_missing(&plan.map, points, &mut pixels);
    pixels
}
