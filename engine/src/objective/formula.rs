//! A formula that somebody has typed, as an objective.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::OnceLock;

use nalgebra::{DMatrix, DVector};

use super::{Build, DenseHessian, Dimension, Entry, Gradient, HessianVectorProduct, Objective, Value};
use crate::formula::{self, Formula};
use crate::program::{
    Compiled, Derivatives, Evaluator, Function, Operation, Place, Program, Routine, Singular, compile, derivatives_at,
    text_of, weighed,
};
use crate::spec::{Description, ErrorKind, FieldError, Parameter, ParameterKind, ParameterValue};
use crate::spectrum;

const DEFAULT: &str = "f(x, y) = (a - x)^2 + b*(y - x^2)^2; a = 1 [-1, 2]; b = 5 [0, 20]";

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "formula",
        title: "Your own formula",
        short: "formula",
        latex: Description::tex(r"f(x_1, \ldots, x_n) = \text{what you type}"),
        summary: "Operators + - * / ^; abs sqrt exp log sin cos tan tanh cosh sinh logcosh softplus sigmoid relu min max sum; pi and \
                  e. After a semicolon, a = 1 [0, 2] makes a parameter with a slider. Derivatives are exact, also where only a part of the \
                  formula has none; at a kink (abs, sign, relu, min, max) they are the mean of both sides.",
        source: "Symbolic reverse accumulation: Griewank & Walther, 2008",
        parameters: &[Parameter {
            key: "expression",
            symbol: "f",
            help: "the formula, with its variables and parameters",
            order: None,
            kind: ParameterKind::Text { default: DEFAULT, check },
        }],
    },
    dimension: Dimension::FromText { parameter: "expression", dimension },
    default_start: &[-0.5, 1.0],
    view: [-2.0, 2.0, -1.5, 2.5],
    constant_step: 0.05,
    build: Build::Read(|spec, dimension| {
        let text = match spec.parameters.get("expression") {
            Some(ParameterValue::Text(text)) => text.as_str(),
            _ => DEFAULT,
        };
        if !formula::ARE_DEFERRED {
            install();
        }
        let Some(build) = BUILD.get() else {
            let (expected, found) = ("what computes formulas to be there", "that it is still to be fetched");
            return Err(FieldError::new(ErrorKind::Missing, "objective", expected, found, "try again"));
        };
        Ok(build(Formula::parse(text).ok(), dimension))
    }),
};

/// Makes an objective of a formula for points of so many variables.
type FromFormula = fn(Option<Formula>, usize) -> Box<dyn Objective>;

static BUILD: OnceLock<FromFormula> = OnceLock::new();

/// Has formulas computed from now on, where that is deferred.
pub(super) fn install() {
    formula::install();
    BUILD.get_or_init(|| |formula, dimension| Box::new(Typed::new(formula, dimension)));
}

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

/// After so many runs of the interpreter the formula is compiled, if it can be: what is looked at
/// once is not worth it.
const HOT: u32 = 5_000;

struct Typed {
    /// f alone.
    function: Program,

    /// The names of its variables.
    names: Vec<String>,

    derivatives: Derivatives,

    /// f, ∇f and ∇²f are mostly asked for at one point after the other, of which the evaluator
    /// makes one run.
    evaluator: RefCell<Evaluator>,

    /// Whether derivatives may be finite where f is not, as that of log x is for x < 0.
    has_partial_domain: bool,

    /// The last point where symbolic derivatives were of no use, and what was found there.
    singular: RefCell<Option<(Vec<f64>, Singular)>>,

    /// How often it has been asked.
    asked: Cell<u32>,

    /// What takes the interpreter's place.
    compiled: OnceCell<Compiled>,
}

impl Typed {
    /// The formula is None only for a text that was never checked; then f is NaN everywhere.
    fn new(formula: Option<Formula>, dimension: usize) -> Self {
        let (function, names) = match formula {
            Some(formula) => (formula.program().clone(), formula.variables),
            None => (Program { inputs: dimension, ..Program::default() }, Vec::new()),
        };
        let derivatives = Derivatives::of(&function);
        Self {
            evaluator: RefCell::new(Evaluator::new(derivatives.program.clone())),
            derivatives,
            has_partial_domain: function.operations.iter().any(has_partial_domain),
            function,
            names,
            singular: RefCell::new(None),
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

    /// Puts derivatives right where symbols cannot: outside of the domain of f they are NaN, and
    /// where a part of f has no derivative they are those of the whole.
    #[inline(always)]
    fn settle(&self, x: &DVector<f64>, value: f64, gradient: &mut [f64], hessian: &mut [f64]) {
        // 0 times what is finite is 0: one comparison tells of all numbers that there is nothing to
        // do.
        let zero = gradient.iter().chain(&*hessian).fold(0.0 * value, |zero, entry| zero + 0.0 * entry);
        if zero.is_nan() {
            self.put_right(x, value, gradient, hessian);
        }
    }

    /// See [`Self::settle`]: where something is not finite.
    #[cold]
    #[inline(never)]
    fn put_right(&self, x: &DVector<f64>, value: f64, gradient: &mut [f64], hessian: &mut [f64]) {
        if !value.is_finite() {
            gradient.fill(f64::NAN);
            hessian.fill(f64::NAN);
            return;
        }
        // Each for itself: a gradient is the same whether or not the Hessian is asked for, too.
        if gradient.iter().any(|entry| entry.is_nan()) {
            self.expand(x, |singular| gradient.copy_from_slice(&singular.gradient));
        }
        if hessian.iter().any(|entry| entry.is_nan()) {
            self.expand(x, |singular| hessian.copy_from_slice(&singular.hessian));
        }
    }

    /// The derivatives by expansion at x, where f is finite.
    #[cold]
    fn expand<T>(&self, x: &DVector<f64>, read: impl FnOnce(&Singular) -> T) -> T {
        let mut known = self.singular.borrow_mut();
        match &*known {
            Some((point, singular)) if point == x.as_slice() => read(singular),
            _ => {
                let found =
                    known.insert((x.as_slice().to_vec(), derivatives_at(&self.function, x.len(), x.as_slice())));
                read(&found.1)
            }
        }
    }
}

/// Whether an operation leaves the real numbers, or grows beyond all of them, for some numbers.
fn has_partial_domain(operation: &Operation) -> bool {
    use Function::{Cosh, Exp, Log, Sinh, Sqrt, Tan};
    matches!(
        operation,
        Operation::Divide(..) | Operation::Power(..) | Operation::Apply(Cosh | Exp | Log | Sinh | Sqrt | Tan, _)
    )
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
        let value = match self.compiled.get() {
            Some(compiled) if self.has_partial_domain => {
                compiled.run(Routine::ValueAndGradient, x.as_slice(), gradient, &mut [])
            }
            Some(compiled) => {
                compiled.run(Routine::Gradient, x.as_slice(), gradient, &mut []);
                0.0
            }
            None => self.interpret(x, GRADIENT, |numbers| {
                copy(numbers, &self.derivatives.gradient, gradient);
                numbers[self.derivatives.value]
            }),
        };
        self.settle(x, value, gradient, &mut []);
    }
}

impl HessianVectorProduct for Typed {
    /// By the Hessian, which shares so much with f and ∇f that no sweep of its own would cost less;
    /// and by the interpreter, which computes it once for all products at a point.
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        let n = self.dimension();
        let Derivatives { value, hessian, .. } = &self.derivatives;
        let times = |product: &mut DVector<f64>, entry: &dyn Fn(usize) -> f64| {
            product.fill(0.0);
            for (column, factor) in v.iter().enumerate() {
                for (row, sum) in product.iter_mut().enumerate() {
                    *sum += weighed(*factor, entry(column * n + row));
                }
            }
        };
        let evaluator = &mut *self.evaluator.borrow_mut();
        let numbers = evaluator.at(x.as_slice(), HESSIAN);
        if !numbers[*value].is_finite() {
            product.fill(f64::NAN);
        } else if hessian.iter().any(|place| numbers[*place].is_nan()) {
            self.expand(x, |singular| times(product, &|entry| singular.hessian[entry]));
        } else {
            times(product, &|entry| numbers[hessian[entry]]);
        }
    }
}

impl DenseHessian for Typed {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>) {
        let hessian = hessian.as_mut_slice();
        let value = match self.compiled.get() {
            Some(compiled) => {
                compiled.run(Routine::Hessian, x.as_slice(), &mut [], hessian);
                let is_apart = self.has_partial_domain;
                if is_apart { compiled.run(Routine::Value, x.as_slice(), &mut [], &mut []) } else { 0.0 }
            }
            None => self.interpret(x, HESSIAN, |numbers| {
                copy(numbers, &self.derivatives.hessian, hessian);
                numbers[self.derivatives.value]
            }),
        };
        self.settle(x, value, &mut [], hessian);
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

    fn part_without_derivative(&self, x: &DVector<f64>) -> Option<String> {
        let place = if self.value(x).is_nan() {
            let numbers = self.function.numbers(x.as_slice());
            let operations = (self.function.first()..).zip(&self.function.operations);
            let mut leaving = operations.filter(|(place, operation)| {
                numbers[*place].is_nan() && !operation.operands().iter().any(|operand| numbers[*operand].is_nan())
            });
            leaving.next().map(|(place, _)| place)
        } else {
            self.expand(x, |singular| singular.culprit)
        };
        place.map(|place| text_of(&self.function, place, &self.names))
    }

    /// In one go.
    fn measure(
        &self,
        x: &DVector<f64>,
        gradient: &mut DVector<f64>,
        mut workspace: Option<&mut DMatrix<f64>>,
    ) -> (f64, f64) {
        let gradient = gradient.as_mut_slice();
        let hessian: &mut [f64] = workspace.as_mut().map_or(&mut [], |workspace| workspace.as_mut_slice());
        let value = match self.compiled.get() {
            Some(compiled) => {
                let routine = if hessian.is_empty() { Routine::ValueAndGradient } else { Routine::All };
                compiled.run(routine, x.as_slice(), gradient, hessian)
            }
            None => self.interpret(x, if hessian.is_empty() { GRADIENT } else { HESSIAN }, |numbers| {
                copy(numbers, &self.derivatives.gradient, gradient);
                copy(numbers, &self.derivatives.hessian, hessian);
                numbers[self.derivatives.value]
            }),
        };
        self.settle(x, value, gradient, hessian);
        (value, workspace.map_or(f64::NAN, |workspace| spectrum::largest_eigenvalue(workspace)))
    }
}
