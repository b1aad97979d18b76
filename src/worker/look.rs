//! A closer look at an iterate: at one that the page sends, or at one that this worker keeps.

use flatland_engine::{experiment::Experiment, objective::Objective};

use crate::{
    networks,
    probe::{Picture, Probe, Subject},
    scene::close,
};

/// Asks the engine what a probe wants to know.
///
/// # Errors
///
/// If the experiment is not valid, or what it takes to look has not been fetched.
pub fn answer(probe: &Probe) -> Result<Picture, String> {
    let experiment = Experiment::from_json(&probe.experiment).map_err(|error| error.to_string())?;
    let objective = experiment.build_objective().map_err(|error| error.to_string())?;
    let seen = look(&*objective, probe.subject, &probe.point, &probe.others, probe.eta);
    seen.ok_or_else(|| "this cannot be looked at here".to_owned())
}

/// Looks at an iterate of an objective. `others` are iterates to be projected on a slice, `eta` is
/// the step size there. Nothing is seen where what it takes has not been fetched, and of what only
/// networks have where the objective is none.
pub fn look(objective: &dyn Objective, subject: Subject, point: &[f64], others: &[f64], eta: f64) -> Option<Picture> {
    if subject.is_of_networks() {
        let (network, networks) = (objective.as_network()?, networks::fetched()?);
        return Some(Picture::Network((networks.look)(network, point, subject)));
    }
    (close::fetched()?.look)(objective, subject, point, others, eta)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(subject: Subject) -> Probe {
        pollster::block_on(close::fetch()).expect("in one piece");
        let experiment = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1,10]},"start":[2,1],
            "runs":[{"policy":{"name":"constant","eta":0.15}}]}"#;
        let others = vec![2.0, 1.5, 2.0, 0.5];
        Probe { id: 1, experiment: experiment.to_owned(), subject, point: vec![2.0, 1.0], others, eta: 0.15 }
    }

    #[test]
    fn a_slice_has_its_numbers_and_a_segment_its_crossing() {
        let Ok(Picture::Slice(slice)) = answer(&probe(Subject::Eigenvector)) else { panic!("a slice") };
        assert_eq!((slice.curvature, &slice.places[..]), (10.0, &[0.5, -0.5][..]));
        let Ok(Picture::Segment(profile)) = answer(&probe(Subject::Segment)) else { panic!("a segment") };
        assert_eq!(profile.sharpness, 10.0);
        // ‖Hg‖/‖g‖ with g = (2, 10).
        let expected = 2.0 * (104.0_f64 / 10_004.0).sqrt();
        assert!((profile.crossing.expect("one") / expected - 1.0).abs() < 1e-12);
        assert!(profile.steps[0] <= 1.5e-4 && profile.steps.last().is_some_and(|step| *step >= 1.5));
    }

    #[test]
    fn a_wrong_experiment_is_refused_in_words() {
        let wrong = Probe { experiment: "{}".to_owned(), ..probe(Subject::Segment) };
        assert!(answer(&wrong).is_err_and(|message| !message.is_empty()));
    }
}
