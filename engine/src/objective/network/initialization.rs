//! The weights at the start, drawn from a seed.

use super::Layers;
use crate::random::Random;

/// How the weights of a layer with fan_in inputs and fan_out outputs are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initialization {
    /// Weights and biases uniform in ±s/√fan_in: PyTorch's default for s = 1.
    Pytorch {
        /// s.
        scale: f64,
    },

    /// Weights uniform in ±√(6/(fan_in + fan_out)), biases 0 (Glorot & Bengio, 2010).
    Xavier,

    /// Weights normal with variance g²/fan_in, biases 0.
    Normal {
        /// g.
        gain: f64,
    },
}

/// What tells the stream of the weights from those of the data and the policies: the bytes of
/// "weights".
const PURPOSE: u64 = 0x77_6569_6768_7473;

impl Initialization {
    /// The parameters of so shaped a network, in the order of [`Layers`]: the weights of a layer
    /// are drawn row by row, then its biases.
    pub(super) fn draw(self, layers: &Layers, seed: u64) -> Vec<f64> {
        let mut random = Random::for_purpose(seed, PURPOSE);
        let mut x = vec![0.0; layers.parameters()];
        for l in 1..=layers.count() {
            let (inputs, outputs) = (layers.width(l - 1) as f64, layers.width(l) as f64);
            let mut uniform = |bound: f64| bound * (2.0 * random.uniform() - 1.0);
            match self {
                Self::Pytorch { scale } => {
                    let bound = scale / inputs.sqrt();
                    let all = layers.weights(l).start..layers.biases(l).end;
                    x[all].iter_mut().for_each(|entry| *entry = uniform(bound));
                }
                Self::Xavier => {
                    let bound = (6.0 / (inputs + outputs)).sqrt();
                    x[layers.weights(l)].iter_mut().for_each(|entry| *entry = uniform(bound));
                }
                Self::Normal { gain } => {
                    let deviation = gain / inputs.sqrt();
                    x[layers.weights(l)].iter_mut().for_each(|entry| *entry = deviation * random.normal());
                }
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance within five standard errors, the largest entry within its bound.
    #[test]
    fn each_has_the_moments_of_its_distribution() {
        let layers = Layers::new(vec![100, 200, 50], true);
        for (initialization, variances) in [
            (Initialization::Pytorch { scale: 2.0 }, [4.0 / 300.0, 4.0 / 600.0]),
            (Initialization::Xavier, [2.0 / 300.0, 2.0 / 250.0]),
            (Initialization::Normal { gain: 3.0 }, [9.0 / 100.0, 9.0 / 200.0]),
        ] {
            let x = initialization.draw(&layers, 5);
            for (l, variance) in [1, 2].into_iter().zip(variances) {
                let weights = &x[layers.weights(l)];
                let n = weights.len() as f64;
                let mean = weights.iter().sum::<f64>() / n;
                let square = weights.iter().map(|w| w * w).sum::<f64>() / n;
                assert!(mean.abs() < 5.0 * (variance / n).sqrt(), "{initialization:?}: mean {mean}");
                assert!((square / variance - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{initialization:?}: {square}");
                let is_zero = x[layers.biases(l)].iter().all(|b| *b == 0.0);
                assert_eq!(is_zero, !matches!(initialization, Initialization::Pytorch { .. }));
            }
        }
        let bound = 2.0 / 10.0;
        let largest = Initialization::Pytorch { scale: 2.0 }.draw(&layers, 5)[..20_200]
            .iter()
            .fold(0.0_f64, |m, x| m.max(x.abs()));
        assert!(largest <= bound && largest > 0.999 * bound);
    }

    #[test]
    fn the_seed_decides() {
        let layers = Layers::new(vec![2, 3, 1], true);
        let draw = |seed| Initialization::Xavier.draw(&layers, seed);
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
