//! Checkpoints of a run: where it is changed, it goes on from the last one before that.
//!
//! One is kept each time that computing has taken another [`INTERVAL_MS`], so that going back to
//! any step takes about as long at the most. Each time they take more than [`MOST_BYTES`], or there
//! are more than [`MOST`], every other one is forgotten and the interval doubles.

use flatland_engine::experiment::{Experiment, FieldError};

use crate::recorder::Recorder;

/// What is computed between two checkpoints at first, in milliseconds.
const INTERVAL_MS: f64 = 500.0;
/// Bytes that the checkpoints of one run take at the most, but for one that is larger by itself.
const MOST_BYTES: usize = 64 << 20;
/// The most checkpoints of one run.
const MOST: usize = 64;

/// See the module's header.
pub struct Checkpoints {
    /// What is computed.
    experiment: Experiment,
    /// Which of its runs.
    index: usize,
    /// Steps, and runs as they stand after the records of these.
    kept: Vec<(u64, Recorder)>,
    most: usize,
    interval_ms: f64,
    /// Computed since the last one.
    since_ms: f64,
}

impl Checkpoints {
    /// For run `index` of an experiment with iterates of so many coordinates.
    pub fn new(experiment: Experiment, index: usize, dimension: usize) -> Self {
        let members = experiment.ensemble.map_or(1, |ensemble| ensemble.size);
        let vectors = (2 * experiment.spectrum.count + 12) * members;
        let bytes = size_of::<f64>() * dimension.max(1) * vectors as usize;
        let most = (MOST_BYTES / bytes).clamp(1, MOST);
        Self { experiment, index, kept: Vec::new(), most, interval_ms: INTERVAL_MS, since_ms: 0.0 }
    }

    /// Keeps a run as it stands after the record of a step, if its turn has come after another
    /// stretch of computing.
    pub fn keep(&mut self, step: u64, recorder: &Recorder, computed_ms: f64) {
        self.since_ms += computed_ms;
        if self.since_ms < self.interval_ms || recorder.outcome().is_some() {
            return;
        }
        self.since_ms = 0.0;
        if self.kept.len() >= self.most {
            self.interval_ms *= 2.0;
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place % 2 == 0
            });
        }
        self.kept.push((step, recorder.clone()));
    }

    /// The last checkpoint below row `from` whose past is also that of run `index` of `experiment`,
    /// as that run, with its step; later ones are forgotten. Nothing where there is none.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid.
    pub fn resume(
        &mut self,
        experiment: Experiment,
        index: usize,
        from: u64,
    ) -> Result<Option<(u64, Recorder)>, FieldError> {
        let is_shared = |step: u64| step < from && self.experiment.shares_past(self.index, &experiment, index, step);
        self.kept.truncate(self.kept.partition_point(|(step, _)| is_shared(*step)));
        let resumed = self.kept.last().map(|(step, recorder)| Ok((*step, recorder.branch(&experiment, index)?)));
        (self.experiment, self.index, self.since_ms) = (experiment, index, 0.0);
        resumed.transpose()
    }
}

#[cfg(test)]
mod tests {
    use flatland_engine::experiment::{Change, Spec};

    use super::*;

    fn experiment() -> Experiment {
        let json = r#"{"version":1,"objective":{"name":"river"},"steps":400,
            "runs":[{"policy":{"name":"constant","eta":0.1}},{"policy":{"name":"cdat"}}]}"#;
        Experiment::from_json(json).expect("valid")
    }

    /// Checkpoints of the first run of 200 steps that take so long each, and the run itself.
    fn computed(step_ms: f64, most: usize) -> (Checkpoints, Recorder) {
        let mut recorder = Recorder::new(&experiment(), 0).expect("valid");
        let mut checkpoints = Checkpoints { most, ..Checkpoints::new(experiment(), 0, 2) };
        for _ in 0..200 {
            let step = recorder.next_row().map(|(step, _)| step).expect("a row");
            checkpoints.keep(step, &recorder, step_ms);
        }
        (checkpoints, recorder)
    }

    #[test]
    fn they_are_half_a_second_apart_and_thinned() {
        let steps = |step_ms, most| computed(step_ms, most).0.kept.iter().map(|(step, _)| *step).collect::<Vec<_>>();
        assert_eq!(steps(25.0, 64), [19, 39, 59, 79, 99, 119, 139, 159, 179, 199]);
        let thinned = steps(500.0, 8);
        assert!(thinned.len() <= 8 && thinned.windows(2).all(|pair| pair[1] - pair[0] <= 64), "{thinned:?}");
        assert_eq!(Checkpoints::new(experiment(), 0, 2).most, MOST);
        // 14 vectors of 89 610 numbers.
        assert_eq!(Checkpoints::new(experiment(), 0, 89_610).most, 6);
    }

    #[test]
    fn a_changed_run_goes_on_from_the_last_one_before_its_change() {
        let mut changed = experiment();
        changed.runs[0].changes.push(Change { step: 150, policy: Spec::new("cdat") });
        let (mut checkpoints, _) = computed(25.0, 64);
        let (step, mut recorder) = checkpoints.resume(changed.clone(), 0, 150).expect("valid").expect("one");
        assert_eq!(step, 139);
        let mut anew = Recorder::new(&changed, 0).expect("valid");
        let skipped = (0..=step).filter(|_| anew.next_row().is_some()).count();
        assert_eq!(skipped, 140);
        loop {
            let [one, other] = [&mut recorder, &mut anew].map(|recorder| {
                recorder.next_row().map(|(step, row)| (step, row.map(f64::to_bits).collect::<Vec<_>>()))
            });
            assert_eq!(one, other);
            if one.is_none() {
                break;
            }
        }
        // Those after the change were of another run, and those before it serve again.
        assert_eq!(checkpoints.kept.last().map(|(step, _)| *step), Some(139));
        assert_eq!(checkpoints.resume(experiment(), 0, 100).expect("valid").map(|(step, _)| step), Some(99));
    }

    #[test]
    fn another_run_has_no_past_to_share() {
        for (other, index) in [
            (experiment(), 1),
            (Experiment { seed: 1, ..experiment() }, 0),
            (Experiment { start: vec![0.5, 0.5], ..experiment() }, 0),
        ] {
            let (mut checkpoints, _) = computed(25.0, 64);
            assert!(checkpoints.resume(other, index, 150).expect("valid").is_none());
            assert!(checkpoints.kept.is_empty());
        }
    }
}
