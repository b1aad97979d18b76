//! Handwritten digits of 8×8 pixels.

use super::{Entry, images, split};
use crate::spec::{Bounds, Description, Parameter, Scale};

/// The rows of the file.
const ROWS: f64 = 1797.0;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "digits",
        title: "Handwritten digits, 8×8",
        short: "digits",
        latex: Description::tex(r"x \in \{0, \dots, 16\}^{8 \times 8}, \quad y \in \{0, \dots, 9\}"),
        summary: "Small images of handwritten digits in ten classes, standardized: real data on which a small network \
                  reaches the edge of stability within seconds.",
        source: "Optical Recognition of Handwritten Digits, E. Alpaydin & C. Kaynak, 1998, UCI Machine Learning \
                 Repository, doi 10.24432/C50P49, CC BY 4.0",
        parameters: &[Parameter::number(
            "samples",
            "n",
            "how many of the 1797 images to train on, drawn from the seed; the others are for testing",
            500.0,
            Bounds::closed(2.0, ROWS - 1.0),
            (100.0, 1500.0),
            Scale::Log,
        )],
    },
    files: &["digits"],
    whole: &["samples"],
    build: |spec, seed| {
        let table = images::table("digits", None)?;
        let (train, test) = split::draw(table.rows, spec.number("samples") as usize, seed);
        let (train, test) = (images::samples(&table, &train)?, images::samples(&table, &test)?);
        Ok(images::data_set(train, test, (8, 8), ENTRY.description.source))
    },
};

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::fill;
    use super::super::{DataSet, Samples, build, shelf};
    use crate::spec::Spec;

    /// How often each digit is in the file, as its documentation says.
    const COUNTS: [usize; 10] = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];

    /// The rows of the file by another way of reading it.
    fn file() -> Vec<Vec<f64>> {
        let text = String::from_utf8(shelf::get("digits").unwrap().to_vec()).unwrap();
        text.lines().map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect()
    }

    /// The samples as they stand in the file, from what was standardized.
    fn rows(data: &DataSet, samples: &Samples) -> Vec<Vec<f64>> {
        let standardization = data.standardization.unwrap();
        let pixel = |i: usize, s: usize| {
            let x = samples.inputs[i * samples.count + s] * standardization.deviation + standardization.mean;
            assert!((x - x.round()).abs() < 1e-13);
            x.round()
        };
        let row = |s| (0..64).map(|i| pixel(i, s)).chain([samples.labels[s] as f64]).collect();
        (0..samples.count).map(row).collect()
    }

    #[test]
    fn training_and_test_images_are_the_whole_file() {
        fill();
        for samples in [2.0, 500.0, 1796.0] {
            let data = build(&Spec::new("digits").with("samples", samples), 11, "data").unwrap();
            assert_eq!((data.train.count as f64, data.test.count as f64), (samples, 1797.0 - samples));
            let mut found = [rows(&data, &data.train), rows(&data, &data.test)].concat();
            let mut expected = file();
            found.sort_by(|a, b| a.partial_cmp(b).unwrap());
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            assert_eq!(found, expected);
            let (train, test) = data.class_counts();
            assert_eq!(train.iter().zip(&test).map(|(a, b)| a + b).collect::<Vec<_>>(), COUNTS);
        }
    }

    /// Against a plain computation in two passes over the file's rows, in another order of
    /// summation: 32 000 roundings of a half unit each would be 4e-12 at worst.
    #[test]
    fn inputs_are_standardized_by_the_training_images() {
        fill();
        let data = build(&Spec::new("digits"), 0, "data").unwrap();
        let pixels: Vec<f64> = rows(&data, &data.train).iter().flat_map(|row| row[..64].to_vec()).collect();
        assert_eq!(pixels.len(), 32_000);
        let mean = pixels.iter().sum::<f64>() / 32_000.0;
        let deviation = (pixels.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 32_000.0).sqrt();
        let found = data.standardization.unwrap();
        assert!((found.mean - mean).abs() < 1e-12 && (found.deviation - deviation).abs() < 1e-12);
        let mean_after = data.train.inputs.iter().sum::<f64>() / 32_000.0;
        let square_after = data.train.inputs.iter().map(|x| x * x).sum::<f64>() / 32_000.0;
        assert!(mean_after.abs() < 1e-12 && (square_after - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_seed_decides_the_split() {
        fill();
        let of = |seed| build(&Spec::new("digits"), seed, "data").unwrap();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1).train.labels, of(2).train.labels);
    }
}
