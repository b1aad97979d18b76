//! Derivatives: reverse accumulation that writes operations instead of numbers (Griewank & Walther, 2008, chapter 6).

use super::builder::Node;
use super::{Builder, Function, Operation, Place};

impl Builder {
    /// The places of ∂result/∂xᵢ for each of the `variables`, which are inputs.
    ///
    /// At a kink the derivative is that of the branch taken, and 0 for |x| and relu at 0.
    pub fn gradient(&mut self, result: Place, variables: &[Place]) -> Vec<Place> {
        let depends = self.dependence(result, variables);
        let mut adjoints: Vec<Option<Place>> = vec![None; result + 1];
        adjoints[result] = Some(self.constant(1.0));
        for place in (0..=result).rev() {
            let (Some(adjoint), Node::Operation(operation)) = (adjoints[place], self.node(place)) else { continue };
            for (operand, slope) in self.slopes(operation, place, adjoint, &depends) {
                adjoints[operand] = Some(match adjoints[operand] {
                    Some(sum) => self.add(sum, slope),
                    None => slope,
                });
            }
        }
        let zero = self.constant(0.0);
        variables.iter().map(|variable| adjoints.get(*variable).copied().flatten().unwrap_or(zero)).collect()
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

    /// What an operation passes on to the operands that depend on a variable: its adjoint times the partial derivative.
    fn slopes(&mut self, operation: Operation, value: Place, adjoint: Place, depends: &[bool]) -> Vec<(Place, Place)> {
        let mut passed = Vec::new();
        match operation {
            Operation::Add(a, b) => passed.extend([(a, adjoint), (b, adjoint)]),
            Operation::Subtract(a, b) => {
                let negative = self.negate(adjoint);
                passed.extend([(a, adjoint), (b, negative)]);
            }
            Operation::Multiply(a, b) if a == b => {
                let two = self.constant(2.0);
                let double = self.multiply(two, a);
                passed.push((a, self.multiply(adjoint, double)));
            }
            Operation::Multiply(a, b) => {
                if depends[a] {
                    passed.push((a, self.multiply(adjoint, b)));
                }
                if depends[b] {
                    passed.push((b, self.multiply(adjoint, a)));
                }
            }
            Operation::Divide(a, b) => {
                let to_a = self.divide(adjoint, b);
                passed.push((a, to_a));
                if depends[b] {
                    let product = self.multiply(to_a, value);
                    passed.push((b, self.negate(product)));
                }
            }
            Operation::Negate(a) => passed.push((a, self.negate(adjoint))),
            Operation::Apply(function, a) => {
                let slope = self.slope_of(function, a, value);
                passed.push((a, self.multiply(adjoint, slope)));
            }
            Operation::Power(a, b) => {
                if depends[a] {
                    let one = self.constant(1.0);
                    let lower = self.subtract(b, one);
                    let power = self.power(a, lower);
                    let slope = self.multiply(b, power);
                    passed.push((a, self.multiply(adjoint, slope)));
                }
                if depends[b] {
                    let log = self.apply(Function::Log, a);
                    let slope = self.multiply(value, log);
                    passed.push((b, self.multiply(adjoint, slope)));
                }
            }
            Operation::Choose { less, than, then, otherwise } => {
                let zero = self.constant(0.0);
                passed.push((then, self.choose(less, than, adjoint, zero)));
                passed.push((otherwise, self.choose(less, than, zero, adjoint)));
            }
        }
        passed.retain(|(operand, _)| depends[*operand]);
        passed
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
            Function::Softplus => {
                let negative = self.negate(a);
                let exp = self.apply(Function::Exp, negative);
                let sum = self.add(one, exp);
                self.divide(one, sum)
            }
            Function::Relu => {
                let zero = self.constant(0.0);
                self.choose(zero, a, one, zero)
            }
            Function::Sign => self.constant(0.0),
        }
    }
}
