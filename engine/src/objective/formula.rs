//! A formula that somebody has typed, as an objective.

use std::cell::RefCell;

use nalgebra::{DMatrix, DVector};

use super::{DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, Objective, Value};
use crate::description::{Description, Parameter, ParameterKind};
use crate::experiment::ParameterValue;
use crate::formula::Formula;
use crate::program::{Builder, Evaluator, Place, weighed};
use crate::spectrum::{self, closed};

const DEFAULT: &str = "f(x, y) = (a - x)^2 + b*(y - x^2)^2; a = 1 [-1, 2]; b = 5 [0, 20]";

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "formula",
        title: "Your own formula",
        short: "formula",
        latex: r"f(x_1, \ldots, x_n) = \text{what you type}",
        summary: "Operators + - * / ^; abs sqrt exp log sin cos tan tanh cosh sinh logcosh softplus sigmoid relu min max sum; pi and \
                  e. After a semicolon, a = 1 [0, 2] makes a parameter with a slider. Derivatives are exact.",
        source: "Symbolic reverse accumulation: Griewank & Walther, 2008",
        parameters: &[Parameter {
            key: "expression",
            symbol: "f",
            help: "the formula, with its variables and parameters",
            kind: ParameterKind::Text { default: DEFAULT, check },
        }],
    },
    dimension: Dimension::FromText { parameter: "expression", dimension },
    default_start: &[-0.5, 1.0],
    view: [-2.0, 2.0, -1.5, 2.5],
    constant_step: 0.05,
    build: |spec, dimension| {
        let text = match spec.parameters.get("expression") {
            Some(ParameterValue::Text(text)) => text.as_str(),
            _ => DEFAULT,
        };
        Box::new(Typed::new(Formula::parse(text).ok(), dimension))
    },
};

fn check(text: &str) -> Result<(), (String, String)> {
    match Formula::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err((error.expected, format!("{} at column {}", error.found, error.column))),
    }
}

fn dimension(text: &str) -> usize {
    Formula::parse(text).map_or(1, |formula| formula.variables.len())
}

/// The stages of a program of f with its derivatives.
const VALUE: usize = 0;
const GRADIENT: usize = 1;
const HESSIAN: usize = 2;

struct Typed {
    /// f, ∇f and ∇²f are mostly asked for at one point after the other, of which the evaluator makes one run.
    evaluator: RefCell<Evaluator>,

    /// Where f stands.
    value: Place,

    /// Where ∇f stands.
    gradient: Vec<Place>,

    /// Where the upper triangle of ∇²f stands, row by row.
    hessian: Vec<Place>,
}

impl Typed {
    /// The formula is None only for a text that was never checked; then f is NaN everywhere.
    fn new(formula: Option<Formula>, dimension: usize) -> Self {
        let mut builder = Builder::new(dimension);
        let variables: Vec<Place> = (0..dimension).collect();
        let value = match &formula {
            Some(formula) => builder.copy(formula.program(), &variables)[0],
            None => builder.constant(f64::NAN),
        };
        let (gradient, hessian) = builder.derivatives(value, &variables);
        let program = builder.staged(&[&[value], &gradient, &hessian]);
        let (gradient, hessian) = program.results[1..].split_at(dimension);
        Self {
            value: program.results[0],
            gradient: gradient.to_vec(),
            hessian: hessian.to_vec(),
            evaluator: RefCell::new(Evaluator::new(program)),
        }
    }

    /// λ₁ of one or two variables, from the numbers after the last stage.
    fn closed_form(&self, numbers: &[f64]) -> Option<f64> {
        match *self.hessian {
            [xx] => Some(closed::largest_of_1x1(numbers[xx])),
            [xx, xy, yy] => Some(closed::largest_of_2x2(numbers[xx], numbers[xy], numbers[yy])),
            _ => None,
        }
    }
}

impl Value for Typed {
    fn dimension(&self) -> usize {
        self.gradient.len()
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        self.evaluator.borrow_mut().at(x.as_slice(), VALUE)[self.value]
    }
}

impl Gradient for Typed {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        let evaluator = &mut *self.evaluator.borrow_mut();
        let numbers = evaluator.at(x.as_slice(), GRADIENT);
        for (slope, place) in gradient.iter_mut().zip(&self.gradient) {
            *slope = numbers[*place];
        }
    }
}

impl HessianVectorProduct for Typed {
    /// By the Hessian: it shares so much with f and ∇f that no sweep of its own would cost less.
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        let evaluator = &mut *self.evaluator.borrow_mut();
        let numbers = evaluator.at(x.as_slice(), HESSIAN);
        product.fill(0.0);
        let mut places = self.hessian.iter();
        for row in 0..self.dimension() {
            for (column, place) in (row..self.dimension()).zip(&mut places) {
                product[row] += weighed(v[column], numbers[*place]);
                if column > row {
                    product[column] += weighed(v[row], numbers[*place]);
                }
            }
        }
    }
}

impl DenseHessian for Typed {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let evaluator = &mut *self.evaluator.borrow_mut();
        let numbers = evaluator.at(x.as_slice(), HESSIAN);
        let mut places = self.hessian.iter();
        for row in 0..self.dimension() {
            for (column, place) in (row..self.dimension()).zip(&mut places) {
                hessian[(row, column)] = numbers[*place];
                hessian[(column, row)] = numbers[*place];
            }
        }
    }
}

impl Objective for Typed {
    fn minimum(&self) -> Option<f64> {
        None
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        None
    }

    fn sharpness(&self, x: &DVector<f64>, workspace: &mut DMatrix<f64>) -> f64 {
        let closed_form = {
            let evaluator = &mut *self.evaluator.borrow_mut();
            self.closed_form(evaluator.at(x.as_slice(), HESSIAN))
        };
        closed_form.unwrap_or_else(|| {
            self.hessian(x, workspace);
            spectrum::largest_eigenvalue(workspace)
        })
    }

    /// All stages in one go.
    fn measure(
        &self,
        x: &DVector<f64>,
        gradient: &mut DVector<f64>,
        workspace: Option<&mut DMatrix<f64>>,
    ) -> (f64, f64) {
        let (value, closed_form) = {
            let evaluator = &mut *self.evaluator.borrow_mut();
            let numbers = evaluator.at(x.as_slice(), if workspace.is_some() { HESSIAN } else { GRADIENT });
            for (slope, place) in gradient.iter_mut().zip(&self.gradient) {
                *slope = numbers[*place];
            }
            (numbers[self.value], workspace.is_some().then(|| self.closed_form(numbers)).flatten())
        };
        let sharpness = closed_form.or_else(|| workspace.map(|workspace| self.sharpness(x, workspace)));
        (value, sharpness.unwrap_or(f64::NAN))
    }
}
