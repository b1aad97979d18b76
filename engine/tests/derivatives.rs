//! Gradients, Hessians and Hessian-vector products of every objective against central differences.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use flatland_engine::experiment::Spec;
use flatland_engine::objective::{self, Objective};
use flatland_engine::spectrum;
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// Every objective with parameters drawn at random, and its dimension.
fn specs() -> impl Strategy<Value = (Spec, usize)> {
    let number = -2.0..2.0;
    let any = 1..6usize;
    prop_oneof![
        prop::collection::vec(-5.0..5.0, 1..6).prop_map(|curvatures| {
            let dimension = curvatures.len();
            (Spec::new("quadratic").with("curvatures", curvatures), dimension)
        }),
        (1.1..6.0, any.clone()).prop_map(|(p, n)| (Spec::new("power").with("p", p), n)),
        Just((Spec::new("double-well"), 1)),
        (prop::sample::select(vec!["cosh", "exp-minus-linear", "log-cosh"]), any.clone())
            .prop_map(|(name, n)| (Spec::new(name), n)),
        (number.clone(), 0.0..1.0).prop_map(|(mu, weight)| {
            (Spec::new("scalar-factorization").with("mu", mu).with("regularization", weight), 2)
        }),
        soft().prop_map(|loss| (Spec::new("soft-factorization").with("loss", loss), 2)),
        (number.clone(), any.clone()).prop_map(|(mu, n)| (Spec::new("product").with("mu", mu), n)),
        Just((Spec::new("minimalist"), 2)),
        (0.01..2.0, number.clone(), prop::sample::select(vec!["log-cosh", "square"])).prop_map(|(a, y0, coupling)| {
            (Spec::new("river").with("a", a).with("y0", y0).with("coupling", coupling), 2)
        }),
        Just((Spec::new("rosenbrock"), 2)),
        Just((Spec::new("himmelblau"), 2)),
        prop::collection::vec(0.1..3.0, 1..4).prop_map(|diagonal| {
            let dimension = 2 * diagonal.len() * diagonal.len();
            (Spec::new("matrix-factorization").with("singular_values", diagonal), dimension)
        }),
        (1.0..30.0, number.clone(), any.clone()).prop_map(|(n, seed, dimension)| {
            (Spec::new("phase-retrieval").with("measurements", n).with("data_seed", seed), dimension)
        }),
        (1..4usize, 1..6usize).prop_flat_map(|(dimension, n)| {
            prop::collection::vec(-3.0..3.0, dimension * n)
                .prop_map(move |points| (Spec::new("logistic").with("points", points), dimension))
        }),
        (1.0..50.0, number.clone(), number)
            .prop_map(|(k, c, m)| (Spec::new("flatland-toy").with("k", k).with("c", c).with("m", m), 3)),
    ]
}

fn soft() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["log-cosh", "sqrt"])
}

/// Coordinates away from 0, where |x|ᵖ has no second derivative for p < 2.
fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![0.2..2.0, -2.0..-0.2]
}

fn cases() -> impl Strategy<Value = (Spec, DVector<f64>, DVector<f64>)> {
    specs().prop_flat_map(|(spec, dimension)| {
        let vector = || prop::collection::vec(coordinate(), dimension).prop_map(DVector::from_vec);
        (Just(spec), vector(), vector())
    })
}

fn build(spec: &Spec, x: &DVector<f64>) -> Box<dyn Objective> {
    objective::find(&spec.name).expect("a known objective").build(spec, x.len()).expect("a valid objective")
}

fn gradient(objective: &dyn Objective, x: &DVector<f64>) -> DVector<f64> {
    let mut gradient = DVector::zeros(x.len());
    objective.gradient(x, &mut gradient);
    gradient
}

fn hessian(objective: &dyn Objective, x: &DVector<f64>) -> DMatrix<f64> {
    let mut hessian = DMatrix::from_element(x.len(), x.len(), f64::NAN);
    objective.hessian(x, &mut hessian);
    hessian
}

/// A central difference errs by h²f‴/6 and by ε|f|/h: with h = 10⁻⁵ both are below 10⁻⁷ times the
/// size of what is differentiated on the box |xᵢ| ≤ 2, where third derivatives reach some thousand.
const H: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_gradient_is_the_derivative_of_the_value((spec, x, _) in cases()) {
        let objective = build(&spec, &x);
        let found = gradient(&*objective, &x);
        let scale = 1.0 + objective.value(&x).abs() + found.norm();
        for i in 0..x.len() {
            let shifted = |h: f64| {
                let mut x = x.clone();
                x[i] += h;
                objective.value(&x)
            };
            let expected = (shifted(H) - shifted(-H)) / (2.0 * H);
            prop_assert!((found[i] - expected).abs() < TOLERANCE * scale, "{i}: {} {expected}", found[i]);
        }
    }

    #[test]
    fn the_hessian_is_the_derivative_of_the_gradient((spec, x, _) in cases()) {
        let objective = build(&spec, &x);
        let found = hessian(&*objective, &x);
        prop_assert_eq!(&found, &found.transpose());
        let scale = 1.0 + gradient(&*objective, &x).norm() + found.norm();
        for i in 0..x.len() {
            let shifted = |h: f64| {
                let mut x = x.clone();
                x[i] += h;
                gradient(&*objective, &x)
            };
            let expected = (shifted(H) - shifted(-H)) / (2.0 * H);
            prop_assert!((found.column(i) - expected).norm() < TOLERANCE * scale);
        }
    }

    /// To rounding: a few dozen operations on numbers of the size of the Hessian.
    #[test]
    fn the_product_is_the_hessian_times_the_vector((spec, x, v) in cases()) {
        let objective = build(&spec, &x);
        let matrix = hessian(&*objective, &x);
        let mut found = DVector::zeros(x.len());
        objective.hessian_vector_product(&x, &v, &mut found);
        let residual = objective.value(&x).sqrt().max(0.0);
        prop_assert!((found - &matrix * &v).norm() <= 1e-13 * (1.0 + residual + matrix.norm()) * v.norm());
    }

    #[test]
    fn the_sharpness_is_the_largest_eigenvalue((spec, x, _) in cases()) {
        let objective = build(&spec, &x);
        let matrix = hessian(&*objective, &x);
        let found = objective.sharpness(&x, &mut matrix.clone());
        let expected = matrix.symmetric_eigenvalues().max();
        prop_assert!((found - expected).abs() <= 1e-13 * (1e-300 + matrix.norm()), "{found} {expected}");
        prop_assert!((spectrum::largest_eigenvalue(&matrix) - expected).abs() <= 1e-13 * (1e-300 + matrix.norm()));
    }
}

#[test]
fn a_power_below_two_is_infinitely_sharp_at_zero_and_moves_freely_elsewhere() {
    let entry = objective::find("power").expect("a known objective");
    let power = entry.build(&Spec::new("power").with("p", 1.5), 2).expect("a valid objective");
    let x = DVector::from_vec(vec![0.0, 1.0]);
    assert_eq!(power.sharpness(&x, &mut DMatrix::zeros(2, 2)), f64::INFINITY);
    let mut product = DVector::zeros(2);
    power.hessian_vector_product(&x, &DVector::from_vec(vec![0.0, 2.0]), &mut product);
    assert_eq!(product.as_slice(), [0.0, 1.0]);
    assert_eq!(gradient(&*power, &x).as_slice(), [0.0, 1.0]);
}

#[test]
fn a_product_with_zeros_is_not_divided_by_them() {
    let entry = objective::find("product").expect("a known objective");
    let product = entry.build(&Spec::new("product"), 3).expect("a valid objective");
    let x = DVector::from_vec(vec![0.0, 2.0, 0.0]);
    assert_eq!(gradient(&*product, &x).as_slice(), [0.0; 3]);
    // H₁₃ = −μ·w₂ is the only entry that is left.
    assert_eq!(hessian(&*product, &x)[(0, 2)], -2.0);
    assert_eq!(product.sharpness(&x, &mut DMatrix::zeros(3, 3)), 2.0);
}
