//! A function with its first and second derivatives, as one program.

use super::{Builder, Place, Program};

/// A program of f, ∇f and ∇²f, one stage each.
#[derive(Clone, Debug)]
pub struct Derivatives {
    /// The operations.
    pub program: Program,

    /// Where f stands.
    pub value: Place,

    /// Where ∇f stands: n places.
    pub gradient: Vec<Place>,

    /// Where ∇²f stands: n × n places, column by column; the two of a pair are one.
    pub hessian: Vec<Place>,
}

impl Derivatives {
    /// Differentiates the first result of a program by all of its inputs; without a result f is
    /// NaN.
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let n = program.inputs;
        let mut builder = Builder::new(n);
        let variables: Vec<Place> = (0..n).collect();
        let value = builder.copy(program, &variables).first().copied();
        let value = value.unwrap_or_else(|| builder.constant(f64::NAN));
        let (gradient, triangle) = builder.derivatives(value, &variables);
        let program = builder.staged(&[&[value], &gradient, &triangle]);
        let (gradient, triangle) = program.results[1..].split_at(n);
        let mut hessian = vec![0; n * n];
        let mut places = triangle.iter();
        for row in 0..n {
            for (column, place) in (row..n).zip(&mut places) {
                hessian[row * n + column] = *place;
                hessian[column * n + row] = *place;
            }
        }
        Self { value: program.results[0], gradient: gradient.to_vec(), hessian, program }
    }
}
