//! Smoothness along a step: how much the gradient changes between an iterate and where a step might
//! lead.
//!
//! With x_h = x − h∇f(x), the local segment smoothness is
//!
//! l(x, η) = sup over 0 < h ≤ η of ‖∇f(x) − ∇f(x_h)‖/‖x − x_h‖.
//!
//! Below η = 2/l(x, η) the loss must fall. η·l(x, η) never falls as η grows, so that there is one
//! crossing where it is 2: the largest step for which this is known. On a quadratic l is ‖Hg‖/‖g‖ ≤
//! λ₁ for every η.
//!
//! The supremum is taken over the grid h = η·10^(−j/8), j = 0, …, 24, and the limit h → 0, which is
//! ‖Hg‖/‖g‖: it is a lower bound, exact where the quotient is monotone. The difference of two
//! gradients is as exact as they are: at h its relative error is about 10⁻¹⁶/(h·l). Cost: a
//! Hessian-vector product and 25 gradients for l, at most 85 for the crossing.
//!
//! Source: Galli et al., 2026, arXiv 2606.06722.

use nalgebra::DVector;

use crate::curvature::sharpness_at;
use crate::objective::Objective;
use crate::spectrum::Precision;
use crate::vector::norm;

/// Grid points a decade.
const DENSITY: f64 = 8.0;

/// The last j of the grid: three decades.
const LAST: u32 = 24;

/// After so many halvings of an eighth of a decade nothing is left.
const BISECTIONS: u32 = 60;

/// The segment that starts at x along −∇f(x).
pub struct Segment<'a> {
    objective: &'a dyn Objective,
    x: &'a DVector<f64>,
    gradient: &'a DVector<f64>,
    norm: f64,
    point: DVector<f64>,
    there: DVector<f64>,
}

/// How the gradient changes along the segment, at steps that grow.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The steps h.
    pub steps: Vec<f64>,

    /// ‖∇f(x) − ∇f(x_h)‖/‖x − x_h‖.
    pub quotients: Vec<f64>,

    /// Their running supremum l(x, h), which begins with the limit h → 0.
    pub suprema: Vec<f64>,

    /// The h with h·l(x, h) = 2, see [`Segment::crossing`].
    pub crossing: Option<f64>,

    /// λ₁ at x.
    pub sharpness: f64,
}

/// The least and the greatest step of a profile in units of η, and how far beyond the crossing it
/// goes at the least.
const DECADES: (f64, f64) = (1e-3, 10.0);
const BEYOND: f64 = 3.0;

impl Profile {
    /// The profile at `x` of `count` steps from η/1000 to 10η, and farther where the crossing lies
    /// outside.
    #[must_use]
    pub fn around(objective: &dyn Objective, x: &[f64], eta: f64, count: usize) -> Self {
        let x = DVector::from_column_slice(x);
        let mut gradient = x.clone();
        objective.gradient(&x, &mut gradient);
        let mut segment = Segment::new(objective, &x, &gradient);
        let crossing = segment.crossing();
        let (mut first, mut last) = (DECADES.0 * eta, DECADES.1 * eta);
        if let Some(crossing) = crossing {
            (first, last) = (first.min(crossing / BEYOND), last.max(crossing * BEYOND));
        }
        let (steps, quotients, suprema) = segment.sample(first, last, count);
        Self { steps, quotients, suprema, crossing, sharpness: sharpness_at(objective, &x, Precision::default()) }
    }
}

impl<'a> Segment<'a> {
    /// The segment from `x`, where the gradient is `gradient`.
    #[must_use]
    pub fn new(objective: &'a dyn Objective, x: &'a DVector<f64>, gradient: &'a DVector<f64>) -> Self {
        let norm = norm(gradient.iter().copied());
        Self { objective, x, gradient, norm, point: x.clone(), there: x.clone() }
    }

    /// l(x, η); 0 where the gradient vanishes, NaN where it is not finite on the way.
    pub fn smoothness(&mut self, eta: f64) -> f64 {
        (0..=LAST).fold(self.limit(), |largest, j| max(largest, self.quotient(eta * shrink(j))))
    }

    /// Steps h with the quotient and its running supremum `count` steps from `first` to `last` in
    /// even ratios; both must be positive.
    fn sample(&mut self, first: f64, last: f64, count: usize) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let ratio = libm::log(last / first) / count.saturating_sub(1).max(1) as f64;
        let steps: Vec<f64> = (0..count).map(|index| first * libm::exp(ratio * index as f64)).collect();
        let quotients: Vec<f64> = steps.iter().map(|h| self.quotient(*h)).collect();
        let mut largest = self.limit();
        let suprema = quotients.iter().map(|quotient| {
            largest = max(largest, *quotient);
            largest
        });
        let suprema = suprema.collect();
        (steps, quotients, suprema)
    }

    /// The η with η·l(x, η) = 2; None where the gradient does not change along itself.
    pub fn crossing(&mut self) -> Option<f64> {
        let limit = self.limit();
        // l is at least its limit, so that the crossing is at most here.
        let end = 2.0 / limit;
        if !(end > 0.0 && end.is_finite()) {
            return None;
        }
        let (mut largest, mut low) = (limit, 0.0);
        for j in (0..=LAST).rev() {
            let high = end * shrink(j);
            let quotient = self.quotient(high);
            if j == 0 || high * max(largest, quotient) >= 2.0 {
                return Some(self.bisect(largest, low, high));
            }
            (largest, low) = (max(largest, quotient), high);
        }
        None
    }

    fn bisect(&mut self, largest: f64, mut low: f64, mut high: f64) -> f64 {
        for _ in 0..BISECTIONS {
            let middle = low + 0.5 * (high - low);
            if middle <= low || middle >= high {
                break;
            }
            if middle * max(largest, self.quotient(middle)) >= 2.0 { high = middle } else { low = middle }
        }
        high
    }

    /// ‖∇f(x) − ∇f(x_h)‖/(h‖∇f(x)‖), with 0/0 = 0.
    fn quotient(&mut self, h: f64) -> f64 {
        if self.norm == 0.0 {
            return 0.0;
        }
        for ((point, x), g) in self.point.iter_mut().zip(self.x).zip(self.gradient) {
            *point = x - h * g;
        }
        self.objective.gradient(&self.point, &mut self.there);
        norm(self.gradient.iter().zip(&self.there).map(|(g, there)| g - there)) / (h * self.norm)
    }

    /// ‖Hg‖/‖g‖.
    fn limit(&mut self) -> f64 {
        if self.norm == 0.0 {
            return 0.0;
        }
        self.objective.hessian_vector_product(self.x, self.gradient, &mut self.there);
        norm(self.there.iter().copied()) / self.norm
    }
}

fn shrink(j: u32) -> f64 {
    libm::pow(10.0, -f64::from(j) / DENSITY)
}

/// The larger one, or NaN: `f64::max` would lose it.
fn max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Spec;
    use crate::objective;

    fn at<T>(spec: &Spec, x: &[f64], ask: impl FnOnce(&mut Segment<'_>) -> T) -> T {
        let objective = objective::find(&spec.name).unwrap().build(spec, x.len()).unwrap();
        let x = DVector::from_column_slice(x);
        let mut gradient = x.clone();
        objective.gradient(&x, &mut gradient);
        ask(&mut Segment::new(&*objective, &x, &gradient))
    }

    #[test]
    fn on_a_quadratic_it_is_the_curvature_along_the_gradient() {
        let spec = Spec::new("quadratic").with("curvatures", vec![1.0, 10.0]);
        // g = (2, 10) and Hg = (2, 100).
        let expected = (10_004.0f64 / 104.0).sqrt();
        for eta in [1e-3, 0.1, 50.0] {
            // At the smallest h = 10⁻⁶ the gradient changes in its sixth digit.
            assert!((at(&spec, &[2.0, 1.0], |segment| segment.smoothness(eta)) / expected - 1.0).abs() < 1e-9);
        }
        let crossing = at(&spec, &[2.0, 1.0], |segment| segment.crossing()).unwrap();
        assert!((crossing * expected / 2.0 - 1.0).abs() < 1e-12);
    }

    /// From x > 0 the quotient of cosh grows with h once the segment has crossed 0: the crossing is
    /// where (sinh x − sinh(x − ηg))/g = 2 with g = sinh x.
    #[test]
    fn it_grows_with_the_step_and_the_crossing_solves_its_equation() {
        let cosh = Spec::new("cosh");
        let x = 2.0f64;
        let smoothness: Vec<_> =
            [0.01, 0.5, 1.0, 1.5, 2.0].map(|eta| at(&cosh, &[x], |segment| segment.smoothness(eta))).to_vec();
        assert!(smoothness.windows(2).all(|pair| pair[0] <= pair[1]), "{smoothness:?}");
        assert!((smoothness[0] / libm::cosh(x) - 1.0).abs() < 0.1);
        let eta = at(&cosh, &[x], |segment| segment.crossing()).unwrap();
        let g = libm::sinh(x);
        let product = eta * at(&cosh, &[x], |segment| segment.smoothness(eta));
        // The limit and the grid are part of the supremum.
        assert!((product - 2.0).abs() < 1e-9 && eta <= 2.0 / libm::cosh(x) + 1e-12, "{eta} {product}");
        assert!((g - libm::sinh(x - eta * g)) / g <= 2.0 + 1e-9);
    }

    /// For cosh the quotient at h is (sinh x − sinh(x − h·sinh x))/(h·sinh x), which is cosh x at
    /// the limit, falls, and grows once the segment has crossed to the other side.
    #[test]
    fn a_profile_is_the_closed_form_and_its_running_maximum() {
        let x = 2.0_f64;
        let g = libm::sinh(x);
        let objective = objective::find("cosh").unwrap().build(&Spec::new("cosh"), 1).unwrap();
        let profile = Profile::around(&*objective, &[x], 0.3, 40);
        assert!((profile.steps[0] / 3e-4 - 1.0).abs() < 1e-12 && (profile.steps[39] / 3.0 - 1.0).abs() < 1e-12);
        assert!((profile.sharpness / libm::cosh(x) - 1.0).abs() < 1e-15);
        let short = Profile::around(&*objective, &[x], 1e-9, 3);
        assert!(short.steps[2] > short.crossing.unwrap());
        let mut largest = libm::cosh(x);
        for ((h, quotient), supremum) in profile.steps.iter().zip(&profile.quotients).zip(&profile.suprema) {
            let expected = (g - libm::sinh(x - h * g)) / (h * g);
            // The difference of gradients loses 1e-16/h of its digits.
            assert!((quotient / expected - 1.0).abs() < 1e-11, "{h}");
            largest = largest.max(expected);
            assert!((supremum / largest - 1.0).abs() < 1e-11);
        }
        assert!(profile.quotients[20] < profile.suprema[20] && profile.suprema[39] > profile.suprema[0]);
    }

    #[test]
    fn without_a_gradient_or_curvature_there_is_nothing_to_cross() {
        let flat = Spec::new("quadratic").with("curvatures", vec![0.0]);
        assert_eq!(at(&flat, &[1.0], |segment| segment.smoothness(1.0)), 0.0);
        assert_eq!(at(&flat, &[1.0], |segment| segment.crossing()), None);
        assert_eq!(at(&Spec::new("double-well"), &[1.0], |segment| segment.crossing()), None);
    }
}
