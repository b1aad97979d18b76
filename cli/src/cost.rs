//! What a network's runs will cost, said before they begin.

use flatland_engine::{Experiment, FieldError};

/// How many operations `runs` runs of the experiment take, as a sentence; None where that is not
/// worth one, as for objectives in closed form.
///
/// Forward and backward take about 6 operations for each weight and sample; what a policy tries
/// and what sharpness takes come on top of that.
///
/// # Errors
///
/// If the network cannot be built: its data may be missing, or its layers too large.
pub fn estimate(experiment: &Experiment, runs: usize) -> Result<Option<String>, FieldError> {
    if !experiment.is_network() {
        return Ok(None);
    }
    let objective = experiment.build_objective()?;
    let Some(network) = objective.as_network() else { return Ok(None) };
    let (weights, samples, steps) = (objective.dimension(), network.data().train.count, experiment.steps);
    let starts = experiment.ensemble.map_or(1, |ensemble| ensemble.size);
    let runs = runs as f64 * starts as f64;
    let operations = 6.0 * weights as f64 * samples as f64 * steps as f64 * runs;
    Ok(Some(format!(
        "about {operations:.1e} operations: {runs} runs × {steps} steps × 6 × {weights} weights × {samples} samples, and \
         several times that for sharpness and searches"
    )))
}
