//! Ensembles against a computation of every member by itself, and against closed forms.
#![allow(missing_docs)]

mod common;

use common::{Trace, assert_close, constant, experiment};
use flatland_engine::ensemble::{Ensemble, Quartiles};
use flatland_engine::experiment::{EnsembleSpec, Spec};
use flatland_engine::{Experiment, Outcome};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn ensemble(size: u64, spread: f64, experiment: Experiment) -> Experiment {
    Experiment { ensemble: Some(EnsembleSpec { size, spread }), seed: 11, ..experiment }
}

/// The starts of the members.
fn starts(experiment: &Experiment) -> Vec<Vec<f64>> {
    let mut ensemble = Ensemble::new(experiment, 0).expect("valid");
    ensemble.advance();
    ensemble.iterates().map(<[f64]>::to_vec).collect()
}

/// The quartiles at every iterate of member 0.
fn quartiles(experiment: &Experiment) -> Vec<[Quartiles; 3]> {
    let mut ensemble = Ensemble::new(experiment, 0).expect("valid");
    let mut rows = Vec::new();
    while ensemble.advance() {
        rows.push(ensemble.quartiles());
    }
    rows
}

/// Definition 7 of Hyndman and Fan in its other form: Σ wᵢ·x₍ᵢ₎ with the weights of a triangle
/// around the place.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() {
        return f64::NAN;
    }
    let place = share * (sorted.len() - 1) as f64;
    let weighted = sorted.iter().enumerate().map(|(i, x)| ((1.0 - (place - i as f64).abs()).max(0.0), x));
    weighted.filter(|(weight, _)| *weight > 0.0).map(|(weight, x)| weight * x).sum()
}

#[track_caller]
fn assert_quantile(found: f64, values: &[f64], share: f64) {
    let expected = quantile(values, share);
    if expected.is_finite() {
        // Two ways to interpolate: a few roundings of the larger neighbor, which may be far above
        // the result.
        let scale = values.iter().copied().filter(|x| x.is_finite()).fold(0.0, |most: f64, x| most.max(x.abs()));
        assert!((found - expected).abs() <= 1e-14 * scale, "found {found:?}, expected {expected:?} of {values:?}");
    } else {
        assert!(found == expected || (found.is_nan() && expected.is_nan()), "{found:?} of {values:?}");
    }
}

/// The whole ensemble against each member run by itself.
#[track_caller]
fn assert_agrees_with_brute_force(experiment: &Experiment) {
    let alone =
        |start: &Vec<f64>| Trace::of(&Experiment { start: start.clone(), ensemble: None, ..experiment.clone() });
    let members: Vec<Trace> = starts(experiment).iter().map(alone).collect();
    let rows = quartiles(experiment);
    assert_eq!(rows.len(), members[0].records.len());
    for (step, row) in rows.iter().enumerate() {
        let value = |trace: &Trace, quantity: usize| {
            let row = step.min(trace.records.len() - 1);
            let diverged = matches!(trace.outcome, Outcome::Diverged { .. }) && row + 1 == trace.records.len();
            let product = |row: usize| trace.records[row].product();
            match quantity {
                0 if diverged => f64::INFINITY,
                _ if diverged => f64::NAN,
                0 => trace.records[row].loss,
                1 => trace.records[row].sharpness,
                _ => product(row).or_else(|| product(row.checked_sub(1)?)).unwrap_or(f64::NAN),
            }
        };
        for (quantity, found) in row.iter().enumerate() {
            let values: Vec<f64> = members.iter().map(|trace| value(trace, quantity)).collect();
            assert_quantile(found.lower, &values, 0.25);
            assert_quantile(found.median, &values, 0.5);
            assert_quantile(found.upper, &values, 0.75);
        }
    }
}

#[test]
fn quartiles_are_those_of_members_run_one_by_one() {
    let river = experiment(Spec::new("river"), &[1e-3, 1.0], constant(0.5), 150);
    assert_agrees_with_brute_force(&ensemble(7, 0.05, river));
    let search = Spec::new("nonmonotone-line-search");
    assert_agrees_with_brute_force(&ensemble(16, 0.2, experiment(Spec::new("river"), &[1e-3, 1.0], search, 60)));
}

/// The curvature grows with the distance from the minimum: far starts escape, near ones converge.
#[test]
fn members_that_diverge_or_end_early_count_as_documented() {
    let formula = Spec::new("formula").with("expression", "f(x) = x^2/2 + x^4/4");
    let experiment = ensemble(32, 0.8, experiment(formula, &[0.4], constant(1.2), 200));
    let alone = |start: &Vec<f64>| {
        Trace::of(&Experiment { start: start.clone(), ensemble: None, ..experiment.clone() }).outcome
    };
    let ends: Vec<_> = starts(&experiment).iter().map(|start| alone(start).name()).collect();
    let count = |name| ends.iter().filter(|end| **end == name).count();
    assert!(count("diverged") >= 2 && count("diverged") < ends.len() / 2, "{ends:?}");
    assert_agrees_with_brute_force(&experiment);
    // With a quarter gone the upper quartile of the loss is gone too, and only that.
    let wide = ensemble(32, 1.2, experiment.clone());
    let ends: Vec<_> = starts(&wide).iter().map(|start| alone(start).name()).collect();
    let diverged = ends.iter().filter(|end| **end == "diverged").count();
    assert!(diverged > 8 && diverged < 16, "{diverged} of 32");
    let last = *quartiles(&wide).last().expect("a row");
    assert_eq!(last[0].upper, f64::INFINITY);
    assert!(last[0].median.is_finite() && last[1].upper.is_finite());
    assert_agrees_with_brute_force(&wide);
}

/// On ½λx² a step multiplies every x by 1 − ηλ: the quartiles of the loss fall by its square, those
/// of λ₁ and ηλ₁ are one number.
#[test]
fn on_a_parabola_the_spread_shrinks_by_the_factor_of_the_step() {
    let (curvature, eta) = (2.0, 0.8);
    let parabola = Spec::new("quadratic").with("curvatures", vec![curvature]);
    let rows = quartiles(&ensemble(16, 0.3, experiment(parabola, &[1.0], constant(eta), 40)));
    assert_eq!(rows.len(), 41);
    assert!(rows[0][0].lower < rows[0][0].median && rows[0][0].median < rows[0][0].upper);
    let factor: f64 = 1.0 - eta * curvature;
    for (step, [loss, sharpness, product]) in rows.iter().enumerate() {
        let shrunk = factor.powi(2 * step as i32);
        // Four roundings a step.
        let tolerance = 1e-15 * (4 * step + 4) as f64;
        assert_close(loss.lower, shrunk * rows[0][0].lower, tolerance);
        assert_close(loss.median, shrunk * rows[0][0].median, tolerance);
        assert_close(loss.upper, shrunk * rows[0][0].upper, tolerance);
        assert_eq!(*sharpness, Quartiles { lower: curvature, median: curvature, upper: curvature });
        let product_is = eta * curvature;
        assert_eq!(*product, Quartiles { lower: product_is, median: product_is, upper: product_is });
    }
}

#[test]
fn starts_are_normal_around_the_first_and_follow_the_seed() {
    let power = experiment(Spec::new("power"), &[3.0; 16], constant(0.1), 1);
    let wide = ensemble(64, 0.5, power);
    let drawn = starts(&wide);
    assert_eq!(drawn[0], [3.0; 16]);
    let jitters: Vec<f64> = drawn[1..].iter().flatten().map(|x| (x - 3.0) / 0.5).collect();
    let n = jitters.len() as f64;
    let moment = |power: i32| jitters.iter().map(|jitter| jitter.powi(power)).sum::<f64>() / n;
    // Four standard errors: √(1/n) and √(2/n) with n = 1008.
    assert!(moment(1).abs() < 0.126 && (moment(2) - 1.0).abs() < 0.178, "{} {}", moment(1), moment(2));
    // A larger ensemble holds the smaller one; twice the spread is twice the jitter; another seed
    // is another draw.
    let with = |size, spread| Experiment { ensemble: Some(EnsembleSpec { size, spread }), ..wide.clone() };
    assert_eq!(starts(&with(8, 0.5))[..], drawn[..8]);
    for (twice, once) in starts(&with(64, 1.0)).iter().flatten().zip(drawn.iter().flatten()) {
        // A few roundings at the size of the start.
        assert!((twice - 3.0 - 2.0 * (once - 3.0)).abs() <= 1e-14, "{twice} {once}");
    }
    let reseeded = starts(&Experiment { seed: 12, ..wide.clone() });
    assert!(reseeded[0] == drawn[0] && reseeded[1..].iter().zip(&drawn[1..]).all(|(new, old)| new != old));
}

#[test]
fn one_start_alone_is_the_run_itself() {
    let alone = experiment(Spec::new("double-well"), &[0.3], constant(1.7), 50);
    let mut ensemble = Ensemble::new(&alone, 0).expect("valid");
    assert!(!ensemble.is_plural());
    for record in &Trace::of(&alone).records {
        assert!(ensemble.advance());
        assert_eq!(ensemble.lead().record(), record);
        assert_eq!(ensemble.quartiles()[0], Quartiles { lower: record.loss, median: record.loss, upper: record.loss });
    }
    assert!(!ensemble.advance());
    assert!(Ensemble::new(&alone, 1).is_err());
}

/// A spread as large as numbers go leads to no start that an experiment could not have.
#[test]
fn starts_stay_within_what_is_valid() {
    let far = ensemble(64, 1e150, experiment(Spec::new("double-well"), &[1e150], constant(0.1), 1));
    assert!(starts(&far).iter().flatten().all(|x| x.abs() <= 1e150));
}
