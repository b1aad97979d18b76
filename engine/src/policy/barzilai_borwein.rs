//! The two steps of Barzilai and Borwein.

use super::{Entry, Policy, PolicyFailure, Previous, Step, StepContext};
use crate::spec::Spec;
use crate::spec::{Bounds, Description, Parameter, ParameterKind, Scale};

/// The smallest step; guards against a division by a huge curvature.
const ETA_MIN: f64 = 1e-10;

pub(super) const KIND: Parameter = Parameter {
    key: "kind",
    symbol: "kind",
    help: "long or short steps",
    order: None,
    kind: ParameterKind::Choice { default: "long", options: &["long", "short"] },
};

pub(super) const ETA0: Parameter =
    Parameter::number("eta0", "η₀", "the first step", 1e-3, Bounds::POSITIVE, (1e-4, 1.0), Scale::Log);

pub(super) const ETA_MAX: Parameter = Parameter::number(
    "eta_max",
    "η_max",
    "the largest step",
    1e10,
    Bounds::closed(ETA_MIN, 1e100),
    (1.0, 1e10),
    Scale::Log,
);

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "barzilai-borwein",
        title: "Barzilai–Borwein",
        short: "BB",
        latex: Description::tex(
            r"\eta_k = \frac{s^\top s}{s^\top y} \text{ (long)}, \quad \eta_k = \frac{s^\top y}{y^\top y} \text{ (short)}, \quad s = x_k - x_{k-1},\ y = g_k - g_{k-1}",
        ),
        summary: "The inverse of the curvature along the last step. The loss is not monotone, and η·λ₁ is often far above \
                  2. Where the curvature is not positive, the step is η_max.",
        source: "Barzilai & Borwein, 1988; Raydan, 1997",
        parameters: &[KIND, ETA0, ETA_MAX],
    },
    build: |spec| Box::new(BarzilaiBorwein::new(spec)),
};

/// The steps, also for a line search to start from.
#[derive(Clone)]
pub(super) struct BarzilaiBorwein {
    is_long: bool,
    eta0: f64,
    eta_max: f64,
}

impl BarzilaiBorwein {
    pub fn new(spec: &Spec) -> Self {
        Self { is_long: spec.text("kind") == "long", eta0: spec.number("eta0"), eta_max: spec.number("eta_max") }
    }

    pub fn eta(&self, context: &StepContext<'_>) -> f64 {
        let Some(previous) = context.previous() else {
            return self.eta0;
        };
        let Secant { ss, sy, yy } = Secant::up_to_scale(context, previous);
        let eta = match (sy <= 0.0, self.is_long) {
            (true, _) => self.eta_max,
            (false, true) => ss / sy,
            (false, false) => sy / yy,
        };
        eta.clamp(ETA_MIN, self.eta_max)
    }
}

impl Policy for BarzilaiBorwein {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        Ok(Step::of(self.eta(context)))
    }
}

/// Products of the last displacement s = x − x₋ and the change y = g − g₋ of the gradient.
#[derive(Clone)]
pub(super) struct Secant {
    /// ‖s‖².
    pub ss: f64,

    /// sᵀy.
    pub sy: f64,

    /// ‖y‖².
    pub yy: f64,
}

impl Secant {
    pub fn new(context: &StepContext<'_>, previous: Previous<'_>) -> Self {
        Self::over(1.0, context, previous)
    }

    /// The same up to a common factor, for policies that use quotients only: where a square would
    /// overflow or vanish, s and y are divided by their largest entry.
    pub fn up_to_scale(context: &StepContext<'_>, previous: Previous<'_>) -> Self {
        let plain = Self::new(context, previous);
        if plain.ss.min(plain.yy) > 1e-280 && plain.ss.max(plain.yy) < 1e300 {
            return plain;
        }
        let s = context.iterate().iter().zip(previous.iterate).map(|(x, before)| (x - before).abs());
        let y = context.gradient().iter().zip(previous.gradient).map(|(g, before)| (g - before).abs());
        let size = s.chain(y).fold(0.0, f64::max);
        if size > 0.0 && size.is_finite() { Self::over(size, context, previous) } else { plain }
    }

    /// Of s and y divided by a number.
    fn over(size: f64, context: &StepContext<'_>, previous: Previous<'_>) -> Self {
        let (x, g) = (context.iterate(), context.gradient());
        let mut secant = Self { ss: 0.0, sy: 0.0, yy: 0.0 };
        for i in 0..x.len() {
            let s = (x[i] - previous.iterate[i]) / size;
            let y = (g[i] - previous.gradient[i]) / size;
            secant.ss += s * s;
            secant.sy += s * y;
            secant.yy += y * y;
        }
        secant
    }
}
