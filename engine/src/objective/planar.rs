//! Objectives of two variables, written with scalars.

use nalgebra::{DMatrix, DVector};

use super::{DenseHessian, Gradient, HessianVectorProduct, Objective, Value};
use crate::spectrum::closed;

/// A function f(x, y) with its derivatives.
pub(super) trait Planar: Send {
    fn value(&self, x: f64, y: f64) -> f64;

    /// `[f_x, f_y]`.
    fn gradient(&self, x: f64, y: f64) -> [f64; 2];

    /// `[f_xx, f_xy, f_yy]`.
    fn hessian(&self, x: f64, y: f64) -> [f64; 3];

    fn minimum(&self) -> Option<f64>;

    fn flattest_sharpness(&self) -> Option<f64>;
}

/// The objective of a planar function; its sharpness is the closed form and touches no matrix.
pub(super) struct Plane<P>(pub P);

impl<P: Planar> Value for Plane<P> {
    fn dimension(&self) -> usize {
        2
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        self.0.value(x[0], x[1])
    }
}

impl<P: Planar> Gradient for Plane<P> {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        gradient.copy_from_slice(&self.0.gradient(x[0], x[1]));
    }
}

impl<P: Planar> HessianVectorProduct for Plane<P> {
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        let [xx, xy, yy] = self.0.hessian(x[0], x[1]);
        product[0] = xx * v[0] + xy * v[1];
        product[1] = xy * v[0] + yy * v[1];
    }
}

impl<P: Planar> DenseHessian for Plane<P> {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let [xx, xy, yy] = self.0.hessian(x[0], x[1]);
        hessian.copy_from_slice(&[xx, xy, xy, yy]);
    }
}

impl<P: Planar> Objective for Plane<P> {
    fn minimum(&self) -> Option<f64> {
        self.0.minimum()
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        self.0.flattest_sharpness()
    }

    fn sharpness(&self, x: &DVector<f64>, _workspace: &mut DMatrix<f64>) -> f64 {
        let [xx, xy, yy] = self.0.hessian(x[0], x[1]);
        closed::largest_of_2x2(xx, xy, yy)
    }
}
