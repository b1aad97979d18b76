//! Derivatives where a part of a formula has none: at the zero of an absolute value, of a root, of
//! a base, and where max or min tie.
//!
//! There every number of the program is expanded along rays ([`Series`]): along each axis, both
//! ways, between each two axes, and one way askew. f is differentiable where the slopes along rays
//! are those of one linear function, twice so where the curvatures are those of one quadratic form.
//! So |x|² has the Hessian 2 and √(x² + y²)² that of x² + y², whatever its parts do.
//!
//! Where the rays disagree there is no derivative:
//!
//! - If the reason is a *tie* (abs, sign, relu, max, min), both sides count alike: the derivative
//!   is the mean of the one-sided ones. It depends on the function, not on how it is written:
//!   relu(x), max(0, x) and (x + abs(x))/2 have the slope ½ at 0, |x| has 0.
//! - Else, as for the norm √(x² + y²) at 0, it is NaN, and the operation that is to blame is named.
//!
//! At the border of its domain, as for (x − 1)ʸ at x = 1, the rays inside of it decide.

use super::series::{SAME_POWER, Series};
use super::{Function, Operation, Place, Program};

/// How far one-sided derivatives may differ by rounding, relative to the larger one.
const AGREE: f64 = 1e-9;

/// The same relative to the largest slope, or curvature, along any ray.
const AGREE_OVERALL: f64 = 1e-12;

/// ∇f and ∇²f at a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Singular {
    /// ∇f: n numbers.
    pub gradient: Vec<f64>,

    /// ∇²f: n × n numbers.
    pub hessian: Vec<f64>,

    /// The operation that has no first derivative, or else the one that has no second derivative,
    /// where it is missed.
    pub culprit: Option<Place>,
}

/// What a number does along a ray, to second order: v + slope·t + curvature·t² + o(t²).
#[derive(Clone, Copy, Debug)]
struct Ray {
    /// Whether the ray is inside of the domain.
    is_inside: bool,

    /// NaN where the number jumps, ±∞ where it grows faster than t.
    slope: f64,

    /// NaN where it is not known, ±∞ where it grows faster than t².
    curvature: f64,
}

impl Ray {
    /// Of a number that is `value` at t = 0.
    fn of(series: &Series, value: f64) -> Self {
        let mut ray = Self { is_inside: !series.is_outside(), slope: f64::NAN, curvature: f64::NAN };
        if series.is_outside() || series.is_unknown() {
            return ray;
        }
        let mut at_start = 0.0;
        let (mut slope, mut curvature) = (0.0, 0.0);
        for term in &series.terms {
            let (power, has_logs) = (term.power, term.logs > 0);
            let is = |whole: f64| (power - whole).abs() < SAME_POWER && !has_logs;
            if is(0.0) {
                at_start = term.factor;
            } else if power < SAME_POWER {
                return ray;
            } else if is(1.0) {
                slope = term.factor;
            } else if power < 1.0 + SAME_POWER {
                ray.slope = f64::INFINITY * term.sign();
                return ray;
            } else if is(2.0) {
                curvature += term.factor;
            } else if power < 2.0 + SAME_POWER && curvature == 0.0 {
                curvature = f64::INFINITY * term.sign();
            }
        }
        if (at_start - value).abs() > AGREE * value.abs() || series.order <= 1.0 {
            return ray;
        }
        ray.slope = slope;
        ray.curvature = if series.order > 2.0 { curvature } else { f64::NAN };
        ray
    }
}

/// All rays from a point, for all numbers of a program.
struct Rays<'a> {
    program: &'a Program,
    n: usize,

    /// For each direction, by place.
    rays: Vec<Vec<Ray>>,
}

impl<'a> Rays<'a> {
    fn new(program: &'a Program, n: usize, x: &[f64]) -> Self {
        let numbers = program.numbers(x);
        let unit = |entries: &[(usize, f64)]| {
            let mut direction = vec![0.0; program.inputs];
            entries.iter().for_each(|(i, sign)| direction[*i] = *sign);
            direction
        };
        let mut rays = Vec::new();
        let mut add = |direction: &[f64]| rays.push(expand(program, &numbers, x, direction));
        for i in 0..n {
            add(&unit(&[(i, 1.0)]));
            add(&unit(&[(i, -1.0)]));
        }
        for (i, j) in pairs(n) {
            for (s, r) in SIGNS {
                add(&unit(&[(i, s), (j, r)]));
            }
        }
        if n > 1 {
            let entries: Vec<(usize, f64)> = askew(n).into_iter().enumerate().collect();
            add(&unit(&entries));
            add(&unit(&entries.iter().map(|(i, entry)| (*i, -entry)).collect::<Vec<_>>()));
        }
        Self { program, n, rays }
    }

    /// Along an axis, up or down.
    fn axis(&self, place: Place, i: usize, side: usize) -> Ray {
        self.rays[2 * i + side][place]
    }

    /// ∇ and ∇² of the number at a place, and whether it has them.
    fn assemble(&self, place: Place) -> Assembled {
        let n = self.n;
        let largest = |of: fn(&Ray) -> f64| {
            let sizes = self.rays.iter().map(|rays| of(&rays[place]).abs()).filter(|size| size.is_finite());
            AGREE_OVERALL * sizes.fold(0.0, f64::max)
        };
        let (slack, second_slack) = (largest(|ray| ray.slope), largest(|ray| ray.curvature));
        let mut result = Assembled::new(n);
        for i in 0..n {
            let [up, down] = [self.axis(place, i, 0), self.axis(place, i, 1)];
            let slopes = [(up.is_inside, up.slope), (down.is_inside, -down.slope)];
            let bends = [(up.is_inside, 2.0 * up.curvature), (down.is_inside, 2.0 * down.curvature)];
            (result.gradient[i], result.has_slope[i]) = joined(slopes, slack);
            let bend;
            (result.hessian[i * n + i], bend) = joined(bends, second_slack);
            result.is_twice &= bend && result.has_slope[i];
            result.is_once &= result.has_slope[i];
        }
        for (pair, (i, j)) in pairs(n).enumerate() {
            let mut mixed = Vec::new();
            for (number, (s, r)) in SIGNS.iter().enumerate() {
                let ray = self.rays[2 * n + SIGNS.len() * pair + number][place];
                let along = [self.axis(place, i, side(*s)), self.axis(place, j, side(*r))];
                if !(ray.is_inside && along.iter().all(|ray| ray.is_inside)) {
                    continue;
                }
                let [a, b] = along;
                result.is_once &= agree(ray.slope, a.slope + b.slope, slack);
                mixed.push(s * r * (ray.curvature - a.curvature - b.curvature));
            }
            let (mean, is_one) = mean(&mixed, second_slack);
            result.is_twice &= is_one;
            result.hessian[i * n + j] = mean;
            result.hessian[j * n + i] = mean;
        }
        result.is_once &= self.is_linear_askew(place, &result.gradient, slack);
        result.is_twice &= result.is_once;
        result
    }

    /// Whether the gradient gives the slope along a ray that it was not read off.
    fn is_linear_askew(&self, place: Place, gradient: &[f64], slack: f64) -> bool {
        if self.n < 2 {
            return true;
        }
        let slope: f64 = askew(self.n).iter().zip(gradient).map(|(entry, slope)| entry * slope).sum();
        self.rays[self.rays.len() - 2..].iter().zip([slope, -slope]).all(|(rays, slope)| {
            let ray = rays[place];
            // Ten times: slopes along the axes have been multiplied and added.
            !ray.is_inside || agree(ray.slope, slope, 10.0 * slack)
        })
    }

    /// The operation on which it depends that a number has no derivative: one all of whose operands
    /// have one, a tie only where there is nothing else.
    fn culprit(&self, place: Place, has: impl Fn(&Assembled) -> bool) -> Option<Place> {
        let (mut culprits, mut seen, mut waiting) = (Vec::new(), vec![false; place + 1], vec![place]);
        while let Some(place) = waiting.pop() {
            let operation = self.operation(place)?;
            let mut is_sound = true;
            for operand in operation.operands() {
                if has(&self.assemble(operand)) {
                    continue;
                }
                is_sound = false;
                if !std::mem::replace(&mut seen[operand], true) {
                    waiting.push(operand);
                }
            }
            if is_sound {
                culprits.push(place);
            }
        }
        culprits.iter().copied().find(|place| !self.is_tie(*place)).or(culprits.first().copied())
    }

    fn operation(&self, place: Place) -> Option<Operation> {
        place.checked_sub(self.program.first()).and_then(|index| self.program.operations.get(index)).copied()
    }

    fn is_tie(&self, place: Place) -> bool {
        matches!(
            self.operation(place),
            Some(Operation::Apply(Function::Abs | Function::Relu | Function::Sign, _) | Operation::Choose { .. })
        )
    }
}

/// The directions between two axes.
const SIGNS: [(f64, f64); 4] = [(1.0, 1.0), (-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0)];

fn side(sign: f64) -> usize {
    usize::from(sign < 0.0)
}

fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |i| (i + 1..n).map(move |j| (i, j)))
}

/// A direction along which nothing special happens.
fn askew(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 / (1.0 + 0.618 * i as f64)).collect()
}

/// Derivatives of one number, as far as it has them.
struct Assembled {
    gradient: Vec<f64>,
    hessian: Vec<f64>,

    /// Whether both sides of each axis have one slope.
    has_slope: Vec<bool>,

    /// Whether it is differentiable.
    is_once: bool,

    /// Whether it is twice differentiable.
    is_twice: bool,
}

impl Assembled {
    fn new(n: usize) -> Self {
        Self {
            gradient: vec![0.0; n],
            hessian: vec![0.0; n * n],
            has_slope: vec![true; n],
            is_once: true,
            is_twice: true,
        }
    }
}

fn agree(a: f64, b: f64, slack: f64) -> bool {
    a == b || (a - b).abs() <= AGREE * a.abs().max(b.abs()) + slack
}

/// One number from those of the sides inside of the domain, and whether they are one finite number.
fn joined(sides: [(bool, f64); 2], slack: f64) -> (f64, bool) {
    let inside: Vec<f64> = sides.iter().filter(|(is_inside, _)| *is_inside).map(|(_, number)| *number).collect();
    mean(&inside, slack)
}

/// The mean, and whether all are equal and finite; NaN without any.
fn mean(numbers: &[f64], slack: f64) -> (f64, bool) {
    let Some(first) = numbers.first() else { return (f64::NAN, false) };
    let is_one = first.is_finite() && numbers.iter().all(|number| agree(*first, *number, slack));
    if numbers.iter().all(|number| number == first) {
        return (*first, is_one);
    }
    (numbers.iter().sum::<f64>() / numbers.len() as f64, is_one)
}

/// What the numbers of a program do along a ray from x, at which they are `numbers`.
fn expand(program: &Program, numbers: &[f64], x: &[f64], direction: &[f64]) -> Vec<Ray> {
    let mut series: Vec<Series> = x.iter().zip(direction).map(|(x, d)| Series::line(*x, *d)).collect();
    series.extend(program.constants.iter().map(|constant| Series::constant(*constant)));
    // Whether a number jumps on the way, and so is not what the program has at x.
    let mut jumps = vec![false; series.len()];
    for (operation, value) in program.operations.iter().zip(&numbers[program.first()..]) {
        let at = |place: Place| &series[place];
        let (expanded, may_jump) = match *operation {
            Operation::Add(a, b) => (at(a).plus(at(b)), false),
            Operation::Subtract(a, b) => (at(a).plus(&at(b).negative()), false),
            Operation::Multiply(a, b) | Operation::Weigh(a, b) => (at(a).times(at(b)), false),
            Operation::Divide(a, b) => (at(a).over(at(b)), false),
            Operation::Negate(a) => (at(a).negative(), false),
            Operation::Apply(function, a) => (at(a).apply(function), function == Function::Sign),
            Operation::Power(a, b) => (at(a).to_power_of(at(b)), false),
            Operation::Choose { less, than, then, otherwise } => {
                // What is not equal at x stays as it is nearby, unless it jumps.
                let is_less = if numbers[less] != numbers[than] && !jumps[less] && !jumps[than] {
                    numbers[less] < numbers[than]
                } else {
                    let gap = at(than).plus(&at(less).negative());
                    !gap.is_outside() && gap.sign() > 0.0
                };
                let chosen = if is_less { then } else { otherwise };
                (at(chosen).clone(), true)
            }
        };
        // Beside a pole, too: tanh levels off at another value on each side.
        let may_jump = may_jump || operation.operands().iter().any(|operand| !at(*operand).is_bounded());
        let has_jumped = operation.operands().iter().any(|operand| jumps[*operand])
            || (may_jump && Ray::of(&expanded, *value).slope.is_nan());
        series.push(if has_jumped { expanded } else { expanded.with_value(*value) });
        jumps.push(has_jumped);
    }
    series.iter().zip(numbers).map(|(series, value)| Ray::of(series, *value)).collect()
}

/// The derivatives of a program's first result by its first n inputs, at inputs x where it is
/// finite.
#[must_use]
pub fn derivatives_at(program: &Program, n: usize, x: &[f64]) -> Singular {
    let Some(result) = program.results.first().copied() else {
        return Singular { gradient: vec![f64::NAN; n], hessian: vec![f64::NAN; n * n], culprit: None };
    };
    let rays = Rays::new(program, n, x);
    let Assembled { mut gradient, mut hessian, has_slope, is_once, is_twice } = rays.assemble(result);
    let mut culprit = None;
    if !is_once {
        culprit = rays.culprit(result, |assembled| assembled.is_once);
        if !culprit.is_some_and(|culprit| rays.is_tie(culprit)) {
            // Along some axes there may be a slope; where it is along all of them, they do not make
            // a gradient together.
            let is_along_all = has_slope.iter().all(|has| *has);
            for i in (0..n).filter(|i| is_along_all || !has_slope[*i]) {
                gradient[i] = f64::NAN;
                (0..n).for_each(|j| (hessian[i * n + j], hessian[j * n + i]) = (f64::NAN, f64::NAN));
            }
        }
    } else if !is_twice {
        culprit = rays.culprit(result, |assembled| assembled.is_twice);
        if !culprit.is_some_and(|culprit| rays.is_tie(culprit)) {
            spoil_disagreeing(&rays, result, &mut hessian);
        }
    }
    Singular { gradient, hessian, culprit }
}

/// Puts NaN where the rays have no one second derivative, and no tie is to blame; infinite ones
/// stay.
fn spoil_disagreeing(rays: &Rays<'_>, place: Place, hessian: &mut [f64]) {
    let n = rays.n;
    for i in 0..n {
        let [up, down] = [rays.axis(place, i, 0), rays.axis(place, i, 1)];
        let is_one = !(up.is_inside && down.is_inside) || agree(up.curvature, down.curvature, 0.0);
        if !is_one {
            hessian[i * n + i] = f64::NAN;
        }
    }
    if hessian.iter().all(|entry| entry.is_finite()) {
        // All entries are there, but the curvature along other rays is not theirs.
        hessian.fill(f64::NAN);
    }
}
