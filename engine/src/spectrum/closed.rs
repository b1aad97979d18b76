//! Closed forms for one and two variables.

use crate::vector::hypot;

/// The eigenvalue of the matrix `[a]`; NaN if it is not finite.
#[must_use]
pub fn largest_of_1x1(a: f64) -> f64 {
    if a.is_finite() { a } else { f64::NAN }
}

/// The larger eigenvalue of `[[a, b], [b, c]]`; NaN if an entry is not finite.
///
/// With δ = |a − c|/2 it is max(a, c) + b²/(δ + √(δ² + b²)): unlike the textbook's mean plus
/// radius, this adds nothing that cancels, so that a diagonal matrix gives its entry exactly.
#[must_use]
pub fn largest_of_2x2(a: f64, b: f64, c: f64) -> f64 {
    if !(a.is_finite() && b.is_finite() && c.is_finite()) {
        return f64::NAN;
    }
    if b == 0.0 {
        return a.max(c);
    }
    let half_gap = (0.5 * a - 0.5 * c).abs();
    a.max(c) + b * (b / (half_gap + hypot(half_gap, b)))
}

/// A unit eigenvector of the larger eigenvalue of `[[a, b], [b, c]]`; its entry of larger size is
/// positive.
///
/// At the angle θ with tan 2θ = 2b/(a − c), from the half that does not cancel. The entries must be
/// finite.
#[must_use]
pub fn vector_of_2x2(a: f64, b: f64, c: f64) -> [f64; 2] {
    let half_gap = 0.5 * a - 0.5 * c;
    // (δ + √(δ² + b²), b) for the larger diagonal entry first, mirrored for the other order.
    let long = half_gap.abs() + hypot(half_gap, b);
    if long == 0.0 {
        return [1.0, 0.0];
    }
    let norm = hypot(long, b);
    let (long, short) = (long / norm, b / norm);
    if half_gap >= 0.0 { [long, short] } else { [short, long] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_solves_its_equation() {
        for (a, b, c) in [(2.0, 1.0, 2.0), (-3.0, 0.5, 4.0), (5.0, -12.0, -5.0), (3.0, 0.0, -7.0), (-7.0, 0.0, 3.0)] {
            let value = largest_of_2x2(a, b, c);
            let [u, v] = vector_of_2x2(a, b, c);
            assert!((u * u + v * v - 1.0).abs() < 1e-15 && u.abs().max(v.abs()) == u.max(v));
            assert!((a * u + b * v - value * u).abs() < 1e-14 && (b * u + c * v - value * v).abs() < 1e-14);
        }
        assert_eq!(vector_of_2x2(1.0, 0.0, 1.0), [1.0, 0.0]);
    }

    #[test]
    fn a_diagonal_matrix_gives_its_larger_entry_exactly() {
        assert_eq!(largest_of_2x2(-1e8, 0.0, 1.0), 1.0);
        assert_eq!(largest_of_2x2(3.0, 0.0, -7.0), 3.0);
    }

    #[test]
    fn the_trace_and_the_determinant_are_recovered() {
        for (a, b, c) in [(2.0, 1.0, 2.0), (-3.0, 0.5, 4.0), (1e-8, 3.0, -1e-8), (5.0, -12.0, -5.0)] {
            let larger = largest_of_2x2(a, b, c);
            let smaller = a + c - larger;
            let scale = (a * c - b * b).abs().max(1.0);
            assert!((larger * smaller - (a * c - b * b)).abs() < 1e-13 * scale, "{a} {b} {c}");
            assert!(larger >= smaller);
        }
    }

    #[test]
    fn huge_entries_do_not_overflow_and_nonfinite_ones_are_nan() {
        assert!((largest_of_2x2(1e300, 1e300, 1e300) / 2e300 - 1.0).abs() < 1e-15);
        assert!(largest_of_2x2(f64::INFINITY, 0.0, 1.0).is_nan());
        assert!(largest_of_1x1(f64::INFINITY).is_nan());
    }
}
