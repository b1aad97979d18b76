//! Everything recorded of one run: a [`Series`] for each quantity and each coordinate, and the first crossing of the threshold.

use crate::{
    protocol::{QUANTITIES, Quantity},
    session::series::Series,
};

/// The record of one run. Row `k` of every series is iterate `k`.
#[derive(Clone, Debug, Default)]
pub struct History {
    quantities: [Series; QUANTITIES],
    coordinates: Vec<Series>,
    first_above: Option<usize>,
}

impl History {
    /// Rows recorded.
    pub fn len(&self) -> usize {
        self.quantities[0].len()
    }

    /// Whether nothing is recorded yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends rows given column by column: the [`QUANTITIES`], then the coordinates, each `rows` long.
    pub fn append(&mut self, rows: usize, columns: &[f64]) {
        let start = self.len();
        for (index, column) in columns.chunks_exact(rows.max(1)).enumerate() {
            let series = match index.checked_sub(QUANTITIES) {
                None => &mut self.quantities[index],
                Some(coordinate) => {
                    if coordinate == self.coordinates.len() {
                        self.coordinates.push(Series::default());
                    }
                    &mut self.coordinates[coordinate]
                }
            };
            series.extend(column);
        }
        if self.first_above.is_none() {
            let product = self.series(Quantity::Product);
            self.first_above = (start..self.len()).find(|row| product.get(*row).is_some_and(|p| p > 2.0));
        }
    }

    /// Forgets every row from `len` on.
    pub fn truncate(&mut self, len: usize) {
        for series in self.quantities.iter_mut().chain(&mut self.coordinates) {
            series.truncate(len);
        }
        self.first_above = self.first_above.filter(|row| *row < len);
    }

    /// The series of a quantity.
    pub fn series(&self, quantity: Quantity) -> &Series {
        &self.quantities[quantity as usize]
    }

    /// The series of the coordinates that are kept, in order.
    pub fn coordinates(&self) -> &[Series] {
        &self.coordinates
    }

    /// The value of a quantity at a row (see [`Series::get`]).
    pub fn get(&self, quantity: Quantity, row: usize) -> Option<f64> {
        self.series(quantity).get(row)
    }

    /// η at a row, where a step is taken there; on a last row without a step, the η of the step before.
    pub fn step_size(&self, row: usize) -> Option<f64> {
        self.at_or_before(Quantity::StepSize, row)
    }

    /// The threshold at a row, found like [`History::step_size`].
    pub fn threshold(&self, row: usize) -> Option<f64> {
        self.at_or_before(Quantity::Threshold, row)
    }

    /// Whether the threshold at a row is that of plain gradient descent, 2/η, and not a method's own.
    pub fn is_plain(&self, row: usize) -> bool {
        match (self.threshold(row), self.step_size(row)) {
            (Some(threshold), Some(eta)) => threshold == 2.0 / eta,
            _ => true,
        }
    }

    fn at_or_before(&self, quantity: Quantity, row: usize) -> Option<f64> {
        let value = |row| self.get(quantity, row).filter(|value| !value.is_nan());
        value(row).or_else(|| value(row.checked_sub(1)?))
    }

    /// The first row with η·λ₁ > 2.
    pub fn first_above(&self) -> Option<usize> {
        self.first_above
    }

    /// Rows whose detail has been given back.
    pub fn thinned_rows(&self) -> usize {
        self.quantities[0].thinned_rows()
    }

    /// Gives back the oldest detail; `false` when there is none left to give.
    pub fn thin(&mut self) -> bool {
        let mut thinned = true;
        for series in self.quantities.iter_mut().chain(&mut self.coordinates) {
            thinned &= series.thin();
        }
        thinned
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        self.quantities.iter().chain(&self.coordinates).map(Series::bytes).sum()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A history with the given products (η = 1, so λ₁ is the product), losses and first coordinates.
    pub(crate) fn history(rows: impl IntoIterator<Item = (f64, f64, f64)>) -> History {
        let mut history = History::default();
        for (product, loss, x) in rows {
            history.append(1, &[loss, 1.0, product, 1.0, 2.0, product, f64::NAN, 0.0, 0.0, 0.0, x]);
        }
        history
    }

    #[test]
    fn columns_go_to_their_series() {
        let mut history = History::default();
        let mut columns = Vec::new();
        for quantity in 0..QUANTITIES + 2 {
            columns.extend([quantity as f64, quantity as f64 + 0.5]);
        }
        history.append(2, &columns);
        assert_eq!(history.len(), 2);
        assert_eq!(history.get(Quantity::Sharpness, 1), Some(2.5));
        assert_eq!(history.coordinates().len(), 2);
        assert_eq!(history.coordinates()[1].get(0), Some((QUANTITIES + 1) as f64));
    }

    #[test]
    fn the_first_crossing_is_found_and_forgotten_with_its_row() {
        let mut history = history([(1.0, 1.0, 0.0), (1.9, 1.0, 0.0), (2.1, 1.0, 0.0), (1.0, 1.0, 0.0)]);
        assert_eq!(history.first_above(), Some(2));
        history.truncate(2);
        assert_eq!(history.first_above(), None);
        assert_eq!(history.len(), 2);
    }

    #[test]
    fn a_last_row_without_a_step_shows_the_threshold_of_the_step_before() {
        let mut history = history([(1.0, 1.0, 0.0)]);
        history.append(1, &[1.0, 1.0, 1.0, f64::NAN, f64::NAN, f64::NAN, f64::NAN, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(history.threshold(1), Some(2.0));
        assert_eq!(history.threshold(2), None);
    }
}
