//! Loops over vectors: fast, and with the same bits on every host.
//!
//! A crate of its own, since it must be compiled for speed where almost everything else is compiled
//! for size: in the page, around the passes through a network, these loops take most of the time.
//! For the same reason the loops over long vectors are not inlined, as they would be compiled for
//! size with what they are inlined in.
//!
//! A sum in index order cannot use vector instructions. [`dot_in_parts`] adds into eight partial
//! sums and these in a fixed order; which width of instructions carries them changes no bit.

/// Partial sums of [`dot_in_parts`].
const PARTS: usize = 8;

/// Vectors below this length are worth no call.
const LONG: usize = 16;

/// aᵀb, summed in index order; both are as long as the shorter of them.
#[inline]
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    if a.len() < LONG { a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b) } else { dot_of_long(a, b) }
}

#[inline(never)]
fn dot_of_long(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += a * b;
    }
    sum
}

/// aᵀb, summed in eight parts.
#[inline(never)]
#[must_use]
pub fn dot_in_parts(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; PARTS];
    let (a, a_rest) = a.as_chunks::<PARTS>();
    let (b, b_rest) = b.as_chunks::<PARTS>();
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    for ((sum, a), b) in sums.iter_mut().zip(a_rest).zip(b_rest) {
        *sum += a * b;
    }
    let [s0, s1, s2, s3, s4, s5, s6, s7] = sums;
    ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
}

/// Adds `factor`·`vector` to `sum`.
#[inline(never)]
pub fn add_scaled(sum: &mut [f64], factor: f64, vector: &[f64]) {
    for (sum, entry) in sum.iter_mut().zip(vector) {
        *sum += factor * entry;
    }
}

/// Fills `end` with `start` − `length`·`direction`.
#[inline]
pub fn step(start: &[f64], length: f64, direction: &[f64], end: &mut [f64]) {
    if end.len() < LONG {
        for ((end, start), direction) in end.iter_mut().zip(start).zip(direction) {
            *end = start - length * direction;
        }
    } else {
        step_of_long(start, length, direction, end);
    }
}

#[inline(never)]
fn step_of_long(start: &[f64], length: f64, direction: &[f64], end: &mut [f64]) {
    for ((end, start), direction) in end.iter_mut().zip(start).zip(direction) {
        *end = start - length * direction;
    }
}

/// Multiplies each entry by `factor`.
#[inline(never)]
pub fn scale(vector: &mut [f64], factor: f64) {
    for entry in vector {
        *entry *= factor;
    }
}

/// Whether no entry is infinite or NaN.
#[inline(never)]
#[must_use]
pub fn is_finite(vector: &[f64]) -> bool {
    // Without an early exit, as that takes no vector instructions.
    vector.iter().fold(true, |all, entry| all & entry.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(length: usize, factor: usize) -> Vec<f64> {
        (0..length).map(|i| ((i * factor + 1) % 11) as f64 - 5.0).collect()
    }

    /// Integers, whose sums are exact in any order.
    #[test]
    fn loops_are_what_they_say_at_every_length() {
        for length in [0, 1, 7, 8, 9, 15, 16, 17, 300] {
            let (a, b) = (vector(length, 3), vector(length, 7));
            let product: f64 = (0..length).map(|i| a[i] * b[i]).sum();
            assert_eq!(dot(&a, &b), product);
            assert_eq!(dot_in_parts(&a, &b), product);
            let mut end = vec![0.0; length];
            step(&a, 3.0, &b, &mut end);
            assert!((0..length).all(|i| end[i] == a[i] - 3.0 * b[i]));
            add_scaled(&mut end, 3.0, &b);
            assert_eq!(end, a);
            scale(&mut end, -2.0);
            assert!((0..length).all(|i| end[i] == -2.0 * a[i]));
        }
    }

    /// What short and long vectors have in common: each partial sum is the one in index order.
    #[test]
    fn sums_in_index_order_have_the_bits_of_index_order() {
        for length in [5, 15, 16, 100] {
            let a: Vec<f64> = (0..length).map(|i| 1.0 / (i as f64 + 0.7)).collect();
            let mut sum = 0.0;
            for entry in &a {
                sum += entry * entry;
            }
            assert_eq!(dot(&a, &a).to_bits(), sum.to_bits());
        }
    }

    #[test]
    fn one_entry_is_enough_not_to_be_finite() {
        for length in [1, 8, 33] {
            for entry in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut a = vec![1.0; length];
                assert!(is_finite(&a));
                a[length - 1] = entry;
                assert!(!is_finite(&a));
            }
        }
        assert!(is_finite(&[]));
    }
}
