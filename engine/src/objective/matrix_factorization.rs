//! Matrix factorization ½‖XYᵀ − A‖² with a diagonal A.
//!
//! The variables come in pairs (Xᵢⱼ, Yᵢⱼ), row by row, so that the first two are X₁₁ and Y₁₁: in
//! their plane the minima are the hyperbola of the scalar case.

use nalgebra::{DMatrix, DVector, SMatrix};

use super::{Build, DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, Objective, Value};
use crate::spec::{Bounds, Description, Parameter, ParameterKind};

/// The largest number d of rows: 2d² variables are at most 64.
const MAX_ROWS: usize = 5;

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "matrix-factorization",
        title: "Matrix factorization",
        short: "½‖XYᵀ−A‖²",
        latex: Description::tex(
            r"f(X, Y) = \tfrac12 \lVert X Y^\top - A \rVert^2, \quad A = \operatorname{diag}(\sigma_1, \dots, \sigma_d)",
        ),
        summary: "At a minimum the sharpness is the sum of the squares of the largest singular values of X and Y, at least \
                  2σ₁. A step that is too large for unbalanced factors balances them. The start has X 1.7 times too large \
                  and Y as much too small.",
        source: "Wang et al., 2021, arXiv 2110.03677",
        parameters: &[Parameter {
            key: "singular_values",
            symbol: "σ",
            help: "the diagonal of A; X and Y are square of this size",
            order: None,
            kind: ParameterKind::Numbers { default: &[3.0, 1.0], bounds: Bounds::ANY, max_length: MAX_ROWS },
        }],
    },
    dimension: Dimension::FromLength { parameter: "singular_values", dimension: |d| 2 * d * d },
    // X = 1.7·diag(√3, 1) and Y = diag(√3, 1)/1.7, moved a little.
    default_start: &[2.95, 1.02, 0.05, 0.0, 0.0, 0.05, 1.7, 0.6],
    view: [-1.0, 4.0, -1.0, 4.0],
    constant_step: 0.24,
    build: Build::Direct(|spec, _| {
        let diagonal = spec.numbers("singular_values").to_vec();
        Box::new(MatrixFactorization { rows: diagonal.len(), diagonal })
    }),
};

struct MatrixFactorization {
    rows: usize,
    diagonal: Vec<f64>,
}

/// Room for a square matrix of at most [`MAX_ROWS`] rows; beyond them it is 0.
type Small = SMatrix<f64, MAX_ROWS, MAX_ROWS>;

/// Σₖ left(k)·right(k) for k < n.
fn sum(n: usize, term: impl Fn(usize) -> f64) -> f64 {
    (0..n).map(term).sum()
}

impl MatrixFactorization {
    /// X and Y.
    fn factors(&self, w: &DVector<f64>) -> (Small, Small) {
        let (mut x, mut y) = (Small::zeros(), Small::zeros());
        for i in 0..self.rows {
            for j in 0..self.rows {
                let at = self.index(i, j);
                (x[(i, j)], y[(i, j)]) = (w[at], w[at + 1]);
            }
        }
        (x, y)
    }

    /// The index of Xᵢⱼ; that of Yᵢⱼ is the next.
    fn index(&self, i: usize, j: usize) -> usize {
        2 * (i * self.rows + j)
    }

    /// The matrix with these entries.
    fn matrix(&self, entry: impl Fn(usize, usize) -> f64) -> Small {
        let n = self.rows;
        Small::from_fn(|i, j| if i < n && j < n { entry(i, j) } else { 0.0 })
    }

    /// R = XYᵀ − A.
    fn residual(&self, x: &Small, y: &Small) -> Small {
        let n = self.rows;
        self.matrix(|i, j| sum(n, |k| x[(i, k)] * y[(j, k)]) - if i == j { self.diagonal[i] } else { 0.0 })
    }
}

impl Value for MatrixFactorization {
    fn dimension(&self) -> usize {
        2 * self.rows * self.rows
    }

    fn value(&self, w: &DVector<f64>) -> f64 {
        let (x, y) = self.factors(w);
        let r = self.residual(&x, &y);
        0.5 * r.iter().map(|r| r * r).sum::<f64>()
    }
}

impl Gradient for MatrixFactorization {
    /// RY and RᵀX.
    fn gradient(&self, w: &DVector<f64>, gradient: &mut DVector<f64>) {
        let n = self.rows;
        let (x, y) = self.factors(w);
        let r = self.residual(&x, &y);
        for i in 0..n {
            for j in 0..n {
                let at = self.index(i, j);
                gradient[at] = sum(n, |k| r[(i, k)] * y[(k, j)]);
                gradient[at + 1] = sum(n, |k| r[(k, i)] * x[(k, j)]);
            }
        }
    }
}

impl HessianVectorProduct for MatrixFactorization {
    /// Along (U, V) the residual changes by D = UYᵀ + XVᵀ, and the gradient by DY + RV and DᵀX +
    /// RᵀU.
    fn hessian_vector_product(&self, w: &DVector<f64>, direction: &DVector<f64>, product: &mut DVector<f64>) {
        let n = self.rows;
        let (x, y) = self.factors(w);
        let (u, v) = self.factors(direction);
        let r = self.residual(&x, &y);
        let d = self.matrix(|i, j| sum(n, |k| u[(i, k)] * y[(j, k)] + x[(i, k)] * v[(j, k)]));
        for i in 0..n {
            for j in 0..n {
                let at = self.index(i, j);
                product[at] = sum(n, |k| d[(i, k)] * y[(k, j)] + r[(i, k)] * v[(k, j)]);
                product[at + 1] = sum(n, |k| d[(k, i)] * x[(k, j)] + r[(k, i)] * u[(k, j)]);
            }
        }
    }
}

impl DenseHessian for MatrixFactorization {
    /// ∂²f/∂Xᵢⱼ∂Xₖₗ = δᵢₖ(YᵀY)ⱼₗ, likewise for Y with XᵀX, and ∂²f/∂Xᵢⱼ∂Yₖₗ = XᵢₗYₖⱼ + δⱼₗRᵢₖ.
    fn hessian(&self, w: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let n = self.rows;
        let (x, y) = self.factors(w);
        let r = self.residual(&x, &y);
        let gram = |m: &Small| self.matrix(|j, l| sum(n, |k| m[(k, j)] * m[(k, l)]));
        let (xx, yy) = (gram(&x), gram(&y));
        hessian.fill(0.0);
        for i in 0..n {
            for j in 0..n {
                let at = self.index(i, j);
                for l in 0..n {
                    hessian[(at, self.index(i, l))] = yy[(j, l)];
                    hessian[(at + 1, self.index(i, l) + 1)] = xx[(j, l)];
                    for k in 0..n {
                        let mixed = x[(i, l)] * y[(k, j)] + if j == l { r[(i, k)] } else { 0.0 };
                        hessian[(at, self.index(k, l) + 1)] = mixed;
                        hessian[(self.index(k, l) + 1, at)] = mixed;
                    }
                }
            }
        }
    }
}

impl Objective for MatrixFactorization {
    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// 2σ₁(A), since σ₁(X)² + σ₁(Y)² ≥ 2σ₁(X)σ₁(Y) ≥ 2σ₁(XYᵀ), with equality for balanced factors.
    fn flattest_sharpness(&self) -> Option<f64> {
        Some(2.0 * self.diagonal.iter().fold(0.0, |largest, sigma| sigma.abs().max(largest)))
    }
}
