//! Line searches of many runs side by side: every run tries its own next step, until all have
//! decided.

use super::Cohort;
use crate::program::lanes::{LANES, Lane};
use crate::rule::{ETA_MIN, Growth, MAX_ARMIJO_TRIALS, MAX_TRIALS, Search};

/// Where the search of one run stands.
#[derive(Clone, Copy, Debug)]
struct Stand {
    /// The step to try next.
    eta: f64,

    /// The step that held last; NaN as long as none has.
    held: f64,

    /// Trials of the search that is going on; growing starts a new one.
    trials: u32,

    cuts: u32,
    is_done: bool,
}

impl Cohort<'_> {
    /// f at x − ηg, with each run's own η.
    fn trial_loss(&mut self, stands: &[Stand; LANES]) -> Lane {
        let results = self.results();
        for coordinate in 0..self.dimension {
            let g = self.here.lane(results[1 + coordinate]);
            let (x, point) = (&self.x[coordinate], self.trial.lane_mut(coordinate));
            for i in 0..LANES {
                point[i] = x[i] - stands[i].eta * g[i];
            }
        }
        for place in self.dimension..self.x.len() {
            *self.trial.lane_mut(place) = self.x[place];
        }
        let program = &self.closed.programs.loss;
        self.trial.run(program);
        *self.trial.lane(program.results[0])
    }

    /// Searches that begin with these first trials; runs that have ended take part in none.
    fn stands(&self, first: &Lane) -> [Stand; LANES] {
        std::array::from_fn(|i| Stand { eta: first[i], held: f64::NAN, trials: 0, cuts: 0, is_done: !self.is_alive[i] })
    }

    /// The steps of Armijo's backtracking; NaN where none is found.
    pub(super) fn armijo(&mut self, norm_squared: &Lane) -> Lane {
        let loss = *self.loss();
        let mut stands = self.stands(&self.slots[0]);
        while stands.iter().any(|stand| !stand.is_done) {
            let trial = self.trial_loss(&stands);
            for (i, stand) in stands.iter_mut().enumerate().filter(|(_, stand)| !stand.is_done) {
                stand.trials += 1;
                if trial[i] <= loss[i] - stand.eta * (self.slots[1][i] * norm_squared[i]) {
                    stand.held = stand.eta;
                    stand.is_done = true;
                } else {
                    stand.eta *= self.slots[2][i];
                    stand.is_done = stand.trials >= MAX_ARMIJO_TRIALS;
                }
            }
        }
        stands.map(|stand| stand.held)
    }

    /// The steps of a search of the Flatland paper from these first trials.
    pub(super) fn search(&mut self, search: Search, first: Lane, norm_squared: &Lane) -> Lane {
        let loss = *self.loss();
        let [delta, c, xi, cap] = [self.slots[0], self.slots[1], self.slots[3], self.slots[4]];
        let mut reference = [0.0; LANES];
        for i in (0..LANES).filter(|i| self.is_alive[*i]) {
            let old = xi[i] * self.memory.weight[i];
            self.memory.weight[i] = old + 1.0;
            self.memory.mean[i] = (old * self.memory.mean[i] + loss[i]) / self.memory.weight[i];
            reference[i] = self.memory.mean[i].max(loss[i]);
        }
        let is_capped = matches!(search.growth, Growth::OnceBelow | Growth::UpTo);
        let first: Lane = std::array::from_fn(|i| if is_capped { first[i].min(cap[i]) } else { first[i] });
        let mut stands = self.stands(&first);
        while stands.iter().any(|stand| !stand.is_done) {
            let trial = self.trial_loss(&stands);
            for (i, stand) in stands.iter_mut().enumerate().filter(|(_, stand)| !stand.is_done) {
                let holds = stand.eta.is_finite()
                    && trial[i].is_finite()
                    && trial[i] <= reference[i] - stand.eta * (c[i] * norm_squared[i]);
                if holds {
                    stand.hold(search.growth, first[i], delta[i], cap[i]);
                } else {
                    stand.fail(search, delta[i]);
                }
            }
        }
        stands.map(|stand| if stand.held.is_nan() { ETA_MIN } else { stand.held })
    }
}

impl Stand {
    /// The trial holds: it is taken, or a larger one is tried.
    fn hold(&mut self, growth: Growth, first: f64, delta: f64, cap: f64) {
        self.held = self.eta;
        self.trials = 0;
        let larger = match growth {
            _ if self.cuts > 0 => None,
            Growth::Never => None,
            Growth::Doubling => Some(self.held / 0.5),
            Growth::Unbounded => Some(self.held / delta),
            Growth::OnceBelow => (self.held == first && self.held / delta < cap).then_some(self.held / delta),
            Growth::UpTo => (self.held < cap).then_some((self.held / delta).min(cap)),
        };
        match larger {
            Some(larger) => self.eta = larger,
            None => self.is_done = true,
        }
    }

    /// The trial fails: a smaller one is tried, or the search ends.
    fn fail(&mut self, search: Search, delta: f64) {
        // From the cap a cut would not lead back to the step that holds.
        if search.growth == Growth::UpTo && !self.held.is_nan() {
            self.is_done = true;
            return;
        }
        self.trials += 1;
        self.cuts += 1;
        self.eta *= delta;
        if self.trials >= MAX_TRIALS || (search.stops_at_eta_min && self.eta < ETA_MIN) {
            self.is_done = true;
        }
    }
}
