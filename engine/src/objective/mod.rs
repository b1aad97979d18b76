//! Objectives: the functions that descent minimizes.
//!
//! Capabilities are separate traits, [`Value`], [`Gradient`], [`HessianVectorProduct`] and
//! [`DenseHessian`]; [`Objective`] ties them together. Points and results are filled in place.
//! Every function answers at every finite point; where it overflows, the result is not finite and
//! descent ends the run.
//!
//! To add one: write its file, with its [`Entry`] beside it, and add the entry's line to the
//! catalogue.

mod catalogue;
mod cosh;
mod double_well;
mod exp_minus_linear;
mod expression;
mod flatland_toy;
mod formula;
mod himmelblau;
mod log_cosh;
mod logistic;
mod matrix_factorization;
mod minimalist;
pub mod network;
mod of_product;
mod phase_retrieval;
mod planar;
mod power;
mod product;
mod quadratic;
mod river;
mod rosenbrock;
mod scalar_factorization;
mod separable;
mod soft_factorization;
mod soft_loss;

pub(crate) use catalogue::install_formulas;
pub use catalogue::{GIVEN, NETWORK};
pub use catalogue::{catalogue, find, groups, install_networks, networks};
pub use expression::expression;

use nalgebra::{DMatrix, DVector};

use crate::column::Column;
use crate::spec::{Description, ParameterKind};
use crate::spec::{FieldError, ParameterValue, Spec, complete_spec};
use crate::spectrum::{self, Precision, Tracking};

/// The most variables an objective may have.
pub const MAX_DIMENSION: usize = 64;

/// A function f: ℝⁿ → ℝ.
pub trait Value {
    /// The number n of variables.
    fn dimension(&self) -> usize;

    /// f(x).
    fn value(&self, x: &DVector<f64>) -> f64;
}

/// A function with a gradient.
pub trait Gradient: Value {
    /// Fills `gradient`, of length n, with ∇f(x).
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>);
}

/// A function whose Hessian can be applied to a vector.
pub trait HessianVectorProduct: Value {
    /// Fills `product`, of length n, with ∇²f(x)·v.
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>);
}

/// A function whose Hessian can be written down.
pub trait DenseHessian: Value {
    /// Fills `hessian`, n × n, with the symmetric matrix ∇²f(x).
    fn hessian(&self, x: &DVector<f64>, hessian: &mut DMatrix<f64>);
}

/// Everything that descent and its records ask for.
pub trait Objective: Gradient + HessianVectorProduct + DenseHessian + Send {
    /// Where descent starts if an experiment gives no start and the objective draws one from its
    /// seed.
    fn drawn_start(&self) -> Option<DVector<f64>> {
        None
    }

    /// What follows the spectrum along a run by Hessian-vector products; None where the Hessian is
    /// written down.
    fn tracking(&self, _precision: Precision) -> Option<Box<dyn Tracking>> {
        None
    }

    /// A column that only some objectives have, at x; NaN where this one does not.
    fn own_column(&self, _column: Column, _x: &DVector<f64>) -> f64 {
        f64::NAN
    }

    /// The norm of the part of a vector, such as the gradient, that belongs to layer l = 1…L of a
    /// network; NaN where there is no such layer.
    fn layer_norm(&self, _vector: &DVector<f64>, _layer: usize) -> f64 {
        f64::NAN
    }

    /// This objective as a network, if it is one.
    fn as_network(&self) -> Option<&network::Network> {
        None
    }

    /// The infimum of f, where it is known.
    fn minimum(&self) -> Option<f64>;

    /// The least sharpness among the points where f attains its minimum, where it is known.
    ///
    /// None also where f attains it nowhere, or has no second derivative there.
    fn flattest_sharpness(&self) -> Option<f64>;

    /// The part of a formula that is not a number at x, or has no derivative there, for a sentence;
    /// None where there is none, or no formula.
    fn part_without_derivative(&self, _x: &DVector<f64>) -> Option<String> {
        None
    }

    /// The sharpness at x: the algebraically largest eigenvalue λ₁ of ∇²f(x).
    ///
    /// `workspace` is n × n and is overwritten. NaN where the Hessian is not finite; an objective
    /// whose curvature is unbounded at a point says +∞ there.
    fn sharpness(&self, x: &DVector<f64>, workspace: &mut DMatrix<f64>) -> f64 {
        self.hessian(x, workspace);
        spectrum::largest_eigenvalue(workspace)
    }

    /// f(x), and λ₁ as [`Objective::sharpness`] has it if a workspace is given, else NaN; fills
    /// `gradient` with ∇f(x).
    ///
    /// What a record needs, found through the table of virtual functions once: that is a tenth of a
    /// recorded step in WebAssembly.
    fn measure(
        &self,
        x: &DVector<f64>,
        gradient: &mut DVector<f64>,
        workspace: Option<&mut DMatrix<f64>>,
    ) -> (f64, f64) {
        let loss = self.value(x);
        self.gradient(x, gradient);
        (loss, workspace.map_or(f64::NAN, |workspace| self.sharpness(x, workspace)))
    }
}

/// How many variables an objective has.
#[derive(Clone, Copy, Debug)]
pub enum Dimension {
    /// Always this many.
    Fixed(usize),

    /// As many as the start has, up to `max`.
    Any {
        /// The most variables.
        max: usize,
    },

    /// As many as the list in this parameter has.
    FromParameter(&'static str),

    /// A number that follows from the length of the list in this parameter.
    FromLength {
        /// The parameter's key.
        parameter: &'static str,
        /// From the length to the number of variables.
        dimension: fn(usize) -> usize,
    },

    /// A number that follows from the text in this parameter.
    FromText {
        /// The parameter's key.
        parameter: &'static str,
        /// From the text, which is valid, to the number of variables.
        dimension: fn(&str) -> usize,
    },

    /// A number that is known once the objective is built; without a start it draws one.
    Drawn,

    /// As many as the start has, up to `max`, if it divides the list in this parameter into points
    /// without a rest.
    Dividing {
        /// The parameter's key.
        parameter: &'static str,
        /// The most variables.
        max: usize,
    },
}

/// An objective in the catalogue.
pub struct Entry {
    /// What it says about itself.
    pub description: &'static Description,

    /// How many variables it has.
    pub dimension: Dimension,

    /// The start where an experiment gives none.
    pub default_start: &'static [f64],

    /// The part of the plane to show first, `[x_min, x_max, y_min, y_max]`; for one variable, x and
    /// the loss.
    pub view: [f64; 4],

    /// A constant step size that shows the phenomenon from the default start.
    pub constant_step: f64,

    pub(crate) build: Build,
}

/// An objective, or why there is none.
pub(crate) type Built = Result<Box<dyn Objective>, FieldError>;

/// How an objective is built from a spec that is complete and valid.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// For a start of so many variables.
    Direct(fn(&Spec, usize) -> Box<dyn Objective>),

    /// The same, where it may be missing what reads the text that the objective is made of.
    Read(fn(&Spec, usize) -> Built),

    /// From what is drawn from the experiment's seed, and from files, which may be missing.
    Drawn(fn(&Spec, u64) -> Built),
}

impl Entry {
    /// Builds the objective that `spec` describes for points of `dimension` variables.
    ///
    /// # Errors
    ///
    /// If the spec names another objective, has an unknown or invalid parameter, or does not fit
    /// the dimension.
    pub fn build(&self, spec: &Spec, dimension: usize) -> Result<Box<dyn Objective>, FieldError> {
        self.build_with_seed(spec, dimension, 0)
    }

    /// The same, where the objective may draw something from `seed`; a `dimension` of 0 stands for
    /// that of a start that is drawn too.
    ///
    /// # Errors
    ///
    /// As [`Entry::build`], and if data that the objective is made of are not at hand.
    pub fn build_with_seed(&self, spec: &Spec, dimension: usize, seed: u64) -> Result<Box<dyn Objective>, FieldError> {
        let spec = complete_spec(spec, self.description, "objective")?;
        self.check_dimension(&spec, dimension)?;
        match self.build {
            Build::Direct(build) => Ok(build(&spec, dimension)),
            Build::Read(build) => build(&spec, dimension),
            Build::Drawn(build) => {
                let objective = build(&spec, seed)?;
                let expected = objective.dimension();
                if dimension == 0 || dimension == expected {
                    return Ok(objective);
                }
                Err(FieldError::dimension(self.description.name, &expected.to_string(), dimension))
            }
        }
    }

    /// Builds the objective with its default parameters for its default start.
    ///
    /// # Errors
    ///
    /// None, if the entry is consistent.
    pub fn build_default(&self) -> Result<Box<dyn Objective>, FieldError> {
        self.build(&Spec::new(self.description.name), self.default_start.len())
    }

    /// The start to use for `spec` where none is given: the default, repeated to the length a list
    /// parameter asks for.
    #[must_use]
    pub fn start_for(&self, spec: &Spec) -> Vec<f64> {
        let dimension = match self.dimension {
            Dimension::Fixed(_) | Dimension::Any { .. } | Dimension::Dividing { .. } => self.default_start.len(),
            Dimension::Drawn => 0,
            Dimension::FromParameter(key) => self.length_of(spec, key),
            Dimension::FromLength { parameter, dimension } => dimension(self.length_of(spec, parameter)),
            Dimension::FromText { parameter, dimension } => dimension(self.text_of(spec, parameter)),
        };
        self.default_start.iter().cycle().take(dimension).copied().collect()
    }

    pub(crate) fn check_dimension(&self, spec: &Spec, dimension: usize) -> Result<(), FieldError> {
        let (valid, expected) = match self.dimension {
            Dimension::Fixed(n) => (dimension == n, n.to_string()),
            Dimension::Drawn => (true, String::new()),
            Dimension::Any { max } => ((1..=max).contains(&dimension), format!("1 to {max}")),
            Dimension::FromParameter(key) => {
                let n = self.length_of(spec, key);
                (dimension == n, n.to_string())
            }
            Dimension::FromLength { parameter, dimension: from_length } => {
                let n = from_length(self.length_of(spec, parameter));
                (dimension == n, n.to_string())
            }
            Dimension::FromText { parameter, dimension: from_text } => {
                let n = from_text(self.text_of(spec, parameter));
                (dimension == n, n.to_string())
            }
            Dimension::Dividing { parameter, max } => {
                let length = self.length_of(spec, parameter);
                let divides = (1..=max).contains(&dimension) && length.is_multiple_of(dimension);
                (divides, format!("1 to {max} (dividing the {length} of \"{parameter}\")"))
            }
        };
        if valid { Ok(()) } else { Err(FieldError::dimension(self.description.name, &expected, dimension)) }
    }

    fn text_of<'a>(&self, spec: &'a Spec, key: &str) -> &'a str {
        match (spec.parameters.get(key), self.description.parameter(key).map(|parameter| parameter.kind)) {
            (Some(ParameterValue::Text(text)), _) => text,
            (_, Some(ParameterKind::Text { default, .. })) => default,
            _ => "",
        }
    }

    fn length_of(&self, spec: &Spec, key: &str) -> usize {
        match spec.parameters.get(key) {
            Some(ParameterValue::Numbers(numbers)) => numbers.len(),
            _ => match self.description.parameter(key).map(|parameter| parameter.kind) {
                Some(ParameterKind::Numbers { default, .. }) => default.len(),
                _ => self.default_start.len(),
            },
        }
    }
}
