//! What is known of a bifurcation diagram: how often the iterates came by each pixel.

use flatland_atlas::COARSEST;
use flatland_atlas::bifurcation::Diagram;

/// The hits of a diagram, column by column from the left, each from the top.
#[derive(Clone)]
pub struct Hits {
    columns: usize,
    rows: usize,
    numbers: Vec<f32>,

    /// Whether each column is known.
    is_known: Vec<bool>,
}

impl Hits {
    /// So many pixels, of which nothing is known.
    pub fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, numbers: vec![0.0; columns * rows], is_known: vec![false; columns] }
    }

    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// The columns that are still to be computed, those first that make the coarsest picture.
    pub fn work(&self) -> Vec<u32> {
        let mut columns: Vec<u32> =
            (0..self.columns as u32).filter(|column| !self.is_known[*column as usize]).collect();
        columns.sort_by_key(|column| std::cmp::Reverse(column.trailing_zeros().min(COARSEST.trailing_zeros())));
        columns
    }

    /// How many of the columns to be computed first make the coarsest picture.
    pub fn coarse(&self) -> usize {
        self.is_known.iter().step_by(COARSEST).filter(|known| !**known).count()
    }

    /// Takes in what a worker has computed of these columns.
    pub fn put(&mut self, columns: &[u32], numbers: &[f32]) {
        for (column, numbers) in columns.iter().zip(numbers.chunks_exact(self.rows)) {
            let column = *column as usize;
            if column < self.columns {
                self.numbers[column * self.rows..][..self.rows].copy_from_slice(numbers);
                self.is_known[column] = true;
            }
        }
    }

    /// The share of the columns that are known.
    pub fn share(&self) -> f64 {
        self.is_known.iter().filter(|known| **known).count() as f64 / self.columns as f64
    }

    /// The hits of a pixel; None beyond the edge.
    pub fn at(&self, column: usize, row: usize) -> Option<f32> {
        (column < self.columns && row < self.rows).then(|| self.numbers[column * self.rows + row])
    }

    /// All hits, row by row from the top.
    pub fn by_rows(&self) -> Vec<f32> {
        let row = |row: usize| (0..self.columns).map(move |column| self.numbers[column * self.rows + row]);
        (0..self.rows).flat_map(row).collect()
    }

    /// The colors, four bytes a pixel; transparent where nothing is known or no iterate came by.
    pub fn rgba(&self, diagram: &Diagram, is_dark: bool) -> Vec<u8> {
        let mut bytes = vec![0; 4 * self.columns * self.rows];
        let mut shown = None;
        for column in 0..self.columns {
            // Until it is known a column shows the nearest one to its left.
            if self.is_known[column] {
                shown = Some(column);
            }
            let Some(source) = shown.filter(|source| column - source < COARSEST) else { continue };
            for (row, hits) in self.numbers[source * self.rows..][..self.rows].iter().enumerate() {
                if let Some([red, green, blue]) = diagram.shade(*hits as u32, is_dark) {
                    bytes[4 * (row * self.columns + column)..][..4].copy_from_slice(&[red, green, blue, 255]);
                }
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_from_coarse_to_fine_and_leave_row_by_row() {
        let mut hits = Hits::new(40, 2);
        assert_eq!((hits.coarse(), &hits.work()[..4]), (2, &[0, 32, 16, 8][..]));
        hits.put(&[32, 1], &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!((hits.coarse(), hits.share()), (1, 0.05));
        assert!(!hits.work().contains(&32));
        assert_eq!((hits.at(32, 0), hits.at(1, 1), hits.at(40, 0)), (Some(1.0), Some(4.0), None));
        let rows = hits.by_rows();
        assert_eq!((rows[32], rows[40 + 32], rows[1], rows.len()), (1.0, 2.0, 3.0, 80));
    }
}
