//! Images that a network is to give back, beside what it gives back.

use flatland_engine::data::DataSet;

use super::{Answers, MOST_PIXELS, MOST_TILES, own, reduced, samples::brightness, samples::mean, thinned};
use crate::networks::view::picture::Images;

pub(super) fn look(data: &DataSet, image: (usize, usize), parts: &[Answers<'_>; 2]) -> Images {
    let is_test = parts[1].samples.count > 0;
    let part = &parts[usize::from(is_test)];
    let (lo, hi) = brightness(data);
    let mut shape = (0, 0);
    let mut pixels = |value: &dyn Fn(usize) -> f64| {
        let share = |i: usize| ((own(data, i, value(i)) - lo) / (hi - lo)).clamp(0.0, 1.0);
        let (found, pixels) = reduced(image, MOST_PIXELS, |row, column| share(row * image.1 + column), mean);
        shape = found;
        pixels
    };
    let pair = |s: usize| [pixels(&|i| part.target(i, s)), pixels(&|i| part.output(i, s))];
    // Outputs that are not finite are no images.
    let count = if part.are_finite() { part.samples.count } else { 0 };
    let pairs = thinned(count, MOST_TILES / 2).map(pair).collect();
    Images { is_test, shape, pairs, misses: [parts[0].miss(), parts[1].miss()] }
}
