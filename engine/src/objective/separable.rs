//! Objectives that are sums of functions of one variable: f(x) = Σ φᵢ(xᵢ).

use nalgebra::{DMatrix, DVector};

use super::of_product::Loss;
use super::{DenseHessian, Gradient, HessianVectorProduct, Objective, Value};

/// The terms φᵢ with their derivatives.
pub(super) trait Terms: Send {
    fn dimension(&self) -> usize;

    fn value(&self, i: usize, x: f64) -> f64;

    fn first(&self, i: usize, x: f64) -> f64;

    fn second(&self, i: usize, x: f64) -> f64;

    fn minimum(&self) -> Option<f64>;

    fn flattest_sharpness(&self) -> Option<f64>;
}

/// The same term for every coordinate.
pub(super) struct Repeated<L> {
    pub term: L,
    pub dimension: usize,
}

impl<L: Loss> Terms for Repeated<L> {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, _i: usize, x: f64) -> f64 {
        self.term.value(x)
    }

    fn first(&self, _i: usize, x: f64) -> f64 {
        self.term.first(x)
    }

    fn second(&self, _i: usize, x: f64) -> f64 {
        self.term.second(x)
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        Some(self.term.second(self.term.minimizer()))
    }
}

/// The objective with these terms; its Hessian is diagonal, so that its sharpness is exact and
/// costs n.
pub(super) struct Separable<T>(pub T);

impl<T: Terms> Value for Separable<T> {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        x.iter().enumerate().map(|(i, &x)| self.0.value(i, x)).sum()
    }
}

impl<T: Terms> Gradient for Separable<T> {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        for (i, (gradient, &x)) in gradient.iter_mut().zip(x).enumerate() {
            *gradient = self.0.first(i, x);
        }
    }
}

impl<T: Terms> HessianVectorProduct for Separable<T> {
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        for (i, ((product, &x), &v)) in product.iter_mut().zip(x).zip(v).enumerate() {
            // A direction that leaves a coordinate alone does not feel its curvature, not even an
            // infinite one.
            *product = if v == 0.0 { 0.0 } else { self.0.second(i, x) * v };
        }
    }
}

impl<T: Terms> DenseHessian for Separable<T> {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        hessian.fill(0.0);
        for (i, &x) in x.iter().enumerate() {
            hessian[(i, i)] = self.0.second(i, x);
        }
    }
}

impl<T: Terms> Objective for Separable<T> {
    fn minimum(&self) -> Option<f64> {
        self.0.minimum()
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        self.0.flattest_sharpness()
    }

    fn sharpness(&self, x: &DVector<f64>, _workspace: &mut DMatrix<f64>) -> f64 {
        let mut sharpness = f64::NEG_INFINITY;
        for (i, &x) in x.iter().enumerate() {
            let second = self.0.second(i, x);
            if second.is_nan() {
                return f64::NAN;
            }
            sharpness = sharpness.max(second);
        }
        sharpness
    }
}
