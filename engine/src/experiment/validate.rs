//! Filling in defaults and checking ranges.

use super::{
    Change, EnsembleSpec, Experiment, MAX_CHANGES, MAX_ENSEMBLE, MAX_LABEL_LENGTH, MAX_RUNS, MAX_SEED, MAX_STEPS,
    RunSpec, VERSION,
};
use crate::column::Column;
use crate::spec::{Bounds, ErrorKind, FieldError, Spec, check_length, check_number, complete_spec};
use crate::spectrum::Precision;
use crate::{objective, policy};

type Result<T> = std::result::Result<T, FieldError>;

pub(super) fn complete_and_check(mut experiment: Experiment) -> Result<Experiment> {
    check_version(experiment.version)?;
    let entry = objective_entry("objective.name", &experiment.objective.name)?;
    experiment.objective = complete_spec(&experiment.objective, entry.description, "objective")?;
    if experiment.start.is_empty() {
        experiment.start = entry.start_for(&experiment.objective);
    }
    entry.check_dimension(&experiment.objective, experiment.start.len())?;
    complete_and_check_rest(experiment)
}

/// The same of an experiment whose objective is given as a function of `dimension` variables.
pub(super) fn complete_and_check_given(experiment: Experiment, dimension: usize) -> Result<Experiment> {
    check_version(experiment.version)?;
    if experiment.objective.name != objective::GIVEN {
        let (expected, found) = ("none, since it is given as a function", format!("\"{}\"", experiment.objective.name));
        return Err(FieldError::new(ErrorKind::Unknown, "objective", expected, found, "leave one of them out"));
    }
    if experiment.start.is_empty() || experiment.start.len() != dimension {
        let expected = dimension.max(1).to_string();
        return Err(FieldError::dimension(objective::GIVEN, &expected, experiment.start.len()));
    }
    complete_and_check_rest(experiment)
}

fn check_version(version: u32) -> Result<()> {
    if version != VERSION {
        let remedy = format!("this engine writes version {VERSION}");
        let (expected, found) = (VERSION.to_string(), version.to_string());
        return Err(FieldError::new(ErrorKind::Version, "version", expected, found, remedy));
    }
    Ok(())
}

/// All fields but the version and the objective; how many numbers the start has is known to be
/// right.
#[inline(always)] // The page has one caller, and a budget.
fn complete_and_check_rest(experiment: Experiment) -> Result<Experiment> {
    let Experiment { version, objective, start, runs, steps, stop, ensemble, seed, columns, spectrum, window } =
        experiment;
    for (i, &x) in start.iter().enumerate() {
        check_number(format!("start[{i}]"), Bounds::ANY, x)?;
    }
    check_length("runs", runs.len(), 1, MAX_RUNS)?;
    let complete = |(i, run)| complete_run(&format!("runs[{i}]"), run);
    let runs = runs.into_iter().enumerate().map(complete).collect::<Result<_>>()?;
    check_number("steps", Bounds::closed(0.0, MAX_STEPS as f64), steps as f64)?;
    check_number("stop.gradient_norm", Bounds::NONNEGATIVE, stop.gradient_norm)?;
    // A loss may grow to any finite number before it counts as diverged.
    check_number("stop.loss", Bounds::above(0.0, f64::MAX), stop.loss)?;
    if let Some(calls) = stop.calls {
        check_number("stop.calls", Bounds::closed(1.0, MAX_SEED as f64), calls as f64)?;
    }
    if let Some(EnsembleSpec { size, spread }) = ensemble {
        check_number("ensemble.size", Bounds::closed(2.0, MAX_ENSEMBLE as f64), size as f64)?;
        check_number("ensemble.spread", Bounds::POSITIVE, spread)?;
    }
    check_number("seed", Bounds::closed(0.0, MAX_SEED as f64), seed as f64)?;
    if let Some((_, twice)) = columns.iter().enumerate().find(|(i, column)| columns[..*i].contains(column)) {
        let expected = "each column once";
        let found = format!("\"{}\" twice", twice.name());
        return Err(FieldError::new(ErrorKind::Duplicate, "columns", expected, found, "remove one of them"));
    }
    let columns = Column::ALL.into_iter().filter(|column| columns.contains(column)).collect();
    check_spectrum(spectrum)?;
    check_number("window", Bounds::closed(0.0, MAX_STEPS as f64), window as f64)?;
    Ok(Experiment { version, objective, start, runs, steps, stop, ensemble, seed, columns, spectrum, window })
}

fn check_spectrum(Precision { count, tolerance, every }: Precision) -> Result<()> {
    check_number("spectrum.count", Bounds::closed(1.0, Precision::MAX_COUNT as f64), count as f64)?;
    // Beyond, rounding in the products keeps a residual from falling.
    check_number("spectrum.tolerance", Bounds::closed(1e-12, 0.5), tolerance)?;
    check_number("spectrum.every", Bounds::closed(1.0, MAX_STEPS as f64), every as f64)
}

fn complete_run(path: &str, run: RunSpec) -> Result<RunSpec> {
    let RunSpec { policy, label, changes } = run;
    let policy = complete_policy(&format!("{path}.policy"), &policy)?;
    if let Some(label) = &label {
        let field = format!("{path}.label");
        check_length(&field, label.chars().count(), 1, MAX_LABEL_LENGTH)?;
    }
    let field = format!("{path}.changes");
    check_length(&field, changes.len(), 0, MAX_CHANGES)?;
    let mut last = 0;
    let complete = |(i, change): (usize, Change)| {
        let field = format!("{field}[{i}]");
        if change.step <= last {
            let (expected, found) = (format!("a step after {last}"), change.step.to_string());
            let remedy = "put the changes in the order of their steps";
            return Err(FieldError::new(ErrorKind::Order, format!("{field}.step"), expected, found, remedy));
        }
        check_number(format!("{field}.step"), Bounds::closed(1.0, MAX_STEPS as f64), change.step as f64)?;
        last = change.step;
        Ok(Change { step: change.step, policy: complete_policy(&format!("{field}.policy"), &change.policy)? })
    };
    let changes = changes.into_iter().enumerate().map(complete).collect::<Result<_>>()?;
    Ok(RunSpec { policy, label, changes })
}

/// The catalogue's entry for the objective called `name`, which stands in `field`.
pub(super) fn objective_entry(field: impl Into<String>, name: &str) -> Result<&'static objective::Entry> {
    let names = || {
        objective::catalogue()
            .iter()
            .chain(objective::networks())
            .map(|entry| entry.description.name)
            .collect::<Vec<_>>()
    };
    objective::find(name).ok_or_else(|| {
        // Where networks are not installed there is nothing to update.
        if name == objective::NETWORK {
            let remedy = "reload the page, which then fetches what networks need";
            return FieldError::new(ErrorKind::Unknown, field, "an objective at hand", "a network", remedy);
        }
        FieldError::unknown(field, "objective", name, &names())
    })
}

/// The catalogue's entry for the policy called `name`, which stands in `field`.
pub(crate) fn policy_entry(field: impl Into<String>, name: &str) -> Result<&'static policy::Entry> {
    let names = || policy::catalogue().iter().map(|entry| entry.description.name).collect::<Vec<_>>();
    policy::find(name).ok_or_else(|| FieldError::unknown(field, "policy", name, &names()))
}

fn complete_policy(path: &str, spec: &Spec) -> Result<Spec> {
    let entry = policy_entry(format!("{path}.name"), &spec.name)?;
    complete_spec(spec, entry.description, path)
}
