//! Pinned points: two runs that are compared.

use flatland_engine::Experiment;

/// Pins at the most.
pub const MOST: usize = 2;

/// A pinned point.
#[derive(Clone)]
pub struct Pin {
    /// Its numbers across and up.
    pub at: [f64; 2],
    /// How its run fared, in words.
    pub words: String,
    /// Its experiment.
    pub experiment: Experiment,
    /// Which run of it.
    pub run: usize,
}

/// One experiment with the runs of two pins. Runs of an experiment have their start, objective and
/// budget in common.
///
/// # Errors
///
/// In words, if they have not.
pub fn side_by_side(a: &Pin, b: &Pin) -> Result<Experiment, String> {
    let (mut both, other) = (a.experiment.clone(), b.experiment.clone());
    let common = |experiment: &Experiment| Experiment { runs: Vec::new(), ..experiment.clone() };
    if common(&both) != common(&other) {
        return Err("Runs of the Lab begin at one start, on one objective: open A, and then B from here.".to_owned());
    }
    let label = |words: &str, name: &str| {
        let what = words.split(" · ").next().unwrap_or_default();
        Some(format!("{name}: {what}"))
    };
    let mut runs = [both.runs.swap_remove(a.run), other.runs[b.run].clone()];
    runs[0].label = label(&a.words, "A");
    runs[1].label = label(&b.words, "B");
    both.runs = runs.to_vec();
    Ok(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(eta: f64, start: f64) -> Pin {
        let json = format!(
            r#"{{"version":1,"objective":{{"name":"double-well"}},"start":[{start}],
                "runs":[{{"policy":{{"name":"polyak"}}}},{{"policy":{{"name":"constant","eta":{eta}}}}}]}}"#
        );
        let experiment = Experiment::from_json(&json).expect("valid").complete_and_check().expect("valid");
        Pin { at: [eta, start], words: format!("η = {eta} · chaotic"), experiment, run: 1 }
    }

    #[test]
    fn two_pins_with_one_start_are_two_runs() {
        let both = side_by_side(&pin(0.5, 0.3), &pin(1.5, 0.3)).expect("side by side");
        let etas: Vec<f64> = both.runs.iter().map(|run| run.policy.number("eta")).collect();
        assert_eq!(etas, [0.5, 1.5]);
        assert_eq!(both.runs[1].label.as_deref(), Some("B: η = 1.5"));
        assert!(both.complete_and_check().is_ok());
    }

    #[test]
    fn two_starts_are_two_experiments() {
        let why = side_by_side(&pin(0.5, 0.3), &pin(0.5, 0.4)).expect_err("two starts");
        assert!(why.contains("one start"));
    }
}
