//! From an objective of the catalogue, or a typed formula, to its programs.

use flatland_engine::experiment::Spec;
use flatland_engine::formula::{Formula, FormulaError, MAX_VARIABLES};
use flatland_engine::objective;

use super::{Builder, Differentiated, Place};

/// The most operations of the largest program: beyond it, running the engine is no slower and a
/// shader takes long to compile.
const MAX_OPERATIONS: usize = 2_000;

/// Why an objective has no programs. Maps of it are computed by the engine itself.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TranslateError {
    /// There is no closed form.
    #[error("the objective \"{0}\" has no closed form")]
    NoClosedForm(String),

    /// More variables than maps are made for.
    #[error("closed forms are used up to {max} variables, this objective has {0}", max = crate::MAX_DIMENSION)]
    Dimension(usize),

    /// The program would be too long.
    #[error("the derivatives take {0} operations, more than {MAX_OPERATIONS}")]
    TooLong(usize),

    /// The formula is not valid; a checked experiment has no such.
    #[error(transparent)]
    Formula(#[from] FormulaError),
}

/// An objective with what may differ from pixel to pixel besides x.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The objective, complete and valid.
    pub objective: &'a Spec,

    /// n.
    pub dimension: usize,

    /// The keys of parameters that are inputs, after the n variables; all others are constants.
    pub parameters: &'a [&'a str],
}

impl Differentiated {
    /// The programs of an objective.
    ///
    /// # Errors
    ///
    /// If it has no closed form or too many variables.
    pub fn new(sources: Sources<'_>) -> Result<Self, TranslateError> {
        let Sources { objective, dimension: n, .. } = sources;
        if n > crate::MAX_DIMENSION {
            return Err(TranslateError::Dimension(n));
        }
        let (mut builder, f) = if objective.name == "formula" { typed(sources)? } else { catalogued(sources)? };
        let variables: Vec<Place> = (0..n).collect();
        let (gradient, hessian) = builder.derivatives(f, &variables);
        let slope = builder.program(&[&[f][..], &gradient].concat());
        let curvature = builder.program(&[&[f][..], &gradient, &hessian].concat());
        if curvature.operations.len() > MAX_OPERATIONS {
            return Err(TranslateError::TooLong(curvature.operations.len()));
        }
        let (loss, gradient) = (builder.program(&[f]), builder.program(&gradient));
        Ok(Self { dimension: n, loss, gradient, slope, curvature })
    }
}

/// f of an objective of the catalogue. Its parameters are variables of the expression, those that
/// are no inputs put to their values.
fn catalogued(sources: Sources<'_>) -> Result<(Builder, Place), TranslateError> {
    let Sources { objective: spec, dimension: n, parameters } = sources;
    let no_closed_form = || TranslateError::NoClosedForm(spec.name.clone());
    let text = objective::expression(spec, n).ok_or_else(no_closed_form)?;
    let variables: Vec<String> = (1..=n).map(|i| format!("x{i}")).collect();
    let constants = spec.parameters.keys().map(String::as_str).filter(|key| !parameters.contains(key));
    let constants = constants.filter(|key| spec.optional(key).is_some());
    let names: Vec<&str> =
        variables.iter().map(String::as_str).chain(parameters.iter().copied()).chain(constants).collect();
    debug_assert!(names.len() <= MAX_VARIABLES);
    // Nobody has typed this one: what reads formulas may not have been fetched for it.
    flatland_engine::install_formulas();
    let formula = Formula::with_variables(&text, &names)?;
    let mut builder = Builder::new(n + parameters.len());
    let inputs: Vec<Place> = names
        .iter()
        .enumerate()
        .map(|(i, name)| if i < n + parameters.len() { i } else { builder.constant(spec.number(name)) })
        .collect();
    let f = builder.copy(formula.program(), &inputs)[0];
    Ok((builder, f))
}

/// f of a typed formula. Parameters that are inputs are made variables of it.
fn typed(sources: Sources<'_>) -> Result<(Builder, Place), TranslateError> {
    let text = sources.objective.text("expression");
    let formula = Formula::parse(text)?;
    let keys: Vec<&str> = sources.parameters.iter().map(|key| key.trim_start_matches("expression.")).collect();
    let inputs: Vec<Place> = (0..sources.dimension + keys.len()).collect();
    let mut builder = Builder::new(inputs.len());
    if keys.is_empty() {
        let f = builder.copy(formula.program(), &inputs)[0];
        return Ok((builder, f));
    }
    // What stands between the head f(x, y) = and the parameters.
    let body = text.split(';').next().unwrap_or_default();
    let body = body.split_once('=').map_or(body, |(_, body)| body);
    let others = formula.parameters.iter().filter(|parameter| !keys.contains(&parameter.name.as_str()));
    let others: String = others.map(|parameter| format!("; {} = {:?}", parameter.name, parameter.value)).collect();
    let names: Vec<&str> = formula.variables.iter().map(String::as_str).chain(keys).collect();
    let formula = Formula::with_variables(&format!("{body}{others}"), &names)?;
    let f = builder.copy(formula.program(), &inputs)[0];
    Ok((builder, f))
}
