//! Two interleaved half circles.

use std::f64::consts::PI;

use super::Entry;
use super::curves::{Curves, NOISE, SAMPLES};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "moons",
        title: "Two moons",
        short: "moons",
        latex: Description::tex(
            r"(\cos t, \sin t),\quad (1 - \cos t, \tfrac12 - \sin t), \quad t \in [0, \pi], \quad + \sigma z",
        ),
        summary: "Two half circles that reach into each other, with Gaussian noise: two classes that no line separates. \
                  The smaller the noise, the longer a network with cross-entropy goes on growing its weights.",
        source: "the two moons of scikit-learn (Pedregosa et al., 2011, arXiv 1201.0490)",
        parameters: &[SAMPLES, NOISE],
    },
    files: &[],
    whole: &["samples"],
    build: |spec, seed| {
        let curves = Curves {
            names: ["upper", "lower"],
            // Both ends included; a single point stands at the first.
            place: |i, n| if n > 1 { i as f64 / (n - 1) as f64 } else { 0.0 },
            point: |class, t| {
                let (sin, cos) = (libm::sin(PI * t), libm::cos(PI * t));
                if class == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] }
            },
            source: ENTRY.description.source,
        };
        Ok(curves.build(spec, seed))
    },
};

#[cfg(test)]
mod tests {
    use super::super::curves::tests::exact_points;

    /// Half circles of radius 1 around (0, 0) and (1, ½); a sine and a cosine each round once.
    #[test]
    fn without_noise_points_lie_on_half_circles() {
        for (class, x, y) in exact_points("moons", 51.0) {
            let (x, y) = if class == 0 { (x, y) } else { (x - 1.0, 0.5 - y) };
            assert!((x * x + y * y - 1.0).abs() < 1e-15 && y > -1e-15, "{class}: {x} {y}");
        }
    }

    /// What scikit-learn 1.9.1 gives for `make_moons(6, shuffle=False)`.
    #[test]
    fn training_points_are_those_of_scikit_learn() {
        let expected = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, 0.5), (1.0, -0.5), (2.0, 0.5)];
        for ((_, x, y), (expected_x, expected_y)) in exact_points("moons", 6.0).iter().zip(expected) {
            assert!((x - expected_x).abs() < 2e-16 && (y - expected_y).abs() < 2e-16, "{x} {y}");
        }
    }
}
