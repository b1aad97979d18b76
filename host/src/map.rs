//! The pixels of a map, computed on all cores.

use flatland_atlas::paint::Sample;
use flatland_atlas::{Map, Picture, Pixel, Plan, compute};
use rayon::prelude::*;

/// Pixels that are computed before the picture takes them in: many for each core, few enough to
/// hold.
const BLOCK: usize = 1 << 16;

/// Pixels that a core computes at a time: some cohorts of neighbors; of networks one, since a run
/// may take minutes.
const TASK: usize = 256;

/// A map that is being drawn.
pub struct Canvas {
    /// How its pixels are computed.
    pub plan: Plan,

    /// What is known of it.
    pub picture: Picture,

    /// Steps taken so far.
    pub steps: u64,
}

impl Canvas {
    /// Where a pixel is, counted row by row from the top.
    #[must_use]
    pub fn point(&self, pixel: u32) -> (f64, f64) {
        let (columns, rows) = self.picture.size();
        let (column, row) = (pixel as usize % columns, pixel as usize / columns);
        (self.plan.map.x.at_pixel(column, columns), self.plan.map.y.at_pixel(rows - 1 - row, rows))
    }

    /// Takes in some pixels.
    pub fn put(&mut self, work: &[u32], pixels: &[Pixel]) {
        let Map { measure, experiment, .. } = &self.plan.map;
        for (place, pixel) in work.iter().zip(pixels) {
            self.picture.put(*place as usize, Sample::new(pixel, *measure));
            self.steps += pixel.fate.steps(experiment.steps);
        }
    }

    /// Computes pixels on all cores. `goes_on` is told how many more are done, after some at a time:
    /// once it says no, the rest stay unknown.
    pub fn fill(&mut self, work: &[u32], goes_on: impl Fn(usize) -> bool + Sync) {
        let task = if self.plan.map.experiment.is_network() { 1 } else { TASK };
        for block in work.chunks(BLOCK) {
            let compute_some = |task: &[u32]| {
                if !goes_on(0) {
                    return None;
                }
                let points: Vec<_> = task.iter().map(|pixel| self.point(*pixel)).collect();
                let pixels = compute(&self.plan, &points);
                goes_on(task.len());
                Some(pixels)
            };
            let computed: Vec<_> = block.par_chunks(task).map(compute_some).collect();
            for (task, pixels) in block.chunks(task).zip(computed) {
                self.put(task, &pixels.unwrap_or_default());
            }
        }
    }
}
