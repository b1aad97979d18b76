//! What a network's runs will cost, said before they begin.

use std::fmt;

use flatland_engine::{Experiment, FieldError};

/// Beyond so many operations one waits: a core does some 5·10⁹ a second.
const LONG: f64 = 1e11;

/// The operations of some runs of a network.
///
/// Forward and backward take about 6 for each weight and sample; what a policy tries and what
/// sharpness takes come on top of that.
pub struct Cost {
    runs: f64,
    steps: u64,
    weights: usize,
    samples: usize,
}

impl Cost {
    /// That of `runs` runs of the experiment; None for objectives in closed form.
    ///
    /// # Errors
    ///
    /// If the network cannot be built: its data may be missing, or its layers too large.
    pub fn of(experiment: &Experiment, runs: usize) -> Result<Option<Self>, FieldError> {
        if !experiment.is_network() {
            return Ok(None);
        }
        let objective = experiment.build_objective()?;
        let starts = experiment.ensemble.map_or(1, |ensemble| ensemble.size);
        Ok(objective.as_network().map(|network| Self {
            runs: runs as f64 * starts as f64,
            steps: experiment.steps,
            weights: objective.dimension(),
            samples: network.data().train.count,
        }))
    }

    fn operations(&self) -> f64 {
        6.0 * self.weights as f64 * self.samples as f64 * self.steps as f64 * self.runs
    }

    /// Whether it is long enough for a single command to say so.
    pub fn is_long(&self) -> bool {
        self.operations() > LONG
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { runs, steps, weights, samples } = self;
        write!(
            f,
            "about {:.1e} operations: {runs} runs × {steps} steps × 6 × {weights} weights × {samples} samples, and \
             several times that for sharpness and searches",
            self.operations()
        )
    }
}
