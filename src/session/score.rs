//! How each run has done up to the frontier: the numbers of the score table.
//!
//! Extremes and first passages are read off the pyramids of the series; only the two shares look at
//! every row, once.

use flatland_engine::column::Column;

use crate::{
    protocol::Quantity,
    session::{Session, history::History, series::Series},
};

/// Rows that the worst loss leaves out: the catapult of a large first step says little about the
/// method.
pub const SETTLING_STEPS: usize = 10;

/// What the levels are measured from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Floor {
    /// f*.
    pub value: f64,
    /// Whether it is the objective's infimum; if that is not known it is the least loss of all
    /// runs.
    pub is_known: bool,
}

/// When a run reached a level, and what it had paid by then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrival {
    /// The first step k with f(x_k) − f* at the level or below.
    pub step: u64,
    /// Evaluations of f, of ∇f and Hessian-vector products, together, spent on the steps that led
    /// there.
    pub calls: f64,
}

/// The scores of one run. None is what does not exist, such as a share of no steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The last loss, which need not be finite.
    pub final_loss: Option<f64>,
    /// The least loss.
    pub best_loss: Option<f64>,
    /// The greatest loss after step [`SETTLING_STEPS`].
    pub worst_loss: Option<f64>,
    /// For each level, when it was reached.
    pub arrivals: Vec<Option<Arrival>>,
    /// The share of steps with a product above 2, of those whose detail is kept.
    pub share_above: Option<f64>,
    /// The share of steps that did not lead to a loss at most as large, of those whose detail is
    /// kept.
    pub share_rising: Option<f64>,
    /// The last sharpness.
    pub final_sharpness: Option<f64>,
    /// The least sharpness.
    pub flattest: Option<f64>,
    /// The last share of test samples that are taken for what they are, if it is recorded.
    pub test_accuracy: Option<f64>,
}

/// What f* is for the runs of a session.
pub fn floor(session: &Session) -> Floor {
    let known = session.experiment().build_objective().ok().and_then(|objective| objective.minimum());
    match known {
        Some(value) => Floor { value, is_known: true },
        None => Floor { value: best(session), is_known: false },
    }
}

/// The least loss of all runs up to the frontier; infinite before there is one.
pub fn best(session: &Session) -> f64 {
    let rows = session.frontier() as usize + 1;
    let losses = session.runs().iter().map(|run| run.history.series(Quantity::Loss).bucket(0..rows).min);
    losses.fold(f64::INFINITY, f64::min)
}

/// The scores of every run up to the frontier, for these levels of f − f*.
pub fn scores(session: &Session, levels: &[f64], floor: Floor) -> Vec<Score> {
    let rows = session.frontier() as usize + 1;
    let experiment = session.experiment();
    // What is not measured at every step is known of the last one at which it was.
    let reach = experiment.spectrum.every as usize;
    let place = experiment.columns.iter().position(|column| *column == Column::TestAccuracy);
    let scores = session.runs().iter().map(|run| {
        let mut score = score(&run.history, rows, levels, floor.value);
        let rows = rows.min(run.history.len());
        let recent = |series: &Series| Some(series.bucket(rows.saturating_sub(reach)..rows).last);
        let accuracy = place.and_then(|place| recent(run.history.asked().get(place)?));
        score.test_accuracy = accuracy.filter(|value| value.is_finite());
        if reach > 1 {
            score.final_sharpness = recent(run.history.series(Quantity::Sharpness)).filter(|value| value.is_finite());
        }
        score
    });
    scores.collect()
}

fn score(history: &History, rows: usize, levels: &[f64], floor: f64) -> Score {
    let rows = rows.min(history.len());
    let (loss, sharpness) = (history.series(Quantity::Loss), history.series(Quantity::Sharpness));
    let some = |value: f64| value.is_finite().then_some(value);
    let last = rows.checked_sub(1);
    let final_loss = last.and_then(|row| loss.get(row));
    let later = loss.bucket(SETTLING_STEPS + 1..rows).max;
    Score {
        final_loss,
        best_loss: some(loss.bucket(0..rows).min),
        // A loss that is not finite is in no bucket, and always the last.
        worst_loss: match final_loss {
            Some(value) if !value.is_finite() && rows > SETTLING_STEPS + 1 => Some(value),
            _ => some(later),
        },
        arrivals: levels.iter().map(|level| arrival(history, rows, *level, floor)).collect(),
        share_above: share(history.series(Quantity::Product).kept(rows).filter(|p| !p.is_nan()), |p| p > 2.0),
        share_rising: {
            let next = loss.kept(rows).skip(1);
            share(loss.kept(rows).zip(next), |(now, next)| next > now || next.is_nan())
        },
        final_sharpness: last.and_then(|row| sharpness.get(row)).filter(|value| !value.is_nan()),
        flattest: some(sharpness.bucket(0..rows).min),
        test_accuracy: None,
    }
}

fn arrival(history: &History, rows: usize, level: f64, floor: f64) -> Option<Arrival> {
    let loss = history.series(Quantity::Loss);
    let is_reached = |rows: usize| loss.bucket(0..rows).min - floor <= level;
    if !is_reached(rows) {
        return None;
    }
    // The least loss so far only falls: the first row at the level is found by halving.
    let (mut too_few, mut enough) = (0, rows);
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        *(if is_reached(middle) { &mut enough } else { &mut too_few }) = middle;
    }
    let row = enough - 1;
    let calls = [Quantity::FunctionEvaluations, Quantity::GradientEvaluations, Quantity::HvpEvaluations];
    let paid = |row: usize| calls.iter().filter_map(|quantity| history.get(*quantity, row)).sum();
    Some(Arrival { step: row as u64, calls: row.checked_sub(1).map_or(0.0, paid) })
}

fn share<T>(items: impl Iterator<Item = T>, counts: impl Fn(T) -> bool) -> Option<f64> {
    let (all, some) = items.fold((0_u64, 0_u64), |(all, some), item| (all + 1, some + u64::from(counts(item))));
    (all > 0).then(|| some as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use flatland_engine::Experiment;

    use super::*;
    use crate::{
        protocol::{Batch, End, EndKind},
        recorder::Recorder,
        session::{MEMORY_BUDGET, series::CHUNK},
    };

    const LEVELS: [f64; 4] = [1.0, 1e-2, 1e-4, 1e-8];

    /// A session whose runs have been computed by the engine to their ends, and their rows.
    fn computed(json: &str) -> (Session, Vec<Vec<Vec<f64>>>) {
        let experiment = Experiment::from_json(json).expect("a valid experiment");
        let mut session = Session::new(experiment.clone());
        let mut all = Vec::new();
        for index in 0..experiment.runs.len() {
            let mut recorder = Recorder::new(&experiment, index).expect("a valid run");
            let mut rows: Vec<Vec<f64>> = Vec::new();
            while let Some((_, row)) = recorder.next_row() {
                rows.push(row.collect());
            }
            let columns = (0..rows[0].len()).flat_map(|column| rows.iter().map(move |row| row[column])).collect();
            let (run, coordinates) = (session.runs()[index].id, recorder.coordinates());
            session.absorb(&Batch { run, generation: 0, first: 0, rows: rows.len(), coordinates, columns });
            let end = End { kind: EndKind::Budget, step: rows.len() as u64 - 1, sentence: String::new() };
            session.end(run, 0, end);
            all.push(rows);
        }
        session.seek(u64::MAX);
        session.tick(0.0);
        (session, all)
    }

    const RIVER: &str = r#"{"version":1,"objective":{"name":"river"},"steps":700,"runs":[
        {"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"nonmonotone-line-search"}},
        {"policy":{"name":"constant","eta":300}},{"policy":{"name":"sharpness"}}]}"#;

    /// The same by the definitions, over every row.
    fn by_definition(rows: &[Vec<f64>], level: f64, floor: f64) -> (Option<(usize, f64)>, f64, f64) {
        let at = |row: usize, quantity: Quantity| rows[row][quantity as usize];
        let reached = (0..rows.len()).find(|row| at(*row, Quantity::Loss) - floor <= level);
        let calls = |row: usize| {
            at(row, Quantity::FunctionEvaluations)
                + at(row, Quantity::GradientEvaluations)
                + at(row, Quantity::HvpEvaluations)
        };
        let reached = reached.map(|row| (row, if row == 0 { 0.0 } else { calls(row - 1) }));
        let steps = (0..rows.len()).filter(|row| !at(*row, Quantity::Product).is_nan()).count();
        let above = (0..rows.len()).filter(|row| at(*row, Quantity::Product) > 2.0).count();
        let rises = (1..rows.len()).filter(|row| {
            let change = at(*row, Quantity::Loss) - at(row - 1, Quantity::Loss);
            change.is_nan() || change > 0.0
        });
        let rises = rises.count();
        (reached, above as f64 / steps as f64, rises as f64 / (rows.len() - 1) as f64)
    }

    #[test]
    fn scores_are_those_of_their_definitions() {
        let (session, all) = computed(RIVER);
        let floor = floor(&session);
        assert_eq!(floor, Floor { value: 0.0, is_known: true });
        for (score, rows) in scores(&session, &LEVELS, floor).iter().zip(&all) {
            let losses: Vec<f64> = rows.iter().map(|row| row[Quantity::Loss as usize]).collect();
            let sharpness: Vec<f64> = rows.iter().map(|row| row[Quantity::Sharpness as usize]).collect();
            let finite = |values: &[f64]| values.iter().copied().filter(|v| v.is_finite()).collect::<Vec<_>>();
            assert_eq!(score.final_loss, losses.last().copied());
            assert_eq!(score.best_loss, finite(&losses).into_iter().reduce(f64::min));
            assert_eq!(score.flattest, finite(&sharpness).into_iter().reduce(f64::min));
            let later = losses.get(SETTLING_STEPS + 1..).unwrap_or_default();
            assert_eq!(score.worst_loss, later.iter().copied().reduce(f64::max));
            assert_eq!(score.final_sharpness, sharpness.last().copied().filter(|value| !value.is_nan()));
            for (arrival, level) in score.arrivals.iter().zip(LEVELS) {
                let (reached, above, rising) = by_definition(rows, level, 0.0);
                assert_eq!(arrival.map(|a| (a.step as usize, a.calls)), reached, "level {level}");
                assert_eq!(score.share_above, Some(above));
                assert_eq!(score.share_rising, Some(rising));
            }
        }
    }

    #[test]
    fn a_constant_step_pays_one_gradient_for_each_step_to_a_level() {
        let (session, _) = computed(RIVER);
        let score = &scores(&session, &[0.1], floor(&session))[0];
        let arrival = score.arrivals[0].expect("the river is reached");
        assert!(arrival.step > 0);
        assert_eq!(arrival.calls, arrival.step as f64);
    }

    #[test]
    fn without_a_known_infimum_the_best_run_sets_the_floor() {
        let (session, _) = computed(
            r#"{"version":1,"objective":{"name":"formula","expression":"x^2 + 3"},"start":[1],"steps":60,
                "runs":[{"policy":{"name":"constant","eta":0.1}},{"policy":{"name":"constant","eta":0.3}}]}"#,
        );
        let floor = floor(&session);
        assert!(!floor.is_known && (floor.value - 3.0).abs() < 1e-12);
        let scores = scores(&session, &[1e-2], floor);
        let steps = |run: usize| scores[run].arrivals[0].map(|arrival| arrival.step);
        assert!(steps(1) < steps(0));
    }

    #[test]
    fn nothing_recorded_has_no_scores() {
        let session = Session::new(Experiment::from_json(RIVER).expect("valid"));
        let score = &scores(&session, &LEVELS, floor(&session))[0];
        assert_eq!((score.final_loss, score.share_above, score.share_rising), (None, None, None));
        assert_eq!(score.arrivals, [None; 4]);
    }

    /// A million steps of eight runs hold more than the page may; what is thinned must still be
    /// scored, and fast.
    #[test]
    fn scoring_a_long_run_looks_at_each_row_at_most_once() {
        let mut history = History::default();
        let rows = 2 * CHUNK;
        for first in (0..1_000_000_u64).step_by(rows) {
            let columns =
                (0..11).flat_map(|c| (0..rows).map(move |r| (first as f64 + r as f64 + 1.0).recip() + f64::from(c)));
            let columns = columns.collect();
            history.append(&Batch { run: 0, generation: 0, first, rows, coordinates: 0, columns });
        }
        assert!(history.bytes() < MEMORY_BUDGET);
        let before = std::time::Instant::now();
        let score = score(&history, history.len(), &LEVELS, 0.0);
        // Unoptimised and on a busy machine; the page takes a few milliseconds.
        assert!(before.elapsed().as_secs_f64() < 5.0);
        assert_eq!(score.arrivals[1].map(|arrival| arrival.step), Some(99));
        history.thin();
        let thinned = super::score(&history, history.len(), &LEVELS, 0.0);
        assert_eq!(thinned.best_loss, score.best_loss);
    }
}
