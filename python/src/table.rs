//! Columns of equal length, as NumPy and Arrow take them.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::column::{Column, Values};

/// The name of a capsule that holds a stream, as the Arrow PyCapsule Interface wants it.
const STREAM: &CStr = c"arrow_array_stream";

/// Columns with names. The rows lie in one or more parts, of which each has all columns.
#[pyclass(frozen, module = "flatland._engine")]
pub struct Table {
    names: Vec<String>,
    parts: Vec<Vec<Values>>,
}

impl Table {
    /// A table of one part.
    pub fn new(columns: impl IntoIterator<Item = (String, Values)>) -> Self {
        let (names, values) = columns.into_iter().unzip();
        Self { names, parts: vec![values] }
    }

    /// A table of one part with the rows of all batches, which have the same columns; the one called
    /// `unwanted` is left out.
    pub fn of_batches(batches: &[RecordBatch], unwanted: &str) -> Self {
        let Some(first) = batches.first() else { return Self { names: Vec::new(), parts: Vec::new() } };
        let fields = first.schema_ref().fields().iter().enumerate();
        Self::new(fields.filter(|(_, field)| field.name() != unwanted).map(|(i, field)| {
            let arrays: Vec<_> = batches.iter().map(|batch| batch.column(i).as_ref()).collect();
            (field.name().clone(), Values::of_arrays(&arrays))
        }))
    }

    fn schema(&self) -> SchemaRef {
        let first = self.parts.first().map(Vec::as_slice).unwrap_or_default();
        let field = |(name, values): (&String, &Values)| Field::new(name, values.data_type(), false);
        Arc::new(Schema::new(self.names.iter().zip(first).map(field).collect::<Vec<_>>()))
    }

    fn batches(&self, schema: &SchemaRef) -> Result<Vec<RecordBatch>, ArrowError> {
        let batch =
            |part: &Vec<Values>| RecordBatch::try_new(Arc::clone(schema), part.iter().map(Values::to_arrow).collect());
        self.parts.iter().map(batch).collect()
    }
}

#[pymethods]
impl Table {
    /// The tables below each other, each with its number in a first column called `name`.
    ///
    /// Their columns are the same in number, order and kind.
    #[staticmethod]
    fn stacked(name: &str, tables: Vec<PyRef<'_, Self>>) -> PyResult<Self> {
        let Some(first) = tables.first() else {
            return Err(PyValueError::new_err("expected at least one table, found none"));
        };
        let names: Vec<_> = [name.to_owned()].into_iter().chain(first.names.iter().cloned()).collect();
        let mut parts = Vec::new();
        for (number, table) in tables.iter().enumerate() {
            if table.names != first.names {
                return Err(PyValueError::new_err("expected tables with the same columns, found others"));
            }
            for part in &table.parts {
                let rows = part.first().map_or(0, Values::len);
                let numbers = Values::from(vec![number as i64; rows]);
                parts.push([numbers].into_iter().chain(part.iter().cloned()).collect());
            }
        }
        Ok(Self { names, parts })
    }

    /// The names of the columns, in their order.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn __len__(&self) -> usize {
        self.parts.iter().map(|part| part.first().map_or(0, Values::len)).sum()
    }

    /// The column with this name, of a table of one part.
    fn column(&self, name: &str) -> PyResult<Column> {
        let place = self.names.iter().position(|known| known == name);
        let values = place.and_then(|place| self.parts.first()?.get(place));
        values.cloned().map(Column).ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    /// A stream of the rows for any library that reads Arrow; a part is a batch, and no number is
    /// copied. A schema that is asked for is not followed, as the interface allows.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let schema = self.schema();
        let batches = self.batches(&schema).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let reader: Box<dyn RecordBatchReader + Send> =
            Box::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM)
    }
}
