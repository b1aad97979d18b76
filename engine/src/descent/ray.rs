//! What the loss does along −∇f, where a search has found no step: the reason that is named.

use nalgebra::DVector;

use crate::objective::Objective;

/// The step sizes looked at are 2^k for these k; beyond them iterates overflow.
const EXPONENTS: std::ops::RangeInclusive<i32> = -300..=450;

/// At how many of the largest step sizes in a row the loss must fall.
const LONG_FALL: usize = 20;

/// Where a fall ends in what is no number, it goes on for ever if the step was at least 2^100 or
/// the loss below −10^100: what comes then is the end of the doubles. Else it is the end of the
/// domain of f.
const FAR: (i32, f64) = (100, -1e100);

/// Differences of the loss below this many units of its last place are rounding.
const LAST_DIGITS: f64 = 64.0 * f64::EPSILON;

/// Whether the loss first rises like a parabola, by 16 at four times the step, rather than from a
/// corner, by 4: then its slope is too small to be seen, and not wrong.
fn rises_by_curvature(losses: &[f64], loss: f64) -> bool {
    let rise = |found: f64| found - loss;
    match losses.iter().position(|found| rise(*found) > 16.0 * LAST_DIGITS * loss.abs()) {
        Some(first) => losses.get(first + 2).is_some_and(|later| rise(*later) > 8.0 * rise(losses[first])),
        None => true,
    }
}

/// The course of the loss along the ray x − η∇f(x), η > 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ray {
    /// It falls for ever: no step is long enough for a search that wants a lowest point.
    Falls,

    /// It is nowhere lower than at x by more than rounding: the minimum along the ray is reached as
    /// far as the loss can tell.
    LastDigits,

    /// It is nowhere a finite number.
    Undefined,

    /// None of these.
    Ordinary,
}

impl Ray {
    /// Looks at f at some 750 step sizes.
    #[cold]
    #[inline(never)]
    pub(super) fn of(objective: &dyn Objective, x: &DVector<f64>, gradient: &DVector<f64>, loss: f64) -> Self {
        let mut point = x.clone();
        let losses: Vec<f64> = EXPONENTS
            .map(|exponent| {
                // 2^k by its bits.
                let eta = f64::from_bits((1023 + i64::from(exponent)).cast_unsigned() << 52);
                for ((entry, x), g) in point.iter_mut().zip(x).zip(gradient) {
                    *entry = x - eta * g;
                }
                objective.value(&point)
            })
            .collect();
        // −∞ counts: it is where a fall may end.
        let known: Vec<f64> = losses.iter().copied().filter(|loss| !loss.is_nan() && *loss != f64::INFINITY).collect();
        // Shorter steps may not move x at all, and are no evidence.
        if known.iter().all(|found| *found == loss) && losses.len() > known.len() {
            return Self::Undefined;
        }
        let defined = losses.len() - losses.iter().rev().take_while(|loss| loss.is_nan()).count();
        let tail: Vec<f64> = losses[..defined].iter().rev().take(LONG_FALL).copied().collect();
        let is_far = EXPONENTS.start() + defined as i32 > FAR.0 || tail.first().is_some_and(|end| *end < FAR.1);
        let falls = tail.windows(2).all(|pair| pair[0] < pair[1] || pair[0] == f64::NEG_INFINITY);
        if falls && is_far && tail.first().is_some_and(|end| *end < loss) {
            return Self::Falls;
        }
        let least = known.iter().fold(loss, |least, loss| least.min(*loss));
        let falls_within_rounding = loss - least <= LAST_DIGITS * loss.abs();
        if falls_within_rounding && rises_by_curvature(&losses, loss) { Self::LastDigits } else { Self::Ordinary }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective;
    use crate::spec::Spec;

    /// The ray of a formula from `x` against `gradient`, which need not be its own.
    fn ray(expression: &str, x: &[f64], gradient: &[f64]) -> Ray {
        let spec = Spec::new("formula").with("expression", expression);
        let objective = objective::find("formula").unwrap().build(&spec, x.len()).unwrap();
        let [x, gradient] = [x, gradient].map(DVector::from_column_slice);
        Ray::of(objective.as_ref(), &x, &gradient, objective.value(&x))
    }

    #[test]
    fn each_course_has_its_name() {
        for (expression, x, gradient, course) in [
            ("x", [1.0].as_slice(), [1.0].as_slice(), Ray::Falls),
            // Straight along x, where y would count.
            ("f(x, y) = x + 1000*y^2", &[1.0, 0.0], &[1.0, 0.0], Ray::Falls),
            ("f(x) = log(x^2)", &[1.0], &[1.0], Ray::Ordinary),
            // Levels off at 0, which it reaches: it does not fall for ever.
            ("1/(1 + exp(-x))", &[1.0], &[0.2], Ray::Ordinary),
            // Falls from 2 to 1 and rises again.
            ("1 + x^2", &[1.0], &[2.0], Ray::Ordinary),
            // The minimum, up to the digits of 1.
            ("1 + x^2", &[1e-9], &[2e-9], Ray::LastDigits),
            ("max(1, x)", &[-5.0], &[1.0], Ray::LastDigits),
            // Rises from a corner, which curvature hides from far away alone.
            ("1 + abs(x)", &[0.0], &[1.0], Ray::Ordinary),
            ("1 + abs(x) + 1000*x^2", &[0.0], &[1.0], Ray::Ordinary),
            // Not a number at every step.
            ("x + x^1.5", &[0.0], &[1.0], Ray::Undefined),
            // Not a number at long steps alone, with a minimum before.
            ("x^2 + x^1.5", &[1.0], &[1.0], Ray::Ordinary),
        ] {
            assert_eq!(ray(expression, x, gradient), course, "{expression} from {x:?}");
        }
    }
}
