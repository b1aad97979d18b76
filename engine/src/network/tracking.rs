//! The spectrum of a network's Hessian along a run, by Hessian-vector products.

use nalgebra::DVector;

use crate::curvature::{Precision, Top, Tracking};
use crate::objective::Objective;
use crate::spectrum::tracked::{Tracked, Visit};
use crate::spectrum::trace;

/// The products of an estimate of the trace: its error falls with their root.
const TRACE_PRODUCTS: u32 = 16;

/// The same vectors at every iterate, so that the estimate moves as the trace does.
const TRACE_SEED: u64 = 0;

/// See the module's header.
#[derive(Debug)]
pub(super) struct ByProducts {
    largest: Tracked,

    /// There from the first time that λ_min is asked for.
    smallest: Option<Tracked>,
    tolerance: f64,
}

impl ByProducts {
    pub fn new(dimension: usize, Precision { count, tolerance, .. }: Precision) -> Self {
        Self { largest: Tracked::new(dimension, count as usize, tolerance), smallest: None, tolerance }
    }
}

impl Tracking for ByProducts {
    fn top(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> Top {
        let Visit { values, residuals, products, .. } = visit(&mut self.largest, objective, x);
        let residual = residuals.iter().copied().filter(|residual| !residual.is_nan()).fold(0.0, f64::max);
        Top { values, residual, products: u64::from(products) }
    }

    fn vector(&self) -> Option<&DVector<f64>> {
        self.largest.vector(0)
    }

    fn least(&mut self, objective: &dyn Objective, x: &DVector<f64>) -> f64 {
        let tolerance = self.tolerance;
        let smallest = self.smallest.get_or_insert_with(|| Tracked::smallest(x.len(), 1, tolerance));
        visit(smallest, objective, x).values[0]
    }

    fn trace(&self, objective: &dyn Objective, x: &DVector<f64>) -> [f64; 2] {
        let estimate = trace::hutchinson(x.len(), TRACE_PRODUCTS, TRACE_SEED, &mut |v, product| {
            objective.hessian_vector_product(x, v, product);
        });
        [estimate.mean, estimate.standard_error]
    }

    fn eigenpair(&self, objective: &dyn Objective, x: &DVector<f64>, direction: &mut DVector<f64>) -> (f64, u64) {
        let mut tracked = Tracked::new(x.len(), 1, self.tolerance);
        let found = visit(&mut tracked, objective, x);
        if let Some(vector) = tracked.vector(0) {
            direction.copy_from(vector);
        }
        (found.values[0], u64::from(found.products))
    }
}

fn visit(tracked: &mut Tracked, objective: &dyn Objective, x: &DVector<f64>) -> Visit {
    tracked.visit(&mut |v, product| objective.hessian_vector_product(x, v, product))
}
