//! Descent under a lens: f along one line through an iterate, with the numbers of its quadratic and
//! cubic models.
//!
//! On the line x + s·u with ‖u‖ = 1 the models of f at x are
//!
//! q(s) = f + s·gᵀu + ½s²·κ and c(s) = q(s) + s³/6·D³f\[u, u, u\], where κ = uᵀ∇²f u.
//!
//! A step −ηg moves q's minimizer's distance by the factor 1 − ηκ: along the top eigenvector, where
//! κ is λ₁, it is thrown outward once ηλ₁ is beyond 2. The third derivative says on which side the
//! curvature falls.

use nalgebra::DVector;

use crate::curvature::Curvature;
use crate::objective::Objective;
use crate::spectrum::Precision;
use crate::vector::{DIFFERENCE_STEP, dot};

/// The line to look along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// The top eigenvector of the Hessian; its largest entry is positive.
    Eigenvector,

    /// −∇f, normalized.
    Descent,
}

/// What is seen on the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// f(x).
    pub value: f64,

    /// gᵀu.
    pub slope: f64,

    /// κ = uᵀ∇²f(x)u; λ₁ along the top eigenvector.
    pub curvature: f64,

    /// D³f(x)\[u, u, u\].
    pub third: f64,

    /// λ₁ at x.
    pub sharpness: f64,

    /// uᵀ(y − x) for each of the other points y.
    pub places: Vec<f64>,

    /// The least and the greatest s of the samples.
    pub span: (f64, f64),

    /// f(x + s·u) at evenly spaced s, ends included.
    pub samples: Vec<f64>,
}

impl Slice {
    /// q(s), see the module's header.
    #[must_use]
    pub fn quadratic(&self, s: f64) -> f64 {
        self.value + s * (self.slope + 0.5 * s * self.curvature)
    }

    /// c(s), see the module's header.
    #[must_use]
    pub fn cubic(&self, s: f64) -> f64 {
        self.quadratic(s) + s * s * s / 6.0 * self.third
    }
}

/// The quadratic's minimizer is shown unless it lies this many times farther away than every other
/// point.
const FARTHEST: f64 = 6.0;

/// Looks at `objective` from `x` along a line, with `samples` values of f. The span holds x, the
/// projections of the points `others`, whose coordinates follow one another, and the quadratic's
/// minimizer, with some room.
///
/// Where there is no direction (a Hessian or gradient that is not finite, a vanishing gradient) u,
/// and with it the answer, is NaN.
#[must_use]
pub fn look(objective: &dyn Objective, x: &[f64], along: Along, others: &[f64], samples: usize) -> Slice {
    let x = &DVector::from_column_slice(x);
    let n = x.len();
    let (mut gradient, mut u, mut product) = (DVector::zeros(n), DVector::zeros(n), DVector::zeros(n));
    objective.gradient(x, &mut gradient);
    let (sharpness, _) = Curvature::new(objective, Precision::default()).eigenpair(objective, x, &mut u);
    if along == Along::Descent {
        let norm = dot(&gradient, &gradient).sqrt();
        // 0/0 is the NaN that is promised.
        u.as_mut_slice().iter_mut().zip(gradient.as_slice()).for_each(|(u, g)| *u = -g / norm);
    } else if sharpness.is_nan() {
        u.fill(f64::NAN);
    }
    objective.hessian_vector_product(x, &u, &mut product);
    let slope = dot(&gradient, &u);
    let curvature = if along == Along::Eigenvector { sharpness } else { dot(&u, &product) };
    let place = |y: &[f64]| y.iter().zip(x.as_slice()).zip(u.as_slice()).map(|((y, x), u)| u * (y - x)).sum();
    let places: Vec<f64> = others.chunks_exact(n).map(place).collect();
    let span = span(&places, -slope / curvature.abs());
    let mut point = x.clone();
    let samples = (0..samples).map(|index| {
        let s = span.0 + (span.1 - span.0) * index as f64 / samples.saturating_sub(1).max(1) as f64;
        go(&mut point, x, s, &u);
        objective.value(&point)
    });
    let samples = samples.collect();
    let third = third_derivative(objective, x, &u);
    Slice { value: objective.value(x), slope, curvature, third, sharpness, places, span, samples }
}

/// Sets `point` to x + s·u.
fn go(point: &mut DVector<f64>, x: &DVector<f64>, s: f64, u: &DVector<f64>) {
    for ((point, x), u) in point.as_mut_slice().iter_mut().zip(x.as_slice()).zip(u.as_slice()) {
        *point = x + s * u;
    }
}

/// D³f(x)\[u, u, u\] by a central difference of exact Hessian-vector products: exact up to rounding
/// for polynomials of degree four, and elsewhere to a relative 10⁻¹⁰ or so.
fn third_derivative(objective: &dyn Objective, x: &DVector<f64>, u: &DVector<f64>) -> f64 {
    let h = DIFFERENCE_STEP * (1.0 + x.amax());
    let (mut product, mut probe) = (x.clone(), x.clone());
    let mut at = |s: f64| {
        go(&mut probe, x, s, u);
        objective.hessian_vector_product(&probe, u, &mut product);
        dot(u, &product)
    };
    (at(h) - at(-h)) / (2.0 * h)
}

/// An interval around 0, the places and, if it is not far off, the minimizer.
fn span(places: &[f64], minimizer: f64) -> (f64, f64) {
    let reach = places.iter().fold(0.0_f64, |reach, place| reach.max(place.abs()));
    let (mut lo, mut hi) = (0.0_f64, 0.0_f64);
    let is_near = minimizer.is_finite() && (reach == 0.0 || minimizer.abs() <= FARTHEST * reach);
    for place in places.iter().copied().chain(is_near.then_some(minimizer)) {
        (lo, hi) = (lo.min(place), hi.max(place));
    }
    if hi - lo <= 0.0 {
        return (-1.0, 1.0);
    }
    let room = 0.25 * (hi - lo);
    (lo - room, hi + room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Spec;
    use crate::objective;

    fn built(spec: &Spec, dimension: usize) -> Box<dyn Objective> {
        objective::find(&spec.name).unwrap().build(spec, dimension).unwrap()
    }

    #[test]
    fn on_a_quadratic_every_model_is_the_function() {
        let spec = Spec::new("quadratic").with("curvatures", vec![1.0, 10.0, 3.0]);
        let f = built(&spec, 3);
        let x = [2.0, 0.5, -1.0];
        let slice = look(&*f, &x, Along::Eigenvector, &[7.0, -0.4, 0.0], 65);
        // The sharpest direction is the second axis.
        assert_eq!((slice.sharpness, slice.curvature, slice.slope), (10.0, 10.0, 5.0));
        assert!((slice.places[0] + 0.9).abs() < 1e-15);
        // Second differences of rounding 1e-16·10 over a step of 1e-5.
        assert!(slice.third.abs() < 1e-9, "{}", slice.third);
        for (index, value) in slice.samples.iter().enumerate() {
            let s = slice.span.0 + (slice.span.1 - slice.span.0) * index as f64 / 64.0;
            assert!((value - slice.quadratic(s)).abs() < 1e-13 && (value - slice.cubic(s)).abs() < 1e-8);
        }
        assert!(slice.span.0 < -0.9 && slice.span.1 > 0.0);
    }

    /// f(x, y) = ½(xy − 1)²: at (2, 1) the gradient is (1, 2), the Hessian [[1, 3], [3, 4]], and
    /// the third derivatives are f_xxy = 2y and f_xyy = 2x.
    #[test]
    fn along_the_gradient_the_numbers_are_those_of_the_closed_form() {
        let f = built(&Spec::new("scalar-factorization").with("mu", 1.0), 2);
        let slice = look(&*f, &[2.0, 1.0], Along::Descent, &[], 9);
        let (a, b) = (-1.0 / 5.0_f64.sqrt(), -2.0 / 5.0_f64.sqrt());
        assert!((slice.slope + 5.0_f64.sqrt()).abs() < 1e-15);
        assert!((slice.curvature - (a * a + 6.0 * a * b + 4.0 * b * b)).abs() < 1e-14);
        // A quartic: the central difference has no error but rounding, 1e-16·10/1e-5.
        assert!((slice.third - 3.0 * (2.0 * a * a * b + 4.0 * a * b * b)).abs() < 1e-9, "{}", slice.third);
        // λ² − 5λ − 5 = 0.
        assert!((slice.sharpness - 0.5 * (5.0 + 45.0_f64.sqrt())).abs() < 1e-14);
    }

    #[test]
    fn the_cubic_model_is_closer_than_the_quadratic_by_an_order() {
        let f = built(&Spec::new("cosh"), 1);
        let x = [1.0];
        let slice = look(&*f, &x, Along::Eigenvector, &[], 3);
        assert!((slice.third / libm::sinh(1.0) - 1.0).abs() < 1e-9);
        for s in [0.1, -0.1] {
            let exact = libm::cosh(1.0 + s) - libm::cosh(1.0) + slice.value;
            // The next terms of the series: sinh(1)·s³/6 and cosh(1)·s⁴/24.
            assert!(((exact - slice.quadratic(s)) / (libm::sinh(1.0) * s * s * s / 6.0) - 1.0).abs() < 0.1);
            assert!((exact - slice.cubic(s)).abs() < 1.3 * libm::cosh(1.0) * s.powi(4) / 24.0);
        }
    }

    #[test]
    fn without_a_direction_the_answer_is_nan_and_nothing_panics() {
        let f = built(&Spec::new("quadratic").with("curvatures", vec![1.0, 2.0]), 2);
        let flat = look(&*f, &[0.0, 0.0], Along::Descent, &[1.0, 1.0], 5);
        assert!(flat.slope.is_nan() && flat.samples.iter().all(|value| value.is_nan()));
        assert_eq!(flat.sharpness, 2.0);
        let beyond = look(&*f, &[f64::INFINITY, 0.0], Along::Eigenvector, &[], 5);
        assert!(!beyond.value.is_finite());
    }

    #[test]
    fn a_minimizer_that_is_far_away_is_left_out() {
        assert_eq!(span(&[], f64::NAN), (-1.0, 1.0));
        assert_eq!(span(&[2.0], 1000.0), (-0.5, 2.5));
        assert_eq!(span(&[-1.0, 1.0], 3.0), (-2.0, 4.0));
    }
}
