//! The columns beyond the record.
#![allow(missing_docs)]

mod common;

use common::{assert_close, constant, experiment};
use flatland_engine::column::Column;
use flatland_engine::experiment::Spec;
use flatland_engine::{Descent, Experiment, Record};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Every record with all columns.
fn run(objective: Spec, start: &[f64], policy: Spec, steps: u64, window: u64) -> Vec<(Record, Vec<f64>)> {
    let experiment = experiment(objective, start, policy, steps);
    let experiment = Experiment { columns: Column::ALL.to_vec(), window, ..experiment };
    let mut descent = Descent::new(&experiment, 0).expect("valid");
    let mut rows = Vec::new();
    while let Some(record) = descent.advance() {
        rows.push((record, descent.columns().to_vec()));
    }
    rows
}

fn at(row: &[f64], column: Column) -> f64 {
    Column::ALL.iter().zip(row).find(|(name, _)| **name == column).map_or(f64::NAN, |(_, value)| *value)
}

/// On a parabola all of them are its curvature.
#[test]
fn on_a_parabola_all_estimates_are_the_curvature() {
    let parabola = Spec::new("quadratic").with("curvatures", vec![3.0]);
    let rows = run(parabola, &[1.0], constant(0.6), 6, 10);
    for (k, (record, row)) in rows.iter().enumerate() {
        if k > 0 {
            for column in [Column::LApprox, Column::LBb1, Column::LBb2, Column::LBb3] {
                assert_close(at(row, column), 3.0, 1e-12);
            }
        }
        if record.step_size.is_some() {
            assert_close(at(row, Column::Threshold), 2.0 / 0.6, 1e-15);
            // The difference of two gradients at the smallest step of the grid.
            assert_close(at(row, Column::Segment), 3.0, 1e-11);
            // η·l = 1.8 is above 1, and never above 2.
            assert_eq!(at(row, Column::Large), 1.0);
        }
        assert_close(at(row, Column::Crossing), 2.0 / 3.0, 1e-11);
    }
    let (_, first) = &rows[0];
    assert!(at(first, Column::LApprox).is_nan() && at(first, Column::LBb1).is_nan());
    let (_, last) = &rows[6];
    assert!(at(last, Column::Segment).is_nan() && at(last, Column::Large).is_nan());
}

/// On a diagonal quadratic the spectrum is the diagonal, and the projection is the step along its
/// largest entry's axis.
#[test]
fn eigenvalues_and_projection_on_a_diagonal_quadratic() {
    let curvatures = vec![1.0, 7.0, 4.0];
    let rows = run(Spec::new("quadratic").with("curvatures", curvatures), &[1.0, 2.0, 3.0], constant(0.25), 8, 10);
    for (k, (_, row)) in rows.iter().enumerate() {
        assert_close(at(row, Column::Lambda2), 4.0, 1e-14);
        assert_close(at(row, Column::Lambda3), 1.0, 1e-14);
        if k > 0 {
            // x₂ ← (1 − ηλ)x₂ = −¾x₂.
            let before = 2.0 * (-0.75_f64).powi(k as i32 - 1);
            assert_close(at(row, Column::Projection), -1.75 * before, 1e-12);
        }
    }
    assert!(at(&rows[0].1, Column::Projection).is_nan());
    let rows = run(Spec::new("double-well"), &[0.3], constant(1.1), 3, 10);
    assert!(at(&rows[0].1, Column::Lambda2).is_nan());
    assert_close(at(&rows[1].1, Column::Projection), -1.1 * 0.3 * (0.09 - 1.0), 1e-14);
}

/// Of 7, 4 and 1 so many are above 2/η.
#[test]
fn unstable_directions_are_counted() {
    for (eta, count) in [(0.25, 0.0), (0.3, 1.0), (0.4, 1.0), (0.6, 2.0), (2.5, 3.0)] {
        let quadratic = Spec::new("quadratic").with("curvatures", vec![1.0, 7.0, 4.0]);
        let rows = run(quadratic, &[1.0, 2.0, 3.0], constant(eta), 2, 10);
        assert_eq!(at(&rows[0].1, Column::Unstable), count, "{eta}");
        // The last iterate takes no step, and has no threshold.
        assert!(at(&rows[2].1, Column::Unstable).is_nan());
    }
}

/// The eigenvector turns with the iterate and its sign is followed: at the edge the projection
/// changes its sign every step.
#[test]
fn the_projection_shows_the_oscillation_of_period_two() {
    let rows = run(Spec::new("river"), &[1e-3, 1.0], constant(0.5), 2000, 10);
    for pair in rows[1500..].windows(2) {
        let (before, now) = (at(&pair[0].1, Column::Projection), at(&pair[1].1, Column::Projection));
        assert!(before * now < 0.0 && (before + now).abs() < 1e-3 * now.abs());
    }
}

/// Below the crossing the loss falls: the local descent lemma.
#[test]
fn below_the_crossing_the_loss_falls() {
    let steps = Spec::new("nonmonotone-line-search");
    for (objective, start) in
        [("scalar-factorization", &[3.0, 0.5][..]), ("rosenbrock", &[-1.2, 1.0]), ("river", &[0.3, 1.0])]
    {
        let rows = run(Spec::new(objective), start, steps.clone(), 60, 10);
        let mut crossed = 0;
        for pair in rows.windows(2) {
            let ((now, row), (next, _)) = (&pair[0], &pair[1]);
            let Some(eta) = now.step_size else { continue };
            // Between the points of its grid the supremum may be larger by a little.
            if eta < 0.98 * at(row, Column::Crossing) {
                assert!(next.loss <= now.loss, "{objective} at {}", now.step);
            } else {
                crossed += 1;
            }
            let product = eta * at(row, Column::Segment);
            assert_eq!(at(row, Column::Large) % 2.0 == 1.0, product >= 1.0);
        }
        assert!(crossed > 0, "{objective}");
    }
}

#[test]
fn the_window_says_how_long_a_step_beyond_two_counts() {
    let beyond = |window: u64| {
        let rows = run(Spec::new("double-well"), &[1.7], Spec::new("nonmonotone-line-search"), 100, window);
        let steps = rows.iter().filter(|(record, _)| record.step_size.is_some());
        steps.filter(|(_, row)| at(row, Column::Large) >= 2.0).count()
    };
    assert!(0 < beyond(0) && beyond(0) < beyond(1) && beyond(1) <= beyond(10));
}

#[test]
fn asking_changes_nothing_else() {
    let plain = common::Trace::new("rosenbrock", &[-1.2, 1.0], Spec::new("wolfe"), 30);
    let rows = run(Spec::new("rosenbrock"), &[-1.2, 1.0], Spec::new("wolfe"), 30, 10);
    assert!(plain.records.iter().zip(&rows).all(|(plain, (record, _))| plain == record));
}

#[test]
fn documents_name_their_columns() {
    let json = |columns: &str| {
        format!(
            r#"{{"version":1,"objective":{{"name":"double-well"}},"runs":[{{"policy":{{"name":"constant"}}}}],{columns}}}"#
        )
    };
    let read = |columns: &str| Experiment::from_json(&json(columns));
    let experiment = read(r#""columns": ["l_bb3", "threshold"], "window": 3"#).expect("valid");
    assert_eq!(experiment.columns, [Column::Threshold, Column::LBb3]);
    assert_eq!(experiment.window, 3);
    assert_eq!(Experiment::from_json(&experiment.to_json()), Ok(experiment));
    let message = |columns: &str| read(columns).expect_err("not valid").to_string();
    assert!(message(r#""columns": ["treshold"]"#).contains("did you mean \"threshold\"?"));
    assert!(message(r#""columns": ["large", "large"]"#).contains("\"large\" twice"));
    assert!(message(r#""columns": "large""#).starts_with("columns: expected a list of names"));
    assert!(message(r#""window": -1"#).starts_with("window: expected a number of at least 0 "));
}

/// x²/2 + 10⁻³⁰⁰xy: λ₂ is −10⁻⁶⁰⁰, which no double holds, and is written without a sign.
#[test]
fn a_second_eigenvalue_of_zero_has_no_sign() {
    let experiment = Experiment::from_json(
        r#"{"version": 1, "objective": {"name": "formula", "expression": "f(x, y) = x^2/2 + 1e-300*x*y"},
            "runs": [{"policy": {"name": "constant"}}], "columns": ["lambda2"]}"#,
    );
    let mut descent = Descent::new(&experiment.expect("valid"), 0).expect("valid");
    descent.advance();
    assert!(descent.columns()[0] == 0.0 && descent.columns()[0].is_sign_positive(), "{:?}", descent.columns());
}
