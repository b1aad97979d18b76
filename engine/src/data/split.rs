//! From the rows of a table to training and test samples.

use super::Standardization;
use crate::random::Random;

/// Draws `count` of `rows` rows without replacement, by a Fisher–Yates shuffle, and returns them
/// and the others, both in the table's order.
pub(super) fn draw(rows: usize, count: usize, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut random = Random::for_purpose(seed, super::PURPOSE);
    let mut order: Vec<usize> = (0..rows).collect();
    for i in 0..count.min(rows) {
        let other = i + random.below((rows - i) as u64) as usize;
        order.swap(i, other);
    }
    let mut rest = order.split_off(count.min(rows));
    order.sort_unstable();
    rest.sort_unstable();
    (order, rest)
}

/// The chosen rows of a table that is stored row by row, feature by feature.
pub(super) fn gather(table: &[f64], width: usize, rows: &[usize]) -> Vec<f64> {
    let mut gathered = vec![0.0; width * rows.len()];
    for (s, row) in rows.iter().enumerate() {
        for (i, value) in table[row * width..(row + 1) * width].iter().enumerate() {
            gathered[i * rows.len() + s] = *value;
        }
    }
    gathered
}

/// The targets of labels: 1 at (label, sample), 0 elsewhere; classes × samples.
pub(super) fn one_hot(labels: &[usize], classes: usize) -> Vec<f64> {
    let mut targets = vec![0.0; classes * labels.len()];
    for (s, label) in labels.iter().enumerate() {
        targets[label * labels.len() + s] = 1.0;
    }
    targets
}

/// Standardizes training and test inputs with the mean and the deviation of the training inputs.
pub(super) fn standardize(train: &mut [f64], test: &mut [f64]) -> Standardization {
    let count = train.len() as f64;
    let mean = train.iter().sum::<f64>() / count;
    let variance = train.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
    // What varies by no more than rounding is the same number everywhere.
    let deviation = variance.sqrt();
    let varies = deviation > f64::EPSILON * mean.abs();
    let standardization = Standardization { mean, deviation: if varies { deviation } else { 1.0 } };
    for x in train.iter_mut().chain(test) {
        *x = (*x - standardization.mean) / standardization.deviation;
    }
    standardization
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_drawn_once_and_as_often_as_any_other() {
        let mut counts = [0.0; 5];
        for seed in 0..6000 {
            let (chosen, rest) = draw(5, 2, seed);
            assert_eq!((chosen.len(), rest.len()), (2, 3));
            let mut all = [chosen.clone(), rest].concat();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2, 3, 4]);
            chosen.iter().for_each(|row| counts[*row] += 1.0);
        }
        // Five standard errors √(6000·⅖·⅗).
        assert!(counts.iter().all(|count| (count - 2400.0_f64).abs() < 190.0), "{counts:?}");
        assert_eq!(draw(4, 4, 9), (vec![0, 1, 2, 3], vec![]));
    }

    #[test]
    fn rows_become_columns() {
        let table = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(gather(&table, 2, &[0, 2]), [1.0, 5.0, 2.0, 6.0]);
        assert_eq!(one_hot(&[1, 0, 1], 2), [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    }

    #[test]
    fn test_inputs_have_no_say_in_the_standardization() {
        let (mut train, mut test) = ([1.0, 3.0, 5.0, 7.0], [4.0, 1e9]);
        let standardization = standardize(&mut train, &mut test);
        // Mean 4 and variance (9 + 1 + 1 + 9)/4 = 5 by hand.
        assert_eq!(standardization, Standardization { mean: 4.0, deviation: 5.0_f64.sqrt() });
        assert_eq!((test[0], train[3]), (0.0, 3.0 / 5.0_f64.sqrt()));
        let mut same = [0.1; 3];
        assert_eq!(standardize(&mut same, &mut []).deviation, 1.0);
        assert!(same.iter().all(|x| x.abs() < 1e-16));
    }
}
