//! Two classes of points around two curves in the plane: what moons, circles and spirals share.

use super::{DataSet, Samples, Targets, split};
use crate::random::Random;
use crate::spec::{Bounds, Parameter, Scale, Spec};

/// The number of training samples, and of test samples.
pub(super) const SAMPLES: Parameter = Parameter::number(
    "samples",
    "n",
    "how many training samples, half of them in each class; as many again are for testing",
    200.0,
    Bounds::closed(2.0, 100_000.0),
    (20.0, 2000.0),
    Scale::Log,
);

/// The noise.
pub(super) const NOISE: Parameter = Parameter::number(
    "noise",
    "σ",
    "the standard deviation of the Gaussian noise on both coordinates",
    0.1,
    Bounds::closed(0.0, 10.0),
    (0.0, 0.5),
    Scale::Linear,
);

/// Two curves, each with a parameter t in [0, 1].
pub(super) struct Curves {
    /// The names of the classes.
    pub names: [&'static str; 2],

    /// Where on its curve the training sample i of n lies.
    pub place: fn(i: usize, n: usize) -> f64,

    /// The point of a class at t.
    pub point: fn(class: usize, t: f64) -> [f64; 2],

    /// Where the set comes from.
    pub source: &'static str,
}

impl Curves {
    /// Training samples stand evenly on the curves, test samples anywhere; both have noise. First
    /// the first class, of n/2 samples rounded down, then the second.
    pub fn build(&self, spec: &Spec, seed: u64) -> DataSet {
        let (count, noise) = (spec.number("samples") as usize, spec.number("noise"));
        let mut random = Random::for_purpose(seed, super::PURPOSE);
        let train = self.samples(count, noise, &mut random, |i, n, _| (self.place)(i, n));
        let test = self.samples(count, noise, &mut random, |_, _, random| random.uniform());
        DataSet {
            train,
            test,
            targets: Targets::Classes { names: self.names.map(str::to_owned).to_vec() },
            inputs: 2,
            image: None,
            standardization: None,
            column_standardization: Vec::new(),
            source: self.source,
        }
    }

    fn samples(
        &self,
        count: usize,
        noise: f64,
        random: &mut Random,
        place: impl Fn(usize, usize, &mut Random) -> f64,
    ) -> Samples {
        let mut inputs = vec![0.0; 2 * count];
        let (x, y) = inputs.split_at_mut(count);
        let first = count / 2;
        let labels: Vec<usize> = (0..count).map(|s| usize::from(s >= first)).collect();
        for (s, ((x, y), class)) in x.iter_mut().zip(y).zip(&labels).enumerate() {
            let (i, n) = if *class == 0 { (s, first) } else { (s - first, count - first) };
            let t = place(i, n, random);
            let point = (self.point)(*class, t);
            *x = point[0] + noise * random.normal();
            *y = point[1] + noise * random.normal();
        }
        Samples { count, inputs, targets: split::one_hot(&labels, 2), labels }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::build;
    use super::*;

    /// Every sample of a set without noise as (class, x, y), training samples first.
    pub fn exact_points(name: &str, samples: f64) -> Vec<(usize, f64, f64)> {
        let data = build(&Spec::new(name).with("samples", samples).with("noise", 0.0), 3, "data").unwrap();
        let of = |samples: &Samples| -> Vec<_> {
            let (x, y) = samples.inputs.split_at(samples.count);
            samples.labels.iter().zip(x.iter().zip(y)).map(|(class, (x, y))| (*class, *x, *y)).collect()
        };
        assert_eq!((data.train.count as f64, data.test.count as f64), (samples, samples));
        [of(&data.train), of(&data.test)].concat()
    }

    #[test]
    fn classes_halve_the_samples_and_targets_are_one_hot() {
        for name in ["moons", "circles", "spirals"] {
            for (samples, counts) in [(2.0, vec![1, 1]), (7.0, vec![3, 4]), (200.0, vec![100, 100])] {
                let data = build(&Spec::new(name).with("samples", samples), 1, "data").unwrap();
                assert_eq!(data.class_counts(), (counts.clone(), counts));
                for samples in [&data.train, &data.test] {
                    for (s, label) in samples.labels.iter().enumerate() {
                        let target = [samples.targets[s], samples.targets[samples.count + s]];
                        assert_eq!(target, if *label == 0 { [1.0, 0.0] } else { [0.0, 1.0] });
                    }
                }
            }
        }
    }

    #[test]
    fn the_seed_decides_the_bits() {
        for name in ["moons", "circles", "spirals"] {
            let of = |seed| build(&Spec::new(name), seed, "data").unwrap();
            assert_eq!(of(5), of(5));
            assert_ne!(of(5).train.inputs, of(6).train.inputs);
            assert_ne!(of(5).train.inputs, of(5).test.inputs);
        }
    }

    /// Noise is what separates a set from the same one without: its mean is 0 and its deviation the
    /// parameter, to five standard errors of 20 000 numbers.
    #[test]
    fn noise_has_its_deviation() {
        let of = |noise: f64| {
            build(&Spec::new("moons").with("samples", 10_000.0).with("noise", noise), 2, "data").unwrap().train.inputs
        };
        let noise: Vec<f64> = of(0.2).iter().zip(&of(0.0)).map(|(a, b)| a - b).collect();
        let mean = noise.iter().sum::<f64>() / 20_000.0;
        let deviation = (noise.iter().map(|x| x * x).sum::<f64>() / 20_000.0).sqrt();
        assert!(mean.abs() < 0.2 * 0.0354 && (deviation - 0.2).abs() < 0.2 * 0.025, "{mean} {deviation}");
    }
}
