//! The trace of a symmetric matrix that is known by its products only.

use nalgebra::DVector;

use crate::random::Random;
use crate::vector::dot;

/// An estimate of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceEstimate {
    /// The mean over the products; NaN without any, and where one is not finite.
    pub mean: f64,

    /// The standard error of the mean, from the spread of the products; NaN for fewer than two.
    pub standard_error: f64,
}

/// Estimates tr H by the mean of zᵀ·H·z over `products` random vectors z of entries ±1.
///
/// The estimate has no bias, and each product the variance 2·Σ over i ≠ j of Hᵢⱼ² (Hutchinson, A
/// stochastic estimator of the trace of the influence matrix, 1990): a diagonal matrix gives its
/// trace at once. `multiply(z, product)` fills `product` with H·z; the same `seed` draws the same
/// vectors.
pub fn hutchinson(
    dimension: usize,
    products: u32,
    seed: u64,
    multiply: &mut dyn FnMut(&DVector<f64>, &mut DVector<f64>),
) -> TraceEstimate {
    let mut random = Random::new(seed);
    let (mut z, mut image) = (DVector::zeros(dimension), DVector::zeros(dimension));
    let samples: Vec<f64> = (0..products)
        .map(|_| {
            z.iter_mut().for_each(|entry| *entry = if random.uniform() > 0.5 { 1.0 } else { -1.0 });
            multiply(&z, &mut image);
            dot(&z, &image)
        })
        .collect();
    let count = f64::from(products);
    let mean = samples.iter().sum::<f64>() / count;
    let squares: f64 = samples.iter().map(|sample| (sample - mean) * (sample - mean)).sum();
    // One product, or none, has no spread: 0/0.
    let standard_error = (squares / (count - 1.0).max(0.0) / count).sqrt();
    if mean.is_finite() {
        TraceEstimate { mean, standard_error }
    } else {
        TraceEstimate { mean: f64::NAN, standard_error: f64::NAN }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::*;

    fn estimate(matrix: &DMatrix<f64>, products: u32, seed: u64) -> TraceEstimate {
        hutchinson(matrix.nrows(), products, seed, &mut |z, image| matrix.mul_to(z, image))
    }

    /// Integers, whose sums are exact.
    #[test]
    fn a_diagonal_matrix_gives_its_trace_with_one_product() {
        let matrix = DMatrix::from_diagonal(&DVector::from_fn(50, |i, _| i as f64 - 10.0));
        assert_eq!(estimate(&matrix, 2, 7), TraceEstimate { mean: 725.0, standard_error: 0.0 });
        let one = estimate(&matrix, 1, 7);
        assert!(one.mean == 725.0 && one.standard_error.is_nan());
    }

    #[test]
    fn the_mean_and_its_error_are_those_of_the_theory() {
        let entry = |i: usize, j: usize| libm::sin((1 + i + j) as f64 * 1.7) + libm::cos((i * j) as f64);
        let matrix = DMatrix::from_fn(40, 40, entry);
        let variance = 2.0 * (matrix.norm_squared() - matrix.diagonal().norm_squared());
        for seed in 0..20 {
            let found = estimate(&matrix, 400, seed);
            let expected = (variance / 400.0).sqrt();
            assert!((found.mean - matrix.trace()).abs() <= 4.0 * found.standard_error, "seed {seed}: {found:?}");
            // The spread of 400 nearly normal numbers is known to one part in √800: four of these.
            assert!((found.standard_error / expected - 1.0).abs() < 4.0 / 800.0_f64.sqrt(), "seed {seed}: {found:?}");
        }
        assert_ne!(estimate(&matrix, 4, 0), estimate(&matrix, 4, 1));
    }

    #[test]
    fn without_products_and_with_ones_that_are_not_finite_it_is_nan() {
        assert!(estimate(&DMatrix::identity(3, 3), 0, 0).mean.is_nan());
        let found = estimate(&DMatrix::from_element(3, 3, f64::INFINITY), 3, 0);
        assert!(found.mean.is_nan() && found.standard_error.is_nan());
    }
}
