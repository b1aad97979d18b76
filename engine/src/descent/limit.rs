//! What kind of point a run has converged to: a small gradient alone does not tell.
//!
//! With λ_min and λ₁ the least and the largest eigenvalue of ∇²f at the last iterate x, and γ =
//! gᵀ∇²f g/‖g‖² the curvature along its gradient g:
//!
//! | limit | when |
//! |---|---|
//! | plateau | along g the slope keeps its sign over 64 times the distance ‖g‖/γ at which a parabola would turn, or g and ∇²f are 0; and f falls somewhere around |
//! | minimum | λ_min > 0, or f is at its known infimum |
//! | flat minimum | λ₁ > 0 and λ_min = 0: a minimum across a direction along which nothing changes; or a plateau around which f rises |
//! | saddle | λ_min < 0 < λ₁ |
//! | maximum | λ₁ ≤ 0 and λ_min < 0 |
//! | unknown | ∇²f is not finite |
//!
//! The first line tells a tail, on which f levels off towards infinity, from a minimum: on e^(−x)
//! the slope is never reversed. At a minimum like x²ᵖ it is after 2p − 1 of these distances.
//! Eigenvalues within 10⁻⁸ of the largest one in size are 0.

use std::fmt;

use crate::curvature::Curvature;
use crate::number::rounded;
use crate::objective::{MAX_DIMENSION, Objective};
use crate::policy::Point;
use crate::vector::dot;

/// Where the slope is looked at, in multiples of ‖g‖/γ.
const LOOKS: [f64; 4] = [8.0, 16.0, 32.0, 64.0];

/// Eigenvalues below this part of the largest one in size are 0.
const FLAT: f64 = 1e-8;

/// How far to look around, as parts of the path's size, the largest coordinate of x or of the way
/// from the start.
const PROBES: [f64; 4] = [-0.1, -0.01, 0.01, 0.1];

/// How near the loss is to its known infimum, as a part of its height at the start.
const REACHED: f64 = 1e-9;

/// Whether the slope along the gradient keeps its sign far beyond where a parabola would turn; also
/// where there is no slope and no curvature.
fn is_far(objective: &dyn Objective, point: &Point, is_curved: bool) -> bool {
    // Scaled to a largest entry of 1: the squares of a small gradient would vanish.
    let scale = point.gradient.amax();
    if scale == 0.0 {
        return !is_curved;
    }
    let unit = &point.gradient / scale;
    // Downhill to a minimum, uphill to a maximum.
    let (mut there, mut gradient) = (point.position.clone(), point.gradient.clone());
    objective.hessian_vector_product(&point.position, &unit, &mut gradient);
    let turn = scale * dot(&unit, &unit) / dot(&unit, &gradient);
    let turns = LOOKS.iter().any(|look| {
        there.copy_from(&point.position);
        there.axpy(-look * turn, &unit, 1.0);
        objective.gradient(&there, &mut gradient);
        dot(&gradient, &unit) < 0.0
    });
    !turns
}

/// Whether f is nowhere lower, and somewhere higher, up and down each axis: x⁴ has such a minimum,
/// of no curvature, and no tail has.
fn rises_around(objective: &dyn Objective, point: &Point, start: &[f64]) -> bool {
    let mut position = point.position.clone();
    let moved = position.iter().zip(start).map(|(x, start)| (x - start).abs());
    let path = position.iter().map(|x| x.abs()).chain(moved).fold(0.0, f64::max);
    let size = if path > 0.0 { path } else { 1.0 };
    let mut rises = false;
    for i in 0..position.len() {
        for way in PROBES {
            position[i] = point.position[i] + way * size;
            let loss = objective.value(&position);
            if loss < point.loss {
                return false;
            }
            rises |= loss > point.loss;
        }
        position[i] = point.position[i];
    }
    rises
}

/// The kind of point where a gradient vanishes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// All eigenvalues are positive, or f is at its infimum.
    Minimum,

    /// No eigenvalue is negative, and some are 0 or tiny.
    FlatMinimum,

    /// Some eigenvalues are negative, some positive.
    Saddle {
        /// λ_min.
        least: f64,
    },

    /// No eigenvalue is positive.
    Maximum {
        /// λ₁.
        largest: f64,
    },

    /// f hardly changes far and wide: a plateau, or a point at infinity.
    Plateau {
        /// λ₁.
        largest: f64,
    },

    /// The Hessian is not finite.
    Unknown,
}

impl Limit {
    /// The kind of the point, of a run that began at `start` with the loss `first_loss`.
    pub(super) fn of(
        objective: &dyn Objective,
        point: &Point,
        start: &[f64],
        first_loss: f64,
        curvature: &mut Curvature,
    ) -> Self {
        let ends = curvature.ends(objective, &point.position);
        let by_curvature = Self::by_curvature(objective, point, start, ends);
        let is_attained = objective.flattest_sharpness().is_some() || by_curvature == Self::Unknown;
        match objective.minimum() {
            Some(minimum) if is_attained && point.loss - minimum <= REACHED * (first_loss - minimum) => Self::Minimum,
            _ => by_curvature,
        }
    }

    fn by_curvature(objective: &dyn Objective, point: &Point, start: &[f64], [least, largest]: [f64; 2]) -> Self {
        let size = largest.abs().max(least.abs());
        if !size.is_finite() {
            return Self::Unknown;
        }
        if is_far(objective, point, size > 0.0) {
            // Looking up and down thousands of axes would take thousands of losses.
            let is_looked_at = point.position.len() <= MAX_DIMENSION;
            return if is_looked_at && rises_around(objective, point, start) {
                Self::FlatMinimum
            } else {
                Self::Plateau { largest }
            };
        }
        if least > FLAT * size {
            Self::Minimum
        } else if largest <= FLAT * size {
            Self::Maximum { largest }
        } else if least < -FLAT * size {
            Self::Saddle { least }
        } else {
            Self::FlatMinimum
        }
    }

    /// One word for it: `minimum`, `flat minimum`, `saddle`, `maximum`, `plateau` or `unknown`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::FlatMinimum => "flat minimum",
            Self::Saddle { .. } => "saddle",
            Self::Maximum { .. } => "maximum",
            Self::Plateau { .. } => "plateau",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Limit {
    /// Completes "converged to …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Minimum => f.write_str("a minimum"),
            Self::FlatMinimum => f.write_str("a minimum that is flat along some direction (λ_min is 0 or tiny)"),
            Self::Saddle { least } => write!(f, "a saddle, not a minimum (λ_min = {})", rounded(least)),
            Self::Maximum { largest } => write!(f, "a maximum, not a minimum (λ₁ = {})", rounded(largest)),
            Self::Plateau { largest } => {
                write!(f, "a plateau or a point at infinity, not a minimum (λ₁ = {})", rounded(largest))
            }
            Self::Unknown => f.write_str("a point whose Hessian is not finite"),
        }
    }
}
