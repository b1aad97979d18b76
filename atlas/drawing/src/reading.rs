//! What lies at a point of a drawing, in numbers and words.

use flatland_atlas::paint::Sample;
use flatland_atlas::{Fate, Measure};

/// See the module's header.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Of a map.
    Run {
        /// The numbers across and up.
        at: [f64; 2],
        /// How the run ended, in words.
        fate: String,
        /// Whether the pixel itself is known, and not only one nearby.
        is_own: bool,
        /// What the measure says, or why it says nothing; None where the fate says it.
        number: Option<Result<f64, &'static str>>,
        /// The last iterate's first coordinates.
        last: Vec<f64>,
    },

    /// Of a bifurcation diagram.
    Hits {
        /// The numbers across and up.
        at: [f64; 2],
        /// How often the iterates came by.
        hits: f64,
    },
}

impl Reading {
    /// What a sample says of a run of so many variables.
    pub fn of(at: [f64; 2], sample: &Sample, is_own: bool, measure: Measure, dimension: usize) -> Self {
        let number = f64::from(sample.number);
        let has_number = !matches!(measure, Measure::Outcome | Measure::Minimizer);
        Self::Run {
            at,
            fate: words(sample, measure),
            is_own,
            number: has_number.then(|| match measure {
                Measure::Share | Measure::Lyapunov if number.is_nan() => Err("none, as no step was taken"),
                _ if number.is_nan() => Err("not a number"),
                _ => Ok(number),
            }),
            last: sample.last[..dimension.min(2)].iter().map(|x| f64::from(*x)).collect(),
        }
    }
}

/// How a run ended, in words.
fn words(sample: &Sample, measure: Measure) -> String {
    let has_count = measure == Measure::Outcome;
    let count = sample.number;
    match Fate::from_code(sample.code as u8, 0) {
        Some(Fate::Converged { .. }) if measure == Measure::Minimizer => match sample {
            sample if sample.is_minimizer() => "converged to a minimizer".to_owned(),
            sample if sample.number < 0.0 => {
                format!("converged to a maximum or a saddle: least eigenvalue {count:.3}").replace('-', "−")
            }
            _ => "converged where the Hessian is not a number".to_owned(),
        },
        Some(Fate::Converged { .. }) if has_count => format!("converged in {count} steps"),
        Some(Fate::Converged { .. }) => "converged".to_owned(),
        Some(Fate::Periodic { .. }) if has_count => format!("runs in a cycle of {count}"),
        Some(Fate::Periodic { .. }) => "runs in a cycle".to_owned(),
        Some(Fate::Chaotic) => "chaotic".to_owned(),
        Some(Fate::Unsettled) => "still on its way".to_owned(),
        Some(Fate::Diverged { .. }) if has_count => format!("diverged at step {count}"),
        Some(Fate::Diverged { .. }) => "diverged".to_owned(),
        Some(Fate::Stalled { .. }) if has_count => format!("stalled at step {count}"),
        Some(Fate::Stalled { .. }) => "stalled".to_owned(),
        Some(Fate::Undefined) => "f is not a number there".to_owned(),
        None => String::new(),
    }
}
