//! Expansions along a ray: what a number of a program is at x + t·d for small t > 0, as a sum of
//! terms c·tᵖ·(log t)ᵏ.
//!
//! At a kink or a zero inside of a formula (abs at 0, √0, a tie of max) symbolic derivatives have
//! no say: they multiply 0 by ∞, or take one branch of several. Expansions do not care: |t| is t,
//! √(t⁴) is t², and what cancels is seen to cancel. Powers may be fractions and negative (Puiseux
//! series), and logarithms are kept, so that tᵃ·log t → 0 is known to vanish.
//!
//! A series is known up to its `order`: what is left out has powers of at least that. Each
//! operation keeps the terms of [`DEPTH`] orders behind the leading one. What has no such expansion
//! here (1/log t, sin(1/t)) is *unknown*; a point where the formula leaves the real numbers (√ of a
//! negative number) is *outside*.

use super::Function;

/// How many orders of t are kept behind the leading term. Second derivatives need 2, the rest is
/// for cancellation.
const DEPTH: f64 = 6.0;

/// The most terms: of a Taylor series, whose argument may grow as slowly as a small power of t, and
/// of sums with many powers of log t.
const MOST_TERMS: usize = 24;

/// Powers that differ by less are equal: they are sums and products of a few fractions.
pub(super) const SAME_POWER: f64 = 1e-9;

/// What is left of a sum by less than this part of its largest summand is rounding.
const ROUNDING: f64 = 1e-15;

/// c·tᵖ·(log t)ᵏ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term {
    /// p.
    pub power: f64,

    /// k.
    pub logs: u32,

    /// c.
    pub factor: f64,
}

impl Term {
    /// Its sign for small t, where log t is negative.
    pub fn sign(&self) -> f64 {
        if self.logs.is_multiple_of(2) { self.factor.signum() } else { -self.factor.signum() }
    }
}

/// Sorts by insertion, swapping neighbors in the wrong order: there are few terms, mostly in order,
/// and a library's sort would be most of this code in a browser.
fn put_in_order(terms: &mut [Term], is_wrong: fn(&Term, &Term) -> bool) {
    for end in 1..terms.len() {
        let mut at = end;
        while at > 0 && is_wrong(&terms[at - 1], &terms[at]) {
            terms.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// A sum of terms, the dominating one first, and what is not known of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub terms: Vec<Term>,

    /// What is left out has at least this power: ∞ for an exact series, −∞ for an unknown one.
    pub order: f64,
}

impl Series {
    /// A number.
    pub fn constant(value: f64) -> Self {
        Self::of(vec![Term { power: 0.0, logs: 0, factor: value }], f64::INFINITY)
    }

    /// a + b·t.
    pub fn line(a: f64, b: f64) -> Self {
        let terms = vec![Term { power: 0.0, logs: 0, factor: a }, Term { power: 1.0, logs: 0, factor: b }];
        Self::of(terms, f64::INFINITY)
    }

    /// Where the formula leaves the real numbers.
    pub fn outside() -> Self {
        Self { terms: vec![Term { power: 0.0, logs: 0, factor: f64::NAN }], order: f64::INFINITY }
    }

    /// What has no expansion.
    fn unknown() -> Self {
        Self { terms: Vec::new(), order: f64::NEG_INFINITY }
    }

    pub fn is_outside(&self) -> bool {
        self.terms.first().is_some_and(|term| term.factor.is_nan())
    }

    pub fn is_unknown(&self) -> bool {
        self.order == f64::NEG_INFINITY
    }

    /// What an operation on these makes of them without looking at their terms.
    fn beyond(operands: &[&Self]) -> Option<Self> {
        if operands.iter().any(|series| series.is_outside()) {
            return Some(Self::outside());
        }
        operands.iter().any(|series| series.is_unknown()).then(Self::unknown)
    }

    /// The number it is for all t, if it is one.
    fn as_constant(&self) -> Option<f64> {
        match self.terms.as_slice() {
            _ if self.order != f64::INFINITY => None,
            [] => Some(0.0),
            [Term { power: 0.0, logs: 0, factor }] => Some(*factor),
            _ => None,
        }
    }

    /// Orders and joins terms, and leaves out what is too far behind the leading one.
    fn of(mut terms: Vec<Term>, mut order: f64) -> Self {
        if terms.iter().any(|term| !term.power.is_finite()) {
            return Self::unknown();
        }
        put_in_order(&mut terms, |a, b| b.power < a.power);
        let mut joined: Vec<Term> = Vec::with_capacity(terms.len());
        let mut at = 0;
        while let Some(first) = terms.get(at).map(|term| term.power) {
            // Two powers that are equal but for rounding may be in either order, and so may their
            // logarithms.
            let near = terms[at..].iter().take_while(|term| term.power - first < SAME_POWER).count();
            let group = &mut terms[at..at + near];
            put_in_order(group, |a, b| b.logs > a.logs);
            for same in group.chunk_by(|a, b| a.logs == b.logs) {
                let sum: f64 = same.iter().map(|term| term.factor).sum();
                let largest = same.iter().fold(0.0_f64, |largest, term| largest.max(term.factor.abs()));
                if !sum.is_finite() {
                    return Self::unknown();
                }
                let is_rounding = same.len() > 1 && sum.abs() <= ROUNDING * largest && first != 0.0;
                if sum != 0.0 && !is_rounding {
                    joined.push(Term { factor: sum, ..same[0] });
                }
            }
            at += near;
        }
        if joined.len() > MOST_TERMS {
            return Self::unknown();
        }
        if let Some(lead) = joined.first() {
            let limit = lead.power + DEPTH;
            if joined.last().is_some_and(|term| term.power >= limit) {
                order = order.min(limit);
            }
        }
        joined.retain(|term| term.power < order);
        Self { terms: joined, order }
    }

    /// The power that it has at least.
    fn least_power(&self) -> f64 {
        self.terms.first().map_or(self.order, |term| term.power)
    }

    /// Whether it has a limit as t → 0.
    pub fn is_bounded(&self) -> bool {
        self.least_power() >= 0.0 && self.terms.first().is_none_or(|term| term.power > 0.0 || term.logs == 0)
    }

    /// The sign for small t: 0 where it is 0 as far as it is known.
    pub fn sign(&self) -> f64 {
        self.terms.first().map_or(0.0, Term::sign)
    }

    /// The same with this value at t = 0, to the last bit of the arithmetic that the program is run
    /// in: ties of the program are then ties of its expansions.
    pub fn with_value(mut self, value: f64) -> Self {
        if !value.is_finite() || !self.is_bounded() || self.is_outside() || self.is_unknown() {
            return self;
        }
        self.terms.retain(|term| term.power > 0.0);
        if value != 0.0 {
            self.terms.insert(0, Term { power: 0.0, logs: 0, factor: value });
        }
        self
    }

    pub fn plus(&self, other: &Self) -> Self {
        Self::beyond(&[self, other])
            .unwrap_or_else(|| Self::of([&self.terms[..], &other.terms].concat(), self.order.min(other.order)))
    }

    /// c·tᵖ times it.
    fn scaled(&self, factor: f64, power: f64) -> Self {
        let terms = self.terms.iter().map(|t| Term { factor: t.factor * factor, power: t.power + power, ..*t });
        Self::of(terms.collect(), self.order + power)
    }

    pub fn negative(&self) -> Self {
        Self::beyond(&[self]).unwrap_or_else(|| self.scaled(-1.0, 0.0))
    }

    pub fn times(&self, other: &Self) -> Self {
        if let Some(beyond) = Self::beyond(&[self, other]) {
            return beyond;
        }
        if self.as_constant() == Some(0.0) || other.as_constant() == Some(0.0) {
            return Self::constant(0.0);
        }
        let order = (self.least_power() + other.order).min(other.least_power() + self.order);
        let limit = order.min(self.least_power() + other.least_power() + DEPTH);
        let mut terms = Vec::with_capacity(self.terms.len() * other.terms.len());
        let mut is_cut = false;
        for a in &self.terms {
            for b in &other.terms {
                let (power, logs) = (a.power + b.power, a.logs.saturating_add(b.logs));
                if power < limit {
                    terms.push(Term { power, logs, factor: a.factor * b.factor });
                } else {
                    is_cut = true;
                }
            }
        }
        Self::of(terms, if is_cut { limit } else { order })
    }

    /// Σ cₖuᵏ for a u that vanishes at t = 0.
    fn compose(coefficients: &[f64], u: &Self) -> Self {
        let mut sum = Self::constant(0.0);
        for coefficient in coefficients.iter().rev() {
            sum = sum.times(u).plus(&Self::constant(*coefficient));
        }
        if u.as_constant().is_none() {
            // The terms that were not added up.
            sum.order = sum.order.min(u.least_power() * coefficients.len() as f64);
            sum.terms.retain(|term| term.power < sum.order);
        }
        sum
    }

    /// How many coefficients [`Self::compose`] needs for u.
    fn count(u: &Self) -> usize {
        let count = (DEPTH / u.least_power()).floor() + 1.0;
        if count < MOST_TERMS as f64 { count as usize } else { MOST_TERMS }
    }

    /// Its leading term, and u of `lead`·(1 + u); None where it is 0, or where the leading term has
    /// a logarithm.
    fn lead(&self) -> Option<(Term, Self)> {
        let lead = self.terms.first().copied().filter(|term| term.logs == 0)?;
        let u = Self { terms: self.terms[1..].to_vec(), order: self.order };
        Some((lead, u.scaled(1.0 / lead.factor, -lead.power)))
    }

    /// It to a constant power.
    pub fn to_power(&self, exponent: f64) -> Self {
        if let Some(beyond) = Self::beyond(&[self]) {
            return beyond;
        }
        let Some((lead, u)) = self.lead() else {
            return match (self.terms.is_empty(), exponent) {
                (true, 0.0) => Self::constant(1.0),
                (true, b) if b > 0.0 => Self { terms: Vec::new(), order: self.order * b },
                _ => Self::unknown(),
            };
        };
        let factor = libm::pow(lead.factor, exponent);
        if factor.is_nan() {
            return Self::outside();
        }
        let mut coefficients = vec![1.0];
        for k in 1..Self::count(&u) {
            let k = k as f64;
            coefficients.push(coefficients[coefficients.len() - 1] * (exponent - k + 1.0) / k);
        }
        Self::compose(&coefficients, &u).scaled(factor, lead.power * exponent)
    }

    /// It to a power that varies: exp(b·log a).
    pub fn to_power_of(&self, exponent: &Self) -> Self {
        if let Some(beyond) = Self::beyond(&[self, exponent]) {
            return beyond;
        }
        if let Some(exponent) = exponent.as_constant() {
            return self.to_power(exponent);
        }
        if self.as_constant() == Some(0.0) {
            return if exponent.sign() > 0.0 { Self::constant(0.0) } else { Self::unknown() };
        }
        let product = exponent.times(&self.logarithm());
        Self::beyond(&[&product]).unwrap_or_else(|| product.exponential())
    }

    pub fn over(&self, other: &Self) -> Self {
        self.times(&other.to_power(-1.0))
    }

    fn logarithm(&self) -> Self {
        let Some((lead, u)) = self.lead() else { return Self::unknown() };
        if lead.factor < 0.0 {
            return Self::outside();
        }
        let mut coefficients = vec![libm::log(lead.factor)];
        coefficients.extend((1..Self::count(&u)).map(|k| if k % 2 == 1 { 1.0 } else { -1.0 } / k as f64));
        let log_of_power = Term { power: 0.0, logs: 1, factor: lead.power };
        Self::compose(&coefficients, &u).plus(&Self::of(vec![log_of_power], f64::INFINITY))
    }

    fn exponential(&self) -> Self {
        let (mut value, mut power, mut u) = (0.0, 0.0, Self { terms: Vec::new(), order: self.order });
        for term in &self.terms {
            match *term {
                Term { power: 0.0, logs: 0, factor } => value = factor,
                // exp(c·log t) is tᶜ.
                Term { power: 0.0, logs: 1, factor } => power = factor,
                Term { power: p, .. } if p > 0.0 => u.terms.push(*term),
                // Faster than any power of t it vanishes, or has no end.
                _ if term.sign() < 0.0 => return Self::constant(0.0),
                _ => return Self::unknown(),
            }
        }
        if self.order <= 0.0 {
            return Self::unknown();
        }
        Self::compose(&coefficients(Function::Exp, 0.0, Self::count(&u)), &u).scaled(libm::exp(value), power)
    }

    /// A function of it.
    pub fn apply(&self, function: Function) -> Self {
        if let Some(beyond) = Self::beyond(&[self]) {
            return beyond;
        }
        match function {
            Function::Abs if self.sign() < 0.0 => self.negative(),
            Function::Abs => self.clone(),
            Function::Relu if self.sign() < 0.0 => Self::constant(0.0),
            Function::Relu => self.clone(),
            Function::Sign => Self::constant(self.sign()),
            Function::Sqrt => self.to_power(0.5),
            Function::Log => self.logarithm(),
            Function::Exp => self.exponential(),
            _ => self.taylor(function),
        }
    }

    /// A function that is smooth for all numbers.
    fn taylor(&self, function: Function) -> Self {
        let (value, terms) = match self.terms.first() {
            Some(Term { power: 0.0, logs: 0, factor }) => (*factor, &self.terms[1..]),
            Some(lead) if lead.power < 0.0 => return self.at_infinity(function, lead.sign() > 0.0),
            Some(Term { power: 0.0, .. }) => return Self::unknown(),
            _ => (0.0, &self.terms[..]),
        };
        if self.order <= 0.0 {
            return Self::unknown();
        }
        let u = Self { terms: terms.to_vec(), order: self.order };
        Self::compose(&coefficients(function, value, Self::count(&u)), &u)
    }

    /// A function of what grows beyond all numbers as a power of 1/t: what it differs by from its
    /// limit is less than any power.
    fn at_infinity(&self, function: Function, is_positive: bool) -> Self {
        match (function, is_positive) {
            (Function::Tanh, _) => Self::constant(if is_positive { 1.0 } else { -1.0 }),
            (Function::Sigmoid, _) => Self::constant(if is_positive { 1.0 } else { 0.0 }),
            (Function::Softplus, true) => self.clone(),
            (Function::Softplus, false) => Self::constant(0.0),
            (Function::LogCosh, _) => self.apply(Function::Abs).plus(&Self::constant(-std::f64::consts::LN_2)),
            _ => Self::unknown(),
        }
    }
}

/// The Taylor coefficients f⁽ᵏ⁾(a)/k! of a smooth function.
///
/// tan, tanh and the logistic function solve y′ = 1 + y², 1 − y² and y − y², which give each
/// coefficient from those before.
fn coefficients(function: Function, a: f64, count: usize) -> Vec<f64> {
    let cyclic = |cycle: [f64; 4]| {
        let mut factorial = 1.0;
        (0..count)
            .map(|k| {
                factorial *= k.max(1) as f64;
                cycle[k % 4] / factorial
            })
            .collect()
    };
    let solved = |first: f64, constant: f64, linear: f64, quadratic: f64| {
        let mut y = vec![first];
        for k in 0..count.saturating_sub(1) {
            let square: f64 = (0..=k).map(|i| y[i] * y[k - i]).sum();
            let constant = if k == 0 { constant } else { 0.0 };
            y.push((constant + linear * y[k] + quadratic * square) / (k + 1) as f64);
        }
        y
    };
    let integral = |slope: Vec<f64>| {
        let rest = slope.iter().zip(1..).map(|(c, k)| c / f64::from(k));
        std::iter::once(function.value(a)).chain(rest).take(count).collect()
    };
    let value = function.value(a);
    match function {
        Function::Exp => cyclic([value; 4]),
        Function::Sin => cyclic([value, libm::cos(a), -value, -libm::cos(a)]),
        Function::Cos => cyclic([value, -libm::sin(a), -value, libm::sin(a)]),
        Function::Cosh => cyclic([value, libm::sinh(a), value, libm::sinh(a)]),
        Function::Sinh => cyclic([value, libm::cosh(a), value, libm::cosh(a)]),
        Function::Tan => solved(value, 1.0, 0.0, 1.0),
        Function::Tanh => solved(value, 1.0, 0.0, -1.0),
        Function::Sigmoid => solved(value, 0.0, 1.0, -1.0),
        Function::LogCosh => integral(solved(libm::tanh(a), 1.0, 0.0, -1.0)),
        Function::Softplus => integral(solved(Function::Sigmoid.value(a), 0.0, 1.0, -1.0)),
        // Not smooth everywhere: expanded by their definition.
        Function::Abs | Function::Sqrt | Function::Log | Function::Relu | Function::Sign => vec![f64::NAN; count],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: f64 = 1e-3;

    /// The sum at t = 10⁻³.
    fn at(series: &Series) -> f64 {
        series.terms.iter().map(|t| t.factor * T.powf(t.power) * T.ln().powi(t.logs as i32)).sum()
    }

    fn line(a: f64, b: f64) -> Series {
        Series::line(a, b)
    }

    /// Six orders of t = 10⁻³ are kept: what is left out is beyond double precision.
    #[test]
    fn smooth_functions_are_what_they_are_nearby() {
        for function in Function::ALL {
            for (a, b) in [(0.7, 1.3), (0.7, -1.3), (2.0, 0.5)] {
                let expected = function.value(a + b * T);
                let found = at(&line(a, b).apply(function));
                assert!((found - expected).abs() <= 1e-14 * (1.0 + expected.abs()), "{function:?}: {found} {expected}");
            }
        }
    }

    #[test]
    fn kinks_and_zeros_are_followed() {
        let square = line(0.0, -2.0).times(&line(0.0, -2.0));
        assert_eq!(square.apply(Function::Sqrt), line(0.0, 2.0));
        assert_eq!(line(0.0, -2.0).apply(Function::Abs), line(0.0, 2.0));
        assert_eq!(line(0.0, -2.0).apply(Function::Relu), Series::constant(0.0));
        assert!(line(0.0, -2.0).apply(Function::Sqrt).is_outside());
        assert!(line(0.0, -2.0).apply(Function::Log).is_outside());
        let sixth = square.times(&square).times(&square);
        let root = sixth.to_power(1.0 / 3.0).terms;
        assert!(root.len() == 1 && root[0].power == 2.0 && (root[0].factor - 4.0).abs() < 1e-14, "{root:?}");
        let inverse = Series::constant(1.0).over(&line(0.0, 1.0));
        assert_eq!(inverse.negative().exponential(), Series::constant(0.0));
        assert!(inverse.exponential().is_unknown());
        assert_eq!(inverse.apply(Function::Tanh), Series::constant(1.0));
        assert!(inverse.apply(Function::Sin).is_unknown());
    }

    /// t³⁺ᵗ = t³ + t⁴ log t + ….
    #[test]
    fn a_varying_power_of_what_vanishes_has_logarithms() {
        let series = line(0.0, 1.0).to_power_of(&line(3.0, 1.0));
        let (first, second) = (series.terms[0], series.terms[1]);
        assert_eq!((first.power, first.logs), (3.0, 0));
        assert_eq!((second.power, second.logs), (4.0, 1));
        assert!((first.factor - 1.0).abs() < 1e-15 && (second.factor - 1.0).abs() < 1e-15);
        assert!((at(&series) / T.powf(3.0 + T) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_cancels_is_not_known_beyond_its_order() {
        // x − sin x = t³/6 − t⁵/120 + ….
        let rest = line(0.0, 1.0).plus(&line(0.0, 1.0).apply(Function::Sin).negative());
        assert_eq!(rest.terms[0].power, 3.0);
        assert!((rest.terms[0].factor - 1.0 / 6.0).abs() < 1e-16);
        assert!(rest.order >= 6.0 && rest.order <= 7.0, "{}", rest.order);
    }
}
