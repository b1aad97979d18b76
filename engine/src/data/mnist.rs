//! Handwritten digits of 28×28 pixels: subsets of MNIST.

use super::{Entry, images, split};
use crate::spec::{Bounds, Description, Parameter, Scale};

/// The training images in the file.
const IMAGES: f64 = 5000.0;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "mnist",
        title: "Handwritten digits, 28×28 (MNIST)",
        short: "MNIST",
        latex: Description::tex(r"x \in \{0, \dots, 255\}^{28 \times 28}, \quad y \in \{0, \dots, 9\}"),
        summary: "Images of handwritten digits in ten classes, standardized: 5000 to train on and 1000 to test on, as \
                  many of each digit. The size of the published experiments, and a step takes its time.",
        source: "MNIST, Y. LeCun, C. Cortes & C. J. C. Burges, 1998, CC BY-SA 3.0; 6000 of its images, drawn at random",
        parameters: &[Parameter::number(
            "samples",
            "n",
            "how many of the 5000 images to train on, drawn from the seed",
            IMAGES,
            Bounds::closed(2.0, IMAGES),
            (100.0, IMAGES),
            Scale::Log,
        )],
    },
    files: &["mnist/train-images", "mnist/train-labels", "mnist/test-images", "mnist/test-labels"],
    whole: &["samples"],
    build: |spec, seed| {
        let train = images::table("mnist/train-images", Some("mnist/train-labels"))?;
        let (rows, _) = split::draw(train.rows, spec.number("samples") as usize, seed);
        let train = images::samples(&train, &rows)?;
        let test = images::table("mnist/test-images", Some("mnist/test-labels"))?;
        let test = images::samples(&test, &(0..test.rows).collect::<Vec<_>>())?;
        Ok(images::data_set(train, test, (28, 28), ENTRY.description.source))
    },
};

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::fill;
    use super::super::{build, shelf};
    use crate::spec::Spec;

    #[test]
    fn classes_are_balanced_and_the_full_set_does_not_depend_on_the_seed() {
        fill();
        let data = build(&Spec::new("mnist"), 0, "data").unwrap();
        assert_eq!((data.train.count, data.test.count, data.inputs), (5000, 1000, 784));
        assert_eq!(data.class_counts(), (vec![500; 10], vec![100; 10]));
        assert_eq!(data, build(&Spec::new("mnist"), 1, "data").unwrap());
    }

    /// Against a plain computation over the file's bytes, which are whole numbers: sums of them and
    /// of their squares are exact. The sum of n squared deviations is right to n·2⁻⁵³ of itself,
    /// which for n = 3.9 million and a deviation of 79 is 2e-8.
    #[test]
    fn inputs_are_standardized_by_the_training_images() {
        fill();
        let data = build(&Spec::new("mnist"), 0, "data").unwrap();
        let (train, test) = (shelf::get("mnist/train-images").unwrap(), shelf::get("mnist/test-images").unwrap());
        let sums = train[16..].iter().fold((0_u64, 0_u64), |(sum, squares), byte| {
            (sum + u64::from(*byte), squares + u64::from(*byte) * u64::from(*byte))
        });
        let count = (5000 * 784) as f64;
        let mean = sums.0 as f64 / count;
        let deviation = (sums.1 as f64 / count - mean * mean).sqrt();
        let found = data.standardization.unwrap();
        assert!(found.mean == mean && (found.deviation - deviation).abs() < 2e-8, "{found:?}");
        // Pixel i of the test image s, by the layout of the format.
        for (i, s) in [(400, 0), (406, 7), (783, 999)] {
            let expected = (f64::from(test[16 + 784 * s + i]) - mean) / deviation;
            assert!((data.test.inputs[1000 * i + s] - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn fewer_images_are_drawn_from_the_seed() {
        fill();
        let of = |seed| build(&Spec::new("mnist").with("samples", 200.0), seed, "data").unwrap();
        let (one, other) = (of(1), of(2));
        assert_eq!((one.train.count, one.test.count), (200, 1000));
        assert_eq!(one, of(1));
        assert_ne!(one.train.labels, other.train.labels);
        assert_eq!(one.test.labels, other.test.labels);
    }
}
