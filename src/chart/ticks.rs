//! Where a row lies on the x axis: its step, or what a monotone series says.

use crate::session::series::Series;

/// The x values of a run's rows; they never fall from row to row.
#[derive(Clone, Copy, Debug, Default)]
pub enum Ticks<'a> {
    /// Row k lies at k.
    #[default]
    Rows,
    /// Row k lies at the series' value there.
    At(&'a Series),
    /// Row k lies at the sum of the series' values at the row before, and row 0 at 0: what was
    /// spent to get there.
    Before(&'a [&'a Series]),
}

impl Ticks<'_> {
    /// The x value of a row.
    pub fn x(&self, row: usize) -> f64 {
        match self {
            Self::Rows => row as f64,
            Self::At(series) => series.get(row).unwrap_or(f64::NAN),
            Self::Before(series) => match row.checked_sub(1) {
                None => 0.0,
                Some(before) => series.iter().map(|series| series.get(before).unwrap_or(f64::NAN)).sum(),
            },
        }
    }

    /// The first of `rows` rows that lies at `x` or after it; `rows` if none does. `from` is a row
    /// known to lie before.
    pub fn row(&self, x: f64, from: usize, rows: usize) -> usize {
        if let Self::Rows = self {
            return (x.max(0.0).ceil() as usize).clamp(from.min(rows), rows);
        }
        // Galloping: from column to column the row moves on by little.
        let (mut low, mut stride) = (from, 1);
        while low + stride < rows && self.x(low + stride) < x {
            low += stride;
            stride *= 2;
        }
        let mut high = (low + stride).min(rows);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.x(middle) < x { low = middle + 1 } else { high = middle }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_place_whatever_the_clock() {
        let (mut time, mut cost) = (Series::default(), Series::default());
        for row in 0..1000 {
            time.push(0.25 * f64::from(row));
            cost.push(f64::from(row / 3 * 2));
        }
        let costs = [&cost];
        for ticks in [Ticks::Rows, Ticks::At(&time), Ticks::Before(&costs)] {
            for x in [-1.0, 0.0, 0.3, 1.0, 17.2, 249.75, 600.0, 1e9] {
                let expected = (0..1000).find(|row| ticks.x(*row) >= x).unwrap_or(1000);
                for from in [0, expected / 2, expected] {
                    assert_eq!(ticks.row(x, from, 1000), expected, "{ticks:?} {x}");
                }
            }
        }
    }
}
