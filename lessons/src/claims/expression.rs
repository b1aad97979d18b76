//! Numbers of a row, as claims write them: `2/eta`, `loss_1/100`, `x^2 + y^2`.

use flatland_engine::Experiment;
use flatland_engine::column::Column;
use flatland_engine::formula::Formula;

/// A quantity of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    Step,
    Loss,
    GradientNorm,
    Sharpness,
    StepSize,
    Threshold,
    Product,
    Reference,
    /// The loss evaluations, gradients and Hessian-vector products until there.
    Calls,
    /// A coordinate of the iterate, counted from 0.
    Coordinate(usize),
    /// A column that the experiment is to record.
    Column(Column),
}

/// Names of quantities that every experiment has.
const NAMES: [(Quantity, &str); 9] = [
    (Quantity::Step, "k"),
    (Quantity::Loss, "loss"),
    (Quantity::GradientNorm, "gradient"),
    (Quantity::Sharpness, "sharpness"),
    (Quantity::StepSize, "eta"),
    (Quantity::Threshold, "threshold"),
    (Quantity::Product, "product"),
    (Quantity::Reference, "reference"),
    (Quantity::Calls, "calls"),
];

/// Whose row is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The row that the claim is about.
    Own,
    /// The run's first one: `sharpness_start`.
    Start,
    /// The row before it: `loss_before`.
    Before,
    /// That of a run, counted from 0, at the same step, or its last: `loss_2`.
    Run(usize),
}

/// A quantity of somebody's row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    pub quantity: Quantity,
    pub whose: Whose,
}

/// See the module's header.
#[derive(Debug)]
pub struct Expression {
    formula: Formula,
    /// What the formula's variables are.
    pub terms: Vec<Term>,
}

/// Suffixes of a quantity at the start, and at the step before.
const START: &str = "start";
const BEFORE: &str = "before";

impl Expression {
    /// Reads an expression; the error says what was found.
    pub fn read(text: &str, experiment: &Experiment) -> Result<Self, String> {
        let (mut names, mut terms) = (Vec::new(), Vec::new());
        for name in names_in(text) {
            if let Some(term) = Term::named(name, experiment)
                && !names.contains(&name)
            {
                names.push(name);
                terms.push(term);
            }
        }
        // What is no quantity the formula's own reader knows, or complains of.
        let formula = Formula::with_variables(text.trim(), &names)
            .map_err(|error| format!("“{}”: {error}; quantities are {}", text.trim(), known(experiment)))?;
        Ok(Self { formula, terms })
    }

    /// Its value for the values of its terms.
    pub fn at(&self, values: &[f64]) -> f64 {
        self.formula.program().at(values)[0]
    }
}

impl Term {
    fn named(name: &str, experiment: &Experiment) -> Option<Self> {
        let own = |name: &str| quantity(name, experiment);
        if let Some(quantity) = own(name) {
            return Some(Self { quantity, whose: Whose::Own });
        }
        let (name, suffix) = name.rsplit_once('_')?;
        let whose = match suffix {
            START => Whose::Start,
            BEFORE => Whose::Before,
            number => {
                let run = number.parse::<usize>().ok()?.checked_sub(1)?;
                Whose::Run(run).only_if(run < experiment.runs.len())?
            }
        };
        Some(Self { quantity: own(name)?, whose })
    }
}

impl Whose {
    fn only_if(self, condition: bool) -> Option<Self> {
        condition.then_some(self)
    }
}

/// The quantity of a name.
fn quantity(name: &str, experiment: &Experiment) -> Option<Quantity> {
    let known = NAMES.iter().find(|(_, known)| *known == name).map(|(quantity, _)| *quantity);
    let coordinate = || coordinates(experiment).iter().position(|own| own == name).map(Quantity::Coordinate);
    known.or_else(coordinate).or_else(|| Column::find(name).map(Quantity::Column))
}

/// The coordinates' names in plain letters: x1 for x₁.
fn coordinates(experiment: &Experiment) -> Vec<String> {
    let plain = |c: char| match c {
        '₀'..='₉' => char::from_digit(u32::from(c) - u32::from('₀'), 10).unwrap_or(c),
        other => other,
    };
    experiment.variables().iter().map(|name| name.chars().map(plain).collect()).collect()
}

fn known(experiment: &Experiment) -> String {
    let names = NAMES.iter().map(|(_, name)| (*name).to_owned());
    let columns = Column::ALL.iter().map(|column| column.name().to_owned());
    names.chain(coordinates(experiment)).chain(columns).collect::<Vec<_>>().join(", ")
}

/// The names in an expression, but for those of functions.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(is_part)?;
        let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
        let name = &rest[start..end];
        rest = &rest[end..];
        Some((name, rest.starts_with('(')))
    })
    .filter(|(name, is_function)| !is_function && name.starts_with(|c: char| c.is_ascii_alphabetic()))
    .map(|(name, _)| name)
}
