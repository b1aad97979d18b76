//! A closer look at one iterate: what the page asks a worker, and how the answer travels as a row
//! of numbers.

use flatland_engine::{lens::Slice, segment::Profile};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The slice along the top eigenvector.
    Eigenvector,
    /// The slice along −∇f.
    Descent,
    /// The change of the gradient along −∇f.
    Segment,
    /// What a network computes.
    Outputs,
    /// The weights of a network.
    Weights,
    /// What there is to know of a network whatever its weights are.
    About,
}

impl Subject {
    /// All of them, in the order of their codes.
    const ALL: [Self; 6] = [Self::Eigenvector, Self::Descent, Self::Segment, Self::Outputs, Self::Weights, Self::About];

    /// The subject as a number.
    pub fn code(self) -> f64 {
        Self::ALL.iter().position(|known| *known == self).unwrap_or_default() as f64
    }

    /// Whether it is something that only networks have.
    pub fn is_of_networks(self) -> bool {
        matches!(self, Self::Outputs | Self::Weights | Self::About)
    }

    /// Whether it is along a line through the iterate, at many points of it.
    pub fn is_of_line(self) -> bool {
        matches!(self, Self::Eigenvector | Self::Descent | Self::Segment)
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
    /// Of a network: numbers that only the networks' chunk can read.
    Network(Vec<f64>),
}

/// What the first number of a network's picture is; that of a segment's is −1.
const NETWORK: f64 = -2.0;

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
            Self::Network(numbers) => [&[NETWORK], &numbers[..]].concat(),
        }
    }

    /// The numbers of a network's picture.
    pub fn of_network(self) -> Option<Vec<f64>> {
        if let Self::Network(numbers) = self { Some(numbers) } else { None }
    }

    /// Reads what [`Picture::to_numbers`] writes.
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        match *numbers {
            [NETWORK, ref rest @ ..] => Some(Self::Network(rest.to_vec())),
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

    #[test]
    fn answers_survive_the_way() {
        let slice = Slice {
            value: 1.0,
            slope: -2.0,
            curvature: 3.0,
            third: 0.5,
            sharpness: 4.0,
            places: vec![0.5, -0.5],
            span: (-1.0, 1.0),
            samples: vec![2.0, 1.0, 2.0],
        };
        let profile = |crossing| Profile {
            steps: vec![0.1, 0.2],
            quotients: vec![1.0, 2.0],
            suprema: vec![1.5, 2.5],
            crossing,
            sharpness: 10.0,
        };
        for picture in [
            Picture::Slice(slice),
            Picture::Segment(profile(Some(0.25))),
            Picture::Segment(profile(None)),
            Picture::Network(vec![3.0, -1.0]),
        ] {
            assert_eq!(Picture::from_numbers(&picture.to_numbers()), Some(picture));
        }
        assert_eq!(Picture::from_numbers(&[]), None);
        assert_eq!(Picture::from_numbers(&[9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), None);
    }
}
