//! The scores of every start of an ensemble, computed anew up to a step, as quartiles over the
//! starts.
//!
//! The page's table of scores has the same numbers of the experiment's own start, by the same
//! definitions (`src/session/score.rs`). How a start counts that has ended, as in the charts:
//!
//! - One that has diverged has the final loss +∞, and no final λ₁.
//! - One that never comes to a level takes infinitely many steps and calls to it.
//! - Quartiles are of the starts that have a value at all.

use flatland_engine::column::Column;
use flatland_engine::ensemble::{Quartiles, members};
use flatland_engine::{Descent, Experiment, FieldError, Outcome};

/// Rows that the worst loss leaves out, as in the page's table.
const SETTLING_STEPS: u64 = 10;

/// The quartiles over the starts of each score of each run up to step `last`: run after run, in
/// the order of the table's columns with steps and calls for each of the levels of f − `floor`.
///
/// # Errors
///
/// If the experiment is not valid.
pub fn quartiles(experiment: &Experiment, last: u64, levels: &[f64], floor: f64) -> Result<Vec<Quartiles>, FieldError> {
    let members = members(experiment)?;
    let mut all = Vec::new();
    for run in 0..experiment.runs.len() {
        let scores = members.iter().map(|member| {
            let every = member.spectrum.every;
            let place = member.columns.iter().position(|column| *column == Column::TestAccuracy);
            Ok(score(Descent::new(member, run)?, last, levels, floor, every, place))
        });
        let scores = scores.collect::<Result<Vec<_>, FieldError>>()?;
        let count = scores.first().map_or(0, Vec::len);
        all.extend((0..count).map(|column| Quartiles::of(scores.iter().map(|score| score[column]))));
    }
    Ok(all)
}

/// The scores of one descent; NaN is what does not exist. λ₁ is looked at at every `every`th step,
/// and the column at `place` is the accuracy on test samples.
fn score(mut descent: Descent, last: u64, levels: &[f64], floor: f64, every: u64, place: Option<usize>) -> Vec<f64> {
    let (mut best, mut worst, mut flattest) = (f64::NAN, f64::NAN, f64::NAN);
    let mut arrivals = vec![(f64::INFINITY, f64::INFINITY); levels.len()];
    let (mut steps, mut above, mut changes, mut rises) = (0_u64, 0_u64, 0_u64, 0_u64);
    let (mut loss, mut sharpness, mut paid) = (f64::NAN, f64::NAN, 0.0);
    let mut accuracy = f64::NAN;
    while descent.go_on() {
        let record = descent.record();
        let before = std::mem::replace(&mut loss, record.loss);
        // Where it is looked at now and then, the last one counts.
        sharpness = if record.sharpness.is_nan() && every > 1 { sharpness } else { record.sharpness };
        if let Some(value) = place.and_then(|place| descent.columns().get(place)).filter(|value| !value.is_nan()) {
            accuracy = *value;
        }
        if record.step > 0 {
            changes += 1;
            rises += u64::from(loss > before || loss.is_nan());
        }
        if let Some(product) = record.product() {
            steps += 1;
            above += u64::from(product > 2.0);
        }
        if loss.is_finite() {
            // The smaller of NaN and a number is the number.
            best = best.min(loss);
            for (arrival, level) in arrivals.iter_mut().zip(levels) {
                if arrival.0.is_infinite() && loss - floor <= *level {
                    *arrival = (record.step as f64, paid);
                }
            }
        }
        if record.step > SETTLING_STEPS {
            worst = if loss.is_finite() { worst.max(loss) } else { loss };
        }
        if sharpness.is_finite() {
            flattest = flattest.min(sharpness);
        }
        let calls = record.evaluations;
        paid = (calls.function + calls.gradient + calls.hvp) as f64;
        if record.step >= last {
            break;
        }
    }
    if matches!(descent.outcome(), Some(Outcome::Diverged { .. })) {
        (loss, sharpness) = (f64::INFINITY, f64::NAN);
    }
    let mut scores = vec![loss, best, worst];
    scores.extend(arrivals.into_iter().flat_map(|(step, calls)| [step, calls]));
    scores.extend([above as f64 / steps as f64, rises as f64 / changes as f64, sharpness, flattest]);
    scores.extend(place.map(|_| accuracy));
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ½x² with η = ½ halves x at each step, from every start: the loss at step k is ½(x₀/2ᵏ)², the
    /// best is the last, the worst after step 10 that of step 11, η·λ₁ = ½, and ½x² first falls to
    /// the level ½l² at the first k with 2ᵏ ≥ |x₀|/l, for one gradient a step.
    #[test]
    fn the_scores_of_a_parabola_are_those_of_its_closed_form() {
        let json = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1]},"start":[1],"steps":40,"seed":2,
            "stop":{"gradient_norm":0},"ensemble":{"size":5,"spread":0.5},
            "runs":[{"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"constant","eta":3}}]}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let level = 0.03_f64;
        let found = quartiles(&experiment, 15, &[0.5 * level * level], 0.0).expect("valid");
        assert_eq!(found.len(), 2 * 9);
        // Of five starts in the order of their sizes, the quartiles are the second, the third and
        // the fourth.
        let mut sizes: Vec<f64> =
            members(&experiment).expect("valid").iter().map(|member| member.start[0].abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let expected = |of: &dyn Fn(f64) -> f64| [1, 2, 3].map(|place| of(sizes[place]));
        let loss = |step: i32| move |x: f64| 0.5 * (x / 2_f64.powi(step)).powi(2);
        let steps = |x: f64| (x / level).log2().ceil().max(0.0);
        for (column, of) in [
            (0, &loss(15) as &dyn Fn(f64) -> f64),
            (1, &loss(15)),
            (2, &loss(11)),
            (3, &steps),
            (4, &steps),
            (5, &|_| 0.0),
            (6, &|_| 0.0),
            (7, &|_| 1.0),
            (8, &|_| 1.0),
        ] {
            // Halving is exact; the losses are products of two roundings at the most.
            for (found, expected) in found[column].to_array().into_iter().zip(expected(of)) {
                assert!((found - expected).abs() <= 4e-16 * expected, "column {column}: {found:e}, {expected:e}");
            }
        }
        // x doubles and turns with η = 3: it never comes near, and all steps are beyond the edge
        // and uphill.
        let uphill = &found[9..];
        assert_eq!([3, 4, 5, 6].map(|column| uphill[column].median), [f64::INFINITY, f64::INFINITY, 1.0, 1.0]);
        // By the 40th step ½·4ᵏ·x² is above the limit of 10¹².
        let late = quartiles(&experiment, 40, &[1.0], 0.0).expect("valid");
        assert_eq!((late[9].median, late[16].median.is_nan()), (f64::INFINITY, true));
    }
}
