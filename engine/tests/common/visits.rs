//! Random problems, and runs whose iterates can be looked at, for the property tests.

use flatland_engine::Outcome;
use flatland_engine::experiment::Spec;
use flatland_engine::objective::Objective;
use nalgebra::DVector;
use proptest::prelude::*;

use super::{Trace, experiment};

/// A few hundred roundings: what remains where a formula is evaluated in another order.
pub const ROUNDING: f64 = 1e-12;

pub fn problems() -> impl Strategy<Value = (Spec, Vec<f64>)> {
    let pair = || prop::collection::vec(-2.0..2.0, 2);
    prop_oneof![
        prop::collection::vec(0.1..20.0, 2)
            .prop_flat_map(move |curvatures| { (Just(Spec::new("quadratic").with("curvatures", curvatures)), pair()) }),
        (Just(Spec::new("double-well")), prop::collection::vec(-1.8..1.8, 1)),
        ((0.1..3.0).prop_map(|mu| Spec::new("scalar-factorization").with("mu", mu)), pair()),
        (Just(Spec::new("product")), prop::collection::vec(0.2..1.8, 4)),
        (Just(Spec::new("river")), pair()),
        (Just(Spec::new("rosenbrock")), pair()),
        (Just(Spec::new("himmelblau")), pair()),
        (Just(Spec::new("flatland-toy")), prop::collection::vec(-3.0..3.0, 3)),
        ((1.2..5.0).prop_map(|p| Spec::new("power").with("p", p)), pair()),
    ]
}

/// An iterate from which a step was taken.
pub struct Visit {
    pub x: DVector<f64>,
    pub gradient: DVector<f64>,
    pub gradient_norm_squared: f64,
    pub loss: f64,
    pub eta: f64,
    pub sharpness: f64,
    pub reference: f64,
    pub trials: u32,

    /// Function evaluations so far.
    pub evaluations: u64,
}

pub struct Run {
    pub objective: Box<dyn Objective>,
    pub visits: Vec<Visit>,
    pub outcome: Outcome,

    /// The last iterate.
    pub end: DVector<f64>,
}

impl Run {
    pub fn new((objective, start): (Spec, Vec<f64>), policy: Spec, steps: u64) -> Self {
        let experiment = experiment(objective, &start, policy, steps);
        let trace = Trace::of(&experiment);
        let objective = experiment.build_objective().expect("a valid objective");
        let end = DVector::from_column_slice(trace.last().1);
        let visits = trace.records.iter().zip(&trace.iterates).filter_map(|(record, x)| {
            let x = DVector::from_column_slice(x);
            let mut gradient = x.clone();
            objective.gradient(&x, &mut gradient);
            Some(Visit {
                gradient_norm_squared: gradient.norm_squared(),
                loss: record.loss,
                eta: record.step_size?,
                sharpness: record.sharpness,
                reference: record.reference.unwrap_or(f64::NAN),
                trials: record.trials,
                evaluations: record.evaluations.function,
                x,
                gradient,
            })
        });
        Self { visits: visits.collect(), objective, outcome: trace.outcome, end }
    }

    /// Whether the run stalled although one of the steps 2ʲ decreases the loss by more than
    /// rounding does: a search must not give up there, and a property of the steps that were taken
    /// says nothing about it.
    pub fn gave_up_early(&self) -> bool {
        let loss = self.objective.value(&self.end);
        let mut gradient = self.end.clone();
        self.objective.gradient(&self.end, &mut gradient);
        let rounding = 1e-11 * (loss.abs() + loss.abs().sqrt());
        let decreases = |eta: f64| loss - self.objective.value(&(&self.end - &gradient * eta)) > rounding;
        matches!(self.outcome, Outcome::Stalled { .. }) && (-60..=10).any(|j| decreases(2f64.powi(j)))
    }

    /// Whether f(x − ηg) ≤ R − cη‖g‖²; NaN and infinity do not.
    pub fn holds(&self, visit: &Visit, eta: f64, c: f64) -> bool {
        let loss = self.objective.value(&(&visit.x - &visit.gradient * eta));
        loss.is_finite() && loss <= visit.reference - eta * (c * visit.gradient_norm_squared)
    }

    /// Consecutive visits.
    pub fn pairs(&self) -> impl Iterator<Item = (&Visit, &Visit)> {
        self.visits.iter().zip(&self.visits[1.min(self.visits.len())..])
    }
}

#[track_caller]
pub fn close(found: f64, expected: f64) -> bool {
    found == expected || (found - expected).abs() <= ROUNDING * expected.abs()
}
