//! Derivatives: reverse accumulation that writes operations instead of numbers (Griewank & Walther,
//! 2008, chapter 6).

use std::collections::BTreeSet;

use super::builder::Node;
use super::{Builder, Function, Operation, Place};

/// ∂result/∂(an intermediate number).
#[derive(Clone, Copy)]
struct Adjoint {
    place: Place,

    /// Whether it is 0 where a branch is not taken, in which slopes may be infinite or NaN.
    may_be_none: bool,
}

impl Adjoint {
    /// An adjoint made from this one alone.
    fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    fn or_none(self) -> Self {
        Self { may_be_none: true, ..self }
    }
}

impl Builder {
    /// The places of ∂result/∂xᵢ for each of the `variables`, which are inputs.
    ///
    /// At a kink it is that of the branch taken, see [`Self::derivatives`].
    pub fn gradient(&mut self, result: Place, variables: &[Place]) -> Vec<Place> {
        let depends = self.dependence(result, variables);
        let mut adjoints: Vec<Option<Adjoint>> = vec![None; result + 1];
        adjoints[result] = Some(Adjoint { place: self.constant(1.0), may_be_none: false });
        for place in (0..=result).rev() {
            let (Some(adjoint), Node::Operation(operation)) = (adjoints[place], self.node(place)) else { continue };
            for (operand, slope) in self.slopes(operation, place, adjoint, &depends) {
                adjoints[operand] = Some(match adjoints[operand] {
                    Some(sum) => Adjoint {
                        place: self.add(sum.place, slope.place),
                        may_be_none: sum.may_be_none && slope.may_be_none,
                    },
                    None => slope,
                });
            }
        }
        let zero = self.constant(0.0);
        variables
            .iter()
            .map(|variable| adjoints.get(*variable).copied().flatten().map_or(zero, |adjoint| adjoint.place))
            .collect()
    }

    /// The places of ∇f, and those of the upper triangle of ∇²f row by row: H₁₁, H₁₂, …, H₂₂, ….
    ///
    /// Where a part of f has no derivative (|u| at u = 0, √u, a tie of max, …) symbols are of no
    /// use, and the first entry of each is NaN: f may have derivatives there all the same, which
    /// [`derivatives_at`](super::derivatives_at) finds.
    pub fn derivatives(&mut self, f: Place, variables: &[Place]) -> (Vec<Place>, Vec<Place>) {
        let mut gradient = self.gradient(f, variables);
        let rows = gradient.iter().zip(0..).map(|(slope, row)| self.gradient(*slope, &variables[row..]));
        let mut hessian = rows.collect::<Vec<_>>().concat();
        if let Some(mark) = self.singularity(f, variables) {
            for first in [gradient.first_mut(), hessian.first_mut()].into_iter().flatten() {
                *first = self.add(*first, mark);
            }
        }
        (gradient, hessian)
    }

    /// The place of a number that is NaN where a part of f has no derivative, and 0 elsewhere; None
    /// where all parts always have one.
    fn singularity(&mut self, f: Place, variables: &[Place]) -> Option<Place> {
        let depends = self.dependence(f, variables);
        let mut is_part = vec![false; f + 1];
        is_part[f] = true;
        let mut zeros = BTreeSet::new();
        // At a pole f is mostly infinite, and there is nothing to tell. Not so where something
        // levels it off.
        let levels = |place: Place| match self.node(place) {
            Node::Operation(Operation::Apply(function, _)) => {
                matches!(function, Function::Exp | Function::Sigmoid | Function::Softplus | Function::Tanh)
            }
            Node::Operation(Operation::Choose { .. }) => true,
            _ => false,
        };
        let may_level_poles = (0..=f).any(levels) || (0..=f).filter(|place| self.is_division(*place)).count() > 1;
        for place in (0..=f).rev().filter(|place| depends[*place]) {
            let (true, Node::Operation(operation)) = (is_part[place], self.node(place)) else { continue };
            operation.operands().iter().for_each(|operand| is_part[*operand] = true);
            match operation {
                Operation::Apply(Function::Abs | Function::Sqrt | Function::Relu | Function::Sign, a)
                | Operation::Power(a, _) => {
                    self.add_zeros(a, &mut zeros);
                }
                Operation::Divide(_, b) if may_level_poles => self.add_zeros(b, &mut zeros),
                Operation::Choose { less, than, .. } => {
                    let gap = self.subtract(less, than);
                    self.add_zeros(gap, &mut zeros);
                }
                _ => {}
            }
        }
        // One of them is 0 where their product is. It may underflow, which costs time only.
        let product = zeros.into_iter().reduce(|product, zero| self.multiply(product, zero))?;
        let (size, zero, nan) = (self.apply(Function::Abs, product), self.constant(0.0), self.constant(f64::NAN));
        Some(self.choose(zero, size, zero, nan))
    }

    /// Adds the places one of which is 0 where the number at a place passes through 0.
    ///
    /// relu(u) has none of its own: for u < 0 it rests at 0 and harms nobody, and u = 0 is looked
    /// at anyway. Without this, what follows after a relu would count as singular in half of the
    /// plane.
    fn add_zeros(&self, place: Place, zeros: &mut BTreeSet<Place>) {
        match self.node(place) {
            Node::Operation(Operation::Multiply(a, b)) => {
                self.add_zeros(a, zeros);
                self.add_zeros(b, zeros);
            }
            Node::Operation(Operation::Negate(a)) => self.add_zeros(a, zeros),
            Node::Operation(Operation::Apply(Function::Relu, _)) => {}
            Node::Operation(Operation::Choose { then, otherwise, .. }) if self.is_zero(then) => {
                self.add_zeros(otherwise, zeros);
            }
            Node::Operation(Operation::Choose { then, otherwise, .. }) if self.is_zero(otherwise) => {
                self.add_zeros(then, zeros);
            }
            Node::Constant(value) if value != 0.0 => {}
            _ => {
                zeros.insert(place);
            }
        }
    }

    fn is_division(&self, place: Place) -> bool {
        matches!(self.node(place), Node::Operation(Operation::Divide(..)))
    }

    fn is_zero(&self, place: Place) -> bool {
        matches!(self.node(place), Node::Constant(0.0))
    }

    /// For each place up to `result` whether it depends on one of the variables.
    fn dependence(&self, result: Place, variables: &[Place]) -> Vec<bool> {
        let mut depends = vec![false; result + 1];
        for place in 0..=result {
            depends[place] = match self.node(place) {
                Node::Input => variables.contains(&place),
                Node::Constant(_) => false,
                Node::Operation(operation) => operation.operands().iter().any(|operand| depends[*operand]),
            };
        }
        depends
    }

    /// What an operation passes on to the operands that depend on a variable: its adjoint times the
    /// partial derivative.
    fn slopes(
        &mut self,
        operation: Operation,
        value: Place,
        adjoint: Adjoint,
        depends: &[bool],
    ) -> Vec<(Place, Adjoint)> {
        let mut passed = Vec::new();
        match operation {
            Operation::Add(a, b) => passed.extend([(a, adjoint), (b, adjoint)]),
            Operation::Subtract(a, b) => {
                let negative = self.negate(adjoint.place);
                passed.extend([(a, adjoint), (b, adjoint.at(negative))]);
            }
            Operation::Multiply(a, b) if a == b => {
                let two = self.constant(2.0);
                let double = self.multiply(two, a);
                passed.push((a, self.times(adjoint, double)));
            }
            Operation::Multiply(a, b) => {
                if depends[a] {
                    passed.push((a, self.times(adjoint, b)));
                }
                if depends[b] {
                    passed.push((b, self.times(adjoint, a)));
                }
            }
            Operation::Weigh(a, b) => {
                if depends[a] {
                    passed.push((a, self.times(adjoint, b)));
                }
                if depends[b] {
                    // Where a is 0, b has no say, and so has nothing that b depends on.
                    passed.push((b, adjoint.at(self.weigh(a, adjoint.place)).or_none()));
                }
            }
            Operation::Divide(a, b) => {
                let to_a = if adjoint.may_be_none {
                    let one = self.constant(1.0);
                    let inverse = self.divide(one, b);
                    self.times(adjoint, inverse)
                } else {
                    adjoint.at(self.divide(adjoint.place, b))
                };
                passed.push((a, to_a));
                if depends[b] {
                    let product = self.times(to_a, value);
                    passed.push((b, adjoint.at(self.negate(product.place))));
                }
            }
            Operation::Negate(a) => passed.push((a, adjoint.at(self.negate(adjoint.place)))),
            Operation::Apply(Function::Relu, a) => {
                let slope = self.slope_of(Function::Relu, a, value);
                // As for max(a, 0): where relu is 0, what depends on it has no say.
                passed.push((a, adjoint.at(self.weigh(slope, adjoint.place)).or_none()));
            }
            Operation::Apply(function, a) => {
                let slope = self.slope_of(function, a, value);
                passed.push((a, self.times_slope(adjoint, slope)));
            }
            Operation::Power(a, b) => {
                if depends[a] {
                    let one = self.constant(1.0);
                    let lower = self.subtract(b, one);
                    let power = self.power(a, lower);
                    let slope = self.multiply(b, power);
                    passed.push((a, self.times_slope(adjoint, slope)));
                }
                if depends[b] {
                    let log = self.apply(Function::Log, a);
                    let slope = self.multiply(value, log);
                    passed.push((b, self.times_slope(adjoint, slope)));
                }
            }
            Operation::Choose { less, than, then, otherwise } => {
                let zero = self.constant(0.0);
                passed.push((then, adjoint.at(self.choose(less, than, adjoint.place, zero)).or_none()));
                passed.push((otherwise, adjoint.at(self.choose(less, than, zero, adjoint.place)).or_none()));
            }
        }
        passed.retain(|(operand, _)| depends[*operand]);
        passed
    }

    /// An adjoint times the slope of a function that may be infinite, as that of √x is at 0.
    fn times_slope(&mut self, adjoint: Adjoint, slope: Place) -> Adjoint {
        adjoint.at(self.weigh(adjoint.place, slope))
    }

    /// An adjoint times a factor.
    fn times(&mut self, adjoint: Adjoint, factor: Place) -> Adjoint {
        if adjoint.may_be_none {
            return self.times_slope(adjoint, factor);
        }
        adjoint.at(self.multiply(adjoint.place, factor))
    }

    /// The derivative of a function at a, where its value is at `f`.
    fn slope_of(&mut self, function: Function, a: Place, f: Place) -> Place {
        let one = self.constant(1.0);
        match function {
            Function::Abs => self.apply(Function::Sign, a),
            Function::Sqrt => {
                let half = self.constant(0.5);
                self.divide(half, f)
            }
            Function::Exp => f,
            Function::Log => self.divide(one, a),
            Function::Sin => self.apply(Function::Cos, a),
            Function::Cos => {
                let sine = self.apply(Function::Sin, a);
                self.negate(sine)
            }
            Function::Tan => {
                let square = self.multiply(f, f);
                self.add(one, square)
            }
            Function::Tanh => {
                let square = self.multiply(f, f);
                self.subtract(one, square)
            }
            Function::Cosh => self.apply(Function::Sinh, a),
            Function::Sinh => self.apply(Function::Cosh, a),
            Function::LogCosh => self.apply(Function::Tanh, a),
            Function::Softplus => self.apply(Function::Sigmoid, a),
            Function::Sigmoid => {
                // 1 − σ(a), without its cancellation for large a.
                let negative = self.negate(a);
                let rest = self.apply(Function::Sigmoid, negative);
                self.multiply(f, rest)
            }
            Function::Relu => {
                let zero = self.constant(0.0);
                self.choose(zero, a, one, zero)
            }
            Function::Sign => self.constant(0.0),
        }
    }
}
