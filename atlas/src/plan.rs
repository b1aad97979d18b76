//! How a map is computed: which way, with everything that does not differ from pixel to pixel
//! prepared once.

use flatland_engine::Experiment;
use flatland_engine::experiment::{ParameterValue, Stop};
use flatland_engine::formula::Formula;

use crate::program::{Differentiated, Sources};
use crate::rule::Rule;
use crate::{MAX_DIMENSION, Map, Measure};

/// What a number on an axis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A coordinate of the start.
    Start(usize),

    /// An input of the objective's programs, counted after the variables.
    Input(usize),

    /// A slot of the rule.
    Slot(usize),
}

/// What cohorts and shaders need to know.
#[derive(Clone, Debug)]
pub struct Closed {
    /// The objective.
    pub programs: Differentiated,

    /// The policy.
    pub rule: Rule,

    /// The start.
    pub start: Vec<f64>,

    /// How many inputs the programs have after the variables.
    pub inputs: usize,

    /// What the axes set.
    pub targets: [Target; 2],

    /// The steps of a run.
    pub steps: u64,

    /// When it ends earlier.
    pub stop: Stop,
}

/// How pixels are computed.
#[derive(Clone, Debug)]
pub enum Way {
    /// Many at once, in closed form.
    Closed(Box<Closed>),

    /// One by one with the engine, and why not many at once.
    Engine(String),
}

/// A map that is ready to be computed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The map.
    pub map: Map,

    /// The way.
    pub way: Way,
}

impl Plan {
    /// Prepares a map.
    #[must_use]
    pub fn new(map: Map) -> Self {
        let way = match closed(&map) {
            Ok(closed) => Way::Closed(Box::new(closed)),
            Err(reason) => Way::Engine(reason),
        };
        Self { map, way }
    }

    /// The same map, computed by the engine whatever there is: what the other way is held against.
    #[must_use]
    pub fn with_engine(map: Map) -> Self {
        Self { map, way: Way::Engine("asked for".to_owned()) }
    }

    /// Whether second derivatives are needed at every step.
    #[must_use]
    pub fn needs_curvature(&self) -> bool {
        matches!(self.map.measure, Measure::Share | Measure::Lyapunov)
    }
}

fn closed(map: &Map) -> Result<Closed, String> {
    let Map { experiment, run, .. } = map;
    let spec = &experiment.runs[*run];
    if !spec.changes.is_empty() {
        return Err("the policy changes during the run".to_owned());
    }
    if experiment.stop.calls.is_some() {
        return Err("the run ends after a number of oracle calls".to_owned());
    }
    if experiment.is_network() {
        return Err("networks are trained by the engine alone".to_owned());
    }
    let objective = experiment.build_objective().map_err(|error| error.to_string())?;
    let rule = Rule::new(&spec.policy, objective.minimum())
        .ok_or_else(|| format!("the policy \"{}\" is followed by the engine alone", spec.policy.name))?;
    let mut parameters: Vec<&str> = Vec::new();
    let mut target = |path: &str| target(path, experiment, *run, &rule, &mut parameters);
    // The keys are borrowed from the experiment, which outlives the programs' making.
    let targets = [target(&map.x.field), target(&map.y.field)];
    let [Some(x), Some(y)] = targets else {
        let unknown = if targets[0].is_none() { &map.x.field } else { &map.y.field };
        return Err(format!("\"{unknown}\" is set by the engine alone"));
    };
    let sources =
        Sources { objective: &experiment.objective, dimension: experiment.start.len(), parameters: &parameters };
    let programs = Differentiated::new(sources).map_err(|error| error.to_string())?;
    Ok(Closed {
        programs,
        rule,
        start: experiment.start.clone(),
        inputs: parameters.len(),
        targets: [x, y],
        steps: experiment.steps,
        stop: experiment.stop,
    })
}

/// What a path names; a parameter of the objective is added to the inputs.
fn target<'a>(
    path: &str,
    experiment: &'a Experiment,
    run: usize,
    rule: &Rule,
    inputs: &mut Vec<&'a str>,
) -> Option<Target> {
    if let Some(index) = path.strip_prefix("start[").and_then(|rest| rest.strip_suffix(']')) {
        return Some(Target::Start(index.parse().ok()?));
    }
    if let Some(key) = path.strip_prefix(&format!("runs[{run}].policy.")) {
        return Some(Target::Slot(rule.slot(key)?));
    }
    let key = path.strip_prefix("objective.")?;
    let (key, value) = match key.strip_prefix("expression.") {
        None => experiment.objective.parameters.get_key_value(key)?,
        Some(name) => {
            // A parameter of the formula's text: its name lives in no map, so it is found in the
            // text.
            let (_, value) = experiment.objective.parameters.get_key_value("expression")?;
            let ParameterValue::Text(text) = value else { return None };
            let formula = Formula::parse(text).ok()?;
            let parameter = formula.parameters.iter().find(|parameter| parameter.name == name)?;
            let start = text[..parameter.place.start].rfind(name)?;
            inputs.push(&text[start..start + name.len()]);
            return Some(Target::Input(inputs.len() - 1));
        }
    };
    matches!(value, ParameterValue::Number(_)).then(|| {
        inputs.push(key.as_str());
        Target::Input(inputs.len() - 1)
    })
}

const _: () = assert!(MAX_DIMENSION <= flatland_engine::objective::MAX_DIMENSION);
