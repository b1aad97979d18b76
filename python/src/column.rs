//! One column of a table, read by NumPy and Arrow where it lies.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray, StringArray};
use arrow_schema::DataType;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::series::{Growing, Number, Series};

/// The values of a column.
#[derive(Clone, Debug)]
pub enum Values {
    /// Numbers; NaN where there is none.
    Numbers(Series<f64>),

    /// Whole numbers.
    Counts(Series<i64>),

    /// Texts.
    Texts(Arc<StringArray>),
}

impl Values {
    /// The kind of the values.
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Numbers(_) => DataType::Float64,
            Self::Counts(_) => DataType::Int64,
            Self::Texts(_) => DataType::Utf8,
        }
    }

    /// The same memory as an Arrow array.
    pub fn to_arrow(&self) -> ArrayRef {
        match self {
            Self::Numbers(values) => Arc::new(PrimitiveArray::<Float64Type>::new(values.memory().clone(), None)),
            Self::Counts(values) => Arc::new(PrimitiveArray::<Int64Type>::new(values.memory().clone(), None)),
            Self::Texts(values) => Arc::clone(values) as ArrayRef,
        }
    }

    /// Those of all arrays, of which one alone is not copied. Arrays of another kind than the first
    /// have none.
    pub fn of_arrays(arrays: &[&dyn Array]) -> Self {
        let kind = arrays.first().map(|array| array.data_type());
        match kind {
            Some(DataType::Int64) => Self::Counts(joined::<Int64Type>(arrays)),
            Some(DataType::Utf8) => {
                let texts = arrays.iter().filter_map(|array| array.as_string_opt::<i32>());
                Self::Texts(Arc::new(StringArray::from_iter(texts.flatten())))
            }
            _ => Self::Numbers(joined::<Float64Type>(arrays)),
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Counts(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }
}

fn joined<T: ArrowPrimitiveType<Native: Number>>(arrays: &[&dyn Array]) -> Series<T::Native> {
    let mut parts = arrays.iter().filter_map(|array| array.as_primitive_opt::<T>()).map(|array| array.values());
    match (parts.next(), arrays.len()) {
        (Some(only), 1) => only.clone().into(),
        (first, _) => first.into_iter().chain(parts).flat_map(|part| part.iter().copied()).collect::<Vec<_>>().into(),
    }
}

impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Self {
        Self::Numbers(values.into())
    }
}

impl From<Vec<i64>> for Values {
    fn from(values: Vec<i64>) -> Self {
        Self::Counts(values.into())
    }
}

impl From<Growing<f64>> for Values {
    fn from(values: Growing<f64>) -> Self {
        Self::Numbers(values.into())
    }
}

impl From<Growing<i64>> for Values {
    fn from(values: Growing<i64>) -> Self {
        Self::Counts(values.into())
    }
}

impl From<Vec<String>> for Values {
    fn from(values: Vec<String>) -> Self {
        Self::Texts(Arc::new(values.into()))
    }
}

/// What NumPy asks for the memory of a column. An array that it makes of one keeps the column alive,
/// and so the memory, which nobody writes to.
#[pyclass(frozen, module = "flatland._engine")]
pub struct Column(pub Values);

#[pymethods]
impl Column {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// The array interface, version 3: where the numbers lie, of which kind they are, how many, and
    /// that they are not to be written to. Texts have none.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let order = if cfg!(target_endian = "little") { '<' } else { '>' };
        let (address, kind) = match &self.0 {
            Values::Numbers(values) => (values.memory().as_ptr().addr(), 'f'),
            Values::Counts(values) => (values.memory().as_ptr().addr(), 'i'),
            Values::Texts(_) => return Err(pyo3::exceptions::PyAttributeError::new_err("__array_interface__")),
        };
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("shape", (self.0.len(),))?;
        interface.set_item("typestr", format!("{order}{kind}8"))?;
        interface.set_item("data", (address, true))?;
        Ok(interface)
    }

    /// The texts; None of a column of numbers.
    fn texts<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyList>>> {
        match &self.0 {
            Values::Texts(texts) => PyList::new(py, texts.iter()).map(Some),
            _ => Ok(None),
        }
    }
}
