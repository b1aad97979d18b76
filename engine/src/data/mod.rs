//! Data sets for networks: drawn from a seed, shipped with the program, or a file of the user's.
//!
//! A [`Spec`] names a set and its parameters, [`build`] makes the [`DataSet`] of it: split into
//! training and test samples, standardized where that is usual, ready to train on. The same spec
//! and seed give the same bits everywhere; what is drawn comes from a stream of its own, so that
//! two networks with different weights may see the same data and the other way round.
//!
//! Files are taken from the [`shelf`]: whoever runs the engine puts them there.

mod catalogue;
mod chebyshev;
mod circles;
mod curves;
mod digits;
mod file;
mod images;
mod mnist;
mod moons;
pub mod shelf;
mod spirals;
mod split;
pub mod table;

use flatland_perceptron::Batch;

use crate::spec::{Bounds, Description, FieldError, Spec, check_whole_number, complete_spec};

pub use catalogue::{catalogue, find};
pub use file::classes_in;

/// What tells the stream of the data from those of the weights and the policies: the bytes of
/// "data set".
const PURPOSE: u64 = 0x6461_7461_2073_6574;

/// What the sets say about themselves, in the catalogue's order.
#[must_use]
pub fn descriptions() -> Vec<&'static Description> {
    catalogue().iter().map(|entry| entry.description).collect()
}

/// A data set: split, standardized, ready to train on.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet {
    /// The samples to train on.
    pub train: Samples,

    /// The samples to test on; nothing of them is used for training or for standardization.
    pub test: Samples,

    /// What the targets are.
    pub targets: Targets,

    /// The number of inputs (features) of a sample.
    pub inputs: usize,

    /// The rows and columns of the image that the inputs of a sample are, row by row.
    pub image: Option<(usize, usize)>,

    /// How all inputs were standardized, if they were.
    pub standardization: Option<Standardization>,

    /// How each input was standardized, where each has numbers of its own, as the columns of a
    /// table do; otherwise empty.
    pub column_standardization: Vec<Standardization>,

    /// Where the data come from, and the licence if there is one: to be shown beside them.
    pub source: &'static str,
}

/// Inputs and targets of n samples, feature by feature: entry (feature i, sample s) stands at
/// i·n + s.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// The number n of samples.
    pub count: usize,

    /// The inputs: features × n.
    pub inputs: Vec<f64>,

    /// The targets: outputs × n; for classes one-hot.
    pub targets: Vec<f64>,

    /// The class of each sample; empty for regression.
    pub labels: Vec<usize>,
}

/// What the targets are.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// Numbers, for regression.
    Values {
        /// How many a sample has.
        outputs: usize,
    },

    /// One of a few classes.
    Classes {
        /// Their names, by label.
        names: Vec<String>,
    },
}

/// x ↦ (x − mean)/deviation with the mean and the standard deviation (√ of the mean squared
/// deviation) of *training* inputs; test data never touch it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standardization {
    /// The mean.
    pub mean: f64,

    /// The standard deviation; 1 where all inputs are the same.
    pub deviation: f64,
}

impl Targets {
    /// The number of outputs that a network for these targets has: one a class.
    #[must_use]
    pub fn outputs(&self) -> usize {
        match self {
            Self::Values { outputs } => *outputs,
            Self::Classes { names } => names.len(),
        }
    }
}

impl Samples {
    /// The samples as a network takes them.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        Batch { count: self.count, inputs: &self.inputs, targets: &self.targets }
    }

    /// How many samples each of the first `classes` classes has.
    #[must_use]
    pub fn class_counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        for label in &self.labels {
            if let Some(count) = counts.get_mut(*label) {
                *count += 1;
            }
        }
        counts
    }
}

impl DataSet {
    /// The same inputs as their own targets, for networks that are to give back what they see
    /// (autoencoders).
    #[must_use]
    pub fn with_inputs_as_targets(mut self) -> Self {
        for samples in [&mut self.train, &mut self.test] {
            samples.targets.clone_from(&samples.inputs);
            samples.labels.clear();
        }
        self.targets = Targets::Values { outputs: self.inputs };
        self
    }

    /// How many training and test samples each class has; empty for regression.
    #[must_use]
    pub fn class_counts(&self) -> (Vec<usize>, Vec<usize>) {
        match &self.targets {
            Targets::Values { .. } => (Vec::new(), Vec::new()),
            Targets::Classes { names } => (self.train.class_counts(names.len()), self.test.class_counts(names.len())),
        }
    }
}

/// One data set of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it says about itself.
    pub description: &'static Description,

    /// The names on the [`shelf`] of the shipped files that it needs.
    pub files: &'static [&'static str],

    /// The parameters that must be whole numbers.
    whole: &'static [&'static str],

    /// Makes the data set of a completed spec and the seed; a field in an error is a parameter's
    /// key, or empty for the set as a whole.
    build: fn(&Spec, seed: u64) -> Result<DataSet, FieldError>,
}

/// The spec with every parameter filled in, or what is wrong with it; `path` is its field, such as
/// `objective.data`. No file is looked at.
///
/// # Errors
///
/// Where the name or a parameter is unknown, of the wrong type, out of bounds, or should be whole.
pub fn complete(spec: &Spec, path: &str) -> Result<Spec, FieldError> {
    Ok(checked(spec, path)?.1)
}

/// Makes the data set that a spec describes, with what is drawn at random drawn from `seed`; `path`
/// is the field of the spec, such as `objective.data`.
///
/// # Errors
///
/// Those of [`complete`], and where a file is not at hand or not what it should be.
pub fn build(spec: &Spec, seed: u64, path: &str) -> Result<DataSet, FieldError> {
    let (entry, spec) = checked(spec, path)?;
    (entry.build)(&spec, seed).map_err(|error| {
        let field = if error.field.is_empty() { path.to_owned() } else { format!("{path}.{}", error.field) };
        FieldError { field, ..error }
    })
}

/// The names on the [`shelf`] of the files that a completed spec needs.
#[must_use]
pub fn files(spec: &Spec) -> Vec<&str> {
    let shipped = find(&spec.name).map_or(&[][..], |entry| entry.files);
    let own = (spec.name == file::ENTRY.description.name).then(|| file::files(spec).map(|(_, name)| name));
    shipped.iter().copied().chain(own.into_iter().flatten()).collect()
}

fn checked(spec: &Spec, path: &str) -> Result<(&'static Entry, Spec), FieldError> {
    let entry = find(&spec.name).ok_or_else(|| {
        let names: Vec<_> = catalogue().iter().map(|entry| entry.description.name).collect();
        FieldError::unknown(format!("{path}.name"), "data set", &spec.name, &names)
    })?;
    let spec = complete_spec(spec, entry.description, path)?;
    for key in entry.whole {
        let Some(value) = spec.optional(key) else { continue };
        check_whole_number(&format!("{path}.{key}"), Bounds::ANY, value)?;
    }
    Ok((entry, spec))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::ErrorKind;

    #[test]
    fn every_set_says_what_it_is() {
        for entry in catalogue() {
            let Description { name, title, short, latex, summary, source, .. } = entry.description;
            assert_eq!(find(name).unwrap().description.name, *name);
            assert!([title, short, latex, summary, source].iter().all(|text| !text.is_empty()), "{name}");
            assert!(short.chars().count() <= 12, "{short}");
            assert!(entry.whole.iter().all(|key| entry.description.parameter(key).is_some()), "{name}");
            for parameter in entry.description.parameters {
                let is_whole = crate::experiment::field::COUNTS_OF_DATA.contains(&parameter.key);
                assert_eq!(entry.whole.contains(&parameter.key), is_whole, "{name}.{}", parameter.key);
            }
        }
        assert!(find("no-such-set").is_none());
    }

    #[test]
    fn errors_name_the_field() {
        let error = |spec: Spec| build(&spec, 0, "objective.data").unwrap_err();
        let misspelled = error(Spec::new("moon"));
        assert_eq!((misspelled.kind, misspelled.field.as_str()), (ErrorKind::Unknown, "objective.data.name"));
        assert_eq!(misspelled.remedy, "did you mean \"moons\"?");
        let broken = error(Spec::new("moons").with("samples", 10.5));
        assert_eq!((broken.kind, broken.field.as_str()), (ErrorKind::Type, "objective.data.samples"));
        assert_eq!((broken.expected.as_str(), broken.found.as_str()), ("a whole number", "10.5"));
        for (name, key, value) in [
            ("moons", "samples", 1.0),
            ("circles", "samples", 100_001.0),
            ("spirals", "noise", -0.1),
            ("chebyshev", "degree", 13.0),
            ("chebyshev", "points", 1.0),
            ("digits", "samples", 1797.0),
            ("mnist", "samples", 5001.0),
        ] {
            let error = error(Spec::new(name).with(key, value));
            assert_eq!((error.kind, error.field), (ErrorKind::Range, format!("objective.data.{key}")), "{name}");
        }
        let stranger = error(Spec::new("moons").with("degree", 3.0));
        assert_eq!((stranger.kind, stranger.field.as_str()), (ErrorKind::Unknown, "objective.data.degree"));
    }

    #[test]
    fn a_completed_spec_has_its_defaults_and_is_its_own_completion() {
        for entry in catalogue() {
            let complete_once = complete(&Spec::new(entry.description.name), "data").unwrap();
            assert_eq!(complete(&complete_once, "data").unwrap(), complete_once);
        }
        let chebyshev = complete(&Spec::new("chebyshev"), "data").unwrap();
        assert_eq!((chebyshev.number("degree"), chebyshev.number("points")), (4.0, 20.0));
    }
}
