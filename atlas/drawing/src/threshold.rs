//! Where the edge of stability lies in a drawing, before any run is computed: η = 2/λ₁ at the start
//! in maps over η, and λ₁ = 2/η in diagrams of the sharpness.

use flatland_atlas::bifurcation::{Diagram, Quantity};
use flatland_atlas::{Axis, Map};
use flatland_engine::Experiment;
use nalgebra::{DMatrix, DVector};

/// Points of a curve.
const POINTS: usize = 129;

/// Points of a curve one after the other, in shares of the sides from the left and from the bottom;
/// None where it is interrupted.
pub type Curve = Vec<Option<[f64; 2]>>;

/// The field of the step size of a run with a constant one; None for other policies, whose edge is
/// another one.
fn step_size(experiment: &Experiment, run: usize) -> Option<String> {
    let has_it = experiment.runs.get(run).is_some_and(|run| run.policy.name == "constant");
    has_it.then(|| format!("runs[{run}].policy.eta"))
}

/// In a map with η on one axis: η = 2/λ₁(x₀) over the other one, with the λ₁ of each start x₀.
/// Where λ₁ ≤ 0 no step size is beyond the edge.
pub fn of_map(map: &Map) -> Option<Curve> {
    let eta = step_size(&map.experiment, map.run)?;
    let is_across = map.x.field == eta;
    if !is_across && map.y.field != eta {
        return None;
    }
    let (etas, other) = if is_across { (&map.x, &map.y) } else { (&map.y, &map.x) };
    let point = |share: f64| {
        let (middle, number) = (etas.at(0.5), other.at(share));
        let (x, y) = if is_across { (middle, number) } else { (number, middle) };
        let sharpness = sharpness_at_start(&map.experiment_at(x, y).ok()?)?;
        let place = Some(etas.share(2.0 / sharpness)).filter(|place| sharpness > 0.0 && place.is_finite())?;
        Some(if is_across { [place, share] } else { [share, place] })
    };
    Some((0..POINTS).map(|i| point(i as f64 / (POINTS - 1) as f64)).collect())
}

/// In a diagram of the sharpness under a constant step: λ₁ = 2/η.
pub fn of_diagram(diagram: &Diagram) -> Option<Curve> {
    if diagram.quantity != Quantity::Sharpness {
        return None;
    }
    let field = step_size(&diagram.experiment, diagram.run)?;
    let up = Axis { field: String::new(), from: diagram.low, to: diagram.high, scale: flatland_atlas::Scale::Linear };
    let point = |share: f64| {
        let of_run = || diagram.experiment.runs[diagram.run].policy.number("eta");
        let eta = if diagram.x.field == field { diagram.x.at(share) } else { of_run() };
        Some([share, up.share(2.0 / eta)]).filter(|[_, place]| place.is_finite())
    };
    Some((0..POINTS).map(|i| point(i as f64 / (POINTS - 1) as f64)).collect())
}

fn sharpness_at_start(experiment: &Experiment) -> Option<f64> {
    if experiment.is_network() {
        // Its start is another one for each seed.
        return None;
    }
    let objective = experiment.build_objective().ok()?;
    let start = DVector::from_column_slice(&experiment.start);
    let sharpness = objective.sharpness(&start, &mut DMatrix::zeros(start.len(), start.len()));
    sharpness.is_finite().then_some(sharpness)
}

#[cfg(test)]
mod tests {
    use flatland_atlas::{Measure, Scale};

    use super::*;

    fn axis(field: &str, from: f64, to: f64) -> Axis {
        Axis { field: field.to_owned(), from, to, scale: Scale::Linear }
    }

    fn well(policy: &str) -> Experiment {
        let json = format!(
            r#"{{"version":1,"objective":{{"name":"double-well"}},"start":[0.3],"runs":[{{"policy":{policy}}}]}}"#
        );
        Experiment::from_json(&json).expect("valid")
    }

    /// f = (x² − 1)²/4 has f″ = 3x² − 1: the edge is at η = 2/(3x² − 1), and there is none where
    /// |x| ≤ 1/√3.
    #[test]
    fn the_edge_of_the_double_well_is_where_its_second_derivative_says() {
        let eta = "runs[0].policy.eta";
        let experiment = well(r#"{"name":"constant","eta":0.5}"#);
        for is_across in [true, false] {
            let (etas, starts) = (axis(eta, 0.01, 4.0), axis("start[0]", -2.0, 2.0));
            let (x, y) = if is_across { (etas.clone(), starts.clone()) } else { (starts.clone(), etas.clone()) };
            let curve = of_map(&Map::new(&experiment, 0, x, y, Measure::Outcome).expect("a map")).expect("a curve");
            let mut seen = [0, 0];
            for (i, point) in curve.iter().enumerate() {
                let start = starts.at(i as f64 / (POINTS - 1) as f64);
                let curvature = 3.0 * start * start - 1.0;
                seen[usize::from(point.is_some())] += 1;
                assert_eq!(point.is_some(), curvature > 0.0, "{start}");
                let Some([across, up]) = *point else { continue };
                let found = etas.at(if is_across { across } else { up });
                assert!((found - 2.0 / curvature).abs() < 1e-12 * (2.0 / curvature), "{start}: {found}");
            }
            assert!(seen[0] > 20 && seen[1] > 20);
        }
    }

    #[test]
    fn a_diagram_of_the_sharpness_has_the_curve_of_two_over_eta() {
        let experiment = well(r#"{"name":"constant","eta":0.5}"#);
        let diagram = |quantity| {
            Diagram::new(&experiment, 0, axis("runs[0].policy.eta", 0.5, 2.0), quantity, (0.0, 8.0), 10)
                .expect("a diagram")
        };
        let curve = of_diagram(&diagram(Quantity::Sharpness)).expect("a curve");
        assert_eq!((curve[0], curve[POINTS - 1]), (Some([0.0, 0.5]), Some([1.0, 0.125])));
        assert_eq!(of_diagram(&diagram(Quantity::Loss)), None);
    }

    #[test]
    fn other_policies_have_no_such_edge() {
        let experiment = well(r#"{"name":"heavy-ball","eta":0.5}"#);
        let map = Map::new(
            &experiment,
            0,
            axis("runs[0].policy.eta", 0.1, 1.0),
            axis("start[0]", 1.0, 2.0),
            Measure::Outcome,
        );
        assert_eq!(of_map(&map.expect("a map")), None);
    }
}
