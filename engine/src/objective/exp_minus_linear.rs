//! The exponential minus its tangent, Σ (exp xᵢ − xᵢ − 1).

use super::of_product::Loss;
use super::separable::{Repeated, Separable};
use super::{Build, Dimension, Entry, MAX_DIMENSION};
use crate::spec::Description;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "exp-minus-linear",
        title: "Exponential minus linear",
        short: "eˣ − x − 1",
        latex: Description::tex(r"f(x) = \sum_i (e^{x_i} - x_i - 1)"),
        summary: "Steep on one side and almost linear on the other. A constant step is Ricker's map for N = exp x: beyond \
                  η = 2 a 2-cycle, period doubling from 2.526 on, chaos from 2.692 on, and at no step divergence.",
        source: "Ricker, 1954; May & Oster, 1976 (The American Naturalist 110); the kind of bifurcation after Chen & Bruna, \
                 2022, arXiv 2206.04172",
        parameters: &[],
    },
    dimension: Dimension::Any { max: MAX_DIMENSION },
    default_start: &[1.0],
    view: [-3.0, 1.6, -0.2, 3.0],
    constant_step: 2.4,
    build: Build::Direct(|_, dimension| Box::new(Separable(Repeated { term: ExpMinusLinear, dimension }))),
};

/// exp u − u − 1.
struct ExpMinusLinear;

/// Below this the series is used; twelve terms leave an error below a unit of rounding.
const SERIES_RADIUS: f64 = 0.25;

impl Loss for ExpMinusLinear {
    fn value(&self, u: f64) -> f64 {
        if u.abs() >= SERIES_RADIUS {
            return libm::expm1(u) - u;
        }
        // u²/2·(1 + u/3·(1 + u/4·(…))), from the inside out.
        let nested = (3..=13).rev().fold(1.0, |inner, k| 1.0 + u / f64::from(k) * inner);
        0.5 * u * u * nested
    }

    fn first(&self, u: f64) -> f64 {
        libm::expm1(u)
    }

    fn second(&self, u: f64) -> f64 {
        libm::exp(u)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_meets_the_closed_form() {
        for u in [SERIES_RADIUS, -SERIES_RADIUS] {
            let inside = ExpMinusLinear.value(u * (1.0 - f64::EPSILON));
            // The closed form loses about three bits here.
            assert!((inside / ExpMinusLinear.value(u) - 1.0).abs() < 4e-15);
        }
        assert!((ExpMinusLinear.value(1e-9) / 0.5e-18 - 1.0).abs() < 1e-9);
    }
}
