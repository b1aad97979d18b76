//! Rows of a sweep as the columns of a table, for Parquet and for Python.
//!
//! The first column is `point`, the number of the point in the grid, so that parts of a sweep can be
//! put in order again; the others are those of the [summaries](super::Summary). Each has its unit
//! and a description in its field's metadata.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::{Cell, Grid, Summary, quartile_names};

/// The column with the point's number.
pub const POINT: &str = "point";

/// Name, kind, unit and description of the columns behind the swept fields, in the order of
/// [`Summary::cells`].
const DESCRIBED: [(&str, DataType, &str, &str); super::COLUMNS.len()] = [
    ("run", DataType::Int64, "", "the run's number in the experiment, from 0"),
    ("policy", DataType::Utf8, "", "the run's label, or its policy with what distinguishes it"),
    ("outcome", DataType::Utf8, "", "converged, diverged, unbounded, stalled or budget"),
    ("end_step", DataType::Int64, "steps", "the index of the last iterate"),
    ("final_loss", DataType::Float64, "1", "f at the last iterate"),
    ("best_loss", DataType::Float64, "1", "the lowest f"),
    ("final_sharpness", DataType::Float64, "1", "the Hessian's largest eigenvalue at the last iterate"),
    ("flattest_sharpness", DataType::Float64, "1", "the lowest of the Hessian's largest eigenvalues"),
    (
        "share_beyond_edge",
        DataType::Float64,
        "1",
        "of the steps, the share at whose start twice the sharpness over the threshold is above 2",
    ),
    ("function_evaluations", DataType::Int64, "evaluations", "values of f that the policy asked for"),
    ("gradient_evaluations", DataType::Int64, "evaluations", "gradients that the policy asked for"),
    ("hvp_evaluations", DataType::Int64, "evaluations", "Hessian-vector products that the policy asked for"),
];

/// The columns of a sweep's rows.
#[must_use]
pub fn schema(grid: &Grid) -> SchemaRef {
    let field = |name: &str, kind: DataType, unit: &str, description: &str| {
        let mut metadata = HashMap::from([("description".to_owned(), description.to_owned())]);
        if !unit.is_empty() {
            metadata.insert("unit".to_owned(), unit.to_owned());
        }
        Field::new(name, kind, false).with_metadata(metadata)
    };
    let mut fields = vec![field(POINT, DataType::Int64, "", "the point's number in the grid, from 0")];
    for axis in grid.axes() {
        fields.push(field(&axis.path, DataType::Float64, "1", "the experiment's field with this name, at the point"));
    }
    fields.extend(DESCRIBED.map(|(name, kind, unit, description)| field(name, kind, unit, description)));
    if grid.is_plural() {
        fields.extend(quartile_names().map(|name| {
            field(
                &name,
                DataType::Float64,
                "1",
                "a quartile over all starts of the column whose name this one begins with",
            )
        }));
    }
    Arc::new(Schema::new(fields))
}

/// Rows that come in one by one.
pub struct Rows {
    schema: SchemaRef,
    columns: Vec<Cells>,
}

/// The cells of a column so far.
enum Cells {
    Counts(Int64Builder),
    Numbers(Float64Builder),
    Texts(StringBuilder),
}

impl Rows {
    /// No rows yet, with the columns of [`schema`].
    #[must_use]
    pub fn new(schema: &SchemaRef) -> Self {
        let columns = schema.fields().iter().map(|field| match field.data_type() {
            DataType::Int64 => Cells::Counts(Int64Builder::new()),
            DataType::Utf8 => Cells::Texts(StringBuilder::new()),
            _ => Cells::Numbers(Float64Builder::new()),
        });
        Self { schema: Arc::clone(schema), columns: columns.collect() }
    }

    /// Adds the row of a run at a point with these values.
    pub fn push(&mut self, point: usize, values: &[f64], summary: &Summary) {
        let quartiles = summary.quartiles.iter().flat_map(|quartiles| quartiles.to_array());
        let cells = [Cell::Count(point as u64)].into_iter().chain(values.iter().copied().map(Cell::Number));
        self.push_cells(cells.chain(summary.cells()).chain(quartiles.map(Cell::Number)));
    }

    /// Adds a row with one cell for each column, which is of its kind.
    pub fn push_cells<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match (column, cell) {
                (Cells::Counts(column), Cell::Count(count)) => column.append_value(count as i64),
                (Cells::Numbers(column), Cell::Number(number)) => column.append_value(number),
                (Cells::Texts(column), Cell::Text(text)) => column.append_value(text),
                // The lengths then differ, and no table comes of it.
                (_, _) => {}
            }
        }
    }

    /// The rows so far as one batch; there are none afterwards.
    ///
    /// # Errors
    ///
    /// If a row had cells of other kinds than its columns.
    pub fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        let arrays = self.columns.iter_mut().map(|column| match column {
            Cells::Counts(column) => Arc::new(column.finish()) as ArrayRef,
            Cells::Numbers(column) => Arc::new(column.finish()),
            Cells::Texts(column) => Arc::new(column.finish()),
        });
        RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use flatland_engine::Experiment;

    use super::*;
    use crate::sweep::{Axis, COLUMNS};

    #[test]
    fn every_column_of_a_summary_is_described_with_its_kind() {
        assert_eq!(DESCRIBED.map(|(name, ..)| name), COLUMNS);
        let document = r#"{"version": 1, "objective": {"name": "double-well"}, "start": [0.3], "steps": 3,
            "runs": [{"policy": {"name": "constant"}}], "ensemble": {"size": 2, "spread": 0.1}}"#;
        let experiment = Experiment::from_json(document).unwrap();
        let grid = Grid::new(&experiment, vec![Axis::parse("start[0]=0.1,0.2").unwrap()]).unwrap();
        let schema = schema(&grid);
        let mut rows = Rows::new(&schema);
        for point in 0..2 {
            grid.run(point).unwrap().iter().for_each(|summary| rows.push(point, &grid.values(point), summary));
        }
        let batch = rows.take().unwrap();
        assert_eq!((batch.num_rows(), batch.num_columns()), (2, 1 + 1 + COLUMNS.len() + 15));
        assert_eq!(rows.take().unwrap().num_rows(), 0);
        assert!(schema.fields().iter().all(|field| field.metadata().contains_key("description")));
    }
}
