//! A closer look at one iterate: what the page asks a worker, and how the answer travels as a row
//! of numbers.

use flatland_engine::{
    experiment::Experiment,
    lens::{self, Along, Slice},
    segment::Profile,
};

/// Points of a curve: more than a panel has room to show as dots.
const SAMPLES: usize = 401;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The slice along the top eigenvector.
    Eigenvector,
    /// The slice along −∇f.
    Descent,
    /// The change of the gradient along −∇f.
    Segment,
}

impl Subject {
    /// All of them, in the order of their codes.
    const ALL: [Self; 3] = [Self::Eigenvector, Self::Descent, Self::Segment];

    /// The subject as a number.
    pub fn code(self) -> f64 {
        Self::ALL.iter().position(|known| *known == self).unwrap_or_default() as f64
    }

    /// What [`Subject::code`] was made of.
    pub fn from_code(code: f64) -> Option<Self> {
        Self::ALL.get(code as usize).copied()
    }
}

/// The question.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Comes back with the answer.
    pub id: u32,
    /// An experiment with the objective, as JSON.
    pub experiment: String,
    /// What is looked at.
    pub subject: Subject,
    /// The iterate.
    pub point: Vec<f64>,
    /// Other iterates, one after the other, to be projected on the slice.
    pub others: Vec<f64>,
    /// The step size there.
    pub eta: f64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Of a slice.
    Slice(Slice),
    /// Of a segment.
    Segment(Profile),
}

impl Probe {
    /// Asks the engine.
    pub fn answer(&self) -> Result<Picture, String> {
        let experiment = Experiment::from_json(&self.experiment).map_err(|error| error.to_string())?;
        let objective = experiment.build_objective().map_err(|error| error.to_string())?;
        let along = match self.subject {
            Subject::Eigenvector => Along::Eigenvector,
            Subject::Descent => Along::Descent,
            Subject::Segment => {
                return Ok(Picture::Segment(Profile::around(&*objective, &self.point, self.eta, SAMPLES)));
            }
        };
        Ok(Picture::Slice(lens::look(&*objective, &self.point, along, &self.others, SAMPLES)))
    }
}

impl Picture {
    /// The answer as numbers.
    pub fn to_numbers(&self) -> Vec<f64> {
        match self {
            Self::Slice(slice) => {
                let Slice { value, slope, curvature, third, sharpness, places, span, samples } = slice;
                let count = places.len() as f64;
                let head = [count, *value, *slope, *curvature, *third, *sharpness, span.0, span.1];
                [&head[..], places, samples].concat()
            }
            Self::Segment(Profile { steps, quotients, suprema, crossing, sharpness }) => {
                let head = [-1.0, crossing.unwrap_or(f64::NAN), *sharpness];
                [&head[..], steps, quotients, suprema].concat()
            }
        }
    }

    /// Reads what [`Picture::to_numbers`] writes.
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        match *numbers {
            [count, crossing, sharpness, ref rest @ ..] if count < 0.0 => {
                let part = |index: usize| rest.chunks_exact((rest.len() / 3).max(1)).nth(index).map(<[f64]>::to_vec);
                let (steps, quotients, suprema) = (part(0)?, part(1)?, part(2)?);
                let crossing = Some(crossing).filter(|crossing| !crossing.is_nan());
                Some(Self::Segment(Profile { steps, quotients, suprema, crossing, sharpness }))
            }
            [count, value, slope, curvature, third, sharpness, from, to, ref rest @ ..] => {
                let (places, samples) = rest.split_at_checked(count as usize)?;
                let (places, samples) = (places.to_vec(), samples.to_vec());
                Some(Self::Slice(Slice {
                    value,
                    slope,
                    curvature,
                    third,
                    sharpness,
                    places,
                    span: (from, to),
                    samples,
                }))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(subject: Subject) -> Probe {
        let experiment = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1,10]},"start":[2,1],
            "runs":[{"policy":{"name":"constant","eta":0.15}}]}"#;
        let others = vec![2.0, 1.5, 2.0, 0.5];
        Probe { id: 1, experiment: experiment.to_owned(), subject, point: vec![2.0, 1.0], others, eta: 0.15 }
    }

    #[test]
    fn answers_survive_the_way() {
        for subject in [Subject::Eigenvector, Subject::Descent, Subject::Segment] {
            let picture = probe(subject).answer().expect("valid");
            assert_eq!(Picture::from_numbers(&picture.to_numbers()), Some(picture));
        }
        assert_eq!(Picture::from_numbers(&[]), None);
        assert_eq!(Picture::from_numbers(&[9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), None);
    }

    #[test]
    fn a_slice_has_its_numbers_and_a_segment_its_crossing() {
        let Ok(Picture::Slice(slice)) = probe(Subject::Eigenvector).answer() else { panic!("a slice") };
        assert_eq!((slice.curvature, &slice.places[..]), (10.0, &[0.5, -0.5][..]));
        let Ok(Picture::Segment(profile)) = probe(Subject::Segment).answer() else { panic!("a segment") };
        assert_eq!(profile.sharpness, 10.0);
        // ‖Hg‖/‖g‖ with g = (2, 10).
        let expected = 2.0 * (104.0_f64 / 10_004.0).sqrt();
        assert!((profile.crossing.expect("one") / expected - 1.0).abs() < 1e-12);
        assert!(profile.steps[0] <= 1.5e-4 && profile.steps[SAMPLES - 1] >= 1.5);
    }

    #[test]
    fn a_wrong_experiment_is_refused_in_words() {
        let wrong = Probe { experiment: "{}".to_owned(), ..probe(Subject::Segment) };
        assert!(wrong.answer().is_err_and(|message| !message.is_empty()));
    }
}
