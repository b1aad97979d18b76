//! Activations φ: applied to each entry, with their first two derivatives.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::elementary::tanh;

/// What stands between two layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// tanh z.
    Tanh,

    /// max(0, z); both derivatives at 0 are 0.
    Relu,

    /// z·Φ(z) with the normal distribution function Φ (Hendrycks & Gimpel, 2016, arXiv 1606.08415),
    /// and not its approximation by tanh.
    Gelu,

    /// log(1 + eᶻ).
    Softplus,

    /// z.
    Linear,
}

impl Activation {
    /// Their names in experiments.
    pub const NAMES: [&'static str; 5] = ["tanh", "relu", "gelu", "softplus", "linear"];

    /// The activation with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let all = [Self::Tanh, Self::Relu, Self::Gelu, Self::Softplus, Self::Linear];
        Self::NAMES.iter().position(|known| *known == name).map(|place| all[place])
    }

    /// Its name in experiments.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Fills `values` with φ(z) for each entry z of `inputs`.
    pub(crate) fn apply(self, inputs: &[f64], values: &mut [f64]) {
        match self {
            Self::Tanh => each(inputs, values, tanh),
            // Written so that NaN stays.
            Self::Relu => each(inputs, values, |z| if z <= 0.0 { 0.0 } else { z }),
            Self::Gelu => each(inputs, values, |z| z * normal(z).0),
            Self::Softplus => each(inputs, values, |z| {
                let rest = libm::log1p(libm::exp(-z.abs()));
                if z > 0.0 { z + rest } else { rest }
            }),
            Self::Linear => values.copy_from_slice(inputs),
        }
    }

    /// Fills `slopes` with φ′(z), from z and φ(z).
    pub(crate) fn differentiate(self, inputs: &[f64], values: &[f64], slopes: &mut [f64]) {
        match self {
            Self::Tanh => each(values, slopes, |tanh| 1.0 - tanh * tanh),
            Self::Relu => each(inputs, slopes, |z| if z > 0.0 { 1.0 } else { 0.0 }),
            Self::Gelu => each(inputs, slopes, |z| {
                let (distribution, density) = normal(z);
                distribution + z * density
            }),
            Self::Softplus => each(inputs, slopes, sigmoid),
            Self::Linear => slopes.fill(1.0),
        }
    }

    /// Fills `bends` with φ″(z), from z and φ(z).
    pub(crate) fn differentiate_twice(self, inputs: &[f64], values: &[f64], bends: &mut [f64]) {
        match self {
            Self::Tanh => each(values, bends, |tanh| -2.0 * tanh * (1.0 - tanh * tanh)),
            Self::Relu | Self::Linear => bends.fill(0.0),
            Self::Gelu => each(inputs, bends, |z| normal(z).1 * (2.0 - z * z)),
            Self::Softplus => each(inputs, bends, |z| sigmoid(z) * sigmoid(-z)),
        }
    }

    /// Whether φ″ is 0 wherever it exists.
    pub(crate) fn is_piecewise_linear(self) -> bool {
        matches!(self, Self::Relu | Self::Linear)
    }
}

#[inline(always)]
fn each(from: &[f64], to: &mut [f64], function: impl Fn(f64) -> f64) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = function(*from);
    }
}

/// The normal distribution function Φ and its density at z.
fn normal(z: f64) -> (f64, f64) {
    let density = libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt();
    // By its complement, so that the lower tail keeps its digits.
    (0.5 * libm::erfc(-z * FRAC_1_SQRT_2), density)
}

/// 1/(1 + e⁻ᶻ), without an overflow at either end.
fn sigmoid(z: f64) -> f64 {
    let small = libm::exp(-z.abs());
    (if z < 0.0 { small } else { 1.0 }) / (1.0 + small)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Activation; 5] =
        [Activation::Tanh, Activation::Relu, Activation::Gelu, Activation::Softplus, Activation::Linear];

    fn at(activation: Activation, z: f64) -> [f64; 3] {
        let (mut value, mut slope, mut bend) = ([0.0], [0.0], [0.0]);
        activation.apply(&[z], &mut value);
        activation.differentiate(&[z], &value, &mut slope);
        activation.differentiate_twice(&[z], &value, &mut bend);
        [value[0], slope[0], bend[0]]
    }

    /// Central differences with h = 10⁻⁵: their own error is h²/6 times the third derivative, at
    /// most 2, that of rounding 10⁻¹¹.
    #[test]
    fn derivatives_are_those_of_the_values() {
        let h = 1e-5;
        for activation in ALL {
            for z in [-30.0, -3.0, -0.7, -1e-3, 1e-3, 0.4, 1.0, 2.5, 30.0] {
                let [_, slope, bend] = at(activation, z);
                let [above, below] = [at(activation, z + h), at(activation, z - h)];
                let differences = [0, 1].map(|order| (above[order] - below[order]) / (2.0 * h));
                assert!((slope - differences[0]).abs() < 2e-10, "{activation:?} at {z}: {slope}, {differences:?}");
                assert!((bend - differences[1]).abs() < 2e-10, "{activation:?} at {z}: {bend}, {differences:?}");
            }
        }
    }

    /// GELU(1) = Φ(1), softplus(0) = log 2; Φ(1) = 0.841344746068542948… (Abramowitz & Stegun,
    /// table 26.1).
    #[test]
    fn known_values() {
        assert!((at(Activation::Gelu, 1.0)[0] - 0.841_344_746_068_542_9).abs() < 2e-16);
        assert_eq!(at(Activation::Softplus, 0.0)[0], std::f64::consts::LN_2);
        assert_eq!(at(Activation::Relu, 0.0), [0.0, 0.0, 0.0]);
        assert_eq!(at(Activation::Softplus, 800.0), [800.0, 1.0, 0.0]);
    }

    #[test]
    fn what_is_no_number_stays_so() {
        for activation in ALL {
            assert!(at(activation, f64::NAN)[0].is_nan(), "{activation:?}");
        }
    }

    #[test]
    fn every_name_is_found() {
        for (activation, name) in ALL.into_iter().zip(Activation::NAMES) {
            assert_eq!((Activation::find(name), activation.name()), (Some(activation), name));
        }
        assert_eq!(Activation::find("sine"), None);
    }
}
