//! A small circle within a large one.

use std::f64::consts::TAU;

use super::Entry;
use super::curves::{Curves, NOISE, SAMPLES};
use crate::spec::Description;

/// The radius of the inner circle; that of the outer one is 1.
const FACTOR: f64 = 0.5;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "circles",
        title: "Two circles",
        short: "circles",
        latex: Description::tex(
            r"r_c\,(\cos t, \sin t),\quad r = (1, \tfrac12), \quad t \in [0, 2\pi), \quad + \sigma z",
        ),
        summary: "A circle within another, with Gaussian noise: two classes whose boundary must close. A network needs \
                  at least three hidden units for it.",
        source: "the two circles of scikit-learn (Pedregosa et al., 2011, arXiv 1201.0490)",
        parameters: &[SAMPLES, NOISE],
    },
    files: &[],
    whole: &["samples"],
    build: |spec, seed| {
        let curves = Curves {
            names: ["outer", "inner"],
            place: |i, n| i as f64 / n as f64,
            point: |class, t| {
                let radius = if class == 0 { 1.0 } else { FACTOR };
                [radius * libm::cos(TAU * t), radius * libm::sin(TAU * t)]
            },
            source: ENTRY.description.source,
        };
        Ok(curves.build(spec, seed))
    },
};

#[cfg(test)]
mod tests {
    use super::super::curves::tests::exact_points;

    #[test]
    fn without_noise_points_lie_on_circles() {
        for (class, x, y) in exact_points("circles", 51.0) {
            let expected = [1.0, 0.25][class];
            assert!((x * x + y * y - expected).abs() < 1e-15, "{class}: {x} {y}");
        }
    }

    /// What scikit-learn 1.9.1 gives for `make_circles(8, shuffle=False, factor=0.5)`.
    #[test]
    fn training_points_are_those_of_scikit_learn() {
        let outer = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
        let expected = outer.into_iter().chain(outer.map(|(x, y)| (0.5 * x, 0.5 * y)));
        for ((_, x, y), (expected_x, expected_y)) in exact_points("circles", 8.0).iter().zip(expected) {
            assert!((x - expected_x).abs() < 2e-16 && (y - expected_y).abs() < 2e-16, "{x} {y}");
        }
    }
}
