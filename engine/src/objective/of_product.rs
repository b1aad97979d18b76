//! Functions of the product of two variables: f(x, y) = ℓ(xy).

use super::planar::Planar;

/// A function ℓ of one variable with its derivatives, and minimum 0.
pub(super) trait Loss: Send {
    fn value(&self, u: f64) -> f64;

    fn first(&self, u: f64) -> f64;

    fn second(&self, u: f64) -> f64;

    /// Where it is 0; of several such u one that is nearest to 0.
    fn minimizer(&self) -> f64 {
        0.0
    }
}

/// The planar function ℓ(xy).
pub(super) struct OfProduct<L>(pub L);

impl<L: Loss> Planar for OfProduct<L> {
    fn value(&self, x: f64, y: f64) -> f64 {
        self.0.value(x * y)
    }

    fn gradient(&self, x: f64, y: f64) -> [f64; 2] {
        let first = self.0.first(x * y);
        [first * y, first * x]
    }

    fn hessian(&self, x: f64, y: f64) -> [f64; 3] {
        let u = x * y;
        let second = self.0.second(u);
        [second * y * y, second * u + self.0.first(u), second * x * x]
    }

    fn minimum(&self) -> Option<f64> {
        Some(0.0)
    }

    /// Where ℓ′ = 0 the Hessian has the eigenvalues 0 and ℓ″·(x² + y²), and x² + y² ≥ 2|xy|.
    fn flattest_sharpness(&self) -> Option<f64> {
        let u = self.0.minimizer();
        Some(2.0 * self.0.second(u) * u.abs())
    }
}

/// ½(u − μ)².
pub(super) struct HalfSquare {
    pub mu: f64,
}

impl Loss for HalfSquare {
    fn value(&self, u: f64) -> f64 {
        let r = u - self.mu;
        0.5 * r * r
    }

    fn first(&self, u: f64) -> f64 {
        u - self.mu
    }

    fn second(&self, _u: f64) -> f64 {
        1.0
    }

    fn minimizer(&self) -> f64 {
        self.mu
    }
}
