//! The river log cosh(xy) + a/2 (y − y₀)², or ½(xy)² + a/2 (y − y₀)² between hard banks.

use super::of_product::{HalfSquare, Loss, OfProduct};
use super::planar::{Planar, Plane};
use super::soft_loss::LogCosh;
use super::{Build, Dimension, Entry};
use crate::spec::{Bounds, Description, Parameter, ParameterKind, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "river",
        title: "River",
        short: "river",
        latex: Description::tex(r"f(x, y) = \log\cosh(xy) + \tfrac a2 (y - y_0)^2"),
        summary: "On the river x = 0 the sharpness is y², and the current pushes y towards y₀. Where y₀² exceeds 2/η the \
                  descent never arrives: it stays at the edge of stability, crossing the river back and forth. Between hard \
                  banks that same 2-cycle repels.",
        source: "Flatland; the soft loss of a product as in Ahn et al., 2022, arXiv 2212.07469",
        parameters: &[
            Parameter::number(
                "a",
                "a",
                "the strength of the current",
                0.05,
                Bounds::POSITIVE,
                (0.001, 1.0),
                Scale::Log,
            ),
            Parameter::number("y0", "y₀", "where the current leads", 3.0, Bounds::ANY, (0.5, 8.0), Scale::Linear),
            Parameter {
                key: "coupling",
                symbol: "ℓ",
                help: "the banks: soft, log cosh(xy), or hard, ½(xy)²",
                order: None,
                kind: ParameterKind::Choice { default: "log-cosh", options: &["log-cosh", "square"] },
            },
        ],
    },
    dimension: Dimension::Fixed(2),
    default_start: &[1e-3, 1.0],
    view: [-1.2, 1.2, 0.4, 4.4],
    constant_step: 0.5,
    build: Build::Direct(|spec, _| {
        let (a, y0) = (spec.number("a"), spec.number("y0"));
        match spec.text("coupling") {
            "square" => Box::new(Plane(River { coupling: OfProduct(HalfSquare { mu: 0.0 }), a, y0 })),
            _ => Box::new(Plane(River { coupling: OfProduct(LogCosh), a, y0 })),
        }
    }),
};

/// f(x, y) = ℓ(xy) + a/2 (y − y₀)².
struct River<L> {
    coupling: OfProduct<L>,
    a: f64,
    y0: f64,
}

impl<L: Loss> Planar for River<L> {
    fn value(&self, x: f64, y: f64) -> f64 {
        let lag = y - self.y0;
        self.coupling.value(x, y) + 0.5 * self.a * lag * lag
    }

    fn gradient(&self, x: f64, y: f64) -> [f64; 2] {
        let [along_x, along_y] = self.coupling.gradient(x, y);
        [along_x, along_y + self.a * (y - self.y0)]
    }

    fn hessian(&self, x: f64, y: f64) -> [f64; 3] {
        let [xx, xy, yy] = self.coupling.hessian(x, y);
        [xx, xy, yy + self.a]
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// At (0, y₀) the eigenvalues are y₀² and a; for y₀ = 0 the minima are the axis y = 0, and 0 is
    /// the flattest.
    fn flattest_sharpness(&self) -> Option<f64> {
        Some(self.a.max(self.y0 * self.y0))
    }
}
