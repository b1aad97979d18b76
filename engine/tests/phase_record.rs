//! Some thousand random runs of every objective: no phase and no outcome contradicts the record it
//! is given for.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)]

use flatland_engine::descent::{Limit, Outcome};
use flatland_engine::experiment::{RunSpec, Spec, Stop};
use flatland_engine::phase::{Phase, Watch};
use flatland_engine::{Descent, Experiment, Record, objective};
use nalgebra::{DMatrix, DVector};

/// At how many records in a row a phase must be contradicted: as many as a new one takes to be
/// believed.
const PATIENCE: usize = 3;

/// A product that a policy holds at 2 is on either side of it by this much.
const ROUNDING: f64 = 1e-9;

/// Runs of each objective.
const RUNS: u64 = 240;

/// Steps of each run.
const STEPS: u64 = 160;

/// Marsaglia's xorshift, from 0 to 1.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

struct Seen {
    record: Record,
    iterate: Vec<f64>,
    phase: Phase,
}

/// What is wrong with the last record's phase, if anything.
fn contradiction(seen: &[Seen]) -> Option<String> {
    let last = seen.last()?;
    let ago = |back: usize| &seen[seen.len() - 1 - back];
    let known = |count: usize| seen.len() >= count;
    let product = |back: usize| ago(back).record.product().unwrap_or(f64::NAN);
    let loss = |back: usize| ago(back).record.loss;
    let sharpness = |back: usize| ago(back).record.sharpness;
    // Long enough with one phase for it to have been taken back.
    let lasts = known(PATIENCE) && (0..PATIENCE).all(|back| ago(back).phase == last.phase);
    if !lasts || last.record.step_size.is_none() {
        return None;
    }
    let always = |holds: &dyn Fn(usize) -> bool| (0..PATIENCE).all(holds);
    match last.phase {
        Phase::ProgressiveSharpening if known(PATIENCE + 4) => {
            let falls = |back: usize| {
                sharpness(back) + sharpness(back + 1)
                    < sharpness(back + 2) + sharpness(back + 3) - 1e-9 * sharpness(back).abs()
            };
            always(&falls).then(|| format!("sharpening while λ₁ falls: {:?}", [0, 1, 2, 3, 4].map(sharpness)))
        }
        Phase::BelowTheEdge | Phase::ProgressiveSharpening if always(&|back| product(back) > 2.0 + ROUNDING) => {
            Some(format!("{} with the product at {}", last.phase, product(0)))
        }
        Phase::AboveTheEdge if always(&|back| product(back) <= 2.0 - ROUNDING) => {
            Some(format!("above the edge with the product at {}", product(0)))
        }
        Phase::EdgeOfStability if known(51) && (0..50).all(|back| loss(back) > loss(back + 1)) => {
            Some("the edge, with a loss that has grown for 50 steps".to_owned())
        }
        Phase::EdgeOfStability if known(32) => {
            // Below 2 all the time, and the gradient falls by a quarter every two dozen steps, at
            // each pair of them.
            let is_below = (0..30).all(|back| product(back) < 2.0);
            let gradient = |back: usize| ago(back).record.gradient_norm;
            let converges =
                (0..28).all(|back| loss(back) < loss(back + 2) && gradient(back) < 0.97 * gradient(back + 2));
            (is_below && converges).then(|| "the edge, with steady convergence below 2".to_owned())
        }
        Phase::Orbit(period) => {
            let period = period as usize;
            let size = last.iterate.iter().fold(f64::MIN_POSITIVE, |size, x| size.max(x.abs()));
            let gap = |back: usize| {
                let pairs = last.iterate.iter().zip(&ago(back).iterate);
                pairs.fold(0.0_f64, |gap, (a, b)| gap.max((a - b).abs()))
            };
            if gap(period) > 1e-6 * size {
                return Some(format!("an orbit of {period} that does not return"));
            }
            (gap(1) <= 1e-3 * size).then(|| format!("an orbit of {period} that does not move"))
        }
        Phase::Catapult => {
            let window = seen.len().min(24 + PATIENCE);
            let least = (0..window).map(loss).fold(f64::INFINITY, f64::min);
            let was_above = (0..window).any(|back| product(back) > 2.0);
            let is_high = (0..PATIENCE).any(|back| loss(back) > 3.0 * least);
            (!(was_above && is_high)).then(|| "a catapult without a throw".to_owned())
        }
        Phase::AtLastDigits => {
            let gap = (0..PATIENCE).map(|back| (loss(back) - loss(0)).abs()).fold(0.0, f64::max);
            (gap > 1e-12 * loss(0).abs()).then(|| "rounding, but the loss moves".to_owned())
        }
        _ => None,
    }
}

/// What is wrong with the end of a run, if anything: against nalgebra's own eigenvalues.
fn wrong_end(descent: &Descent, outcome: &Outcome, is_constant: bool, last: &Seen, eta: f64) -> Option<String> {
    let Outcome::Converged { to, .. } = outcome else { return None };
    let n = last.iterate.len();
    let mut hessian = DMatrix::zeros(n, n);
    descent.objective().hessian(&DVector::from_column_slice(&last.iterate), &mut hessian);
    if !hessian.iter().all(|entry| entry.is_finite()) {
        return None;
    }
    let values = hessian.symmetric_eigenvalues();
    let (least, largest) = (values.min(), values.max());
    let size = least.abs().max(largest.abs());
    // On a curve of minima, and a rounding beside it, an eigenvalue may be negative: there f
    // decides.
    let is_known = descent.objective().minimum().is_some_and(|minimum| last.record.loss - minimum <= 1e-9);
    let is_wrong = match to {
        Limit::Minimum | Limit::FlatMinimum => !is_known && least < -1e-6 * size,
        Limit::Saddle { .. } => !(least < 0.0 && largest > 0.0),
        Limit::Maximum { .. } => largest > 1e-6 * size,
        Limit::Plateau { .. } | Limit::Unknown => false,
    };
    if is_wrong {
        return Some(format!("{to} with eigenvalues {values:?}"));
    }
    let is_above = *to == Limit::Minimum && is_constant && last.record.step > 20 && eta * largest > 2.01;
    is_above.then(|| format!("a minimum was approached above 2, with η·λ₁ = {}", eta * largest))
}

#[test]
fn no_phase_and_no_outcome_contradicts_its_record() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let policies = [
        "constant",
        "constant",
        "nonmonotone-line-search",
        "line-search",
        "armijo",
        "cdat",
        "barzilai-borwein",
        "polyak",
        "normalized",
        "heavy-ball",
        "adgd",
        "cyclic",
    ];
    let (mut complaints, mut seen_phases) = (Vec::new(), std::collections::BTreeMap::<String, usize>::new());
    for entry in objective::catalogue() {
        for run in 0..RUNS {
            let name = policies[(random.next() * policies.len() as f64) as usize];
            let eta = entry.constant_step * random.between(-1.5, 0.8).exp();
            let policy = match name {
                "constant" | "normalized" | "heavy-ball" => Spec::new(name).with("eta", eta),
                _ => Spec::new(name),
            };
            let start: Vec<f64> = entry.default_start.iter().map(|x| x * random.between(0.5, 1.5)).collect();
            let mut experiment = Experiment::new(Spec::new(entry.description.name), vec![RunSpec::new(policy)]);
            (experiment.start, experiment.steps) = (start.clone(), STEPS);
            experiment.stop = Stop { gradient_norm: 1e-9, ..Stop::default() };
            let mut descent = Descent::new(&experiment, 0).unwrap();
            let mut tracker = Watch::new(start.len());
            let mut seen: Vec<Seen> = Vec::new();
            while let Some(record) = descent.advance() {
                let phase = tracker.see(&record, descent.iterate(), descent.outcome()).phase;
                *seen_phases.entry(phase.to_string()).or_default() += 1;
                seen.push(Seen { record, iterate: descent.iterate().to_vec(), phase });
                if let Some(what) = contradiction(&seen) {
                    complaints.push(format!(
                        "{} {name} {eta} from {start:?}, step {}: {what}",
                        entry.description.name, record.step
                    ));
                    break;
                }
            }
            if let (Some(outcome), Some(last)) = (descent.outcome(), seen.last()) {
                let what = wrong_end(&descent, outcome, name == "constant", last, eta);
                complaints
                    .extend(what.map(|what| format!("{} {name} {eta} run {run}: {what}", entry.description.name)));
            }
        }
    }
    assert!(
        complaints.is_empty(),
        "{} of them:\n{}",
        complaints.len(),
        complaints[..complaints.len().min(20)].join("\n")
    );
    // All that can be contradicted has been seen.
    for phase in [
        "progressive sharpening",
        "below the edge",
        "above the edge",
        "edge of stability",
        "catapult",
        "period-2 orbit",
    ] {
        assert!(seen_phases.get(phase).is_some_and(|count| *count > 50), "{phase}: {seen_phases:?}");
    }
}
