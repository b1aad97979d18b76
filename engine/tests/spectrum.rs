//! Tracked eigenvalues against dense matrices whose spectrum is known, by construction or from
//! another algorithm.
#![allow(missing_docs)]

mod common;

use std::f64::consts::PI;

use flatland_engine::spectrum::tracked::{GUARD_INTERVAL, MAX_COUNT, PROBE_INTERVAL, Tracked, Visit};
use nalgebra::{DMatrix, DVector};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A fixed, unstructured unit vector for each number.
fn direction(n: usize, number: usize) -> DVector<f64> {
    let entry = |i: usize| libm::sin((i * i + 3 * i + 1) as f64 * 0.7 + (number + 1) as f64 * (i + 2) as f64 * 0.37);
    DVector::from_fn(n, |i, _| entry(i)).normalize()
}

/// An orthogonal matrix: three Householder reflections, each turned by `angle` out of its place.
fn orthogonal(n: usize, angle: f64) -> DMatrix<f64> {
    let mut q = DMatrix::identity(n, n);
    for number in 0..3 {
        let u = (direction(n, number) * libm::cos(angle) + direction(n, number + 3) * libm::sin(angle)).normalize();
        q = &q - (&q * &u) * u.transpose() * 2.0;
    }
    q
}

/// The matrix with these eigenvalues, in the frame of this angle.
fn matrix(values: &[f64], angle: f64) -> DMatrix<f64> {
    let q = orthogonal(values.len(), angle);
    let matrix = &q * DMatrix::from_diagonal(&DVector::from_column_slice(values)) * q.transpose();
    0.5 * (&matrix + matrix.transpose())
}

fn visit(tracked: &mut Tracked, matrix: &DMatrix<f64>) -> Visit {
    tracked.visit(&mut |v, product| matrix.mul_to(v, product))
}

fn descending(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Eigenvalues by the implicit QR iteration.
fn dense(matrix: &DMatrix<f64>) -> Vec<f64> {
    descending(matrix.symmetric_eigenvalues().as_slice().to_vec())
}

fn bits(visit: &Visit) -> Vec<u64> {
    visit.values.iter().chain(&visit.residuals).map(|value| value.to_bits()).collect()
}

/// Asserts that the visit found the leading ones of the `expected` eigenvalues: within the
/// residual, and within residual²/gap (Parlett, 1998, theorem 11.7.1) where the neighbors are apart
/// by more than twice the residual. What was promised of the residuals is checked against the
/// matrix itself.
#[track_caller]
fn assert_found(tracked: &Tracked, found: &Visit, matrix: &DMatrix<f64>, expected: &[f64], tolerance: f64) {
    let n = expected.len();
    let norm = expected[0].abs().max(expected[n - 1].abs());
    // Sums of n numbers, and the dense matrix itself, round.
    let rounding = 16.0 * (n as f64 + 16.0) * f64::EPSILON * norm;
    assert!(found.is_converged, "{found:?}");
    for rank in 0..MAX_COUNT {
        let (value, residual) = (found.values[rank], found.residuals[rank]);
        if rank >= tracked.count().min(n) {
            assert!(value.is_nan() && residual.is_nan());
            continue;
        }
        assert!(residual <= (tolerance * expected[0].abs()).max(rounding), "{found:?}");
        let error = (value - expected[rank]).abs();
        assert!(error <= residual + rounding, "rank {rank}: {value} is not {}", expected[rank]);
        let gap = |other: Option<&f64>| other.map_or(f64::INFINITY, |other| (other - expected[rank]).abs());
        let above = if rank > 0 { expected.get(rank - 1) } else { None };
        let gap = gap(above).min(gap(expected.get(rank + 1)));
        if gap > 2.0 * residual {
            assert!(error <= residual * residual / (gap - residual) + rounding, "rank {rank}: {error:e}, {found:?}");
        }
        let v = tracked.vector(rank).expect("tracked");
        assert!(((matrix * v - v * value).norm() - residual).abs() <= rounding);
        for other in 0..=rank {
            let product = tracked.vector(other).expect("tracked").dot(v);
            let expected = if other == rank { 1.0 } else { 0.0 };
            assert!((product - expected).abs() < 1e-13, "{other}·{rank}: {product}");
        }
    }
    assert!(tracked.vector(tracked.count()).is_none());
}

#[test]
fn known_spectra_are_found_from_nothing() {
    type Spectrum = fn(usize) -> f64;
    let spectra: [Spectrum; 4] = [
        |i| 3.0 - i as f64,
        |i| 10.0 * libm::pow(0.7, i as f64),
        |i| -1.0 - i as f64,
        |i| if i < 4 { 20.0 - 3.0 * i as f64 } else { libm::cos(i as f64) },
    ];
    for n in [1, 2, 3, 5, 8, 9, 23, 24, 25, 60, 150] {
        for spectrum in spectra {
            let values = descending((0..n).map(spectrum).collect());
            let matrix = matrix(&values, 0.3);
            for (count, tolerance) in [(1, 1e-3), (3, 1e-3), (3, 1e-9), (8, 1e-5)] {
                let mut tracked = Tracked::new(n, count, tolerance);
                let found = visit(&mut tracked, &matrix);
                assert_found(&tracked, &found, &matrix, &values, tolerance);
                // Again, from what it knows.
                let found = visit(&mut tracked, &matrix);
                assert_found(&tracked, &found, &matrix, &values, tolerance);
            }
        }
    }
}

/// No residual is at most the tolerance times 0: rounding is allowed for.
#[test]
fn a_largest_eigenvalue_of_zero_converges() {
    let values: Vec<f64> = (0..20).map(|i| 0.0 - f64::from(i)).collect();
    let matrix = matrix(&values, 0.3);
    let mut tracked = Tracked::new(20, 2, 1e-3);
    let found = visit(&mut tracked, &matrix);
    assert_found(&tracked, &found, &matrix, &values, 1e-3);
}

#[test]
fn the_smallest_are_found_too() {
    let values: Vec<f64> = (0..50).map(|i| 10.0 - 0.5 * (i * i) as f64 / 10.0).collect();
    let matrix = matrix(&values, 0.1);
    let mut tracked = Tracked::smallest(50, 3, 1e-6);
    let found = visit(&mut tracked, &matrix);
    assert!(found.is_converged);
    for rank in 0..3 {
        assert!((found.values[rank] - values[49 - rank]).abs() <= found.residuals[rank], "{found:?}");
    }
    let zero = visit(&mut Tracked::smallest(4, 1, 1e-3), &DMatrix::zeros(4, 4));
    assert_eq!(zero.values[0].to_bits(), 0.0_f64.to_bits());
}

/// Symmetric matrices that have nothing in common, combined in changing shares: eigenvalues
/// approach each other and their eigenvectors mix.
#[test]
fn a_path_of_general_matrices_is_followed() {
    let n = 40;
    let part = |number: usize| {
        let columns: Vec<_> = (0..n).map(|i| direction(n, 7 * number + 3 * i)).collect();
        let part = DMatrix::from_columns(&columns);
        &part + part.transpose()
    };
    let parts = [part(0), part(1), part(2)];
    for count in [1, 2, 4] {
        let mut tracked = Tracked::new(n, count, 1e-3);
        let mut turned = 0.0;
        let mut first: Option<DVector<f64>> = None;
        for step in 0..300 {
            let t = 0.02 * f64::from(step);
            let matrix = &parts[0] * libm::cos(t) + &parts[1] * libm::sin(0.7 * t) + &parts[2] * libm::sin(1.3 * t);
            let found = visit(&mut tracked, &matrix);
            assert_found(&tracked, &found, &matrix, &dense(&matrix), 1e-3);
            let vector = tracked.vector(0).expect("tracked");
            turned = f64::max(turned, 1.0 - first.get_or_insert_with(|| vector.clone()).dot(vector).abs());
        }
        assert!(turned > 0.5, "the path is too simple: the top vector turns by {turned}");
    }
}

/// Eigenvalues that rise and fall through each other, whose eigenvectors do not mix: the hardest
/// case. Each value is one of the matrix at every visit, and one that is missed at first is there
/// after at most two probes.
#[test]
fn crossings_are_followed() {
    let n = 40;
    for (speed, allowed) in [(0.1, 0.02), (0.25, 0.05)] {
        for count in [1, 2, 4] {
            let mut tracked = Tracked::new(n, count, 1e-3);
            let (mut crossings, mut late, mut late_in_a_row) = (0, 0, 0);
            let mut order = Vec::new();
            for step in 0..600 {
                let t = speed * f64::from(step);
                let eigenvalue = |i: usize| match i {
                    0..6 => 5.0 + 4.0 * libm::sin(0.02 * (i + 1) as f64 * t + i as f64),
                    _ => libm::cos(i as f64),
                };
                let values: Vec<f64> = (0..n).map(eigenvalue).collect();
                let mut now: Vec<usize> = (0..n).collect();
                now.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
                now.truncate(count);
                crossings += usize::from(now != order);
                order = now;
                let matrix = matrix(&values, 0.005 * t);
                let found = visit(&mut tracked, &matrix);
                let expected = descending(values);
                let is_one = |value: f64, residual: f64| expected.iter().any(|e| (value - e).abs() <= residual + 1e-13);
                assert!((0..count).all(|rank| is_one(found.values[rank], found.residuals[rank])), "{found:?}");
                let is_late =
                    (0..count).any(|rank| (found.values[rank] - expected[rank]).abs() > 1.01e-3 * expected[0]);
                late += i32::from(is_late);
                late_in_a_row = if is_late { late_in_a_row + 1 } else { 0 };
                assert!(late_in_a_row <= 2 * PROBE_INTERVAL, "{count} at speed {speed}, visit {step}");
            }
            assert!(crossings > 5, "the path has {crossings} crossings");
            assert!(f64::from(late) <= allowed * 600.0, "{count} at speed {speed}: {late} visits are late");
        }
    }
}

/// The edge of stability: the frame swings to and fro with period 2 while it drifts.
#[test]
fn an_oscillation_of_period_two_costs_few_products() {
    let n = 60;
    let (mut warm, mut cold) = (0, 0);
    let mut tracked = Tracked::new(n, 3, 1e-3);
    for step in 0..300 {
        let side = if step % 2 == 0 { 1.0 } else { -1.0 };
        let values: Vec<f64> = (0..n)
            .map(|i| if i < 5 { 10.0 - 1.5 * i as f64 + 0.3 * side } else { 2.0 * libm::cos(i as f64) })
            .collect();
        let matrix = matrix(&values, 0.15 * side + 0.0005 * f64::from(step));
        let found = visit(&mut tracked, &matrix);
        assert_found(&tracked, &found, &matrix, &dense(&matrix), 1e-3);
        warm += found.products;
        cold += visit(&mut Tracked::new(n, 3, 1e-3), &matrix).products;
    }
    println!("products a visit: {} tracked, {} from nothing", f64::from(warm) / 300.0, f64::from(cold) / 300.0);
    // Three a visit are the least; a probe adds ten at every sixteenth.
    assert!(warm <= 300 * 6 && 3 * warm <= cold, "{warm} of {cold}");
}

/// An eigenvector of which the products so far knew nothing.
#[test]
fn what_appears_elsewhere_is_found_by_the_next_probe() {
    let n = 200;
    let mut values = DVector::zeros(n);
    values[0] = 1.0;
    let mut tracked = Tracked::new(n, 1, 1e-3);
    visit(&mut tracked, &DMatrix::from_diagonal(&values));
    values[n - 1] = 10.0;
    let matrix = DMatrix::from_diagonal(&values);
    let found = (1..=PROBE_INTERVAL).find(|_| (visit(&mut tracked, &matrix).values[0] - 10.0).abs() < 1e-4);
    assert!(found.is_some());
}

/// Between probes the guard finds an eigenvalue that overtakes, at a tenth of λ₁ a visit, within
/// [`GUARD_INTERVAL`] visits.
#[test]
fn an_overtaking_eigenvalue_is_found_between_probes() {
    let n = 100;
    let mut tracked = Tracked::new(n, 1, 1e-3);
    let mut values: Vec<f64> = (0..n).map(|i| 0.5 * libm::cos(i as f64)).collect();
    values[0] = 10.0;
    let lead = 10;
    for step in 0..PROBE_INTERVAL {
        values[1] = step as f64;
        let found = visit(&mut tracked, &DMatrix::from_diagonal(&DVector::from_column_slice(&values)));
        let expected = f64::max(10.0, values[1]);
        let is_found = (found.values[0] - expected).abs() <= 1e-3 * expected;
        assert!(is_found || (lead..lead + GUARD_INTERVAL).contains(&step), "visit {step}: {found:?}");
    }
    const { assert!(10 + GUARD_INTERVAL < PROBE_INTERVAL, "the guard is given time before the probe") };
}

/// Mean-squared error on K outputs with a bias: the top K eigenvalues are exactly equal.
#[test]
fn repeated_eigenvalues_are_all_found() {
    for (repeats, count) in [(10, 8), (3, 5), (2, 1), (4, 4)] {
        let values: Vec<f64> =
            (0..120).map(|i| if i < repeats { 0.2 } else { 0.15 * libm::pow(0.9, i as f64) }).collect();
        let matrix = matrix(&values, 0.2);
        let mut tracked = Tracked::new(120, count, 1e-4);
        for _ in 0..3 {
            let found = visit(&mut tracked, &matrix);
            assert_found(&tracked, &found, &matrix, &values, 1e-4);
        }
    }
    let identity = DMatrix::identity(30, 30);
    let mut tracked = Tracked::new(30, 4, 1e-6);
    let found = visit(&mut tracked, &identity);
    assert_found(&tracked, &found, &identity, &[1.0; 30], 1e-6);
}

#[test]
fn a_zero_matrix_and_an_empty_one_are_answered() {
    let mut tracked = Tracked::new(30, 3, 1e-3);
    let found = visit(&mut tracked, &DMatrix::zeros(30, 30));
    assert!(found.is_converged && found.values[..3] == [0.0; 3] && found.residuals[..3] == [0.0; 3], "{found:?}");
    let empty = visit(&mut Tracked::new(0, 3, 1e-3), &DMatrix::zeros(0, 0));
    assert!(!empty.is_converged && empty.products == 0 && empty.values.iter().all(|value| value.is_nan()));
}

#[test]
fn the_tolerance_refers_to_the_matrix_at_both_ends_of_the_range() {
    let values: Vec<f64> = (0..40).map(|i| 5.0 - 0.3 * f64::from(i)).collect();
    let matrix = matrix(&values, 0.4);
    for scale in [1e-290, 1e-160, 1e160, 1e300] {
        let found = visit(&mut Tracked::new(40, 2, 1e-6), &(&matrix * scale));
        assert!(found.is_converged);
        for (rank, expected) in values.iter().enumerate().take(2) {
            assert!((found.values[rank] / scale - expected).abs() <= 5e-6, "{scale:e}: {found:?}");
        }
    }
}

#[test]
fn a_product_that_is_not_finite_leaves_the_state_as_it_was() {
    let matrix = matrix(&(0..30).map(|i| 10.0 - f64::from(i)).collect::<Vec<_>>(), 0.2);
    let mut tracked = Tracked::new(30, 2, 1e-6);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        // Before anything is known, and afterwards.
        for _ in 0..2 {
            let mut undisturbed = tracked.clone();
            let mut broken = matrix.clone();
            broken[(3, 4)] = bad;
            let found = visit(&mut tracked, &broken);
            assert!(!found.is_converged && found.products == 1);
            assert!(found.values.iter().chain(&found.residuals).all(|value| value.is_nan()), "{found:?}");
            assert_eq!(bits(&visit(&mut tracked, &matrix)), bits(&visit(&mut undisturbed, &matrix)));
        }
    }
    assert!(visit(&mut Tracked::new(2, 1, 1e-3), &DMatrix::from_element(2, 2, f64::MAX)).values[0].is_nan());
}

/// A clone goes on as its original, over probes and changes of the count.
#[test]
fn the_same_visits_give_the_same_bits() {
    let at = |step: u32| {
        let values: Vec<f64> =
            (0..50).map(|i| 8.0 * libm::cos(0.01 * f64::from(step) + f64::from(i * i) / 9.0)).collect();
        matrix(&values, 0.01 * f64::from(step))
    };
    let (mut first, mut second) = (Tracked::new(50, 2, 1e-4), Tracked::new(50, 2, 1e-4));
    for step in 0..80 {
        if step % 20 == 10 {
            first.set_count(step as usize / 10);
            second.set_count(step as usize / 10);
        }
        assert_eq!(bits(&visit(&mut first, &at(step))), bits(&visit(&mut second, &at(step))));
        assert_eq!(first.vector(0), second.vector(0));
        second = second.clone();
    }
}

/// On the host and in a browser: products in index order, and what the visits made of them, added
/// up in the order of the visits with a factor that no exchange survives.
#[test]
fn the_bits_are_the_same_on_every_host() {
    let n = 100;
    let mut tracked = Tracked::new(n, 3, 1e-6);
    let mut sum = 0_u64;
    for step in 0..40 {
        let side = if step % 2 == 0 { 0.3 } else { -0.3 };
        let found = tracked.visit(&mut |v, product| {
            for i in 0..n {
                let next = v[(i + 1) % n] + v[(i + n - 1) % n];
                product[i] = libm::cos((i * i) as f64 + 0.01 * f64::from(step)) * 5.0 * v[i] + side * next;
            }
        });
        for bits in bits(&found).into_iter().chain(tracked.vector(2).expect("tracked").iter().map(|v| v.to_bits())) {
            sum = sum.wrapping_mul(0x0100_0000_01b3).wrapping_add(bits);
        }
    }
    assert_eq!(sum, 0x09c0_e77c_9bcf_c3fc, "{sum:#018x}");
}

#[test]
fn the_count_changes_between_visits() {
    let values: Vec<f64> = (0..40).map(|i| 12.0 * libm::pow(0.8, f64::from(i))).collect();
    let matrix = matrix(&values, 0.2);
    let mut tracked = Tracked::new(40, 3, 1e-5);
    for count in [3, 8, 8, 1, 2, 2, 7, 0, 99] {
        tracked.set_count(count);
        assert_eq!(tracked.count(), count.clamp(1, MAX_COUNT));
        let found = visit(&mut tracked, &matrix);
        assert_found(&tracked, &found, &matrix, &values, 1e-5);
    }
}

#[test]
fn a_visit_that_gives_up_says_so_and_is_taken_up_by_the_next() {
    let values: Vec<f64> = (0..100).map(|i| 1.0 + 0.01 * f64::from(99 - i)).collect();
    let matrix = matrix(&values, 0.2);
    let mut tracked = Tracked::new(100, 2, 1e-6);
    tracked.set_limit(12);
    let found = visit(&mut tracked, &matrix);
    assert!(!found.is_converged && found.products == 12);
    assert!(found.residuals[0].max(found.residuals[1]) > 1e-6 * found.values[0], "{found:?}");
    let last = (0..200).map(|_| visit(&mut tracked, &matrix)).find(|found| found.is_converged);
    assert!((last.expect("it converges").values[0] - values[0]).abs() < 1e-6);
}

#[test]
fn signs_are_continuous() {
    let mut tracked = Tracked::new(30, 2, 1e-4);
    let mut before = DVector::zeros(30);
    for step in 0..100 {
        let values: Vec<f64> = (0..30).map(|i| if i < 2 { 9.0 - 3.0 * f64::from(i) } else { 0.0 }).collect();
        visit(&mut tracked, &matrix(&values, 2.0 * PI * f64::from(step) / 100.0));
        let vector = tracked.vector(0).expect("tracked");
        if step == 0 {
            assert!(vector[vector.icamax()] > 0.0);
        } else {
            assert!(before.dot(vector) > 0.5, "visit {step}: {}", before.dot(vector));
        }
        before.copy_from(vector);
    }
}
