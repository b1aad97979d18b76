//! A formula that somebody has typed, as an objective.

use std::cell::{Cell, OnceCell, RefCell};

use nalgebra::{DMatrix, DVector};

use super::{DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, Objective, Value};
use crate::description::{Description, Parameter, ParameterKind};
use crate::experiment::ParameterValue;
use crate::formula::Formula;
use crate::program::{Compiled, Derivatives, Evaluator, Place, Program, Routine, compile, weighed};
use crate::spectrum;

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

/// After so many runs of the interpreter the formula is compiled, if it can be: what is looked at once is not worth it.
const HOT: u32 = 5_000;

struct Typed {
    derivatives: Derivatives,

    /// f, ∇f and ∇²f are mostly asked for at one point after the other, of which the evaluator makes one run.
    evaluator: RefCell<Evaluator>,

    /// How often it has been asked.
    asked: Cell<u32>,

    /// What takes the interpreter's place.
    compiled: OnceCell<Compiled>,
}

impl Typed {
    /// The formula is None only for a text that was never checked; then f is NaN everywhere.
    fn new(formula: Option<Formula>, dimension: usize) -> Self {
        let nothing = Program { inputs: dimension, ..Program::default() };
        let derivatives = Derivatives::of(formula.as_ref().map_or(&nothing, Formula::program));
        Self {
            evaluator: RefCell::new(Evaluator::new(derivatives.program.clone())),
            derivatives,
            asked: Cell::new(0),
            compiled: OnceCell::new(),
        }
    }

    /// What the interpreter finds at x up to a stage, by place.
    #[inline]
    fn interpret<T>(&self, x: &DVector<f64>, stage: usize, read: impl FnOnce(&[f64]) -> T) -> T {
        let asked = self.asked.get().saturating_add(1);
        self.asked.set(asked);
        if asked == HOT
            && let Some(compiled) = compile(&self.derivatives)
        {
            self.compiled.get_or_init(|| compiled);
        }
        read(self.evaluator.borrow_mut().at(x.as_slice(), stage))
    }
}

/// Copies the numbers at some places.
#[inline]
fn copy(numbers: &[f64], places: &[Place], to: &mut [f64]) {
    for (number, place) in to.iter_mut().zip(places) {
        *number = numbers[*place];
    }
}

impl Value for Typed {
    fn dimension(&self) -> usize {
        self.derivatives.gradient.len()
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        match self.compiled.get() {
            Some(compiled) => compiled.run(Routine::Value, x.as_slice(), &mut [], &mut []),
            None => self.interpret(x, VALUE, |numbers| numbers[self.derivatives.value]),
        }
    }
}

impl Gradient for Typed {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        let gradient = gradient.as_mut_slice();
        match self.compiled.get() {
            Some(compiled) => {
                compiled.run(Routine::Gradient, x.as_slice(), gradient, &mut []);
            }
            None => self.interpret(x, GRADIENT, |numbers| copy(numbers, &self.derivatives.gradient, gradient)),
        }
    }
}

impl HessianVectorProduct for Typed {
    /// By the Hessian, which shares so much with f and ∇f that no sweep of its own would cost less; and by the interpreter, which
    /// computes it once for all products at a point.
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        let evaluator = &mut *self.evaluator.borrow_mut();
        let numbers = evaluator.at(x.as_slice(), HESSIAN);
        product.fill(0.0);
        for (column, factor) in self.derivatives.hessian.chunks(self.dimension()).zip(v.iter()) {
            for (sum, place) in product.iter_mut().zip(column) {
                *sum += weighed(*factor, numbers[*place]);
            }
        }
    }
}

impl DenseHessian for Typed {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let hessian = hessian.as_mut_slice();
        match self.compiled.get() {
            Some(compiled) => {
                compiled.run(Routine::Hessian, x.as_slice(), &mut [], hessian);
            }
            None => self.interpret(x, HESSIAN, |numbers| copy(numbers, &self.derivatives.hessian, hessian)),
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
        self.hessian(x, workspace);
        spectrum::largest_eigenvalue(workspace)
    }

    /// In one go.
    fn measure(
        &self,
        x: &DVector<f64>,
        gradient: &mut DVector<f64>,
        workspace: Option<&mut DMatrix<f64>>,
    ) -> (f64, f64) {
        let gradient = gradient.as_mut_slice();
        let Derivatives { value, gradient: slopes, hessian, .. } = &self.derivatives;
        match (self.compiled.get(), workspace) {
            (Some(compiled), None) => {
                (compiled.run(Routine::ValueAndGradient, x.as_slice(), gradient, &mut []), f64::NAN)
            }
            (Some(compiled), Some(workspace)) => {
                let value = compiled.run(Routine::All, x.as_slice(), gradient, workspace.as_mut_slice());
                (value, spectrum::largest_eigenvalue(workspace))
            }
            (None, workspace) => {
                let stage = if workspace.is_some() { HESSIAN } else { GRADIENT };
                self.interpret(x, stage, |numbers| {
                    copy(numbers, slopes, gradient);
                    let sharpness = workspace.map_or(f64::NAN, |workspace| {
                        copy(numbers, hessian, workspace.as_mut_slice());
                        spectrum::largest_eigenvalue(workspace)
                    });
                    (numbers[*value], sharpness)
                })
            }
        }
    }
}
