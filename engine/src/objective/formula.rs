//! A formula that somebody has typed, as an objective.

use std::cell::RefCell;

use nalgebra::{DMatrix, DVector};

use super::{DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, Objective, Value};
use crate::description::{Description, Parameter, ParameterKind};
use crate::experiment::ParameterValue;
use crate::formula::{Formula, MAX_VARIABLES, Tape, Workspace};

const DEFAULT: &str = "f(x, y) = (a - x)^2 + b*(y - x^2)^2; a = 1 [-1, 2]; b = 5 [0, 20]";

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "formula",
        title: "Your own formula",
        short: "formula",
        latex: r"f(x_1, \ldots, x_n) = \text{what you type}",
        summary: "Operators + - * / ^; abs sqrt exp log sin cos tan tanh cosh sinh logcosh softplus relu min max sum; pi and \
                  e. After a semicolon, a = 1 [0, 2] makes a parameter with a slider. Derivatives are exact.",
        source: "Reverse and forward-over-reverse differentiation: Pearlmutter, 1994",
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
        Box::new(Typed { formula: Formula::parse(text).ok(), dimension, swept: RefCell::default() })
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

struct Typed {
    /// None only for a text that was never checked; then f is NaN everywhere.
    formula: Option<Formula>,
    dimension: usize,
    swept: RefCell<Swept>,
}

/// The last point and what was computed there: f, ∇f and ∇²f are mostly asked for at one point after the other.
#[derive(Default)]
struct Swept {
    workspace: Workspace,

    /// None before the first point.
    value: Option<f64>,
}

impl Swept {
    /// Goes to x, unless it is there, and returns f(x).
    fn go_to(&mut self, x: &[f64], tape: &Tape) -> f64 {
        match self.value {
            Some(value) if tape.is_at(x, &self.workspace) => value,
            _ => *self.value.insert(tape.value(x, &mut self.workspace)),
        }
    }
}

impl Typed {
    /// What `compute` makes of the tape and a workspace that has been swept at x.
    fn at<T>(&self, x: &DVector<f64>, compute: impl FnOnce(&Tape, f64, &mut Workspace) -> T) -> Option<T> {
        let tape = self.formula.as_ref()?.tape();
        let swept = &mut *self.swept.borrow_mut();
        let value = swept.go_to(x.as_slice(), tape);
        Some(compute(tape, value, &mut swept.workspace))
    }
}

impl Value for Typed {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        self.at(x, |_, value, _| value).unwrap_or(f64::NAN)
    }
}

impl Gradient for Typed {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        self.at(x, |tape, _, workspace| tape.gradient_there(gradient.as_mut_slice(), workspace));
    }
}

impl HessianVectorProduct for Typed {
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        self.at(x, |tape, _, workspace| tape.product_there(v.as_slice(), product.as_mut_slice(), workspace));
    }
}

impl DenseHessian for Typed {
    /// Column by column, one Hessian-vector product each; then made symmetric to the last bit.
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let n = self.dimension;
        self.at(x, |tape, _, workspace| {
            let mut direction = [0.0; MAX_VARIABLES];
            for (column, product) in hessian.as_mut_slice().chunks_exact_mut(n).enumerate() {
                direction[column] = 1.0;
                tape.product_there(&direction[..n], product, workspace);
                direction[column] = 0.0;
            }
        });
        for row in 0..n {
            for column in 0..row {
                let mean = 0.5 * (hessian[(row, column)] + hessian[(column, row)]);
                hessian[(row, column)] = mean;
                hessian[(column, row)] = mean;
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
}
