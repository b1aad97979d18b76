//! The scenes of the Flatland paper (Galli et al., 2026, arXiv 2606.06722) as end states of runs on
//! handwritten digits.
//!
//! Four hidden layers of 64 ReLU units, 17 290 parameters, mean squared error over K = 10 classes,
//! searches with c = 10⁻⁴ and δ = ½. λ₁ is at least 2/K = 0.2; Flatland is where it is that, with
//! the loss of guessing, 0.09, and one of ten images right. Medians are over the last third of a
//! run, or 200 losses, since the nonmonotone searches bounce. Our seeds draw other weights than
//! NumPy's, so that only what holds for all of them is asserted, or for how many at least.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use flatland_engine::data::shelf;
use flatland_engine::network::{Network, Part};
use flatland_engine::{Descent, Experiment, Outcome};
use nalgebra::DVector;

const DIGITS: &[u8] = include_bytes!("../../static/data/digits.csv.gz");

/// λ₁ is found at every 25th step.
const EVERY: u64 = 25;

/// 2/K.
const FLOOR: f64 = 0.2;

/// The loss of guessing: (1/K)(1 − 1/K), a little less where classes are not equally many.
const GUESS: f64 = 0.09;

const LS: &str = r#"{"name":"line-search"}"#;
const NLS: &str = r#"{"name":"nonmonotone-line-search"}"#;
const CAPPED: &str = r#"{"name":"capped-nonmonotone-line-search"}"#;
const CDAT: &str = r#"{"name":"cdat","sigma":2.06}"#;

/// How much of the digits and how long.
#[derive(Clone, Copy)]
struct Scene {
    /// The training samples.
    samples: u32,

    /// s of the initialization ±s/√(fan in).
    scale: u32,

    steps: u64,
}

/// That of the reproduction.
const FULL: Scene = Scene { samples: 500, scale: 2, steps: 1500 };

/// A sixth of its cost.
const SHORT: Scene = Scene { samples: 200, scale: 2, steps: 600 };

/// A step at which λ₁ was found.
struct Row {
    step: u64,
    loss: f64,
    sharpness: f64,

    /// η·λ₁; none at the last step.
    product: Option<f64>,
    accuracy: f64,
}

impl Row {
    fn is_in_flatland(&self) -> bool {
        self.sharpness < 1.005 * FLOOR && self.accuracy < 0.15
    }
}

/// A run that is over.
struct Run {
    rows: Vec<Row>,
    losses: Vec<f64>,
    step_size: f64,
    test_accuracy: f64,
    outcome: Outcome,
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

impl Run {
    /// Runs it to its end; at every step that is looked at, λ₁ is at least 2/K. Values come from
    /// below, and within a part of 10⁻⁶ at residuals of 10⁻³.
    fn new(scene: Scene, policy: &str, seed: u64) -> Self {
        shelf::put("digits", DIGITS.to_vec()).unwrap();
        let Scene { samples, scale, steps } = scene;
        let document = format!(
            r#"{{"version":1,"objective":{{"name":"network","data":{{"name":"digits","samples":{samples}}},
                "hidden":[64,64,64,64],"activation":"relu","initialization":{{"name":"pytorch","scale":{scale}}}}},
                "runs":[{{"policy":{policy}}}],"steps":{steps},"seed":{seed},"spectrum":{{"every":{EVERY}}}}}"#
        );
        let mut descent = Descent::new(&Experiment::from_json(&document).unwrap(), 0).unwrap();
        let network = |descent: &Descent, of: &dyn Fn(&Network, &DVector<f64>) -> f64| {
            of(descent.objective().as_network().unwrap(), &DVector::from_column_slice(descent.iterate()))
        };
        let (mut rows, mut losses, mut step_size) = (Vec::new(), Vec::new(), f64::NAN);
        while let Some(record) = descent.advance() {
            losses.push(record.loss);
            step_size = record.step_size.unwrap_or(step_size);
            if record.step.is_multiple_of(EVERY) {
                let accuracy = network(&descent, &|network, x| network.accuracy(x, Part::Training));
                assert!(record.sharpness > FLOOR * (1.0 - 1e-5), "step {}: λ₁ {}", record.step, record.sharpness);
                let (step, loss, sharpness) = (record.step, record.loss, record.sharpness);
                rows.push(Row { step, loss, sharpness, product: record.product(), accuracy });
            }
        }
        let test_accuracy = network(&descent, &|network, x| network.accuracy(x, Part::Test));
        let outcome = descent.outcome().unwrap().clone();
        Self { rows, losses, step_size, test_accuracy, outcome }
    }

    /// The rows of the last third.
    fn end(&self) -> &[Row] {
        &self.rows[self.rows.len() - self.rows.len() / 3..]
    }

    /// The median of the last 200 steps.
    fn loss(&self) -> f64 {
        median(self.losses[self.losses.len().saturating_sub(200)..].iter().copied())
    }

    fn sharpness(&self) -> f64 {
        median(self.end().iter().map(|row| row.sharpness))
    }

    fn product(&self) -> f64 {
        median(self.end().iter().filter_map(|row| row.product))
    }

    /// The first step in Flatland.
    fn enters_flatland(&self) -> Option<u64> {
        self.rows.iter().find(|row| row.is_in_flatland()).map(|row| row.step)
    }
}

/// The short scene from a start that learns: each search ends where the paper says.
///
/// Medians of seed 0 (λ₁; loss; η·λ₁): LS 1.55; 7.5e-4; 1.55. NLS 0.240; 9.3e-3; 1.94. Capped
/// 0.254; 3.1e-4; 2.04. CDAT 0.69; 1.1e-3; 2.30.
#[test]
fn each_policy_ends_at_a_sharpness_of_its_own() {
    let [ls, nls, capped, cdat] = std::thread::scope(|scope| {
        let start = |policy| scope.spawn(move || Run::new(SHORT, policy, 0));
        [LS, NLS, CAPPED, CDAT].map(start).map(|run| run.join().unwrap())
    });
    // Below 8, the cap's largest power of two, the edge is not flatter than 2/8.
    assert_eq!(capped.step_size, 8.0);
    assert!((0.249..0.26).contains(&capped.sharpness()), "{}", capped.sharpness());
    // Without a cap the sharpness falls further, and the loss bounces instead of falling.
    assert!(nls.sharpness() < 0.25 && nls.sharpness() < capped.sharpness(), "{}", nls.sharpness());
    assert!((8.0..2000.0).contains(&(nls.loss() / capped.loss())), "{}", nls.loss() / capped.loss());
    // Loss that must fall at every step leaves it sharp.
    assert!(ls.sharpness() > 5.0 * capped.sharpness(), "{}", ls.sharpness());
    assert!(ls.losses.windows(2).all(|pair| pair[1] <= pair[0]));
    // Beyond its edge at every step, yet sharper than the searches that grow.
    assert!(cdat.end().iter().filter_map(|row| row.product).all(|product| product > 2.0));
    assert!(cdat.sharpness() > 2.0 * capped.sharpness(), "{}", cdat.sharpness());
    for run in [ls, nls, capped, cdat] {
        assert!(run.test_accuracy > 0.87, "{}", run.test_accuracy);
        assert_eq!(run.enters_flatland(), None);
    }
}

/// The short scene from the start of seed 2, 23.6 sharp: NLS is in Flatland from step 25 on and
/// stays, while the cap keeps out of it and learns.
#[test]
fn without_a_cap_a_search_can_fall_into_flatland() {
    let [nls, capped] = std::thread::scope(|scope| {
        let start = |policy| scope.spawn(move || Run::new(SHORT, policy, 2));
        [NLS, CAPPED].map(start).map(|run| run.join().unwrap())
    });
    assert!(nls.rows[1..].iter().all(Row::is_in_flatland));
    assert!((nls.sharpness() - FLOOR).abs() < 1e-4, "{}", nls.sharpness());
    assert!(nls.losses[100..].iter().all(|loss| *loss > GUESS - 1e-3));
    assert!((nls.loss() - GUESS).abs() < 0.01 && nls.test_accuracy < 0.12, "{}", nls.loss());
    assert_eq!(capped.enters_flatland(), None);
    assert!(capped.loss() < GUESS / 3.0 && capped.test_accuracy > 0.8, "{}", capped.loss());
}

/// A linear warm-up to η = 9, where Flatland is stable and 2/η = 0.222 is little above it, from
/// PyTorch's own initialization.
fn warmup(horizon: u64, steps: u64, seed: u64) -> Run {
    let policy = format!(r#"{{"name":"warmup","eta":9,"horizon":{horizon}}}"#);
    Run::new(Scene { samples: 500, scale: 1, steps }, &policy, seed)
}

/// Within 50 steps it throws the run into Flatland; within 200 the same step is reached and the run
/// learns. All seeds from 0 to 4 do so, see the table below.
#[test]
fn a_hasty_warmup_falls_into_flatland_and_a_slow_one_learns() {
    let (hasty, slow) = std::thread::scope(|scope| {
        let slow = scope.spawn(|| warmup(200, 400, 0));
        ([0, 3].map(|seed| warmup(50, 200, seed)), slow.join().unwrap())
    });
    for run in hasty {
        assert!(run.enters_flatland().is_some_and(|step| step <= 150));
        let last = run.rows.last().unwrap();
        assert!(last.is_in_flatland() && (last.loss - GUESS).abs() < 1e-3, "{}", last.loss);
        assert!(run.test_accuracy < 0.12);
    }
    assert_eq!(slow.enters_flatland(), None);
    assert!(slow.rows.last().unwrap().accuracy > 0.99 && slow.test_accuracy > 0.9, "{}", slow.test_accuracy);
}

fn print(name: &str, seed: u64, run: &Run) {
    let flatland = run.enters_flatland().map_or("never".to_owned(), |step| step.to_string());
    println!(
        "{name:6} {seed}: λ₁ {:.4}, loss {:.1e}, η·λ₁ {:.3}, test {:.3}, last η {:.3}, Flatland {flatland}, {:?}",
        run.sharpness(),
        run.loss(),
        run.product(),
        run.test_accuracy,
        run.step_size,
        run.outcome
    );
}

/// The full scene for five seeds.
///
/// Of each: λ₁ in the last third, the median of the last 200 losses, the test accuracy.
///
/// | seed | LS | NLS | capped | CDAT |
/// |---|---|---|---|---|
/// | 0 | 1.36–1.39 8e-4 .948 | .229–.270 4e-3 .951 | .251–.253 3e-5 .955 | .26–.46 2e-2 .949 |
/// | 1 | 1.86–1.95 7e-4 .961 | .228–.238 6e-3 .965 | .250–.252 4e-5 .975 | .27–.53 1e-2 .936 |
/// | 2 | 2.21–2.28 9e-4 .959 | .2000 9e-2 .099 | .254–.353 2e-3 .932 | .26–.38 1e-2 .942 |
/// | 3 | 3.53–3.62 2e-3 .961 | .228–.247 6e-3 .952 | .251–.254 1e-4 .968 | .26–.41 2e-2 .934 |
/// | 4 | 1.81–1.87 9e-4 .961 | .248–1.27 1e-2 .944 | .251–.252 1e-5 .960 | .25–.36 2e-2 .951 |
///
/// NLS is in Flatland for seed 2, from step 50 to the end; it bounces out of its valley for seed
/// 4, and is the flattest for the others. Its loss is 47 to 1200 times that of the capped search,
/// whose last step is 8 for all seeds, and which is still restless for seed 2.
#[test]
#[ignore = "takes minutes; prints the table of five seeds"]
fn five_seeds_of_the_full_scene() {
    let (mut flatter, mut in_flatland, mut learned) = (0, 0, 0);
    for seed in 0..5 {
        let [ls, nls, capped, cdat] = [LS, NLS, CAPPED, CDAT].map(|policy| Run::new(FULL, policy, seed));
        for (name, run) in [("LS", &ls), ("NLS", &nls), ("capped", &capped), ("CDAT", &cdat)] {
            print(name, seed, run);
        }
        flatter += u32::from([&ls, &capped, &cdat].iter().all(|other| nls.sharpness() < other.sharpness()));
        in_flatland += u32::from(nls.enters_flatland().is_some());
        learned += u32::from((0.249..0.256).contains(&capped.sharpness()) && capped.loss() < 1e-3);
        assert_eq!(capped.step_size, 8.0);
        assert!(capped.test_accuracy >= 0.93 && ls.test_accuracy >= 0.93);
        assert!((8.0..2000.0).contains(&(nls.loss() / capped.loss())), "{}", nls.loss() / capped.loss());
        assert!(ls.sharpness() > 2.0 * [&nls, &capped, &cdat].map(Run::sharpness).into_iter().fold(0.0, f64::max));
        assert!(cdat.end().iter().filter_map(|row| row.product).all(|product| product > 2.0));
        assert!([&ls, &capped, &cdat].iter().all(|run| run.enters_flatland().is_none()));
    }
    assert!(flatter >= 4 && in_flatland >= 1 && learned >= 4, "{flatter} {in_flatland} {learned}");
}

/// Hasty: in Flatland from step 100 (seed 2: 125), with the loss of guessing, 0.0897 to 0.0900;
/// test accuracy .093 to .098. Slow: never there; all but seed 4 have every training image right at
/// step 400, and test accuracies of .884 to .967.
#[test]
#[ignore = "takes minutes; prints the table of five seeds"]
fn five_seeds_of_the_warmups() {
    for seed in 0..5 {
        let (hasty, slow) = (warmup(50, 200, seed), warmup(200, 400, seed));
        print("hasty", seed, &hasty);
        print("slow", seed, &slow);
        assert!(hasty.enters_flatland().is_some() && slow.enters_flatland().is_none());
        assert!((hasty.rows.last().unwrap().loss - GUESS).abs() < 1e-3 && slow.test_accuracy > 0.85);
    }
}
