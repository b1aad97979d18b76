//! Adaptive gradient descent.

use super::barzilai_borwein::Secant;
use super::{Entry, Policy, PolicyFailure, Step, StepContext};
use crate::spec::{Bounds, Description, Parameter, ParameterKind, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "adgd",
        title: "Adaptive gradient descent",
        short: "AdGD",
        latex: Description::tex(
            r"\eta_k = \min\Bigl\{ \sqrt{\tfrac23 + \theta_{k-1}}\,\eta_{k-1},\ \frac{\eta_{k-1}}{\sqrt{[2\eta_{k-1}^2 L_k^2 - 1]_+}} \Bigr\}, \quad L_k = \frac{\lVert g_k - g_{k-1} \rVert}{\lVert x_k - x_{k-1} \rVert},\ \theta_k = \frac{\eta_k}{\eta_{k-1}}",
        ),
        summary: "Estimates the smoothness from the last two gradients and lets the step grow slowly. It stays below the \
                  edge of stability, transients apart.",
        source: "Malitsky & Mishchenko, 2023, arXiv 2308.02261 (the second variant; the first on request)",
        parameters: &[
            eta0(1e-4),
            Parameter {
                key: "variant",
                symbol: "variant",
                help: "the second, or the first: at most √(1 + θ) times the last step and 1/(√2 L)",
                order: None,
                kind: ParameterKind::Choice { default: "second", options: &["second", "first"] },
            },
        ],
    },
    build: |spec| {
        let (limits, theta) = match spec.text("variant") {
            "first" => (Limits::First, 0.0),
            _ => (Limits::Second, 1.0 / 3.0),
        };
        Box::new(AdaptiveGradientDescent { eta0: spec.number("eta0"), limits, theta })
    },
};

pub(super) const FIRST_ENTRY: Entry = Entry {
    description: &Description {
        name: "adgd-2019",
        title: "Adaptive gradient descent, 2019",
        short: "AdGD 2019",
        latex: Description::tex(
            r"\eta_k = \min\Bigl\{ \sqrt{1 + \theta_{k-1}}\,\eta_{k-1},\ \frac{1}{2 L_k} \Bigr\}, \quad L_k = \frac{\lVert g_k - g_{k-1} \rVert}{\lVert x_k - x_{k-1} \rVert},\ \theta_k = \frac{\eta_k}{\eta_{k-1}}",
        ),
        summary: "The first of its kind: half the inverse of the smoothness between the last two iterates, growing slowly. \
                  It never reaches the edge of stability.",
        source: "Malitsky & Mishchenko, 2019, arXiv 1910.09529",
        parameters: &[eta0(1e-10)],
    },
    build: |spec| {
        // Before the second step nothing limits the growth.
        let theta = f64::INFINITY;
        Box::new(AdaptiveGradientDescent { eta0: spec.number("eta0"), limits: Limits::Of2019, theta })
    },
};

const fn eta0(default: f64) -> Parameter {
    Parameter::number("eta0", "η₀", "the first step", default, Bounds::POSITIVE, (1e-10, 1.0), Scale::Log)
}

/// What limits a step from above.
#[derive(Clone)]
enum Limits {
    /// √(1 + θ)·η₋ and 1/(2L).
    Of2019,

    /// √(1 + θ)·η₋ and 1/(√2 L).
    First,

    /// √(⅔ + θ)·η₋ and η₋/√[2η₋²L² − 1]₊.
    Second,
}

#[derive(Clone)]
struct AdaptiveGradientDescent {
    eta0: f64,
    limits: Limits,

    /// The growth η₋/η₋₋ of the last step.
    theta: f64,
}

impl Policy for AdaptiveGradientDescent {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let Some(previous) = context.previous() else {
            return Ok(Step::of(self.eta0));
        };
        let Secant { ss, yy, .. } = Secant::up_to_scale(context, previous);
        let growth = match self.limits {
            Limits::Of2019 | Limits::First => 1.0 + self.theta,
            Limits::Second => 2.0 / 3.0 + self.theta,
        };
        let growth_limit = growth.sqrt() * previous.eta;
        let eta = match self.limits {
            Limits::Of2019 => growth_limit.min(0.5 * (ss / yy).sqrt()),
            Limits::First => growth_limit.min((0.5 * (ss / yy)).sqrt()),
            Limits::Second => {
                let excess = 2.0 * previous.eta * previous.eta * (yy / ss) - 1.0;
                // Where 2η²L² ≤ 1 the smoothness sets no limit.
                if excess > 0.0 { growth_limit.min(previous.eta / excess.sqrt()) } else { growth_limit }
            }
        };
        self.theta = eta / previous.eta;
        Ok(Step::of(eta))
    }
}
