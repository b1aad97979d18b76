//! What there is to know of a network and its data, whatever its weights are. A worker that has
//! built it says so in numbers.

use flatland_engine::objective::network::{Network, Part};

/// See the module's header.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Weights and biases.
    pub parameters: usize,
    /// Training samples.
    pub training: usize,
    /// Test samples.
    pub test: usize,
    /// The least sharpness that any weights have.
    pub floor: Option<f64>,
    /// Training samples of each class; empty for regression.
    pub counts: Vec<usize>,
}

impl About {
    /// What is known of a network.
    pub fn of(network: &Network) -> Self {
        Self {
            parameters: network.architecture().layers.parameters(),
            training: network.samples(Part::Training).count,
            test: network.samples(Part::Test).count,
            floor: network.sharpness_floor(),
            counts: network.data().class_counts().0,
        }
    }

    /// As it travels. The floor comes first: a chart needs no more.
    pub fn to_numbers(&self) -> Vec<f64> {
        let Self { parameters, training, test, floor, counts } = self;
        let head = [floor.unwrap_or(f64::NAN), *parameters as f64, *training as f64, *test as f64];
        head.into_iter().chain(counts.iter().map(|count| *count as f64)).collect()
    }

    /// Reads what [`About::to_numbers`] writes.
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let [floor, parameters, training, test, ref counts @ ..] = *numbers else { return None };
        Some(Self {
            parameters: parameters as usize,
            training: training as usize,
            test: test as usize,
            floor: Some(floor).filter(|floor| !floor.is_nan()),
            counts: counts.iter().map(|count| *count as usize).collect(),
        })
    }

    /// How the training samples are spread over classes, in words.
    pub fn classes(&self) -> String {
        match (self.counts.iter().min(), self.counts.iter().max()) {
            (Some(least), Some(most)) if least == most => format!(" ({} classes of {least} each)", self.counts.len()),
            (Some(least), Some(most)) => format!(" ({} classes of {least} to {most})", self.counts.len()),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_survives_the_way() {
        for (floor, counts, words) in [
            (Some(0.2), vec![3, 5, 4], " (3 classes of 3 to 5)"),
            (None, vec![7, 7], " (2 classes of 7 each)"),
            (Some(2.0), vec![], ""),
        ] {
            let about = About { parameters: 701, training: 20, test: 19, floor, counts };
            assert_eq!(About::from_numbers(&about.to_numbers()), Some(about.clone()));
            assert_eq!(about.classes(), words);
        }
        assert_eq!(About::from_numbers(&[1.0]), None);
    }
}
