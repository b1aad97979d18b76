//! The spectrum of a network's Hessian along a run, by Hessian-vector products.

use nalgebra::DVector;

use crate::spectrum::trace;
use crate::spectrum::tracked::{Tracked, Visit};
use crate::spectrum::{Multiply, Precision, Top, Tracking};

/// The products of an estimate of the trace: its error falls with their root.
const TRACE_PRODUCTS: u32 = 16;

/// The same vectors at every iterate, so that the estimate moves as the trace does.
const TRACE_SEED: u64 = 0;

/// See the module's header.
#[derive(Clone, Debug)]
pub(super) struct ByProducts {
    largest: Tracked,

    /// There from the first time that λ_min is asked for.
    smallest: Option<Tracked>,
    dimension: usize,
    tolerance: f64,
}

impl ByProducts {
    pub fn new(dimension: usize, Precision { count, tolerance, .. }: Precision) -> Self {
        Self { largest: Tracked::new(dimension, count as usize, tolerance), smallest: None, dimension, tolerance }
    }
}

impl Tracking for ByProducts {
    fn top(&mut self, multiply: Multiply) -> Top {
        let Visit { values, residuals, products, .. } = self.largest.visit(multiply);
        let residual = residuals.iter().copied().filter(|residual| !residual.is_nan()).fold(0.0, f64::max);
        Top { values, residual, products: u64::from(products) }
    }

    fn count(&self) -> usize {
        self.largest.count()
    }

    fn set_count(&mut self, count: usize) {
        self.largest.set_count(count);
    }

    fn vector(&self) -> Option<&DVector<f64>> {
        self.largest.vector(0)
    }

    fn least(&mut self, multiply: Multiply) -> f64 {
        let (dimension, tolerance) = (self.dimension, self.tolerance);
        let smallest = self.smallest.get_or_insert_with(|| Tracked::smallest(dimension, 1, tolerance));
        smallest.visit(multiply).values[0]
    }

    fn trace(&self, multiply: Multiply) -> [f64; 2] {
        let estimate = trace::hutchinson(self.dimension, TRACE_PRODUCTS, TRACE_SEED, multiply);
        [estimate.mean, estimate.standard_error]
    }

    fn eigenpair(&self, multiply: Multiply, direction: &mut DVector<f64>) -> (f64, u64) {
        let mut tracked = Tracked::new(self.dimension, 1, self.tolerance);
        let found = tracked.visit(multiply);
        if let Some(vector) = tracked.vector(0) {
            direction.copy_from(vector);
        }
        (found.values[0], u64::from(found.products))
    }
}
