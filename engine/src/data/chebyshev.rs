//! A Chebyshev polynomial on evenly spaced points: regression with one input and one output.

use super::{DataSet, Entry, Samples, Targets};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "chebyshev",
        title: "Chebyshev polynomial",
        short: "Chebyshev",
        latex: Description::tex(r"y = T_d(x) = \cos(d \arccos x)"),
        summary: "A polynomial that swings d times between −1 and 1, at evenly spaced points of [−1, 1]. The higher the \
                  degree, the sharper a network must become to follow it; the test points lie halfway between.",
        source: "Cohen et al., 2021, arXiv 2103.00065",
        parameters: &[
            Parameter::number(
                "degree",
                "d",
                "the degree of the polynomial",
                4.0,
                Bounds::closed(1.0, 12.0),
                (1.0, 8.0),
                Scale::Linear,
            ),
            Parameter::number(
                "points",
                "n",
                "how many points, both ends included",
                20.0,
                Bounds::closed(2.0, 1000.0),
                (5.0, 100.0),
                Scale::Log,
            ),
        ],
    },
    files: &[],
    whole: &["degree", "points"],
    build: |spec, _| {
        let (degree, points) = (spec.number("degree") as u32, spec.number("points") as usize);
        let gaps = points - 1;
        Ok(DataSet {
            train: samples(degree, (0..points).map(|i| position(2 * i, gaps)).collect()),
            test: samples(degree, (0..gaps).map(|i| position(2 * i + 1, gaps)).collect()),
            targets: Targets::Values { outputs: 1 },
            inputs: 1,
            image: None,
            standardization: None,
            column_standardization: Vec::new(),
            source: ENTRY.description.source,
        })
    },
};

/// −1 + halves/gaps, rounded once: symmetric to the last bit, with exact ends.
fn position(halves: usize, gaps: usize) -> f64 {
    (halves as f64 - gaps as f64) / gaps as f64
}

fn samples(degree: u32, inputs: Vec<f64>) -> Samples {
    let targets = inputs.iter().map(|x| polynomial(degree, *x)).collect();
    Samples { count: inputs.len(), inputs, targets, labels: Vec::new() }
}

/// T_degree(x) by the recurrence T_{k+1} = 2x·T_k − T_{k−1}.
fn polynomial(degree: u32, x: f64) -> f64 {
    let (mut last, mut current) = (1.0, x);
    for _ in 1..degree {
        (last, current) = (current, 2.0 * x * current - last);
    }
    current
}

#[cfg(test)]
mod tests {
    use super::super::build;
    use crate::spec::Spec;

    /// Against the closed form; on [−1, 1] the recurrence loses about one rounding a degree, and
    /// the arc cosine times the degree the same.
    #[test]
    fn targets_are_the_cosines_of_multiples() {
        for degree in 1..=12 {
            for points in [2.0, 3.0, 20.0, 1000.0] {
                let spec = Spec::new("chebyshev").with("degree", f64::from(degree)).with("points", points);
                let data = build(&spec, 0, "data").unwrap();
                assert_eq!((data.train.count as f64, data.test.count as f64), (points, points - 1.0));
                for samples in [&data.train, &data.test] {
                    assert_eq!((samples.inputs.len(), samples.targets.len()), (samples.count, samples.count));
                    for (x, y) in samples.inputs.iter().zip(&samples.targets) {
                        let expected = libm::cos(f64::from(degree) * libm::acos(*x));
                        assert!((y - expected).abs() < 1e-14, "T_{degree}({x}) = {y}, not {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn points_are_evenly_spaced_and_test_points_lie_halfway() {
        let data = build(&Spec::new("chebyshev").with("points", 5.0), 7, "data").unwrap();
        assert_eq!(data.train.inputs, [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(data.test.inputs, [-0.75, -0.25, 0.25, 0.75]);
        assert_eq!((data.targets.outputs(), data.inputs, data.class_counts()), (1, 1, (vec![], vec![])));
    }
}
