//! The reference R against which a search compares its trials.
//!
//! Sources: Grippo, Lampariello & Lucidi, 1986 (SIAM Journal on Numerical Analysis 23); Zhang &
//! Hager, 2004 (SIAM Journal on Optimization 14).

use std::collections::VecDeque;

/// The reference R.
#[derive(Clone)]
pub(super) enum Reference {
    /// f(x): the search is monotone.
    Loss,

    /// The larger of f(x) and a mean of all losses.
    Mean(ZhangHager),

    /// The largest of the last `memory` losses.
    Recent { memory: usize, losses: VecDeque<f64> },
}

impl Reference {
    /// Takes in the loss f(x) and returns R.
    pub fn update(&mut self, loss: f64) -> f64 {
        match self {
            Self::Loss => loss,
            Self::Mean(mean) => mean.update(loss),
            Self::Recent { memory, losses } => {
                losses.truncate(memory.saturating_sub(1));
                losses.push_front(loss);
                losses.iter().copied().fold(loss, f64::max)
            }
        }
    }
}

/// A weighted mean of all losses so far, Q ← ξQ + 1 and C ← (ξQ₋C₋ + f)/Q: with ξ = 1 their plain
/// mean, with ξ = 0 the last one.
#[derive(Clone)]
pub(super) struct ZhangHager {
    xi: f64,
    weight: f64,
    mean: f64,
}

impl ZhangHager {
    pub fn new(xi: f64) -> Self {
        Self { xi, weight: 0.0, mean: 0.0 }
    }

    /// Takes in the loss f and returns the reference max(C, f).
    pub fn update(&mut self, loss: f64) -> f64 {
        let old = self.xi * self.weight;
        self.weight = old + 1.0;
        self.mean = (old * self.mean + loss) / self.weight;
        self.mean.max(loss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xi_runs_from_the_last_loss_to_the_mean_of_all() {
        let losses = [4.0, 1.0, 1.0, 0.5];
        let references = |xi| {
            let mut reference = ZhangHager::new(xi);
            losses.map(|loss| reference.update(loss))
        };
        assert_eq!(references(0.0), losses);
        assert_eq!(references(1.0), [4.0, 2.5, 2.0, 1.625]);
    }

    #[test]
    fn recent_losses_are_forgotten() {
        let mut reference = Reference::Recent { memory: 2, losses: VecDeque::new() };
        assert_eq!([4.0, 1.0, 0.5, 2.0].map(|loss| reference.update(loss)), [4.0, 4.0, 1.0, 2.0]);
    }

    #[test]
    fn the_reference_is_never_below_the_loss() {
        let mut reference = ZhangHager::new(1.0);
        reference.update(1.0);
        assert_eq!(reference.update(9.0), 9.0);
    }
}
