//! An objective whose value and derivatives are Python functions.
//!
//! The adapter in `python/flatland/_objective.py` calls them, checks what they return and hands
//! numbers on as bytes. A function that raises ends the run: the exception is kept here, every
//! further answer is NaN without a call, and [`crate::run`] raises it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flatland_engine::objective::{DenseHessian, Gradient, HessianVectorProduct, MAX_DIMENSION, Objective, Value};
use flatland_engine::spectrum::{ByProducts, Precision, Tracking};
use nalgebra::{DMatrix, DVector};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyTuple};

/// The functions, and what has gone wrong with them.
pub struct Functions {
    adapter: Py<PyAny>,
    dimension: usize,
    minimum: Option<f64>,

    /// Whether second derivatives are given.
    pub has_curvature: bool,

    /// Whether a dense Hessian is given.
    has_hessian: bool,

    error: Mutex<Option<PyErr>>,
    has_failed: AtomicBool,

    /// Whether second derivatives were asked for that are not given.
    is_curvature_missed: AtomicBool,
}

impl Functions {
    /// The functions behind an adapter, for points of `dimension` variables.
    pub fn new(adapter: &Bound<'_, PyAny>, dimension: usize) -> PyResult<Self> {
        let has_hessian = adapter.getattr("has_hessian")?.extract()?;
        Ok(Self {
            adapter: adapter.clone().unbind(),
            dimension,
            minimum: adapter.getattr("minimum")?.extract()?,
            has_curvature: has_hessian || adapter.getattr("has_product")?.extract()?,
            has_hessian,
            error: Mutex::new(None),
            has_failed: AtomicBool::new(false),
            is_curvature_missed: AtomicBool::new(false),
        })
    }

    /// What a function raised, once.
    pub fn take_error(&self) -> Option<PyErr> {
        if !self.has_failed.load(Ordering::Relaxed) {
            return None;
        }
        self.error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether second derivatives were asked for that are not given, since the last question.
    pub fn take_missed_curvature(&self) -> bool {
        self.is_curvature_missed.swap(false, Ordering::Relaxed)
    }

    /// Calls the adapter's method `name`; None where it raises, or another one has.
    fn call<T>(
        &self,
        name: &str,
        points: &[&DVector<f64>],
        read: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Option<T> {
        if self.has_failed.load(Ordering::Relaxed) {
            return None;
        }
        Python::attach(|py| {
            // A copy for each call: the function may keep it, or write to it.
            let copies = points.iter().map(|point| PyByteArray::new(py, bytemuck::cast_slice(point.as_slice())));
            let answer = PyTuple::new(py, copies).and_then(|points| self.adapter.bind(py).call_method1(name, points));
            match answer.and_then(|answer| read(&answer)) {
                Ok(answer) => Some(answer),
                Err(error) => {
                    *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    self.has_failed.store(true, Ordering::Relaxed);
                    None
                }
            }
        })
    }

    /// The same for a method that returns the bytes of as many numbers as `numbers` has room for.
    fn fill(&self, name: &str, points: &[&DVector<f64>], numbers: &mut [f64]) {
        let read = |answer: &Bound<'_, PyAny>| {
            let bytes: &[u8] = answer.cast::<PyBytes>()?.as_bytes();
            if bytes.len() != 8 * numbers.len() {
                let message = format!("{name}: expected {} bytes, found {}", 8 * numbers.len(), bytes.len());
                return Err(pyo3::exceptions::PyValueError::new_err(message));
            }
            bytemuck::cast_slice_mut(numbers).copy_from_slice(bytes);
            Ok(())
        };
        if self.call(name, points, read).is_none() {
            numbers.fill(f64::NAN);
        }
    }
}

/// The functions as an objective; each start of an ensemble has the same.
pub struct Given {
    /// The functions.
    pub functions: Arc<Functions>,

    /// Whether this is the experiment's own start. What the others lack is not told: they do without
    /// at their ends, when the run itself may go on.
    pub is_lead: bool,
}

impl Value for Given {
    fn dimension(&self) -> usize {
        self.functions.dimension
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        self.functions.call("value", &[x], |answer| answer.extract()).unwrap_or(f64::NAN)
    }
}

impl Gradient for Given {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        self.functions.fill("gradient", &[x], gradient.as_mut_slice());
    }
}

impl HessianVectorProduct for Given {
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        if self.functions.has_curvature {
            self.functions.fill("product", &[x, v], product.as_mut_slice());
        } else {
            self.functions.is_curvature_missed.fetch_or(self.is_lead, Ordering::Relaxed);
            product.fill(f64::NAN);
        }
    }
}

impl DenseHessian for Given {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        if self.functions.has_hessian {
            // Row by row or column by column: it is symmetric.
            self.functions.fill("hessian", &[x], hessian.as_mut_slice());
            return;
        }
        let (mut unit, mut product) = (DVector::zeros(x.len()), DVector::zeros(x.len()));
        for i in 0..x.len() {
            unit[i] = 1.0;
            self.hessian_vector_product(x, &unit, &mut product);
            unit[i] = 0.0;
            hessian.set_column(i, &product);
        }
        // Products differ in their last digits from one side of the diagonal to the other.
        for i in 0..x.len() {
            for j in 0..i {
                let mean = f64::midpoint(hessian[(i, j)], hessian[(j, i)]);
                (hessian[(i, j)], hessian[(j, i)]) = (mean, mean);
            }
        }
    }
}

impl Objective for Given {
    fn tracking(&self, precision: Precision) -> Option<Box<dyn Tracking>> {
        let dimension = self.functions.dimension;
        (dimension > MAX_DIMENSION).then(|| Box::new(ByProducts::new(dimension, precision)) as Box<dyn Tracking>)
    }

    fn minimum(&self) -> Option<f64> {
        self.functions.minimum
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        None
    }
}
