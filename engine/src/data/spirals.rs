//! Two intertwined spirals.

use std::f64::consts::{PI, TAU};

use super::Entry;
use super::curves::{Curves, NOISE, SAMPLES};
use crate::spec::Description;

/// The turns of each arm.
const TURNS: f64 = 1.75;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "spirals",
        title: "Two spirals",
        short: "spirals",
        latex: Description::tex(
            r"t\,(\cos\varphi, \sin\varphi),\quad \varphi = \tfrac72 \pi t + c\pi, \quad t \in (0, 1], \quad + \sigma z",
        ),
        summary: "Two arms of an Archimedean spiral, one half a turn behind the other, with Gaussian noise: hard for a \
                  small network, and from a noise of about 0.1 on the arms run into each other.",
        source: "Lang & Witbrock, 1988; with the turns of TensorFlow Playground (Smilkov et al., 2017, arXiv 1708.03788)",
        parameters: &[SAMPLES, NOISE],
    },
    files: &[],
    whole: &["samples"],
    build: |spec, seed| {
        let curves = Curves {
            names: ["first", "second"],
            // The arms meet at the center, where a point belongs to both: none stands there.
            place: |i, n| (i as f64 + 0.5) / n as f64,
            point: |class, t| {
                let angle = TAU * TURNS * t + PI * class as f64;
                [t * libm::cos(angle), t * libm::sin(angle)]
            },
            source: ENTRY.description.source,
        };
        Ok(curves.build(spec, seed))
    },
};

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::super::curves::tests::exact_points;

    /// On an Archimedean spiral the radius is proportional to the angle, here 3.5π at radius 1; the
    /// angle is known up to whole turns.
    #[test]
    fn without_noise_the_radius_grows_with_the_angle() {
        for (class, x, y) in exact_points("spirals", 61.0) {
            let turns = (3.5 * PI * libm::hypot(x, y) + PI * class as f64 - libm::atan2(y, x)) / (2.0 * PI);
            assert!((turns - turns.round()).abs() < 1e-14, "{class}: {x} {y}");
        }
    }
}
