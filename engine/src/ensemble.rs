//! Several starts of one run: how much of what is seen is the policy's, and how much this start's.
//!
//! All members have the run's policy, changes, stopping rules and seed. Member 0 starts where the
//! experiment says. Each other member starts there plus independent normal jitters with the
//! standard deviation `spread` in every coordinate. They are drawn member after member, so that a
//! larger ensemble holds the smaller one of the same seed. Where the start is drawn from the seed,
//! as the weights of a network are, member i has the seed plus i instead.
//!
//! What the members tell at iterate k, with one value each:
//!
//! - A member that goes on has the loss, λ₁ and product of its own iterate k.
//! - A member that has converged, stalled or used up its budget keeps those of its last iterate;
//!   for the product, which a last iterate does not have, that of the step before.
//! - A member that has diverged has the loss +∞, and neither λ₁ nor a product.
//!
//! Quartiles are of the values that are there, those of NaN left out, by linear interpolation
//! between the two nearest (definition 7 of Hyndman & Fan, 1996, The American Statistician 50(4);
//! the default of R and NumPy). They may be +∞ for the loss.

use crate::descent::{Descent, Outcome, Recording};
use crate::experiment::{EnsembleSpec, Experiment, FieldError, MAX_SEED};
use crate::objective::Objective;
use crate::random::Random;
use crate::spec::MAX_MAGNITUDE;

/// The quartiles of one quantity over the members; NaN where no member has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter of the members lie below.
    pub lower: f64,

    /// Half of the members lie below.
    pub median: f64,

    /// A quarter of the members lie above.
    pub upper: f64,
}

impl Quartiles {
    /// The names of the three, as columns end in them.
    pub const NAMES: [&str; 3] = ["q1", "median", "q3"];

    /// The quartiles of some values, those of NaN left out.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        Self::sorting(values.into_iter(), &mut Vec::new())
    }

    fn sorting(values: impl Iterator<Item = f64>, sorted: &mut Vec<f64>) -> Self {
        sorted.clear();
        for value in values.filter(|value| !value.is_nan()) {
            let place = sorted.partition_point(|smaller| *smaller <= value);
            sorted.insert(place, value);
        }
        let [lower, median, upper] = [0.25, 0.5, 0.75].map(|share| quantile(sorted, share));
        Self { lower, median, upper }
    }

    /// The three, from the lowest.
    #[must_use]
    pub fn to_array(self) -> [f64; 3] {
        [self.lower, self.median, self.upper]
    }
}

/// The members as experiments of their own, that from the experiment's own start first; the
/// experiment alone where it has no ensemble.
///
/// # Errors
///
/// If the experiment is not valid.
pub fn members(experiment: &Experiment) -> Result<Vec<Experiment>, FieldError> {
    Ok(spread_out(experiment.clone().complete_and_check()?))
}

/// The members of an experiment that is complete and valid.
fn spread_out(mut experiment: Experiment) -> Vec<Experiment> {
    let ensemble = experiment.ensemble.take();
    let mut members = vec![experiment.clone()];
    if let Some(EnsembleSpec { size, spread }) = ensemble {
        // No experiment has this seed, so that policies draw other numbers.
        let mut random = Random::new(!experiment.seed);
        for member in 1..size {
            // What draws its start from the seed has other seeds as members.
            if experiment.start.is_empty() {
                members.push(Experiment { seed: (experiment.seed + member) % (MAX_SEED + 1), ..experiment.clone() });
                continue;
            }
            let jittered = experiment.start.iter().map(|x| x + spread * random.normal());
            let start = jittered.map(|x| x.clamp(-MAX_MAGNITUDE, MAX_MAGNITUDE)).collect();
            members.push(Experiment { start, ..experiment.clone() });
        }
    }
    members
}

/// One run from several starts, advanced in lockstep; from one start alone where the experiment has
/// no ensemble.
#[derive(Clone)]
pub struct Ensemble {
    lead: Member,
    others: Vec<Member>,

    /// The values of one quantity in their order.
    sorted: Vec<f64>,
}

#[derive(Clone)]
struct Member {
    descent: Descent,

    /// Loss, λ₁ and product.
    values: [f64; 3],
}

impl Ensemble {
    /// Run number `run`, counted from 0, before its starts.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid or has no such run.
    pub fn new(experiment: &Experiment, run: usize) -> Result<Self, FieldError> {
        Self::of(experiment, members(experiment)?, |member| Descent::new(member, run))
    }

    /// Run number `run` of an experiment whose objective is given as a function: `make` gives it to
    /// each member, by its number.
    ///
    /// # Errors
    ///
    /// As [`Descent::with_objective`].
    pub fn with_objective(
        experiment: &Experiment,
        run: usize,
        make: impl Fn(usize) -> Box<dyn Objective>,
        recording: Recording,
    ) -> Result<Self, FieldError> {
        let members = spread_out(experiment.clone().complete_and_check_given(make(0).dimension())?);
        let mut numbers = 0..;
        let mut objective = || make(numbers.next().unwrap_or(0));
        Self::of(experiment, members, |member| Descent::with_objective(member, run, objective(), recording))
    }

    #[inline(always)] // The page has one caller, and a budget.
    fn of(
        experiment: &Experiment,
        members: Vec<Experiment>,
        mut descent: impl FnMut(&Experiment) -> Result<Descent, FieldError>,
    ) -> Result<Self, FieldError> {
        let mut members = members.into_iter();
        let mut member = |experiment: &Experiment| Ok(Member { descent: descent(experiment)?, values: [f64::NAN; 3] });
        let lead = member(&members.next().unwrap_or_else(|| experiment.clone()))?;
        let others = members.map(|other| member(&Experiment { columns: Vec::new(), ..other }));
        Ok(Self { lead, others: others.collect::<Result<_, _>>()?, sorted: Vec::new() })
    }

    /// A copy of all members as they stand that go on as those of run number `run` of `experiment`,
    /// see [`Descent::branch`].
    ///
    /// # Errors
    ///
    /// If the experiment is not valid or has no such run.
    pub fn branch(&self, experiment: &Experiment, run: usize) -> Result<Self, FieldError> {
        let branch =
            |member: &Member| Ok(Member { descent: member.descent.branch(experiment, run)?, values: member.values });
        let others = self.others.iter().map(branch).collect::<Result<_, _>>()?;
        Ok(Self { lead: branch(&self.lead)?, others, sorted: Vec::new() })
    }

    /// Moves every member to its next iterate, at first to its start. Whether member 0 has a new
    /// record, which its [`Descent::record`] then is; false once it has an outcome.
    pub fn advance(&mut self) -> bool {
        let is_new = self.lead.advance();
        if is_new {
            self.others.iter_mut().for_each(|member| _ = member.advance());
        }
        is_new
    }

    /// Member 0, which starts where the experiment says.
    #[must_use]
    pub fn lead(&self) -> &Descent {
        &self.lead.descent
    }

    /// Whether there are other members.
    #[must_use]
    pub fn is_plural(&self) -> bool {
        !self.others.is_empty()
    }

    /// The iterates of the members, member 0 first.
    pub fn iterates(&self) -> impl Iterator<Item = &[f64]> {
        [&self.lead].into_iter().chain(&self.others).map(|member| member.descent.iterate())
    }

    /// The quartiles of the loss, of λ₁ and of the product at the iterate of the last record.
    pub fn quartiles(&mut self) -> [Quartiles; 3] {
        [0, 1, 2].map(|quantity| {
            let members = [&self.lead].into_iter().chain(&self.others);
            Quartiles::sorting(members.map(|member| member.values[quantity]), &mut self.sorted)
        })
    }
}

impl Member {
    fn advance(&mut self) -> bool {
        if !self.descent.go_on() {
            return false;
        }
        let record = self.descent.record();
        let product = record.product().unwrap_or(self.values[2]);
        self.values = match self.descent.outcome() {
            Some(Outcome::Diverged { .. }) => [f64::INFINITY, f64::NAN, f64::NAN],
            _ => [record.loss, record.sharpness, product],
        };
        true
    }
}

/// The value below which this share of the sorted values lies, interpolated.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = share * last as f64;
    let below = place as usize;
    let (low, high) = (sorted[below], sorted[last.min(below + 1)]);
    let part = place - below as f64;
    // Apart from speed, this keeps infinities from becoming NaN.
    if part == 0.0 || low == high { low } else { low + part * (high - low) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `quantile(c(…), type = 7)` of R for a list that was worked by hand: places 0.75, 1.5 and
    /// 2.25 of 0 to 3.
    #[test]
    fn quantiles_are_interpolated() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!([0.25, 0.5, 0.75].map(|share| quantile(&sorted, share)), [1.75, 3.0, 5.0]);
        assert_eq!([0.25, 0.5, 0.75].map(|share| quantile(&[7.0], share)), [7.0; 3]);
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn infinite_values_are_the_largest_and_never_make_nan() {
        let sorted = [1.0, 2.0, f64::INFINITY, f64::INFINITY, f64::INFINITY];
        assert_eq!([0.25, 0.5, 0.75].map(|share| quantile(&sorted, share)), [2.0, f64::INFINITY, f64::INFINITY]);
        assert_eq!(quantile(&[1.0, f64::INFINITY], 0.25), f64::INFINITY);
        assert_eq!(quantile(&[1.0, f64::INFINITY], 0.0), 1.0);
    }
}
