//! The spectrum of a Hessian along a run, by Hessian-vector products alone.

use nalgebra::DVector;

use super::trace;
use super::tracked::{Tracked, Visit};
use super::{Multiply, Precision, Top, Tracking};

/// The products of an estimate of the trace: its error falls with their root.
const TRACE_PRODUCTS: u32 = 16;

/// The same vectors at every iterate, so that the estimate moves as the trace does.
const TRACE_SEED: u64 = 0;

/// The largest eigenvalues of a Hessian that is known by its products alone, from point to point,
/// and the least one from when it is first asked for.
#[derive(Clone, Debug)]
pub struct ByProducts {
    largest: Tracked,

    /// There from the first time that λ_min is asked for.
    smallest: Option<Tracked>,
    dimension: usize,
    tolerance: f64,
}

impl ByProducts {
    /// For points of `dimension` variables.
    #[must_use]
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
