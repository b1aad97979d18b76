//! The Flatland toy ((uv − c)² + (b − m)²)/K: a linear scalar network with an output bias.

use nalgebra::{DMatrix, DVector};

use super::{Build, DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, Objective, Value};
use crate::spec::{Bounds, Description, Parameter, Scale};

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "flatland-toy",
        title: "Flatland toy",
        short: "Flatland toy",
        latex: Description::tex(r"f(u, v, b) = \tfrac1K \bigl[(uv - c)^2 + (b - m)^2\bigr]"),
        summary: "The output bias keeps the sharpness at 2/K or above everywhere, so that a step beyond K can never settle: \
                  the network learns nothing there, and the bias keeps bouncing.",
        source: "Flatland; the sharpness 2/K as in Galli et al., 2026, arXiv 2606.06722",
        parameters: &[
            Parameter::number("k", "K", "the number of classes", 10.0, Bounds::POSITIVE, (2.0, 100.0), Scale::Log),
            Parameter::number("c", "c", "the product to reach", 0.3, Bounds::ANY, (0.0, 1.5), Scale::Linear),
            Parameter::number("m", "m", "the bias to reach", 0.1, Bounds::ANY, (-1.0, 1.0), Scale::Linear),
        ],
    },
    dimension: Dimension::Fixed(3),
    default_start: &[8.0, 8.0, 2.0],
    view: [-10.0, 10.0, -10.0, 10.0],
    constant_step: 0.1,
    build: Build::Direct(|spec, _| {
        Box::new(FlatlandToy { scale: 2.0 / spec.number("k"), c: spec.number("c"), m: spec.number("m") })
    }),
};

struct FlatlandToy {
    /// 2/K.
    scale: f64,
    c: f64,
    m: f64,
}

impl Value for FlatlandToy {
    fn dimension(&self) -> usize {
        3
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        let product = x[0] * x[1] - self.c;
        let bias = x[2] - self.m;
        0.5 * self.scale * (product * product + bias * bias)
    }
}

impl Gradient for FlatlandToy {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        let (u, v) = (x[0], x[1]);
        let slope = self.scale * (u * v - self.c);
        gradient.copy_from_slice(&[slope * v, slope * u, self.scale * (x[2] - self.m)]);
    }
}

impl FlatlandToy {
    /// The block of u and v, `[f_uu, f_uv, f_vv]`; the bias stands alone with 2/K.
    fn block(&self, x: &DVector<f64>) -> [f64; 3] {
        let (u, v) = (x[0], x[1]);
        [self.scale * v * v, self.scale * (2.0 * u * v - self.c), self.scale * u * u]
    }
}

impl HessianVectorProduct for FlatlandToy {
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        let [uu, uv, vv] = self.block(x);
        product.copy_from_slice(&[uu * v[0] + uv * v[1], uv * v[0] + vv * v[1], self.scale * v[2]]);
    }
}

impl DenseHessian for FlatlandToy {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let [uu, uv, vv] = self.block(x);
        hessian.copy_from_slice(&[uu, uv, 0.0, uv, vv, 0.0, 0.0, 0.0, self.scale]);
    }
}

impl Objective for FlatlandToy {
    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// Where u² = v² = |c| the weights have 4|c|/K; the bias keeps its 2/K.
    fn flattest_sharpness(&self) -> Option<f64> {
        Some(self.scale * (2.0 * self.c.abs()).max(1.0))
    }
}
