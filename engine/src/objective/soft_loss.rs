//! Losses that are quadratic near 0 and grow like |u| far from it; both have curvature 1 at 0,
//! their flattening is what lets a descent at the edge of stability settle down.

use super::of_product::Loss;
use crate::program::log_cosh;
use crate::vector::hypot;

/// log cosh u.
pub(super) struct LogCosh;

impl Loss for LogCosh {
    /// Accurate near 0, where it is u²/2, and without overflow far from it, where it is |u| −
    /// log 2.
    fn value(&self, u: f64) -> f64 {
        log_cosh(u)
    }

    fn first(&self, u: f64) -> f64 {
        libm::tanh(u)
    }

    /// 1/cosh² u, which is 0 where cosh overflows.
    fn second(&self, u: f64) -> f64 {
        let sech = 1.0 / libm::cosh(u);
        sech * sech
    }
}

/// √(1 + u²) − 1.
pub(super) struct Sqrt;

impl Loss for Sqrt {
    /// As |u|·|u|/(√(1 + u²) + 1): near 0 nothing cancels, far from it nothing overflows.
    fn value(&self, u: f64) -> f64 {
        u.abs() * (u.abs() / (hypot(1.0, u) + 1.0))
    }

    fn first(&self, u: f64) -> f64 {
        u / hypot(1.0, u)
    }

    fn second(&self, u: f64) -> f64 {
        let inverse = 1.0 / hypot(1.0, u);
        inverse * inverse * inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_cosh_is_accurate_at_both_ends() {
        assert!((LogCosh.value(1e-10) / 0.5e-20 - 1.0).abs() < 1e-15);
        assert_eq!(LogCosh.value(-800.0), 800.0 - std::f64::consts::LN_2);
        assert_eq!(LogCosh.second(800.0), 0.0);
        // The two forms meet: the derivative is below 1, so that neighbors differ by little more
        // than a rounding.
        assert!((LogCosh.value(1.0) - LogCosh.value(1.0 - f64::EPSILON)).abs() < 1e-15);
    }

    #[test]
    fn the_square_root_is_accurate_at_both_ends() {
        assert!((Sqrt.value(1e-10) / 0.5e-20 - 1.0).abs() < 1e-15);
        assert!((Sqrt.value(-1e200) / 1e200 - 1.0).abs() < 1e-15);
        assert_eq!((Sqrt.first(1e200), Sqrt.second(1e200)), (1.0, 0.0));
    }
}
