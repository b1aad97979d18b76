//! Classes with more than two inputs: what is taken for what.

use std::collections::BTreeMap;

use flatland_engine::data::DataSet;

use super::{Answers, MOST_CLASSES, MOST_PIXELS, MOST_TILES, own, own_input, reduced, thinned};
use crate::networks::view::picture::{Confusion, Samples, Tile};

/// The most characters of a class's name.
const MOST_CHARACTERS: usize = 12;

pub(super) fn look(data: &DataSet, names: &[String], parts: &[Answers<'_>; 2]) -> Samples {
    let classes = names.len();
    let scores = [parts[0].score(classes), parts[1].score(classes)];
    let is_test = parts[1].samples.count > 0;
    let part = &parts[usize::from(is_test)];
    // Outputs that are not finite take no sample for anything.
    let count = if part.are_finite() { part.samples.count } else { 0 };
    let taken: Vec<(usize, usize)> = (0..count).map(|s| (part.label(s), part.prediction(classes, s))).collect();
    let mut shown = Shown::new(names, &part.samples.class_counts(classes));
    let rows = shown.names.len();
    let mut matrix = vec![0.0; rows * rows];
    for (truth, prediction) in &taken {
        if let Some(cell) = matrix.get_mut(shown.row(*truth) * rows + shown.row(*prediction)) {
            *cell += 1.0;
        }
    }
    let most_often = most_often(&taken).map(|(truth, prediction, count)| Confusion {
        truth: shown.place(truth),
        prediction: shown.place(prediction),
        count,
    });
    let image = data.image.filter(|(rows, columns)| rows * columns == data.inputs);
    let (mut shape, mut tiles) = ((0, 0), Vec::new());
    if let Some(image) = image {
        let (lo, hi) = brightness(data);
        for s in chosen(&taken) {
            let share = |i: usize| ((own_input(data, part.samples, i, s) - lo) / (hi - lo)).clamp(0.0, 1.0);
            let (found, pixels) = reduced(image, MOST_PIXELS, |row, column| share(row * image.1 + column), mean);
            shape = found;
            let (truth, prediction) = taken.get(s).copied().unwrap_or_default();
            tiles.push(Tile { truth: shown.place(truth), prediction: shown.place(prediction), pixels });
        }
    }
    let Shown { names, has_others, .. } = shown;
    Samples { names, classes: rows, has_others, matrix, is_test, scores, most_often, image: shape, tiles }
}

/// The classes that a picture names.
struct Shown<'a> {
    all: &'a [String],
    /// Which class each row of the matrix is; fewer than names where the last is of all others.
    rows: Vec<usize>,
    has_others: bool,
    names: Vec<String>,
    /// Places of classes without a row.
    further: BTreeMap<usize, usize>,
}

impl<'a> Shown<'a> {
    /// All classes, or those with the most samples, in their order.
    fn new(all: &'a [String], counts: &[usize]) -> Self {
        let mut rows: Vec<usize> = (0..all.len()).collect();
        let has_others = all.len() > MOST_CLASSES;
        if has_others {
            rows.sort_by_key(|class| std::cmp::Reverse(counts.get(*class).copied().unwrap_or_default()));
            rows.truncate(MOST_CLASSES - 1);
            rows.sort_unstable();
        }
        let mut names: Vec<String> = rows.iter().filter_map(|class| all.get(*class)).map(|name| short(name)).collect();
        if has_others {
            names.push("others".to_owned());
        }
        Self { all, rows, has_others, names, further: BTreeMap::new() }
    }

    /// The row of the matrix that a class belongs to.
    fn row(&self, class: usize) -> usize {
        self.rows.binary_search(&class).unwrap_or(self.rows.len())
    }

    /// A class's place among the names; those without a row get one at the end.
    fn place(&mut self, class: usize) -> usize {
        if let Ok(row) = self.rows.binary_search(&class) {
            return row;
        }
        let next = self.names.len();
        let place = *self.further.entry(class).or_insert(next);
        if place == next {
            self.names.push(self.all.get(class).map(|name| short(name)).unwrap_or_default());
        }
        place
    }
}

/// A name, or its beginning.
fn short(name: &str) -> String {
    if name.chars().count() <= MOST_CHARACTERS {
        return name.to_owned();
    }
    name.chars().take(MOST_CHARACTERS - 1).chain(['…']).collect()
}

/// What is most often taken for something else, and how many times; the first of equal ones.
fn most_often(taken: &[(usize, usize)]) -> Option<(usize, usize, usize)> {
    let mut counts = BTreeMap::new();
    for pair in taken.iter().filter(|(truth, prediction)| truth != prediction) {
        *counts.entry(*pair).or_insert(0) += 1;
    }
    let mut most = None;
    for ((truth, prediction), count) in counts {
        if most.is_none_or(|(_, _, found)| count > found) {
            most = Some((truth, prediction, count));
        }
    }
    most
}

/// The samples for tiles: wrong ones, then right ones, evenly thinned.
fn chosen(taken: &[(usize, usize)]) -> Vec<usize> {
    let (right, wrong): (Vec<usize>, Vec<usize>) =
        (0..taken.len()).partition(|s| taken.get(*s).is_some_and(|(truth, prediction)| truth == prediction));
    let take = |from: &[usize], most| -> Vec<usize> {
        thinned(from.len(), most).filter_map(|place| from.get(place).copied()).collect()
    };
    let wrong = take(&wrong, MOST_TILES);
    let right = take(&right, MOST_TILES - wrong.len());
    [wrong, right].concat()
}

/// The least and the greatest pixel of the training images, in their own units.
pub(super) fn brightness(data: &DataSet) -> (f64, f64) {
    let samples = &data.train;
    let rows = samples.inputs.chunks_exact(samples.count.max(1)).enumerate();
    let values = rows.flat_map(|(i, row)| row.iter().map(move |value| own(data, i, *value)));
    let (lo, hi) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
    if hi > lo { (lo, hi) } else { (0.0, 1.0) }
}

pub(super) fn mean(values: &mut dyn Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    sum / count
}
