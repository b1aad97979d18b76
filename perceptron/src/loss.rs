//! Losses of a network's outputs y beside their targets t, for n samples with K outputs each.
//!
//! They differ by factors: the sharpness of ½·(1/n)Σ‖y − t‖² is K/2 times that of the mean over all
//! n·K entries.

use std::ops::Range;

/// What a network is trained for. Outputs and targets stand output by output, K × n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// (1/(nK)) Σ (y − t)², the mean over all entries: the paper's.
    MeanSquaredError,

    /// (1/(2n)) Σ ‖y − t‖².
    HalfMeanSquaredError,

    /// −(1/n) Σ log pₜ with p = softmax(y), where t is the sample's class.
    CrossEntropy,
}

impl Loss {
    /// Their names in experiments.
    pub const NAMES: [&'static str; 3] = ["mean-squared-error", "half-mean-squared-error", "cross-entropy"];

    /// The loss with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let all = [Self::MeanSquaredError, Self::HalfMeanSquaredError, Self::CrossEntropy];
        Self::NAMES.iter().position(|known| *known == name).map(|place| all[place])
    }

    /// Its name in experiments.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// ∂²loss/∂y² of a squared error, for n samples with K outputs: on the biases of the last layer
    /// the Hessian of the mean squared error is n times this, 2/K, on the diagonal.
    fn weight(self, samples: usize, outputs: usize) -> f64 {
        match self {
            Self::MeanSquaredError => 2.0 / (samples as f64 * outputs as f64),
            Self::HalfMeanSquaredError | Self::CrossEntropy => 1.0 / samples as f64,
        }
    }

    /// The least sharpness that any parameters can have, where the last layer has biases: 2/K for
    /// the mean squared error, 1 for half of it per sample; None for the cross-entropy.
    ///
    /// The Hessian's block of these biases is this times the identity everywhere, and by Cauchy's
    /// interlacing λ₁ is not below (Galli et al., 2026, arXiv 2606.06722).
    #[must_use]
    pub fn floor(self, outputs: usize) -> Option<f64> {
        match self {
            Self::MeanSquaredError => Some(2.0 / outputs as f64),
            Self::HalfMeanSquaredError => Some(1.0),
            Self::CrossEntropy => None,
        }
    }

    /// The loss of so many `samples`.
    pub(crate) fn value(self, outputs: &[f64], targets: &[f64], samples: usize) -> f64 {
        let count = outputs.len() / samples.max(1);
        match self {
            Self::MeanSquaredError | Self::HalfMeanSquaredError => {
                let mut sum = 0.0;
                for (y, t) in outputs.iter().zip(targets) {
                    sum += (y - t) * (y - t);
                }
                0.5 * self.weight(samples, count) * sum
            }
            Self::CrossEntropy => {
                let mut sum = 0.0;
                for s in 0..samples {
                    let column = Column { first: s, step: samples, count };
                    let top = column.of(outputs).fold(f64::NEG_INFINITY, f64::max);
                    let total: f64 = column.of(outputs).map(|y| libm::exp(y - top)).sum();
                    let aim: f64 = column.of(outputs).zip(column.of(targets)).map(|(y, t)| t * y).sum();
                    sum += (top + libm::log(total)) - aim;
                }
                self.weight(samples, count) * sum
            }
        }
    }

    /// Fills `slopes` with ∂loss/∂y; for the cross-entropy, `probabilities` with softmax(y).
    pub(crate) fn differentiate(
        self,
        outputs: &[f64],
        targets: &[f64],
        samples: usize,
        slopes: &mut [f64],
        probabilities: &mut Vec<f64>,
    ) {
        let weight = self.weight(samples, outputs.len() / samples.max(1));
        if self == Self::CrossEntropy {
            softmax(outputs, samples, probabilities);
            for ((slope, p), t) in slopes.iter_mut().zip(&*probabilities).zip(targets) {
                *slope = weight * (p - t);
            }
        } else {
            for ((slope, y), t) in slopes.iter_mut().zip(outputs).zip(targets) {
                *slope = weight * (y - t);
            }
        }
    }

    /// Replaces the direction `along`, K × n, by ∂²loss/∂y² times it; `probabilities` are those of
    /// [`Loss::differentiate`].
    pub(crate) fn bend(self, samples: usize, probabilities: &[f64], along: &mut [f64]) {
        let count = along.len() / samples.max(1);
        let weight = self.weight(samples, count);
        if self == Self::CrossEntropy {
            // diag(p) − pp′ for each sample.
            for s in 0..samples {
                let column = Column { first: s, step: samples, count };
                let mean: f64 = column.of(probabilities).zip(column.of(along)).map(|(p, v)| p * v).sum();
                for at in column.range().step_by(samples) {
                    along[at] = weight * (probabilities[at] * (along[at] - mean));
                }
            }
        } else {
            along.iter_mut().for_each(|entry| *entry *= weight);
        }
    }
}

/// Fills `probabilities` with e^y/Σe^y over the outputs of each sample; `outputs` is K × n.
pub(crate) fn softmax(outputs: &[f64], samples: usize, probabilities: &mut Vec<f64>) {
    probabilities.clear();
    probabilities.resize(outputs.len(), 0.0);
    let count = outputs.len() / samples.max(1);
    for s in 0..samples {
        let column = Column { first: s, step: samples, count };
        let top = column.of(outputs).fold(f64::NEG_INFINITY, f64::max);
        let mut total = 0.0;
        for at in column.range().step_by(samples) {
            probabilities[at] = libm::exp(outputs[at] - top);
            total += probabilities[at];
        }
        for at in column.range().step_by(samples) {
            probabilities[at] /= total;
        }
    }
}

/// The entries of one sample.
#[derive(Clone, Copy)]
struct Column {
    first: usize,
    step: usize,
    count: usize,
}

impl Column {
    fn range(self) -> Range<usize> {
        self.first..self.step * self.count
    }

    fn of(self, matrix: &[f64]) -> impl Iterator<Item = f64> {
        matrix[self.range()].iter().step_by(self.step).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOSSES: [Loss; 3] = [Loss::MeanSquaredError, Loss::HalfMeanSquaredError, Loss::CrossEntropy];

    /// Three outputs of two samples, the second of the classes 2 and 0.
    const OUTPUTS: [f64; 6] = [0.5, -1.0, 2.0, 0.25, -0.5, 1.5];
    const TARGETS: [f64; 6] = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0];

    #[test]
    fn values_are_those_of_their_definitions() {
        // Σ(y − t)² = 0.25 + 4 + 4 + 0.0625 + 2.25 + 2.25.
        let squares = 12.8125;
        assert!((Loss::MeanSquaredError.value(&OUTPUTS, &TARGETS, 2) - squares / 6.0).abs() < 1e-15);
        assert!((Loss::HalfMeanSquaredError.value(&OUTPUTS, &TARGETS, 2) - squares / 4.0).abs() < 1e-15);
        let surprise = |own: f64, all: [f64; 3]| all.map(f64::exp).iter().sum::<f64>().ln() - own;
        let expected = 0.5 * (surprise(-0.5, [0.5, 2.0, -0.5]) + surprise(-1.0, [-1.0, 0.25, 1.5]));
        assert!((Loss::CrossEntropy.value(&OUTPUTS, &TARGETS, 2) - expected).abs() < 1e-15);
    }

    /// Central differences with h = 10⁻⁵, whose errors stay below 10⁻¹⁰.
    #[test]
    fn derivatives_are_those_of_the_values() {
        let h = 1e-5;
        for loss in LOSSES {
            let slopes_at = |outputs: &[f64]| {
                let (mut slopes, mut probabilities) = (vec![0.0; 6], Vec::new());
                loss.differentiate(outputs, &TARGETS, 2, &mut slopes, &mut probabilities);
                (slopes, probabilities)
            };
            let (slopes, probabilities) = slopes_at(&OUTPUTS);
            for i in 0..6 {
                let moved = |by: f64| {
                    let mut outputs = OUTPUTS;
                    outputs[i] += by;
                    outputs
                };
                let [above, below] = [h, -h].map(moved);
                let difference = (loss.value(&above, &TARGETS, 2) - loss.value(&below, &TARGETS, 2)) / (2.0 * h);
                assert!((slopes[i] - difference).abs() < 1e-10, "{loss:?} {i}");
                let mut along = vec![0.0; 6];
                along[i] = 1.0;
                loss.bend(2, &probabilities, &mut along);
                let (above, below) = (slopes_at(&above).0, slopes_at(&below).0);
                for (j, found) in along.iter().enumerate() {
                    let difference = (above[j] - below[j]) / (2.0 * h);
                    assert!((found - difference).abs() < 1e-10, "{loss:?} {i} {j}");
                }
            }
        }
    }

    #[test]
    fn large_outputs_do_not_overflow() {
        let outputs = [1000.0, -1000.0];
        assert_eq!(Loss::CrossEntropy.value(&outputs, &[0.0, 1.0], 1), 2000.0);
        let (mut slopes, mut probabilities) = (vec![0.0; 2], Vec::new());
        Loss::CrossEntropy.differentiate(&outputs, &[0.0, 1.0], 1, &mut slopes, &mut probabilities);
        assert_eq!(slopes, [1.0, -1.0]);
    }
}
